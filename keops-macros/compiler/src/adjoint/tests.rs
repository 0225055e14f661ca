//! Adjoints against central differences, and the shape of the graphs they give.

mod random;

use super::*;
use crate::ast::Kind;
use crate::ir::evaluate::{Leaves, evaluate};
use crate::ir::verify::verify;
use crate::ir::{Contraction, Dim, Extreme, Op, Program, Source, Variable};
use crate::number::Number;
use crate::ops::named;

/// A graph with values for its variables.
#[derive(Default)]
struct Bench {
    graph: Graph,
    rows: Vec<Vec<f64>>,
    /// The variables that formulas are differentiated in: all but seeds and directions.
    inputs: Vec<usize>,
}

impl Bench {
    fn variable(&mut self, row: &[f64]) -> NodeId {
        self.inputs.push(self.rows.len());
        self.direction(row)
    }

    fn direction(&mut self, row: &[f64]) -> NodeId {
        let number = self.rows.len();
        self.rows.push(row.to_vec());
        self.graph.declare(Variable {
            name: format!("v{number}"),
            kind: Kind::I,
            dim: Dim::literal(row.len()),
            source: Source::Argument(number),
        })
    }

    fn value(&self, node: NodeId, rows: &[Vec<f64>]) -> Vec<f64> {
        let leaves = Leaves { variables: rows.to_vec(), reductions: vec![], count: 5.0 };
        evaluate(&self.graph, node, &leaves)
    }

    fn map(&mut self, name: &str, args: &[NodeId]) -> NodeId {
        self.graph.map(named(name), args.to_vec())
    }

    /// ⟨seed, ∂f/∂(coordinate k of variable v)⟩ by central differences, extrapolated from two steps.
    fn slope(&self, f: NodeId, seed: &[f64], v: usize, k: usize) -> f64 {
        let difference = |step: f64| {
            let at = |step: f64| {
                let mut rows = self.rows.clone();
                rows[v][k] += step;
                let value = self.value(f, &rows);
                value.iter().zip(seed).map(|(f, e)| f * e).sum::<f64>()
            };
            (at(step) - at(-step)) / (2.0 * step)
        };
        (4.0 * difference(5e-4) - difference(1e-3)) / 3.0
    }

    /// Compares the gradients of f in all variables with differences, and the differentials with the gradients.
    ///
    /// The steps of 10⁻³ leave truncation errors near 10⁻¹², and rounding errors near 10⁻¹³, times the higher
    /// derivatives; 10⁻⁷ of the values met leaves room for these.
    fn check(&mut self, f: NodeId) {
        let dim = self.graph.dim(f).value().unwrap();
        let e: Vec<f64> = (0..dim).map(|k| 0.7 - 0.4 * k as f64).collect();
        let seed = self.direction(&e);
        for v in self.inputs.clone() {
            let gradient = gradient(&mut self.graph, f, VariableId(v as u32), seed);
            assert_eq!(self.graph.dim(gradient).value(), Some(self.rows[v].len()));
            let gradient = self.value(gradient, &self.rows);
            self.check_transpose(f, &e, v, &gradient);
            for (k, found) in gradient.into_iter().enumerate() {
                let expected = self.slope(f, &e, v, k);
                assert!(
                    (found - expected).abs() <= 1e-7 * (1.0 + expected.abs()),
                    "variable {v}, coordinate {k}: {found} instead of {expected}"
                );
            }
        }
        let nodes = Program {
            graph: self.graph.clone(),
            reductions: vec![],
            stages: vec![],
            results: vec![],
            fast_maths: false,
        };
        verify(&nodes).unwrap();
    }

