//! The columns, tile after tile, with what is hoisted to them.

use super::ErasedKernel;
use super::aligned::Aligned;
use super::columns_in_lanes::settle;
use crate::real::Real;
use crate::simd::{Level, Rows};
use std::ops::Range;

/// Columns of a tile: long enough that starting a loop costs little, short enough that the values kept between the two
/// halves of a cut pair loop (64 × 2 vectors of 32 bytes) stay in the first-level cache.
pub const TILE: usize = 64;

/// The columns of one tile. The loop over them takes one in each step, and has its values in all lanes; where columns are
/// `IN_LANES`, it takes as many as a vector has lanes, and a tile has so many times as many columns.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'a, T, const IN_LANES: bool> {
    /// The number of the first.
    pub first: usize,
    /// How many: 1 to [`TILE`], or that times the lanes.
    pub len: usize,
    /// What was hoisted to the columns: value s of column c at `s * TILE + c`, or, in lanes, `s * TILE * LANES + c`.
    pub hoisted: &'a [T],
    /// What was read of columns that are in lanes, laid out like `hoisted`.
    pub(super) read: &'a [T],
}

impl<'a, T: Real> Columns<'a, T, false> {
    /// The same columns, in lanes or not, with so many numbers hoisted and read: known to the compiler, which then makes no
    /// test of them in the loop.
    #[inline(always)]
    pub(super) fn laid<P: Rows<Elem = T>, const IN_LANES: bool>(
        self,
        hoisted: usize,
        read: usize,
    ) -> Columns<'a, T, IN_LANES> {
        let Columns { first, len, hoisted: all_hoisted, read: all_read } = self;
        if !IN_LANES {
            return Columns { first, len, hoisted: all_hoisted, read: all_read };
        }
        let values = |tile: &'a [T], count: usize| &tile[..count * TILE * P::LANES];
        Columns { first, len, hoisted: values(all_hoisted, hoisted), read: values(all_read, read) }
    }
}

impl<T: Real, const IN_LANES: bool> Columns<'_, T, IN_LANES> {
    /// Steps of the loop.
    #[inline(always)]
    pub fn steps<P: Rows<Elem = T>>(&self) -> usize {
        if IN_LANES { self.len.div_ceil(P::LANES) } else { self.len }
    }

    /// Coordinate `k` of points, in step `j`. The first is number `at` of those read.
    #[inline(always)]
    pub fn coordinate<P: Rows<Elem = T>, const D: usize>(
        &self,
        token: P::Token,
        points: &[[T; D]],
        j: usize,
        k: usize,
        at: usize,
    ) -> P {
        if IN_LANES { lanes(token, self.read, at + k, j) } else { P::splat(token, points[j][k]) }
    }

    /// The index of the column, in step `j`.
    #[inline(always)]
    pub fn index<P: Rows<Elem = T>>(&self, token: P::Token, j: usize) -> P {
        if !IN_LANES {
            return P::splat(token, T::from_index(self.first + j));
        }
        let lanes = P::load(token, T::LANE_INDICES);
        lanes.int_add(P::splat(token, T::from_index(self.first + j * P::LANES)))
    }

    /// A hoisted value, in step `j`.
    #[inline(always)]
    pub fn hoisted<P: Rows<Elem = T>>(&self, token: P::Token, j: usize, at: usize) -> P {
        if IN_LANES {
            lanes(token, self.hoisted, at, j)
        } else {
            P::splat(token, self.hoisted[at * TILE + j])
        }
    }
}

/// Number `at` of the columns of step `j`.
#[inline(always)]
fn lanes<P: Rows>(token: P::Token, tile: &[P::Elem], at: usize, j: usize) -> P {
    let len = TILE * P::LANES;
    // Within the tile: so the compiler sees that it is, and makes no test.
    let step = j % TILE;
    P::load(token, &tile[at * len..(at + 1) * len][step * P::LANES..])
}

/// The columns of the next tile, at most [`TILE`], given the accumulators so far.
pub(super) type NextTile<'a, T> = &'a mut dyn FnMut(&[T]) -> Option<Range<usize>>;

