//! Rows with the columns that they are reduced over, and their division into tasks.

use super::TILE;
use super::plan::{Plan, instructions};
use crate::ranges::total;
use std::ops::Range;

/// Rows that are reduced over the same columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block<'a> {
    pub(super) rows: Range<usize>,
    /// The columns, ascending.
    pub(super) columns: &'a [Range<usize>],
}

impl Block<'_> {
    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        total(self.columns)
    }

    /// Tiles of some columns, which are counted from the first of the block.
    pub(super) fn tiles(&self, places: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let part = move |before: &mut usize, range: &Range<usize>| {
            let (first, end) = (*before, *before + range.len());
            *before = end;
            let (from, to) = (places.start.max(first), places.end.min(end));
            Some(if from < to { range.start + from - first..range.start + to - first } else { 0..0 })
        };
        self.columns.iter().scan(0, part).flat_map(|part| ranges(part, TILE))
    }
}

/// The tasks of some blocks: rows of each block, or those of several small ones.
pub(super) fn tasks<'a>(blocks: &[Block<'a>], plan: &Plan) -> Vec<Vec<Block<'a>>> {
    let mut tasks: Vec<Vec<Block<'a>>> = vec![];
    let (mut rows, mut work) = (0, 0);
    for block in blocks {
        for part in ranges(block.rows.clone(), plan.task_rows) {
            let (more_rows, more_work) = (part.len(), instructions(part.len(), block.width(), plan.cost));
            let part = Block { rows: part, columns: block.columns };
            match tasks.last_mut() {
                Some(task) if rows + more_rows <= plan.task_rows && work + more_work <= Plan::LITTLE => {
                    task.push(part);
                    (rows, work) = (rows + more_rows, work + more_work);
                }
                _ => {
                    tasks.push(vec![part]);
                    (rows, work) = (more_rows, more_work);
                }
            }
        }
    }
    tasks
}

/// Consecutive ranges of at most `len`.
pub(super) fn ranges(all: Range<usize>, len: usize) -> impl Iterator<Item = Range<usize>> {
    let end = all.end;
    all.step_by(len.max(1)).map(move |first| first..first.saturating_add(len).min(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_ranges_are_tiled() {
        let columns = [10..15, 100..300, 400..401];
        let block = Block { rows: 0..1, columns: &columns };
        let tiles = |places| block.tiles(places).collect::<Vec<_>>();
        assert_eq!(block.width(), 206);
        assert_eq!(tiles(0..206), [10..15, 100..164, 164..228, 228..292, 292..300, 400..401]);
        assert_eq!(tiles(2..7), [12..15, 100..102]);
        assert_eq!(tiles(5..5), []);
        // However the columns are parted, all are there once.
        for cut in 0..=206 {
            let all = tiles(0..cut).into_iter().chain(tiles(cut..206)).flatten();
            assert!(all.eq(columns.iter().cloned().flatten()), "{cut}");
        }
    }

    #[test]
    fn ranges_end_where_all_do() {
        assert!(ranges(2..7, 2).eq([2..4, 4..6, 6..7]));
        let last = usize::MAX - 3;
        assert!(ranges(last..usize::MAX, 64).eq(std::iter::once(last..usize::MAX)));
    }

    #[test]
    fn small_blocks_share_a_task_and_large_ones_are_cut() {
        let plan = Plan { task_rows: 256, task_columns: 4096, cost: 30, serial: false };
        let (few, many) = ([0..5, 7..12], [0..50_000, 60_000..110_000]);
        let block = |rows, columns| Block { rows, columns };
        let blocks = [block(0..5, &few[..]), block(5..9, &[]), block(9..29, &few), block(29..300, &many)];
        let (last, rest) = (block(29..285, &many[..]), block(285..300, &many));
        assert_eq!(tasks(&blocks, &plan), [blocks[..3].to_vec(), vec![last], vec![rest]]);
    }
}
