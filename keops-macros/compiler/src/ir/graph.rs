//! The hash-consed arena: equal expressions are one node, so common sub-expressions are shared as they are built.

use crate::ast::Kind;
use crate::ir::{Contraction, Dim, Extreme, Op, Side, Variable, VariableId};
use crate::number::Number;
use crate::ops::ScalarId;
use std::collections::{BTreeSet, HashMap};

/// Factors of nested products that are looked at one by one.
const MOST_FACTORS: usize = 64;

/// A node of a [`Graph`]. Arguments of a node always have smaller numbers than the node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// An operation with its arguments and the dimension of its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    /// The operation.
    pub op: Op,
    /// Its arguments.
    pub args: Vec<NodeId>,
    /// The number of coordinates of its value.
    pub dim: Dim,
}

/// The nodes and variables of one program.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    interned: HashMap<Node, NodeId>,
    variables: Vec<Variable>,
}

impl Graph {
    /// The node with this number.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// The operation of a node.
    pub fn op(&self, id: NodeId) -> &Op {
        &self.node(id).op
    }

    /// The arguments of a node.
    pub fn args(&self, id: NodeId) -> &[NodeId] {
        &self.node(id).args
    }

    /// The dimension of a node.
    pub fn dim(&self, id: NodeId) -> &Dim {
        &self.node(id).dim
    }

