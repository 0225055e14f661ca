//! Products regrouped by what their factors depend on, so that whatever can be hoisted is one node; exponentials in
//! base 2 (exponents of running references in base 4), so that the factor log₂ e joins the parameters.
//!
//! Only products are regrouped: their relative rounding error does not depend on the order. Sums keep theirs. (That one order
//! leaves the range of numbers and another does not is not looked at, but for constants.)

use super::levels::{Level, Levels};
use crate::ast::Kind;
use crate::ir::{Dim, Graph, NodeId, Op, Source};
use crate::number::Number;
use crate::ops;
use std::collections::HashMap;
use std::f64::consts::LOG2_E;

pub(crate) struct Regroup<'a> {
    graph: &'a mut Graph,
    levels: &'a mut Levels,
    done: HashMap<NodeId, NodeId>,
    /// How many nodes use one, among those that are regrouped.
    uses: HashMap<NodeId, usize>,
}

impl<'a> Regroup<'a> {
    pub(crate) fn new(graph: &'a mut Graph, levels: &'a mut Levels) -> Self {
        Regroup { graph, levels, done: HashMap::new(), uses: HashMap::new() }
    }

    /// The same value, regrouped.
    pub(crate) fn node(&mut self, root: NodeId) -> NodeId {
        let reachable = self.graph.reachable(&[root]);
        for argument in reachable.iter().flat_map(|id| self.graph.args(*id)) {
            *self.uses.entry(*argument).or_default() += 1;
        }
        for id in reachable {
            if !self.done.contains_key(&id) {
                let new = self.rebuild(id);
                self.done.insert(id, new);
            }
        }
        self.done[&root]
    }

    /// The factors of a value that do not depend on the column, and the rest. The product of both is the value.
    pub(crate) fn split_row_factors(&mut self, root: NodeId) -> (Vec<NodeId>, NodeId) {
        let factors = self.graph.factors(root);
        let masked = self.has_mask_of_pairs(&factors);
        let fixed = |this: &mut Self, f: NodeId| match this.level(f) {
            Level::Parameter => true,
            Level::Row => !(masked && this.diverges(f)),
            Level::Column | Level::Pair => false,
        };
        let (row, rest): (Vec<_>, Vec<_>) = factors.into_iter().partition(|f| fixed(self, *f));
        let rest = if rest.is_empty() { self.graph.integer(1) } else { self.graph.mul(rest) };
        (row, rest)
    }

    /// The exponent that gives the same as `f` in base e, in the base whose logarithm of e is given.
    pub(crate) fn exponent(&mut self, f: NodeId, log_e: f64) -> NodeId {
        if let Some(masked) = self.masked_exponent(f, log_e) {
            return masked;
        }
        let factor = self.graph.constant(Number::from_f64(log_e));
        let product = self.graph.mul(vec![factor, f]);
        self.node(product)
    }

    /// The same of an exponent that a mask replaces by a number: the other branch keeps what can be hoisted from it, and a finite
    /// number stays finite.
    fn masked_exponent(&mut self, f: NodeId, log_e: f64) -> Option<NodeId> {
        let (Op::Map(function), &[condition, x, y]) = (self.graph.op(f), self.graph.args(f)) else {
            return None;
        };
        let numbers = [x, y].map(|branch| self.constant(branch).map(|c| c.to_f64()));
        if *function != ops::named("IfElse") || numbers.iter().all(Option::is_none) {
            return None;
        }
        let condition = self.node(condition);
        let branch = |this: &mut Self, node, number: Option<f64>| match number {
            Some(number) => {
                let most = if number.abs() <= f64::from(f32::MAX) { f64::from(f32::MAX) } else { f64::MAX };
                let scaled = number * log_e;
                let kept = if number.is_finite() { scaled.clamp(-most, most) } else { scaled };
                this.graph.constant(Number::from_f64(kept))
            }
            None => this.exponent(node, log_e),
        };
        let (x, y) = (branch(self, x, numbers[0]), branch(self, y, numbers[1]));
        Some(self.graph.map(ops::named("IfElse"), vec![condition, x, y]))
    }

