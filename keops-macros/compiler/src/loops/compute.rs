//! The core operations, coordinate by coordinate.

use super::cost::contracted;
use super::values::Values;
use super::{Expr, Index, Statement, Temp, UNROLLED};
use crate::ir::{Contraction, Extreme, NodeId, Op};
use crate::number::Number;
use crate::ops;

impl Values<'_> {
    /// Computes a coordinate of a node here.
    pub(crate) fn compute(&mut self, node: NodeId, index: &Index) -> Temp {
        let args = self.graph.args(node).to_vec();
        match self.graph.op(node).clone() {
            Op::Variable(_) | Op::Count | Op::Reduced(_) => unreachable!("{node:?} is read, not computed"),
            Op::Constant(c) => self.emit(Expr::Constant(c)),
            Op::Add => self.sum_of_terms(&args, index),
            Op::Mul => match self.chain(None, node) {
                Some(chain) => self.emit(chain),
                None => self.product(&args, index),
            },
            Op::Power(-1) => self.quotient(None, args[0], index),
            Op::Power(n) => self.power(args[0], n, index),
            Op::Map(f) => {
                let name = self.function_name(f, &args);
                let values = args.iter().map(|a| self.coordinate(*a, index)).collect();
                self.emit(Expr::Call(name, values))
            }
            Op::Sum => self.coordinate_sum(args[0]),
            Op::Fill => self.coordinate(args[0], &Index::Const(0)),
            Op::Concat => self.concat(&args, index),
            Op::Extract { start, step } => self.coordinate(args[0], &index.mul(step).add(start)),
            Op::Pad { start, step } => self.pad(args[0], start, step, index),
            Op::Contract(c) => self.contract(&c, args[0], args[1], index),
            Op::Extreme(e) => self.search(e, args[0], false),
            Op::Position(e) => self.search(e, args[0], true),
            Op::OneHot => {
                let a = self.coordinate(args[0], &Index::Const(0));
                let rounded = self.emit(Expr::Call("round", vec![a]));
                let k = self.emit(Expr::IndexNumber(index.clone()));
                self.emit(Expr::Call("equal", vec![rounded, k]))
            }
        }
    }

    /// Terms left to right, products fused with the addition.
    fn sum_of_terms(&mut self, terms: &[NodeId], index: &Index) -> Temp {
        let mut terms = terms.to_vec();
        // −a + b is b − a.
        if let [a, b, ..] = terms[..]
            && self.negated(a).is_some()
            && self.negated(b).is_none()
        {
            terms.swap(0, 1);
        }
        let mut sum = None;
        for term in terms {
            let expr = match self.chain(sum, term) {
                Some(chain) => chain,
                None => self.add_term(sum, term, index),
            };
            sum = Some(self.emit(expr));
        }
        sum.expect("a sum has terms")
    }

    /// `sum + term`, or the term alone.
    pub(crate) fn add_term(&mut self, sum: Option<Temp>, term: NodeId, index: &Index) -> Expr {
        let index = if self.dim(term) == 1 { &Index::Const(0) } else { index };
        if let Some(positive) = self.negated(term)
            && self.remembered(term, index).is_none()
        {
            let value = self.coordinate(positive, index);
            return match sum {
                Some(sum) => Expr::Sub(sum, value),
                None => Expr::Neg(value),
            };
        }
        if let (Some(sum), true) = (sum, self.in_place(term, index)) {
            match self.graph.op(term).clone() {
                Op::Power(2) => {
                    let a = self.coordinate(self.graph.args(term)[0], index);
                    return Expr::MulAdd(a, a, sum);
                }
                Op::Mul if !self.has_division(term) => {
                    let factors = self.graph.args(term).to_vec();
                    let (minus, mut factors) = self.without_signs(&factors);
                    if let Some(last) = factors.pop().filter(|_| !factors.is_empty()) {
                        let first = self.product(&factors, index);
                        let last = self.coordinate(last, index);
                        return if minus {
                            Expr::NegMulAdd(first, last, sum)
                        } else {
                            Expr::MulAdd(first, last, sum)
                        };
                    }
                }
                _ => {}
            }
        }
        let value = self.coordinate(term, index);
        match sum {
            Some(sum) => Expr::Add(sum, value),
            None => Expr::Copy(value),
        }
    }

    /// `sum ± |c x − c y|²`, square by square onto the sum: for distances that are scaled, and so not exact anyway.
    fn chain(&mut self, sum: Option<Temp>, term: NodeId) -> Option<Expr> {
        let positive = self.negated(term);
        let distance = positive.unwrap_or(term);
        let n = self.scaled_distance(distance)?;
        if sum.is_none() && positive.is_none() || !self.in_place(distance, &Index::Const(0)) {
            return None;
        }
        let square = self.graph.args(distance)[0];
        let difference = self.graph.args(square)[0];
        let mut sum = sum.unwrap_or_else(|| self.emit(Expr::Constant(Number::integer(0))));
        for k in 0..n {
            let d = self.coordinate(difference, &Index::Const(k));
            let expr = match positive {
                Some(_) => Expr::NegMulAdd(d, d, sum),
                None => Expr::MulAdd(d, d, sum),
            };
            if k + 1 == n {
                return Some(expr);
            }
            sum = self.emit(expr);
        }
        None
    }

    /// The dimension of a short distance that is used here only and whose coordinates have a factor in common, as the
    /// pass for scaled distances makes them.
    fn scaled_distance(&self, node: NodeId) -> Option<usize> {
        let graph = self.graph;
        let inner =
            |n: NodeId, op: &Op| if graph.op(n) == op { graph.args(n).first().copied() } else { None };
        let difference = inner(inner(node, &Op::Sum)?, &Op::Power(2))?;
        let (Op::Add, &[x, y]) = (graph.op(difference), graph.args(difference)) else { return None };
        let factors = |n: NodeId| if *graph.op(n) == Op::Mul { graph.args(n) } else { &[] };
        let root = |n: &&NodeId| matches!(graph.op(**n), Op::Map(f) if ops::scalar(*f).name == "Sqrt");
        let shared = factors(x).iter().filter(root).any(|f| factors(y).contains(f));
        let n = self.dim(difference);
        (shared && n <= UNROLLED && self.used_once(node)).then_some(n)
    }

    /// a, if the node is −1 · a.
    pub(super) fn negated(&self, node: NodeId) -> Option<NodeId> {
        match (self.graph.op(node), self.graph.args(node)) {
            (Op::Mul, &[a, b]) => {
                let of = |c, a| self.is_minus_one(c) && self.graph.dim(a) == self.graph.dim(node);
                if of(a, b) { Some(b) } else { of(b, a).then_some(a) }
            }
            _ => None,
        }
    }

    fn is_minus_one(&self, node: NodeId) -> bool {
        matches!(self.graph.op(node), Op::Constant(c) if c.is_minus_one())
    }

    fn has_division(&self, product: NodeId) -> bool {
        self.graph.args(product).iter().any(|f| *self.graph.op(*f) == Op::Power(-1))
    }

    /// The factors other than −1, and whether an odd number of −1 was left out.
    fn without_signs(&self, factors: &[NodeId]) -> (bool, Vec<NodeId>) {
        let (signs, rest): (Vec<NodeId>, Vec<NodeId>) = factors.iter().partition(|f| self.is_minus_one(**f));
        (signs.len() % 2 == 1, rest)
    }

    fn product(&mut self, factors: &[NodeId], index: &Index) -> Temp {
        let (minus, factors) = self.without_signs(factors);
        // A reciprocal that is computed here anyway is a division.
        let (below, above): (Vec<NodeId>, Vec<NodeId>) = factors
            .into_iter()
            .partition(|f| *self.graph.op(*f) == Op::Power(-1) && self.in_place(*f, index));
        let mut product = None;
        for factor in above {
            let value = self.coordinate(factor, index);
            product = Some(match product {
                Some(p) => self.emit(Expr::Mul(p, value)),
                None => value,
            });
        }
        for factor in below {
            product = Some(self.quotient(product, self.graph.args(factor)[0], index));
        }
        let product = product.unwrap_or_else(|| self.emit(Expr::Constant(Number::integer(1))));
        if minus { self.emit(Expr::Neg(product)) } else { product }
    }

    fn coordinate_sum(&mut self, a: NodeId) -> Temp {
        let n = self.dim(a);
        if n <= UNROLLED {
            let mut sum = None;
            for k in 0..n {
                let expr = self.add_term(sum, a, &Index::Const(k));
                sum = Some(self.emit(expr));
            }
            return sum.unwrap_or_else(|| self.emit(Expr::Constant(Number::integer(0))));
        }
        let depth = self.base_depth();
        let zero = self.emit(Expr::Constant(Number::integer(0)));
        let sum = self.variable(zero, depth);
        self.loop_at(depth, n, |this, k| {
            let expr = this.add_term(Some(sum), a, &k);
            this.push(Statement::Set(sum, expr));
        });
        sum
    }

    fn concat(&mut self, parts: &[NodeId], index: &Index) -> Temp {
        let mut start = 0;
        let mut found = None;
        for &part in parts {
            let len = self.dim(part);
            match index.value() {
                Some(k) if k >= start && k < start + len => {
                    return self.coordinate(part, &Index::Const(k - start));
                }
                Some(_) => {}
                None => {
                    let hit = self.coordinate(part, &index.sub(start).min(len - 1));
                    found = Some(match found {
                        None => hit,
                        Some(miss) => self.emit(Expr::PickIndex {
                            index: index.clone(),
                            start,
                            step: 1,
                            len,
                            hit,
                            miss,
                        }),
                    });
                }
            }
            start += len;
        }
        found.expect("the index is inside the concatenation")
    }

    fn pad(&mut self, a: NodeId, start: usize, step: usize, index: &Index) -> Temp {
        let len = self.dim(a);
        let zero = Number::integer(0);
        match index.value() {
            Some(k) if k >= start && (k - start).is_multiple_of(step) && (k - start) / step < len => {
                self.coordinate(a, &Index::Const((k - start) / step))
            }
            Some(_) => self.emit(Expr::Constant(zero)),
            None => {
                let hit = self.coordinate(a, &index.sub(start).div(step).min(len - 1));
                let miss = self.emit(Expr::Constant(zero));
                self.emit(Expr::PickIndex { index: index.clone(), start, step, len, hit, miss })
            }
        }
    }

    fn contract(&mut self, c: &Contraction, a: NodeId, b: NodeId, index: &Index) -> Temp {
        let terms = contracted(c);
        let parts = |this: &mut Self, sum: Option<Temp>, k: &Index| {
            let (left, right) = contraction_offsets(c, index, k);
            let (x, y) = (this.coordinate(a, &left), this.coordinate(b, &right));
            match sum {
                Some(sum) => Expr::MulAdd(x, y, sum),
                None => Expr::Mul(x, y),
            }
        };
        if terms <= UNROLLED {
            let mut sum = None;
            for k in 0..terms {
                let expr = parts(self, sum, &Index::Const(k));
                sum = Some(self.emit(expr));
            }
            return sum.expect("at least one product");
        }
        let depth = self.base_depth().max(self.index_depth(index));
        let zero = self.emit(Expr::Constant(Number::integer(0)));
        let sum = self.variable(zero, depth);
        self.loop_at(depth, terms, |this, k| {
            let expr = parts(this, Some(sum), &k);
            this.push(Statement::Set(sum, expr));
        });
        sum
    }

    /// The best coordinate or its position: strictly better ones replace it, so the first of equals wins.
    fn search(&mut self, extreme: Extreme, a: NodeId, position: bool) -> Temp {
        let worst = match extreme {
            Extreme::Max => f64::NEG_INFINITY,
            Extreme::Min => f64::INFINITY,
        };
        let worst = self.emit(Expr::Constant(Number::Float(worst)));
        let zero = self.emit(Expr::Constant(Number::integer(0)));
        let n = self.dim(a);
        if n <= UNROLLED {
            let (mut best, mut at) = (worst, zero);
            for k in 0..n {
                let value = self.coordinate(a, &Index::Const(k));
                if position {
                    let k = self.emit(Expr::IndexNumber(Index::Const(k)));
                    at = self.emit(Expr::SelectBetter(extreme, value, best, k, at));
                }
                best = self.emit(Expr::Better(extreme, value, best));
            }
            return if position { at } else { best };
        }
        let depth = self.base_depth();
        let (best, at) = (self.variable(worst, depth), self.variable(zero, depth));
        self.loop_at(depth, n, |this, k| {
            let value = this.coordinate(a, &k);
            let number = this.emit(Expr::IndexNumber(k));
            this.push(Statement::Set(at, Expr::SelectBetter(extreme, value, best, number, at)));
            this.push(Statement::Set(best, Expr::Better(extreme, value, best)));
        });
        if position { at } else { best }
    }
}

