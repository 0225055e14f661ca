//! What a formula is compiled to: the parts of a map-reduce that differ from one formula to the next.

use super::Columns;
use crate::real::Real;
use crate::reduction::accumulator::Accumulator;
use crate::simd::Rows;
use std::ops::Range;

/// What a kernel keeps and computes, in numbers per lane (or per column, or per pair).
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// Coordinates of the variables read per row.
    pub row_inputs: usize,
    /// Numbers hoisted to the row.
    pub row_hoisted: usize,
    /// Coordinates per column that hoisting to the column reads.
    pub column_inputs: usize,
    /// Numbers hoisted to the column.
    pub column_hoisted: usize,
    /// Numbers per column that [`Kernel::read_tile`] reads.
    pub column_read: usize,
    /// What is kept per row during the reduction.
    pub accumulators: &'static [Accumulator],
    /// Numbers per row that are returned, over all outputs.
    pub outputs: usize,
    /// Vectors per pair that are kept between the parts of a cut loop.
    pub cuts: usize,
    /// Whether two vectors of rows go together, where the instruction set has registers for it.
    pub wide: bool,
    /// Whether lanes are columns, and not rows, on the sets that have it so ([`Simd::COLUMNS_IN_LANES`]).
    ///
    /// [`Simd::COLUMNS_IN_LANES`]: crate::simd::Simd::COLUMNS_IN_LANES
    pub columns_in_lanes: bool,
    /// Instructions per vector of pairs, roughly.
    pub cost: usize,
}

/// One pass over all pairs, as generated from a formula. In a *bank* or a *state*, number s of lane l is at
/// `s * stride + l`; the stride is `LANES` where none is given. A bank holds what is read, then what is hoisted.
pub trait Kernel<T: Real>: Sync {
    /// What it keeps.
    const LAYOUT: Layout;

    /// Copies the coordinates of rows `first..first + lanes` (the last row again beyond the end) into a bank.
    fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]);
    /// Computes what depends on the row alone.
    fn hoist_rows<P: Rows<Elem = T>>(&self, token: P::Token, bank: &mut [T], stride: usize);
    /// Copies the coordinates of columns that hoisting needs, like `read_rows`.
    fn read_columns(&self, first: usize, lanes: usize, bank: &mut [T]);
    /// Computes what depends on the column alone.
    fn hoist_columns<P: Rows<Elem = T>>(&self, token: P::Token, bank: &mut [T], stride: usize);
    /// Copies what `update` reads of columns that are in lanes, at most `lanes` (the last again beyond the end), into a bank.
    /// Nothing for kernels whose lanes are always rows.
    fn read_tile(&self, columns: Range<usize>, lanes: usize, bank: &mut [T]) {
        let _ = (columns, lanes, bank);
    }
    /// Takes the pairs of one block of rows with one tile of columns into the accumulators. Where columns are `IN_LANES`,
    /// the block is one row, in every lane, and each lane keeps what the row keeps of every `LANES`-th column.
    fn update<P: Rows<Elem = T>, const IN_LANES: bool>(
        &self,
        token: P::Token,
        bank: &[T],
        columns: Columns<'_, T, IN_LANES>,
        cuts: &mut [P],
        state: &mut [T],
    );
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
