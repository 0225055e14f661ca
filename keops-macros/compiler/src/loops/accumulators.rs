//! From reductions to accumulators: what is kept per row while the columns pass, and the value made of it.

use super::kernel::{Accumulator, AccumulatorKind};
use super::levels::Levels;
use super::regroup::Regroup;
use super::{Part, Target};
use crate::ir::{
    Dim, Extreme, Graph, NodeId, Op, Program, ReductionId, ReductionKind, Side, Source, Variable, VariableId,
};
use crate::ops;
use crate::ops::reduction::unless_empty;
use std::collections::HashMap;
use std::f64::consts::LOG2_E;

/// The accumulators of a stage and the outputs over them.
pub(crate) struct Accumulators {
    pub(crate) list: Vec<Accumulator>,
    /// The variables that stand for parts of accumulators in the outputs.
    pub(crate) parts: HashMap<VariableId, (usize, Part)>,
    /// The variables that stand for references, in the values of scaled sums.
    pub(crate) references: HashMap<VariableId, usize>,
    /// The outputs, in terms of parts.
    pub(crate) outputs: Vec<NodeId>,
}

/// Chooses the accumulators of a stage; equal ones are shared.
pub(crate) fn choose(
    graph: &mut Graph,
    levels: &mut Levels,
    program: &Program,
    (keep, target): (Side, Target),
    outputs: &[NodeId],
) -> Accumulators {
    let (list, parts, references) = (vec![], HashMap::new(), HashMap::new());
    let mut builder = Builder { graph, levels, keep, target, list, parts, references };
    let used: Vec<ReductionId> = outputs
        .iter()
        .flat_map(|&root| builder.graph.reachable(&[root]))
        .filter_map(|n| match builder.graph.op(n) {
            Op::Reduced(r) => Some(*r),
            _ => None,
        })
        .collect();
    // Lists first, so that Min beside ArgMin of the same value is its first entry.
    let mut values: HashMap<ReductionId, NodeId> = HashMap::new();
    let is_list = |r: &ReductionId| {
        matches!(
            program.reductions[r.0 as usize].kind,
            ReductionKind::Position(_) | ReductionKind::Best { .. } | ReductionKind::BestPosition { .. }
        )
    };
    let (lists, others): (Vec<_>, Vec<_>) = used.into_iter().partition(is_list);
    for r in lists.into_iter().chain(others) {
        values.entry(r).or_insert_with(|| builder.reduction(program, r));
    }
    let outputs = outputs.iter().map(|&root| builder.substitute(root, &values)).collect();
    Accumulators { list: builder.list, parts: builder.parts, references: builder.references, outputs }
}

struct Builder<'a> {
    graph: &'a mut Graph,
    levels: &'a mut Levels,
    keep: Side,
    target: Target,
    list: Vec<Accumulator>,
    parts: HashMap<VariableId, (usize, Part)>,
    references: HashMap<VariableId, usize>,
}

