//! Rules for powers and scalar functions.

use super::builder::{Builder, Rule, repeated_arguments};
use crate::ir::{Node, NodeId, Op};
use crate::number::Number;
use crate::ops::{Sign, named, scalar};

pub(super) const POWER_RULES: &[Rule] =
    &[repeated_arguments, power_of_power, power_of_multiple, even_power_of_abs];

pub(super) const MAP_RULES: &[Rule] =
    &[repeated_arguments, known_exponent, known_base, known_condition, same_branches, root_of_square, abs];

/// (xᵐ)ⁿ → xᵐⁿ
fn power_of_power(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let Op::Power(n) = node.op else { return None };
    let Op::Power(m) = *b.graph.op(node.args[0]) else { return None };
    let exponent = n.checked_mul(m)?;
    let base = b.graph.args(node.args[0])[0];
    Some(b.power(base, exponent))
}

/// (c · x)ⁿ → cⁿ · xⁿ, unless xⁿ might leave the range of `f32` where (c · x)ⁿ is far from it.
fn power_of_multiple(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let Op::Power(n) = node.op else { return None };
    let Op::Mul = b.graph.op(node.args[0]) else { return None };
    let factors = b.graph.args(node.args[0]).to_vec();
    let scale = b.number(factors[0])?.powi(n);
    let most = if n.unsigned_abs() <= 2 { 64 } else { 16 };
    if !(2f64.powi(-most)..=2f64.powi(most)).contains(&scale.to_f64().abs()) {
        return None;
    }
    let rest = b.mul(factors[1..].to_vec());
    let (scale, power) = (b.constant(scale), b.power(rest, n));
    Some(b.mul(vec![scale, power]))
}

/// |x|ⁿ → xⁿ for even n
fn even_power_of_abs(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let Op::Power(n) = node.op else { return None };
    let inner = b.arguments_of("Abs", node.args[0])?[0];
    (n % 2 == 0).then(|| b.power(inner, n))
}

/// Powf(x, n) → xⁿ for an integer n. (No root for 1/2: its slope at 0 is another.)
fn known_exponent(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let [base, exponent] = arguments(node, "Powf")?;
    let exponent = i32::try_from(b.number(exponent)?.as_integer()?).ok()?;
    Some(b.power(base, exponent))
}

/// Powf(2, x) → 2ˣ
fn known_base(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let [base, exponent] = arguments(node, "Powf")?;
    let two = b.number(base)? == Number::integer(2);
    two.then(|| b.map(named("Exp2"), vec![exponent]))
}

/// IfElse(c, x, y) → x or y
fn known_condition(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let [condition, x, y] = arguments(node, "IfElse")?;
    let chosen = if b.number(condition)?.sign() >= 0 { x } else { y };
    Some(b.widen(chosen, &node.dim))
}

/// IfElse(c, x, x) → x
fn same_branches(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let [_, x, y] = arguments(node, "IfElse")?;
    (x == y).then(|| b.widen(x, &node.dim))
}

/// √(x²) → |x|
fn root_of_square(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let [squared] = arguments(node, "Sqrt")?;
    let Op::Power(2) = b.graph.op(squared) else { return None };
    let x = b.graph.args(squared)[0];
    Some(b.map(named("Abs"), vec![x]))
}

/// |x| → x where x ≥ 0, |c · x| → |c| · |x|
fn abs(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let [x] = arguments(node, "Abs")?;
    match b.graph.op(x) {
        Op::Power(n) if n % 2 == 0 => Some(x),
        // At 0 the slope of |x| is 0, and so are those of all others.
        Op::Map(f) if scalar(*f).sign == Sign::NonNegative && scalar(*f).name != "ReLU" => Some(x),
        Op::Mul => {
            let factors = b.graph.args(x).to_vec();
            let c = b.number(factors[0])?;
            let rest = b.mul(factors[1..].to_vec());
            let rest = b.map(named("Abs"), vec![rest]);
            let scale = b.constant(if c.sign() < 0 { -c } else { c });
            Some(b.mul(vec![scale, rest]))
        }
        _ => None,
    }
}

/// The arguments, if the node applies this function.
fn arguments<const N: usize>(node: &Node, name: &str) -> Option<[NodeId; N]> {
    let Op::Map(function) = node.op else { return None };
    if function != named(name) {
        return None;
    }
    node.args[..].try_into().ok()
}