    fn level(&mut self, node: NodeId) -> Level {
        self.levels.of(self.graph, node)
    }

    fn rebuild(&mut self, id: NodeId) -> NodeId {
        let node = self.graph.node(id).clone();
        let args: Vec<NodeId> = node.args.iter().map(|a| self.done[a]).collect();
        match &node.op {
            Op::Mul => {
                let factors = node.args.iter().zip(args).flat_map(|(old, new)| self.factors(*old, new));
                let factors: Vec<NodeId> = factors.collect();
                self.product(factors, &node.dim)
            }
            Op::Map(f) if ops::scalar(*f).name == "Exp" && self.level(id) == Level::Pair => {
                let exponent = self.exponent(args[0], LOG2_E);
                self.graph.map(ops::named("Exp2"), vec![exponent])
            }
            _ => self.graph.intern(node.op, args, node.dim),
        }
    }

    /// The factors of a factor, which has become `new`. A product of pairs that others have too stays one: taken apart, it would
    /// be computed for each of them.
    fn factors(&mut self, old: NodeId, new: NodeId) -> Vec<NodeId> {
        let factors = self.graph.factors(new);
        let shared = self.uses.get(&old).is_some_and(|uses| *uses > 1);
        if shared && factors.iter().all(|f| self.level(*f) == Level::Pair) { vec![new] } else { factors }
    }

