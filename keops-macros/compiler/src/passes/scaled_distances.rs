//! Factors of squared distances moved into the coordinates, for functions marked `#[scaled_distances]`.
//!
//! p |x − y|² with a parameter p of known sign is ±|c x − c y|² with c = √|p|. The scaled coordinates are hoisted, so a
//! pair is spared a multiplication; in an exponent c takes in the factor log₂ e as well, and what the distance is added
//! to starts the sum. What it costs is accuracy: c x and c y are rounded before they are subtracted, so the error of a
//! difference is of the order of ε|x|, where the exact form has ε|x − y|. Never done unasked.
//!
//! Where x − y is used besides, as in gradients, it is (c x − c y) / c: the pair has no second difference to compute, and
//! gets NaN for p = 0. A plain difference would cost it one operation per coordinate.

use super::sides::{distance, sides};
use crate::ir::{Graph, NodeId, Op, Program, ReductionKind};
use crate::number::Number;
use crate::ops::{self, Sign};
use std::collections::{HashMap, HashSet};

/// Whether the function has a squared distance between the sides with a factor that can be moved into it.
pub fn applies(program: &Program) -> bool {
    !scales(program).is_empty()
}

/// The function with all such distances rewritten.
pub fn scaled_distances(program: &Program) -> Program {
    let scales = scales(program);
    let mut result = program.clone();
    let mut rewriter = Rewriter { old: &program.graph, new: &mut result.graph, scales, done: HashMap::new() };
    let all = program.graph.reachable(&program.roots());
    all.into_iter().for_each(|id| rewriter.node(id));
    for reduction in &mut result.reductions {
        let exponent = matches!(reduction.kind, ReductionKind::LogSumExp | ReductionKind::SumSoftMaxWeight);
        let done = rewriter.done[&reduction.argument];
        reduction.argument = match exponent.then(|| rewriter.exponent(reduction.argument)).flatten() {
            // The loop program multiplies by log₂ e again, which cancels the factor exactly.
            Some(base_two) => {
                let ln_2 = rewriter.new.constant(Number::from_f64(std::f64::consts::LN_2));
                rewriter.new.mul(vec![ln_2, base_two])
            }
            None => done,
        };
        reduction.weight = reduction.weight.map(|w| rewriter.done[&w]);
    }
    for output in result.stages.iter_mut().flat_map(|s| &mut s.outputs) {
        output.nodes.iter_mut().for_each(|n| *n = rewriter.done[n]);
    }
    result
}

/// What is scaled: for each distance the factors of parameters of the first product that it is in.
fn scales(program: &Program) -> HashMap<NodeId, Vec<NodeId>> {
    let graph = &program.graph;
    let mut scales = HashMap::new();
    let mut unscaled: HashSet<NodeId> = program.roots().into_iter().collect();
    for id in graph.reachable(&program.roots()) {
        let product = scaled_product(graph, id);
        if let Some((distance, factors)) = &product {
            scales.entry(*distance).or_insert_with(|| factors.clone());
        }
        let own = product.map(|(distance, _)| distance);
        unscaled.extend(graph.args(id).iter().copied().filter(|a| Some(*a) != own));
    }
    scales.retain(|distance, _| !unscaled.contains(distance));
    scales
}

/// The distance and its factors, if the node is a product of a distance with parameters whose product has a known sign.
fn scaled_product(graph: &Graph, id: NodeId) -> Option<(NodeId, Vec<NodeId>)> {
    if *graph.op(id) != Op::Mul {
        return None;
    }
    let is_distance = |n: &NodeId| distance(graph, *n).is_some();
    let (distances, factors): (Vec<NodeId>, Vec<NodeId>) =
        graph.args(id).iter().partition(|n| is_distance(n));
    let ([distance], false) = (&distances[..], factors.is_empty()) else { return None };
    let fixed = |n: &NodeId| sides(graph, *n) == (false, false) && graph.dim(*n).is_one();
    let only_constants = factors.iter().all(|n| matches!(graph.op(*n), Op::Constant(_)));
    let known = sign_of_product(graph, &factors) != Sign::Any;
    (factors.iter().all(fixed) && !only_constants && known).then_some((*distance, factors))
}

fn sign_of_product(graph: &Graph, factors: &[NodeId]) -> Sign {
    factors.iter().fold(Sign::NonNegative, |sign, f| sign.times(ops::sign(graph, *f)))
}

struct Rewriter<'a> {
    old: &'a Graph,
    new: &'a mut Graph,
    scales: HashMap<NodeId, Vec<NodeId>>,
    done: HashMap<NodeId, NodeId>,
}

