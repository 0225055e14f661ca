//! What is known of signs, whatever the data (NaN aside).

use super::{Sign, scalar};
use crate::ir::{Graph, NodeId, Op};
use std::collections::HashMap;

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
    // Each node once, arguments first: nodes are shared, and a chain of them is longer than the stack.
    let mut signs: HashMap<NodeId, Sign> = HashMap::new();
    for id in graph.reachable(&[node]) {
        let sign = sign_of(graph, id, &signs, known);
        signs.insert(id, sign);
    }
    signs[&node]
}

/// The sign of a node, given those of its arguments.
fn sign_of(
    graph: &Graph,
    node: NodeId,
    signs: &HashMap<NodeId, Sign>,
    known: &dyn Fn(&[NodeId]) -> Option<Sign>,
) -> Sign {
    let args = graph.args(node);
    match graph.op(node) {
        Op::Constant(c) if c.to_f64() >= 0.0 => Sign::NonNegative,
        Op::Constant(_) => Sign::NonPositive,
        Op::Count | Op::OneHot | Op::Position(_) => Sign::NonNegative,
        Op::Power(n) if n % 2 == 0 => Sign::NonNegative,
        Op::Power(_) | Op::Sum | Op::Fill | Op::Extract { .. } | Op::Pad { .. } | Op::Extreme(_) => {
            signs[&args[0]]
        }
        Op::Add | Op::Concat => match known(args) {
            Some(sign) if *graph.op(node) == Op::Add => sign,
            _ => {
                let first = signs[&args[0]];
                if args.iter().all(|a| signs[a] == first) { first } else { Sign::Any }
            }
        },
        Op::Mul => args.iter().fold(Sign::NonNegative, |product, a| product.times(signs[a])),
        Op::Map(f) => scalar(*f).sign,
        Op::Variable(_) | Op::Reduced(_) | Op::Contract(_) => Sign::Any,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::vectors;

    #[test]
    fn a_long_chain_of_shared_sums_is_read_once() {
        let (mut graph, x, _) = vectors(&[&[2.0]]);
        let square = graph.power(x[0], 2);
        // Each sum has the one before it twice: 2⁴⁰⁰⁰ ways lead to the square.
        let chain = (0..4000).fold(square, |sum, _| graph.add(vec![sum, sum]));
        assert_eq!(sign(&graph, chain), Sign::NonNegative);
        let negated = graph.neg(chain);
        assert_eq!(sign(&graph, negated), Sign::NonPositive);
        let mixed = graph.add(vec![chain, x[0]]);
        assert_eq!(sign(&graph, mixed), Sign::Any);
    }
}
