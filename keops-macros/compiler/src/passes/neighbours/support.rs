//! Values that are 0 for all pairs beyond some distance.

use super::{Distance, argument, distance, is_parameter};
use crate::ir::{Extreme, Graph, NodeId, Op};
use crate::ops;
use std::collections::HashMap;

/// A distance and what bounds it: where f(|x − y|²) > `limit` the value is 0, for an increasing f.
#[derive(Clone, Debug, PartialEq)]
pub struct Support {
    /// The bound, one number for all pairs.
    pub limit: NodeId,
    /// f, or −f.
    pub distance: Distance,
    /// Whether `distance` is −f.
    pub negative: bool,
}

/// The bounds of a value: it is 0 for a pair that is outside all of them. `None` if it need not be 0 anywhere.
///
/// A product is 0 where one factor is: another that is infinite or not a number there does not count.
pub fn supports(graph: &Graph, node: NodeId) -> Option<Vec<Support>> {
    // Each node once: nodes are shared.
    let mut known: HashMap<NodeId, Option<Vec<Support>>> = HashMap::new();
    for id in graph.reachable(&[node]) {
        let found = supports_of(graph, id, &known);
        known.insert(id, found);
    }
    known.remove(&node).flatten()
}

/// The bounds of a value, given those of its arguments.
fn supports_of(
    graph: &Graph,
    node: NodeId,
    known: &HashMap<NodeId, Option<Vec<Support>>>,
) -> Option<Vec<Support>> {
    let args = graph.args(node);
    match graph.op(node) {
        Op::Mul | Op::Contract(_) => args.iter().find_map(|factor| known[factor].clone()),
        Op::Add | Op::Concat => {
            let mut all: Vec<Support> = vec![];
            for term in args {
                let new: Vec<Support> =
                    known[term].as_ref()?.iter().filter(|s| !all.contains(s)).cloned().collect();
                all.extend(new);
            }
            Some(all)
        }
        Op::Power(n) if *n > 0 => known[&args[0]].clone(),
        Op::Sum | Op::Fill | Op::Extract { .. } | Op::Pad { .. } => known[&args[0]].clone(),
        Op::Map(function) => {
            let is = |name| *function == ops::named(name);
            if is("Step") || is("ReLU") || (is("IfElse") && is_zero(graph, args[2])) {
                nonnegative(graph, args[0])
            } else if is("IfElse") && is_zero(graph, args[1]) {
                // `Where(c, f, 0)`: 0 ≥ 0 where c = 0.
                known[&args[0]].clone()
            } else if is("LessThan") || is("LessOrEqual") {
                below(graph, args[0], args[1])
            } else {
                None
            }
        }
        _ => None,
    }
}

/// Where `limit` − f can be ≥ 0. The sign of a difference survives rounding.
fn nonnegative(graph: &Graph, node: NodeId) -> Option<Vec<Support>> {
    let (Op::Add, &[a, b]) = (graph.op(node), graph.args(node)) else { return None };
    let (limit, value) = if is_parameter(graph, a) { (a, b) } else { (b, a) };
    let distance = distance(graph, value).filter(|d| d.is_nearest(graph, Extreme::Max))?;
    is_parameter(graph, limit).then(|| vec![Support { limit, distance, negative: true }])
}

/// Where f can be below `limit`.
fn below(graph: &Graph, value: NodeId, limit: NodeId) -> Option<Vec<Support>> {
    let distance = distance(graph, value).filter(|d| d.is_nearest(graph, Extreme::Min))?;
    is_parameter(graph, limit).then(|| vec![Support { limit, distance, negative: false }])
}

fn is_zero(graph: &Graph, node: NodeId) -> bool {
    match argument(graph, node, &Op::Fill) {
        Some(number) => is_zero(graph, number),
        None => matches!(graph.op(node), Op::Constant(c) if c.to_f64() == 0.0),
    }
}