impl Builder<'_> {
    fn reduction(&mut self, program: &Program, id: ReductionId) -> NodeId {
        let reduction = &program.reductions[id.0 as usize];
        let argument = reduction.argument;
        match reduction.kind {
            ReductionKind::Sum => self.sum(argument),
            ReductionKind::LogSumExp => {
                let (exponent, weight) = self.exponent(argument);
                let terms = match reduction.weight {
                    Some(g) => self.graph.mul(vec![weight, g]),
                    None => weight,
                };
                let sum = self.scaled_sum(exponent, terms);
                self.part(sum, Part::LogSum)
            }
            ReductionKind::SumSoftMaxWeight => {
                let (exponent, weight) = self.exponent(argument);
                let weighted = match reduction.weight {
                    Some(g) => self.graph.mul(vec![weight, g]),
                    None => weight,
                };
                let (above, below) = (self.scaled_sum(exponent, weighted), self.scaled_sum(exponent, weight));
                let (above, below) = (self.part(above, Part::Value), self.part(below, Part::Value));
                self.graph.div(above, below)
            }
            ReductionKind::Extreme(extreme) => {
                let value = self.regroup(argument);
                let first_of_list = AccumulatorKind::List { extreme, count: 1 };
                match self.list.iter().position(|a| a.kind == first_of_list && a.value == value) {
                    Some(list) => self.part(list, Part::ListValues),
                    None => {
                        let best = self.accumulator(AccumulatorKind::Best(extreme), value);
                        self.part(best, Part::Value)
                    }
                }
            }
            ReductionKind::Position(extreme) => self.list(extreme, 1, argument, Part::ListIndices),
            ReductionKind::Best { extreme, count } => self.list(extreme, count, argument, Part::ListValues),
            ReductionKind::BestPosition { extreme, count } => {
                self.list(extreme, count, argument, Part::ListIndices)
            }
        }
    }

    /// Factors that the columns do not change are multiplied in after the sum. Over no columns that is 0, whatever they are.
    fn sum(&mut self, argument: NodeId) -> NodeId {
        let (mut factors, rest) = Regroup::new(self.graph, self.levels).split_row_factors(argument);
        let rest = self.regroup(rest);
        let sum = self.accumulator(AccumulatorKind::Sum, rest);
        let guarded = self.may_be_infinite(&factors);
        factors.push(self.part(sum, Part::Value));
        let product = self.graph.mul(factors);
        if guarded { unless_empty(self.graph, product) } else { product }
    }

    /// Whether one of the factors may be infinite or NaN. Of data and of what is computed from them that is not asked, since a
    /// guard takes one step a row.
    fn may_be_infinite(&self, factors: &[NodeId]) -> bool {
        let is_finite = |factor: &NodeId| match self.graph.op(*factor) {
            Op::Constant(c) => c.to_f64().abs() <= f64::from(f32::MAX),
            _ => false,
        };
        !factors.iter().all(is_finite)
    }

    fn list(&mut self, extreme: Extreme, count: usize, argument: NodeId, part: Part) -> NodeId {
        let value = self.regroup(argument);
        let list = self.accumulator(AccumulatorKind::List { extreme, count }, value);
        self.part(list, part)
    }

    /// The accumulator of exponents of f in base 4, and the weight 4^(exponent − reference) = 2^(2 (exponent − reference)) of a
    /// pair: log₄ e is less than 1, so that the largest finite f has a finite exponent. A device has base 2, one instruction
    /// a pair less.
    fn exponent(&mut self, f: NodeId) -> (usize, NodeId) {
        let log_e = match self.target {
            Target::Host => LOG2_E / 2.0,
            Target::Device => LOG2_E,
        };
        let value = Regroup::new(self.graph, self.levels).exponent(f, log_e);
        let found = self
            .list
            .iter()
            .position(|a| matches!(a.kind, AccumulatorKind::Exponent { .. }) && a.value == value);
        let accumulator = found.unwrap_or_else(|| {
            let accumulator = self.list.len();
            let dim = self.graph.dim(value).clone();
            let reference = self.row_variable(format!("reference_{accumulator}"), dim);
            let kind = AccumulatorKind::Exponent { reference };
            self.references.insert(reference, accumulator);
            self.accumulator(kind, value)
        });
        let AccumulatorKind::Exponent { reference } = self.list[accumulator].kind else {
            unreachable!("an accumulator of exponents")
        };
        let reference = self.graph.variable_node(reference);
        let difference = self.graph.sub(value, reference);
        let exponent = match self.target {
            Target::Host => {
                let two = self.graph.integer(2);
                self.graph.mul(vec![two, difference])
            }
            Target::Device => difference,
        };
        (accumulator, self.graph.map(ops::named("Exp2"), vec![exponent]))
    }

    fn scaled_sum(&mut self, exponent: usize, terms: NodeId) -> usize {
        let terms = self.regroup(terms);
        self.accumulator(AccumulatorKind::ScaledSum { exponent }, terms)
    }

    fn accumulator(&mut self, kind: AccumulatorKind, value: NodeId) -> usize {
        if let Some(found) = self.list.iter().position(|a| a.kind == kind && a.value == value) {
            return found;
        }
        let dim = literal(self.graph.dim(value));
        self.list.push(Accumulator { kind, value, dim });
        self.list.len() - 1
    }

    /// The variable that stands for a part of an accumulator.
    fn part(&mut self, accumulator: usize, part: Part) -> NodeId {
        if let Some((v, _)) = self.parts.iter().find(|(_, p)| **p == (accumulator, part)) {
            return self.graph.variable_node(*v);
        }
        let a = &self.list[accumulator];
        let dim = match (a.kind, part) {
            (AccumulatorKind::List { count, .. }, _) => a.dim * count,
            _ => a.dim,
        };
        let variable = self.row_variable(format!("{part:?}_{accumulator}"), Dim::literal(dim));
        self.parts.insert(variable, (accumulator, part));
        self.graph.variable_node(variable)
    }

    fn row_variable(&mut self, name: String, dim: Dim) -> VariableId {
        let kind = self.keep.kind();
        let id = VariableId(self.graph.variables().len() as u32);
        self.graph.declare(Variable { name, kind, dim, source: Source::Internal });
        id
    }

    fn regroup(&mut self, node: NodeId) -> NodeId {
        Regroup::new(self.graph, self.levels).node(node)
    }

    /// An output with its reductions replaced by their values.
    fn substitute(&mut self, root: NodeId, values: &HashMap<ReductionId, NodeId>) -> NodeId {
        let mut done: HashMap<NodeId, NodeId> = HashMap::new();
        for id in self.graph.reachable(&[root]) {
            let node = self.graph.node(id).clone();
            let new = match &node.op {
                Op::Reduced(r) => values[r],
                _ => {
                    let args: Vec<NodeId> = node.args.iter().map(|a| done[a]).collect();
                    self.graph.intern(node.op, args, node.dim)
                }
            };
            done.insert(id, new);
        }
        self.regroup(done[&root])
    }
}

/// The value of a dimension.
///
/// # Panics
/// If it is symbolic: those are made literal before this stage.
pub(crate) fn literal(dim: &Dim) -> usize {
    dim.value().expect("dimensions are literal in the loop program")
}
