//! A graph under construction in which every new node goes through the rules first.

use super::{coordinates, function, product, terms};
use crate::ir::{Dim, Graph, Node, NodeId, Op, Variable};
use crate::number::Number;
use crate::ops::{ScalarId, fold, named};
use std::collections::HashMap;

/// A rule: a node that has the same value as this one would have, or `None` where the rule does not apply.
/// The arguments are simplified, and so must be what the rule returns: it builds nodes through the [`Builder`].
pub(super) type Rule = fn(&mut Builder, &Node) -> Option<NodeId>;

/// Tried on every node.
const ALWAYS: &[Rule] = &[constant];

pub(super) struct Builder {
    pub(super) graph: Graph,
    /// What has been built, so that shared parts are simplified once.
    built: HashMap<Node, NodeId>,
}

impl Builder {
    /// A graph with these variables, numbered as they are.
    pub(super) fn new(variables: &[Variable]) -> Builder {
        let mut graph = Graph::default();
        variables.iter().for_each(|variable| _ = graph.declare(variable.clone()));
        Builder { graph, built: HashMap::new() }
    }

    /// The simplified node for an operation on simplified arguments.
    pub(super) fn build(&mut self, op: Op, args: Vec<NodeId>, dim: Dim) -> NodeId {
        let node = Node { op, args, dim };
        if let Some(&id) = self.built.get(&node) {
            return id;
        }
        let id = self.rewrite(&node);
        debug_assert_eq!(*self.graph.dim(id), node.dim, "a rule changed the dimension of {node:?}");
        self.built.insert(node, id);
        id
    }

    /// A node of an older graph with new arguments, of which sums and products may have fewer or more.
    pub(super) fn rebuild(&mut self, node: &Node, args: Vec<NodeId>) -> NodeId {
        match (&node.op, &args[..]) {
            (Op::Add | Op::Mul, &[only]) => self.widen(only, &node.dim),
            (Op::Extract { start, step }, &[of]) => self.extract(of, *start, *step, &node.dim),
            (Op::Pad { start, step }, &[of]) => self.pad(of, *start, *step, &node.dim),
            _ => self.build(node.op.clone(), args, node.dim.clone()),
        }
    }

    fn rewrite(&mut self, node: &Node) -> NodeId {
        let own: &[Rule] = match node.op {
            Op::Add => terms::RULES,
            Op::Mul => product::RULES,
            Op::Power(_) => function::POWER_RULES,
            Op::Map(_) => function::MAP_RULES,
            Op::Sum => coordinates::SUM_RULES,
            Op::Concat => coordinates::CONCAT_RULES,
            Op::Extract { .. } => coordinates::EXTRACT_RULES,
            Op::Pad { .. } => coordinates::PAD_RULES,
            Op::Contract(_) => coordinates::CONTRACT_RULES,
            Op::OneHot => coordinates::ONE_HOT_RULES,
            Op::Variable(_) | Op::Constant(_) | Op::Count | Op::Reduced(_) => &[],
            Op::Fill | Op::Extreme(_) | Op::Position(_) => &[],
        };
        let applied = ALWAYS.iter().chain(own).find_map(|rule| rule(self, node));
        applied.unwrap_or_else(|| self.graph.intern(node.op.clone(), node.args.clone(), node.dim.clone()))
    }

    pub(super) fn constant(&mut self, value: Number) -> NodeId {
        self.graph.constant(value)
    }

    pub(super) fn zeros(&mut self, dim: &Dim) -> NodeId {
        self.graph.zeros(dim)
    }

    pub(super) fn add(&mut self, terms: Vec<NodeId>) -> NodeId {
        self.pointwise(Op::Add, terms)
    }

    pub(super) fn mul(&mut self, factors: Vec<NodeId>) -> NodeId {
        self.pointwise(Op::Mul, factors)
    }

    pub(super) fn power(&mut self, a: NodeId, n: i32) -> NodeId {
        let dim = self.graph.dim(a).clone();
        match n {
            0 => {
                let one = self.constant(Number::integer(1));
                self.widen(one, &dim)
            }
            1 => a,
            _ => self.build(Op::Power(n), vec![a], dim),
        }
    }