    /// ⟨e, Du⟩ = ⟨D'e, u⟩ for the differential D of f in variable v: rounding aside, for which 10⁻¹² of the terms'
    /// sizes is ample: they are sums of a few dozen products.
    fn check_transpose(&mut self, f: NodeId, e: &[f64], v: usize, gradient: &[f64]) {
        let u: Vec<f64> = (0..gradient.len()).map(|k| 0.9 - 0.7 * k as f64).collect();
        let direction = self.direction(&u);
        let change = differential(&mut self.graph, f, VariableId(v as u32), direction);
        assert_eq!(self.graph.dim(change), self.graph.dim(f));
        let change = self.value(change, &self.rows);
        let pairs = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).collect::<Vec<f64>>();
        let (left, right) = (pairs(e, &change), pairs(gradient, &u));
        let size: f64 = left.iter().chain(&right).map(|term| term.abs()).sum();
        let (left, right): (f64, f64) = (left.iter().sum(), right.iter().sum());
        assert!((left - right).abs() <= 1e-12 * (1.0 + size), "variable {v}: {left} and {right}");
    }
}

fn bench() -> (Bench, NodeId, NodeId, NodeId) {
    let mut bench = Bench::default();
    let x = bench.variable(&[0.3, -0.8, 1.1]);
    let y = bench.variable(&[0.9, 0.2, -0.5]);
    let s = bench.variable(&[1.3]);
    (bench, x, y, s)
}

#[test]
fn sums_and_products_broadcast() {
    let (mut b, x, y, s) = bench();
    let sum = b.graph.add(vec![s, x, s, y, x]);
    b.check(sum);
    let product = b.graph.mul(vec![s, x, y, s, x]);
    b.check(product);
    let numbers = b.graph.mul(vec![s, s, s]);
    b.check(numbers);
    let quotient = b.graph.div(s, x);
    b.check(quotient);
    let constant = b.graph.integer(3);
    let mixed = b.graph.sub(constant, quotient);
    b.check(mixed);
}

#[test]
fn powers_of_either_sign() {
    let (mut b, x, _, s) = bench();
    for n in [-3, -2, -1, 2, 3, 5] {
        for base in [x, s] {
            let power = b.graph.power(base, n);
            b.check(power);
        }
    }
}

#[test]
fn scalar_functions_broadcast_each_argument() {
    for (name, arguments) in
        [("Exp", 1), ("Rsqrt", 1), ("Powf", 2), ("Atan2", 2), ("IfElse", 3), ("Clamp", 3)]
    {
        for vector in 0..arguments {
            let mut b = Bench::default();
            let rows = (0..arguments).map(|k| {
                let offset = 0.6 + 0.3 * k as f64;
                if k == vector { vec![offset, offset + 1.0, offset + 0.4] } else { vec![offset] }
            });
            let args: Vec<NodeId> = rows.collect::<Vec<_>>().iter().map(|row| b.variable(row)).collect();
            let value = b.map(name, &args);
            b.check(value);
        }
    }
}

#[test]
fn coordinates_are_moved_back() {
    let (mut b, x, y, s) = bench();
    let sum = b.graph.sum(x);
    let filled = b.graph.fill(sum, &Dim::literal(4));
    b.check(filled);
    let joined = b.graph.concat(vec![x, s, y, x]);
    b.check(joined);
    let every_third = b.graph.extract_step(joined, 1, 3, &Dim::literal(3));
    b.check(every_third);
    let padded = b.graph.pad(every_third, 2, 2, &Dim::literal(8));
    let squared = b.graph.mul(vec![padded, padded]);
    let squared = b.graph.sum(squared);
    b.check(squared);
    let mean = b.graph.intern(Op::Count, vec![], Dim::literal(1));
    let mean = b.graph.div(squared, mean);
    b.check(mean);
}

#[test]
fn adjoints_of_numbers_stand_for_every_coordinate() {
    let (mut b, x, y, s) = bench();
    // The adjoint of each of these is that of a coordinate sum: one number.
    let joined = b.graph.concat(vec![x, y, s]);
    let part = b.graph.extract(joined, 2, &Dim::literal(3));
    let padded = b.graph.pad(part, 1, 1, &Dim::literal(5));
    let filled = b.graph.fill(s, &Dim::literal(5));
    let offset = b.graph.add(vec![padded, filled]);
    let total = b.graph.sum(offset);
    b.check(total);
    let (shape, axes) = (vec![3], vec![]);
    let outer = Contraction {
        left: shape.clone(),
        right: shape,
        left_axes: axes.clone(),
        right_axes: axes,
        order: vec![0, 1],
    };
    let outer = b.graph.contract(outer, x, y);
    let total = b.graph.sum(outer);
    b.check(total);
}

