//! Statements: `let` bindings, and values that change. All of them are bindings in the end: `sum += f;` is
//! `let sum = sum + f;`.

use super::Reported;
use super::cursor::Cursor;
use super::expression::{Ends, give_up};
use super::foreign;
use super::operator::Operator;
use super::repeat::pass_loop;
use super::tree::{Reader, Tree};
use crate::ast::{ExprKind, Factor, Let, Place, Sign};
use crate::message::syntax::{body, repeat};
use proc_macro2::{Delimiter, Ident};

impl Reader<'_> {
    /// The statement that comes next, if it is one and not an expression.
    pub(super) fn statement(&mut self, cursor: &mut Cursor, lets: &mut Vec<Let>) -> Result<bool, Reported> {
        if cursor.is("#") && cursor.is_group_at(1, Delimiter::Bracket) {
            let hash = cursor.take_symbol();
            cursor.skip(1);
            self.refuse(hash.to(cursor.previous()), body::attribute());
            return Ok(true);
        }
        if cursor.is_word("let") {
            lets.push(self.binding(cursor)?);
            return Ok(true);
        }
        if cursor.is_word("for") {
            self.repeat(cursor, lets)?;
            return Ok(true);
        }
        if let Some(place) = cursor.take(";") {
            self.refuse(place, body::semicolon_alone());
            return Ok(true);
        }
        if cursor.position() > 0 && continues(cursor) {
            let fault = self.refuse(cursor.previous(), body::semicolon_inside());
            return Err(abandon(cursor, fault));
        }
        match (cursor.ident().cloned(), cursor.symbol_at(1)) {
            (Some(name), Some(symbol)) if foreign::is_assignment(symbol) => {
                lets.push(self.assignment(cursor, name, symbol)?);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// `let name = value;`, `let mut name = value;`
    fn binding(&mut self, cursor: &mut Cursor) -> Result<Let, Reported> {
        cursor.skip(1);
        let mutable = cursor.take_word("mut").is_some();
        let Some(name) = cursor.take_ident() else {
            let found = cursor.found();
            let fault = self.refuse(cursor.found_place(), body::let_name_expected(&found));
            return Err(abandon(cursor, fault));
        };
        let text = name.to_string();
        if let Some(message) = foreign::name_fault(&text) {
            self.refuse(Place::of(name.span()), message);
        } else if self.scope.hides(&text) {
            self.refuse(Place::of(name.span()), repeat::hides(&text));
        }
        if let Some(colon) = cursor.take(":") {
            cursor.skip_until(|cursor| cursor.is("=") || Ends::Semicolon.at(cursor));
            self.refuse(colon.to(cursor.previous()), body::let_type(&text));
        }
        if cursor.take("=").is_none() {
            let fault = self.refuse(Place::of(name.span()), body::let_value_missing(&text));
            return Err(abandon(cursor, fault));
        }
        let value = self.bound_value(cursor, &text)?;
        self.scope.bind(&text, mutable);
        Ok(Let { name, value: value.expr })
    }

    /// The value of a binding, and its `;`. If it is followed by an operand and no statement ends after it, then the operand
    /// belongs to the result, and it is the `;` that is missing.
    fn bound_value(&mut self, cursor: &mut Cursor, name: &str) -> Result<Tree, Reported> {
        let start = cursor.here();
        if cursor.is_word("for") {
            let fault = self.refuse(start, body::loop_statement("for"));
            cursor.skip(1);
            pass_loop(cursor, fault);
            cursor.take(";");
            return Ok(Tree::error(start));
        }
        let read = self.expression(cursor).and_then(|tree| {
            let is_word = cursor.ident().is_some_and(|word| !foreign::is_keyword(&word.to_string()));
            if cursor.is(",") || is_word && !cursor.is_statement_ahead() {
                Ok(tree)
            } else {
                self.ended(cursor, Ends::Semicolon, tree)
            }
        });
        let value = read.unwrap_or_else(|Reported| give_up(cursor, Ends::Semicolon, start));
        if let Some(comma) = cursor.take(",") {
            let fault = self.refuse(comma, body::semicolon_missing(name));
            // What follows is the next statement, or the result; unless more was to be bound.
            let is_next = cursor.is_word("let") || cursor.is_word("for") || !cursor.is_statement_ahead();
            return if is_next { Ok(value) } else { Err(abandon(cursor, fault)) };
        }
        let ended = cursor.take(";").is_some() || cursor.at_end();
        if !ended && !value.is_error() {
            self.refuse(cursor.previous(), body::semicolon_missing(name));
        }
        Ok(value)
    }

    /// `name = value;`, `name += value;` and the like.
    fn assignment(&mut self, cursor: &mut Cursor, name: Ident, symbol: &str) -> Result<Let, Reported> {
        let (text, own) = (name.to_string(), Place::of(name.span()));
        cursor.skip(1);
        let place = own.to(cursor.found_place());
        let fault = match (self.scope.is_mutable(&text), symbol) {
            _ if self.scope.variable(&text).is_some() => Some(repeat::variable_changed(&text)),
            (None, _) => Some(repeat::not_bound(&text, symbol)),
            (Some(false), _) => Some(repeat::not_mutable(&text, symbol)),
            (_, "=" | "+=" | "-=" | "*=" | "/=") => None,
            _ => Some(repeat::operator(symbol, &text)),
        };
        if let Some(message) = fault {
            let fault = self.refuse(place, message);
            return Err(abandon(cursor, fault));
        }
        cursor.take_symbol();
        let value = self.bound_value(cursor, &text)?;
        let (place, depth) = (own.to(value.expr.place), value.depth);
        let before = self.nest(ExprKind::Name(name.clone()), own, 0);
        let (before, after) = (before.expr, value.expr);
        let kind = match symbol {
            "+=" => ExprKind::Sum(vec![(Sign::Plus, before), (Sign::Plus, after)]),
            "-=" => ExprKind::Sum(vec![(Sign::Plus, before), (Sign::Minus, after)]),
            "*=" => ExprKind::Product(vec![(Factor::Times, before), (Factor::Times, after)]),
            "/=" => ExprKind::Product(vec![(Factor::Times, before), (Factor::Over, after)]),
            _ => return Ok(Let { name, value: after }),
        };
        Ok(Let { name, value: self.node(kind, place, depth).expr })
    }
}

/// Whether the cursor is at an operator that needs a left operand, so that the expression before it was not over.
pub(super) fn continues(cursor: &Cursor) -> bool {
    let operator = |symbol| Operator::of(symbol).is_some() || matches!(symbol, "^" | "**" | ".");
    cursor.symbol().is_some_and(|symbol| symbol != "-" && operator(symbol))
}

/// Goes on behind a statement that cannot be read.
pub(super) fn abandon(cursor: &mut Cursor, fault: Reported) -> Reported {
    cursor.skip_until(|cursor| Ends::Semicolon.at(cursor));
    cursor.take(";");
    fault
}
