//! The map-reduce: rows in blocks of lanes, columns in tiles, tasks over the threads.
//!
//! A *row* is a point of the side that the result is indexed by, a *column* one of the side reduced over. A generated
//! function implements `Kernel` for its formula; `run` does the rest. For each task (a range of rows) and each tile
//! of columns, all blocks of rows of the task are updated before the next tile is read, so a tile is in the first-level
//! cache while it is used and work that depends on columns alone is done once per tile and task.

mod accumulate;
mod aligned;
mod blocks;
mod columns_in_lanes;
mod counts;
mod erased;
mod gather;
mod kernel;
mod neighbours;
mod numbers;
mod plan;
mod run;
#[cfg(test)]
mod tests;
mod tiles;
mod transpose;
mod watch;

pub use counts::Counts;
pub use erased::ErasedKernel;
pub use gather::{Gather, GatherSides, gather};
pub use kernel::{Kernel, Layout};
pub use neighbours::{Bound, Limit, Neighbours, Step};
pub(crate) use neighbours::{Ordered, order_here, run_neighbours_here};
pub use numbers::{number_points, point_numbers};
pub(crate) use run::run_here;
pub use run::{Out, run};
pub use tiles::{Columns, TILE, Tiles};
pub use transpose::transpose;
pub(crate) use transpose::transpose_here;

use crate::real::Real;

/// Numbers in `f64`, in which parameters are hoisted and linear systems solved.
#[inline(never)]
pub fn widen<T: Real>(numbers: &[T], to: &mut [f64]) {
    for (wide, x) in to.iter_mut().zip(numbers) {
        *wide = x.to_f64();
    }
}

/// Such numbers, rounded.
#[inline(never)]
pub fn narrow<T: Real>(numbers: &[f64], to: &mut [T]) {
    for (x, wide) in to.iter_mut().zip(numbers) {
        *x = T::from_f64(*wide);
    }
}

/// Adds one result to another.
pub fn add<T: Real>(sum: &mut [T], more: &[T]) {
    for (s, m) in sum.iter_mut().zip(more) {
        *s = T::from_f64(s.to_f64() + m.to_f64());
    }
}
