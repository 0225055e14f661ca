//! Sums, extremes, norms and distances over the coordinates of one vector.

use super::dims::{broadcast, equal, single};
use super::matrix::matrix_vector;
use super::{Operand, Operation, Slot, Wrong, apply};
use crate::ir::{Extreme, Graph, NodeId};

pub(super) static ROWS: &[Operation] = &[
    Operation {
        name: "Sum",
        aliases: &["sum"],
        operands: &[("f", Slot::Formula)],
        doc: "Σₖ fₖ, the sum of the coordinates. (The sum over points is `Sum_i` or `Sum_j`.)",
        example: "Sum(x_i * y_j)",
        expand: |g, args| Ok(g.sum(args[0].value())),
    },
    Operation {
        name: "Max",
        aliases: &["max"],
        operands: &[("f", Slot::Formula)],
        doc: "maxₖ fₖ, the largest coordinate, NaN skipped; the slope goes to the first of equal ones.",
        example: "Max(x_i - y_j)",
        expand: |g, args| Ok(g.extreme(Extreme::Max, args[0].value())),
    },
    Operation {
        name: "Min",
        aliases: &["min"],
        operands: &[("f", Slot::Formula)],
        doc: "minₖ fₖ, the smallest coordinate, NaN skipped; the slope goes to the first of equal ones.",
        example: "Min(x_i - y_j)",
        expand: |g, args| Ok(g.extreme(Extreme::Min, args[0].value())),
    },
    Operation {
        name: "ArgMax",
        aliases: &["argmax"],
        operands: &[("f", Slot::Formula)],
        doc: "The position, from 0, of the first largest coordinate, as a number.",
        example: "ArgMax(x_i - y_j)",
        expand: |g, args| Ok(g.position(Extreme::Max, args[0].value())),
    },
    Operation {
        name: "ArgMin",
        aliases: &["argmin"],
        operands: &[("f", Slot::Formula)],
        doc: "The position, from 0, of the first smallest coordinate, as a number.",
        example: "ArgMin(x_i - y_j)",
        expand: |g, args| Ok(g.position(Extreme::Min, args[0].value())),
    },
    Operation {
        name: "SqNorm2",
        aliases: &["sqnorm2"],
        operands: &[("f", Slot::Formula)],
        doc: "Σₖ fₖ², the squared Euclidean norm.",
        example: "SqNorm2(x_i - y_j)",
        expand: |g, args| Ok(squared_norm(g, args[0].value())),
    },
    Operation {
        name: "Norm2",
        aliases: &["norm2", "norm"],
        operands: &[("f", Slot::Formula)],
        doc: "√(Σₖ fₖ²), the Euclidean norm; its gradient at 0 is 0.",
        example: "Norm2(x_i - y_j)",
        expand: |g, args| {
            let squared = squared_norm(g, args[0].value());
            Ok(apply(g, "Sqrt", &[squared]))
        },
    },
    Operation {
        name: "Normalize",
        aliases: &["normalize"],
        operands: &[("f", Slot::Formula)],
        doc: "f / √(Σₖ fₖ²), the vector of norm 1 in the direction of f; 0 at 0.",
        example: "Normalize(x_i)",
        expand: |g, args| {
            let squared = squared_norm(g, args[0].value());
            let scale = apply(g, "Rsqrt", &[squared]);
            Ok(g.mul(vec![scale, args[0].value()]))
        },
    },
    Operation {
        name: "SqDist",
        aliases: &["sqdist"],
        operands: &[("f", Slot::Formula), ("g", Slot::Formula)],
        doc: "Σₖ (fₖ − gₖ)², the squared Euclidean distance.",
        example: "SqDist(x_i, y_j)",
        expand: |g, args| {
            let values = broadcast(g, args)?;
            let difference = g.sub(values[0], values[1]);
            Ok(squared_norm(g, difference))
        },
    },
    Operation {
        name: "SqNormIso",
        aliases: &[],
        operands: &[("s", Slot::Formula), ("f", Slot::Formula)],
        doc: "s Σₖ fₖ² for a number s.",
        example: "SqNormIso(s, x_i)",
        expand: |g, args| {
            let weight = single(g, args, 0)?;
            let squared = squared_norm(g, args[1].value());
            Ok(g.mul(vec![weight, squared]))
        },
    },
    Operation {
        name: "SqNormDiag",
        aliases: &[],
        operands: &[("s", Slot::Formula), ("f", Slot::Formula)],
        doc: "Σₖ sₖ fₖ², with one weight for each coordinate.",
        example: "SqNormDiag(p, x_i)",
        expand: |g, args| {
            equal(g, args, 0, 1)?;
            Ok(diagonal(g, args[0].value(), args[1].value()))
        },
    },
    Operation {
        name: "SymSqNorm",
        aliases: &[],
        operands: &[("A", Slot::Formula), ("f", Slot::Formula)],
        doc: "Σₖₗ Aₖₗ fₖ fₗ for a matrix A, row-major, whose dimension is the square of that of f.",
        example: "SymSqNorm(a_j, x_i)",
        expand: |g, args| quadratic_form(g, args, 0, 1),
    },
    Operation {
        name: "WeightedSqNorm",
        aliases: &[],
        operands: &[("s", Slot::Formula), ("f", Slot::Formula)],
        doc: "The squared norm of f with weights s: one for all coordinates, one for each, or a matrix as in `SymSqNorm`.",
        example: "WeightedSqNorm(p, x_i - y_j)",
        expand: |g, args| weighted(g, args, 0, args[1].value(), 1),
    },
    Operation {
        name: "weightedsqnorm",
        aliases: &[],
        operands: &[("f", Slot::Formula), ("s", Slot::Formula)],
        doc: "`WeightedSqNorm(s, f)` in the order of the method `f.weightedsqnorm(s)`.",
        example: "x_i.weightedsqnorm(p)",
        expand: |g, args| weighted(g, args, 1, args[0].value(), 0),
    },
    Operation {
        name: "WeightedSqDist",
        aliases: &[],
        operands: &[("s", Slot::Formula), ("f", Slot::Formula), ("g", Slot::Formula)],
        doc: "`WeightedSqNorm(s, f - g)`, the squared distance with weights.",
        example: "WeightedSqDist(a_j, x_i, y_j)",
        expand: |g, args| weighted_distance(g, args, 0, [1, 2]),
    },
    Operation {
        name: "weightedsqdist",
        aliases: &[],
        operands: &[("f", Slot::Formula), ("g", Slot::Formula), ("s", Slot::Formula)],
        doc: "`WeightedSqDist(s, f, g)` in the order of the method `f.weightedsqdist(g, s)`.",
        example: "x_i.weightedsqdist(y_j, p)",
        expand: |g, args| weighted_distance(g, args, 2, [0, 1]),
    },
];

