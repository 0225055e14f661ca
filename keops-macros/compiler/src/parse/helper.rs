//! Helpers, `fn gaussian(d2, s) = Exp(-d2 / s^2);`: expressions with parameters, written out wherever they are called.
//!
//! What is written out keeps its places, so that an error in a helper is on the helper's words; the outermost operation
//! has the place of the call. A helper knows its parameters and the helpers above it, so that nothing is ever written out
//! without end, and no name in it can mean something else where it is called.

use super::cursor::Cursor;
use super::expression::Ends;
use super::foreign;
use super::limit::check_depth;
use super::tree::{Reader, Tree};
use crate::ast::{Call, Expr, ExprKind, Place};
use crate::error::Errors;
use crate::message::names;
use crate::message::syntax::{declaration, expression::method_parentheses, helper as message};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

/// An expression with parameters.
struct Helper {
    name: Ident,
    /// Their names; of one that cannot be known, none.
    parameters: Vec<Ident>,
    /// The expression, in which other helpers are written out; `None` if something is wrong, which is reported.
    value: Option<Tree>,
}

/// The helpers of a block.
#[derive(Default)]
pub(super) struct Helpers {
    known: Vec<Helper>,
    /// The names of all, those that are not read yet included.
    names: Vec<String>,
    /// That which is being read.
    open: Option<String>,
}

/// Whether a helper comes next. What stands before `fn` is not looked at closer here.
pub(super) fn is_next(cursor: &Cursor) -> bool {
    head(cursor).is_some()
}

/// How many tokens the attributes take that come next.
fn attributes(cursor: &Cursor) -> usize {
    let mut at = 0;
    while cursor.symbol_at(at) == Some("#") && cursor.is_group_at(at + 1, Delimiter::Bracket) {
        at += 2;
    }
    at
}

/// The offset of the `fn` of a helper.
fn head(cursor: &Cursor) -> Option<usize> {
    let mut at = attributes(cursor);
    if cursor.is_word_at(at, "pub") {
        at += if cursor.is_group_at(at + 1, Delimiter::Parenthesis) { 2 } else { 1 };
    }
    let is_head = cursor.is_word_at(at, "fn")
        && cursor.is_ident_at(at + 1)
        && cursor.is_group_at(at + 2, Delimiter::Parenthesis)
        && cursor.symbol_at(at + 3) == Some("=");
    is_head.then_some(at)
}

/// Goes on behind a helper.
pub(super) fn pass(cursor: &mut Cursor) {
    cursor.skip(head(cursor).map_or(1, |at| at + 4));
    cursor.skip_until(|cursor| cursor.is(";") || cursor.is_word("fn") || cursor.is_word("pub"));
    cursor.take(";");
}

/// Reads all helpers of a block; functions between them are passed by.
pub(super) fn all(tokens: TokenStream, errors: &mut Errors) -> Helpers {
    let mut helpers = Helpers::default();
    let mut cursor = Cursor::new(tokens.clone());
    while !cursor.at_end() {
        if let Some(at) = head(&cursor) {
            cursor.skip(at + 1);
            helpers.names.extend(cursor.ident().map(Ident::to_string));
        }
        skip(&mut cursor);
    }
    let mut cursor = Cursor::new(tokens);
    while !cursor.at_end() {
        if is_next(&cursor) { helpers.read(&mut cursor, errors) } else { skip(&mut cursor) }
    }
    helpers
}

/// Goes on where a helper may start, if none starts here: behind all attributes at once, of which there may be thousands.
fn skip(cursor: &mut Cursor) {
    cursor.skip(attributes(cursor).max(1));
}

impl Helpers {
    /// Reads the helper that comes next.
    fn read(&mut self, cursor: &mut Cursor, errors: &mut Errors) {
        while let Some(hash) = cursor.take("#") {
            let is_doc =
                matches!(cursor.peek(), Some(TokenTree::Group(g)) if Cursor::inside(g).is_word("doc"));
            cursor.skip(1);
            if !is_doc {
                errors.push(hash.to(cursor.previous()), message::attribute());
            }
        }
        let visibility = cursor.take_word("pub").map(|place| {
            cursor.take_group(Delimiter::Parenthesis);
            place.to(cursor.previous())
        });
        cursor.skip(1);
        let (Some(name), Some(list)) = (cursor.take_ident(), cursor.take_group(Delimiter::Parenthesis))
        else {
            return;
        };
        let text = name.to_string();
        if let Some(place) = visibility {
            errors.push(place, message::visibility(&text));
        }
        let mut sound = true;
        let fault = match self.is_known(&text) {
            true => Some(declaration::function_repeated(&text)),
            false => foreign::name_fault(&text),
        };
        if let Some(fault) = fault {
            errors.push(Place::of(name.span()), fault);
            sound = false;
        }
        let parameters = parameters(&list, errors);
        cursor.skip(1);
        self.open = Some(text.clone());
        let value = self.value(cursor, &text, parameters.as_deref(), errors);
        self.open = None;
        let parameters = parameters.unwrap_or_default();
        self.known.push(Helper { name, parameters, value: value.filter(|_| sound) });
    }