/// Tiles of columns, one after another.
pub struct Tiles<'a, T> {
    kernel: &'a dyn ErasedKernel<T>,
    level: Level,
    /// Columns of a vector.
    vector: usize,
    /// Whether they are in lanes.
    in_lanes: bool,
    source: NextTile<'a, T>,
    /// Columns that `source` has named, but the last tile does not have.
    named: Option<Range<usize>>,
    /// Columns that did not fill a vector, to be taken next.
    rest: Range<usize>,
    /// How many such columns were taken last.
    unsettled: usize,
    /// What is read of the columns of a vector, then what is hoisted to them: a tile of wide points would not fit in the
    /// caches beside the rows.
    bank: Aligned<T>,
    /// What is hoisted to the columns of a tile.
    hoisted: Aligned<T>,
    /// What is read of the columns of a tile, if they are in lanes.
    read: Aligned<T>,
}

impl<'a, T: Real> Tiles<'a, T> {
    /// The tiles that `source` names, on an instruction set with `vector` lanes.
    pub(super) fn new(
        kernel: &'a dyn ErasedKernel<T>,
        level: Level,
        vector: usize,
        in_lanes: bool,
        source: NextTile<'a, T>,
    ) -> Self {
        let layout = kernel.layout();
        let (len, read) = if in_lanes { (TILE * vector, layout.column_read) } else { (TILE, 0) };
        let hoisted = Aligned::zeros(layout.column_hoisted * len);
        let bank = Aligned::zeros((layout.column_inputs + layout.column_hoisted) * vector);
        let read = Aligned::zeros(read * len);
        let (named, rest) = (None, 0..0);
        Tiles { kernel, level, vector, in_lanes, source, named, rest, unsettled: 0, bank, hoisted, read }
    }

    /// [`Real::next_tile`] for either scalar.
    pub(crate) fn next(&mut self, state: &mut [T]) -> Option<Columns<'_, T, false>> {
        let columns = if self.in_lanes { self.next_in_lanes(state) } else { (self.source)(state) }?;
        let (first, len) = (columns.start, columns.len());
        let stride = if self.in_lanes { TILE * self.vector } else { TILE };
        if !self.read.is_empty() {
            self.kernel.read_tile(columns, stride, &mut self.read);
        }
        if !self.hoisted.is_empty() {
            let lanes = self.vector;
            let read = self.bank.len() - self.hoisted.len() / stride * lanes;
            for lane in (0..len).step_by(lanes) {
                self.kernel.read_columns(first + lane, lanes, &mut self.bank);
                self.kernel.hoist_columns(self.level, &mut self.bank, lanes);
                for (tile, values) in
                    self.hoisted.chunks_exact_mut(stride).zip(self.bank[read..].chunks_exact(lanes))
                {
                    tile[lane..lane + lanes].copy_from_slice(values);
                }
            }
        }
        Some(Columns { first, len, hoisted: &self.hoisted, read: &self.read })
    }

    /// Columns that fill vectors, or fewer than fill one.
    fn next_in_lanes(&mut self, state: &mut [T]) -> Option<Range<usize>> {
        if self.unsettled > 0 {
            settle(self.kernel.layout(), self.vector, self.unsettled, state);
            self.unsettled = 0;
        }
        if self.rest.is_empty() {
            let mut columns = self.named.take().or_else(|| (self.source)(state))?;
            while columns.len() <= TILE * (self.vector - 1) {
                self.named = (self.source)(state);
                match &self.named {
                    Some(next) if next.start == columns.end => columns.end = next.end,
                    _ => break,
                }
                self.named = None;
            }
            // Lanes are a power of two: a division would take longer than a step of the loop.
            let whole = columns.len() & !(self.vector - 1);
            self.rest = columns.start + whole..columns.end;
            if whole > 0 {
                return Some(columns.start..columns.start + whole);
            }
        }
        let rest = std::mem::take(&mut self.rest);
        self.unsettled = rest.len();
        Some(rest)
    }
}
