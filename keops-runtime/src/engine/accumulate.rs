//! A kernel as the scheduler sees it: a few operations on ranges, with the instruction set chosen inside.

use super::{Columns, Kernel, Sizes, TILE};
use crate::real::Real;
use crate::simd::{Level, Rows, Simd, Task, Vector, dispatch};
use std::ops::Range;

/// What the scheduler needs of a kernel: an object-safe view, so that the scheduling itself is compiled once and not
/// with every formula.
pub trait Accumulate<T: Real>: Sync {
    /// The sizes of the buffers.
    fn sizes(&self) -> Sizes;
    /// Lanes of a block of rows.
    fn lanes(&self, level: Level) -> usize;
    /// The accumulators of `rows` over `columns`, from the identity, block after block in `state`.
    fn accumulate(&self, level: Level, rows: Range<usize>, columns: Range<usize>, state: &mut [T]);
    /// Takes the accumulators of later columns into those of earlier ones.
    fn merge(&self, level: Level, state: &mut [T], later: &[T]);
    /// The outputs of `rows` from their accumulators, `lanes × outputs` numbers per block.
    fn finish(&self, level: Level, rows: Range<usize>, state: &[T], outputs: &mut [T]);
}

impl<T: Real, K: Kernel<T>> Accumulate<T> for K {
    fn sizes(&self) -> Sizes {
        K::SIZES
    }

    fn lanes(&self, level: Level) -> usize {
        dispatch(level, LanesTask { kernel: self, scalar: std::marker::PhantomData })
    }

    fn accumulate(&self, level: Level, rows: Range<usize>, columns: Range<usize>, state: &mut [T]) {
        dispatch(level, AccumulateTask { kernel: self, rows, columns, state })
    }

    fn merge(&self, level: Level, state: &mut [T], later: &[T]) {
        dispatch(level, MergeTask { kernel: self, state, later })
    }

    fn finish(&self, level: Level, rows: Range<usize>, state: &[T], outputs: &mut [T]) {
        dispatch(level, FinishTask { kernel: self, rows, state, outputs })
    }
}

struct LanesTask<'a, T, K> {
    kernel: &'a K,
    scalar: std::marker::PhantomData<T>,
}

impl<T: Real, K: Kernel<T>> Task for LanesTask<'_, T, K> {
    type Output = usize;
    #[inline(always)]
    fn run<S: Simd>(self, _token: S) -> usize {
        let _ = self.kernel;
        K::Block::<S>::LANES
    }
}

struct AccumulateTask<'a, T, K> {
    kernel: &'a K,
    rows: Range<usize>,
    columns: Range<usize>,
    state: &'a mut [T],
}

impl<T: Real, K: Kernel<T>> Task for AccumulateTask<'_, T, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        let AccumulateTask { kernel, rows, columns, state } = self;
        let sizes = K::SIZES;
        let lanes = K::Block::<S>::LANES;
        let blocks = rows.len().div_ceil(lanes);
        let (row_len, state_len) = (sizes.row * lanes, sizes.state * lanes);

        let mut banks = vec![T::default(); blocks * row_len];
        for b in 0..blocks {
            let bank = &mut banks[b * row_len..(b + 1) * row_len];
            kernel.read_rows(rows.start + b * lanes, lanes, bank);
            kernel.hoist_rows::<K::Block<S>>(token, bank);
            kernel.identity::<K::Block<S>>(token, &mut state[b * state_len..(b + 1) * state_len]);
        }

        let mut cuts = vec![K::Block::<S>::splat(token, T::default()); sizes.cuts * TILE];
        let mut hoisted = vec![T::default(); sizes.column * TILE];
        let mut first = columns.start;
        while first < columns.end {
            let len = (columns.end - first).min(TILE);
            if sizes.column > 0 {
                hoist_columns::<T, K, T::Vector<S>>(kernel, token, first, len, &mut hoisted);
            }
            let tile = Columns { first, len, hoisted: &hoisted };
            for b in 0..blocks {
                kernel.update::<K::Block<S>>(
                    token,
                    &banks[b * row_len..(b + 1) * row_len],
                    tile,
                    &mut cuts,
                    &mut state[b * state_len..(b + 1) * state_len],
                );
            }
            first += len;
        }
    }
}

/// Evaluates what depends on columns alone, one lane per column.
#[inline(always)]
fn hoist_columns<T: Real, K: Kernel<T>, V: Rows<Elem = T>>(
    kernel: &K,
    token: V::Token,
    first: usize,
    len: usize,
    hoisted: &mut [T],
) {
    let sizes = K::SIZES;
    let mut bank = vec![T::default(); (sizes.column_inputs + sizes.column) * V::LANES];
    let mut group = 0;
    while group < len {
        kernel.read_columns(first + group, V::LANES, &mut bank);
        kernel.hoist_columns::<V>(token, &mut bank);
        for s in 0..sizes.column {
            let from = (sizes.column_inputs + s) * V::LANES;
            let to = s * TILE + group;
            hoisted[to..to + V::LANES].copy_from_slice(&bank[from..from + V::LANES]);
        }
        group += V::LANES;
    }
}

struct MergeTask<'a, T, K> {
    kernel: &'a K,
    state: &'a mut [T],
    later: &'a [T],
}

impl<T: Real, K: Kernel<T>> Task for MergeTask<'_, T, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        let len = K::SIZES.state * K::Block::<S>::LANES;
        if len > 0 {
            for (state, later) in self.state.chunks_exact_mut(len).zip(self.later.chunks_exact(len)) {
                self.kernel.merge::<K::Block<S>>(token, state, later);
            }
        }
    }
}

struct FinishTask<'a, T, K> {
    kernel: &'a K,
    rows: Range<usize>,
    state: &'a [T],
    outputs: &'a mut [T],
}

impl<T: Real, K: Kernel<T>> Task for FinishTask<'_, T, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        let sizes = K::SIZES;
        let lanes = K::Block::<S>::LANES;
        let (state_len, out_len) = (sizes.state * lanes, sizes.outputs * lanes);
        let mut bank = vec![T::default(); sizes.row * lanes];
        for b in 0..self.rows.len().div_ceil(lanes) {
            self.kernel.read_rows(self.rows.start + b * lanes, lanes, &mut bank);
            self.kernel.hoist_rows::<K::Block<S>>(token, &mut bank);
            self.kernel.finish::<K::Block<S>>(
                token,
                &bank,
                &self.state[b * state_len..(b + 1) * state_len],
                &mut self.outputs[b * out_len..(b + 1) * out_len],
            );
        }
    }
}
