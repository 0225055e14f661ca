//! Which function of the runtime or of the device computes a value.

use super::values::{Context, Values};
use super::{Expr, Index, Target, Temp};
use crate::ir::{NodeId, Op};
use crate::number::Number;
use crate::ops::{self, Fast, Sign};

impl Values<'_> {
    /// above / below, or 1 / below.
    pub(super) fn quotient(&mut self, above: Option<Temp>, below: NodeId, index: &Index) -> Temp {
        let fast = if above.is_some() { &ops::QUOTIENT } else { &ops::RECIPROCAL };
        if let Some(name) = self.fast_name(fast) {
            let below = self.coordinate(below, index);
            return self.emit(Expr::Call(name, above.into_iter().chain([below]).collect()));
        }
        let above = above.unwrap_or_else(|| self.emit(Expr::Constant(Number::integer(1))));
        let below = self.coordinate(below, index);
        self.emit(Expr::Div(above, below))
    }

    /// aⁿ
    pub(super) fn power(&mut self, a: NodeId, n: i32, index: &Index) -> Temp {
        let a = self.coordinate(a, index);
        match self.fast_name(&ops::RECIPROCAL) {
            Some(name) if n < 0 && n > i32::MIN => {
                let power = self.emit(Expr::Power(a, -n));
                self.emit(Expr::Call(name, vec![power]))
            }
            _ => self.emit(Expr::Power(a, n)),
        }
    }

    /// The name of a cheaper variant, where the formula allows it and there is one. What is computed once per row, column
    /// or call gains nothing and stays as accurate as it is.
    fn fast_name(&self, fast: &Fast) -> Option<&'static str> {
        let exists = self.target == Target::Device || fast.processor.is_some();
        (self.fast && exists && matches!(self.context, Context::Pair(_))).then_some(fast.name)
    }

    /// The runtime's name of a scalar function; a cheaper one where the sign of the argument is known, or where the formula
    /// allows it. Exponentials of pairs leave subnormal numbers out, with which a processor takes a hundred times as long.
    pub(super) fn function_name(&self, f: ops::ScalarId, args: &[NodeId]) -> &'static str {
        let function = ops::scalar(f);
        if let Some(name) = function.fast.as_ref().and_then(|fast| self.fast_name(fast)) {
            return name;
        }
        match function.rust {
            "exp" if self.sign(args[0]) == Sign::NonPositive => "exp_nonpositive",
            "exp2" if self.sign(args[0]) == Sign::NonPositive => "exp2_nonpositive",
            "exp" if self.is_of_pair_on_host() => "exp_normal",
            "exp2" if self.is_of_pair_on_host() => "exp2_normal",
            name => name,
        }
    }

    fn is_of_pair_on_host(&self) -> bool {
        self.target == Target::Host && matches!(self.context, Context::Pair(_))
    }

    /// What is known of the sign of all coordinates.
    fn sign(&self, node: NodeId) -> Sign {
        let below = |terms: &[NodeId]| self.below_reference(terms).then_some(Sign::NonPositive);
        ops::sign_with(self.graph, node, &below)
    }

    /// Whether the terms are an exponent minus a reference no less than it.
    fn below_reference(&self, terms: &[NodeId]) -> bool {
        let [exponent, minus] = terms else { return false };
        let (Some(accumulators), Some(reference)) = (self.accumulators, self.negated(*minus)) else {
            return false;
        };
        match self.graph.op(reference) {
            Op::Variable(v) => {
                accumulators.references.get(v).is_some_and(|a| accumulators.list[*a].value == *exponent)
            }
            _ => false,
        }
    }
}
