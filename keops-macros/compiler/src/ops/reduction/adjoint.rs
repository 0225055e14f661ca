//! How gradients pass through a reduction.
//!
//! With R = reduce f over the points and ē the adjoint of R, known for each kept row, every reduction says which seed the
//! formula f gets in each pair, and its weight.

use crate::ir::{Graph, NodeId, Reduction, ReductionKind};
use crate::number::Number;
use crate::ops::scalar::apply;

/// How the gradient of a reduction reaches the pairs.
pub enum Adjoint {
    /// Not at all: indices are piecewise constant.
    Nowhere,
    /// It reaches every pair, with the seeds that this gives for the adjoint `seed` of the reduction's value.
    EveryPair(fn(row: &mut dyn KeptRow, reduction: &Reduction, seed: NodeId) -> Seeds),
    /// It goes to the pairs that hold the values chosen; they are found by the index reduction given.
    ChosenPairs(fn(ReductionKind) -> ReductionKind),
}

/// The adjoints of what is reduced, in one pair.
pub struct Seeds {
    /// That of f: of its dimension, or 1 for the same in every coordinate.
    pub argument: NodeId,
    /// That of the weight, where there is one.
    pub weight: Option<NodeId>,
}

/// What an adjoint may use of a kept row.
pub trait KeptRow {
    /// The graph that all nodes belong to.
    fn graph(&mut self) -> &mut Graph;
    /// The value of a reduction over the row's pairs. It may stand only in expressions given to [`KeptRow::saved`].
    fn reduced(&mut self, reduction: Reduction) -> NodeId;
    /// A value that is known once the row's pairs have been reduced, for use in the pairs.
    fn saved(&mut self, value: NodeId) -> NodeId;
}

/// R = Σ f: every f gets ē.
pub(super) fn sum(row: &mut dyn KeptRow, _: &Reduction, seed: NodeId) -> Seeds {
    Seeds { argument: row.saved(seed), weight: None }
}

/// R = log Σ exp f: f gets ē exp(f − R). With a weight, R_k = log Σ exp(f) g_k: g gets ē exp(f − R), and f the sum of
/// the coordinates of ē g exp(f − R).
pub(super) fn log_sum_exp(row: &mut dyn KeptRow, reduction: &Reduction, seed: NodeId) -> Seeds {
    let value = row.reduced(reduction.clone());
    let (share, _) = share(row, reduction.argument, value);
    let seed = row.saved(seed);
    let graph = row.graph();
    let weighted = graph.mul(vec![seed, share]);
    match reduction.weight {
        None => Seeds { argument: weighted, weight: None },
        Some(weight) => Seeds { argument: graph.dot(weighted, weight), weight: Some(weighted) },
    }
}

/// R = Σ p g with the shares p = exp(f) / Σ exp(f): g gets p ē, and f gets p ⟨ē, g − R⟩, where ⟨ē, R⟩ is one number
/// for the row.
pub(super) fn sum_soft_max_weight(row: &mut dyn KeptRow, reduction: &Reduction, seed: NodeId) -> Seeds {
    let total = Reduction { kind: ReductionKind::LogSumExp, argument: reduction.argument, weight: None };
    let total = row.reduced(total);
    let value = row.reduced(reduction.clone());
    let (share, empty) = share(row, reduction.argument, total);
    let mean = row.graph().dot(seed, value);
    let mean = {
        // A row without any share has no mean: NaN, which would spoil the sum over such rows.
        let zero = row.graph().integer(0);
        choose(row.graph(), empty, zero, mean)
    };
    let mean = row.saved(mean);
    let seed = row.saved(seed);
    let weight = reduction.weight.expect("a soft-max has a weight");
    let graph = row.graph();
    let along = graph.dot(seed, weight);
    let deviation = graph.sub(along, mean);
    Seeds { argument: graph.mul(vec![share, deviation]), weight: Some(graph.mul(vec![share, seed])) }
}

/// exp(f − L), the share of a pair in exp(L) = Σ exp f, and a number ≥ 0 in the rows where L is infinite, < 0 elsewhere.
///
/// In a row where all f are −inf, L is −inf and f − L is NaN; the share is 0 there, as the saved L is +inf instead.
fn share(row: &mut dyn KeptRow, f: NodeId, log_total: NodeId) -> (NodeId, NodeId) {
    let graph = row.graph();
    let reciprocal = graph.power(log_total, -1);
    let zero = graph.integer(0);
    let half = graph.constant(Number::rational(1, 2));
    // 1/L is 0 exactly if L is infinite, in every precision.
    let infinite = apply(graph, "Equal", &[reciprocal, zero]);
    let infinite = graph.sub(infinite, half);
    let magnitude = apply(graph, "Abs", &[log_total]);
    let guarded = choose(graph, infinite, magnitude, log_total);
    let guarded = row.saved(guarded);
    let graph = row.graph();
    let exponent = graph.sub(f, guarded);
    (apply(graph, "Exp", &[exponent]), infinite)
}

/// a where `condition` ≥ 0, else b.
fn choose(graph: &mut Graph, condition: NodeId, a: NodeId, b: NodeId) -> NodeId {
    apply(graph, "IfElse", &[condition, a, b])
}
