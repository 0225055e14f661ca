//! Matrices and tensors, row-major.

use super::vector::dot;
use super::{Operands, Vector};
use crate::precision::{Num, Precision};

/// The operation of this (normalised) name, if it is one of this family.
pub(crate) fn tensor(name: &str, o: &Operands) -> Option<Vector> {
    let p = o.precision();
    match name {
        "matvecmult" => Some(matrix_vector(p, &o.value(0), &o.value(1))),
        "vecmatmult" => Some(vector_matrix(p, &o.value(0), &o.value(1))),
        "tensorprod" => {
            let (f, g) = (o.value(0), o.value(1));
            Some(f.iter().flat_map(|a| g.iter().map(|b| p.mul(*a, *b)).collect::<Vec<_>>()).collect())
        }
        "tensordot" | "keopstensordot" => {
            let order = if o.len() > 6 { Some(o.list(6)) } else { None };
            let (left, right) = (Tensor::new(o.value(0), o.list(2)), Tensor::new(o.value(1), o.list(3)));
            Some(contract(p, &left, &right, &o.list(4), &o.list(5), order))
        }
        "kron" | "keopskron" => {
            let (left, right) = (Tensor::new(o.value(0), o.list(2)), Tensor::new(o.value(1), o.list(3)));
            let rank = left.shape.len();
            // Axis k of f becomes axis 2k, axis k of g axis 2k + 1; a pair of them is one axis of the product.
            let order = (0..rank).map(|k| 2 * k).chain((0..rank).map(|k| 2 * k + 1)).collect();
            Some(contract(p, &left, &right, &[], &[], Some(order)))
        }
        _ => None,
    }
}

/// A b
pub(crate) fn matrix_vector(p: &Precision, a: &[Num], b: &[Num]) -> Vector {
    a.chunks(b.len()).map(|row| dot(p, row, b)).collect()
}

/// bᵀ A
fn vector_matrix(p: &Precision, b: &[Num], a: &[Num]) -> Vector {
    let columns = a.len() / b.len();
    (0..columns)
        .map(|c| {
            let column: Vector = (0..b.len()).map(|r| a[r * columns + c]).collect();
            dot(p, b, &column)
        })
        .collect()
}

struct Tensor {
    values: Vector,
    shape: Vec<usize>,
}

impl Tensor {
    fn new(values: Vector, shape: Vec<usize>) -> Tensor {
        assert_eq!(values.len(), shape.iter().product::<usize>(), "a tensor of shape {shape:?}");
        Tensor { values, shape }
    }

    fn at(&self, index: &[usize]) -> Num {
        self.values[position(&self.shape, index)]
    }
}

/// The place of a multi-index in a row-major array.
fn position(shape: &[usize], index: &[usize]) -> usize {
    shape.iter().zip(index).fold(0, |place, (n, k)| place * n + k)
}

/// All multi-indices of a shape, the last axis fastest; one empty index if there are no axes.
fn indices(shape: &[usize]) -> Vec<Vec<usize>> {
    shape.iter().fold(vec![vec![]], |all, &n| {
        all.iter().flat_map(|head| (0..n).map(move |k| [head.as_slice(), &[k]].concat())).collect()
    })
}

/// The contraction of axes `a_axes[k]` with `b_axes[k]`. The axes kept are those of a, then those of b; kept axis m
/// becomes axis `order[m]` of the result.
fn contract(
    p: &Precision,
    a: &Tensor,
    b: &Tensor,
    a_axes: &[usize],
    b_axes: &[usize],
    order: Option<Vec<usize>>,
) -> Vector {
    let kept_of = |t: &Tensor, gone: &[usize]| -> Vec<usize> {
        (0..t.shape.len()).filter(|axis| !gone.contains(axis)).collect()
    };
    let (a_kept, b_kept) = (kept_of(a, a_axes), kept_of(b, b_axes));
    let kept_shape: Vec<usize> =
        a_kept.iter().map(|&k| a.shape[k]).chain(b_kept.iter().map(|&k| b.shape[k])).collect();
    let order = order.unwrap_or_else(|| (0..kept_shape.len()).collect());
    let mut shape = vec![0; kept_shape.len()];
    for (m, &place) in order.iter().enumerate() {
        shape[place] = kept_shape[m];
    }
    let summed = indices(&a_axes.iter().map(|&k| a.shape[k]).collect::<Vec<_>>());
    let mut result = vec![Num::exact(0.0); shape.iter().product()];
    for kept in indices(&kept_shape) {
        let terms: Vec<Num> = summed
            .iter()
            .map(|s| {
                let index = |t: &Tensor, kept_axes: &[usize], kept: &[usize], axes: &[usize]| {
                    let mut index = vec![0; t.shape.len()];
                    kept_axes.iter().zip(kept).for_each(|(&axis, &k)| index[axis] = k);
                    axes.iter().zip(s).for_each(|(&axis, &k)| index[axis] = k);
                    t.at(&index)
                };
                let (for_a, for_b) = kept.split_at(a_kept.len());
                p.mul(index(a, &a_kept, for_a, a_axes), index(b, &b_kept, for_b, b_axes))
            })
            .collect();
        let mut place = vec![0; kept.len()];
        order.iter().zip(&kept).for_each(|(&axis, &k)| place[axis] = k);
        result[position(&shape, &place)] = p.sum(&terms);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(values: impl IntoIterator<Item = i32>) -> Vector {
        values.into_iter().map(|v| Num::exact(v.into())).collect()
    }

    fn values(v: &[Num]) -> Vec<f64> {
        v.iter().map(|n| n.value).collect()
    }

    #[test]
    fn products_with_a_matrix() {
        let p = Precision::F64;
        let (a, b) = (numbers(1..=6), numbers([1, 10, 100]));
        assert_eq!(values(&matrix_vector(&p, &a, &b)), [321.0, 654.0]);
        assert_eq!(values(&vector_matrix(&p, &numbers([1, 10]), &a)), [41.0, 52.0, 63.0]);
    }

    #[test]
    fn contraction_and_permutation() {
        let p = Precision::F64;
        let (a, b) = (Tensor::new(numbers(1..=6), vec![2, 3]), Tensor::new(numbers(1..=6), vec![3, 2]));
        // The matrix product [[22, 28], [49, 64]], then its transpose.
        assert_eq!(values(&contract(&p, &a, &b, &[1], &[0], None)), [22.0, 28.0, 49.0, 64.0]);
        assert_eq!(values(&contract(&p, &a, &b, &[1], &[0], Some(vec![1, 0]))), [22.0, 49.0, 28.0, 64.0]);
        // Full contraction with the transpose: Σ a_kl b_lk.
        assert_eq!(values(&contract(&p, &a, &b, &[0, 1], &[1, 0], None)), [86.0]);
    }

    #[test]
    fn a_cyclic_permutation_moves_kept_axes_to_the_places_named() {
        let p = Precision::F64;
        let (a, b) = (Tensor::new(numbers(1..=6), vec![2, 3]), Tensor::new(numbers([1, 2]), vec![2]));
        // Kept axes (2, 3, 2) go to places 1, 2, 0: r[m][k][l] = a[k][l] b[m].
        let r = contract(&p, &a, &b, &[], &[], Some(vec![1, 2, 0]));
        assert_eq!(values(&r), [1., 2., 3., 4., 5., 6., 2., 4., 6., 8., 10., 12.]);
    }
}
