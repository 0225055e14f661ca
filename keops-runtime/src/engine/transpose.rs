//! Points, which lie row after row, as the kernels work on them: coordinate after coordinate.

use super::TILE;
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
    let matrix = Matrix::new(points, dim, first, lanes, bank);
    // Squares of vectors of less than 32 bytes gain nothing where there are wider ones.
    match dim * size_of::<T>() {
        0..32 if matrix.rows >= TILE => dispatch(Level::detect(), Short(matrix)),
        0..32 => matrix.each_number(),
        _ => dispatch(level_of_squares::<T>(dim, lanes).min(Level::detect()), matrix),
    }
}

/// The level of the widest vector that is no wider than a row of `dim` numbers and that fills the lanes without rest. Few
/// rows have fewer lanes than the processor's widest vector.
fn level_of_squares<T>(dim: usize, lanes: usize) -> Level {
    let fits = |bytes: usize| dim * size_of::<T>() >= bytes && (lanes * size_of::<T>()).is_multiple_of(bytes);
    match () {
        () if fits(64) => Level::Avx512,
        () if fits(32) => Level::Avx2,
        () => Level::Sse2,
    }
}

/// A matrix and room for its transpose.
struct Matrix<'a, T> {
    points: &'a [T],
    dim: usize,
    /// Rows that there are, at most `lanes`: the last stands in for those beyond it.
    rows: usize,
    lanes: usize,
    bank: &'a mut [T],
}

impl<'a, T: Real> Matrix<'a, T> {
    fn new(points: &'a [T], dim: usize, first: usize, lanes: usize, bank: &'a mut [T]) -> Self {
        let points = &points[first * dim..];
        Matrix { points, dim, rows: (points.len() / dim).min(lanes), lanes, bank }
    }

    fn each_number(self) {
        self.each_number_from(0);
    }

    /// The numbers of the rows from one on.
    fn each_number_from(self, first: usize) {
        let Matrix { points, dim, rows, lanes, bank } = self;
        for (k, coordinate) in bank.chunks_exact_mut(lanes).take(dim).enumerate() {
            let (there, beyond) = coordinate.split_at_mut(rows);
            for (x, point) in there[first..].iter_mut().zip(points[first * dim..].chunks_exact(dim)) {
                *x = point[k];
            }
            beyond.fill(points[(rows - 1) * dim + k]);
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
                for (r, numbers) in square.iter_mut().enumerate().take(side) {
                    let row = (lane + r).min(self.rows - 1);
                    *numbers = T::Vector::<S>::load(token, &self.points[row * self.dim + k..]);
                }
                exchange::<_, 1>(&mut square);
                exchange::<_, 2>(&mut square);
                exchange::<_, 4>(&mut square);
                exchange::<_, 8>(&mut square);
                for (c, numbers) in square.iter().enumerate().take(side) {
                    numbers.store(&mut self.bank[(k + c) * self.lanes + lane..]);
                }
            }
        }
    }
}

/// Many short points.
struct Short<'a, T>(Matrix<'a, T>);

impl<T: Real> Task for Short<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, _token: S) {
        match self.0.dim {
            1 => self.0.turn::<1>(),
            2 => self.0.turn::<2>(),
            3 => self.0.turn::<3>(),
            4 => self.0.turn::<4>(),
            5 => self.0.turn::<5>(),
            6 => self.0.turn::<6>(),
            7 => self.0.turn::<7>(),
            _ => self.0.each_number(),
        }
    }
}

impl<T: Real> Matrix<'_, T> {
    /// Tile by tile: the compiler makes vectors of loops of known lengths, to memory in which nothing else can be.
    #[inline(always)]
    fn turn<const D: usize>(self) {
        let Matrix { points, dim, rows, lanes, bank } = self;
        let points_of_tiles = points.as_chunks::<D>().0[..rows].as_chunks::<TILE>().0;
        for (t, tile) in points_of_tiles.iter().enumerate() {
            let mut turned = [[T::default(); TILE]; D];
            for c in 0..TILE {
                for (k, coordinate) in turned.iter_mut().enumerate() {
                    coordinate[c] = tile[c][k];
                }
            }
            for (to, coordinate) in bank.chunks_exact_mut(lanes).zip(&turned) {
                to[t * TILE..(t + 1) * TILE].copy_from_slice(coordinate);
            }
        }
        Matrix { points, dim, rows, lanes, bank }.each_number_from(rows / TILE * TILE);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Calls `each` with points, their coordinates, the row to begin with, and a number of lanes.
    fn for_points<T: Real>(each: impl Fn(&[T], usize, usize, usize)) {
        // Coordinates that fill no square, one, and parts of several; rows that fill the lanes, and fewer.
        for dim in [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 48, 100, 256] {
            for rows in [1, 5, 40, 64, 70] {
                let points: Vec<T> = (0..dim * rows).map(|n| T::from_f64(n as f64)).collect();
                for (first, lanes) in [(0, 4), (0, 16), (rows - 1, 8), (rows / 2, 32), (0, 64)] {
                    each(&points, dim, first, lanes);
                }
            }
        }
    }

    /// The lanes of a coordinate are consecutive, the last row fills up, and nothing is written beyond.
    fn check<T: Real>(points: &[T], dim: usize, first: usize, lanes: usize, write: impl Fn(&mut [T])) {
        let (rows, untouched) = (points.len() / dim, T::from_f64(-1.0));
        let mut bank = vec![untouched; dim * lanes + 1];
        write(&mut bank);
        for k in 0..dim {
            for lane in 0..lanes {
                let row = (first + lane).min(rows - 1);
                assert_eq!(bank[k * lanes + lane], points[row * dim + k], "{k}, {lane} of {dim} × {rows}");
            }
        }
        assert_eq!(bank[dim * lanes], untouched);
    }

    fn on_all_levels<T: Real>() {
        for_points::<T>(|points, dim, first, lanes| {
            check(points, dim, first, lanes, |bank| transpose(points, dim, first, lanes, bank));
            for level in Level::ALL {
                check(points, dim, first, lanes, |bank| {
                    dispatch(level, Matrix::new(points, dim, first, lanes, bank))
                });
            }
        });
    }

    #[test]
    fn squares_fill_rows_and_lanes() {
        use Level::{Avx2, Avx512, Sse2};
        // A block of few rows, on a set that is narrower than the widest of the processor.
        assert_eq!([8, 4].map(|lanes| level_of_squares::<f32>(784, lanes)), [Avx2, Sse2]);
        assert_eq!([4, 2].map(|lanes| level_of_squares::<f64>(784, lanes)), [Avx2, Sse2]);
        assert_eq!([16, 32, 64].map(|lanes| level_of_squares::<f32>(784, lanes)), [Avx512; 3]);
        assert_eq!([8, 16, 32].map(|lanes| level_of_squares::<f64>(784, lanes)), [Avx512; 3]);
        assert_eq!([8, 15, 16].map(|dim| level_of_squares::<f32>(dim, 64)), [Avx2, Avx2, Avx512]);
        assert_eq!([4, 7, 8].map(|dim| level_of_squares::<f64>(dim, 64)), [Avx2, Avx2, Avx512]);
    }

    #[test]
    fn coordinates_in_single_precision() {
        on_all_levels::<f32>();
    }

    #[test]
    fn coordinates_in_double_precision() {
        on_all_levels::<f64>();
    }
}
