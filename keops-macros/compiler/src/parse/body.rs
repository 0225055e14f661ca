//! The body of a function: `let` bindings, then the result.

use super::Reported;
use super::cursor::{Cursor, place};
use super::expression::{Ends, give_up};
use super::foreign;
use super::helper::Helpers;
use super::limit::check_depth;
use super::operator::Operator;
use super::tree::{Reader, Tree};
use crate::ast::{Body, Let, Place};
use crate::error::Errors;
use crate::message::syntax::body;
use proc_macro2::{Delimiter, Group, TokenTree};

/// The body in these braces; `None` if a part of it that others may need could not be read.
pub(super) fn read(braces: &Group, helpers: &Helpers, errors: &mut Errors) -> Option<Body> {
    check_depth(braces, errors).ok()?;
    let mut reader = Reader::new(errors, helpers);
    let body = reader.body(braces)?;
    (!reader.too_large).then_some(body)
}

impl Reader<'_> {
    fn body(&mut self, braces: &Group) -> Option<Body> {
        let mut cursor = Cursor::inside(braces);
        if cursor.at_end() {
            self.refuse(place(&TokenTree::Group(braces.clone())), body::body_empty());
            return None;
        }
        let mut lets = Vec::new();
        let mut complete = true;
        while !cursor.at_end() {
            if cursor.is("#") && cursor.is_group_at(1, Delimiter::Bracket) {
                let hash = cursor.take_symbol();
                cursor.skip(1);
                self.refuse(hash.to(cursor.previous()), body::attribute());
                continue;
            }
            if cursor.is_word("let") {
                match self.binding(&mut cursor) {
                    Ok(binding) => lets.push(binding),
                    Err(Reported) => complete = false,
                }
                continue;
            }
            if let Some(place) = cursor.take(";") {
                self.refuse(place, body::semicolon_alone());
                continue;
            }
            if cursor.position() > 0 && continues(&cursor) {
                let fault = self.refuse(cursor.previous(), body::semicolon_inside());
                abandon(&mut cursor, fault);
                complete = false;
                continue;
            }
            if self.assignment(&mut cursor).is_err() {
                complete = false;
                continue;
            }
            let value = self.element(&mut cursor, Ends::Semicolon);
            let reported = value.is_error();
            let semicolon = cursor.take(";");
            if cursor.at_end() {
                if let Some(place) = semicolon.filter(|_| !reported) {
                    self.refuse(place, body::semicolon_after_result());
                }
                return complete.then_some(Body { lets, result: value.expr });
            }
            if !reported && !continues(&cursor) {
                self.refuse(value.expr.place, body::value_unused());
            }
        }
        if complete {
            self.refuse(cursor.here(), body::result_missing());
        }
        None
    }

    /// `let name = value;`
    fn binding(&mut self, cursor: &mut Cursor) -> Result<Let, Reported> {
        cursor.skip(1);
        let mutable = cursor.take_word("mut");
        let Some(name) = cursor.take_ident() else {
            let found = cursor.found();
            let fault = self.refuse(cursor.found_place(), body::let_name_expected(&found));
            return Err(abandon(cursor, fault));
        };
        if let Some(place) = mutable {
            self.refuse(place, body::let_mut(&name.to_string()));
        } else if let Some(message) = foreign::name_fault(&name.to_string()) {
            self.refuse(Place::of(name.span()), message);
        }
        if let Some(colon) = cursor.take(":") {
            cursor.skip_until(|cursor| cursor.is("=") || Ends::Semicolon.at(cursor));
            self.refuse(colon.to(cursor.previous()), body::let_type(&name.to_string()));
        }
        if cursor.take("=").is_none() {
            let fault = self.refuse(Place::of(name.span()), body::let_value_missing(&name.to_string()));
            return Err(abandon(cursor, fault));
        }
        let value = self.bound_value(cursor);
        let ended = cursor.take(";").is_some() || cursor.at_end();
        if !ended && !value.is_error() {
            self.refuse(cursor.previous(), body::semicolon_missing(&name.to_string()));
        }
        Ok(Let { name, value: value.expr })
    }

    /// The value of a binding. If it is followed by an operand and no statement ends after it, then the operand belongs
    /// to the result, and it is the `;` that is missing.
    fn bound_value(&mut self, cursor: &mut Cursor) -> Tree {
        let start = cursor.here();
        let read = self.expression(cursor).and_then(|tree| {
            let is_word = cursor.ident().is_some_and(|word| !foreign::is_keyword(&word.to_string()));
            if is_word && !cursor.is_statement_ahead() {
                Ok(tree)
            } else {
                self.ended(cursor, Ends::Semicolon, tree)
            }
        });
        read.unwrap_or_else(|Reported| give_up(cursor, Ends::Semicolon, start))
    }

    /// Refuses `name = value;` and `name += value;`.
    fn assignment(&mut self, cursor: &mut Cursor) -> Result<(), Reported> {
        let (Some(name), Some(symbol)) = (cursor.ident(), cursor.symbol_at(1)) else { return Ok(()) };
        if !foreign::is_assignment(symbol) {
            return Ok(());
        }
        let (start, message) = (cursor.here(), body::assignment(&name.to_string(), symbol));
        cursor.skip(1);
        let fault = self.refuse(start.to(cursor.found_place()), message);
        Err(abandon(cursor, fault))
    }
}

/// Whether the cursor is at an operator that needs a left operand, so that the expression before it was not over.
fn continues(cursor: &Cursor) -> bool {
    let operator = |symbol| Operator::of(symbol).is_some() || matches!(symbol, "^" | "**" | ".");
    cursor.symbol().is_some_and(|symbol| symbol != "-" && operator(symbol))
}

/// Goes on behind a statement that cannot be read.
fn abandon(cursor: &mut Cursor, fault: Reported) -> Reported {
    cursor.skip_until(|cursor| Ends::Semicolon.at(cursor));
    cursor.take(";");
    fault
}