#[test]
fn contractions_of_any_axes_in_any_order() {
    let mut b = Bench::default();
    let wave = |n: usize, phase: f64| (0..n).map(|k| (phase + 1.7 * k as f64).sin()).collect::<Vec<f64>>();
    let left = b.variable(&wave(12, 0.2));
    let right = b.variable(&wave(24, 0.9));
    let shapes = |left_axes: &[usize], right_axes: &[usize], order: &[usize]| Contraction {
        left: vec![2, 3, 2],
        right: vec![4, 2, 3],
        left_axes: left_axes.to_vec(),
        right_axes: right_axes.to_vec(),
        order: order.to_vec(),
    };
    for contraction in [
        shapes(&[1], &[2], &[0, 1, 2, 3]),
        shapes(&[1], &[2], &[2, 0, 3, 1]),
        shapes(&[1, 0], &[2, 1], &[0, 1]),
        shapes(&[2, 1], &[1, 2], &[1, 0]),
        shapes(&[0], &[1], &[3, 2, 1, 0]),
        shapes(&[], &[], &[5, 0, 3, 1, 4, 2]),
    ] {
        let value = b.graph.contract(contraction, left, right);
        b.check(value);
    }
    let all = Contraction {
        left: vec![3, 2],
        right: vec![2, 3],
        left_axes: vec![0, 1],
        right_axes: vec![1, 0],
        order: vec![],
    };
    let (u, v) = (b.variable(&wave(6, 0.1)), b.variable(&wave(6, 2.0)));
    let dot = b.graph.contract(all, u, v);
    b.check(dot);
}

#[test]
fn extremes_pass_to_the_first_best_coordinate() {
    let (mut b, x, y, _) = bench();
    for extreme in [Extreme::Max, Extreme::Min] {
        let product = b.graph.mul(vec![x, y]);
        let best = b.graph.extreme(extreme, product);
        b.check(best);
    }
    let mut b = Bench::default();
    let tied = b.variable(&[1.0, 4.0, 4.0]);
    let best = b.graph.extreme(Extreme::Max, tied);
    let one = b.graph.integer(1);
    let slope = gradient(&mut b.graph, best, VariableId(0), one);
    assert_eq!(b.value(slope, &b.rows), [0.0, 1.0, 0.0]);
}

#[test]
fn what_is_piecewise_constant_or_independent_has_gradient_zero() {
    let (mut b, x, _, s) = bench();
    let position = b.graph.position(Extreme::Max, x);
    let hot = b.graph.one_hot(s, &Dim::literal(3));
    let one = b.graph.integer(1);
    for (f, v, dim) in [(position, 0, 3), (hot, 2, 1), (x, 1, 3), (one, 0, 3)] {
        let zeros = b.graph.zeros(&Dim::literal(dim));
        assert_eq!(gradient(&mut b.graph, f, VariableId(v), one), zeros);
    }
}

#[test]
fn several_roots_are_one_sweep() {
    let (mut b, x, y, s) = bench();
    let product = b.graph.mul(vec![x, y]);
    let scaled = b.graph.mul(vec![s, product]);
    let dot = b.graph.sum(product);
    let (e, one) = (b.direction(&[0.5, 1.5, -2.0]), b.graph.integer(1));
    let wrt = [VariableId(0), VariableId(1), VariableId(2)];
    let together = gradients(&mut b.graph, &[(scaled, e), (dot, one)], &wrt);
    for (v, both) in wrt.into_iter().zip(together) {
        let first = gradient(&mut b.graph, scaled, v, e);
        let second = gradient(&mut b.graph, dot, v, one);
        let sum = b.graph.add(vec![first, second]);
        let (found, expected) = (b.value(both, &b.rows), b.value(sum, &b.rows));
        for (found, expected) in found.iter().zip(&expected) {
            // Two orders of the same few additions.
            assert!((found - expected).abs() <= 1e-15 * (1.0 + expected.abs()), "{found} {expected}");
        }
    }
}

