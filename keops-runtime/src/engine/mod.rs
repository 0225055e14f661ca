//! The map-reduce: rows in blocks of lanes, columns in tiles, tasks over the threads.
//!
//! A *row* is a point of the side that the result is indexed by, a *column* one of the side reduced over. A generated
//! function implements `Kernel` for its formula; `run` does the rest. For each task (a range of rows) and each tile
//! of columns, all blocks of rows of the task are updated before the next tile is read, so a tile is in the first-level
//! cache while it is used and work that depends on columns alone is done once per tile and task.

mod accumulate;
mod gather;
mod plan;
mod run;
#[cfg(test)]
mod tests;

pub use accumulate::{Accumulate, Buffers};
pub use gather::{Gather, GatherSides, gather};
pub(crate) use run::run_here;
pub use run::{Out, run};

use crate::real::Real;
use crate::simd::{Rows, Simd};

/// Columns of a tile: long enough that starting a loop costs little, short enough that the values kept between the two
/// halves of a cut pair loop (64 × 2 vectors of 32 bytes) stay in the first-level cache.
pub const TILE: usize = 64;

/// The sizes of a kernel's buffers, in numbers per lane (or per column, or per pair).
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    /// Numbers per row: coordinates of its variables, then what was hoisted to the row.
    pub row: usize,
    /// Coordinates per column that hoisting to the column reads.
    pub column_inputs: usize,
    /// Numbers per column that were hoisted.
    pub column: usize,
    /// Numbers per row that its accumulators keep.
    pub state: usize,
    /// Numbers per row that are returned, over all outputs.
    pub outputs: usize,
    /// Vectors per pair that are kept between the parts of a cut loop.
    pub cuts: usize,
    /// Instructions per vector of pairs, roughly.
    pub cost: usize,
}

/// The columns of one tile.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a, T> {
    /// The number of the first.
    pub first: usize,
    /// How many: 1 to [`TILE`].
    pub len: usize,
    /// What was hoisted to the columns: value s of column c at `s * TILE + c`.
    pub hoisted: &'a [T],
}

/// One pass over all pairs, as generated from a formula. In a *bank* or a *state*, number s of lane l is at
/// `s * stride + l`; the stride is `LANES` where none is given.
pub trait Kernel<T: Real>: Sync {
    /// The vectors that one block of rows fills.
    type Block<S: Simd>: Rows<Elem = T, Token = S>;
    /// The sizes of the buffers.
    const SIZES: Sizes;

    /// Copies the coordinates of rows `first..first + lanes` (the last row again beyond the end) into a bank.
    fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]);
    /// Computes what depends on the row alone.
    fn hoist_rows<P: Rows<Elem = T>>(&self, token: P::Token, bank: &mut [T]);
    /// Copies the coordinates of columns that hoisting needs, like `read_rows`.
    fn read_columns(&self, first: usize, lanes: usize, bank: &mut [T]);
    /// Computes what depends on the column alone.
    fn hoist_columns<P: Rows<Elem = T>>(&self, token: P::Token, bank: &mut [T]);
    /// Accumulators of a reduction over nothing.
    fn identity<P: Rows<Elem = T>>(&self, token: P::Token, state: &mut [T], stride: usize);
    /// Takes the pairs of one block of rows with one tile of columns into the accumulators.
    fn update<P: Rows<Elem = T>>(
        &self,
        token: P::Token,
        bank: &[T],
        columns: Columns<'_, T>,
        cuts: &mut [P],
        state: &mut [T],
    );
    /// Takes the accumulators of later columns into those of earlier ones.
    fn merge<P: Rows<Elem = T>>(&self, token: P::Token, state: &mut [T], later: &[T], stride: usize);
    /// The outputs of rows, from their accumulators.
    fn finish<P: Rows<Elem = T>>(
        &self,
        token: P::Token,
        bank: &[T],
        state: &[T],
        outputs: &mut [T],
        stride: usize,
    );
}

/// Numbers in `f64`, in which parameters are hoisted.
pub fn widen<T: Real>(numbers: &[T], to: &mut [f64]) {
    for (wide, x) in to.iter_mut().zip(numbers) {
        *wide = x.to_f64();
    }
}

/// Adds one result to another.
pub fn add<T: Real>(sum: &mut [T], more: &[T]) {
    for (s, m) in sum.iter_mut().zip(more) {
        *s = T::from_f64(s.to_f64() + m.to_f64());
    }
}

/// Copies `lanes` rows of `dim` numbers from row `first` on (the last row again beyond the end) so that each
/// coordinate's lanes are consecutive.
pub fn transpose<T: Real>(points: &[T], dim: usize, first: usize, lanes: usize, bank: &mut [T]) {
    let last = points.len() / dim - 1;
    for lane in 0..lanes {
        let row = (first + lane).min(last);
        for (k, &x) in points[row * dim..(row + 1) * dim].iter().enumerate() {
            bank[k * lanes + lane] = x;
        }
    }
}
