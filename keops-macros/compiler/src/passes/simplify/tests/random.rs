//! Random expressions keep their value and their dimension, and are simple after one call.

use super::{VARIABLES, program, simplify, variables};
use crate::ir::evaluate::{Leaves, evaluate};
use crate::ir::print::print;
use crate::ir::verify::verify;
use crate::ir::{Contraction, Dim, Extreme, Graph, NodeId};
use crate::number::Number;
use crate::ops::named;

/// A small generator of pseudo-random numbers (a linear congruence, upper bits), the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n
    }

    fn pick(&mut self, nodes: &[NodeId]) -> NodeId {
        // Later nodes are more likely, so that expressions grow deep.
        let k = self.below(nodes.len()).max(self.below(nodes.len()));
        nodes[k]
    }

    /// A node of dimension 1, or of dimension `dim`.
    fn pick_fitting(&mut self, graph: &Graph, nodes: &[NodeId], dim: &Dim) -> NodeId {
        loop {
            let node = self.pick(nodes);
            if graph.dim(node).is_one() || graph.dim(node) == dim {
                return node;
            }
        }
    }
}

/// One more node on top of those made so far. Functions with jumps are left out: rounding decides on which side they fall.
fn grow(g: &mut Graph, nodes: &[NodeId], random: &mut Random) -> NodeId {
    let a = random.pick(nodes);
    let dim = g.dim(a).clone();
    let d = dim.value().unwrap();
    let literal = Dim::literal;
    match random.below(22) {
        0..=3 => {
            let terms =
                (0..=random.below(4)).map(|_| random.pick_fitting(g, nodes, &dim)).collect::<Vec<_>>();
            g.add([&[a], &terms[..]].concat())
        }
        4..=7 => {
            let factors =
                (0..=random.below(3)).map(|_| random.pick_fitting(g, nodes, &dim)).collect::<Vec<_>>();
            g.mul([&[a], &factors[..]].concat())
        }
        8 => g.neg(a),
        9 => {
            let b = random.pick_fitting(g, nodes, &dim);
            g.sub(a, b)
        }
        10 => g.power(a, [2, 3, -1, -2][random.below(4)]),
        11 | 12 => {
            let function = ["Exp", "Exp", "Sin", "Tanh", "Abs", "Sqrt"][random.below(6)];
            g.map(named(function), vec![a])
        }
        13 => {
            let b = random.pick_fitting(g, nodes, &dim);
            g.map(named(["Maximum", "Powf"][random.below(2)]), vec![a, b])
        }
        14 => g.sum(a),
        15 => g.extreme(Extreme::Max, a),
        16 if d == 1 => {
            let total = literal(1 + random.below(4));
            g.fill(a, &total)
        }
        16 | 17 => {
            let b = random.pick(nodes);
            g.concat(vec![a, b])
        }
        18 | 19 => {
            let start = random.below(d);
            let step = 1 + random.below(2);
            let len = 1 + random.below((d - 1 - start) / step + 1);
            g.extract_step(a, start, step, &literal(len))
        }
        20 => {
            let (start, step) = (random.below(2), 1 + random.below(2));
            let total = start + (d - 1) * step + 1 + random.below(2);
            g.pad(a, start, step, &literal(total))
        }
        _ => {
            let b = random.pick(nodes);
            let n = g.dim(b).value().unwrap();
            let c = Contraction {
                left: vec![d],
                right: vec![n],
                left_axes: vec![],
                right_axes: vec![],
                order: vec![1, 0],
            };
            g.contract(c, a, b)
        }
    }
}

#[test]
fn values_and_dimensions_are_kept() {
    let mut compared = 0;
    for seed in 0..2000 {
        let mut random = Random(seed);
        let (mut g, arguments) = variables();
        let mut nodes = arguments.to_vec();
        for (num, den) in [(0, 1), (1, 1), (2, 1), (-1, 1), (1, 3)] {
            nodes.push(g.constant(Number::rational(num, den)));
        }
        for _ in 0..4 + random.below(20) {
            let node = grow(&mut g, &nodes, &mut random);
            if g.dim(node).value().unwrap() <= 12 {
                nodes.push(node);
            }
        }
        let roots = [random.pick(&nodes), *nodes.last().unwrap()];
        let row = |(_, dim): (&str, usize)| (0..dim).map(|_| random.below(8) as f64 / 4.0 - 0.875).collect();
        let leaves = Leaves { variables: VARIABLES.map(row).to_vec(), ..Leaves::default() };
        let before = program(g, &roots);
        assert_eq!(verify(&before), Ok(()), "seed {seed}");
        let after = simplify(before.clone());
        assert_eq!(verify(&after), Ok(()), "seed {seed}");
        assert_eq!(
            print(&simplify(after.clone())),
            print(&after),
            "seed {seed} is not simple after one call"
        );
        for (old, new) in before.stages[0].outputs.iter().zip(&after.stages[0].outputs) {
            assert_eq!(old.dim, new.dim);
            compared += usize::from(same_value(
                &before.graph,
                old.nodes[0],
                &after.graph,
                new.nodes[0],
                &leaves,
                seed,
            ));
        }
    }
    assert!(compared > 2000, "only {compared} of 4000 values were tame enough to be compared");
}

/// Whether the values could be compared; they are not where an intermediate value is infinite, NaN or large, so that
/// rounding or an overflow that the rules avoid would show.
fn same_value(old: &Graph, a: NodeId, new: &Graph, b: NodeId, leaves: &Leaves, seed: u64) -> bool {
    let tame = |&id: &NodeId| evaluate(old, id, leaves).iter().all(|x| x.abs() < 1e3);
    if !old.reachable(&[a]).iter().all(tame) {
        return false;
    }
    let (x, y) = (evaluate(old, a, leaves), evaluate(new, b, leaves));
    // Rounding errors of 2⁻⁵³ of intermediate values below 10³, amplified by some twenty operations with slopes that may
    // be large themselves.
    let close = x.len() == y.len() && x.iter().zip(&y).all(|(x, y)| (x - y).abs() <= 1e-7 * x.abs().max(1.0));
    assert!(close, "seed {seed}: {x:?} became {y:?}");
    true
}
