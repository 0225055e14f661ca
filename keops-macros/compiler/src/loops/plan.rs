//! How many row vectors go together, what lanes are for few rows, and what a pair costs.

use super::cost::{ACCUMULATORS, NUMBERS_IN_LANES, OVERLAPPING, of_pair};
use super::kernel::{AccumulatorKind, Kernel};
use super::{Arithmetic, Target};

/// Decides on the number of row vectors and on the lanes for few rows, and estimates the cost of a pair.
pub(crate) fn decide(kernel: &mut Kernel, target: Target) {
    let (functions, cost) = of_pair(&Arithmetic::of(kernel), target);
    let lists: usize = kernel
        .accumulators
        .iter()
        .map(|a| match a.kind {
            AccumulatorKind::List { count, .. } if count > 1 => count * a.dim,
            _ => 0,
        })
        .sum();
    let widest = kernel.phases.iter().filter(|p| p.groups.is_none()).map(|p| p.tail.len()).max().unwrap_or(0);
    let blocked = kernel.phases.iter().any(|p| p.blocked);
    let (vectors, why) = if lists > 0 {
        (1, format!("{lists} list entries per row stay in registers as far as they can"))
    } else if functions >= OVERLAPPING {
        (1, format!("{functions} functions per pair already overlap"))
    } else if widest > ACCUMULATORS && !blocked {
        (1, format!("{widest} accumulators per row fill the registers"))
    } else {
        (2, "two row vectors hide the latency of one".to_string())
    };
    let longest = kernel.column_len().max(kernel.rows.len()).max(kernel.state_len());
    let grouped = kernel.phases.iter().any(|p| p.groups.is_some());
    let (columns_in_lanes, why_lanes) = if kernel.accumulators.is_empty() {
        (false, "there is no loop over them")
    } else if lists > 0 {
        (false, "each lane would keep a list of its own")
    } else if blocked || grouped || longest > NUMBERS_IN_LANES {
        (false, "points are long")
    } else {
        (true, "points are short")
    };
    kernel.vectors = vectors;
    kernel.columns_in_lanes = columns_in_lanes;
    kernel.cost = cost;
    kernel.notes.push(format!("row vectors: {vectors}, since {why}"));
    let lanes = if columns_in_lanes { "columns" } else { "rows" };
    kernel.notes.push(format!("lanes for few rows: {lanes}, since {why_lanes}"));
    kernel.notes.push(format!("cuts: {}; phases: {}", kernel.cuts, kernel.phases.len()));
    kernel.notes.push(format!("cost: about {} instructions per vector of pairs", kernel.cost));
}