    /// The number of nodes made so far; ids run from 0.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether nothing has been made yet.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// All variables, by [`VariableId`].
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }

    /// The description of a variable.
    pub fn variable(&self, id: VariableId) -> &Variable {
        &self.variables[id.0 as usize]
    }

    /// Declares a variable and makes its node.
    pub fn declare(&mut self, variable: Variable) -> NodeId {
        let id = VariableId(self.variables.len() as u32);
        let dim = variable.dim.clone();
        self.variables.push(variable);
        self.intern(Op::Variable(id), vec![], dim)
    }

    /// The node of a declared variable.
    pub fn variable_node(&mut self, id: VariableId) -> NodeId {
        let dim = self.variable(id).dim.clone();
        self.intern(Op::Variable(id), vec![], dim)
    }

    /// The one node with this content. The dimension must be the right one: see [`crate::ir`]'s verifier.
    pub fn intern(&mut self, op: Op, args: Vec<NodeId>, dim: Dim) -> NodeId {
        let node = Node { op, args, dim };
        if let Some(&id) = self.interned.get(&node) {
            return id;
        }
        let id = NodeId(self.nodes.len() as u32);
        self.nodes.push(node.clone());
        self.interned.insert(node, id);
        id
    }

    /// A constant.
    pub fn constant(&mut self, value: Number) -> NodeId {
        self.intern(Op::Constant(value), vec![], Dim::literal(1))
    }

    /// An integer constant.
    pub fn integer(&mut self, value: i64) -> NodeId {
        self.constant(Number::integer(value))
    }

    /// A vector of `dim` zeros.
    pub fn zeros(&mut self, dim: &Dim) -> NodeId {
        let zero = self.integer(0);
        self.fill(zero, dim)
    }

    /// `terms[0] + terms[1] + …`; the only term if there is one.
    pub fn add(&mut self, terms: Vec<NodeId>) -> NodeId {
        self.pointwise(Op::Add, terms)
    }

    /// `a − b`
    pub fn sub(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let minus_b = self.neg(b);
        self.add(vec![a, minus_b])
    }

    /// `factors[0] · factors[1] · …`; the only factor if there is one.
    pub fn mul(&mut self, factors: Vec<NodeId>) -> NodeId {
        self.pointwise(Op::Mul, factors)
    }

    /// `−a`, as `Mul[−1, a]`.
    pub fn neg(&mut self, a: NodeId) -> NodeId {
        let minus_one = self.integer(-1);
        self.mul(vec![minus_one, a])
    }

    /// `a / b`, as `Mul[a, Power(−1)[b]]`.
    pub fn div(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let reciprocal = self.power(b, -1);
        self.mul(vec![a, reciprocal])
    }

    /// `aⁿ`; 1 for n = 0 (of a's dimension) and a for n = 1.
    pub fn power(&mut self, a: NodeId, n: i32) -> NodeId {
        let dim = self.dim(a).clone();
        match n {
            0 => {
                let one = self.integer(1);
                self.fill(one, &dim)
            }
            1 => a,
            _ => self.intern(Op::Power(n), vec![a], dim),
        }
    }

    /// A scalar function of the table, coordinate by coordinate.
    pub fn map(&mut self, function: ScalarId, args: Vec<NodeId>) -> NodeId {
        let dim = self.broadcast(&args);
        self.intern(Op::Map(function), args, dim)
    }

    /// The sum of the coordinates.
    pub fn sum(&mut self, a: NodeId) -> NodeId {
        if self.dim(a).is_one() {
            return a;
        }
        self.intern(Op::Sum, vec![a], Dim::literal(1))
    }

    /// The dot product, as `Sum[Mul[a, b]]`.
    pub fn dot(&mut self, a: NodeId, b: NodeId) -> NodeId {
        let product = self.mul(vec![a, b]);
        self.sum(product)
    }

    /// A number repeated `dim` times.
    pub fn fill(&mut self, a: NodeId, dim: &Dim) -> NodeId {
        if dim.is_one() {
            return a;
        }
        self.intern(Op::Fill, vec![a], dim.clone())
    }

    /// The arguments one after another; the only argument if there is one.
    pub fn concat(&mut self, parts: Vec<NodeId>) -> NodeId {
        if let [only] = parts[..] {
            return only;
        }
        let dim = parts.iter().fold(Dim::literal(0), |sum, &p| &sum + self.dim(p));
        self.intern(Op::Concat, parts, dim)
    }

    /// `len` coordinates of a from `start` on.
    pub fn extract(&mut self, a: NodeId, start: usize, len: &Dim) -> NodeId {
        self.extract_step(a, start, 1, len)
    }

    /// `len` coordinates of a at `start, start + step, …`.
    pub fn extract_step(&mut self, a: NodeId, start: usize, step: usize, len: &Dim) -> NodeId {
        if start == 0 && step == 1 && self.dim(a) == len {
            return a;
        }
        self.intern(Op::Extract { start, step }, vec![a], len.clone())
    }

    /// a's coordinates at `start, start + step, …` of `total` zeros.
    pub fn pad(&mut self, a: NodeId, start: usize, step: usize, total: &Dim) -> NodeId {
        if start == 0 && step == 1 && self.dim(a) == total {
            return a;
        }
        self.intern(Op::Pad { start, step }, vec![a], total.clone())
    }

    /// A contraction; its dimension is the product of the kept axes.
    pub fn contract(&mut self, c: Contraction, a: NodeId, b: NodeId) -> NodeId {
        let dim = Dim::literal(c.kept_shape().iter().product());
        self.intern(Op::Contract(c), vec![a, b], dim)
    }

    /// The largest or smallest coordinate.
    pub fn extreme(&mut self, extreme: Extreme, a: NodeId) -> NodeId {
        self.intern(Op::Extreme(extreme), vec![a], Dim::literal(1))
    }

    /// The position of the first largest or smallest coordinate.
    pub fn position(&mut self, extreme: Extreme, a: NodeId) -> NodeId {
        self.intern(Op::Position(extreme), vec![a], Dim::literal(1))
    }

    /// 1 at coordinate round(a), 0 elsewhere.
    pub fn one_hot(&mut self, a: NodeId, dim: &Dim) -> NodeId {
        self.intern(Op::OneHot, vec![a], dim.clone())
    }

    /// The common dimension of arguments that broadcast: the one that is not 1, or 1.
    ///
    /// # Panics
    /// If two arguments have different dimensions other than 1: the checker has reported that before.
    pub fn broadcast(&self, args: &[NodeId]) -> Dim {
        let mut dim = Dim::literal(1);
        for &a in args {
            let d = self.dim(a);
            if dim.is_one() {
                dim = d.clone();
            } else {
                assert!(d.is_one() || *d == dim, "dimensions {dim} and {d} do not broadcast");
            }
        }
        dim
    }

    /// The factors of nested products, in order. Products in products that share factors have more and more of them: where there
    /// would be more than 64, those of the node itself.
    pub fn factors(&self, node: NodeId) -> Vec<NodeId> {
        let (mut factors, mut pending) = (vec![], vec![node]);
        while let Some(next) = pending.pop() {
            match self.op(next) {
                Op::Mul => pending.extend(self.args(next).iter().rev()),
                _ => factors.push(next),
            }
            if factors.len() + pending.len() > MOST_FACTORS {
                return if *self.op(node) == Op::Mul { self.args(node).to_vec() } else { vec![node] };
            }
        }
        factors
    }

    /// The roots and all nodes they are made of, ascending: arguments before what is made of them. What a reduction
    /// reduces is no part of its `Reduced` node.
    pub fn reachable(&self, roots: &[NodeId]) -> BTreeSet<NodeId> {
        let mut found = BTreeSet::new();
        let mut pending = roots.to_vec();
        while let Some(node) = pending.pop() {
            if found.insert(node) {
                pending.extend(self.args(node));
            }
        }
        found
    }

    /// Whether the value differs from point to point: (over i, over j). A `Reduced` node belongs to the kept side.
    pub fn depends(&self, id: NodeId, keep: Side) -> (bool, bool) {
        // Arguments precede nodes, so one sweep over the reachable part suffices; graphs are small.
        let mut memo: HashMap<NodeId, (bool, bool)> = HashMap::new();
        let mut pending = vec![id];
        while let Some(&n) = pending.last() {
            if memo.contains_key(&n) {
                pending.pop();
                continue;
            }
            let own = match self.op(n) {
                Op::Variable(v) => {
                    let kind = self.variable(*v).kind;
                    (kind == Kind::I, kind == Kind::J)
                }
                Op::Reduced(_) => (keep == Side::I, keep == Side::J),
                _ => (false, false),
            };
            let missing: Vec<NodeId> =
                self.args(n).iter().copied().filter(|a| !memo.contains_key(a)).collect();
            if missing.is_empty() {
                let all = self.args(n).iter().fold(own, |(i, j), a| (i || memo[a].0, j || memo[a].1));
                memo.insert(n, all);
                pending.pop();
            } else {
                pending.extend(missing);
            }
        }
        memo[&id]
    }

    fn pointwise(&mut self, op: Op, args: Vec<NodeId>) -> NodeId {
        if let [only] = args[..] {
            return only;
        }
        let dim = self.broadcast(&args);
        self.intern(op, args, dim)
    }
}

impl Contraction {
    /// The shape of the result, axes in result order.
    pub fn kept_shape(&self) -> Vec<usize> {
        let kept = |shape: &[usize], gone: &[usize]| -> Vec<usize> {
            shape.iter().enumerate().filter(|(k, _)| !gone.contains(k)).map(|(_, n)| *n).collect()
        };
        let all = [kept(&self.left, &self.left_axes), kept(&self.right, &self.right_axes)].concat();
        self.order.iter().map(|&k| all[k]).collect()
    }
}
