//! What `#[fast_maths]` can be applied to. Nothing is rewritten: the loop stage calls cheaper functions for pairs.

use super::sides::sides;
use crate::ir::{Graph, NodeId, Op, Program};
use crate::ops;

/// Whether a value of pairs has a cheaper variant.
pub fn applies(program: &Program) -> bool {
    let graph = &program.graph;
    let all = graph.reachable(&program.roots());
    all.into_iter().any(|id| has_variant(graph, id) && sides(graph, id) == (true, true))
}

fn has_variant(graph: &Graph, id: NodeId) -> bool {
    match graph.op(id) {
        Op::Map(f) => ops::scalar(*f).fast.is_some(),
        Op::Power(n) => *n < 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::simplified;
    use super::*;

    #[test]
    fn values_of_pairs_have_variants() {
        let applies = |result: &str| {
            applies(&simplified(&format!("fn f(x_i: Vi<1>, y_j: Vj<1>, s: Pm<1>) -> Vi<1> {{ {result} }}")))
        };
        assert!(applies("Sum_j(Rsqrt(1 + x_i * y_j))"));
        assert!(applies("LogSumExp_j(s / (1 + x_i * y_j)^2)"));
        assert!(!applies("Sum_j(Exp(-(x_i - y_j)^2 / s^2))"));
        assert!(!applies("Sum_j(Log(x_i) * Sqrt(y_j) / s) / Sum_j(x_i * y_j)"));
    }
}
