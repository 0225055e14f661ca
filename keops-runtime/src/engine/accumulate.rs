//! The work of a task: banks are filled, tiles taken in one after another, outputs made. The same for all kernels.

use super::tiles::NextTile;
use super::{ErasedKernel, Layout, Tiles};
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
}

impl<'a, T: Real> Machine<'a, T> {
    pub(super) fn new(kernel: &'a dyn ErasedKernel<T>, level: Level) -> Self {
        let layout = kernel.layout();
        let (vector, wide) = dispatch(level, Lanes(PhantomData::<T>));
        Machine { kernel, layout, level, vector, lanes: if layout.wide { wide } else { vector } }
    }

    /// For so many rows in all: on the narrower set if its block holds them. It is as fast, or twice as fast where the
    /// processor does the wider vectors in two steps.
    pub(super) fn of_rows(kernel: &'a dyn ErasedKernel<T>, rows: usize) -> Self {
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
        let mut numbers = vec![T::default(); blocks * len];
        for b in 0..blocks {
            self.fill(rows.start + b * self.lanes, &mut numbers[b * len..(b + 1) * len]);
        }
        Banks { numbers, len, blocks, last }
    }

    /// The accumulators of some blocks over tiles of columns, until there is no next: block after block.
    pub(super) fn accumulate(&self, banks: &Banks<T>, blocks: Range<usize>, next: NextTile<'_, T>) -> Vec<T> {
        let mut state = vec![T::default(); blocks.len() * self.state_len()];
        accumulator::identity(self.layout.accumulators, self.lanes, &mut state);
        let mut tiles = Tiles::new(self.kernel, self.level, self.vector, next);
        let banks = &banks.numbers[blocks.start * banks.len..blocks.end * banks.len];
        self.kernel.update(self.level, banks, &mut tiles, &mut state);
        state
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
        let mut numbers = vec![T::default(); rows.div_ceil(self.lanes) * self.state_len()];
        accumulator::identity(self.layout.accumulators, self.lanes, &mut numbers);
        States { accumulators: self.layout.accumulators, lanes: self.lanes, rows, columns: 0, numbers }
    }

    /// The outputs of all blocks from their accumulators, block after block.
    pub(super) fn finish(&self, banks: &Banks<T>, state: &[T]) -> Vec<T> {
        let (outputs_len, state_len) = (self.layout.outputs * self.lanes, self.state_len());
        let mut outputs = vec![T::default(); banks.blocks * outputs_len];
        let (vector, _) = on_baseline(Lanes(PhantomData::<T>));
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
    numbers: Vec<T>,
    /// Numbers of a block.
    len: usize,
    pub(super) blocks: usize,
    /// Rows of the last block.
    last: usize,
}

/// The lanes of a vector, and of the vectors that go together.
struct Lanes<T>(PhantomData<T>);

impl<T: Real> Task for Lanes<T> {
    type Output = (usize, usize);
    #[inline(always)]
    fn run<S: Simd>(self, _token: S) -> (usize, usize) {
        (T::Vector::<S>::LANES, S::Wide::<T::Vector<S>>::LANES)
    }
}
