//! Matrices and tensors, row-major.

use super::dims::length;
use super::{Operand, Operation, Slot, Wrong};
use crate::ir::{Contraction, Dim, Graph, NodeId};

pub(super) static ROWS: &[Operation] = &[
    Operation {
        name: "MatVecMult",
        aliases: &["matvecmult"],
        operands: &[("A", Slot::Formula), ("b", Slot::Formula)],
        doc: "The product A b of a matrix, row-major, and a vector; the dimension of A is a multiple of that of b.",
        example: "MatVecMult(a_j, x_i)",
        expand: |g, args| matrix_vector(g, args, 0, args[1].value(), 1),
    },
    Operation {
        name: "VecMatMult",
        aliases: &["vecmatmult"],
        operands: &[("b", Slot::Formula), ("A", Slot::Formula)],
        doc: "The product bᵀ A of a vector and a matrix, row-major; the dimension of A is a multiple of that of b.",
        example: "VecMatMult(x_i, a_j)",
        expand: |g, args| {
            let (rows, entries) = (length(g, args, 0)?, length(g, args, 1)?);
            if entries % rows != 0 {
                return Err(Wrong::Multiple(1, Dim::literal(rows)));
            }
            let product = Contraction {
                left: vec![rows],
                right: vec![rows, entries / rows],
                left_axes: vec![0],
                right_axes: vec![0],
                order: vec![0],
            };
            Ok(g.contract(product, args[0].value(), args[1].value()))
        },
    },
    Operation {
        name: "TensorProd",
        aliases: &["tensorprod"],
        operands: &[("f", Slot::Formula), ("g", Slot::Formula)],
        doc: "All products fₖ gₗ, k slow: the matrix f gᵀ, row-major.",
        example: "TensorProd(x_i, y_j)",
        expand: |g, args| {
            let product = Contraction {
                left: vec![length(g, args, 0)?],
                right: vec![length(g, args, 1)?],
                left_axes: vec![],
                right_axes: vec![],
                order: vec![0, 1],
            };
            Ok(g.contract(product, args[0].value(), args[1].value()))
        },
    },
    Operation {
        name: "TensorDot",
        aliases: &["tensordot", "keops_tensordot"],
        operands: &[
            ("f", Slot::Formula),
            ("g", Slot::Formula),
            ("dims_f", Slot::List),
            ("dims_g", Slot::List),
            ("axes_f", Slot::List),
            ("axes_g", Slot::List),
            ("permutation", Slot::OptionalList),
        ],
        doc: "The sum over axes `axes_f` of f and `axes_g` of g of all products of entries, f and g seen as tensors of shapes `dims_f` and `dims_g`. The axes that are left, those of f before those of g, go to the places that `permutation` lists.",
        example: "TensorDot(a_j, x_i, [3, 3], [3], [1], [0])",
        expand: |g, args| {
            let (left, right) = (shape(g, args, 2, 0)?, shape(g, args, 3, 1)?);
            let (left_axes, right_axes) = (axes(args, 4, left.len())?, axes(args, 5, right.len())?);
            if left_axes.len() != right_axes.len() {
                return Err(Wrong::Axes(5, "it must list as many axes as the list before it"));
            }
            if left_axes.iter().zip(&right_axes).any(|(&a, &b)| left[a] != right[b]) {
                return Err(Wrong::Axes(5, "the axes summed over together must have the same length"));
            }
            let kept = left.len() + right.len() - 2 * left_axes.len();
            let order = match args[6].list() {
                None => (0..kept).collect(),
                Some(places) => inverse(places, kept).ok_or(Wrong::Axes(
                    6,
                    "it must list the place of each axis that is left, each place once, from 0",
                ))?,
            };
            Ok(g.contract(
                Contraction { left, right, left_axes, right_axes, order },
                args[0].value(),
                args[1].value(),
            ))
        },
    },
    Operation {
        name: "Kron",
        aliases: &["kron", "keops_kron"],
        operands: &[
            ("f", Slot::Formula),
            ("g", Slot::Formula),
            ("dims_f", Slot::List),
            ("dims_g", Slot::List),
        ],
        doc: "The Kronecker product of f and g seen as tensors of shapes `dims_f` and `dims_g`, with as many axes each: axis k of the result is axis k of f, slow, and axis k of g, fast.",
        example: "Kron(u_i, v_j, [2, 2], [2, 2])",
        expand: |g, args| {
            let (left, right) = (shape(g, args, 2, 0)?, shape(g, args, 3, 1)?);
            let axes = left.len();
            if axes != right.len() {
                return Err(Wrong::Axes(3, "both tensors must have the same number of axes"));
            }
            let order = (0..axes).flat_map(|k| [k, axes + k]).collect();
            let product = Contraction { left, right, left_axes: vec![], right_axes: vec![], order };
            Ok(g.contract(product, args[0].value(), args[1].value()))
        },
    },
];

