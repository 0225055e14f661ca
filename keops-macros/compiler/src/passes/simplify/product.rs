//! Rules for products.

use super::builder::{Builder, Rule, repeated_arguments};
use crate::ir::{Graph, Node, NodeId, Op, Side};
use crate::number::Number;
use crate::ops::named;

pub(super) const RULES: &[Rule] =
    &[zero_factor, repeated_arguments, scaled_factor, constants_in_front, equal_bases, padded_factor];

/// a · (b · c) → a · b · c, where b · c is wanted for nothing else. Factors come with whether this is their only use.
pub(super) fn flatten(graph: &Graph, factors: &[(NodeId, bool)]) -> Vec<NodeId> {
    let parts = |&(factor, used_once): &(NodeId, bool)| match graph.op(factor) {
        Op::Mul if used_once => graph.args(factor).to_vec(),
        _ => vec![factor],
    };
    factors.iter().flat_map(parts).collect()
}

/// exp(a) · exp(b) → exp(a + b) for a and b that change with the same indices; one that can be computed outside a loop is
/// better left there. Factors come with whether this is their only use: an exponential that is wanted anyway is no saving.
pub(super) fn merge_exponentials(b: &mut Builder, factors: &[(NodeId, bool)]) -> Vec<(NodeId, bool)> {
    let exponentials = factors.iter().filter(|(factor, _)| b.arguments_of("Exp", *factor).is_some());
    if exponentials.count() < 2 {
        return factors.to_vec();
    }
    let mut merged: Vec<(NodeId, bool)> = vec![];
    // The exponents found so far, by what they depend on, with the place of their exponential.
    let mut groups: Vec<((bool, bool), usize, Vec<NodeId>)> = vec![];
    for &(factor, used_once) in factors {
        let exponent = b.arguments_of("Exp", factor).filter(|_| used_once).map(|args| args[0]);
        let Some(exponent) = exponent else {
            merged.push((factor, used_once));
            continue;
        };
        let depends = b.graph.depends(exponent, Side::I);
        match groups.iter_mut().find(|(group, ..)| *group == depends) {
            Some((.., exponents)) => exponents.push(exponent),
            None => {
                groups.push((depends, merged.len(), vec![exponent]));
                merged.push((factor, used_once));
            }
        }
    }
    for (_, place, exponents) in groups.into_iter().filter(|(.., exponents)| exponents.len() > 1) {
        let sum = b.add(exponents);
        merged[place].0 = b.map(named("Exp"), vec![sum]);
    }
    merged
}

/// 0 · x → 0
fn zero_factor(b: &mut Builder, node: &Node) -> Option<NodeId> {
    node.args.iter().any(|&a| b.is_zero(a)).then(|| b.zeros(&node.dim))
}

/// x · (c · y) → x · c · y; with c = −1, −(−x) → x in two steps
fn scaled_factor(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let scaled = |&a: &NodeId| match (b.graph.op(a), b.graph.args(a)) {
        (Op::Mul, &[c, x]) if b.number(c).is_some() => vec![c, x],
        _ => vec![a],
    };
    let factors: Vec<NodeId> = node.args.iter().flat_map(scaled).collect();
    (factors.len() > node.args.len()).then(|| b.mul(factors))
}

/// x · c · d → (c d) · x, and without c d if that is 1. Constants whose product leaves the range of numbers stay apart.
fn constants_in_front(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let (constants, others): (Vec<NodeId>, Vec<NodeId>) =
        node.args.iter().partition(|&&a| b.number(a).is_some());
    let given: Vec<Number> = constants.iter().filter_map(|&c| b.number(c)).collect();
    let joined = Number::joined_all(&given);
    if joined == given && node.args.starts_with(&constants) {
        return None;
    }
    let constants: Vec<NodeId> = joined.into_iter().map(|c| b.constant(c)).collect();
    Some(b.mul(constants.into_iter().chain(others).collect()))
}

/// xᵃ · y · xᵇ → xᵃ⁺ᵇ · y for exponents of one sign. (x · x⁻¹ stays: it is not 1 at 0.)
fn equal_bases(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let mut powers: Vec<(NodeId, i32)> = vec![];
    for &factor in &node.args {
        let (base, exponent) = match b.graph.op(factor) {
            Op::Power(n) => (b.graph.args(factor)[0], *n),
            _ => (factor, 1),
        };
        let joins = |&(other, n): &(NodeId, i32)| {
            let sum = n.checked_add(exponent)?;
            (other == base && n.signum() == exponent.signum() && b.number(base).is_none()).then_some(sum)
        };
        match powers.iter().enumerate().find_map(|(k, power)| joins(power).map(|sum| (k, sum))) {
            Some((k, sum)) => powers[k].1 = sum,
            None => powers.push((base, exponent)),
        }
    }
    if powers.len() == node.args.len() {
        return None;
    }
    let factors = powers.into_iter().map(|(base, n)| b.power(base, n)).collect();
    Some(b.mul(factors))
}

/// pad(x) · y → pad(x · extract(y)): what would be multiplied with zeros is not computed
fn padded_factor(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let is_pad = |&a: &NodeId| matches!(b.graph.op(a), Op::Pad { .. });
    let padded = node.args.iter().copied().find(is_pad)?;
    let &Op::Pad { start, step } = b.graph.op(padded) else { return None };
    let inner = b.graph.args(padded)[0];
    let dim = b.graph.dim(inner).clone();
    let mut factors = vec![];
    for &a in &node.args {
        factors.push(match b.graph.dim(a).is_one() {
            _ if a == padded => inner,
            true => a,
            false => b.extract(a, start, step, &dim),
        });
    }
    let product = b.mul(factors);
    Some(b.pad(product, start, step, &node.dim))
}
