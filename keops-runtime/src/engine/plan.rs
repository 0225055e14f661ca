//! How the pairs are divided into tasks. The division depends on the numbers of rows and columns alone, never on the
//! number of threads, so every thread count gives the same bits.

use super::blocks::Block;
use super::{Layout, TILE};
use crate::reduction::accumulator::numbers;

/// Rows of a task at most: tasks should be many, so that a busy machine is balanced.
const MAX_TASK_ROWS: usize = 256;
/// Rows of a task are a multiple of this, the lanes of the widest block.
const ROW_MULTIPLE: usize = 64;
/// Where rows alone give fewer tasks than this, the columns are divided too.
const ENOUGH_TASKS: usize = 32;
/// Columns of a task at least, so that starting and merging cost little.
const MIN_TASK_COLUMNS: usize = 16 * TILE;
/// Bytes that the banks, accumulators and outputs of a task may take: the limit is that of a thread, a megabyte, with room
/// for what else it needs. The more rows of wide points, the less often the columns are read and what depends on them alone
/// is hoisted; rows that do not fit in the second-level cache are read in order, and little is waited for them.
const MAX_TASK_BYTES: usize = 7 << 17;

/// The division of M × N pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Rows of a task (the last may have fewer).
    pub(super) task_rows: usize,
    /// Columns of a task (the last may have fewer).
    pub(super) task_columns: usize,
    /// Instructions per vector of eight pairs.
    pub(super) cost: usize,
    /// Whether to stay on the calling thread.
    pub(super) serial: bool,
}

impl Plan {
    /// Below this many instructions a call stays on the calling thread, and small blocks share a task: waking the pool takes
    /// about 20 µs.
    pub(super) const LITTLE: usize = 150_000;

    /// The division for a kernel, of all rows by all columns.
    pub(super) fn of<T>(layout: &Layout, rows: usize, columns: usize) -> Plan {
        let all = 0..columns;
        Plan::of_blocks::<T>(layout, &[Block { rows: 0..rows, columns: std::slice::from_ref(&all) }])
    }

    /// The division for a kernel, of blocks that follow one another.
    pub(super) fn of_blocks<T>(layout: &Layout, blocks: &[Block<'_>]) -> Plan {
        Plan::new(blocks, layout.cost, Plan::fitting::<T>(layout))
    }

    /// The rows that a task has room for.
    pub(super) fn fitting<T>(layout: &Layout) -> usize {
        let banks = layout.row_inputs + layout.row_hoisted;
        let numbers = banks + numbers(layout.accumulators) + layout.outputs;
        MAX_TASK_BYTES / size_of::<T>() / numbers.max(1)
    }

    /// Divides the pairs of blocks, of `cost` instructions per vector of eight, with room for `fitting` rows. The columns are
    /// divided as if every row had those of the widest block: it may be the only one that takes long.
    fn new(blocks: &[Block<'_>], cost: usize, fitting: usize) -> Plan {
        let rows = blocks.last().map_or(0, |block| block.rows.end).max(1);
        let columns = blocks.iter().map(Block::width).max().unwrap_or(0);
        let fitting = fitting.clamp(ROW_MULTIPLE, MAX_TASK_ROWS);
        let task_rows = rows
            .div_ceil(ENOUGH_TASKS)
            .next_multiple_of(ROW_MULTIPLE)
            .min(fitting / ROW_MULTIPLE * ROW_MULTIPLE);
        let row_tasks = rows.div_ceil(task_rows).max(1);
        let wanted = ENOUGH_TASKS.div_ceil(row_tasks);
        let task_columns = columns.div_ceil(wanted).max(MIN_TASK_COLUMNS).next_multiple_of(TILE);
        let work = |block: &Block<'_>| instructions(block.rows.len(), block.width(), cost);
        let serial = blocks.iter().map(work).fold(0, usize::saturating_add) < Plan::LITTLE;
        Plan { task_rows, task_columns, cost, serial }
    }
}

/// The instructions of some pairs, of `cost` per vector of eight. Half-filled blocks of lanes cost as much as full ones.
pub(super) fn instructions(rows: usize, columns: usize, cost: usize) -> usize {
    (rows.next_multiple_of(16) / 8).saturating_mul(columns).saturating_mul(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dense(rows: usize, columns: usize, cost: usize, fitting: usize) -> Plan {
        let all = 0..columns;
        Plan::new(&[Block { rows: 0..rows, columns: std::slice::from_ref(&all) }], cost, fitting)
    }

    #[test]
    fn tasks_cover_and_balance() {
        let large = dense(20_000, 20_000, 30, 16_384);
        assert_eq!((large.task_rows, large.serial), (256, false));
        assert!(large.task_columns >= 20_000);
        let wide = dense(3, 1_000_000, 30, 16_384);
        assert_eq!(wide.task_rows, ROW_MULTIPLE);
        assert!((1_000_000usize).div_ceil(wide.task_columns) >= 16);
        assert!(dense(50, 30, 30, 16_384).serial);
        // Many numbers per row: fewer rows per task.
        assert_eq!(dense(20_000, 20_000, 2_000, 150).task_rows, 128);
    }
}
