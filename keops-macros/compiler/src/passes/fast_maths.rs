//! What `#[fast_maths]` can be applied to. Nothing is rewritten: the loop stage calls cheaper functions for pairs.

use super::sides::{roots, sides};
use crate::ir::{Graph, NodeId, Op, Program};
use crate::ops;

/// Whether a value of pairs has a cheaper variant.
pub fn applies(program: &Program) -> bool {
    let graph = &program.graph;
    let all = graph.reachable(&roots(program));
    all.into_iter().any(|id| has_variant(graph, id) && sides(graph, id) == (true, true))
}

fn has_variant(graph: &Graph, id: NodeId) -> bool {
    match graph.op(id) {
        Op::Map(f) => ops::scalar(*f).fast.is_some(),
        Op::Power(n) => *n < 0,
        _ => false,
    }
}
