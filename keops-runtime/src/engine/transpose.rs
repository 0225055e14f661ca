//! Points, which lie row after row, as the kernels work on them: coordinate after coordinate.

use crate::real::Real;
use crate::simd::{Level, Rows, Simd, Task, Vector, dispatch};

/// Copies `lanes` rows of `dim` numbers from row `first` on (the last row again beyond the end) so that each
/// coordinate's lanes are consecutive.
#[inline(always)]
pub fn transpose<T: Real>(points: &[T], dim: usize, first: usize, lanes: usize, bank: &mut [T]) {
    T::transpose(points, dim, first, lanes, bank);
}

/// [`Real::transpose`] for either scalar.
pub(crate) fn transpose_here<T: Real>(points: &[T], dim: usize, first: usize, lanes: usize, bank: &mut [T]) {
    let points = &points[first * dim..];
    let matrix = Matrix { points, dim, last: points.len() / dim - 1, lanes, bank };
    // The narrowest vectors have two lanes: shorter points fill no square.
    if dim < 4 {
        matrix.each_number();
    } else {
        dispatch(Level::detect(), matrix);
    }
}

/// A matrix and room for its transpose.
struct Matrix<'a, T> {
    points: &'a [T],
    dim: usize,
    /// The row that stands in for those beyond it.
    last: usize,
    lanes: usize,
    bank: &'a mut [T],
}

impl<T: Real> Matrix<'_, T> {
    fn each_number(self) {
        for (k, coordinate) in self.bank.chunks_exact_mut(self.lanes).take(self.dim).enumerate() {
            for (lane, x) in coordinate.iter_mut().enumerate() {
                *x = self.points[lane.min(self.last) * self.dim + k];
            }
        }
    }
}

impl<T: Real> Task for Matrix<'_, T> {
    type Output = ();

    /// In squares as wide as a vector. The last ones of a row overlap those before them, where they do not fill it.
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        let side = T::Vector::<S>::LANES;
        if self.dim < side || !self.lanes.is_multiple_of(side) {
            return self.each_number();
        }
        for lane in (0..self.lanes).step_by(side) {
            for k in (0..self.dim).step_by(side) {
                let k = k.min(self.dim - side);
                let mut square = [T::Vector::<S>::splat(token, T::default()); MOST_LANES];
                for r in 0..side {
                    let row = (lane + r).min(self.last);
                    square[r] = T::Vector::<S>::load(token, &self.points[row * self.dim + k..]);
                }
                exchange::<_, 1>(&mut square);
                exchange::<_, 2>(&mut square);
                exchange::<_, 4>(&mut square);
                exchange::<_, 8>(&mut square);
                for c in 0..side {
                    square[c].store(&mut self.bank[(k + c) * self.lanes + lane..]);
                }
            }
        }
    }
}

/// Lanes of the widest vector.
const MOST_LANES: usize = 16;

/// Transposes the blocks of BY × BY numbers within those of twice the side: once done for all BY, powers of two, the square
/// is transposed.
#[inline(always)]
fn exchange<V: Rows, const BY: usize>(square: &mut [V; MOST_LANES]) {
    if BY < V::LANES {
        for r in 0..V::LANES {
            if r & BY == 0 {
                (square[r], square[r | BY]) = square[r].exchange::<BY>(square[r | BY]);
            }
        }
    }
}