    /// The expression of a helper, if all is well with it.
    fn value(
        &self,
        cursor: &mut Cursor,
        helper: &str,
        parameters: Option<&[Ident]>,
        errors: &mut Errors,
    ) -> Option<Tree> {
        let start = cursor.position();
        cursor.skip_until(|cursor| cursor.is(";") || cursor.is_word("fn") || cursor.is_word("pub"));
        let tokens = cursor.since(start).to_vec();
        if cursor.take(";").is_none() {
            errors.push(cursor.previous(), message::semicolon_missing(helper));
            return None;
        }
        check_depth(&tokens, errors).ok()?;
        let mut reader = Reader::new(errors, self);
        let mut inside = Cursor::new(tokens.into_iter().collect());
        let value = reader.element(&mut inside, Ends::Semicolon);
        let parameters = parameters?;
        let mut sound = !reader.too_large;
        value.expr.visit(&mut |e| match &e.kind {
            ExprKind::Name(name) if !parameters.contains(name) => {
                let known: Vec<String> = parameters.iter().map(Ident::to_string).collect();
                reader.refuse(e.place, message::unknown_name(&name.to_string(), helper, &known));
                sound = false;
            }
            ExprKind::Error => sound = false,
            _ => {}
        });
        sound.then_some(value)
    }

    /// Whether a helper of this name stands above.
    pub(super) fn is_known(&self, name: &str) -> bool {
        self.known.iter().any(|helper| helper.name == name)
    }
}

/// The parameters between the parentheses; `None` if one cannot be read.
fn parameters(list: &Group, errors: &mut Errors) -> Option<Vec<Ident>> {
    let mut cursor = Cursor::inside(list);
    let mut found: Vec<Ident> = vec![];
    let mut sound = true;
    while !cursor.at_end() {
        match cursor.take_ident() {
            None => {
                cursor.refuse(errors, message::parameter_expected(&cursor.found()));
                sound = false;
            }
            Some(name) => {
                let (place, text) = (Place::of(name.span()), name.to_string());
                if let Some(fault) = foreign::name_fault(&text) {
                    errors.push(place, fault);
                    sound = false;
                } else if found.contains(&name) {
                    errors.push(place, declaration::argument_repeated(&text));
                    sound = false;
                } else {
                    found.push(name);
                    let start = cursor.here();
                    if !cursor.is(",") && !cursor.at_end() {
                        cursor.skip_until(|cursor| cursor.is(","));
                        errors.push(start.to(cursor.previous()), message::parameter_kind(&text));
                    }
                }
            }
        }
        cursor.skip_until(|cursor| cursor.is(","));
        cursor.take(",");
    }
    sound.then_some(found)
}

impl Reader<'_> {
    /// A call: of an operation, or of a helper, which is written out.
    pub(super) fn called(&mut self, call: Call, place: Place, depth: usize) -> Tree {
        let name = call.name.to_string();
        if self.helpers.names.contains(&name) && !call.parentheses {
            self.refuse(Place::of(call.name.span()), method_parentheses(&name, true));
            return Tree::error(place);
        }
        if let Some(helper) = self.helpers.known.iter().find(|helper| helper.name == name) {
            return self.written_out(helper, call, place, depth);
        }
        if let Some(open) = self.helpers.open.as_ref().filter(|_| self.helpers.names.contains(&name)) {
            self.refuse(Place::of(call.name.span()), message::order(open, &name));
            return Tree::error(place);
        }
        self.nest(ExprKind::Call(call), place, depth)
    }

    fn written_out(&mut self, helper: &Helper, call: Call, place: Place, depth: usize) -> Tree {
        let Some(value) = &helper.value else { return Tree::error(place) };
        let parameters: Vec<String> = helper.parameters.iter().map(Ident::to_string).collect();
        let usage = format!("{}({})", helper.name, parameters.join(", "));
        if let Some((name, _)) = call.named.first() {
            self.refuse(Place::of(name.span()), message::named(&name.to_string(), &usage));
            return Tree::error(place);
        }
        let given: Vec<Expr> = call.receiver.map(|e| *e).into_iter().chain(call.arguments).collect();
        if given.len() != parameters.len() {
            let wanted = match parameters.len() {
                1 => "1 operand".to_string(),
                count => format!("{count} operands"),
            };
            self.refuse(place, names::operand_count(&helper.name.to_string(), &wanted, given.len(), &usage));
            return Tree::error(place);
        }
        let mut size = 0;
        value.expr.visit(&mut |e| {
            size += 1;
            if let ExprKind::Name(name) = &e.kind
                && let Some(k) = helper.parameters.iter().position(|parameter| parameter == name)
            {
                given[k].visit(&mut |_| size += 1);
            }
        });
        let argument = |name: &Ident| {
            helper.parameters.iter().position(|parameter| parameter == name).map(|k| &given[k])
        };
        // The size is known before anything is copied: helpers that call each other twice double it at each level.
        self.grown(size, place, value.depth + depth, || Expr { place, ..value.expr.with(&argument) })
    }
}
