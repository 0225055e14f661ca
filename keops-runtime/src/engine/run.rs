//! Runs a kernel over all pairs and writes its outputs.

use super::accumulate::Machine;
use super::plan::Plan;
use super::{ErasedKernel, TILE};
use crate::real::Real;
use crate::simd::Level;
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
    fn dim(&self) -> usize {
        match self {
            Out::Rows { dim, .. } | Out::Indices { dim, .. } | Out::Positions { dim, .. } => *dim,
            Out::Total { sum } => sum.len(),
        }
    }

    /// Splits off the first `count` rows; a total has no rows and is not split.
    fn take_rows(&mut self, count: usize) -> Part<'a, T> {
        fn front<'a, E>(rows: &mut &'a mut [E], len: usize) -> &'a mut [E] {
            let (front, rest) = std::mem::take(rows).split_at_mut(len);
            *rows = rest;
            front
        }
        match self {
            Out::Rows { rows, dim } => Part::Rows(front(rows, count * *dim)),
            Out::Indices { rows, dim } => Part::Indices { rows: front(rows, count * *dim), missing: 0 },
            Out::Positions { rows, dim } => {
                Part::Indices { rows: front(rows, count * *dim), missing: usize::MAX }
            }
            Out::Total { sum } => Part::Total(vec![0.0; sum.len()]),
        }
    }
}

/// The part of an output that one task writes.
enum Part<'a, T> {
    Rows(&'a mut [T]),
    Indices { rows: &'a mut [usize], missing: usize },
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
    let plan = Plan::of(kernel.layout(), rows, columns);
    let job = Job { machine: Machine::new(kernel, Level::detect()), columns, plan };
    for_tasks(&plan, rows, outputs, |task, dims| {
        let numbers = job.values(task.rows.clone());
        let (lanes, per_row) = (job.machine.lanes, kernel.layout().outputs);
        let first = task.rows.start;
        Values { numbers: &numbers, lanes, per_row, columns }.write(task, dims, |row| row - first);
    });
}

/// Divides the outputs among tasks, does `each` with the outputs' dimensions, and adds up the totals.
pub(super) fn for_tasks<T: Real>(
    plan: &Plan,
    rows: usize,
    outputs: &mut [Out<'_, T>],
    each: impl Fn(&mut RowTask<'_, T>, &[usize]) + Sync,
) {
    if rows == 0 {
        return;
    }
    let dims: Vec<usize> = outputs.iter().map(Out::dim).collect();
    let mut tasks: Vec<RowTask<'_, T>> = ranges(0..rows, plan.task_rows)
        .map(|rows| {
            let parts = outputs.iter_mut().map(|out| out.take_rows(rows.len())).collect();
            RowTask { rows, parts }
        })
        .collect();

    if plan.serial {
        tasks.iter_mut().for_each(|task| each(task, &dims));
    } else {
        tasks.par_iter_mut().for_each(|task| each(task, &dims));
    }

    for (index, out) in outputs.iter_mut().enumerate() {
        if let Out::Total { sum } = out {
            for (k, value) in sum.iter_mut().enumerate() {
                let parts = tasks.iter().map(|task| match &task.parts[index] {
                    Part::Total(part) => part[k],
                    Part::Rows(_) | Part::Indices { .. } => 0.0,
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
        let accumulate = |columns: Range<usize>| {
            let mut tiles = ranges(columns, TILE);
            self.machine.accumulate(rows.clone(), &mut |_| tiles.next())
        };
        let state = if self.plan.serial || self.columns <= self.plan.task_columns {
            accumulate(0..self.columns)
        } else {
            let chunks: Vec<Range<usize>> = ranges(0..self.columns, self.plan.task_columns).collect();
            let mut states = chunks.into_par_iter().map(accumulate).collect::<Vec<_>>().into_iter();
            let mut first = states.next().unwrap_or_default();
            states.for_each(|later| self.machine.merge(&mut first, &later));
            first
        };
        self.machine.finish(rows, &state)
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
    pub(super) fn write(&self, task: &mut RowTask<'_, T>, dims: &[usize], place: impl Fn(usize) -> usize) {
        for row in 0..task.rows.len() {
            let place = place(task.rows.start + row);
            let block = &self.numbers[place / self.lanes * self.lanes * self.per_row..];
            let mut slot = 0;
            for (part, &dim) in task.parts.iter_mut().zip(dims) {
                let value = |k: usize| block[(slot + k) * self.lanes + place % self.lanes];
                match part {
                    Part::Rows(rows) => {
                        rows[row * dim..(row + 1) * dim]
                            .iter_mut()
                            .enumerate()
                            .for_each(|(k, x)| *x = value(k));
                    }
                    Part::Indices { rows, missing } => {
                        for (k, x) in rows[row * dim..(row + 1) * dim].iter_mut().enumerate() {
                            let index = value(k).to_index();
                            *x = if index < self.columns { index } else { *missing };
                        }
                    }
                    Part::Total(sum) => sum.iter_mut().enumerate().for_each(|(k, x)| *x += value(k).to_f64()),
                }
                slot += dim;
            }
        }
    }
}

/// Consecutive ranges of at most `len`.
pub(super) fn ranges(all: Range<usize>, len: usize) -> impl Iterator<Item = Range<usize>> {
    let end = all.end;
    all.step_by(len.max(1)).map(move |first| first..(first + len).min(end))
}
