//! Loops, `for k in 0..4 { … }`: the statements in the braces are read once for each k, with k a number or a coordinate.

use super::Reported;
use super::cursor::{Cursor, place, texts};
use super::expression::Ends;
use super::limit::MAX_NODES;
use super::scope::Variable;
use super::statement::{abandon, continues};
use super::tree::Reader;
use super::{foreign, literal};
use crate::ast::{Dimension, Let, Place};
use crate::message::syntax::repeat;
use crate::number::Number;
use proc_macro2::{Delimiter, Group, TokenTree};

impl Reader<'_> {
    /// A loop, the cursor at its `for`. What its statements bind is added to `lets`.
    pub(super) fn repeat(&mut self, cursor: &mut Cursor, lets: &mut Vec<Let>) -> Result<(), Reported> {
        cursor.skip(1);
        let Some(name) = cursor.take_ident() else {
            let found = cursor.found();
            let fault = self.refuse(cursor.found_place(), repeat::variable_expected(&found));
            return Err(pass_loop(cursor, fault));
        };
        let variable = name.to_string();
        if let Some(message) = foreign::name_fault(&variable).filter(|_| variable != "_") {
            let fault = self.refuse(Place::of(name.span()), message);
            return Err(pass_loop(cursor, fault));
        }
        if cursor.take_word("in").is_none() {
            let fault = self.refuse(Place::of(name.span()), repeat::in_missing(&variable));
            return Err(pass_loop(cursor, fault));
        }
        let (first, start) = (cursor.here(), cursor.position());
        cursor.skip_until(|cursor| cursor.is_group_at(0, Delimiter::Brace) || Ends::Semicolon.at(cursor));
        let over = first.to(cursor.previous());
        let tokens = cursor.since(start).to_vec();
        let Some(block) = cursor.take_group(Delimiter::Brace) else {
            let fault = self.refuse(over, repeat::block_missing());
            return Err(abandon(cursor, fault));
        };
        if block.stream().is_empty() {
            return Err(self.refuse(place(&TokenTree::Group(block)), repeat::block_empty()));
        }
        for value in self.values(&tokens, over, &variable)? {
            self.scope.enter(&variable, value);
            let read = self.round(&block, lets);
            self.scope.leave();
            read?;
            if self.too_large {
                return Err(Reported);
            }
        }
        Ok(())
    }

    /// The statements of a loop, once.
    fn round(&mut self, block: &Group, lets: &mut Vec<Let>) -> Result<(), Reported> {
        let mut cursor = Cursor::inside(block);
        let before = self.faults();
        while !cursor.at_end() {
            if let Ok(false) = self.statement(&mut cursor, lets) {
                let value = self.element(&mut cursor, Ends::Semicolon);
                if !value.is_error() && !continues(&cursor) {
                    self.refuse(value.expr.place, repeat::value_lost());
                }
                cursor.take(";");
            }
        }
        // What is wrong in one round is wrong in each.
        if self.faults() > before { Err(Reported) } else { Ok(()) }
    }

    /// What the variable stands for, round after round.
    fn values(
        &mut self,
        over: &[TokenTree],
        place: Place,
        variable: &str,
    ) -> Result<Vec<Variable>, Reported> {
        let values = match over {
            [TokenTree::Ident(name)] => {
                let text = name.to_string();
                match self.scope.argument(&text) {
                    _ if self.scope.variable(&text).is_some() => {
                        return Err(self.refuse(place, repeat::over_variable(&text)));
                    }
                    _ if self.scope.is_mutable(&text).is_some() => {
                        return Err(self.refuse(place, repeat::over_binding(&text, variable)));
                    }
                    Some(Some(Dimension::Number(dim))) => {
                        Some((0..*dim).map(|k| Variable::Coordinate(name.clone(), k)).collect())
                    }
                    Some(Some(Dimension::Parameter(dim))) => {
                        let message = repeat::over_parameter(&text, &dim.to_string());
                        return Err(self.refuse(place, message));
                    }
                    // Its declaration was wrong, which is reported.
                    Some(None) => return Err(Reported),
                    None => None,
                }
            }
            [TokenTree::Group(list)] if list.delimiter() == Delimiter::Bracket => {
                let inside = Cursor::inside(list);
                let mut elements: Vec<&[TokenTree]> = inside
                    .ahead()
                    .split(|t| matches!(t, TokenTree::Punct(p) if p.as_char() == ','))
                    .collect();
                elements.pop_if(|last| last.is_empty());
                elements.into_iter().map(number).map(|n| n.map(Variable::Number)).collect()
            }
            _ => self.range(over),
        };
        let values: Vec<Variable> =
            values.ok_or_else(|| self.refuse(place, repeat::not_a_range(&texts(over))))?;
        if values.is_empty() {
            return Err(self.refuse(place, repeat::no_round(&texts(over))));
        }
        Ok(values)
    }

    /// The numbers of `a..b` or `a..=b`.
    fn range(&self, over: &[TokenTree]) -> Option<Vec<Variable>> {
        let is_point = |t: &TokenTree| matches!(t, TokenTree::Punct(p) if p.as_char() == '.');
        let middle = over.iter().position(is_point)?;
        let (from, rest) = over.split_at(middle);
        let to = rest.get(2..).filter(|_| is_point(&rest[1]))?;
        let (inclusive, to) = match to {
            [TokenTree::Punct(p), to @ ..] if p.as_char() == '=' => (1, to),
            to => (0, to),
        };
        let (from, to) = (self.integer(from)?, self.integer(to)?.checked_add(inclusive)?);
        // So many rounds are too long in any case: each has a node.
        Some((from..to).take(MAX_NODES + 1).map(|k| Variable::Number(Number::integer(k))).collect())
    }

    /// The value of integer literals and variables of loops with `+`, `-` and `*` between them.
    pub(super) fn integer(&self, tokens: &[TokenTree]) -> Option<i64> {
        let mut sum = 0i64;
        let mut sign = 1i64;
        let mut product: Option<i64> = None;
        let mut wants_operand = true;
        for token in tokens {
            match token {
                TokenTree::Punct(p) if !wants_operand => {
                    wants_operand = true;
                    if p.as_char() == '*' {
                        continue;
                    }
                    sum = sum.checked_add(sign.checked_mul(product.take()?)?)?;
                    sign = match p.as_char() {
                        '+' => 1,
                        '-' => -1,
                        _ => return None,
                    };
                }
                operand if wants_operand => {
                    let value = self.operand_of_integer(operand)?;
                    product = Some(product.unwrap_or(1).checked_mul(value)?);
                    wants_operand = false;
                }
                _ => return None,
            }
        }
        if wants_operand { None } else { sum.checked_add(sign.checked_mul(product?)?) }
    }

    fn operand_of_integer(&self, token: &TokenTree) -> Option<i64> {
        match token {
            TokenTree::Literal(digits) => literal::natural(&digits.to_string())?.try_into().ok(),
            TokenTree::Ident(name) => match self.scope.variable(&name.to_string())? {
                Variable::Number(number) => number.as_integer(),
                Variable::Coordinate(..) => None,
            },
            _ => None,
        }
    }
}

/// A number literal, which may carry a minus, and stand in a group without delimiters with it.
fn number(tokens: &[TokenTree]) -> Option<Number> {
    let is_minus = |token: &&TokenTree| matches!(token, TokenTree::Punct(p) if p.as_char() == '-');
    let signs = tokens.iter().take_while(is_minus).count();
    let magnitude = match &tokens[signs..] {
        [TokenTree::Literal(digits)] => literal::number(&digits.to_string()).ok()?,
        [TokenTree::Group(group)] if group.delimiter() == Delimiter::None => {
            number(Cursor::inside(group).ahead())?
        }
        _ => return None,
    };
    Some(if signs % 2 == 0 { magnitude } else { -magnitude })
}

/// Goes on behind a loop that cannot be read.
pub(super) fn pass_loop(cursor: &mut Cursor, fault: Reported) -> Reported {
    cursor.skip_until(|cursor| cursor.is_group_at(0, Delimiter::Brace) || Ends::Semicolon.at(cursor));
    if cursor.take_group(Delimiter::Brace).is_none() {
        cursor.take(";");
    }
    fault
}
