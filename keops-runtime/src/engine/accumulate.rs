//! The work of a task: banks are filled, tiles taken in one after another, outputs made. The same for all kernels.

use super::aligned::Aligned;
use super::tiles::NextTile;
use super::{ErasedKernel, Layout, Tiles, columns_in_lanes};
use crate::real::Real;
use crate::reduction::accumulator;
use crate::simd::{Level, Rows, Simd, Task, dispatch, on_baseline};
use crate::stream::States;
use std::marker::PhantomData;
use std::ops::Range;

/// A kernel on an instruction set.
#[derive(Clone, Copy)]
pub(super) struct Machine<'a, T> {
    kernel: &'a dyn ErasedKernel<T>,
    layout: &'static Layout,
    level: Level,
    /// Rows of a vector.
    vector: usize,
    /// Rows of a block.
    pub(super) lanes: usize,
    /// Whether the kernel has columns in its lanes.
    columns_in_lanes: bool,
}

/// Whether rows are so few that the set takes them on which columns are in lanes: two in `f32`, one in `f64`, half the lanes of
/// that set. A block of rows of the others takes as long as one more.
pub(super) fn are_few<T: Real>(rows: usize) -> bool {
    rows * size_of::<T>() <= 8
}

impl<'a, T: Real> Machine<'a, T> {
    pub(super) fn new(kernel: &'a dyn ErasedKernel<T>, level: Level) -> Self {
        let layout = kernel.layout();
        let Lanes { vector, wide, columns } = dispatch(level, CountLanes(PhantomData::<T>));
        let columns_in_lanes = layout.columns_in_lanes && columns;
        let lanes = if layout.wide && !columns_in_lanes { wide } else { vector };
        Machine { kernel, layout, level, vector, lanes, columns_in_lanes }
    }

    /// For so many rows in all: very few where columns are in lanes, else on the narrower set if its block holds them. It is
    /// as fast, or twice as fast where the processor does the wider vectors in two steps.
    pub(super) fn of_rows(kernel: &'a dyn ErasedKernel<T>, rows: usize) -> Self {
        if are_few::<T>(rows) && kernel.layout().columns_in_lanes {
            return Machine::new(kernel, Level::detect().min(Level::Sse2));
        }
        let narrower = Machine::new(kernel, Level::detect().min(Level::Avx2));
        if rows <= narrower.lanes { narrower } else { Machine::new(kernel, Level::detect()) }
    }

    /// Numbers of a block's bank.
    fn bank_len(&self) -> usize {
        (self.layout.row_inputs + self.layout.row_hoisted) * self.lanes
    }

    /// Numbers of a block's accumulators.
    fn state_len(&self) -> usize {
        accumulator::numbers(self.layout.accumulators) * self.lanes
    }

    /// The banks of `rows`, block after block.
    pub(super) fn banks(&self, rows: Range<usize>) -> Banks<T> {
        let (blocks, len) = (rows.len().div_ceil(self.lanes), self.bank_len());
        let last = rows.len() - (blocks.max(1) - 1) * self.lanes;
        let mut numbers = Aligned::zeros(blocks * len);
        for b in 0..blocks {
            self.fill(rows.start + b * self.lanes, &mut numbers[b * len..(b + 1) * len]);
        }
        Banks { numbers, len, blocks, last }
    }

    /// The accumulators of some blocks over tiles of columns, until there is no next: block after block.
    pub(super) fn accumulate(
        &self,
        banks: &Banks<T>,
        blocks: Range<usize>,
        next: NextTile<'_, T>,
    ) -> Aligned<T> {
        let mut state = self.nothing(blocks.len() * self.state_len());
        let mut tiles = Tiles::new(self.kernel, self.level, self.vector, self.columns_in_lanes, next);
        let of_blocks = &banks.numbers[blocks.start * banks.len..blocks.end * banks.len];
        if self.columns_in_lanes {
            let missing = if blocks.end == banks.blocks { self.lanes - banks.last } else { 0 };
            let rows = blocks.len() * self.lanes - missing;
            let spread = columns_in_lanes::spread(of_blocks, banks.len, self.lanes, rows);
            let mut lanes = self.nothing(rows * columns_in_lanes::state_len(self.layout, self.lanes));
            self.kernel.update(self.level, &spread, &mut tiles, &mut lanes);
            columns_in_lanes::gather(self.layout, self.lanes, &lanes, &mut state);
        } else {
            self.kernel.update(self.level, of_blocks, &mut tiles, &mut state);
        }
        state
    }