    pub(super) fn map(&mut self, function: ScalarId, args: Vec<NodeId>) -> NodeId {
        let dim = self.graph.broadcast(&args);
        self.build(Op::Map(function), args, dim)
    }

    pub(super) fn sum(&mut self, a: NodeId) -> NodeId {
        if self.graph.dim(a).is_one() { a } else { self.build(Op::Sum, vec![a], Dim::literal(1)) }
    }

    pub(super) fn extract(&mut self, a: NodeId, start: usize, step: usize, len: &Dim) -> NodeId {
        // One coordinate has no step, and the whole vector is no extract.
        let step = if len.is_one() { 1 } else { step };
        if start == 0 && step == 1 && self.graph.dim(a) == len {
            return a;
        }
        self.build(Op::Extract { start, step }, vec![a], len.clone())
    }

    pub(super) fn pad(&mut self, a: NodeId, start: usize, step: usize, total: &Dim) -> NodeId {
        let step = if self.graph.dim(a).is_one() { 1 } else { step };
        if start == 0 && step == 1 && self.graph.dim(a) == total {
            return a;
        }
        self.build(Op::Pad { start, step }, vec![a], total.clone())
    }

    pub(super) fn concat(&mut self, parts: Vec<NodeId>) -> NodeId {
        if let [only] = parts[..] {
            return only;
        }
        let dim = parts.iter().fold(Dim::literal(0), |sum, &p| &sum + self.graph.dim(p));
        self.build(Op::Concat, parts, dim)
    }

    /// The value with this dimension: repeated if it is a number and more is wanted.
    pub(super) fn widen(&mut self, a: NodeId, dim: &Dim) -> NodeId {
        if self.graph.dim(a) == dim { a } else { self.build(Op::Fill, vec![a], dim.clone()) }
    }

    fn pointwise(&mut self, op: Op, args: Vec<NodeId>) -> NodeId {
        if let [only] = args[..] {
            return only;
        }
        let dim = self.graph.broadcast(&args);
        self.build(op, args, dim)
    }

    /// The number, if the node is a constant.
    pub(super) fn number(&self, node: NodeId) -> Option<Number> {
        match self.graph.op(node) {
            Op::Constant(c) => Some(*c),
            _ => None,
        }
    }

    /// The number that a node repeats.
    pub(super) fn filling(&self, node: NodeId) -> Option<NodeId> {
        matches!(self.graph.op(node), Op::Fill).then(|| self.graph.args(node)[0])
    }

    /// Whether all coordinates are the constant 0.
    pub(super) fn is_zero(&self, node: NodeId) -> bool {
        self.number(self.filling(node).unwrap_or(node)).is_some_and(Number::is_zero)
    }

    /// The arguments of a node that applies this function.
    pub(super) fn arguments_of(&self, name: &str, node: NodeId) -> Option<&[NodeId]> {
        let applies = matches!(self.graph.op(node), Op::Map(function) if *function == named(name));
        applies.then(|| self.graph.args(node))
    }
}

/// f(c₁, c₂, …) → its value
fn constant(b: &mut Builder, node: &Node) -> Option<NodeId> {
    if node.args.is_empty() {
        return None;
    }
    let args: Vec<Number> = node.args.iter().map(|&a| b.number(a)).collect::<Option<_>>()?;
    fold(&node.op, &args).map(|value| b.constant(value))
}

/// f(fill(a), x, …) → f(a, x, …) where x has the dimension too, or else fill(f(a, …)): for pointwise f.
pub(super) fn repeated_arguments(b: &mut Builder, node: &Node) -> Option<NodeId> {
    let args: Vec<NodeId> = node.args.iter().map(|&a| b.filling(a).unwrap_or(a)).collect();
    if args == node.args {
        return None;
    }
    let dim = b.graph.broadcast(&args);
    let value = b.build(node.op.clone(), args, dim);
    Some(b.widen(value, &node.dim))
}
