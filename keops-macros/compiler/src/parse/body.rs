//! The body of a function: statements, then the result.

use super::Reported;
use super::cursor::{Cursor, place};
use super::expression::Ends;
use super::helper::Helpers;
use super::limit::check_depth;
use super::scope::Scope;
use super::statement::continues;
use super::tree::Reader;
use crate::ast::{Argument, Body};
use crate::error::Errors;
use crate::message::syntax::body;
use proc_macro2::{Group, TokenTree};

/// The body in these braces; `None` if a part of it that others may need could not be read.
pub(super) fn inside(
    braces: &Group,
    arguments: &[Argument],
    helpers: &Helpers,
    errors: &mut Errors,
) -> Option<Body> {
    let mut cursor = Cursor::inside(braces);
    if cursor.at_end() {
        errors.push(place(&TokenTree::Group(braces.clone())), body::body_empty());
        return None;
    }
    read(&mut cursor, arguments, helpers, errors)
}

/// The body that all that follows is.
pub(super) fn read(
    cursor: &mut Cursor,
    arguments: &[Argument],
    helpers: &Helpers,
    errors: &mut Errors,
) -> Option<Body> {
    check_depth(cursor.ahead(), errors).ok()?;
    let mut reader = Reader::new(errors, helpers);
    reader.scope = Scope::new(arguments);
    let body = reader.body(cursor)?;
    (!reader.too_large).then_some(body)
}

impl Reader<'_> {
    fn body(&mut self, cursor: &mut Cursor) -> Option<Body> {
        let mut lets = Vec::new();
        let mut complete = true;
        while !cursor.at_end() {
            match self.statement(cursor, &mut lets) {
                Ok(true) => continue,
                Ok(false) => {}
                Err(Reported) => {
                    complete = false;
                    continue;
                }
            }
            let value = self.element(cursor, Ends::Semicolon);
            let reported = value.is_error();
            let semicolon = cursor.take(";");
            if cursor.at_end() {
                if let Some(place) = semicolon.filter(|_| !reported) {
                    self.refuse(place, body::semicolon_after_result());
                }
                return complete.then_some(Body { lets, result: value.expr });
            }
            if !reported && !continues(cursor) {
                self.refuse(value.expr.place, body::value_unused());
            }
        }
        if complete {
            self.refuse(cursor.here(), body::result_missing());
        }
        None
    }
}