/// The coordinates of both arguments for a coordinate of the result and product number k.
fn contraction_offsets(c: &Contraction, index: &Index, k: &Index) -> (Index, Index) {
    let kept = |shape: &[usize], gone: &[usize]| -> Vec<usize> {
        (0..shape.len()).filter(|a| !gone.contains(a)).collect()
    };
    let (left_kept, right_kept) = (kept(&c.left, &c.left_axes), kept(&c.right, &c.right_axes));
    // Digits of the result's coordinate, by kept axis (those of the left, then those of the right).
    let shape = c.kept_shape();
    let mut digits = vec![Index::Const(0); shape.len()];
    for (position, &axis) in c.order.iter().enumerate() {
        digits[axis] = digit(index, &shape, position);
    }
    let summed: Vec<usize> = c.left_axes.iter().map(|&a| c.left[a]).collect();
    let offset = |shape: &[usize], kept: &[usize], gone: &[usize], first_digit: usize| {
        let mut offset = Index::Const(0);
        for axis in 0..shape.len() {
            let stride: usize = shape[axis + 1..].iter().product();
            let value = match kept.iter().position(|a| *a == axis) {
                Some(n) => digits[first_digit + n].clone(),
                None => digit(k, &summed, gone.iter().position(|a| *a == axis).expect("kept or contracted")),
            };
            offset = offset.plus(&value.mul(stride));
        }
        offset
    };
    (
        offset(&c.left, &left_kept, &c.left_axes, 0),
        offset(&c.right, &right_kept, &c.right_axes, left_kept.len()),
    )
}

/// Digit number `position` of a row-major index.
fn digit(index: &Index, shape: &[usize], position: usize) -> Index {
    let stride: usize = shape[position + 1..].iter().product();
    let digit = index.div(stride);
    if position == 0 { digit } else { digit.rem(shape[position]) }
}
