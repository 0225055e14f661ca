//! The columns, tile after tile, with what is hoisted to them.

use super::ErasedKernel;
use crate::real::Real;
use crate::simd::Level;
use std::ops::Range;

/// Columns of a tile: long enough that starting a loop costs little, short enough that the values kept between the two
/// halves of a cut pair loop (64 × 2 vectors of 32 bytes) stay in the first-level cache.
pub const TILE: usize = 64;

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

/// The columns of the next tile, at most [`TILE`], given the accumulators so far.
pub(super) type NextTile<'a, T> = &'a mut dyn FnMut(&[T]) -> Option<Range<usize>>;

/// Tiles of columns, one after another.
pub struct Tiles<'a, T> {
    kernel: &'a dyn ErasedKernel<T>,
    level: Level,
    /// Columns of a vector.
    vector: usize,
    source: NextTile<'a, T>,
    /// What is read of the columns of a vector, then what is hoisted to them: a tile of wide points would not fit in the
    /// caches beside the rows.
    bank: Vec<T>,
    /// What is hoisted to the columns of a tile.
    hoisted: Vec<T>,
}

impl<'a, T: Real> Tiles<'a, T> {
    /// The tiles that `source` names, on an instruction set with `vector` lanes.
    pub(super) fn new(
        kernel: &'a dyn ErasedKernel<T>,
        level: Level,
        vector: usize,
        source: NextTile<'a, T>,
    ) -> Self {
        let layout = kernel.layout();
        let hoisted = vec![T::default(); layout.column_hoisted * TILE];
        let bank = vec![T::default(); (layout.column_inputs + layout.column_hoisted) * vector];
        Tiles { kernel, level, vector, source, bank, hoisted }
    }

    /// [`Real::next_tile`] for either scalar.
    pub(crate) fn next(&mut self, state: &[T]) -> Option<Columns<'_, T>> {
        let columns = (self.source)(state)?;
        let (first, len) = (columns.start, columns.len());
        if !self.hoisted.is_empty() {
            let lanes = self.vector;
            let read = self.bank.len() - self.hoisted.len() / TILE * lanes;
            for lane in (0..len).step_by(lanes) {
                self.kernel.read_columns(first + lane, lanes, &mut self.bank);
                self.kernel.hoist_columns(self.level, &mut self.bank, lanes);
                for (tile, values) in
                    self.hoisted.chunks_exact_mut(TILE).zip(self.bank[read..].chunks_exact(lanes))
                {
                    tile[lane..lane + lanes].copy_from_slice(values);
                }
            }
        }
        Some(Columns { first, len, hoisted: &self.hoisted })
    }
}
