//! The value of a node for one pair in f64: the meaning of the core operations, spelled out, which the passes and the
//! generated code are tested against.

use crate::ir::{Contraction, Extreme, Graph, NodeId, Op};
use crate::ops::scalar;

/// What the leaves of a graph stand for, for one pair.
#[derive(Clone, Debug, Default)]
pub struct Leaves {
    /// The row of each variable, by its number.
    pub variables: Vec<Vec<f64>>,
    /// The value of each reduction, by its number.
    pub reductions: Vec<Vec<f64>>,
    /// The number of points on the reduced side.
    pub count: f64,
}

/// The coordinates of a node's value.
///
/// # Panics
/// If a leaf that the node needs is missing in `leaves`, or a dimension is a parameter.
pub fn evaluate(graph: &Graph, node: NodeId, leaves: &Leaves) -> Vec<f64> {
    let needed = graph.reachable(&[node]);
    let mut values: Vec<Vec<f64>> = vec![vec![]; node.0 as usize + 1];
    for id in needed {
        let arguments: Vec<&[f64]> = graph.args(id).iter().map(|a| values[a.0 as usize].as_slice()).collect();
        let dim = graph.dim(id).value().expect("only literal dimensions can be evaluated");
        values[id.0 as usize] = value(graph.op(id), &arguments, dim, leaves);
    }
    values.swap_remove(node.0 as usize)
}

fn value(op: &Op, arguments: &[&[f64]], dim: usize, leaves: &Leaves) -> Vec<f64> {
    let pointwise = |f: &dyn Fn(&[f64]) -> f64| -> Vec<f64> {
        let coordinate = |k: usize| {
            let point: Vec<f64> = arguments.iter().map(|a| if a.len() == 1 { a[0] } else { a[k] }).collect();
            f(&point)
        };
        (0..dim).map(coordinate).collect()
    };
    match op {
        Op::Variable(v) => leaves.variables[v.0 as usize].clone(),
        Op::Reduced(r) => leaves.reductions[r.0 as usize].clone(),
        Op::Constant(c) => vec![c.to_f64()],
        Op::Count => vec![leaves.count],
        Op::Add => pointwise(&|x| x[1..].iter().fold(x[0], |sum, t| sum + t)),
        Op::Mul => pointwise(&|x| x[1..].iter().fold(x[0], |product, f| product * f)),
        Op::Power(n) => pointwise(&|x| x[0].powi(*n)),
        Op::Map(function) => pointwise(&scalar(*function).reference),
        Op::Sum => vec![arguments[0].iter().sum()],
        Op::Fill => vec![arguments[0][0]; dim],
        Op::Concat => arguments.concat(),
        Op::Extract { start, step } => (0..dim).map(|k| arguments[0][start + k * step]).collect(),
        Op::Pad { start, step } => {
            let mut padded = vec![0.0; dim];
            for (k, x) in arguments[0].iter().enumerate() {
                padded[start + k * step] = *x;
            }
            padded
        }
        Op::Contract(c) => contract(c, arguments[0], arguments[1]),
        Op::Extreme(extreme) => vec![best(*extreme, arguments[0]).1],
        Op::Position(extreme) => vec![best(*extreme, arguments[0]).0 as f64],
        Op::OneHot => {
            let position = arguments[0][0].round();
            (0..dim).map(|k| f64::from(k as f64 == position)).collect()
        }
    }
}

/// The position and value of the first largest or smallest coordinate, NaN skipped; (0, ±∞) if there is no other.
fn best(extreme: Extreme, x: &[f64]) -> (usize, f64) {
    let nothing = match extreme {
        Extreme::Max => f64::NEG_INFINITY,
        Extreme::Min => f64::INFINITY,
    };
    x.iter().enumerate().fold((0, nothing), |(position, value), (k, &candidate)| {
        let better = match extreme {
            Extreme::Max => candidate > value,
            Extreme::Min => candidate < value,
        };
        if better { (k, candidate) } else { (position, value) }
    })
}

/// Every entry of the result is a sum over the contracted axes.
fn contract(c: &Contraction, a: &[f64], b: &[f64]) -> Vec<f64> {
    let kept = |shape: &[usize], contracted: &[usize]| -> Vec<usize> {
        (0..shape.len()).filter(|axis| !contracted.contains(axis)).collect()
    };
    let (kept_left, kept_right) = (kept(&c.left, &c.left_axes), kept(&c.right, &c.right_axes));
    let summed: Vec<usize> = c.left_axes.iter().map(|&axis| c.left[axis]).collect();
    indices(&c.kept_shape())
        .map(|result| {
            // The index along kept axis order[k] is the result's index k.
            let mut along = vec![0; result.len()];
            for (k, &axis) in c.order.iter().enumerate() {
                along[axis] = result[k];
            }
            let (along_left, along_right) = along.split_at(kept_left.len());
            let term = |sum_index: Vec<usize>| {
                let at =
                    |x: &[f64], shape: &[usize], kept: &[usize], along: &[usize], contracted: &[usize]| {
                        let mut index = vec![0; shape.len()];
                        kept.iter()
                            .zip(along)
                            .chain(contracted.iter().zip(&sum_index))
                            .for_each(|(&axis, &i)| index[axis] = i);
                        x[shape.iter().zip(index).fold(0, |offset, (n, i)| offset * n + i)]
                    };
                at(a, &c.left, &kept_left, along_left, &c.left_axes)
                    * at(b, &c.right, &kept_right, along_right, &c.right_axes)
            };
            indices(&summed).map(term).sum()
        })
        .collect()
}