    fn product(&mut self, factors: Vec<NodeId>, dim: &Dim) -> NodeId {
        let mut scalars: [Vec<NodeId>; 4] = Default::default();
        let mut vectors: [Vec<NodeId>; 4] = Default::default();
        for f in factors {
            let group = if self.graph.dim(f).is_one() { &mut scalars } else { &mut vectors };
            let level = self.levels.of(self.graph, f) as usize;
            group[level].push(f);
        }
        let beyond = self.fold_constants(&mut scalars[Level::Parameter as usize]);
        // One number whatever it joins, which is computed in f64. A sign stays: sums and differences take it in.
        for group in [&mut scalars, &mut vectors] {
            let parameters = std::mem::take(&mut group[Level::Parameter as usize]);
            let is_sign = |f: &NodeId| self.constant(*f) == Some(Number::integer(-1));
            let (mut kept, numbers): (Vec<_>, Vec<_>) = parameters.into_iter().partition(is_sign);
            kept.extend(self.group(&numbers, false));
            group[Level::Parameter as usize] = kept;
        }
        let [parameter, row, column, pair] =
            [Level::Parameter, Level::Row, Level::Column, Level::Pair].map(|l| l as usize);
        for group in [&mut scalars, &mut vectors] {
            if self.has_mask_of_pairs(&group[pair]) {
                for level in [row, column] {
                    let factors = std::mem::take(&mut group[level]);
                    let (joining, kept) = factors.into_iter().partition(|f| self.diverges(*f));
                    group[level] = kept;
                    group[pair].extend::<Vec<NodeId>>(joining);
                }
            }
        }
        for (scalars, vectors) in scalars.iter_mut().zip(&mut vectors) {
            self.mask(scalars, vectors);
        }

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

    /// Whether a value may be infinite where what it is computed from is not, by a quotient or a function such as a logarithm.
    fn diverges(&mut self, node: NodeId) -> bool {
        self.graph.reachable(&[node]).into_iter().any(|id| match self.graph.op(id) {
            Op::Power(..0) => self.level(self.graph.args(id)[0]) != Level::Parameter,
            Op::Map(f) => {
                // Log is at 0, Powf at 0 with a negative exponent, Log1p and Atanh at −1.
                let function = ops::scalar(*f);
                [0.0, -1.0].into_iter().any(|last| {
                    let mut at = vec![0.0; function.arguments.len()];
                    at.last_mut().into_iter().for_each(|x| *x = last);
                    (function.reference)(&at).is_infinite()
                })
            }
            _ => false,
        })
    }

    /// Whether one of the factors is a mask of pairs.
    fn has_mask_of_pairs(&mut self, factors: &[NodeId]) -> bool {
        factors.iter().any(|&f| self.level(f) == Level::Pair && self.choice(f).is_some())
    }

    /// Factors that are 0 unless a condition holds, such as the slope of a choice, take in the others of their level: where they
    /// are 0 those may be infinite. Of other levels only those were added before that may be so by themselves, since what is
    /// multiplied in for a pair is not hoisted.
    fn mask(&mut self, scalars: &mut Vec<NodeId>, vectors: &mut Vec<NodeId>) {
        let factors = scalars.len() + vectors.len();
        let (mut masks, mut others) = (vec![], vec![]);
        for &factor in scalars.iter().chain(vectors.iter()) {
            match self.choice(factor) {
                Some(choice) if factors > 1 => masks.push(choice),
                _ => others.push(factor),
            }
        }
        if masks.is_empty() {
            return;
        }
        let mut masked = if others.is_empty() { self.graph.integer(1) } else { self.graph.mul(others) };
        for [condition, x, y] in masks {
            let [x, y] = [x, y].map(|branch| match self.constant(branch) {
                Some(c) if c.is_zero() => branch,
                Some(c) if c == Number::integer(1) => masked,
                _ => self.graph.mul(vec![branch, masked]),
            });
            masked = self.graph.map(ops::named("IfElse"), vec![condition, x, y]);
        }
        scalars.clear();
        vectors.clear();
        let to = if self.graph.dim(masked).is_one() { scalars } else { vectors };
        to.push(masked);
    }

    /// A factor as a choice, by a condition, between 0 and another number: what has been written so, and comparisons of the
    /// numbers of points. Those of data are factors like others, through which NaN passes.
    fn choice(&mut self, f: NodeId) -> Option<[NodeId; 3]> {
        let choice = if self.compares_points(f) { ops::mask(self.graph, f) } else { f };
        let (Op::Map(function), &[condition, x, y]) = (self.graph.op(choice), self.graph.args(choice)) else {
            return None;
        };
        let zeros = [x, y].map(|branch| self.constant(branch).map(|c| c.is_zero()));
        let is_mask = *function == ops::named("IfElse") && matches!(zeros, [Some(a), Some(b)] if a != b);
        is_mask.then_some([condition, x, y])
    }

    /// Whether a value is a comparison of nothing but the numbers of points and parameters.
    fn compares_points(&self, f: NodeId) -> bool {
        let of_points = |id: &NodeId| match self.graph.op(*id) {
            Op::Variable(v) => {
                let variable = self.graph.variable(*v);
                variable.source == Source::Number || variable.kind == Kind::Parameter
            }
            _ => true,
        };
        ops::is_comparison(self.graph, f) && self.graph.reachable(&[f]).iter().all(of_points)
    }

    fn constant(&self, node: NodeId) -> Option<Number> {
        match self.graph.op(node) {
            Op::Constant(c) => Some(*c),
            _ => None,
        }
    }

    /// One node for the factors of a level; those of the pair stay apart, to be multiplied in place.
    fn group(&mut self, factors: &[NodeId], pair: bool) -> Vec<NodeId> {
        if pair || factors.len() <= 1 { factors.to_vec() } else { vec![self.graph.mul(factors.to_vec())] }
    }

    /// Constants multiplied into one, left out if it is 1. Those with which it would leave the range of numbers are returned:
    /// they are multiplied in one by one.
    fn fold_constants(&mut self, parameters: &mut Vec<NodeId>) -> Vec<NodeId> {
        let (mut numbers, mut others) = (vec![], vec![]);
        for &f in parameters.iter() {
            match self.constant(f) {
                Some(c) => numbers.push(c),
                None => others.push(f),
            }
        }
        let mut constants = Number::joined_all(&numbers).into_iter().map(|c| self.graph.constant(c));
        if let Some(first) = constants.next() {
            others.insert(0, first);
        }
        let beyond = constants.collect();
        *parameters = others;
        beyond
    }
}
