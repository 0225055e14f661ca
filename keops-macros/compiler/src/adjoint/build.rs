//! Constructors that leave out what adjoints are full of: factors 1, terms 0, sums of one term.
//!
//! `None` is zero. Arguments and values of dimension 1 stand for that number in every coordinate.

use crate::ir::{Dim, Graph, NodeId, Op};
use crate::number::Number;

/// The adjoint with all its coordinates written out: a number is repeated to `dim`.
pub(crate) fn spread(graph: &mut Graph, adjoint: NodeId, dim: &Dim) -> NodeId {
    if graph.dim(adjoint).is_one() { graph.fill(adjoint, dim) } else { adjoint }
}

/// The product of the factors.
pub(super) fn product(graph: &mut Graph, factors: &[NodeId]) -> Option<NodeId> {
    if factors.iter().any(|&factor| is_constant(graph, factor, 0)) {
        return None;
    }
    let factors: Vec<NodeId> = factors.iter().copied().filter(|&f| !is_constant(graph, f, 1)).collect();
    Some(if factors.is_empty() { graph.integer(1) } else { graph.mul(factors) })
}

/// The sum of the terms; a term that occurs several times is multiplied.
pub(super) fn total(graph: &mut Graph, terms: &[NodeId]) -> Option<NodeId> {
    let mut counted: Vec<(NodeId, i64)> = Vec::new();
    for &term in terms {
        // Only neighbours are compared: x · x gives its term twice in a row, and long sums stay linear.
        match counted.last_mut() {
            Some((last, count)) if *last == term => *count += 1,
            _ => counted.push((term, 1)),
        }
    }
    let mut distinct = Vec::new();
    for (term, count) in counted {
        let count = graph.integer(count);
        distinct.extend(product(graph, &[count, term]));
    }
    if distinct.is_empty() { None } else { Some(graph.add(distinct)) }
}

/// The adjoint of broadcasting: the product of the factors, for an argument of dimension `to` of an operation of
/// dimension `from`. If a number was used for several coordinates, their adjoints are summed.
pub(super) fn fit(graph: &mut Graph, factors: &[NodeId], from: &Dim, to: &Dim) -> Option<NodeId> {
    if to.is_one() && !from.is_one() { coordinate_sum(graph, factors, from) } else { product(graph, factors) }
}

/// Σ over `dim` coordinates of the product of the factors; factors of dimension 1 stay outside of the sum.
pub(super) fn coordinate_sum(graph: &mut Graph, factors: &[NodeId], dim: &Dim) -> Option<NodeId> {
    let (mut numbers, vectors): (Vec<NodeId>, Vec<NodeId>) =
        factors.iter().partition(|&&factor| graph.dim(factor).is_one());
    let summed = product(graph, &vectors)?;
    // Without a vector among the factors this is a sum of `dim` ones.
    let summed = if graph.dim(summed).is_one() { graph.fill(summed, dim) } else { summed };
    numbers.push(count_or_sum(graph, summed));
    product(graph, &numbers)
}

/// The sum of the coordinates, as a number where they are all one.
fn count_or_sum(graph: &mut Graph, summed: NodeId) -> NodeId {
    match graph.dim(summed).value() {
        Some(dim) if is_constant(graph, summed, 1) => graph.integer(dim as i64),
        _ => graph.sum(summed),
    }
}

/// Whether every coordinate is this constant.
fn is_constant(graph: &Graph, node: NodeId, value: i64) -> bool {
    match graph.op(node) {
        Op::Constant(number) => *number == Number::integer(value),
        Op::Fill => is_constant(graph, graph.args(node)[0], value),
        _ => false,
    }
}