/// Σₖ fₖ²
fn squared_norm(g: &mut Graph, f: NodeId) -> NodeId {
    let squares = g.power(f, 2);
    g.sum(squares)
}

/// Σₖ sₖ fₖ²
fn diagonal(g: &mut Graph, s: NodeId, f: NodeId) -> NodeId {
    let squares = g.power(f, 2);
    g.dot(s, squares)
}

/// fᵀ A f for the operands at these positions.
fn quadratic_form(g: &mut Graph, args: &[Operand], matrix: usize, vector: usize) -> Result<NodeId, Wrong> {
    let (a, f) = (args[matrix].value(), args[vector].value());
    let square = g.dim(f) * g.dim(f);
    if *g.dim(a) != square {
        return Err(Wrong::Must(matrix, square, "the square of the dimension of the vector"));
    }
    let product = matrix_vector(g, args, matrix, f, vector)?;
    Ok(g.dot(f, product))
}

/// The squared norm of f, which has the dimension of the operand at `vector`, with the weights at `weight`.
fn weighted(
    g: &mut Graph,
    args: &[Operand],
    weight: usize,
    f: NodeId,
    vector: usize,
) -> Result<NodeId, Wrong> {
    let s = args[weight].value();
    if g.dim(s) == g.dim(f) {
        return Ok(diagonal(g, s, f));
    }
    if g.dim(s).is_one() {
        let squared = squared_norm(g, f);
        return Ok(g.mul(vec![s, squared]));
    }
    let square = g.dim(f) * g.dim(f);
    if *g.dim(s) != square {
        return Err(Wrong::Must(
            weight,
            square,
            "the square of the dimension of the vector (or 1, or that dimension itself)",
        ));
    }
    let product = matrix_vector(g, args, weight, f, vector)?;
    Ok(g.dot(f, product))
}

