//! What is known of signs, whatever the data (NaN aside).

use super::{Sign, scalar};
use crate::ir::{Graph, NodeId, Op};

impl Sign {
    /// The sign of a product.
    pub fn times(self, other: Sign) -> Sign {
        match (self, other) {
            (Sign::Any, _) | (_, Sign::Any) => Sign::Any,
            (sign, Sign::NonNegative) => sign,
            (Sign::NonNegative, Sign::NonPositive) => Sign::NonPositive,
            (Sign::NonPositive, Sign::NonPositive) => Sign::NonNegative,
        }
    }
}

/// What is known of the sign of all coordinates of a node.
pub fn sign(graph: &Graph, node: NodeId) -> Sign {
    sign_with(graph, node, &|_| None)
}

/// The same, where the caller knows more of some sums than their terms say.
pub fn sign_with(graph: &Graph, node: NodeId, known: &dyn Fn(&[NodeId]) -> Option<Sign>) -> Sign {
    let args = graph.args(node);
    let of = |n: NodeId| sign_with(graph, n, known);
    match graph.op(node) {
        Op::Constant(c) if c.to_f64() >= 0.0 => Sign::NonNegative,
        Op::Constant(_) => Sign::NonPositive,
        Op::Count | Op::OneHot | Op::Position(_) => Sign::NonNegative,
        Op::Power(n) if n % 2 == 0 => Sign::NonNegative,
        Op::Power(_) | Op::Sum | Op::Fill | Op::Extract { .. } | Op::Pad { .. } | Op::Extreme(_) => {
            of(args[0])
        }
        Op::Add | Op::Concat => match known(args) {
            Some(sign) if *graph.op(node) == Op::Add => sign,
            _ => {
                let first = of(args[0]);
                if args.iter().all(|a| of(*a) == first) { first } else { Sign::Any }
            }
        },
        Op::Mul => args.iter().fold(Sign::NonNegative, |product, a| product.times(of(*a))),
        Op::Map(f) => scalar(*f).sign,
        Op::Variable(_) | Op::Reduced(_) | Op::Contract(_) => Sign::Any,
    }
}