/// All indices of a tensor of this shape, in row-major order.
fn indices(shape: &[usize]) -> impl Iterator<Item = Vec<usize>> {
    let shape = shape.to_vec();
    (0..shape.iter().product()).map(move |offset| {
        let mut rest: usize = offset;
        let mut index: Vec<usize> = shape
            .iter()
            .rev()
            .map(|&n| {
                let i = rest % n;
                rest /= n;
                i
            })
            .collect();
        index.reverse();
        index
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::Kind;
    use crate::ir::{Dim, ReductionId, Source, Variable};
    use crate::ops::named;

    fn graph(rows: &[&[f64]]) -> (Graph, Vec<NodeId>, Leaves) {
        let mut graph = Graph::default();
        let declare = |(k, row): (usize, &&[f64])| Variable {
            name: format!("x{k}"),
            kind: Kind::I,
            dim: Dim::literal(row.len()),
            source: Source::Argument(k),
        };
        let nodes = rows.iter().enumerate().map(declare).map(|v| graph.declare(v)).collect();
        let variables = rows.iter().map(|r| r.to_vec()).collect();
        (graph, nodes, Leaves { variables, reductions: vec![vec![7.0]], count: 5.0 })
    }

    #[test]
    fn pointwise_operations_broadcast() {
        let (mut g, x, leaves) = graph(&[&[1.0, 2.0, 3.0], &[10.0]]);
        let sum = g.add(vec![x[0], x[1], x[0]]);
        assert_eq!(evaluate(&g, sum, &leaves), [12.0, 14.0, 16.0]);
        let quotient = g.div(x[1], x[0]);
        assert_eq!(evaluate(&g, quotient, &leaves), [10.0, 5.0, 10.0 * (1.0 / 3.0)]);
        let larger = g.map(named("Maximum"), vec![x[0], x[1]]);
        assert_eq!(evaluate(&g, larger, &leaves), [10.0; 3]);
        let reduced = g.intern(Op::Reduced(ReductionId(0)), vec![], Dim::literal(1));
        let count = g.intern(Op::Count, vec![], Dim::literal(1));
        let both = g.mul(vec![reduced, count]);
        assert_eq!(evaluate(&g, both, &leaves), [35.0]);
    }

    #[test]
    fn coordinates_are_rearranged() {
        let (mut g, x, leaves) = graph(&[&[1.0, 2.0, 3.0, 4.0], &[1.0]]);
        let odd = g.extract_step(x[0], 1, 2, &Dim::literal(2));
        assert_eq!(evaluate(&g, odd, &leaves), [2.0, 4.0]);
        let padded = g.pad(odd, 1, 2, &Dim::literal(5));
        assert_eq!(evaluate(&g, padded, &leaves), [0.0, 2.0, 0.0, 4.0, 0.0]);
        let joined = g.concat(vec![odd, x[1], odd]);
        assert_eq!(evaluate(&g, joined, &leaves), [2.0, 4.0, 1.0, 2.0, 4.0]);
        let total = g.sum(joined);
        assert_eq!(evaluate(&g, total, &leaves), [13.0]);
        let hot = g.one_hot(x[1], &Dim::literal(3));
        assert_eq!(evaluate(&g, hot, &leaves), [0.0, 1.0, 0.0]);
    }

    #[test]
    fn extremes_skip_nan_and_take_the_first() {
        let (mut g, x, leaves) = graph(&[&[f64::NAN, 2.0, 5.0, 2.0, 5.0], &[f64::NAN]]);
        let read = |g: &Graph, n| evaluate(g, n, &leaves)[0];
        let (max, min) = (g.extreme(Extreme::Max, x[0]), g.extreme(Extreme::Min, x[0]));
        assert_eq!((read(&g, max), read(&g, min)), (5.0, 2.0));
        let (max, min) = (g.position(Extreme::Max, x[0]), g.position(Extreme::Min, x[0]));
        assert_eq!((read(&g, max), read(&g, min)), (2.0, 1.0));
        let nothing = g.extreme(Extreme::Max, x[1]);
        assert_eq!(read(&g, nothing), f64::NEG_INFINITY);
    }

    #[test]
    fn a_contraction_is_a_matrix_product_with_its_axes_permuted() {
        let a: Vec<f64> = (1..=6).map(f64::from).collect();
        let b: Vec<f64> = (1..=12).map(f64::from).collect();
        let (mut g, x, leaves) = graph(&[&a, &b]);
        // aₚₖ of shape (2, 3) times bₖᵣ of shape (3, 4), transposed.
        let c = Contraction {
            left: vec![2, 3],
            right: vec![3, 4],
            left_axes: vec![1],
            right_axes: vec![0],
            order: vec![1, 0],
        };
        let product = g.contract(c, x[0], x[1]);
        assert_eq!(evaluate(&g, product, &leaves), [38.0, 83.0, 44.0, 98.0, 50.0, 113.0, 56.0, 128.0]);
    }
}
