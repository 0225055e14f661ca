//! How pairs are divided over the blocks of a launch.

use crate::error::Error;
use crate::real::Real;
use std::ops::Range;

/// The layout of a kernel, as it was compiled.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// Its id: the kernel's name is `keops_` and the id in 16 hexadecimal digits.
    pub id: u64,
    /// Threads of a block.
    pub threads: u32,
    /// Rows of a block.
    pub rows: usize,
    /// Columns of a tile.
    pub tile: usize,
    /// Numbers of state per row, where the columns are divided over several blocks.
    pub state: usize,
    /// Columns that make up for the state of a part, once there are blocks enough to fill a device.
    pub least_part: usize,
    /// Whether the kernel reads its parameters from memory of the device: they are too many to be passed by value.
    pub indirect: bool,
}

/// One stage of a formula over all pairs.
#[derive(Clone, Debug)]
pub struct Launch<'a, T: Real> {
    /// The kernel for `f32`.
    pub f32: Shape,
    /// The kernel for `f64`.
    pub f64: Shape,
    /// Rows: points of the side that is kept.
    pub rows: usize,
    /// Columns: points of the side that is reduced.
    pub columns: usize,
    /// Where not all pairs count, all rows with the ranges of columns that they have pairs with.
    pub blocks: Vec<(Range<usize>, &'a [Range<usize>])>,
    /// Addresses that are read, those of arguments among them.
    pub inputs: &'a [u64],
    /// Addresses that are written.
    pub outputs: &'a [u64],
    /// The bank of parameters.
    pub parameters: &'a [T],
}

/// Blocks that fill a device: four for each of the 132 multiprocessors of an H100. An idle one costs more than any state.
const FILLING: usize = 4 * 132;
/// Columns that are worth a block until then.
const LEAST_COLUMNS: usize = 256;
/// Blocks that keep any device busy for a while.
const BLOCKS: usize = 1024;
/// Most numbers of state, of all parts together.
const MOST_STATE: usize = 1 << 26;
/// Parts that are merged one after another. More are merged in groups of so many, at the same time, and then those.
const GROUP: usize = 32;
/// Most blocks that a grid has in x.
const MOST_BLOCKS: usize = i32::MAX as usize;

/// The division of all pairs over blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Division {
    /// Blocks over the rows.
    pub(super) blocks: u32,
    /// Parts of the columns, each with blocks of its own.
    pub(super) parts: usize,
    /// Columns of a part, whole tiles if there are several; the last part may have fewer.
    pub(super) columns_of_part: usize,
}

impl Division {
    /// Groups of parts that are merged first, if they are too many to be merged at once. As the kernel divides the parts
    /// among so many groups, none is empty.
    pub(super) fn groups(&self) -> Option<u32> {
        (self.parts > GROUP).then(|| self.parts.div_ceil(GROUP) as u32)
    }
}

impl<T: Real> Launch<'_, T> {
    /// The kernel for T.
    pub(super) fn shape(&self) -> &Shape {
        if T::NAME == "f32" { &self.f32 } else { &self.f64 }
    }
}

impl Shape {
    /// Divides `rows` ≥ 1 by `columns` pairs. Where the rows alone make too few blocks the columns are divided too, unless
    /// the states of the parts would take more than they save. This depends on the numbers alone: the division is the same
    /// on every device, and every run on one computes the same bits.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more blocks than a grid has.
    pub(super) fn divide(&self, rows: usize, columns: usize) -> Result<Division, Error> {
        let blocks = blocks(rows, self.rows)?;
        let tiles = columns.div_ceil(self.tile);
        let undivided = Division { blocks, parts: 1, columns_of_part: columns };
        // Without state there is nothing to merge.
        let Some(fitting) = MOST_STATE.checked_div(rows.saturating_mul(self.state)) else {
            return Ok(undivided);
        };
        let least = LEAST_COLUMNS.div_ceil(self.tile);
        let filling = least.max(tiles / FILLING.div_ceil(blocks as usize));
        let worth = least.max(self.least_part.div_ceil(self.tile));
        let parts = (tiles / filling.min(worth)).min(BLOCKS / blocks as usize).min(fitting);
        if parts <= 1 {
            return Ok(undivided);
        }
        let tiles_of_part = tiles.div_ceil(parts);
        Ok(Division {
            blocks,
            parts: tiles.div_ceil(tiles_of_part),
            columns_of_part: tiles_of_part * self.tile,
        })
    }
}

