//! A kernel as the scheduler sees it: a few operations on slices of numbers, with the instruction set chosen inside.

use super::{Kernel, Layout, TILE, Tiles};
use crate::real::Real;
use crate::reduction::accumulator::numbers;
use crate::simd::{Level, Rows, Simd, Task, dispatch_for, on_baseline};
use std::ops::Range;

/// An object-safe view of a [`Kernel`], so that the scheduler is compiled once and not with every formula. Here is all that
/// must be compiled for each: what comes in is as small as can be.
pub trait ErasedKernel<T: Real>: Sync {
    /// What it keeps.
    fn layout(&self) -> &'static Layout;
    /// As [`Kernel::read_rows`].
    fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]);
    /// As [`Kernel::hoist_rows`], for the rows in the lanes of one vector.
    fn hoist_rows(&self, level: Level, bank: &mut [T], stride: usize);
    /// As [`Kernel::read_columns`].
    fn read_columns(&self, first: usize, lanes: usize, bank: &mut [T]);
    /// As [`Kernel::read_tile`].
    fn read_tile(&self, columns: Range<usize>, lanes: usize, bank: &mut [T]);
    /// As [`Kernel::hoist_columns`], for the columns in the lanes of one vector.
    fn hoist_columns(&self, level: Level, bank: &mut [T], stride: usize);
    /// Takes the pairs of blocks of rows with tiles of columns into the accumulators. Banks lie block after block, and so do
    /// accumulators; where columns are in lanes there are two blocks of these for each row.
    fn update(&self, level: Level, banks: &[T], tiles: &mut Tiles<'_, T>, state: &mut [T]);
    /// As [`Kernel::finish`], for the rows in the lanes of one vector of the baseline set.
    fn finish(&self, bank: &[T], state: &[T], outputs: &mut [T], stride: usize);
}

impl<T: Real, K: Kernel<T>> ErasedKernel<T> for K {
    fn layout(&self) -> &'static Layout {
        &K::LAYOUT
    }

    fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) {
        Kernel::read_rows(self, first, lanes, bank);
    }

    fn hoist_rows(&self, level: Level, bank: &mut [T], stride: usize) {
        // The test is made by the compiler: most formulas hoist nothing, and nothing is compiled for them.
        if const { K::LAYOUT.row_hoisted > 0 } {
            dispatch_for::<K, _>(level, HoistRows { kernel: self, bank, stride });
        }
    }

    fn read_columns(&self, first: usize, lanes: usize, bank: &mut [T]) {
        Kernel::read_columns(self, first, lanes, bank);
    }

    fn read_tile(&self, columns: Range<usize>, lanes: usize, bank: &mut [T]) {
        Kernel::read_tile(self, columns, lanes, bank);
    }

    fn hoist_columns(&self, level: Level, bank: &mut [T], stride: usize) {
        if const { K::LAYOUT.column_hoisted > 0 } {
            dispatch_for::<K, _>(level, HoistColumns { kernel: self, bank, stride });
        }
    }

    fn update(&self, level: Level, banks: &[T], tiles: &mut Tiles<'_, T>, state: &mut [T]) {
        if const { !K::LAYOUT.accumulators.is_empty() } {
            dispatch_for::<K, _>(level, Update { kernel: self, banks, tiles, state });
        }
    }

    fn finish(&self, bank: &[T], state: &[T], outputs: &mut [T], stride: usize) {
        on_baseline(Finish { kernel: self, bank, state, outputs, stride });
    }
}

struct HoistRows<'a, T, K> {
    kernel: &'a K,
    bank: &'a mut [T],
    stride: usize,
}

impl<T: Real, K: Kernel<T>> Task for HoistRows<'_, T, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        self.kernel.hoist_rows::<T::Vector<S>>(token, self.bank, self.stride);
    }
}

struct HoistColumns<'a, T, K> {
    kernel: &'a K,
    bank: &'a mut [T],
    stride: usize,
}

impl<T: Real, K: Kernel<T>> Task for HoistColumns<'_, T, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        self.kernel.hoist_columns::<T::Vector<S>>(token, self.bank, self.stride);
    }
}

struct Update<'a, 'k, T, K> {
    kernel: &'a K,
    banks: &'a [T],
    tiles: &'a mut Tiles<'k, T>,
    state: &'a mut [T],
}

impl<T: Real, K: Kernel<T>> Update<'_, '_, T, K> {
    #[inline(always)]
    fn blocks<P: Rows<Elem = T>, const IN_LANES: bool>(self, token: P::Token) {
        let Update { kernel, banks, tiles, state } = self;
        // Lengths that the compiler knows leave no bounds to check in loops over coordinates.
        let bank_len = const { K::LAYOUT.row_inputs + K::LAYOUT.row_hoisted } * P::LANES;
        let state_len = const { numbers(K::LAYOUT.accumulators) } * P::LANES;
        // Columns in lanes that fill no vector are kept apart.
        let parts = if IN_LANES { 2 } else { 1 };
        let blocks = state.len() / (parts * state_len);
        let mut cuts = room(P::splat(token, T::default()), const { K::LAYOUT.cuts * TILE });
        while let Some(columns) = T::next_tile(tiles, state) {
            let columns = columns
                .laid::<P, IN_LANES>(const { K::LAYOUT.column_hoisted }, const { K::LAYOUT.column_read });
            let part = usize::from(IN_LANES && columns.len < P::LANES);
            for b in 0..blocks {
                let bank = &banks[b * bank_len..(b + 1) * bank_len];
                let at = b * parts + part;
                let state = &mut state[at * state_len..(at + 1) * state_len];
                kernel.update::<P, IN_LANES>(token, bank, columns, &mut cuts, state);
            }
        }
    }
}

/// Room for vectors. One function for all kernels, which keeps the allocation out of each.
#[inline(never)]
fn room<P: Copy>(zero: P, len: usize) -> Vec<P> {
    vec![zero; len]
}

impl<T: Real, K: Kernel<T>> Task for Update<'_, '_, T, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        if const { K::LAYOUT.columns_in_lanes && S::COLUMNS_IN_LANES } {
            self.blocks::<T::Vector<S>, true>(token);
        } else if const { K::LAYOUT.wide } {
            self.blocks::<S::Wide<T::Vector<S>>, false>(token);
        } else {
            self.blocks::<T::Vector<S>, false>(token);
        }
    }
}

struct Finish<'a, T, K> {
    kernel: &'a K,
    bank: &'a [T],
    state: &'a [T],
    outputs: &'a mut [T],
    stride: usize,
}

impl<T: Real, K: Kernel<T>> Task for Finish<'_, T, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        let Finish { kernel, bank, state, outputs, stride } = self;
        kernel.finish::<T::Vector<S>>(token, bank, state, outputs, stride);
    }
}
