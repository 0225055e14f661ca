//! Coordinates and slices: `[k]`, `[a..b]`, `[a:b]`, either end left out.

use super::cursor::{Cursor, place, texts};
use super::tree::{Reader, Tree};
use super::{Reported, literal};
use crate::ast::{Bound, ExprKind};
use crate::message::syntax::brackets;
use proc_macro2::{Group, TokenTree};

/// What stands inside the brackets; an end that is left out is `None`.
enum Inside {
    Coordinate(Bound),
    Slice(Option<Bound>, Option<Bound>),
}

impl Reader<'_> {
    /// The coordinate or the slice of `operand` that the brackets say.
    pub(super) fn brackets(&mut self, group: &Group, operand: Tree) -> Tree {
        let group_place = place(&TokenTree::Group(group.clone()));
        let whole = operand.expr.place.to(group_place);
        let Tree { expr, depth } = operand;
        let mut cursor = Cursor::inside(group);
        if cursor.at_end() {
            self.refuse(group_place, brackets::coordinate_missing());
            return Tree::error(whole);
        }
        match self.inside(&mut cursor) {
            Ok(Inside::Coordinate(k)) => self.nest(ExprKind::Coordinate(expr.into(), k), whole, depth),
            Ok(Inside::Slice(from, to)) => self.nest(ExprKind::Slice(expr.into(), from, to), whole, depth),
            Err(Reported) => Tree::error(whole),
        }
    }

    fn inside(&mut self, cursor: &mut Cursor) -> Result<Inside, Reported> {
        let from = self.bound(cursor)?;
        let message = match (cursor.symbol(), from) {
            (None, Some(k)) => return Ok(Inside::Coordinate(k)),
            (Some(".." | ":"), from) => {
                cursor.take_symbol();
                let to = self.bound(cursor)?;
                match cursor.symbol() {
                    None => return Ok(Inside::Slice(from, to)),
                    Some(",") => brackets::several(),
                    Some(_) => brackets::step(),
                }
            }
            (Some(symbol @ ("..=" | "...")), _) => brackets::inclusive(symbol),
            (Some("::"), _) => brackets::step(),
            _ => brackets::several(),
        };
        Err(self.refuse(cursor.found_place(), message))
    }

    /// The integer before the next separator, a literal or made of those and of variables of loops; `None` if nothing stands
    /// there.
    fn bound(&mut self, cursor: &mut Cursor) -> Result<Option<Bound>, Reported> {
        let separator =
            |cursor: &Cursor| matches!(cursor.symbol(), Some("," | ":" | ".." | "..=" | "..." | "::"));
        let (first, start) = (cursor.here(), cursor.position());
        cursor.skip_until(separator);
        let tokens = cursor.since(start);
        let place = first.to(cursor.previous());
        let message = match tokens {
            [] => return Ok(None),
            [TokenTree::Literal(literal)] => {
                let text = literal.to_string();
                match literal::natural(&text) {
                    Some(value) => return Ok(Some(Bound { value, place })),
                    None if literal::is_digits(&text) => brackets::too_large(&text),
                    None => brackets::not_literal(&text),
                }
            }
            [TokenTree::Punct(minus), TokenTree::Literal(_)] if minus.as_char() == '-' => {
                brackets::negative(&texts(tokens))
            }
            other => match self.integer(other) {
                Some(value) => match usize::try_from(value) {
                    Ok(value) => return Ok(Some(Bound { value, place })),
                    Err(_) => brackets::negative(&value.to_string()),
                },
                None => brackets::not_literal(&texts(other)),
            },
        };
        Err(self.refuse(place, message))
    }
}
