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

/// Blocks that keep any device busy for a while.
const BLOCKS: usize = 1024;
/// Columns that are worth a block and the merging of its state.
const LEAST_COLUMNS: usize = 256;
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

impl<T: Real> Launch<'_, T> {
    /// The kernel for T.
    pub(super) fn shape(&self) -> &Shape {
        if T::NAME == "f32" { &self.f32 } else { &self.f64 }
    }
}

impl Shape {
    /// Divides `rows` ≥ 1 by `columns` pairs. Where the rows alone make too few blocks the columns are divided too. This
    /// depends on the numbers alone, so that every device computes the same bits.
    ///
    /// # Errors
    /// [`Error::TooLarge`] for more blocks than a grid has.
    pub(super) fn divide(&self, rows: usize, columns: usize) -> Result<Division, Error> {
        let blocks = blocks(rows, self.rows)?;
        let tiles = columns.div_ceil(self.tile);
        let parts = (BLOCKS / blocks as usize).min(tiles / LEAST_COLUMNS.div_ceil(self.tile));
        // Without state there is nothing to merge.
        if parts <= 1 || self.state == 0 {
            return Ok(Division { blocks, parts: 1, columns_of_part: columns });
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

    const SHAPE: Shape = Shape { id: 0, threads: 128, rows: 512, tile: 256, state: 2, indirect: false };

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
    fn few_rows_fill_a_large_device() {
        // Four blocks for each of the 132 multiprocessors of an H100.
        let d = SHAPE.divide(1000, 100_000).unwrap();
        assert!(d.blocks as usize * d.parts >= 4 * 132, "{d:?}");
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
