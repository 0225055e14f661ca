//! How gradients pass through a reduction.
//!
//! With R = reduce f over the points and ē the adjoint of R, known for each kept row, every reduction says which seed the
//! formula f gets in each pair, and its weight.

use crate::ir::{Dim, Graph, NodeId, Op, Reduction, ReductionKind};
use crate::number::Number;
use crate::ops::scalar::apply;

/// How the gradient of a reduction reaches the pairs.
pub enum Adjoint {
    /// Not at all: indices are piecewise constant.
    Nowhere,
    /// It reaches every pair.
    EveryPair {
        /// The seeds that the pairs get, for the adjoint `seed` of the reduction's value. Whatever they need of the row
        /// has been reduced in a pass before.
        seeds: fn(row: &mut dyn KeptRow, reduction: &Reduction, seed: NodeId) -> Seeds,
        /// The gradient of ⟨seed, R⟩ with respect to a variable of the row itself, as reductions of the same pass;
        /// `None` if there is no such form.
        within_row:
            fn(row: &mut dyn KeptRow, reduction: &Reduction, seed: &SplitSeed) -> Option<Vec<RowTerm>>,
    },
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

/// The adjoint of a reduction's value as a product.
pub struct SplitSeed {
    /// A number that is known only when the row's pairs have been reduced; 1 if there is none.
    pub factor: Option<NodeId>,
    /// What is known in each pair: of the value's dimension, or 1 for the same in every coordinate.
    pub pair: NodeId,
}

/// A term of the gradient with respect to a variable of the row: `factor` times the sum over the pairs of the adjoints
/// of the roots' values, given with their seeds.
pub struct RowTerm {
    /// As in [`SplitSeed`].
    pub factor: Option<NodeId>,
    /// The f of a sum with weights exp(f) / Σ exp(f); `None` for a plain sum.
    pub soft_max: Option<NodeId>,
    /// Values of a pair and their seeds.
    pub roots: Vec<(NodeId, NodeId)>,
}

/// What an adjoint may use of a kept row.
pub trait KeptRow {
    /// The graph that all nodes belong to.
    fn graph(&mut self) -> &mut Graph;
    /// The value of a reduction over the row's pairs. It may stand in what is given to [`KeptRow::saved`], and in the
    /// factor of a [`RowTerm`].
    fn reduced(&mut self, reduction: Reduction) -> NodeId;
    /// A value that is known once the row's pairs have been reduced, for use in the pairs.
    fn saved(&mut self, value: NodeId) -> NodeId;
}

/// R = Σ f: every f gets ē.
pub(super) const SUM: Adjoint = Adjoint::EveryPair {
    seeds: |row, _, seed| Seeds { argument: row.saved(seed), weight: None },
    within_row: |_, reduction, seed| {
        let roots = vec![(reduction.argument, seed.pair)];
        Some(vec![RowTerm { factor: seed.factor, soft_max: None, roots }])
    },
};

/// R = log Σ exp f: f gets ē exp(f − R). With a weight, R_k = log Σ exp(f) g_k: g gets ē exp(f − R), and f the sum of
/// the coordinates of ē g exp(f − R).
pub(super) const LOG_SUM_EXP: Adjoint = Adjoint::EveryPair {
    seeds: |row, reduction, seed| {
        let value = row.reduced(reduction.clone());
        let share = share(row, reduction.argument, value);
        let seed = row.saved(seed);
        let graph = row.graph();
        let weighted = graph.mul(vec![seed, share]);
        match reduction.weight {
            None => Seeds { argument: weighted, weight: None },
            Some(weight) => Seeds { argument: graph.dot(weighted, weight), weight: Some(weighted) },
        }
    },
    // ∇R is the soft-max of ∇f, if there is one soft-max: f is a number.
    within_row: |row, reduction, seed| {
        let f = reduction.argument;
        if reduction.weight.is_some() || !row.graph().dim(f).is_one() {
            return None;
        }
        Some(vec![RowTerm { factor: seed.factor, soft_max: Some(f), roots: vec![(f, seed.pair)] }])
    },
};

/// R = Σ p g with the shares p = exp(f) / Σ exp(f): g gets p ē, and f gets p ⟨ē, g − R⟩, where ⟨ē, R⟩ is one number
/// for the row.
pub(super) const SUM_SOFT_MAX_WEIGHT: Adjoint = Adjoint::EveryPair {
    seeds: |row, reduction, seed| {
        let total = row.reduced(log_total(reduction.argument));
        let value = row.reduced(reduction.clone());
        let mean = row.graph().dot(seed, value);
        let mean = unless_infinite(row.graph(), total, mean);
        let mean = row.saved(mean);
        let share = share(row, reduction.argument, total);
        let seed = row.saved(seed);
        let graph = row.graph();
        let along = graph.dot(seed, weight_of(reduction));
        let deviation = graph.sub(along, mean);
        Seeds { argument: graph.mul(vec![share, deviation]), weight: Some(graph.mul(vec![share, seed])) }
    },
    // The soft-max of ∇⟨ē, g⟩ + ⟨ē, g⟩ ∇f, less ⟨ē, R⟩ times the soft-max of ∇f.
    within_row: |row, reduction, seed| {
        let (f, weight) = (reduction.argument, weight_of(reduction));
        let value = row.reduced(reduction.clone());
        let graph = row.graph();
        let (along, mean) = (graph.dot(seed.pair, weight), graph.dot(seed.pair, value));
        let minus_mean = graph.neg(mean);
        let factors = [Some(minus_mean), seed.factor];
        let minus_mean = graph.mul(factors.into_iter().flatten().collect());
        let one = graph.integer(1);
        let roots = vec![(weight, seed.pair), (f, along)];
        Some(vec![
            RowTerm { factor: seed.factor, soft_max: Some(f), roots },
            RowTerm { factor: Some(minus_mean), soft_max: Some(f), roots: vec![(f, one)] },
        ])
    },
};

fn weight_of(reduction: &Reduction) -> NodeId {
    reduction.weight.expect("a soft-max has a weight")
}

/// log Σ exp f, whose exponential the terms of a soft-max are shares of.
pub fn log_total(f: NodeId) -> Reduction {
    Reduction { kind: ReductionKind::LogSumExp, argument: f, weight: None }
}

/// exp(f − L), the share of a pair in exp(L) = Σ exp f.
///
/// In a row where all f are −inf, L is −inf and f − L is NaN; the share is 0 there, as the saved L is +inf instead.
fn share(row: &mut dyn KeptRow, f: NodeId, log_total: NodeId) -> NodeId {
    let graph = row.graph();
    let magnitude = apply(graph, "Abs", &[log_total]);
    let infinite = is_infinite(graph, log_total);
    let guarded = apply(graph, "IfElse", &[infinite, magnitude, log_total]);
    let guarded = row.saved(guarded);
    let graph = row.graph();
    let exponent = graph.sub(f, guarded);
    apply(graph, "Exp", &[exponent])
}

/// The value, or 0 where L is infinite: a row without any share has no mean, and over no pairs a gradient is 0.
pub fn unless_infinite(graph: &mut Graph, log_total: NodeId, value: NodeId) -> NodeId {
    let (infinite, zero) = (is_infinite(graph, log_total), graph.integer(0));
    apply(graph, "IfElse", &[infinite, zero, value])
}

/// The value, or 0 if there are no points to reduce: a factor of the row may be infinite then.
pub fn unless_empty(graph: &mut Graph, value: NodeId) -> NodeId {
    let count = graph.intern(Op::Count, vec![], Dim::literal(1));
    let (half, zero) = (graph.constant(Number::rational(1, 2)), graph.integer(0));
    let some = graph.sub(count, half);
    apply(graph, "IfElse", &[some, value, zero])
}

/// A number ≥ 0 where x is infinite, and < 0 elsewhere, also for NaN: 1/x is 0 exactly if x is infinite, in every
/// precision.
fn is_infinite(graph: &mut Graph, x: NodeId) -> NodeId {
    let reciprocal = graph.power(x, -1);
    let (zero, half) = (graph.integer(0), graph.constant(Number::rational(1, 2)));
    let infinite = apply(graph, "Equal", &[reciprocal, zero]);
    graph.sub(infinite, half)
}
