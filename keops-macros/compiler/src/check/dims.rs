//! Dimensions in messages: who is how long and why, and what an operation has to say about its operands.

use super::names::Origin;
use super::quote::{quote, quote_operand, quote_whole};
use super::{Checker, Given};
use crate::ast::{ExprKind, Place};
use crate::ir::Dim;
use crate::message::dims as message;
use crate::ops::{Operand, Wrong};
use std::fmt::Display;

/// An operand of an operation of the tables: its name there, its value, and where it was written (nowhere if
/// it has its default).
pub(super) struct Filled<'a> {
    pub(super) name: &'static str,
    pub(super) operand: Operand,
    pub(super) given: Option<Given<'a>>,
    pub(super) place: Option<Place>,
}

impl<'a> Checker<'a> {
    pub(super) fn dim(&self, given: Given) -> Dim {
        self.graph.dim(given.value.node).clone()
    }

    /// The line that says how long an operand is and where that comes from.
    pub(super) fn length(&self, given: Given) -> String {
        let dim = self.dim(given);
        if let ExprKind::Name(name) = &given.expr.kind {
            let argument = given.value.length_of.map(|number| &self.arguments[number]);
            match (self.scope.get(name).map(|binding| binding.origin), argument) {
                (Some(Origin::Let(value)), _) => {
                    return message::let_length(&name.to_string(), &dim, &quote(value));
                }
                (Some(Origin::Argument), Some(argument)) => {
                    return message::argument_length(&name.to_string(), &dim, argument.kind);
                }
                _ => {}
            }
        }
        let declared = given.value.length_of.map(|number| self.arguments[number].to_string());
        message::expression_length(&quote(given.expr), &dim, declared.as_deref())
    }

    /// The first two operands that neither are equally long nor have length 1.
    pub(super) fn mismatch(&self, operands: &[Given]) -> Option<(usize, usize)> {
        let mut longer: Option<usize> = None;
        for (k, operand) in operands.iter().enumerate() {
            let dim = self.graph.dim(operand.value.node);
            match longer {
                _ if dim.is_one() => {}
                None => longer = Some(k),
                Some(first) if self.graph.dim(operands[first].value.node) == dim => {}
                Some(first) => return Some((first, k)),
            }
        }
        None
    }

    /// The argument that the result of a coordinate-wise operation has its length from.
    pub(super) fn length_of(&self, operands: &[Given]) -> Option<usize> {
        let longest = operands.iter().find(|operand| !self.graph.dim(operand.value.node).is_one());
        longest.or(operands.first())?.value.length_of
    }

    /// Two operands of a coordinate-wise operation that do not broadcast.
    pub(super) fn broadcast_error(&mut self, place: Place, operation: &str, a: Given, b: Given) {
        let message = self.two_lengths(operation, a, b, message::broadcast);
        self.error(place, message);
    }

    /// Two operands that are not equally long.
    pub(super) fn equal_error(&mut self, place: Place, operation: &str, a: Given, b: Given) {
        let message = self.two_lengths(operation, a, b, message::equal);
        self.error(place, message);
    }

    fn two_lengths(
        &self,
        operation: &str,
        a: Given,
        b: Given,
        sentence: impl Fn(&str, [&dyn Display; 2], [&str; 2], Option<&str>) -> String,
    ) -> String {
        let (dim_a, dim_b) = (self.dim(a), self.dim(b));
        let help = match (dim_a.value(), dim_b.value()) {
            (Some(m), Some(n)) if m != n && m.min(n) > 1 => {
                let longer = if m > n { a } else { b };
                Some(message::shorten(quote_operand(longer.expr).as_deref(), m.min(n)))
            }
            (Some(m), Some(n)) if m.min(n) == 1 && m != n && operation == "|" => {
                Some(message::dot_with_one())
            }
            _ => None,
        };
        sentence(operation, [&dim_a, &dim_b], [&self.length(a), &self.length(b)], help.as_deref())
    }

    /// What an operation of the tables finds wrong with its operands.
    pub(super) fn wrong(&mut self, place: Place, operation: &str, operands: &[Filled<'a>], wrong: Wrong) {
        let name = |k: usize| operands[k].name;
        let given = |k: usize| operands[k].given.expect("the operand is a formula");
        let own_place = |k: usize| operands[k].place.unwrap_or(place);
        let lengths =
            || -> Vec<String> { operands.iter().filter_map(|o| o.given).map(|g| self.length(g)).collect() };
        let (place, message) = match wrong {
            Wrong::Unknown => return,
            Wrong::Broadcast(a, b) if operation.to_lowercase().starts_with("complex") => {
                (place, self.two_lengths(operation, given(a), given(b), message::broadcast_complex))
            }
            Wrong::Broadcast(a, b) => return self.broadcast_error(place, operation, given(a), given(b)),
            Wrong::Equal(a, b) => return self.equal_error(place, operation, given(a), given(b)),
            Wrong::NotScalar(k) => {
                let whole = quote_whole(given(k).expr);
                let (dim, of) = (self.dim(given(k)), self.length(given(k)));
                (own_place(k), message::not_scalar(operation, name(k), &dim, &of, whole.as_deref()))
            }
            Wrong::Must(k, wanted, why) => {
                (place, message::must(operation, name(k), [&self.dim(given(k)), &wanted], why, &lengths()))
            }
            Wrong::Multiple(k, of) => {
                (place, message::multiple(operation, name(k), [&self.dim(given(k)), &of], &lengths()))
            }
            Wrong::Odd(k) => {
                let (dim, of) = (self.dim(given(k)), self.length(given(k)));
                (own_place(k), message::odd(operation, name(k), &dim, &of))
            }
            Wrong::Length(k, rule) => {
                (place, message::length(operation, name(k), &self.dim(given(k)), rule, &lengths()))
            }
            Wrong::Range(k, first, last) => {
                let value = operands[k].operand.integer();
                (own_place(k), message::range(operation, name(k), value, [first, last], &lengths()))
            }
            Wrong::Zero(k) => (own_place(k), message::division_by_zero()),
            Wrong::Shape { list, value } => {
                let shape = operands[list].operand.list().unwrap_or_default();
                let (dim, of) = (self.dim(given(value)), self.length(given(value)));
                (own_place(list), message::shape(operation, shape, name(value), &dim, &of))
            }
            Wrong::Axes(k, how) => (own_place(k), message::axes(operation, name(k), how)),
        };
        self.error(place, message);
    }
}
