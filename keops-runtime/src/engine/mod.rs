//! The map-reduce: rows in blocks of lanes, columns in tiles, tasks over the threads.
//!
//! A *row* is a point of the side that the result is indexed by, a *column* one of the side reduced over. A generated
//! function implements `Kernel` for its formula; `run` does the rest. For each task (a range of rows) and each tile
//! of columns, all blocks of rows of the task are updated before the next tile is read, so a tile is in the first-level
//! cache while it is used and work that depends on columns alone is done once per tile and task.

mod accumulate;
mod erased;
mod gather;
mod kernel;
mod neighbours;
mod plan;
mod run;
#[cfg(test)]
mod tests;
mod tiles;

pub use erased::ErasedKernel;
pub use gather::{Gather, GatherSides, gather};
pub use kernel::{Kernel, Layout};
pub use neighbours::{Bound, Limit, Neighbours, Step};
pub(crate) use neighbours::{order_here, run_neighbours_here};
pub(crate) use run::run_here;
pub use run::{Out, run};
pub use tiles::{Columns, TILE, Tiles};

use crate::real::Real;

/// Numbers in `f64`, in which parameters are hoisted.
#[inline(never)]
pub fn widen<T: Real>(numbers: &[T], to: &mut [f64]) {
    for (wide, x) in to.iter_mut().zip(numbers) {
        *wide = x.to_f64();
    }
}

/// Hoisted parameters, rounded.
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

/// Copies `lanes` rows of `dim` numbers from row `first` on (the last row again beyond the end) so that each
/// coordinate's lanes are consecutive.
#[inline(always)]
pub fn transpose<T: Real>(points: &[T], dim: usize, first: usize, lanes: usize, bank: &mut [T]) {
    T::transpose(points, dim, first, lanes, bank);
}

/// [`Real::transpose`] for either scalar.
pub(crate) fn transpose_here<T: Real>(points: &[T], dim: usize, first: usize, lanes: usize, bank: &mut [T]) {
    let rows = &points[first * dim..];
    let there = (rows.len() / dim).min(lanes);
    // Points of a few kilobytes may lie a multiple of a page apart, and then share few places of the first-level cache:
    // eight fit.
    let together = if dim < 256 { lanes } else { 8 };
    for (start, points) in (0..).step_by(together).zip(rows[..there * dim].chunks(together * dim)) {
        for (k, coordinate) in bank.chunks_exact_mut(lanes).take(dim).enumerate() {
            for (x, point) in coordinate[start..].iter_mut().zip(points.chunks_exact(dim)) {
                *x = point[k];
            }
        }
    }
    if there < lanes {
        for coordinate in bank.chunks_exact_mut(lanes).take(dim) {
            let last = coordinate[there - 1];
            coordinate[there..].fill(last);
        }
    }
}
