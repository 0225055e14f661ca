//! The arguments of a call: first those without a name, then those with one.

use super::cursor::Cursor;
use super::expression::Ends;
use super::tree::{Reader, Tree};
use crate::ast::{Expr, ExprKind, Place};
use crate::message::syntax::expression;
use proc_macro2::{Delimiter, Group, Ident, TokenTree};

/// Arguments without a name, arguments with one, and the depth of the deepest.
pub(super) type Arguments = (Vec<Expr>, Vec<(Ident, Expr)>, usize);

impl Reader<'_> {
    /// The arguments between the parentheses of a call.
    pub(super) fn arguments(&mut self, group: &Group) -> Arguments {
        let mut cursor = Cursor::inside(group);
        let (mut positional, mut named, mut depth) = (Vec::new(), Vec::<(Ident, Expr)>::new(), 0);
        while !cursor.at_end() {
            if self.lone_comma(&mut cursor) {
                continue;
            }
            let name = if cursor.symbol_at(1) == Some("=") { cursor.take_ident() } else { None };
            if name.is_some() {
                cursor.take_symbol();
            }
            let value = match self.empty_list(&mut cursor) {
                Some(list) => list,
                None => self.element(&mut cursor, Ends::Comma),
            };
            depth = depth.max(value.depth);
            match name {
                Some(name) => {
                    if named.iter().any(|(earlier, _)| *earlier == name) {
                        let message = expression::named_repeated(&name.to_string());
                        self.refuse(Place::of(name.span()), message);
                    } else {
                        named.push((name, value.expr));
                    }
                }
                None => {
                    if !named.is_empty() && !value.is_error() {
                        self.refuse(value.expr.place, expression::positional_after_named());
                    }
                    positional.push(value.expr);
                }
            }
            cursor.take(",");
        }
        (positional, named, depth)
    }

    /// `()` as a whole argument is a list of nothing, as Python writes it. What wants no list refuses it later.
    fn empty_list(&mut self, cursor: &mut Cursor) -> Option<Tree> {
        let ends = cursor.symbol_at(1) == Some(",") || cursor.peek_at(1).is_none();
        match cursor.peek() {
            Some(TokenTree::Group(group))
                if ends && group.delimiter() == Delimiter::Parenthesis && group.stream().is_empty() =>
            {
                cursor.skip(1);
                let place = cursor.previous();
                Some(self.nest(ExprKind::Tuple(vec![]), place, 0))
            }
            _ => None,
        }
    }
}
