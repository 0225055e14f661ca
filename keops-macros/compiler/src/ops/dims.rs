//! The checks on operands' dimensions that the rows share.

use crate::ir::{Dim, Graph, NodeId};
use crate::ops::{Operand, Wrong};

/// The formulas among the operands, if their dimensions are equal or 1.
pub(super) fn broadcast(graph: &Graph, operands: &[Operand]) -> Result<Vec<NodeId>, Wrong> {
    let mut vector: Option<(usize, &Dim)> = None;
    let mut values = vec![];
    for (k, operand) in operands.iter().enumerate() {
        let Operand::Value(node) = operand else { continue };
        values.push(*node);
        let dim = graph.dim(*node);
        match vector {
            _ if dim.is_one() => {}
            Some((first, other)) if other != dim => return Err(Wrong::Broadcast(first, k)),
            Some(_) => {}
            None => vector = Some((k, dim)),
        }
    }
    Ok(values)
}

/// Two operands must have the same dimension.
pub(super) fn equal(graph: &Graph, operands: &[Operand], a: usize, b: usize) -> Result<(), Wrong> {
    let same = graph.dim(operands[a].value()) == graph.dim(operands[b].value());
    same.then_some(()).ok_or(Wrong::Equal(a, b))
}

/// The node of an operand that must have dimension 1.
pub(super) fn single(graph: &Graph, operands: &[Operand], k: usize) -> Result<NodeId, Wrong> {
    let node = operands[k].value();
    graph.dim(node).is_one().then_some(node).ok_or(Wrong::NotScalar(k))
}

/// The integer operand k, which must lie between two bounds, both included.
pub(super) fn in_range(operands: &[Operand], k: usize, first: i64, last: i64) -> Result<i64, Wrong> {
    let value = operands[k].integer();
    (first..=last).contains(&value).then_some(value).ok_or(Wrong::Range(k, first, last))
}

/// The number of coordinates of a formula operand.
pub(super) fn length(graph: &Graph, operands: &[Operand], k: usize) -> Result<usize, Wrong> {
    graph.dim(operands[k].value()).value().ok_or(Wrong::Unknown)
}
