//! Squared distances between the two sides as |x|² + |y|² − 2 x·y, for functions marked `#[dot_products]`.
//!
//! One fused multiplication per coordinate and pair in place of a subtraction and a multiplication. The norms are hoisted.
//! What it costs is accuracy: the result is a difference of numbers as large as |x|², so its absolute error is of the
//! order of ε|x|², where the exact form has ε|x − y|². Never done unasked.

use super::sides::distance;
use crate::ir::{Graph, NodeId, Op, Program};
use crate::ops;
use std::collections::HashMap;

/// Whether the function has a squared distance between a value of i and a value of j.
pub fn applies(program: &Program) -> bool {
    let graph = &program.graph;
    graph.reachable(&program.roots()).into_iter().any(|id| distance(graph, id).is_some())
}

/// The function with all such distances rewritten.
pub fn dot_products(program: &Program) -> Program {
    let mut result = program.clone();
    let graph = &mut result.graph;
    let mut done: HashMap<NodeId, NodeId> = HashMap::new();
    for id in program.graph.reachable(&program.roots()) {
        let new = match distance(&program.graph, id) {
            Some((x, y)) => expanded(graph, done[&x], done[&y]),
            None => {
                let node = program.graph.node(id).clone();
                let args = node.args.iter().map(|a| done[a]).collect();
                graph.intern(node.op, args, node.dim)
            }
        };
        done.insert(id, new);
    }
    for reduction in &mut result.reductions {
        reduction.argument = done[&reduction.argument];
        reduction.weight = reduction.weight.map(|w| done[&w]);
    }
    for output in result.stages.iter_mut().flat_map(|s| &mut s.outputs) {
        output.nodes.iter_mut().for_each(|n| *n = done[n]);
    }
    result
}

/// max(0, |x|² + |y|² + 2 x·y): rounding may leave the sum below zero, where a root would be NaN. A sign of x or y joins the
/// two: with it, points would be kept with their signs turned.
fn expanded(graph: &mut Graph, x: NodeId, y: NodeId) -> NodeId {
    let ((x_turned, x), (y_turned, y)) = (unsigned(graph, x), unsigned(graph, y));
    let mut norm = |v| {
        let square = graph.power(v, 2);
        graph.sum(square)
    };
    let (x_norm, y_norm) = (norm(x), norm(y));
    let two = graph.integer(if x_turned == y_turned { 2 } else { -2 });
    let dot = graph.dot(x, y);
    let cross = graph.mul(vec![two, dot]);
    let sum = graph.add(vec![x_norm, y_norm, cross]);
    graph.map(ops::named("ReLU"), vec![sum])
}

/// Whether the value is −1 times another, and that one.
fn unsigned(graph: &mut Graph, value: NodeId) -> (bool, NodeId) {
    let factors = graph.factors(value);
    let is_sign = |f: &NodeId| matches!(graph.op(*f), Op::Constant(c) if c.is_minus_one());
    match factors.iter().position(is_sign) {
        Some(sign) if factors.len() > 1 => {
            let rest = [&factors[..sign], &factors[sign + 1..]].concat();
            let rest = graph.mul(rest);
            if graph.dim(rest) == graph.dim(value) { (true, rest) } else { (false, value) }
        }
        _ => (false, value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::testing::{simplified, values};

    fn program(body: &str) -> Program {
        simplified(&format!("fn f(x_i: Vi<3>, u_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {{ {body} }}"))
    }

    #[test]
    fn only_distances_between_the_sides_are_rewritten() {
        assert!(applies(&program("SqDist(x_i, y_j)")));
        assert!(applies(&program("Exp(-Norm2(y_j - 2 * u_i))")));
        assert!(!applies(&program("SqDist(x_i, u_i) * y_j[0]")));
        assert!(!applies(&program("(x_i | y_j)")));
    }

    #[test]
    fn a_sign_is_not_kept_with_the_points() {
        for (body, factor) in
            [("SqDist(x_i, y_j)", -2), ("SqNorm2(-x_i - y_j)", 2), ("SqNorm2(x_i + y_j)", 2)]
        {
            let rewritten = dot_products(&program(body));
            let numbers = |rewritten: &Program| -> Vec<f64> {
                let ids = rewritten.graph.reachable(&rewritten.roots());
                let constant = |id: &NodeId| match rewritten.graph.op(*id) {
                    Op::Constant(c) => Some(c.to_f64()),
                    _ => None,
                };
                ids.iter().filter_map(constant).collect()
            };
            assert_eq!(numbers(&rewritten), [f64::from(factor)], "{body}");
        }
    }

    #[test]
    fn the_value_stays() {
        for body in
            ["Exp(-SqDist(x_i, y_j))", "Min_j(SqDist(2 * x_i, y_j))", "SqDist(x_i, u_i) * SqDist(y_j, x_i)"]
        {
            let exact = program(body);
            let rewritten = dot_products(&exact);
            assert_ne!(exact.reductions[0], rewritten.reductions[0], "{body}");
            for (a, b) in values(&exact, &[]).into_iter().zip(values(&rewritten, &[])) {
                // Coordinates are below 1, so the cancellation loses a few ulp of 12.
                assert!((a - b).abs() < 1e-13, "{body}: {a} {b}");
            }
        }
    }
}
