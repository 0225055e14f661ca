//! Reverse-mode differentiation of a formula, from graph to graph.
//!
//! For a value f and a seed e of its dimension, the adjoint of a variable v is Σ_k e_k ∂f_k/∂v: the transpose of the
//! differential, applied to e. The result is again a graph, so derivatives nest.
//!
//! While they are propagated, adjoints of dimension 1 stand for that number in every coordinate; so the adjoint of a
//! coordinate sum is the seed itself, and nothing is repeated that a broadcast repeats for free.

mod build;
mod contraction;
mod differential;
mod operators;
mod rules;
#[cfg(test)]
mod tests;

pub(crate) use build::spread;
pub use differential::differential;
pub use operators::{divergence, grad_matrix, laplacian};

use crate::ir::{Graph, NodeId, VariableId};
use std::collections::{BTreeSet, HashMap};

/// Σ_k seed_k ∂f_k/∂v, with v's dimension: zeros if f does not depend on v. The seed has f's dimension, or 1 for the
/// same number in every coordinate of f.
pub fn gradient(graph: &mut Graph, f: NodeId, variable: VariableId, seed: NodeId) -> NodeId {
    gradients(graph, &[(f, seed)], &[variable])[0]
}

/// For each variable v: Σ over the roots (f, seed) of Σ_k seed_k ∂f_k/∂v. One sweep for all of them, so that what the
/// roots share is differentiated once.
pub fn gradients(graph: &mut Graph, roots: &[(NodeId, NodeId)], variables: &[VariableId]) -> Vec<NodeId> {
    let nodes: Vec<NodeId> = variables.iter().map(|&v| graph.variable_node(v)).collect();
    let adjoints = adjoints(graph, roots, &nodes);
    let gradient = |(adjoint, node): (Option<NodeId>, NodeId)| {
        let dim = graph.dim(node).clone();
        match adjoint {
            Some(adjoint) => build::spread(graph, adjoint, &dim),
            None => graph.zeros(&dim),
        }
    };
    adjoints.into_iter().zip(nodes).map(gradient).collect()
}

/// The same with respect to any nodes, such as the `Reduced` nodes of a stage: `None` where no root depends on the
/// node. An adjoint has the node's dimension, or 1 for the same number in every coordinate.
pub fn adjoints(graph: &mut Graph, roots: &[(NodeId, NodeId)], nodes: &[NodeId]) -> Vec<Option<NodeId>> {
    let values: Vec<NodeId> = roots.iter().map(|(root, _)| *root).collect();
    let active = between(graph, &values, nodes);
    // What has been found of the adjoint of each node: terms still to be summed.
    let mut terms: HashMap<NodeId, Vec<NodeId>> = HashMap::new();
    for (root, seed) in roots {
        terms.entry(*root).or_default().push(*seed);
    }
    let mut adjoints = HashMap::new();
    // Arguments have smaller numbers than nodes: descending, every node is met after all that use it.
    for &node in active.iter().rev() {
        let Some(adjoint) = terms.remove(&node).and_then(|terms| build::total(graph, &terms)) else {
            continue;
        };
        adjoints.insert(node, adjoint);
        for (argument, term) in rules::contributions(graph, node, adjoint, &active) {
            terms.entry(argument).or_default().push(term);
        }
    }
    nodes.iter().map(|node| adjoints.get(node).copied()).collect()
}

/// The nodes that some root depends on and that depend on some of `nodes`, both ends included.
fn between(graph: &Graph, roots: &[NodeId], nodes: &[NodeId]) -> BTreeSet<NodeId> {
    let mut active = BTreeSet::new();
    for node in graph.reachable(roots) {
        if nodes.contains(&node) || graph.args(node).iter().any(|argument| active.contains(argument)) {
            active.insert(node);
        }
    }
    active
}