/// The list by which the blocks of a launch know their rows and columns, if not all pairs count, and how many blocks there
/// are. For each block its first row, the one behind its last, and the places in the list between which its ranges are,
/// each the first column and the one behind the last. Blocks without pairs have an empty range: they write neutral elements.
///
/// # Errors
/// [`Error::TooLarge`] for more blocks than a grid has, or a list whose places do not fit in 32 bits.
pub(super) fn listed(
    blocks: &[(Range<usize>, &[Range<usize>])],
    rows_of_block: usize,
) -> Result<(u32, Vec<usize>), Error> {
    let count = blocks.iter().map(|(rows, _)| rows.len().div_ceil(rows_of_block)).sum::<usize>();
    let grid = self::blocks(count, 1)?;
    let (mut list, mut ranges) = (vec![], vec![]);
    for (rows, columns) in blocks {
        let first = 4 * count + ranges.len();
        let bounds = columns.iter().flat_map(|range| [range.start, range.end]);
        ranges.extend(bounds.chain(columns.is_empty().then_some([0, 0]).into_iter().flatten()));
        for row in rows.clone().step_by(rows_of_block) {
            list.extend([row, rows.end.min(row + rows_of_block), first, 4 * count + ranges.len()]);
        }
    }
    list.extend(ranges);
    match u32::try_from(list.len()) {
        Ok(_) => Ok((grid, list)),
        Err(_) => Err(Error::TooLarge { rows: count, dim: 1 }),
    }
}

/// Blocks for `rows` at so many a block.
///
/// # Errors
/// [`Error::TooLarge`] for more than a grid has.
pub(super) fn blocks(rows: usize, of_block: usize) -> Result<u32, Error> {
    let blocks = rows.div_ceil(of_block);
    let fitting = u32::try_from(blocks).ok().filter(|_| blocks <= MOST_BLOCKS);
    fitting.ok_or(Error::TooLarge { rows, dim: 1 })
}

