//! Which pairs count: blocks of consecutive points by consecutive points.
//!
//! With points in an order in which near ones follow each other, the pairs that matter are few large blocks of the matrix;
//! with several clouds one after another (a *batch*), they are the blocks on its diagonal.

mod union;

use std::ops::Range;
use union::Union;

/// The pairs (i, j) of a union of blocks, each a range of i by a range of j. A pair counts once, in however many blocks it
/// is, and a point i in no block is reduced over nothing: its sum is 0, its minimum ∞.
///
/// A call takes them as [`Options`](crate::Options), and every pass of it, those of gradients too, visits these pairs alone.
///
/// ```
/// use keops::{Ranges, keops};
///
/// keops! {
///     fn sums(x_i: Vi<1>, b_j: Vj<1>) -> Vi<1> { Sum_j(x_i * b_j) }
/// }
///
/// // Two clouds: x_0, x_1 with b_0, and x_2 with b_1, b_2.
/// let ranges = Ranges::batch(&[2, 1], &[1, 2]);
/// assert_eq!(ranges, Ranges::new([(0..2, 0..1), (2..3, 1..3)]));
/// assert_eq!(sums::with(&ranges, &[1.0f32, 2.0, 3.0], &[1.0, 10.0, 100.0])?, [1.0, 2.0, 330.0]);
/// # Ok::<(), keops::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ranges {
    by_i: Blocks,
    by_j: Blocks,
}

impl Ranges {
    /// The pairs of these blocks: ranges of i by ranges of j, in any order, overlapping or not.
    ///
    /// Kept are, for each range of i between two ends of blocks, its ranges of j, and the same for each of j.
    pub fn new(blocks: impl IntoIterator<Item = (Range<usize>, Range<usize>)>) -> Ranges {
        let blocks: Vec<(Range<usize>, Range<usize>)> =
            blocks.into_iter().filter(|(i, j)| !i.is_empty() && !j.is_empty()).collect();
        let transposed: Vec<_> = blocks.iter().map(|(i, j)| (j.clone(), i.clone())).collect();
        Ranges { by_i: Blocks::new(&blocks), by_j: Blocks::new(&transposed) }
    }

    /// The blocks (a, b) of a matrix of blocks, `rows[a]` by `columns[b]`, that `keep` says yes to.
    ///
    /// ```
    /// use keops::Ranges;
    ///
    /// let (rows, columns) = ([0..10, 10..20], [0..5, 5..7, 7..9]);
    /// let band = Ranges::matrix(&rows, &columns, |a, b| a == b);
    /// assert_eq!(band, Ranges::new([(0..10, 0..5), (10..20, 5..7)]));
    /// ```
    pub fn matrix(
        rows: &[Range<usize>],
        columns: &[Range<usize>],
        mut keep: impl FnMut(usize, usize) -> bool,
    ) -> Ranges {
        let mut blocks = vec![];
        for (a, row) in rows.iter().enumerate() {
            let kept = columns.iter().enumerate().filter(|(b, _)| keep(a, *b));
            blocks.extend(kept.map(|(_, column)| (row.clone(), column.clone())));
        }
        Ranges::new(blocks)
    }

    /// A batch: clouds of `rows[c]` points i, one after another, each with the next `columns[c]` points j. Clouds without a
    /// partner have no pairs. The numbers `i` and `j` in a formula count through all clouds: places within a cloud are arguments,
    /// `p_i: Vi<1>` and `p_j: Vj<1>`, and so are parameters of a cloud, one for each of its points.
    pub fn batch(rows: &[usize], columns: &[usize]) -> Ranges {
        let following = |counts: &[usize]| -> Vec<Range<usize>> {
            let next = |at: &mut usize, count: &usize| {
                let first = std::mem::replace(at, at.saturating_add(*count));
                Some(first..*at)
            };
            counts.iter().scan(0, next).collect()
        };
        Ranges::new(following(rows).into_iter().zip(following(columns)))
    }

    /// The same pairs as (j, i).
    pub fn transposed(&self) -> Ranges {
        Ranges { by_i: self.by_j.clone(), by_j: self.by_i.clone() }
    }

    /// How many pairs there are: [`u64::MAX`] if they are more.
    pub fn pairs(&self) -> u64 {
        let of_rows = self.by_i.iter().map(|(rows, columns)| pairs(rows.len(), total(columns)));
        of_rows.fold(0, u64::saturating_add)
    }

