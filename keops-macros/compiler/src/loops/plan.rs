//! How many row vectors go together, and what a pair costs.

use super::cost::{ACCUMULATORS, OVERLAPPING, of_pair};
use super::kernel::{AccumulatorKind, Kernel};
use super::{Arithmetic, Target};

/// Decides on the number of row vectors and estimates the cost of a pair.
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
    kernel.vectors = vectors;
    kernel.cost = cost;
    kernel.notes.push(format!("row vectors: {vectors}, since {why}"));
    kernel.notes.push(format!("cuts: {}; phases: {}", kernel.cuts, kernel.phases.len()));
    kernel.notes.push(format!("cost: about {} instructions per vector of pairs", kernel.cost));
}
