//! Runs a kernel over all pairs and writes its outputs.

use super::accumulate::{Banks, Machine};
use super::plan::Plan;
use super::{ErasedKernel, TILE};
use crate::real::Real;
use rayon::prelude::*;
use std::ops::Range;

/// An output, to be written.
#[derive(Debug)]
pub enum Out<'a, T> {
    /// Rows of `dim` numbers, one per kept point.
    Rows {
        /// All rows.
        rows: &'a mut [T],
        /// Numbers per row.
        dim: usize,
    },
    /// Rows of `dim` indices; an index that names nothing becomes 0.
    Indices {
        /// All rows.
        rows: &'a mut [usize],
        /// Indices per row.
        dim: usize,
    },
    /// Like `Indices`, but an index that names nothing stays `usize::MAX`: for stages that follow.
    Positions {
        /// All rows.
        rows: &'a mut [usize],
        /// Indices per row.
        dim: usize,
    },
    /// The sum over the kept points, accumulated in `f64`.
    Total {
        /// The sum.
        sum: &'a mut [T],
    },
}

impl<'a, T> Out<'a, T> {
    /// Splits off the first `count` rows; a total has no rows and is not split.
    fn take_rows(&mut self, count: usize) -> Part<'a, T> {
        fn front<'a, E>(rows: &mut &'a mut [E], len: usize) -> &'a mut [E] {
            let (front, rest) = std::mem::take(rows).split_at_mut(len);
            *rows = rest;
            front
        }
        match self {
            Out::Rows { rows, dim } => Part::Rows { rows: front(rows, count * *dim), dim: *dim },
            Out::Indices { rows, dim } => {
                Part::Indices { rows: front(rows, count * *dim), dim: *dim, missing: 0 }
            }
            Out::Positions { rows, dim } => {
                Part::Indices { rows: front(rows, count * *dim), dim: *dim, missing: usize::MAX }
            }
            Out::Total { sum } => Part::Total(vec![0.0; sum.len()]),
        }
    }
}

/// The part of an output that one task writes.
enum Part<'a, T> {
    Rows { rows: &'a mut [T], dim: usize },
    Indices { rows: &'a mut [usize], dim: usize, missing: usize },
    Total(Vec<f64>),
}

/// The rows of one task, and the parts of the outputs that are theirs.
pub(super) struct RowTask<'a, T> {
    pub(super) rows: Range<usize>,
    parts: Vec<Part<'a, T>>,
}

