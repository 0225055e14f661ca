//! Runs a kernel over all pairs and writes its outputs.

use super::ErasedKernel;
use super::accumulate::{Banks, Machine};
use super::aligned::Aligned;
use super::blocks::{Block, tasks};
use super::plan::Plan;
use super::watch::Watch;
use crate::error::Error;
use crate::points::{Index, Pairs};
use crate::ranges;
use crate::real::Real;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

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

/// Computes the outputs of `kernel` for the points of the index that is `kept`, reduced over the pairs that count. Outputs
/// come as zeros: without rows there is nothing to write, and totals stay zero.
///
/// # Errors
/// [`Error::Cancelled`], and the outputs are whatever they are.
pub fn run<T: Real>(
    kernel: &dyn ErasedKernel<T>,
    pairs: Pairs<'_>,
    kept: Index,
    outputs: &mut [Out<'_, T>],
) -> Result<(), Error> {
    T::run(kernel, pairs, kept, outputs)
}

/// [`run`], compiled where it is called from.
pub(crate) fn run_here<T: Real>(
    kernel: &dyn ErasedKernel<T>,
    pairs: Pairs<'_>,
    kept: Index,
    outputs: &mut [Out<'_, T>],
) -> Result<(), Error> {
    // A stage without reductions visits no pairs.
    let columns = if kernel.layout().accumulators.is_empty() { 0 } else { pairs.columns(kept) };
    let all = 0..columns;
    let blocks: Vec<Block<'_>> = match pairs.options.ranges {
        Some(_) if columns > 0 => {
            pairs.blocks(kept).into_iter().map(|(rows, columns)| Block { rows, columns }).collect()
        }
        _ => vec![Block { rows: 0..pairs.rows(kept), columns: std::slice::from_ref(&all) }],
    };
    let plan = Plan::of_blocks::<T>(kernel.layout(), &blocks);
    let rows_of_blocks = blocks.iter().map(|block| block.rows.len()).max().unwrap_or(0);
    let of_blocks = blocks.iter().map(|block| ranges::pairs(block.rows.len(), block.width()));
    let visited = of_blocks.fold(0, u64::saturating_add);
    let job = Job {
        machine: Machine::of_rows(kernel, rows_of_blocks),
        plan,
        watch: Watch::new(pairs.options, visited),
    };
    let (lanes, per_row) = (job.machine.lanes, kernel.layout().outputs);
    let tasks = tasks(&blocks, &plan);
    let rows: Vec<Range<usize>> =
        tasks.iter().map(|task| task[0].rows.start..task[task.len() - 1].rows.end).collect();
    let values = |task: &mut RowTask<'_, T>, block: &Block<'_>, state: Option<&mut [T]>| {
        let numbers = job.values(block, state, pairs.before);
        let (first, columns) = (block.rows.start, columns + pairs.before);
        Values { numbers: &numbers, lanes, per_row, columns }
            .write(task, block.rows.clone(), |row| row - first);
    };
    let Some(stream) = pairs.options.stream else {
        for_tasks(&rows, plan.serial, outputs, |number, task| {
            tasks[number].iter().for_each(|block| values(task, block, None));
        });
        return job.watch.end();
    };
    // Without ranges a task is one block, and all but the last are whole blocks of lanes.
    let mut states = stream.take(job.machine.states(pairs.rows(kept)), pairs.before)?;
    let of_task = plan.task_rows / lanes * (states.numbers.len() / pairs.rows(kept).div_ceil(lanes).max(1));
    let parts: Vec<Mutex<&mut [T]>> = states.numbers.chunks_mut(of_task.max(1)).map(Mutex::new).collect();
    for_tasks(&rows, plan.serial, outputs, |number, task| {
        // Each has one user, which nobody waits for. What needs no accumulators has none.
        let mut state = parts.get(number).map(|part| part.lock().unwrap_or_else(PoisonError::into_inner));
        values(task, &tasks[number][0], state.as_deref_mut().map(|state| &mut **state));
    });
    job.watch.end()?;
    drop(parts);
    states.columns += pairs.columns(kept);
    stream.put(states);
    Ok(())
}

/// Divides the outputs among tasks, whose rows follow one another, does `each` with its number, and adds up the totals.
pub(super) fn for_tasks<T: Real>(
    rows: &[Range<usize>],
    serial: bool,
    outputs: &mut [Out<'_, T>],
    each: impl Fn(usize, &mut RowTask<'_, T>) + Sync,
) {
    if rows.is_empty() {
        return;
    }
    let task = |rows: &Range<usize>| {
        let parts = outputs.iter_mut().map(|out| out.take_rows(rows.len())).collect();
        RowTask { rows: rows.clone(), parts }
    };
    let mut tasks: Vec<RowTask<'_, T>> = rows.iter().map(task).collect();

    if serial {
        tasks.iter_mut().enumerate().for_each(|(number, task)| each(number, task));
    } else {
        tasks.par_iter_mut().enumerate().for_each(|(number, task)| each(number, task));
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
    plan: Plan,
    watch: Watch<'a>,
}

impl<T: Real> Job<'_, T> {
    /// The outputs of the rows of a block, block of lanes after block of lanes. If there are accumulators of columns `before`,
    /// those of this call go into them.
    fn values(&self, block: &Block<'_>, earlier: Option<&mut [T]>, before: usize) -> Vec<T> {
        let banks = self.machine.banks(block.rows.clone());
        let mut state = self.accumulate(&banks, block, 0..block.width());
        let Some(earlier) = earlier else { return self.machine.finish(&banks, &state) };
        self.machine.renumber(&mut state, before);
        self.machine.merge(earlier, &state);
        self.machine.finish(&banks, earlier)
    }

    /// The accumulators over some columns, which are counted from the first of the block: those of the first half of the
    /// parts, then those of the second. Merged as soon as there are two, few accumulators are there at a time.
    fn accumulate(&self, banks: &Banks<T>, block: &Block<'_>, columns: Range<usize>) -> Aligned<T> {
        let parts = columns.len().div_ceil(self.plan.task_columns);
        if self.plan.serial || parts <= 1 {
            let columns = if self.watch.is_over() { 0..0 } else { columns };
            let mut tiles = block.tiles(columns.clone());
            let state = self.machine.accumulate(banks, 0..banks.blocks, &mut |_| tiles.next());
            self.watch.visited(block.rows.len(), columns.len());
            return state;
        }
        let half = columns.start + parts / 2 * self.plan.task_columns;
        let (mut first, later) = rayon::join(
            || self.accumulate(banks, block, columns.start..half),
            || self.accumulate(banks, block, half..columns.end),
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
    /// From lanes to rows of a task; `place` says where the kernel has left a row.
    pub(super) fn write(
        &self,
        task: &mut RowTask<'_, T>,
        rows: Range<usize>,
        place: impl Fn(usize) -> usize,
    ) {
        let first = rows.start - task.rows.start;
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
                    for (row, to) in rows.clone().zip(to[first * *dim..].chunks_exact_mut(*dim)) {
                        to.iter_mut().zip(values(row, slot)).for_each(|(x, value)| *x = value);
                    }
                    slot += *dim;
                }
                Part::Indices { rows: to, dim, missing } => {
                    for (row, to) in rows.clone().zip(to[first * *dim..].chunks_exact_mut(*dim)) {
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
