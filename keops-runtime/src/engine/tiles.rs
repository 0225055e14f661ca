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
    /// The numbers of a tile: what is read, then what is hoisted.
    bank: Vec<T>,
    /// Where the hoisted ones begin.
    hoisted: usize,
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
        let hoisted = layout.column_inputs * TILE;
        let bank = vec![T::default(); hoisted + layout.column_hoisted * TILE];
        Tiles { kernel, level, vector, source, bank, hoisted }
    }

    /// [`Real::next_tile`] for either scalar.
    pub(crate) fn next(&mut self, state: &[T]) -> Option<Columns<'_, T>> {
        let columns = (self.source)(state)?;
        let (first, len) = (columns.start, columns.len());
        if self.hoisted < self.bank.len() {
            self.kernel.read_columns(first, TILE, &mut self.bank);
            for lane in (0..len).step_by(self.vector) {
                self.kernel.hoist_columns(self.level, &mut self.bank[lane..], TILE);
            }
        }
        Some(Columns { first, len, hoisted: &self.bank[self.hoisted..] })
    }
}
