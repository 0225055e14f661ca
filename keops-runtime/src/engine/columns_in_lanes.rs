//! Lanes that are columns: one row at a time, in every lane, so that few rows do not leave most lanes idle.
//!
//! A row then has two blocks of accumulators. In the first, each lane keeps what the row keeps of the columns that have
//! been in it. In the second the last columns of a tile are taken that do not fill a vector: of the lanes beyond them nothing
//! is kept.

use super::Layout;
use crate::real::Real;
use crate::reduction::accumulator::{identity, numbers, take_lane};

/// The rows of some blocks, one after another, each in all lanes. `len` is the length of a block's bank.
pub(super) fn spread<T: Real>(banks: &[T], len: usize, lanes: usize, rows: usize) -> Vec<T> {
    let mut spread = Vec::with_capacity(rows * len);
    for row in 0..rows {
        let bank = &banks[row / lanes * len..][..len];
        for number in bank.chunks_exact(lanes) {
            spread.extend(std::iter::repeat_n(number[row % lanes], lanes));
        }
    }
    spread
}

/// Numbers of a row's two blocks of accumulators.
pub(super) fn state_len(layout: &Layout, lanes: usize) -> usize {
    2 * numbers(layout.accumulators) * lanes
}

/// Takes in what rows keep of the columns in the first `rest` lanes, which did not fill a vector.
pub(super) fn settle<T: Real>(layout: &Layout, lanes: usize, rest: usize, state: &mut [T]) {
    let len = state_len(layout, lanes);
    for row in state.chunks_exact_mut(len) {
        let (whole, part) = row.split_at_mut(len / 2);
        for lane in 0..rest {
            take_lane(layout.accumulators, lanes, &mut whole[lane..], &part[lane..]);
        }
        identity(layout.accumulators, lanes, part);
    }
}

/// What rows keep of all columns, in blocks with a row in each lane.
pub(super) fn gather<T: Real>(layout: &Layout, lanes: usize, state: &[T], blocks: &mut [T]) {
    let len = state_len(layout, lanes);
    for (row, state) in state.chunks_exact(len).enumerate() {
        let block = &mut blocks[row / lanes * (len / 2)..][..len / 2];
        for lane in 0..lanes {
            take_lane(layout.accumulators, lanes, &mut block[row % lanes..], &state[lane..]);
        }
    }
}
