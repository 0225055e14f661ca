//! Forward mode: the differential itself, in the direction of a value.

use super::between;
use super::build::{coordinate_sum, product, spread, total};
use super::rules::{part, power_slope, products_of_others};
use crate::ir::{Graph, NodeId, Op, VariableId};
use crate::ops::scalar;
use std::collections::HashMap;

/// Σ_l ∂f/∂v_l u_l, with f's dimension, for a direction u of v's dimension (or 1, for the same number in every
/// coordinate): zeros if f does not depend on v. It is the transpose of [`super::gradient`].
pub fn differential(graph: &mut Graph, f: NodeId, variable: VariableId, direction: NodeId) -> NodeId {
    let node = graph.variable_node(variable);
    // A change of dimension 1 stands for that number in every coordinate; a node without one does not change.
    let mut changes: HashMap<NodeId, NodeId> = HashMap::from([(node, direction)]);
    for id in between(graph, &[f], &[node]) {
        if id != node
            && let Some(change) = change(graph, id, &changes)
        {
            changes.insert(id, change);
        }
    }
    let dim = graph.dim(f).clone();
    match changes.get(&f) {
        Some(&change) => spread(graph, change, &dim),
        None => graph.zeros(&dim),
    }
}

/// The change of a node, given those of its arguments.
fn change(graph: &mut Graph, node: NodeId, changes: &HashMap<NodeId, NodeId>) -> Option<NodeId> {
    let op = graph.op(node).clone();
    let args = graph.args(node).to_vec();
    let dim = graph.dim(node).clone();
    let of = |argument: NodeId| changes.get(&argument).copied();
    match op {
        Op::Variable(_) | Op::Constant(_) | Op::Count | Op::Reduced(_) | Op::Position(_) | Op::OneHot => None,
        Op::Add => {
            let terms: Vec<NodeId> = args.iter().filter_map(|&a| of(a)).collect();
            total(graph, &terms)
        }
        Op::Mul => {
            let mut terms = Vec::new();
            for (&a, others) in args.iter().zip(products_of_others(graph, &args)) {
                if let Some(change) = of(a) {
                    terms.extend(product(graph, &[&[change], &others[..]].concat()));
                }
            }
            total(graph, &terms)
        }
        Op::Power(n) => {
            let slope = power_slope(graph, node, args[0], n);
            product(graph, &[&[of(args[0])?], &slope[..]].concat())
        }
        Op::Map(function) => {
            let mut terms = Vec::new();
            for (k, &a) in args.iter().enumerate() {
                if let Some(change) = of(a)
                    && let Some(slope) = (scalar::scalar(function).derivative)(graph, &args, k)
                {
                    terms.extend(product(graph, &[change, slope]));
                }
            }
            total(graph, &terms)
        }
        Op::Sum => {
            let from = graph.dim(args[0]).clone();
            coordinate_sum(graph, &[of(args[0])?], &from)
        }
        Op::Fill => of(args[0]),
        Op::Concat => {
            let parts = args.iter().map(|&a| {
                let dim = graph.dim(a).clone();
                match of(a) {
                    Some(change) => spread(graph, change, &dim),
                    None => graph.zeros(&dim),
                }
            });
            let parts = parts.collect();
            Some(graph.concat(parts))
        }
        Op::Extract { start, step } => Some(part(graph, of(args[0])?, start, step, &dim)),
        Op::Pad { start, step } => {
            let len = graph.dim(args[0]).clone();
            let written_out = spread(graph, of(args[0])?, &len);
            Some(graph.pad(written_out, start, step, &dim))
        }
        Op::Contract(c) => {
            let [a, b] = args[..] else { unreachable!("a contraction has two arguments") };
            let mut terms = Vec::new();
            if let Some(change) = of(a) {
                let dim = graph.dim(a).clone();
                let change = spread(graph, change, &dim);
                terms.push(graph.contract(c.clone(), change, b));
            }
            if let Some(change) = of(b) {
                let dim = graph.dim(b).clone();
                let change = spread(graph, change, &dim);
                terms.push(graph.contract(c, a, change));
            }
            total(graph, &terms)
        }
        Op::Extreme(extreme) => {
            let from = graph.dim(args[0]).clone();
            let position = graph.position(extreme, args[0]);
            let chosen = graph.one_hot(position, &from);
            coordinate_sum(graph, &[of(args[0])?, chosen], &from)
        }
    }
}