/// The product of the matrix at position `matrix` and a vector that has the dimension of the operand at `vector`.
pub(super) fn matrix_vector(
    g: &mut Graph,
    args: &[Operand],
    matrix: usize,
    b: NodeId,
    vector: usize,
) -> Result<NodeId, Wrong> {
    let (entries, columns) = (length(g, args, matrix)?, length(g, args, vector)?);
    if entries % columns != 0 {
        return Err(Wrong::Multiple(matrix, Dim::literal(columns)));
    }
    let product = Contraction {
        left: vec![entries / columns, columns],
        right: vec![columns],
        left_axes: vec![1],
        right_axes: vec![0],
        order: vec![0],
    };
    Ok(g.contract(product, args[matrix].value(), b))
}

/// The shape in operand `list`, which must multiply to the dimension of operand `value`.
fn shape(g: &Graph, args: &[Operand], list: usize, value: usize) -> Result<Vec<usize>, Wrong> {
    let shape = args[list].list().unwrap_or_default();
    let product = shape.iter().try_fold(1_usize, |product, &n| product.checked_mul(n));
    let fits = !shape.is_empty() && product == Some(length(g, args, value)?);
    fits.then(|| shape.to_vec()).ok_or(Wrong::Shape { list, value })
}

/// The axes in operand `list`, each below `rank` and none twice.
fn axes(args: &[Operand], list: usize, rank: usize) -> Result<Vec<usize>, Wrong> {
    let axes = args[list].list().unwrap_or_default();
    if axes.iter().any(|&axis| axis >= rank) {
        return Err(Wrong::Axes(list, "an axis is counted from 0 and must be one of the tensor"));
    }
    let distinct = axes.iter().enumerate().all(|(k, axis)| !axes[..k].contains(axis));
    distinct.then(|| axes.to_vec()).ok_or(Wrong::Axes(list, "it must list an axis once only"))
}

