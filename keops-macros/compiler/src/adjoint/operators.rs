//! Differential operators made of gradients.

use super::{build, gradient, gradients};
use crate::ir::{Dim, Graph, NodeId, VariableId};

/// ∂f_k/∂v_l for all k and l: d(f) · d(v) coordinates, k slow, l fast.
///
/// # Panics
/// If the dimension of f is no literal.
pub fn grad_matrix(graph: &mut Graph, f: NodeId, variable: VariableId) -> NodeId {
    let one = graph.integer(1);
    let rows = coordinates(graph, f).into_iter().map(|f_k| gradient(graph, f_k, variable, one)).collect();
    graph.concat(rows)
}

/// Σ_k ∂f_k/∂v_k, for an f of v's dimension.
///
/// # Panics
/// If that dimension is no literal.
pub fn divergence(graph: &mut Graph, f: NodeId, variable: VariableId) -> NodeId {
    let one = graph.integer(1);
    let mut diagonal = Vec::new();
    for (k, f_k) in coordinates(graph, f).into_iter().enumerate() {
        let row = gradient(graph, f_k, variable, one);
        diagonal.push(graph.extract(row, k, &Dim::literal(1)));
    }
    build::total(graph, &diagonal).unwrap_or_else(|| graph.integer(0))
}

/// Σ_k ∂²f/∂v_k², for an f of dimension 1.
///
/// # Panics
/// If the dimension of v is no literal.
pub fn laplacian(graph: &mut Graph, f: NodeId, variable: VariableId) -> NodeId {
    let one = graph.integer(1);
    let slope = gradients(graph, &[(f, one)], &[variable])[0];
    divergence(graph, slope, variable)
}

fn coordinates(graph: &mut Graph, f: NodeId) -> Vec<NodeId> {
    let dim = graph.dim(f).value().expect("coordinates are counted at compile time");
    (0..dim).map(|k| graph.extract(f, k, &Dim::literal(1))).collect()
}