impl Rewriter<'_> {
    fn node(&mut self, id: NodeId) {
        let node = self.old.node(id).clone();
        let exponent = match node.op {
            Op::Map(f) if ops::scalar(f).name == "Exp" => self.exponent(node.args[0]),
            _ => None,
        };
        let new = match exponent {
            Some(base_two) => self.new.map(ops::named("Exp2"), vec![base_two]),
            None => match self.product(id) {
                Some(base_two) => {
                    let ln_2 = self.new.constant(Number::from_f64(std::f64::consts::LN_2));
                    self.new.mul(vec![ln_2, base_two])
                }
                None => match self.difference(id) {
                    Some((scaled, c)) => {
                        let one_by_c = self.new.power(c, -1);
                        self.new.mul(vec![one_by_c, scaled])
                    }
                    None => {
                        let args = node.args.iter().map(|a| self.done[a]).collect();
                        self.new.intern(node.op, args, node.dim)
                    }
                },
            },
        };
        self.done.insert(id, new);
    }

    /// log₂ e · f, if f has scaled distances: a product with one, or a sum with such products.
    fn exponent(&mut self, f: NodeId) -> Option<NodeId> {
        if let Some(product) = self.product(f) {
            return Some(product);
        }
        let terms = match self.old.op(f) {
            Op::Add => self.old.args(f).to_vec(),
            _ => return None,
        };
        if !terms
            .iter()
            .any(|t| scaled_product(self.old, *t).is_some_and(|(d, _)| self.scales.contains_key(&d)))
        {
            return None;
        }
        let log2_e = self.new.constant(Number::from_f64(std::f64::consts::LOG2_E));
        let terms = terms
            .into_iter()
            .map(|t| match self.product(t) {
                Some(product) => product,
                None => self.new.mul(vec![log2_e, self.done[&t]]),
            })
            .collect();
        Some(self.new.add(terms))
    }

    /// log₂ e · p |x − y|² as ±|c x − c y|², or as a multiple of that where another factor made c.
    fn product(&mut self, id: NodeId) -> Option<NodeId> {
        let (d, factors) = scaled_product(self.old, id)?;
        let first = self.scales.get(&d)?.clone();
        let (x, y) = distance(self.old, d)?;
        let (scaled, _) = self.scaled(&first, x, y);
        let square = self.new.power(scaled, 2);
        let sum = self.new.sum(square);
        let positive = sign_of_product(self.old, &first) == Sign::NonNegative;
        let mut product: Vec<NodeId> = vec![];
        if factors != first {
            let own: Vec<NodeId> = factors.iter().map(|f| self.done[f]).collect();
            let of_scale: Vec<NodeId> = first.iter().map(|f| self.rewritten(*f)).collect();
            let (own, of_scale) = (self.new.mul(own), self.new.mul(of_scale));
            product.push(self.new.div(own, of_scale));
        }
        if !positive {
            product.push(self.new.integer(-1));
        }
        product.push(sum);
        Some(self.new.mul(product))
    }

    /// x − y where it is the difference of a distance that is scaled.
    fn difference(&mut self, id: NodeId) -> Option<(NodeId, NodeId)> {
        if *self.old.op(id) != Op::Add {
            return None;
        }
        let mut distances: Vec<NodeId> = self.scales.keys().copied().collect();
        distances.sort();
        let of = distances.into_iter().find(|d| {
            let square = self.old.args(*d)[0];
            self.old.args(square)[0] == id
        })?;
        let (first, (x, y)) = (self.scales[&of].clone(), distance(self.old, of)?);
        Some(self.scaled(&first, x, y))
    }

    /// A node whose turn may not have come yet.
    fn rewritten(&mut self, id: NodeId) -> NodeId {
        for below in self.old.reachable(&[id]) {
            if !self.done.contains_key(&below) {
                self.node(below);
            }
        }
        self.done[&id]
    }

    /// c x + c y (a difference has y = −1 · y'), and c.
    fn scaled(&mut self, factors: &[NodeId], x: NodeId, y: NodeId) -> (NodeId, NodeId) {
        let mut square: Vec<NodeId> = factors.iter().map(|f| self.rewritten(*f)).collect();
        square.push(self.new.constant(Number::from_f64(std::f64::consts::LOG2_E)));
        if sign_of_product(self.old, factors) != Sign::NonNegative {
            square.push(self.new.integer(-1));
        }
        let square = self.new.mul(square);
        let c = self.new.map(ops::named("Sqrt"), vec![square]);
        let (x, y) = (self.done[&x], self.done[&y]);
        let (x, y) = (self.new.mul(vec![c, x]), self.new.mul(vec![c, y]));
        (self.new.add(vec![x, y]), c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::testing::{simplified, values};

    fn program(body: &str) -> Program {
        simplified(&format!(
            "fn f(x_i: Vi<3>, u_i: Vi<3>, y_j: Vj<3>, s: Pm<1>, t: Pm<1>) -> Vi<1> {{ {body} }}"
        ))
    }

    #[test]
    fn only_factors_that_keep_their_sign_are_moved() {
        assert!(applies(&program("Exp(-SqDist(x_i, y_j) / s^2)")));
        assert!(applies(&program("Exp(-SqDist(x_i, y_j) / (s^2 + t^2))")));
        assert!(!applies(&program("Exp(-SqDist(x_i, y_j) * s)")));
        assert!(!applies(&program("Exp(-SqDist(x_i, u_i) / s^2) * y_j[0]")));
        assert!(!applies(&program("Exp(-2 * SqDist(x_i, y_j))")));
        // The distance itself is wanted as well.
        assert!(!applies(&program("SqDist(x_i, y_j) * Exp(-SqDist(x_i, y_j) / s^2)")));
    }

    #[test]
    fn the_value_stays() {
        for body in [
            "Exp(-SqDist(x_i, y_j) / s^2)",
            "SqDist(x_i, y_j) / s^2",
            "LogSumExp_j(y_j[0] - SqDist(x_i, y_j) / s^2)",
            "SumSoftMaxWeight_j(-SqDist(2 * x_i, y_j) / s^2, y_j[1])",
            "Exp(1 - SqDist(x_i, y_j) / s^2) + Exp(-SqDist(x_i, y_j) / t^2)",
            "(Grad(Exp(-SqDist(x_i, y_j) / s^2), x_i, 1) | u_i)",
        ] {
            let exact = program(body);
            let rewritten = scaled_distances(&exact);
            assert_ne!(exact.reductions, rewritten.reductions, "{body}");
            let widths = [1.3, 0.6];
            for (a, b) in values(&exact, &widths).into_iter().zip(values(&rewritten, &widths)) {
                // Coordinates and widths are near 1: a few ulp of exponents below 50.
                assert!((a - b).abs() < 1e-13 * a.abs().max(1.0), "{body}: {a} {b}");
            }
        }
    }
}
