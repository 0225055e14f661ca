//! How many row vectors go together, and what a pair costs.

use super::Target;
use super::cost::{ACCUMULATORS, Cost, OVERLAPPING, of_statements};
use super::kernel::{AccumulatorKind, Kernel, Phase};

/// Decides on the number of row vectors and estimates the cost of a pair.
pub(crate) fn decide(kernel: &mut Kernel, target: Target) {
    let groups = |phase: &Phase| phase.groups.map_or(1, |(_, n)| n);
    let cost = kernel
        .phases
        .iter()
        .map(|phase| of_statements(&phase.body).times(groups(phase)))
        .fold(Cost::default(), Cost::plus);
    let lists: usize = kernel
        .accumulators
        .iter()
        .map(|a| match a.kind {
            AccumulatorKind::List { count, .. } if count > 1 => count * a.dim,
            _ => 0,
        })
        .sum();
    let widest = kernel.phases.iter().filter(|p| p.groups.is_none()).map(|p| p.tail.len()).max().unwrap_or(0);
    let blocked = kernel.phases.iter().any(|p| p.columns > 1);
    let (vectors, why) = if lists > 0 {
        (1, format!("{lists} list entries per row stay in registers as far as they can"))
    } else if cost.long_functions >= OVERLAPPING {
        (1, format!("{} functions per pair already overlap", cost.long_functions))
    } else if widest > ACCUMULATORS && !blocked {
        (1, format!("{widest} accumulators per row fill the registers"))
    } else {
        (2, "two row vectors hide the latency of one".to_string())
    };
    kernel.vectors = vectors;
    kernel.cost = cost.on(target);
    kernel.notes.push(format!("row vectors: {vectors}, since {why}"));
    kernel.notes.push(format!("cuts: {}; phases: {}", kernel.cuts, kernel.phases.len()));
    kernel.notes.push(format!("cost: about {} instructions per vector of pairs", kernel.cost));
}