    /// The ranges of i, ascending and disjoint, with the ranges of j that they have pairs with, likewise.
    pub fn by_i(&self) -> impl Iterator<Item = (Range<usize>, &[Range<usize>])> {
        self.by_i.iter()
    }

    /// The ranges of j, with the ranges of i that they have pairs with.
    pub fn by_j(&self) -> impl Iterator<Item = (Range<usize>, &[Range<usize>])> {
        self.by_j.iter()
    }

    /// The ends of the last block: numbers of points i and j that there must be.
    pub(crate) fn ends(&self) -> (usize, usize) {
        (self.by_i.end(), self.by_j.end())
    }
}

/// How many pairs so many rows have with so many columns, [`u64::MAX`] if they are more.
pub(crate) fn pairs(rows: usize, columns: usize) -> u64 {
    (rows as u64).saturating_mul(columns as u64)
}

/// How many points some ranges have.
pub(crate) fn total(ranges: &[Range<usize>]) -> usize {
    ranges.iter().map(ExactSizeIterator::len).sum()
}

/// The pairs of one side: ranges of rows, ascending and disjoint, each with ranges of columns, likewise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Blocks {
    /// The rows, and where their columns end among all.
    rows: Vec<(Range<usize>, usize)>,
    columns: Vec<Range<usize>>,
}

impl Blocks {
    fn new(blocks: &[(Range<usize>, Range<usize>)]) -> Blocks {
        let mut ordered: Vec<&(Range<usize>, Range<usize>)> = blocks.iter().collect();
        ordered.sort_unstable_by_key(|(rows, _)| rows.start);
        let (mut all, mut union) = (Blocks::default(), Union::default());
        let mut rest = &ordered[..];
        while let Some((rows, _)) = rest.first() {
            // Those that share rows with one another, up to a row that none of them goes beyond.
            let mut end = rows.end;
            let shares = |(rows, _): &&&(Range<usize>, Range<usize>)| {
                let shares = rows.start < end;
                end = end.max(rows.end);
                shares
            };
            let (together, others) = rest.split_at(rest.iter().take_while(shares).count());
            all.add(together, &mut union);
            rest = others;
        }
        all
    }

    /// Adds blocks below those that are there, from row to row where one begins or ends. They are not written out for each of
    /// the parts that they cut one another into: nested ones would make as many as there are pairs of blocks.
    fn add(&mut self, blocks: &[&(Range<usize>, Range<usize>)], union: &mut Union) {
        let begin = blocks.iter().map(|(rows, columns)| (rows.start, true, columns));
        let end = blocks.iter().map(|(rows, columns)| (rows.end, false, columns));
        let mut changes: Vec<(usize, bool, &Range<usize>)> = begin.chain(end).collect();
        changes.sort_unstable_by_key(|(row, ..)| *row);
        union.start(blocks.iter().map(|(_, columns)| columns));
        let mut from = 0;
        for at_row in changes.chunk_by(|a, b| a.0 == b.0) {
            let (row, first) = (at_row[0].0, self.columns.len());
            union.ranges(&mut self.columns);
            if first < self.columns.len() {
                self.push(from..row, first);
            }
            from = row;
            at_row.iter().for_each(|(_, begins, columns)| union.change(columns, *begins));
        }
    }

    /// Adds rows whose columns are those from `first` on: to the rows before, if these have the same.
    fn push(&mut self, rows: Range<usize>, first: usize) {
        let before = self.rows.len().checked_sub(2).map_or(0, |n| self.rows[n].1);
        if let Some((last, end)) = self.rows.last_mut()
            && last.end == rows.start
            && self.columns[before..*end] == self.columns[first..]
        {
            last.end = rows.end;
            self.columns.truncate(first);
            return;
        }
        self.rows.push((rows, self.columns.len()));
    }

    fn iter(&self) -> impl Iterator<Item = (Range<usize>, &[Range<usize>])> {
        let mut first = 0;
        self.rows.iter().map(move |(rows, end)| {
            let columns = &self.columns[std::mem::replace(&mut first, *end)..*end];
            (rows.clone(), columns)
        })
    }

