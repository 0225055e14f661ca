//! The table of scalar functions, split by family.
//!
//! A derivative rule gives the pointwise factor ∂f/∂(argument k) as a node; the chain rule, broadcasting included, is the
//! differentiator's. A rule may use any other row by name.

mod compare;
mod exponential;
mod hyperbolic;
mod rounding_and_sign;
mod special;
mod trigonometric;

use crate::ir::{Graph, NodeId};
use crate::number::Number;
use crate::ops::{Family, ScalarFunction, ScalarId};
use std::collections::HashMap;
use std::sync::LazyLock;

/// The scalar functions by family.
pub(super) static FAMILIES: [Family<ScalarFunction>; 6] = [
    Family { title: "Exponentials, logarithms, powers", about: "", rows: exponential::ROWS },
    Family { title: "Trigonometric functions", about: "", rows: trigonometric::ROWS },
    Family { title: "Hyperbolic functions", about: "", rows: hyperbolic::ROWS },
    Family { title: "Rounding and sign", about: "", rows: rounding_and_sign::ROWS },
    Family { title: "Comparisons and choices", about: "", rows: compare::ROWS },
    Family { title: "Special functions", about: "", rows: special::ROWS },
];

/// All rows; a [`ScalarId`] is a position in it.
static TABLE: LazyLock<Vec<&'static ScalarFunction>> =
    LazyLock::new(|| FAMILIES.iter().flat_map(|family| family.rows).collect());

static BY_NAME: LazyLock<HashMap<&'static str, ScalarId>> =
    LazyLock::new(|| scalars().map(|(id, row)| (row.name, id)).collect());

/// The row of a scalar function.
pub fn scalar(id: ScalarId) -> &'static ScalarFunction {
    TABLE[usize::from(id.0)]
}

/// All scalar functions.
pub fn scalars() -> impl Iterator<Item = (ScalarId, &'static ScalarFunction)> {
    (0..).map(ScalarId).zip(TABLE.iter().copied())
}

/// The scalar function with this canonical name, for rules that build on other rows.
///
/// # Panics
/// If there is none: the names are literals of this crate, and a test tries every rule.
pub fn named(name: &str) -> ScalarId {
    *BY_NAME.get(name).unwrap_or_else(|| panic!("no scalar function is named {name}"))
}

/// The scalar function with this canonical name, applied.
pub(super) fn apply(graph: &mut Graph, name: &str, args: &[NodeId]) -> NodeId {
    graph.map(named(name), args.to_vec())
}

/// c · a
fn scaled(graph: &mut Graph, c: Number, a: NodeId) -> NodeId {
    let c = graph.constant(c);
    graph.mul(vec![c, a])
}

/// a + c
fn shifted(graph: &mut Graph, a: NodeId, c: i64) -> NodeId {
    let c = graph.integer(c);
    graph.add(vec![a, c])
}

/// c − a
fn subtracted_from(graph: &mut Graph, c: i64, a: NodeId) -> NodeId {
    let c = graph.integer(c);
    graph.sub(c, a)
}

/// a where it is not 0, and 1 where it is: a denominator for quotients whose numerator vanishes with it.
fn nonzero(graph: &mut Graph, a: NodeId) -> NodeId {
    let zero = graph.integer(0);
    let is_zero = apply(graph, "Equal", &[a, zero]);
    graph.add(vec![a, is_zero])
}

/// f where c > 0, and `other` where c = 0: of a number that is never negative, such as a comparison.
pub(super) fn choose(graph: &mut Graph, c: NodeId, f: NodeId, other: NodeId) -> NodeId {
    let negative = graph.neg(c);
    apply(graph, "IfElse", &[negative, other, f])
}

/// 1 where a comparison holds, else 0, as a choice: the slope of functions that choose among their arguments. The loop stage has
/// it take in the factors beside it, which may be infinite where it is 0.
pub fn mask(graph: &mut Graph, comparison: NodeId) -> NodeId {
    let (one, zero) = (graph.integer(1), graph.integer(0));
    choose(graph, comparison, one, zero)
}

/// The derivative rule of a function that is constant almost everywhere.
fn flat(_: &mut Graph, _: &[NodeId], _: usize) -> Option<NodeId> {
    None
}

#[cfg(test)]
mod tests;
