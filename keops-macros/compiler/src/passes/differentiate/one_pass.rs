//! Gradients with respect to variables of the kept rows, and parameters, in a single pass.
//!
//! A factor that all pairs of a row share can be multiplied in after the reduction instead of being saved before it:
//! Σ_b ē ∂F/∂x = ē Σ_b ∂F/∂x for a number ē, and the gradient of a log-sum-exp is a soft-max, which needs no saved
//! log-sum-exp. So the sums of the function and those of its gradient run together, and the pairs' values, exponentials
//! above all, are computed once. It costs a sum of the variable's dimension for each different factor.

use super::Backward;
use crate::ir::{Graph, NodeId, Op, Reduction, ReductionId, ReductionKind, Stage};
use crate::ops::reduction::{self, Adjoint, KeptRow, RowTerm, SplitSeed};

/// So many sums of the variable's dimension are taken for cheaper than a second pass,
const SUMS: usize = 2;
/// and, when the variable has few coordinates, so many sums of numbers.
const NUMBERS: usize = 16;

impl Backward<'_> {
    /// The gradient as one stage; `None` if it needs several.
    pub(super) fn one_pass(
        &mut self,
        adjoints: &[(ReductionId, NodeId)],
        direct: Option<NodeId>,
    ) -> Option<Stage> {
        if self.side != self.kept {
            return None;
        }
        let mut terms = Vec::new();
        for &(id, seed) in adjoints {
            let reduction = self.program.reductions[id.0 as usize].clone();
            match reduction::row(reduction.kind).adjoint {
                Adjoint::Nowhere => {}
                Adjoint::EveryPair { within_row, .. } => {
                    let seed = split(self.graph(), seed)?;
                    terms.extend(within_row(self, &reduction, &seed)?);
                }
                Adjoint::ChosenPairs(_) => return None,
            }
        }
        let mut sums = Vec::new();
        for term in grouped(terms) {
            sums.extend(self.gradient_of_pair(&term.roots).map(|value| (term, value)));
        }
        let dim = self.dim().value()?;
        if sums.len() > SUMS && sums.len() * dim > NUMBERS {
            return None;
        }
        let sums: Vec<NodeId> = sums.iter().map(|(term, value)| self.row_sum(term, *value)).collect();
        self.sum_stage(sums.into_iter().chain(direct).collect())
    }

    /// A term of the gradient, from its value in one pair.
    fn row_sum(&mut self, term: &RowTerm, value: NodeId) -> NodeId {
        let (kind, argument, weight) = match term.soft_max {
            None => (ReductionKind::Sum, value, None),
            Some(f) => (ReductionKind::SumSoftMaxWeight, f, Some(value)),
        };
        let sum = self.reduced(Reduction { kind, argument, weight });
        let product = self.graph().mul(term.factor.into_iter().chain([sum]).collect());
        match term.soft_max {
            None if term.factor.is_none() => product,
            None => reduction::unless_empty(self.graph(), product),
            Some(f) => {
                let total = self.reduced(reduction::log_total(f));
                reduction::unless_infinite(self.graph(), total, product)
            }
        }
    }
}

/// Terms with the same factor and the same weights are one sum.
fn grouped(terms: Vec<RowTerm>) -> Vec<RowTerm> {
    let mut groups: Vec<RowTerm> = Vec::new();
    for term in terms {
        let same = |group: &&mut RowTerm| (group.factor, group.soft_max) == (term.factor, term.soft_max);
        match groups.iter_mut().find(same) {
            Some(group) => group.roots.extend(term.roots),
            None => groups.push(term),
        }
    }
    groups
}

/// An adjoint as a number that depends on reductions (or on how many points were reduced) times what is known in each
/// pair; `None` if its coordinates depend on reductions in different ways.
fn split(graph: &mut Graph, seed: NodeId) -> Option<SplitSeed> {
    let is_late = |graph: &Graph, node: NodeId| {
        graph.reachable(&[node]).into_iter().any(|node| matches!(graph.op(node), Op::Reduced(_) | Op::Count))
    };
    let (late, early): (Vec<NodeId>, Vec<NodeId>) =
        graph.factors(seed).into_iter().partition(|&factor| is_late(graph, factor));
    if late.iter().any(|&factor| !graph.dim(factor).is_one()) {
        return None;
    }
    let factor = if late.is_empty() { None } else { Some(graph.mul(late)) };
    let pair = if early.is_empty() { graph.integer(1) } else { graph.mul(early) };
    Some(SplitSeed { factor, pair })
}