/// Computes the outputs of `kernel` for `rows` kept points, reduced over `columns` points. Outputs come as zeros: without
/// rows there is nothing to write, and totals stay zero.
pub fn run<T: Real>(kernel: &dyn ErasedKernel<T>, rows: usize, columns: usize, outputs: &mut [Out<'_, T>]) {
    T::run(kernel, rows, columns, outputs);
}

/// [`run`], compiled where it is called from.
pub(crate) fn run_here<T: Real>(
    kernel: &dyn ErasedKernel<T>,
    rows: usize,
    columns: usize,
    outputs: &mut [Out<'_, T>],
) {
    let plan = Plan::of::<T>(kernel.layout(), rows, columns);
    let job = Job { machine: Machine::of_rows(kernel, rows), columns, plan };
    for_tasks(&plan, rows, outputs, |task| {
        let numbers = job.values(task.rows.clone());
        let (lanes, per_row) = (job.machine.lanes, kernel.layout().outputs);
        let first = task.rows.start;
        Values { numbers: &numbers, lanes, per_row, columns }.write(task, |row| row - first);
    });
}

/// Divides the outputs among tasks, does `each`, and adds up the totals.
pub(super) fn for_tasks<T: Real>(
    plan: &Plan,
    rows: usize,
    outputs: &mut [Out<'_, T>],
    each: impl Fn(&mut RowTask<'_, T>) + Sync,
) {
    if rows == 0 {
        return;
    }
    let mut tasks: Vec<RowTask<'_, T>> = ranges(0..rows, plan.task_rows)
        .map(|rows| {
            let parts = outputs.iter_mut().map(|out| out.take_rows(rows.len())).collect();
            RowTask { rows, parts }
        })
        .collect();

    if plan.serial {
        tasks.iter_mut().for_each(&each);
    } else {
        tasks.par_iter_mut().for_each(&each);
    }

    for (index, out) in outputs.iter_mut().enumerate() {
        if let Out::Total { sum } = out {
            for (k, value) in sum.iter_mut().enumerate() {
                let parts = tasks.iter().map(|task| match &task.parts[index] {
                    Part::Total(part) => part[k],
                    Part::Rows { .. } | Part::Indices { .. } => 0.0,
                });
                *value = T::from_f64(parts.sum());
            }
        }
    }
}

struct Job<'a, T> {
    machine: Machine<'a, T>,
    columns: usize,
    plan: Plan,
}

impl<T: Real> Job<'_, T> {
    /// The outputs of some rows, block after block.
    fn values(&self, rows: Range<usize>) -> Vec<T> {
        let banks = self.machine.banks(rows);
        let state = self.accumulate(&banks, 0..self.columns);
        self.machine.finish(&banks, &state)
    }

    /// The accumulators of all blocks over some columns: those of the first half of the parts, then those of the second.
    /// Merged as soon as there are two, few accumulators are there at a time.
    fn accumulate(&self, banks: &Banks<T>, columns: Range<usize>) -> Vec<T> {
        let parts = columns.len().div_ceil(self.plan.task_columns);
        if self.plan.serial || parts <= 1 {
            let mut tiles = ranges(columns, TILE);
            return self.machine.accumulate(banks, 0..banks.blocks, &mut |_| tiles.next());
        }
        let half = columns.start + parts / 2 * self.plan.task_columns;
        let (mut first, later) = rayon::join(
            || self.accumulate(banks, columns.start..half),
            || self.accumulate(banks, half..columns.end),
        );
        self.machine.merge(&mut first, &later);
        first
    }
}

/// The outputs of rows as a kernel leaves them: block after block, `lanes` of each number.
pub(super) struct Values<'a, T> {
    pub(super) numbers: &'a [T],
    pub(super) lanes: usize,
    /// Numbers per row, over all outputs.
    pub(super) per_row: usize,
    /// Columns there are: larger indices name nothing.
    pub(super) columns: usize,
}

impl<T: Real> Values<'_, T> {
    /// From lanes to the rows of a task; `place` says where the kernel has left a row.
    pub(super) fn write(&self, task: &mut RowTask<'_, T>, place: impl Fn(usize) -> usize) {
        let rows = task.rows.clone();
        // The numbers of a row from `slot` on. Lanes are a power of two: divisions would take longer than the copy.
        let shift = self.lanes.trailing_zeros();
        let values = |row: usize, slot: usize| {
            let place = place(row);
            let block = (place >> shift) * self.per_row + slot;
            let first = (block << shift) + (place & (self.lanes - 1));
            self.numbers[first..].iter().step_by(self.lanes).copied()
        };
        let mut slot = 0;
        for part in &mut task.parts {
            match part {
                Part::Rows { rows: to, dim } => {
                    for (row, to) in rows.clone().zip(to.chunks_exact_mut(*dim)) {
                        to.iter_mut().zip(values(row, slot)).for_each(|(x, value)| *x = value);
                    }
                    slot += *dim;
                }
                Part::Indices { rows: to, dim, missing } => {
                    for (row, to) in rows.clone().zip(to.chunks_exact_mut(*dim)) {
                        for (x, value) in to.iter_mut().zip(values(row, slot)) {
                            let index = value.to_index();
                            *x = if index < self.columns { index } else { *missing };
                        }
                    }
                    slot += *dim;
                }
                Part::Total(sum) => {
                    for row in rows.clone() {
                        sum.iter_mut().zip(values(row, slot)).for_each(|(x, value)| *x += value.to_f64());
                    }
                    slot += sum.len();
                }
            }
        }
    }
}

/// Consecutive ranges of at most `len`.
pub(super) fn ranges(all: Range<usize>, len: usize) -> impl Iterator<Item = Range<usize>> {
    let end = all.end;
    all.step_by(len.max(1)).map(move |first| first..(first + len).min(end))
}