/// Numbers in 8-byte words as they lie in memory, the last word filled up with zeros.
pub(super) fn pack<T: Real>(numbers: &[T], words: &mut Vec<u64>) {
    if size_of::<T>() == 8 {
        words.extend(numbers.iter().map(|number| number.to_f64().to_bits()));
        return;
    }
    let bits = |number: &T| u64::from((number.to_f64() as f32).to_bits());
    words.extend(numbers.chunks(2).map(|pair| bits(&pair[0]) | pair.get(1).map_or(0, bits) << 32));
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape =
        Shape { id: 0, threads: 128, rows: 512, tile: 256, state: 2, least_part: 16, indirect: false };

    #[test]
    fn many_rows_are_not_divided() {
        for columns in [0, 1, 10_000_000] {
            let division = SHAPE.divide(1 << 20, columns).unwrap();
            assert_eq!(division, Division { blocks: 2048, parts: 1, columns_of_part: columns });
        }
    }

    #[test]
    fn few_columns_are_not_divided() {
        assert_eq!(SHAPE.divide(1, LEAST_COLUMNS).unwrap().parts, 1);
        let two = Division { blocks: 1, parts: 2, columns_of_part: LEAST_COLUMNS };
        assert_eq!(SHAPE.divide(1, LEAST_COLUMNS + 1), Ok(two));
    }

    #[test]
    fn costly_states_have_no_more_parts_than_fill_a_device() {
        // Lists of 100: four blocks of rows.
        let lists = Shape { rows: 128, state: 200, least_part: 10_000, ..SHAPE };
        let d = lists.divide(500, 1_000_000).unwrap();
        assert!((FILLING - 8..FILLING + 8).contains(&(d.blocks as usize * d.parts)), "{d:?}");
        // More where their parts have columns enough.
        let d = lists.divide(500, 10_000_000).unwrap();
        assert!(d.blocks as usize * d.parts > BLOCKS - 8 && d.columns_of_part >= 10_000, "{d:?}");
        let d = lists.divide(500, 2_000_000).unwrap();
        assert!((10_000..11_000).contains(&d.columns_of_part), "{d:?}");
    }

    #[test]
    fn states_do_not_fill_the_memory() {
        // Sums of 784 coordinates: in five parts they would take 3 GB.
        let wide = Shape { state: 2 * 784, ..SHAPE };
        assert_eq!(wide.divide(100_000, 100_000).unwrap().parts, 1);
        for rows in [1, 1000, 20_000] {
            let d = wide.divide(rows, 1_000_000).unwrap();
            assert!(d.parts > 1 && d.parts * rows * wide.state <= MOST_STATE, "{rows}: {d:?}");
        }
        let stateless = Shape { state: 0, ..SHAPE };
        assert_eq!(stateless.divide(1, 1_000_000).unwrap().parts, 1);
    }

    #[test]
    fn groups_of_parts_are_full_but_for_the_last() {
        for parts in 1..=BLOCKS {
            let division = Division { blocks: 1, parts, columns_of_part: 1 };
            let Some(groups) = division.groups() else {
                assert!(parts <= GROUP);
                continue;
            };
            // As `merge_parts` in kernels/cuda/map_reduce.cuh.
            let of_group = parts.div_ceil(groups as usize);
            assert!((2..=GROUP).contains(&(groups as usize)) && of_group <= GROUP, "{parts}");
            assert_eq!(parts.div_ceil(of_group), groups as usize, "{parts}: an empty group");
        }
    }

    #[test]
    fn few_rows_fill_a_large_device() {
        for least_part in [16, 10_000, 1_000_000] {
            let d = Shape { least_part, ..SHAPE }.divide(1000, 100_000).unwrap();
            assert!(d.blocks as usize * d.parts >= FILLING, "{d:?}");
        }
    }

    #[test]
    fn divisions_cover_the_columns_once() {
        for rows in [1, 511, 512, 513, 10_000, 500_000] {
            for columns in [0, 1, 255, 4096, 4097, 99_999, 1_000_003, 123_456_789] {
                let d = SHAPE.divide(rows, columns).unwrap();
                assert!(d.parts * d.columns_of_part >= columns, "{rows} by {columns}: {d:?}");
                if d.parts > 1 {
                    assert!((d.parts - 1) * d.columns_of_part < columns, "an empty part: {d:?}");
                    assert!(d.columns_of_part.is_multiple_of(256) && d.columns_of_part >= LEAST_COLUMNS);
                    assert!(d.blocks as usize * d.parts <= 1024);
                }
            }
        }
    }

    #[test]
    fn the_largest_grid_and_one_row_more() {
        let most = MOST_BLOCKS * 512;
        assert_eq!(SHAPE.divide(most, 1).unwrap().blocks, i32::MAX as u32);
        assert_eq!(SHAPE.divide(most + 1, 1), Err(Error::TooLarge { rows: most + 1, dim: 1 }));
        assert!(SHAPE.divide(usize::MAX, usize::MAX).is_err());
        assert!(SHAPE.divide(1, usize::MAX).is_ok_and(|d| d.parts <= 1024));
    }

    #[test]
    fn blocks_of_rows_share_their_list_of_ranges() {
        let columns = [0..7, 10..20];
        let (count, list) = listed(&[(0..600, &columns), (600..610, &[])], 512).unwrap();
        assert_eq!(count, 3);
        assert_eq!(list[..12], [0, 512, 12, 16, 512, 600, 12, 16, 600, 610, 16, 18]);
        assert_eq!(list[12..], [0, 7, 10, 20, 0, 0]);
    }

    #[test]
    fn numbers_lie_in_words_as_in_memory() {
        let mut words = vec![];
        pack(&[1.0f32, -2.0, 0.5], &mut words);
        pack(&[1.0f64], &mut words);
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        let numbers: Vec<f32> =
            bytes.as_chunks().0.iter().take(4).map(|four| f32::from_le_bytes(*four)).collect();
        assert_eq!(numbers, [1.0, -2.0, 0.5, 0.0]);
        assert_eq!(words[2], 1.0f64.to_bits());
    }
}