/// The inverse of the permutation `places` of 0 to n − 1, if it is one.
fn inverse(places: &[usize], n: usize) -> Option<Vec<usize>> {
    let inverse: Option<Vec<usize>> = (0..n).map(|k| places.iter().position(|&p| p == k)).collect();
    inverse.filter(|_| places.len() == n)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::evaluate_operation;

    fn list(items: &[usize]) -> Operand {
        Operand::List(Some(items.to_vec()))
    }

    fn counting(n: usize) -> Vec<f64> {
        (1..=n).map(|k| k as f64).collect()
    }

    #[test]
    fn matrices_are_row_major() {
        let a = counting(6);
        assert_eq!(evaluate_operation("MatVecMult", &[&a, &[1.0, 10.0, 100.0]], &[]), Ok(vec![321.0, 654.0]));
        assert_eq!(evaluate_operation("VecMatMult", &[&[1.0, 10.0], &a], &[]), Ok(vec![41.0, 52.0, 63.0]));
        let product = evaluate_operation("TensorProd", &[&[1.0, 2.0], &[3.0, 4.0, 5.0]], &[]);
        assert_eq!(product, Ok(vec![3.0, 4.0, 5.0, 6.0, 8.0, 10.0]));
        let two = [1.0, 2.0];
        let three = Dim::literal(3);
        assert_eq!(
            evaluate_operation("MatVecMult", &[&two, &[1.0, 2.0, 3.0]], &[]),
            Err(Wrong::Multiple(0, three.clone()))
        );
        assert_eq!(
            evaluate_operation("VecMatMult", &[&[1.0, 2.0, 3.0], &two], &[]),
            Err(Wrong::Multiple(1, three))
        );
    }

    #[test]
    fn a_permutation_lists_where_each_kept_axis_goes() {
        // Kept axes (2, 3 of f; 4 of g) go to places (1, 2, 0): the result has shape (4, 2, 3).
        let (f, g) = (counting(12), counting(8));
        let operands = [list(&[2, 2, 3]), list(&[2, 4]), list(&[1]), list(&[0]), list(&[1, 2, 0])];
        let result = evaluate_operation("TensorDot", &[&f, &g], &operands).unwrap();
        let mut expected = vec![0.0; 24];
        for (a, k, b, c) in (0..2).flat_map(|a| {
            (0..2).flat_map(move |k| (0..3).flat_map(move |b| (0..4).map(move |c| (a, k, b, c))))
        }) {
            expected[(c * 2 + a) * 3 + b] += f[(a * 2 + k) * 3 + b] * g[k * 4 + c];
        }
        assert_eq!(result, expected);
    }

    #[test]
    fn kronecker_product() {
        // [[1, 2], [3, 4]] ⊗ [[0, 5], [6, 7]]
        let operands = [list(&[2, 2]), list(&[2, 2])];
        let result = evaluate_operation("Kron", &[&counting(4), &[0.0, 5.0, 6.0, 7.0]], &operands);
        let expected =
            [0.0, 5.0, 0.0, 10.0, 6.0, 7.0, 12.0, 14.0, 0.0, 15.0, 0.0, 20.0, 18.0, 21.0, 24.0, 28.0];
        assert_eq!(result, Ok(expected.to_vec()));
    }

    #[test]
    fn shapes_and_axes_are_checked() {
        let (f, g) = (counting(6), counting(3));
        let check = |lists: &[&[usize]]| {
            let mut operands: Vec<Operand> = lists.iter().map(|l| list(l)).collect();
            operands.resize(5, Operand::List(None));
            evaluate_operation("TensorDot", &[&f, &g], &operands).map(|_| ())
        };
        assert_eq!(check(&[&[2, 3], &[3], &[1], &[0]]), Ok(()));
        assert_eq!(check(&[&[2, 2], &[3], &[1], &[0]]), Err(Wrong::Shape { list: 2, value: 0 }));
        assert_eq!(check(&[&[2, 3], &[], &[1], &[0]]), Err(Wrong::Shape { list: 3, value: 1 }));
        assert!(matches!(check(&[&[2, 3], &[3], &[2], &[0]]), Err(Wrong::Axes(4, _))));
        assert!(matches!(check(&[&[2, 3], &[3], &[1, 1], &[0, 0]]), Err(Wrong::Axes(4, _))));
        assert!(matches!(check(&[&[2, 3], &[3], &[1], &[]]), Err(Wrong::Axes(5, _))));
        assert!(matches!(check(&[&[2, 3], &[3], &[0], &[0]]), Err(Wrong::Axes(5, _))));
        assert!(matches!(check(&[&[2, 3], &[3], &[1], &[0], &[1]]), Err(Wrong::Axes(6, _))));
        assert!(matches!(check(&[&[2, 3], &[3], &[], &[], &[0, 0, 1]]), Err(Wrong::Axes(6, _))));
    }
}
