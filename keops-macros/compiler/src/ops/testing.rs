//! What the tests of the rows share.

use crate::ast::Kind;
use crate::ir::evaluate::{Leaves, evaluate};
use crate::ir::{Dim, Graph, NodeId, Source, Variable};
use crate::ops::{Entry, Operand, Wrong, lookup};

/// A graph with one variable for each row, their nodes, and the rows as the variables' values.
pub(crate) fn vectors(rows: &[&[f64]]) -> (Graph, Vec<NodeId>, Leaves) {
    let mut graph = Graph::default();
    let declare = |(k, row): (usize, &&[f64])| Variable {
        name: format!("x{k}"),
        kind: Kind::I,
        dim: Dim::literal(row.len()),
        source: Source::Argument(k),
    };
    let nodes = rows.iter().enumerate().map(declare).map(|v| graph.declare(v)).collect();
    let variables = rows.iter().map(|row| row.to_vec()).collect();
    (graph, nodes, Leaves { variables, ..Leaves::default() })
}

/// The value of a named operation at formulas with these values, followed by other operands.
pub(crate) fn evaluate_operation(name: &str, values: &[&[f64]], rest: &[Operand]) -> Result<Vec<f64>, Wrong> {
    let Some(Entry::Named(row)) = lookup(name) else { panic!("{name} is no named operation") };
    let (mut graph, nodes, leaves) = vectors(values);
    let operands: Vec<Operand> = nodes.into_iter().map(Operand::Value).chain(rest.iter().cloned()).collect();
    let node = (row.expand)(&mut graph, &operands)?;
    Ok(evaluate(&graph, node, &leaves))
}
