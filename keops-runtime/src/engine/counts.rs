//! How many columns each row has pairs with, for formulas that divide by it, or ask whether there are any.

use super::transpose;
use crate::error::Error;
use crate::points::{Index, Pairs, column};
use crate::ranges::total;
use crate::real::Real;

/// The number of columns of each row, rounded where the scalar has no room for it.
#[derive(Debug)]
pub enum Counts<T> {
    /// The same for all.
    All(T),
    /// Where ranges are given: of each row its own.
    Each(Vec<T>),
}

impl<T: Real> Counts<T> {
    /// The numbers of columns where this index is kept, with those of the calls before.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`] if there is no room for them.
    pub fn new(pairs: Pairs<'_>, kept: Index) -> Result<Self, Error> {
        let number = |count: usize| T::from_f64(count as f64);
        if pairs.options.ranges.is_none() {
            return Ok(Counts::All(number(pairs.columns(kept) + pairs.before)));
        }
        let mut counts = column(pairs.rows(kept))?;
        for (rows, columns) in pairs.blocks(kept) {
            counts[rows].fill(number(total(columns)));
        }
        Ok(Counts::Each(counts))
    }

    /// Fills the lanes of a coordinate with the counts of rows from `first` on, that of the last row again beyond the end.
    #[inline(never)]
    pub fn read(&self, first: usize, lanes: usize, bank: &mut [T]) {
        match self {
            Counts::All(count) => bank[..lanes].fill(*count),
            Counts::Each(counts) => transpose(counts, 1, first, lanes, bank),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;
    use crate::ranges::Ranges;

    fn counts(pairs: Pairs<'_>, kept: Index, rows: usize) -> Vec<f32> {
        let mut bank = vec![-1.0; rows + 1];
        Counts::new(pairs, kept).unwrap().read(0, rows, &mut bank);
        bank
    }

    #[test]
    fn all_rows_have_all_columns_and_those_of_the_calls_before() {
        let pairs = Pairs { rows_i: 3, rows_j: 5, results: 3, before: 2, options: Options::new() };
        assert_eq!(counts(pairs, Index::I, 3), [7.0, 7.0, 7.0, -1.0]);
        assert_eq!(counts(pairs, Index::J, 1), [5.0, -1.0]);
    }

    #[test]
    fn of_ranges_each_row_has_its_own_and_lanes_beyond_repeat_the_last() {
        let ranges = Ranges::new([(1..3, 0..2), (2..3, 4..5)]);
        let pairs = Pairs { rows_i: 4, rows_j: 5, results: 4, before: 0, options: (&ranges).into() };
        assert_eq!(counts(pairs, Index::I, 5), [0.0, 2.0, 3.0, 0.0, 0.0, -1.0]);
        assert_eq!(counts(pairs, Index::J, 5), [2.0, 2.0, 0.0, 0.0, 1.0, -1.0]);
    }
}
