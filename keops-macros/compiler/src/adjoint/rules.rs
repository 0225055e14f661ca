//! The adjoint of every core operation.

use super::build::{coordinate_sum, fit, product, spread};
use super::contraction;
use crate::ir::{Dim, Graph, NodeId, Op};
use crate::ops::scalar;
use std::collections::BTreeSet;

/// For each argument of `node` that is `wanted`, a term of its adjoint, given the adjoint of the node. An argument that
/// occurs several times gets several terms; an argument whose term is zero gets none.
pub(super) fn contributions(
    graph: &mut Graph,
    node: NodeId,
    adjoint: NodeId,
    wanted: &BTreeSet<NodeId>,
) -> Vec<(NodeId, NodeId)> {
    let op = graph.op(node).clone();
    let args = graph.args(node).to_vec();
    let dim = graph.dim(node).clone();
    let mut terms = Vec::new();
    let mut put = |argument: NodeId, term: Option<NodeId>| terms.extend(term.map(|term| (argument, term)));
    match op {
        Op::Variable(_) | Op::Constant(_) | Op::Count | Op::Reduced(_) => {}
        // Piecewise constant: the derivative is 0 wherever there is one.
        Op::Position(_) | Op::OneHot => {}
        Op::Add => {
            for &a in args.iter().filter(|a| wanted.contains(a)) {
                let to = graph.dim(a).clone();
                put(a, fit(graph, &[adjoint], &dim, &to));
            }
        }
        Op::Mul => {
            let others = products_of_others(graph, &args);
            for (&a, others) in args.iter().zip(others).filter(|(a, _)| wanted.contains(a)) {
                let factors = [&[adjoint], &others[..]].concat();
                let to = graph.dim(a).clone();
                put(a, fit(graph, &factors, &dim, &to));
            }
        }
        Op::Power(n) => {
            let factors = [&[adjoint], &power_slope(graph, node, args[0], n)[..]].concat();
            put(args[0], product(graph, &factors));
        }
        Op::Map(function) => {
            for (k, &a) in args.iter().enumerate().filter(|(_, a)| wanted.contains(a)) {
                if let Some(slope) = (scalar::scalar(function).derivative)(graph, &args, k) {
                    let to = graph.dim(a).clone();
                    put(a, fit(graph, &[adjoint, slope], &dim, &to));
                }
            }
        }
        Op::Sum => put(args[0], Some(adjoint)),
        Op::Fill => put(args[0], coordinate_sum(graph, &[adjoint], &dim)),
        Op::Concat => {
            let mut start = 0;
            for &a in &args {
                let len = graph.dim(a).clone();
                if wanted.contains(&a) {
                    put(a, Some(part(graph, adjoint, start, 1, &len)));
                }
                start += literal(&len);
            }
        }
        Op::Extract { start, step } => {
            let written_out = spread(graph, adjoint, &dim);
            let total = graph.dim(args[0]).clone();
            put(args[0], Some(graph.pad(written_out, start, step, &total)));
        }
        Op::Pad { start, step } => {
            let len = graph.dim(args[0]).clone();
            put(args[0], Some(part(graph, adjoint, start, step, &len)));
        }
        Op::Contract(c) => {
            let written_out = spread(graph, adjoint, &dim);
            let [a, b] = args[..] else { unreachable!("a contraction has two arguments") };
            if wanted.contains(&a) {
                put(a, Some(graph.contract(contraction::adjoint_of_left(&c), written_out, b)));
            }
            if wanted.contains(&b) {
                put(b, Some(graph.contract(contraction::adjoint_of_right(&c), written_out, a)));
            }
        }
        Op::Extreme(extreme) => {
            let position = graph.position(extreme, args[0]);
            let to = graph.dim(args[0]).clone();
            let chosen = graph.one_hot(position, &to);
            put(args[0], product(graph, &[adjoint, chosen]));
        }
    }
    terms
}

/// For each factor of a product, the product of the others, as factors. Numbers and vectors are kept apart, so that
/// numbers are multiplied as numbers; running products from both ends keep the work linear in the number of factors.
pub(super) fn products_of_others(graph: &mut Graph, factors: &[NodeId]) -> Vec<Vec<NodeId>> {
    let is_number: Vec<bool> = factors.iter().map(|&f| graph.dim(f).is_one()).collect();
    let class = |number: bool| (0..factors.len()).filter(|&k| is_number[k] == number).collect::<Vec<_>>();
    let (numbers, vectors) = (class(true), class(false));
    let mut others = vec![Vec::new(); factors.len()];
    for (own, rest) in [(&numbers, &vectors), (&vectors, &numbers)] {
        let rest: Vec<NodeId> = rest.iter().map(|&k| factors[k]).collect();
        let rest = if rest.is_empty() { None } else { Some(graph.mul(rest)) };
        let values: Vec<NodeId> = own.iter().map(|&k| factors[k]).collect();
        let before = running_products(graph, &values);
        let reversed: Vec<NodeId> = values.iter().rev().copied().collect();
        let after = running_products(graph, &reversed);
        for (n, &k) in own.iter().enumerate() {
            others[k].extend([before[n], after[own.len() - 1 - n], rest].into_iter().flatten());
        }
    }
    others
}

/// For each factor, the product of those before it; `None` for the first.
fn running_products(graph: &mut Graph, factors: &[NodeId]) -> Vec<Option<NodeId>> {
    let mut before: Vec<Option<NodeId>> = Vec::with_capacity(factors.len());
    for k in 0..factors.len() {
        before.push(match k {
            0 => None,
            1 => Some(factors[0]),
            _ => before[k - 1].map(|product| graph.mul(vec![product, factors[k - 1]])),
        });
    }
    before
}

/// The factors of d(aⁿ)/da = n aⁿ⁻¹, where `node` is aⁿ. For negative n it is made of aⁿ and a⁻¹, since a second
/// division costs more than a product.
pub(super) fn power_slope(graph: &mut Graph, node: NodeId, a: NodeId, n: i32) -> Vec<NodeId> {
    let exponent = graph.integer(i64::from(n));
    if n > 0 {
        return vec![exponent, graph.power(a, n - 1)];
    }
    let reciprocal = graph.power(a, -1);
    vec![exponent, node, reciprocal]
}

/// Some coordinates of an adjoint; a number stands for each of them.
pub(super) fn part(graph: &mut Graph, adjoint: NodeId, start: usize, step: usize, len: &Dim) -> NodeId {
    if graph.dim(adjoint).is_one() { adjoint } else { graph.extract_step(adjoint, start, step, len) }
}

fn literal(dim: &Dim) -> usize {
    dim.value().expect("the dimensions of concatenated parts are literals")
}
