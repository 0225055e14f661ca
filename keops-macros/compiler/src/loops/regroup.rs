//! Products regrouped by what their factors depend on, so that whatever can be hoisted is one node; exponentials in
//! base 2, so that the factor log₂ e joins the parameters.
//!
//! Only products are regrouped: their relative rounding error does not depend on the order. Sums keep theirs.

use super::levels::{Level, Levels};
use crate::ir::{Dim, Graph, NodeId, Op};
use crate::number::Number;
use crate::ops;
use std::collections::HashMap;

/// log₂ e
const LOG2_E: f64 = std::f64::consts::LOG2_E;

pub(crate) struct Regroup<'a> {
    graph: &'a mut Graph,
    levels: &'a mut Levels,
    done: HashMap<NodeId, NodeId>,
}

impl<'a> Regroup<'a> {
    pub(crate) fn new(graph: &'a mut Graph, levels: &'a mut Levels) -> Self {
        Regroup { graph, levels, done: HashMap::new() }
    }

    /// The same value, regrouped.
    pub(crate) fn node(&mut self, root: NodeId) -> NodeId {
        for id in self.graph.reachable(&[root]) {
            if !self.done.contains_key(&id) {
                let new = self.rebuild(id);
                self.done.insert(id, new);
            }
        }
        self.done[&root]
    }

    /// The factors of a value that do not depend on the column, and the rest. The product of both is the value.
    pub(crate) fn split_row_factors(&mut self, root: NodeId) -> (Vec<NodeId>, NodeId) {
        let mut factors = vec![];
        flatten(self.graph, root, &mut factors);
        let fixed = |this: &mut Self, f: NodeId| matches!(this.level(f), Level::Parameter | Level::Row);
        let (row, rest): (Vec<_>, Vec<_>) = factors.into_iter().partition(|f| fixed(self, *f));
        let rest = if rest.is_empty() { self.graph.integer(1) } else { self.graph.mul(rest) };
        (row, rest)
    }

    /// The exponent of base 2 that gives the same as `f` in base e.
    pub(crate) fn base_two(&mut self, f: NodeId) -> NodeId {
        let factor = self.graph.constant(Number::from_f64(LOG2_E));
        let product = self.graph.mul(vec![factor, f]);
        self.node(product)
    }

    fn level(&mut self, node: NodeId) -> Level {
        self.levels.of(self.graph, node)
    }

    fn rebuild(&mut self, id: NodeId) -> NodeId {
        let node = self.graph.node(id).clone();
        let args: Vec<NodeId> = node.args.iter().map(|a| self.done[a]).collect();
        match &node.op {
            Op::Mul => self.product(&args, &node.dim),
            Op::Map(f) if ops::scalar(*f).name == "Exp" && self.level(id) == Level::Pair => {
                let exponent = self.base_two(args[0]);
                self.graph.map(ops::named("Exp2"), vec![exponent])
            }
            _ => self.graph.intern(node.op, args, node.dim),
        }
    }

    fn product(&mut self, args: &[NodeId], dim: &Dim) -> NodeId {
        let mut factors = vec![];
        args.iter().for_each(|a| flatten(self.graph, *a, &mut factors));
        let mut scalars: [Vec<NodeId>; 4] = Default::default();
        let mut vectors: [Vec<NodeId>; 4] = Default::default();
        for f in factors {
            let group = if self.graph.dim(f).is_one() { &mut scalars } else { &mut vectors };
            let level = self.levels.of(self.graph, f) as usize;
            group[level].push(f);
        }
        let beyond = self.fold_constants(&mut scalars[Level::Parameter as usize]);
        let [parameter, row, column, pair] =
            [Level::Parameter, Level::Row, Level::Column, Level::Pair].map(|l| l as usize);

        // Scalars of a lower level join vectors of that level where no scalar of the pair takes them.
        if scalars[pair].is_empty() && !vectors.iter().all(Vec::is_empty) {
            for level in [row, column, parameter] {
                if !vectors[level].is_empty() {
                    let joining = std::mem::take(&mut scalars[level]);
                    vectors[level].splice(0..0, joining);
                    if level != parameter {
                        let joining = std::mem::take(&mut scalars[parameter]);
                        vectors[level].splice(0..0, joining);
                    }
                }
            }
        }
        // Parameters join the row, or else the column.
        for group in [&mut scalars, &mut vectors] {
            let to = if !group[row].is_empty() { row } else { column };
            if !group[to].is_empty() {
                let joining = std::mem::take(&mut group[parameter]);
                group[to].splice(0..0, joining);
            }
        }
        let mut outer: Vec<NodeId> = vec![];
        let mut scalar: Vec<NodeId> = vec![];
        for level in [pair, row, column, parameter] {
            scalar.extend(self.group(&scalars[level], level == pair));
        }
        scalar.extend(beyond);
        if vectors.iter().all(Vec::is_empty) {
            return self.graph.mul(scalar);
        }
        if !scalar.is_empty() {
            outer.push(self.graph.mul(scalar));
        }
        for level in [pair, row, column, parameter] {
            outer.extend(self.group(&vectors[level], level == pair));
        }
        let product = self.graph.mul(outer);
        debug_assert_eq!(self.graph.dim(product), dim);
        product
    }

    /// One node for the factors of a level; those of the pair stay apart, to be multiplied in place.
    fn group(&mut self, factors: &[NodeId], pair: bool) -> Vec<NodeId> {
        if pair || factors.len() <= 1 { factors.to_vec() } else { vec![self.graph.mul(factors.to_vec())] }
    }

    /// Constants multiplied into one, left out if it is 1. Those with which it would be infinite are returned: they are
    /// multiplied in one by one.
    fn fold_constants(&mut self, parameters: &mut Vec<NodeId>) -> Vec<NodeId> {
        let mut product = Number::integer(1);
        let (mut others, mut beyond) = (vec![], vec![]);
        for &f in parameters.iter() {
            match self.graph.op(f) {
                Op::Constant(c) if (product * *c).is_finite() => product = product * *c,
                Op::Constant(_) => beyond.push(f),
                _ => others.push(f),
            }
        }
        if !product.is_one() {
            others.insert(0, self.graph.constant(product));
        }
        *parameters = others;
        beyond
    }
}

/// The factors of a product, nested products taken apart.
fn flatten(graph: &Graph, node: NodeId, factors: &mut Vec<NodeId>) {
    let mut pending = vec![node];
    while let Some(n) = pending.pop() {
        match graph.op(n) {
            Op::Mul => pending.extend(graph.args(n).iter().rev()),
            _ => factors.push(n),
        }
    }
}
