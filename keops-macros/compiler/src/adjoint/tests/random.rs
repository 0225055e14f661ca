//! Random formulas, and their second derivatives.

use super::*;
use crate::number::Number;

/// Numbers in (0, 1), the same in every run.
struct Draw(u64);

impl Draw {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }
}

/// A random formula of smooth operations with values of moderate size, out of x, y of dimension 3 and s of dimension 1.
fn random_formula(b: &mut Bench, draw: &mut Draw, size: usize) -> NodeId {
    let mut pool: Vec<NodeId> = [3, 3, 1]
        .map(|dim| (0..dim).map(|_| 2.0 * draw.unit() - 1.0).collect::<Vec<f64>>())
        .iter()
        .map(|row| b.variable(row))
        .collect();
    for _ in 0..size {
        // Late nodes more often, so that formulas are deep.
        let reach = pool.len().min(5);
        let pick = |draw: &mut Draw| pool[pool.len() - 1 - draw.below(reach)];
        let (u, v) = (pick(draw), pick(draw));
        let dim = b.graph.dim(u).clone();
        let node = match draw.below(10) {
            0 => b.graph.add(vec![u, v, u]),
            1 => {
                let half = b.graph.constant(Number::rational(1, 2));
                b.graph.mul(vec![half, u, v])
            }
            2 => b.map("Sin", &[u]),
            3 => {
                let square = b.graph.power(u, 2);
                let negative = b.graph.neg(square);
                b.map("Exp", &[negative])
            }
            4 => {
                let square = b.graph.power(u, 2);
                let one = b.graph.integer(1);
                let above = b.graph.add(vec![one, square]);
                b.graph.div(v, above)
            }
            5 => b.graph.sum(u),
            6 if dim.is_one() => b.graph.fill(u, &Dim::literal(3)),
            6 => b.graph.extract(u, 1, &Dim::literal(1)),
            7 => {
                let joined = b.graph.concat(vec![u, v]);
                let both = b.graph.dim(joined).value().unwrap();
                b.graph.extract(joined, both - 1, &Dim::literal(1))
            }
            8 if dim.is_one() => b.graph.pad(u, 1, 1, &Dim::literal(3)),
            8 => b.graph.dot(u, v),
            _ => b.map("Tanh", &[u]),
        };
        pool.push(node);
    }
    pool[pool.len() - 1]
}

#[test]
fn random_formulas() {
    for seed in 0..300 {
        let (mut b, mut draw) = (Bench::default(), Draw(seed));
        let f = random_formula(&mut b, &mut draw, 12);
        b.check(f);
    }
}

#[test]
fn second_derivatives_of_random_formulas() {
    for seed in 1000..1060 {
        let (mut b, mut draw) = (Bench::default(), Draw(seed));
        let f = random_formula(&mut b, &mut draw, 7);
        let dim = b.graph.dim(f).value().unwrap();
        let e = b.direction(&vec![0.6; dim]);
        for v in 0..3 {
            let slope = gradient(&mut b.graph, f, VariableId(v), e);
            b.check(slope);
        }
    }
}
