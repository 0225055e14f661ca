//! Where the pair loop is cut.
//!
//! An exponential after a distance is a chain of some sixty cycles in which little overlaps. Cut in two loops over a
//! tile, the first writing exponents to a buffer in the first-level cache and the second reading them, both have short
//! chains that fill the machine, and registers suffice for each (measured: 12.5 to 8.2 cycles per vector). A GPU hides
//! latency by its threads and needs no such cuts.

use super::Target;
use super::accumulators::{Accumulators, literal};
use super::cost::{CHEAP, LIST_ENTRIES, MOST_PHASES, UNROLLED, contracted, is_long, own};
use super::kernel::{Accumulator, AccumulatorKind};
use super::levels::{Level, Levels};
use crate::ir::{Graph, NodeId, Op};
use std::collections::{HashMap, HashSet};

/// The phase of each value of a pair, and of each accumulator.
#[derive(Debug)]
pub(crate) struct Phases {
    target: Target,
    phase: HashMap<NodeId, usize>,
    /// What a value costs within its phase, given what earlier phases left.
    cost: HashMap<NodeId, usize>,
    /// The phase that takes each accumulator's values.
    pub(crate) accumulators: Vec<usize>,
    /// Phases in which long vectors are summed up: there columns are worked on in blocks.
    pub(crate) blocked: Vec<bool>,
    /// The number of phases.
    pub(crate) count: usize,
}

impl Phases {
    /// The phase of a node of the pair.
    pub(crate) fn of(&self, node: NodeId) -> usize {
        self.phase[&node]
    }

    /// Whether the node is done again rather than kept.
    pub(crate) fn cheap(&self, node: NodeId) -> bool {
        self.cost[&node] <= CHEAP
    }
}

/// Assigns phases to all that the accumulators need.
pub(crate) fn assign(
    graph: &Graph,
    levels: &mut Levels,
    accumulators: &Accumulators,
    target: Target,
) -> Phases {
    let mut phases = Phases {
        target,
        phase: HashMap::new(),
        cost: HashMap::new(),
        accumulators: vec![0; accumulators.list.len()],
        blocked: vec![],
        count: 1,
    };
    // References are known when the accumulators of exponents have their phase, and those when it is known where long sums
    // are that do not read references.
    let all: Vec<NodeId> = accumulators.list.iter().map(|a| a.value).collect();
    let mut after_references: HashSet<NodeId> = HashSet::new();
    let nodes = graph.reachable(&all);
    for &id in &nodes {
        let reads = matches!(graph.op(id), Op::Variable(v) if accumulators.references.contains_key(v));
        if reads || graph.args(id).iter().any(|a| after_references.contains(a)) {
            after_references.insert(id);
        }
    }
    let is_exponent = |n: &usize| matches!(accumulators.list[*n].kind, AccumulatorKind::Exponent { .. });
    let (exponents, others): (Vec<usize>, Vec<usize>) = (0..all.len()).partition(is_exponent);
    for (late, taken) in [(false, exponents), (true, others)] {
        for &id in nodes.iter().filter(|id| after_references.contains(id) == late) {
            phases.node(graph, levels, accumulators, id);
        }
        for n in taken {
            phases.take(graph, levels, n, &accumulators.list[n]);
        }
    }
    phases.blocked.resize(phases.count, false);
    phases
}

impl Phases {
    /// The phase that takes an accumulator's values: not one in which columns go together.
    fn take(&mut self, graph: &Graph, levels: &mut Levels, n: usize, accumulator: &Accumulator) {
        let apart = accumulator.dim > UNROLLED && needs_cut(graph, levels, accumulator.value);
        let mut phase = self.phase[&accumulator.value] + usize::from(apart);
        while self.blocked.get(phase).copied().unwrap_or(false) {
            phase += 1;
        }
        self.accumulators[n] = phase;
        self.count = self.count.max(phase + 1);
    }

    fn node(&mut self, graph: &Graph, levels: &mut Levels, accumulators: &Accumulators, id: NodeId) {
        let mut phase = graph.args(id).iter().map(|a| self.phase[a]).max().unwrap_or(0);
        if let Op::Variable(v) = graph.op(id)
            && let Some(&exponent) = accumulators.references.get(v)
        {
            // The reference is known after the phase that takes the exponents.
            phase = self.accumulators[exponent] + 1;
        }
        if levels.of(graph, id) != Level::Pair {
            self.phase.insert(id, phase);
            self.cost.insert(id, 0);
            return;
        }
        let short = literal(graph.dim(id)) <= UNROLLED;
        let host = self.target == Target::Host;
        if host
            && short
            && phase + 1 < MOST_PHASES
            && is_long(graph, id)
            && self.cost_in(graph, id, phase) > CHEAP
        {
            phase += 1;
        }
        let long_sum = matches!(graph.op(id), Op::Sum | Op::Extreme(_) | Op::Position(_))
            && literal(graph.dim(graph.args(id)[0])) > UNROLLED
            || matches!(graph.op(id), Op::Contract(c) if contracted(c) > UNROLLED && short);
        if host && long_sum {
            self.blocked.resize(self.blocked.len().max(phase + 1), false);
            self.blocked[phase] = true;
        }
        let cost = self.cost_in(graph, id, phase) + own(graph, id);
        self.phase.insert(id, phase);
        self.cost.insert(id, cost);
    }

    /// What the arguments cost in a phase: nothing where they come from an earlier one.
    fn cost_in(&self, graph: &Graph, id: NodeId, phase: usize) -> usize {
        graph.args(id).iter().filter(|a| self.phase[a] == phase).map(|a| self.cost[a]).sum()
    }
}

/// Whether a long value, taken in groups of coordinates, needs a number per pair that would be computed again for each
/// group.
fn needs_cut(graph: &Graph, levels: &mut Levels, value: NodeId) -> bool {
    graph
        .reachable(&[value])
        .into_iter()
        .any(|n| levels.of(graph, n) == Level::Pair && literal(graph.dim(n)) <= UNROLLED)
}

/// Whether the accumulator takes its coordinates in groups, each with its own loop over the columns.
pub(crate) fn grouped(kind: AccumulatorKind, dim: usize) -> bool {
    dim > group_size(kind)
}

/// Coordinates of an accumulator that are worked on together.
pub(crate) fn group_size(kind: AccumulatorKind) -> usize {
    match kind {
        AccumulatorKind::List { count, .. } => (LIST_ENTRIES / count).max(1),
        _ => UNROLLED,
    }
}
