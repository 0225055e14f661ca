//! The table of reductions: what they yield, what is left of them over nothing, and how their gradients reach the pairs.

mod adjoint;
mod names;

pub use adjoint::{Adjoint, KeptRow, RowTerm, Seeds, SplitSeed, log_total, unless_empty, unless_infinite};
pub use names::{NAMES, NamedReduction, Weight, named};

use crate::ir::{Dim, Extreme, ReductionKind};

/// A row of the table: one kind of reduction of the IR.
pub struct ReductionRow {
    /// One sentence: the mathematics.
    pub doc: &'static str,
    /// The dimension of the value, for a reduced f of dimension `f` and a weight of dimension `weight`.
    pub dim: fn(kind: ReductionKind, f: &Dim, weight: Option<&Dim>) -> Dim,
    /// The value over no points at all; `None` if there is none, so that such a result is an error.
    pub neutral: fn(kind: ReductionKind) -> Option<f64>,
    /// How the gradient reaches the pairs.
    pub adjoint: Adjoint,
}

/// The row of a kind of reduction.
pub fn row(kind: ReductionKind) -> &'static ReductionRow {
    match kind {
        ReductionKind::Sum => &SUM,
        ReductionKind::LogSumExp => &LOG_SUM_EXP,
        ReductionKind::SumSoftMaxWeight => &SUM_SOFT_MAX_WEIGHT,
        ReductionKind::Extreme(_) => &EXTREME,
        ReductionKind::Position(_) => &POSITION,
        ReductionKind::Best { .. } => &BEST,
        ReductionKind::BestPosition { .. } => &BEST_POSITION,
    }
}

static SUM: ReductionRow = ReductionRow {
    doc: "Σ f, for each coordinate of f",
    dim: dim_of_argument,
    neutral: |_| Some(0.0),
    adjoint: adjoint::SUM,
};

static LOG_SUM_EXP: ReductionRow = ReductionRow {
    doc: "log Σ exp(f), for each coordinate of f; with a weight g, log Σ exp(f) g for each coordinate of g",
    dim: dim_of_weight,
    neutral: |_| Some(f64::NEG_INFINITY),
    adjoint: adjoint::LOG_SUM_EXP,
};

static SUM_SOFT_MAX_WEIGHT: ReductionRow = ReductionRow {
    doc: "Σ exp(f) g / Σ exp(f), for each coordinate of g",
    dim: dim_of_weight,
    neutral: |_| None,
    adjoint: adjoint::SUM_SOFT_MAX_WEIGHT,
};

static EXTREME: ReductionRow = ReductionRow {
    doc: "the largest or smallest f, for each coordinate of f; NaN is skipped",
    dim: dim_of_argument,
    neutral: worst,
    adjoint: Adjoint::ChosenPairs(index_reduction),
};

static POSITION: ReductionRow = ReductionRow {
    doc: "the index of the first largest or smallest f, for each coordinate of f; NaN is skipped",
    dim: dim_of_argument,
    neutral: |_| None,
    adjoint: Adjoint::Nowhere,
};

static BEST: ReductionRow = ReductionRow {
    doc: "the K largest or smallest f, best first, for each coordinate of f (K slow); NaN is skipped",
    dim: several,
    neutral: worst,
    adjoint: Adjoint::ChosenPairs(index_reduction),
};

static BEST_POSITION: ReductionRow = ReductionRow {
    doc: "the indices of the K largest or smallest f, in the same layout; of equals the first is the better",
    dim: several,
    neutral: |_| None,
    adjoint: Adjoint::Nowhere,
};

fn dim_of_argument(_: ReductionKind, f: &Dim, _: Option<&Dim>) -> Dim {
    f.clone()
}

fn dim_of_weight(_: ReductionKind, f: &Dim, weight: Option<&Dim>) -> Dim {
    weight.unwrap_or(f).clone()
}

/// K · d, for the kinds that yield K values.
fn several(kind: ReductionKind, f: &Dim, _: Option<&Dim>) -> Dim {
    match kind {
        ReductionKind::Best { count, .. } | ReductionKind::BestPosition { count, .. } => {
            &Dim::literal(count) * f
        }
        _ => f.clone(),
    }
}

/// The value that every other value beats.
fn worst(kind: ReductionKind) -> Option<f64> {
    match kind {
        ReductionKind::Extreme(Extreme::Max) | ReductionKind::Best { extreme: Extreme::Max, .. } => {
            Some(f64::NEG_INFINITY)
        }
        ReductionKind::Extreme(Extreme::Min) | ReductionKind::Best { extreme: Extreme::Min, .. } => {
            Some(f64::INFINITY)
        }
        _ => None,
    }
}

/// The reduction that finds the indices of the values that this one finds.
fn index_reduction(kind: ReductionKind) -> ReductionKind {
    match kind {
        ReductionKind::Extreme(extreme) => ReductionKind::Position(extreme),
        ReductionKind::Best { extreme, count } => ReductionKind::BestPosition { extreme, count },
        other => other,
    }
}
