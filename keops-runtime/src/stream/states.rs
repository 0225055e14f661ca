//! The accumulators of all rows, between the calls of a stream.

use super::{OTHER, bytes, more_points};
use crate::error::Error;
use crate::points;
use crate::real::Real;
use crate::reduction::accumulator::{self, Accumulator, Kind};
use std::any::Any;
use std::borrow::Cow;
use std::ops::Range;

/// The accumulators of all rows.
#[derive(Clone, Debug)]
pub(crate) struct States<T> {
    pub(crate) accumulators: Cow<'static, [Accumulator]>,
    /// Rows of a block.
    pub(crate) lanes: usize,
    pub(crate) rows: usize,
    /// Columns that have been reduced over.
    pub(crate) columns: usize,
    /// The accumulators, block after block.
    pub(crate) numbers: Vec<T>,
}

/// [`States`] of either scalar.
pub(super) trait AnyStates: Any + Send {
    /// The numbers of rows and columns.
    fn size(&self) -> (usize, usize);
    fn copy(&self) -> Box<dyn AnyStates>;
    /// Goes on with those of later columns, or is left as it is.
    fn merge(&mut self, later: Box<dyn AnyStates>) -> Result<(), Error>;
    fn bytes(&self) -> Vec<u8>;
}

impl<T: Real> AnyStates for States<T> {
    fn size(&self) -> (usize, usize) {
        (self.rows, self.columns)
    }

    fn copy(&self) -> Box<dyn AnyStates> {
        Box::new(self.clone())
    }

    fn merge(&mut self, later: Box<dyn AnyStates>) -> Result<(), Error> {
        let later: Box<dyn Any> = later;
        let later = later.downcast::<Self>().ok().filter(|later| self.is_like(later));
        let mut later = later.ok_or(Error::Stream { reason: OTHER })?.in_lanes(self.lanes);
        let columns = more_points(self.columns, later.columns)?;
        numbered::<T>(&self.accumulators, columns)?;
        accumulator::renumber(&self.accumulators, self.lanes, &mut later.numbers, self.columns);
        accumulator::merge(&self.accumulators, self.lanes, &mut self.numbers, &later.numbers);
        self.columns = columns;
        Ok(())
    }

    fn bytes(&self) -> Vec<u8> {
        bytes::of(self)
    }
}

impl<T: Real> States<T> {
    /// Those of rows that nothing has been reduced over.
    pub(crate) fn new(
        accumulators: impl Into<Cow<'static, [Accumulator]>>,
        lanes: usize,
        rows: usize,
    ) -> Self {
        let accumulators = accumulators.into();
        let len = accumulator::numbers(&accumulators) * lanes;
        let mut numbers = vec![T::default(); rows.div_ceil(lanes) * len];
        accumulator::identity(&accumulators, lanes, &mut numbers);
        States { accumulators, lanes, rows, columns: 0, numbers }
    }

    /// Whether they belong to the same function, as far as can be seen.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        (&self.accumulators, self.rows) == (&other.accumulators, other.rows)
    }

    /// The rows that have numbers: none without accumulators, however many there are.
    pub(super) fn rows_of_numbers(&self) -> Range<usize> {
        if self.accumulators.is_empty() { 0..0 } else { 0..self.rows }
    }

    /// Where the numbers of a row are.
    pub(super) fn places(&self, row: usize) -> impl Iterator<Item = usize> + use<T> {
        let (lanes, numbers) = (self.lanes, accumulator::numbers(&self.accumulators));
        let first = row / lanes * numbers * lanes + row % lanes;
        (0..numbers).map(move |number| first + number * lanes)
    }

    /// The same in blocks of so many rows: they differ from one instruction set to another.
    pub(super) fn in_lanes(self, lanes: usize) -> Self {
        if self.lanes == lanes {
            return self;
        }
        let mut states = States::new(self.accumulators.clone(), lanes, self.rows);
        states.columns = self.columns;
        for row in self.rows_of_numbers() {
            for (to, from) in states.places(row).zip(self.places(row)) {
                states.numbers[to] = self.numbers[from];
            }
        }
        states
    }
}

/// Checks that so many columns can be told apart by these accumulators. Lists alone name them.
///
/// # Errors
/// [`Error::TooManyPoints`].
pub(super) fn numbered<T: Real>(accumulators: &[Accumulator], columns: usize) -> Result<(), Error> {
    if accumulators.iter().any(|a| matches!(a.kind, Kind::List { .. })) {
        points::numbered::<T>(columns)?;
    }
    Ok(())
}
