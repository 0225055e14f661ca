//! Rules for sums of terms. Terms keep their order.

use super::builder::{Builder, Rule, repeated_arguments};
use crate::ir::{Node, NodeId, Op};
use crate::number::Number;

pub(super) const RULES: &[Rule] = &[repeated_arguments, zero_terms, leading_constants, neighbours_alike];

/// x + 0 → x
fn zero_terms(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let terms: Vec<NodeId> = node.args.iter().copied().filter(|&a| !b.is_zero(a)).collect();
    if terms.len() == node.args.len() {
        return None;
    }
    if terms.is_empty() {
        return Some(b.zeros(&node.dim));
    }
    let sum = b.add(terms);
    Some(b.widen(sum, &node.dim))
}

/// c + d + x → (c + d) + x; the sum of all constants is folded elsewhere
fn leading_constants(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let [first, second, rest @ ..] = &node.args[..] else { return None };
    let sum = b.number(*first)? + b.number(*second)?;
    if rest.is_empty() || !sum.is_finite() {
        return None;
    }
    let sum = b.constant(sum);
    Some(b.add([&[sum], rest].concat()))
}

/// … + c·x + d·x + … → … + (c + d)·x + …
fn neighbours_alike(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let mut terms: Vec<Term> = vec![];
    let mut found = false;
    for &a in &node.args {
        let term = Term::of(b, a);
        match terms.last_mut() {
            Some(last) if last.joins(&term) => {
                last.coefficient = last.coefficient + term.coefficient;
                found = true;
                // What stood on either side of a term that vanishes become neighbours.
                if last.coefficient.is_zero() {
                    terms.pop();
                }
            }
            _ => terms.push(term),
        }
    }
    if !found {
        return None;
    }
    if terms.is_empty() {
        return Some(b.zeros(&node.dim));
    }
    let nodes = terms.into_iter().map(|term| term.node(b)).collect();
    let sum = b.add(nodes);
    Some(b.widen(sum, &node.dim))
}

/// A term as coefficient · product of factors; a constant has no factors.
struct Term {
    coefficient: Number,
    factors: Vec<NodeId>,
}

impl Term {
    fn of(b: &Builder, node: NodeId) -> Term {
        let one = Number::integer(1);
        let (coefficient, factors) = match (b.graph.op(node), b.graph.args(node)) {
            (Op::Constant(c), _) => return Term { coefficient: *c, factors: vec![] },
            (Op::Mul, [c, rest @ ..]) if b.number(*c).is_some() => (b.number(*c).unwrap_or(one), rest),
            _ => (one, &[node][..]),
        };
        // A product that is shared stands in c · (f · g) as one factor.
        let factors = match factors {
            &[only] if *b.graph.op(only) == Op::Mul => b.graph.args(only).to_vec(),
            _ => factors.to_vec(),
        };
        Term { coefficient, factors }
    }

    /// Whether the two are multiples of the same; constants are left to the rule for leading ones.
    fn joins(&self, other: &Term) -> bool {
        let alike = !self.factors.is_empty() && self.factors == other.factors;
        alike && (self.coefficient + other.coefficient).is_finite()
    }

    fn node(self, b: &mut Builder) -> NodeId {
        let coefficient = b.constant(self.coefficient);
        b.mul([&[coefficient], &self.factors[..]].concat())
    }
}