    fn end(&self) -> usize {
        self.rows.last().map_or(0, |(rows, _)| rows.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::slice::from_ref;

    /// The pairs, one by one.
    fn written_out<'a>(
        blocks: impl Iterator<Item = (Range<usize>, &'a [Range<usize>])>,
    ) -> Vec<(usize, usize)> {
        let mut pairs = vec![];
        for (rows, columns) in blocks {
            for i in rows {
                pairs.extend(columns.iter().cloned().flatten().map(|j| (i, j)));
            }
        }
        pairs
    }

    #[test]
    fn blocks_that_overlap_are_their_union() {
        let mut state = 1u64;
        let mut below = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((state >> 33) % n) as usize
        };
        for count in [0, 1, 2, 3, 7, 20] {
            let range = |below: &mut dyn FnMut(u64) -> usize| {
                let first = below(12);
                first..first + below(6)
            };
            let blocks: Vec<_> = (0..count).map(|_| (range(&mut below), range(&mut below))).collect();
            let is_in = |i: usize, j: usize| blocks.iter().any(|(a, b)| a.contains(&i) && b.contains(&j));
            let all = (0..20).flat_map(|i| (0..20).map(move |j| (i, j)));
            let wanted: Vec<(usize, usize)> = all.filter(|(i, j)| is_in(*i, *j)).collect();
            let ranges = Ranges::new(blocks.clone());
            assert_eq!(written_out(ranges.by_i()), wanted, "{blocks:?}");
            assert_eq!(written_out(ranges.transposed().by_j()), wanted);
            assert_eq!(ranges.pairs(), wanted.len() as u64);
            let ends = (wanted.iter().map(|p| p.0 + 1).max(), wanted.iter().map(|p| p.1 + 1).max());
            assert_eq!(ranges.ends(), (ends.0.unwrap_or(0), ends.1.unwrap_or(0)));
        }
    }

    #[test]
    fn neighbours_with_the_same_columns_are_one() {
        let blocks = Ranges::matrix(&[0..3, 3..5, 6..9], &[0..2, 2..4], |_, _| true);
        let columns = from_ref(&(0..4));
        assert_eq!(blocks.by_i().collect::<Vec<_>>(), [(0..5, columns), (6..9, columns)]);
        assert_eq!(blocks.by_j().collect::<Vec<_>>(), [(0..4, &[0..5, 6..9][..])]);
    }

    /// A causal mask: blocks of rows, each with all columns up to its own.
    #[test]
    fn nested_blocks_cost_no_more_than_their_ranges() {
        let (count, size) = (15_625, 64);
        let rows = |block: usize| block * size..(block + 1) * size;
        let mask = Ranges::new((0..count).map(|block| (rows(block), 0..(block + 1) * size)));
        let last = count * size;
        assert_eq!((mask.by_i().count(), mask.by_j().count()), (count, count));
        let by_both = mask.by_i().zip(mask.by_j()).enumerate();
        for (block, ((rows_i, columns_j), (rows_j, columns_i))) in by_both {
            assert_eq!((rows_i, rows_j), (rows(block), rows(block)));
            let (before, after) = (0..(block + 1) * size, block * size..last);
            assert_eq!((columns_j, columns_i), (from_ref(&before), from_ref(&after)));
        }
        assert_eq!(mask.pairs(), (size * size * count * (count + 1) / 2) as u64);
    }

    #[test]
    fn pairs_that_cannot_be_counted() {
        let all = Ranges::new([(0..usize::MAX, 0..usize::MAX), (0..1, 0..2)]);
        assert_eq!(all.pairs(), pairs(usize::MAX, usize::MAX));
        let two = Ranges::new([(0..usize::MAX / 2, 0..3), (usize::MAX / 2..usize::MAX, 1..2)]);
        assert_eq!(
            two.pairs(),
            ((usize::MAX / 2) as u64).saturating_mul(3).saturating_add(usize::MAX as u64 / 2 + 1)
        );
    }

    #[test]
    fn a_batch_is_a_diagonal() {
        let ranges = Ranges::batch(&[2, 0, 3], &[1, 4, 2]);
        assert_eq!(ranges, Ranges::new([(0..2, 0..1), (2..5, 5..7)]));
        assert_eq!(Ranges::batch(&[], &[1]).pairs(), 0);
    }
}
