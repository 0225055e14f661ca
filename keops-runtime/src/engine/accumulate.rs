//! A kernel as the scheduler sees it: a few operations on ranges, with the instruction set chosen inside.

use super::{Columns, Kernel, Sizes, TILE};
use crate::real::Real;
use crate::simd::{Level, Rows, Simd, Task, Vector, dispatch, on_baseline};
use std::ops::Range;

/// What the scheduler needs of a kernel: an object-safe view, so that the scheduling itself is compiled once and not
/// with every formula. Accumulators of a range of rows lie block after block, `lanes × state` numbers each, and so do
/// outputs.
pub trait Accumulate<T: Real>: Sync {
    /// The sizes of the buffers.
    fn sizes(&self) -> Sizes;
    /// Lanes of a block of rows.
    fn lanes(&self, level: Level) -> usize;
    /// Takes `columns` into the accumulators of `rows`, from the identity.
    fn accumulate(&self, level: Level, rows: Range<usize>, columns: Range<usize>, buffers: Buffers<'_, T>);
    /// Takes the accumulators of later columns into those of earlier ones.
    fn merge(&self, lanes: usize, state: &mut [T], later: &[T]);
    /// The outputs of `rows` from their accumulators.
    fn finish(&self, lanes: usize, rows: Range<usize>, state: &[T], outputs: &mut [T]);
}

/// The memory of a task.
#[derive(Debug)]
pub struct Buffers<'a, T> {
    /// Numbers of the rows: `lanes × row` per block.
    pub banks: &'a mut [T],
    /// Numbers hoisted to the columns of a tile: `column × TILE`.
    pub hoisted: &'a mut [T],
    /// The accumulators: `lanes × state` per block.
    pub state: &'a mut [T],
}

impl<T: Real, K: Kernel<T>> Accumulate<T> for K {
    fn sizes(&self) -> Sizes {
        K::SIZES
    }

    fn lanes(&self, level: Level) -> usize {
        dispatch(level, LanesTask::<T, K>(std::marker::PhantomData))
    }

    fn accumulate(&self, level: Level, rows: Range<usize>, columns: Range<usize>, buffers: Buffers<'_, T>) {
        let lanes = self.lanes(level);
        on_baseline(IdentityTask { kernel: self, lanes, state: &mut *buffers.state });
        dispatch(level, AccumulateTask { kernel: self, rows, columns, buffers })
    }

    fn merge(&self, lanes: usize, state: &mut [T], later: &[T]) {
        on_baseline(MergeTask { kernel: self, lanes, state, later })
    }

    fn finish(&self, lanes: usize, rows: Range<usize>, state: &[T], outputs: &mut [T]) {
        on_baseline(FinishTask { kernel: self, lanes, rows, state, outputs })
    }
}

struct LanesTask<T, K>(std::marker::PhantomData<(T, K)>);

impl<T: Real, K: Kernel<T>> Task for LanesTask<T, K> {
    type Output = usize;
    #[inline(always)]
    fn run<S: Simd>(self, _token: S) -> usize {
        K::Block::<S>::LANES
    }
}

struct IdentityTask<'a, T, K> {
    kernel: &'a K,
    lanes: usize,
    state: &'a mut [T],
}

impl<T: Real, K: Kernel<T>> Task for IdentityTask<'_, T, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        for state in self.state.chunks_exact_mut((K::SIZES.state * self.lanes).max(1)) {
            for lane in (0..self.lanes).step_by(T::Vector::<S>::LANES) {
                self.kernel.identity::<T::Vector<S>>(token, &mut state[lane..], self.lanes);
            }
        }
    }
}

struct AccumulateTask<'a, T, K> {
    kernel: &'a K,
    rows: Range<usize>,
    columns: Range<usize>,
    buffers: Buffers<'a, T>,
}

impl<T: Real, K: Kernel<T>> Task for AccumulateTask<'_, T, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        let AccumulateTask { kernel, rows, columns, buffers: Buffers { banks, hoisted, state } } = self;
        let sizes = K::SIZES;
        let lanes = K::Block::<S>::LANES;
        let blocks = rows.len().div_ceil(lanes);
        let (row_len, state_len) = (sizes.row * lanes, sizes.state * lanes);

        for b in 0..blocks {
            let bank = &mut banks[b * row_len..(b + 1) * row_len];
            fill::<T, K, K::Block<S>>(kernel, token, rows.start + b * lanes, bank);
        }

        let mut cuts = room(K::Block::<S>::splat(token, T::default()), sizes.cuts * TILE);
        let mut first = columns.start;
        while first < columns.end {
            let len = (columns.end - first).min(TILE);
            if sizes.column > 0 {
                hoist_columns::<T, K, T::Vector<S>>(kernel, token, first, len, hoisted);
            }
            let tile = Columns { first, len, hoisted: &*hoisted };
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

/// Fills the bank of the rows from `first` on.
#[inline(always)]
fn fill<T: Real, K: Kernel<T>, P: Rows<Elem = T>>(kernel: &K, token: P::Token, first: usize, bank: &mut [T]) {
    P::Token::apart(
        #[inline(always)]
        || {
            kernel.read_rows(first, P::LANES, bank);
            kernel.hoist_rows::<P>(token, bank);
        },
    );
}

/// Room for vectors. One function for all kernels, which keeps the allocation out of each.
#[inline(never)]
fn room<P: Copy>(zero: P, len: usize) -> Vec<P> {
    vec![zero; len]
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
    let mut bank = room(T::default(), (sizes.column_inputs + sizes.column) * V::LANES);
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
    lanes: usize,
    state: &'a mut [T],
    later: &'a [T],
}

impl<T: Real, K: Kernel<T>> Task for MergeTask<'_, T, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        let len = (K::SIZES.state * self.lanes).max(1);
        for (state, later) in self.state.chunks_exact_mut(len).zip(self.later.chunks_exact(len)) {
            for lane in (0..self.lanes).step_by(T::Vector::<S>::LANES) {
                self.kernel.merge::<T::Vector<S>>(token, &mut state[lane..], &later[lane..], self.lanes);
            }
        }
    }
}

struct FinishTask<'a, T, K> {
    kernel: &'a K,
    lanes: usize,
    rows: Range<usize>,
    state: &'a [T],
    outputs: &'a mut [T],
}

impl<T: Real, K: Kernel<T>> Task for FinishTask<'_, T, K> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        let FinishTask { kernel, lanes, rows, state, outputs } = self;
        let (state_len, out_len) = (K::SIZES.state * lanes, K::SIZES.outputs * lanes);
        let step = T::Vector::<S>::LANES;
        let mut bank = room(T::default(), K::SIZES.row * step);
        for first in (0..rows.len()).step_by(step) {
            let (block, lane) = (first / lanes, first % lanes);
            fill::<T, K, T::Vector<S>>(kernel, token, rows.start + first, &mut bank);
            let state = &state[block * state_len..(block + 1) * state_len];
            let outputs = &mut outputs[block * out_len..(block + 1) * out_len];
            // A stage without accumulators has no state.
            let state = &state[lane.min(state.len())..];
            kernel.finish::<T::Vector<S>>(token, &bank, state, &mut outputs[lane..], lanes);
        }
    }
}