    /// Accumulators of a reduction over nothing.
    fn nothing(&self, len: usize) -> Aligned<T> {
        let mut state = Aligned::zeros(len);
        accumulator::identity(self.layout.accumulators, self.lanes, &mut state);
        state
    }

    /// One of the numbers that rows of a block keep while it is worked on: for each row, that of each lane which has taken
    /// some of the columns.
    pub(super) fn kept<'s>(
        &self,
        state: &'s [T],
        place: usize,
        rows: usize,
    ) -> impl Iterator<Item = &'s [T]> {
        let lanes = self.lanes;
        let in_lanes = self.columns_in_lanes.then(|| columns_in_lanes::state_len(self.layout, lanes));
        (0..rows).map(move |row| match in_lanes {
            Some(len) => &state[row * len + place * lanes..][..lanes],
            None => &state[place * lanes + row..][..1],
        })
    }

    /// Fills the bank of the block of rows from `first` on.
    fn fill(&self, first: usize, bank: &mut [T]) {
        self.kernel.read_rows(first, self.lanes, bank);
        if self.layout.row_hoisted > 0 {
            for lane in (0..self.lanes).step_by(self.vector) {
                self.kernel.hoist_rows(self.level, &mut bank[lane..], self.lanes);
            }
        }
    }

    /// Takes the accumulators of later columns into those of earlier ones.
    pub(super) fn merge(&self, state: &mut [T], later: &[T]) {
        accumulator::merge(self.layout.accumulators, self.lanes, state, later);
    }

    /// Adds the number of columns `before` to the indices in accumulators.
    pub(super) fn renumber(&self, state: &mut [T], before: usize) {
        accumulator::renumber(self.layout.accumulators, self.lanes, state, before);
    }

    /// The accumulators of rows that nothing has been reduced over.
    pub(super) fn states(&self, rows: usize) -> States<T> {
        States::new(self.layout.accumulators, self.lanes, rows)
    }

    /// The outputs of all blocks from their accumulators, block after block.
    pub(super) fn finish(&self, banks: &Banks<T>, state: &[T]) -> Vec<T> {
        let (outputs_len, state_len) = (self.layout.outputs * self.lanes, self.state_len());
        let mut outputs = vec![T::default(); banks.blocks * outputs_len];
        let vector = on_baseline(CountLanes(PhantomData::<T>)).vector;
        for (b, outputs) in outputs.chunks_exact_mut(outputs_len).enumerate() {
            let bank = &banks.numbers[b * banks.len..(b + 1) * banks.len];
            let state = &state[b * state_len..(b + 1) * state_len];
            let rows = if b + 1 == banks.blocks { banks.last } else { self.lanes };
            for lane in (0..rows).step_by(vector) {
                // A stage without accumulators has no state, one that reads nothing of the row no bank.
                let from = |numbers: &'_ [T]| lane.min(numbers.len());
                self.kernel.finish(
                    &bank[from(bank)..],
                    &state[from(state)..],
                    &mut outputs[lane..],
                    self.lanes,
                );
            }
        }
        outputs
    }
}

/// What is read and hoisted of some rows, in blocks.
pub(super) struct Banks<T> {
    numbers: Aligned<T>,
    /// Numbers of a block.
    len: usize,
    pub(super) blocks: usize,
    /// Rows of the last block.
    last: usize,
}

/// The lanes of a set.
struct Lanes {
    /// Of a vector.
    vector: usize,
    /// Of the vectors that go together.
    wide: usize,
    /// Whether they are columns where they can be.
    columns: bool,
}

struct CountLanes<T>(PhantomData<T>);

impl<T: Real> Task for CountLanes<T> {
    type Output = Lanes;
    #[inline(always)]
    fn run<S: Simd>(self, _token: S) -> Lanes {
        Lanes {
            vector: T::Vector::<S>::LANES,
            wide: S::Wide::<T::Vector<S>>::LANES,
            columns: S::COLUMNS_IN_LANES,
        }
    }
}
