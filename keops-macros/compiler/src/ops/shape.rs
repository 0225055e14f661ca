//! Operations that rearrange coordinates.

use super::dims::{in_range, length, single};
use super::{Operation, Slot};
use crate::ast::LARGEST_DIM;
use crate::ir::{Dim, NodeId};

pub(super) static ROWS: &[Operation] = &[
    Operation {
        name: "SumT",
        aliases: &[],
        operands: &[("f", Slot::Formula), ("n", Slot::Integer)],
        doc: "The number f repeated n times.",
        example: "SumT(s, 3)",
        expand: |g, args| {
            let value = single(g, args, 0)?;
            let dim = in_range(args, 1, 1, LARGEST_DIM)?;
            Ok(g.fill(value, &Dim::literal(dim as usize)))
        },
    },
    Operation {
        name: "Elem",
        aliases: &["elem"],
        operands: &[("f", Slot::Formula), ("m", Slot::Integer)],
        doc: "Coordinate m of f, counted from 0; also written `f[m]`.",
        example: "Elem(x_i, 2)",
        expand: |g, args| {
            let last = length(g, args, 0)? as i64 - 1;
            let position = in_range(args, 1, 0, last)?;
            Ok(g.extract(args[0].value(), position as usize, &Dim::literal(1)))
        },
    },
    Operation {
        name: "ElemT",
        aliases: &[],
        operands: &[("f", Slot::Formula), ("n", Slot::Integer), ("m", Slot::Integer)],
        doc: "A vector of n zeros with the number f at position m, counted from 0.",
        example: "ElemT(s, 3, 1)",
        expand: |g, args| {
            let value = single(g, args, 0)?;
            let dim = in_range(args, 1, 1, LARGEST_DIM)?;
            let position = in_range(args, 2, 0, dim - 1)?;
            Ok(g.pad(value, position as usize, 1, &Dim::literal(dim as usize)))
        },
    },
    Operation {
        name: "Extract",
        aliases: &["extract"],
        operands: &[("f", Slot::Formula), ("start", Slot::Integer), ("d", Slot::Integer)],
        doc: "The d coordinates of f from position `start` on, counted from 0; also written `f[start..start+d]`.",
        example: "Extract(x_i, 1, 2)",
        expand: |g, args| {
            let dim = length(g, args, 0)? as i64;
            let start = in_range(args, 1, 0, dim - 1)?;
            let count = in_range(args, 2, 1, dim - start)?;
            Ok(g.extract(args[0].value(), start as usize, &Dim::literal(count as usize)))
        },
    },
    Operation {
        name: "ExtractT",
        aliases: &[],
        operands: &[("f", Slot::Formula), ("start", Slot::Integer), ("n", Slot::Integer)],
        doc: "A vector of n zeros with the coordinates of f from position `start` on, counted from 0.",
        example: "ExtractT(x_i, 1, 5)",
        expand: |g, args| {
            let dim = length(g, args, 0)? as i64;
            let total = in_range(args, 2, dim, LARGEST_DIM)?;
            let start = in_range(args, 1, 0, total - dim)?;
            Ok(g.pad(args[0].value(), start as usize, 1, &Dim::literal(total as usize)))
        },
    },
    Operation {
        name: "Concat",
        aliases: &["concat", "concatenate", "cat"],
        operands: &[("f", Slot::Formulas)],
        doc: "The coordinates of all operands, one after another.",
        example: "Concat(x_i, y_j, s)",
        expand: |g, args| {
            let parts: Vec<NodeId> = args.iter().map(|a| a.value()).collect();
            Ok(g.concat(parts))
        },
    },
    Operation {
        name: "OneHot",
        aliases: &["one_hot", "onehot"],
        operands: &[("f", Slot::Formula), ("n", Slot::Integer)],
        doc: "A vector of n zeros with 1 at the position nearest to the number f, counted from 0; all zeros if there is no such position.",
        example: "OneHot(s, 3)",
        expand: |g, args| {
            let value = single(g, args, 0)?;
            let dim = in_range(args, 1, 1, LARGEST_DIM)?;
            Ok(g.one_hot(value, &Dim::literal(dim as usize)))
        },
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::Operand::{self, Integer};
    use crate::ops::Wrong;
    use crate::ops::testing::evaluate_operation;

    const X: &[f64] = &[3.0, 5.0, 7.0];

    fn value(name: &str, x: &[f64], integers: &[i64]) -> Result<Vec<f64>, Wrong> {
        let integers: Vec<Operand> = integers.iter().map(|&n| Integer(n)).collect();
        evaluate_operation(name, &[x], &integers)
    }

    #[test]
    fn coordinates_are_taken_and_placed() {
        assert_eq!(value("SumT", &[2.0], &[3]), Ok(vec![2.0, 2.0, 2.0]));
        assert_eq!(value("Elem", X, &[2]), Ok(vec![7.0]));
        assert_eq!(value("ElemT", &[2.0], &[3, 1]), Ok(vec![0.0, 2.0, 0.0]));
        assert_eq!(value("Extract", X, &[1, 2]), Ok(vec![5.0, 7.0]));
        assert_eq!(value("ExtractT", X, &[1, 5]), Ok(vec![0.0, 3.0, 5.0, 7.0, 0.0]));
        assert_eq!(value("OneHot", &[1.0], &[3]), Ok(vec![0.0, 1.0, 0.0]));
        assert_eq!(value("OneHot", &[-1.0], &[3]), Ok(vec![0.0; 3]));
        assert_eq!(
            evaluate_operation("Concat", &[X, &[1.0], X], &[]),
            Ok(vec![3.0, 5.0, 7.0, 1.0, 3.0, 5.0, 7.0])
        );
        assert_eq!(evaluate_operation("Concat", &[X], &[]), Ok(X.to_vec()));
    }

    #[test]
    fn positions_are_checked() {
        assert_eq!(value("Elem", X, &[3]), Err(Wrong::Range(1, 0, 2)));
        assert_eq!(value("Elem", X, &[-1]), Err(Wrong::Range(1, 0, 2)));
        assert_eq!(value("ElemT", &[2.0], &[3, 3]), Err(Wrong::Range(2, 0, 2)));
        assert_eq!(value("ElemT", X, &[3, 3]), Err(Wrong::NotScalar(0)));
        assert_eq!(value("Extract", X, &[1, 3]), Err(Wrong::Range(2, 1, 2)));
        assert_eq!(value("Extract", X, &[1, 0]), Err(Wrong::Range(2, 1, 2)));
        assert_eq!(value("ExtractT", X, &[3, 5]), Err(Wrong::Range(1, 0, 2)));
        assert_eq!(value("ExtractT", X, &[0, 2]), Err(Wrong::Range(2, 3, LARGEST_DIM)));
        assert_eq!(value("OneHot", &[1.0], &[0]), Err(Wrong::Range(1, 1, LARGEST_DIM)));
    }
}