#[test]
fn differential_operators() {
    let (mut b, x, y, s) = bench();
    // f = exp(−|x|²/2), ∇f = −x f, Δf = (|x|² − 3) f.
    let square = b.graph.dot(x, x);
    let exponent = b.graph.constant(Number::rational(-1, 2));
    let exponent = b.graph.mul(vec![exponent, square]);
    let bell = b.map("Exp", &[exponent]);
    let found = laplacian(&mut b.graph, bell, VariableId(0));
    let squared_norm: f64 = b.rows[0].iter().map(|x| x * x).sum();
    let expected = (squared_norm - 3.0) * (-squared_norm / 2.0).exp();
    // Some ten roundings of numbers near 1.
    assert!((b.value(found, &b.rows)[0] - expected).abs() < 1e-14);

    // F = s sin(x) y_0: the matrix is s cos(x) y_0 on the diagonal and sin(x) s in the column of y_0.
    let sine = b.map("Sin", &[x]);
    let first = b.graph.extract(y, 0, &Dim::literal(1));
    let field = b.graph.mul(vec![s, sine, first]);
    let (matrix, column) =
        (grad_matrix(&mut b.graph, field, VariableId(0)), grad_matrix(&mut b.graph, field, VariableId(1)));
    let diagonal: Vec<f64> = b.rows[0].iter().map(|x| 1.3 * 0.9 * x.cos()).collect();
    let expected = [diagonal[0], 0.0, 0.0, 0.0, diagonal[1], 0.0, 0.0, 0.0, diagonal[2]];
    for (found, expected) in b.value(matrix, &b.rows).iter().zip(expected) {
        assert!((found - expected).abs() < 1e-15);
    }
    for (k, found) in b.value(column, &b.rows).iter().enumerate() {
        let expected = if k % 3 == 0 { 1.3 * b.rows[0][k / 3].sin() } else { 0.0 };
        assert!((found - expected).abs() < 1e-15);
    }
    let trace = divergence(&mut b.graph, field, VariableId(0));
    assert!((b.value(trace, &b.rows)[0] - diagonal.iter().sum::<f64>()).abs() < 1e-15);
}

#[test]
fn long_sums_and_products_stay_linear() {
    for count in [1000, 4000] {
        let (mut b, x, _, s) = bench();
        let factors: Vec<NodeId> = (0..count)
            .map(|n| {
                let offset = b.graph.integer(n);
                b.graph.add(vec![offset, if n % 2 == 0 { x } else { s }])
            })
            .collect();
        let before = b.graph.len();
        let one = b.graph.integer(1);
        let (sum, product) = (b.graph.add(factors.clone()), b.graph.mul(factors));
        gradients(&mut b.graph, &[(sum, one), (product, one)], &[VariableId(0), VariableId(2)]);
        // Running products from both ends, one term, and what sums to it, for each factor.
        assert!(b.graph.len() - before < 8 * count as usize, "{} nodes", b.graph.len() - before);
    }
}

#[test]
fn the_gradient_of_a_gaussian_is_as_written_by_hand() {
    // f = exp(−|x − y|²) s
    let (mut b, x, y, s) = bench();
    let difference = b.graph.sub(x, y);
    let square = b.graph.power(difference, 2);
    let distance = b.graph.sum(square);
    let exponent = b.graph.neg(distance);
    let bell = b.map("Exp", &[exponent]);
    let f = b.graph.mul(vec![bell, s]);
    let one = b.graph.integer(1);
    let in_x = gradient(&mut b.graph, f, VariableId(0), one);
    let in_s = gradient(&mut b.graph, f, VariableId(2), one);
    assert_eq!(in_s, bell);
    // s · bell · −1 · 2 (x − y)
    let g = &mut b.graph;
    let two = g.integer(2);
    let minus_one = g.integer(-1);
    let of_bell = s;
    let of_exponent = g.mul(vec![of_bell, bell]);
    let of_distance = g.mul(vec![of_exponent, minus_one]);
    assert_eq!(in_x, g.mul(vec![of_distance, two, difference]));
}