fn weighted_distance(
    g: &mut Graph,
    args: &[Operand],
    weight: usize,
    ends: [usize; 2],
) -> Result<NodeId, Wrong> {
    let [from, to] = ends.map(|k| args[k].value());
    if !(g.dim(from).is_one() || g.dim(to).is_one() || g.dim(from) == g.dim(to)) {
        return Err(Wrong::Broadcast(ends[0], ends[1]));
    }
    let difference = g.sub(from, to);
    let vector = if g.dim(from).is_one() { ends[1] } else { ends[0] };
    weighted(g, args, weight, difference, vector)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Dim;
    use crate::ops::testing::evaluate_operation;

    const X: &[f64] = &[3.0, 0.0, -4.0];
    const Y: &[f64] = &[1.0, 1.0, 2.0];
    const A: &[f64] = &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];

    fn value(name: &str, values: &[&[f64]]) -> Result<Vec<f64>, Wrong> {
        evaluate_operation(name, values, &[])
    }

    #[test]
    fn coordinates_are_summed_and_compared() {
        for (name, expected) in [
            ("Sum", -1.0),
            ("Max", 3.0),
            ("Min", -4.0),
            ("ArgMax", 0.0),
            ("ArgMin", 2.0),
            ("SqNorm2", 25.0),
            ("Norm2", 5.0),
        ] {
            assert_eq!(value(name, &[X]), Ok(vec![expected]), "{name}");
        }
        assert_eq!(value("Sum", &[&[7.0]]), Ok(vec![7.0]));
        assert_eq!(value("Normalize", &[X]), Ok(vec![3.0 * 0.2, 0.0, -4.0 * 0.2]));
        assert_eq!(value("Normalize", &[&[0.0, 0.0]]), Ok(vec![0.0, 0.0]));
    }

    #[test]
    fn distances_and_weights() {
        assert_eq!(value("SqDist", &[X, Y]), Ok(vec![4.0 + 1.0 + 36.0]));
        assert_eq!(value("SqDist", &[X, &[1.0]]), Ok(vec![4.0 + 1.0 + 25.0]));
        assert_eq!(value("SqNormIso", &[&[2.0], X]), Ok(vec![50.0]));
        assert_eq!(value("SqNormDiag", &[Y, X]), Ok(vec![9.0 + 32.0]));
        // 1·9 + (3 + 7)·(−12) + 9·16
        for (name, args) in [("SymSqNorm", [A, X]), ("WeightedSqNorm", [A, X]), ("weightedsqnorm", [X, A])] {
            assert_eq!(value(name, &args), Ok(vec![33.0]), "{name}");
        }
        assert_eq!(value("WeightedSqNorm", &[&[2.0], X]), Ok(vec![50.0]));
        assert_eq!(value("WeightedSqNorm", &[Y, X]), Ok(vec![41.0]));
        assert_eq!(value("WeightedSqNorm", &[&[2.0], &[3.0]]), Ok(vec![18.0]));
        assert_eq!(value("WeightedSqDist", &[Y, X, &[1.0]]), Ok(vec![4.0 + 1.0 + 50.0]));
        assert_eq!(value("weightedsqdist", &[&[1.0], X, A]), value("WeightedSqDist", &[A, X, &[1.0]]));
    }

    #[test]
    fn dimensions_are_checked() {
        assert_eq!(value("SqDist", &[X, &[1.0, 2.0]]), Err(Wrong::Broadcast(0, 1)));
        assert_eq!(value("SqNormIso", &[X, X]), Err(Wrong::NotScalar(0)));
        assert_eq!(value("SqNormDiag", &[&[1.0], X]), Err(Wrong::Equal(0, 1)));
        let nine = Dim::literal(9);
        assert!(matches!(value("SymSqNorm", &[X, X]), Err(Wrong::Must(0, d, _)) if d == nine));
        assert!(
            matches!(value("weightedsqdist", &[X, Y, &[1.0, 2.0]]), Err(Wrong::Must(2, d, _)) if d == nine)
        );
        assert_eq!(value("WeightedSqDist", &[X, X, &[1.0, 2.0]]), Err(Wrong::Broadcast(1, 2)));
    }
}
