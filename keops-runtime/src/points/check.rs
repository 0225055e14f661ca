//! What is checked between arguments, once for all of them.

use crate::error::Error;
use crate::options::Options;
use crate::ranges::{Ranges, total};
use crate::real::Real;
use crate::stream::more_points;
use std::ops::Range;

/// What a generated function declares of the numbers of points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// The arguments, in order: each has a row for each point of its index.
    pub arguments: &'static [(&'static str, Index)],
    /// The index that is kept; the other is reduced over.
    pub kept: Index,
    /// The index of the results.
    pub results: Index,
    /// What the reductions need of the number of points that are reduced over.
    pub demands: &'static [Demand],
    /// Whether the reduction can go on with more points: it is one pass over the pairs, and does not read the numbers of the
    /// points reduced over.
    pub streams: bool,
}

/// What the rows of an argument or of a result are numbered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Index {
    /// The rows of `Vi`.
    I,
    /// The rows of `Vj`.
    J,
    /// The one row of `Pm`.
    None,
}

/// What a reduction needs of the number of points that are reduced over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The reduction, by its first name.
    pub reduction: &'static str,
    /// The least number of points: see [`at_least`].
    pub points: usize,
    /// Whether points are named by indices: see [`numbered`].
    pub indices: bool,
}

impl Declaration {
    /// The pairs of a call, from the number of rows of each argument.
    ///
    /// # Errors
    /// Those of [`same_rows`], [`at_least`] and [`numbered`]; with ranges [`Error::OutOfRange`], and [`Error::RowOfRanges`]
    /// if a row has too few columns; with a stream [`Error::Stream`].
    pub fn pairs<'a, T: Real>(&self, rows: &[usize], options: Options<'a>) -> Result<Pairs<'a>, Error> {
        let count = |index: Index| {
            let all = self.arguments.iter().zip(rows).filter(|((_, of), _)| *of == index);
            same_rows(&all.map(|((name, _), rows)| (*name, *rows)).collect::<Vec<_>>())
        };
        let (rows_i, rows_j) = (count(Index::I)?, count(Index::J)?);
        let mut pairs = Pairs { rows_i, rows_j, results: 0, before: 0, options };
        pairs.results = pairs.rows(self.results);
        pairs.before = self.streamed(&pairs)?;
        self.in_range(&pairs)?;
        let (kept, reduced) = (pairs.rows(self.kept), more_points(pairs.before, pairs.columns(self.kept))?);
        for demand in self.demands {
            at_least(demand.reduction, demand.points, kept, reduced)?;
            if demand.indices {
                numbered::<T>(reduced)?;
            }
            if options.ranges.is_some() {
                let too_few = |(rows, columns): &(Range<usize>, &[Range<usize>])| {
                    !rows.is_empty() && total(columns) < demand.points
                };
                if let Some((rows, columns)) = pairs.blocks(self.kept).into_iter().find(too_few) {
                    let (reduction, wanted) = (demand.reduction, demand.points);
                    return Err(Error::RowOfRanges {
                        reduction,
                        wanted,
                        row: rows.start,
                        columns: total(columns),
                    });
                }
            }
        }
        Ok(pairs)
    }

    /// The points that the stream has reduced over, if there is one.
    ///
    /// # Errors
    /// [`Error::Stream`] if the call cannot go on with it.
    fn streamed(&self, pairs: &Pairs<'_>) -> Result<usize, Error> {
        let Some(stream) = pairs.options.stream else { return Ok(0) };
        let (rows, before) = stream.size().unwrap_or((pairs.rows(self.kept), 0));
        let reason = match rows == pairs.rows(self.kept) {
            _ if !self.streams => {
                "the function needs several passes over the pairs, or reads the numbers of the points reduced over"
            }
            _ if pairs.options.ranges.is_some() => "ranges name points of one call, pass either",
            true => return Ok(before),
            false => "it has another number of rows, pass the same points of the kept index in each call",
        };
        Err(Error::Stream { reason })
    }

    /// Checks that the ranges end where the points do.
    fn in_range(&self, pairs: &Pairs<'_>) -> Result<(), Error> {
        let (end_i, end_j) = pairs.options.ranges.map_or((0, 0), Ranges::ends);
        for (index, end, rows) in [(Index::I, end_i, pairs.rows_i), (Index::J, end_j, pairs.rows_j)] {
            if end > rows {
                let of_index = self.arguments.iter().find(|(_, of)| *of == index);
                let argument = of_index.map_or("the index", |(name, _)| name);
                return Err(Error::OutOfRange { argument, end, rows });
            }
        }
        Ok(())
    }
}

/// The pairs of a call: the numbers of points, and which of them count.
#[derive(Clone, Copy, Debug)]
pub struct Pairs<'a> {
    /// M, over i.
    pub rows_i: usize,
    /// N, over j.
    pub rows_j: usize,
    /// Rows of the results: M or N.
    pub results: usize,
    /// Points reduced over by the calls before, if there is a stream.
    pub before: usize,
    /// What the call was told besides.
    pub options: Options<'a>,
}

impl Pairs<'_> {
    /// The number of points of an index.
    pub fn rows(&self, index: Index) -> usize {
        if index == Index::J { self.rows_j } else { self.rows_i }
    }

    /// The number of points reduced over where this index is kept.
    pub fn columns(&self, kept: Index) -> usize {
        if kept == Index::J { self.rows_i } else { self.rows_j }
    }

    /// The ranges among which the pairs are, if not all count: where this index is kept, all its points in order, each range
    /// with the columns it has pairs with.
    pub fn blocks(&self, kept: Index) -> Vec<(Range<usize>, &[Range<usize>])> {
        let Some(ranges) = self.options.ranges else { return vec![] };
        let mut blocks: Vec<(Range<usize>, &[Range<usize>])> = vec![];
        let mut add = |(rows, columns): (Range<usize>, _)| {
            let end = blocks.last().map_or(0, |(before, _)| before.end);
            if end < rows.start {
                blocks.push((end..rows.start, &[]));
            }
            blocks.push((rows, columns));
        };
        if kept == Index::J {
            ranges.by_j().for_each(&mut add)
        } else {
            ranges.by_i().for_each(&mut add)
        }
        let end = self.rows(kept);
        add((end..end, &[]));
        blocks
    }
}

/// The number of points of an index: that of all its variables, given as (name, points) in the order of declaration.
///
/// An index without variables has 1 point. (`keops!` refuses formulas that such an index would matter to: their results
/// would have an unknown number of rows, or be reduced over nothing.)
///
/// ```
/// use keops::{Error, points::same_rows};
///
/// assert_eq!(same_rows(&[("x_i", 5), ("u_i", 5)]), Ok(5));
/// assert_eq!(same_rows(&[]), Ok(1));
///
/// let error = same_rows(&[("y_j", 7), ("b_j", 6)]).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "`y_j` has 7 points and `b_j` has 6: both run over the same index, pass equally many"
/// );
/// ```
///
/// # Errors
/// [`Error::LengthMismatch`], with the first variable and the first that disagrees with it.
pub fn same_rows(variables: &[(&'static str, usize)]) -> Result<usize, Error> {
    let Some(&(argument_a, rows_a)) = variables.first() else { return Ok(1) };
    match variables.iter().find(|(_, rows)| *rows != rows_a) {
        Some(&(argument_b, rows_b)) => Err(Error::LengthMismatch { argument_a, rows_a, argument_b, rows_b }),
        None => Ok(rows_a),
    }
}

/// Checks that the points of an array have D coordinates.
///
/// # Errors
/// [`Error::Coordinates`].
#[cfg(any(feature = "faer", feature = "nalgebra", feature = "ndarray"))]
pub(super) fn coordinates(argument: &'static str, found: usize, dim: usize) -> Result<(), Error> {
    if found == dim { Ok(()) } else { Err(Error::Coordinates { argument, found, dim }) }
}

/// Checks that a reduction without a neutral element has enough points to reduce over: 1 for an index, a mean or a
/// soft-max, K for K indices. Where the result is empty (`kept` = 0) nothing is reduced and nothing is wrong.
///
/// # Errors
/// [`Error::EmptyReduction`] over no points, [`Error::NotEnough`] over too few.
pub fn at_least(reduction: &'static str, wanted: usize, kept: usize, reduced: usize) -> Result<(), Error> {
    match reduced {
        _ if kept == 0 || reduced >= wanted => Ok(()),
        0 => Err(Error::EmptyReduction { reduction }),
        rows => Err(Error::NotEnough { reduction, wanted, rows }),
    }
}

/// Checks that the points reduced over can be told apart by indices, which travel in the bits of a scalar: 2³² − 1
/// points in `f32` (the last bit pattern stands for "none").
///
/// # Errors
/// [`Error::TooManyPoints`].
pub fn numbered<T: Real>(rows: usize) -> Result<(), Error> {
    let limit = T::from_index(usize::MAX).to_index();
    if rows > limit { Err(Error::TooManyPoints { rows, limit, scalar: T::NAME }) } else { Ok(()) }
}

/// The error of dimensions that a function is not compiled for: its name, those of its dimension parameters, their values in
/// the call, and what is listed.
pub fn not_compiled(
    function: &'static str,
    names: &[&str],
    values: &[usize],
    compiled: &'static str,
) -> Error {
    let dimensions: Vec<String> =
        names.iter().zip(values).map(|(name, value)| format!("{name} = {value}")).collect();
    Error::NotCompiled { function, dimensions: dimensions.join(", "), compiled }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_disagrees_is_named() {
        let error = same_rows(&[("a_i", 4), ("b_i", 4), ("c_i", 3), ("d_i", 2)]).unwrap_err();
        assert_eq!(
            error,
            Error::LengthMismatch { argument_a: "a_i", rows_a: 4, argument_b: "c_i", rows_b: 3 }
        );
    }

    #[test]
    fn no_points_agree_with_no_points_only() {
        assert_eq!(same_rows(&[("x_i", 0), ("u_i", 0)]), Ok(0));
        assert!(same_rows(&[("x_i", 0), ("u_i", 1)]).is_err());
    }

    #[test]
    fn sizes_follow_from_the_declaration() {
        let declaration = Declaration {
            arguments: &[("x_i", Index::I), ("y_j", Index::J), ("s", Index::None), ("b_j", Index::J)],
            kept: Index::I,
            results: Index::J,
            demands: &[Demand { reduction: "ArgKMin_j", points: 3, indices: true }],
            streams: true,
        };
        let sizes = |declaration: &Declaration, rows: &[usize]| {
            declaration.pairs::<f32>(rows, Options::new()).map(|p| (p.rows_i, p.rows_j, p.results))
        };
        assert_eq!(sizes(&declaration, &[5, 7, 1, 7]), Ok((5, 7, 7)));
        let error = Error::LengthMismatch { argument_a: "y_j", rows_a: 7, argument_b: "b_j", rows_b: 6 };
        assert_eq!(sizes(&declaration, &[5, 7, 1, 6]), Err(error));
        let error = Error::NotEnough { reduction: "ArgKMin_j", wanted: 3, rows: 2 };
        assert_eq!(sizes(&declaration, &[5, 2, 1, 2]), Err(error));
        assert_eq!(sizes(&declaration, &[0, 2, 1, 2]).map(|sizes| sizes.2), Ok(2));
        let other = Declaration { kept: Index::J, results: Index::I, ..declaration };
        assert_eq!(sizes(&other, &[3, 2, 1, 2]).map(|sizes| sizes.2), Ok(3));
        let error = Error::NotEnough { reduction: "ArgKMin_j", wanted: 3, rows: 2 };
        assert_eq!(sizes(&other, &[2, 7, 1, 7]), Err(error));
    }

    #[test]
    fn a_stream_that_is_full_takes_no_more() {
        let declaration = Declaration {
            arguments: &[("x_i", Index::I), ("y_j", Index::J)],
            kept: Index::I,
            results: Index::I,
            demands: &[],
            streams: true,
        };
        // A sum over nothing, without accumulators that were kept.
        let mut bytes = b"keops s\x01\x08".to_vec();
        for number in [5, isize::MAX as u64, 0] {
            bytes.extend(number.to_le_bytes());
        }
        let stream = crate::Stream::from_bytes(&bytes).expect("it is one");
        let options = Options::new().stream(&stream);
        let full = declaration.pairs::<f64>(&[5, 1], options).map(|_| ());
        assert!(
            matches!(full, Err(Error::Stream { reason }) if reason.contains("can be counted")),
            "{full:?}"
        );
        let pairs = declaration.pairs::<f64>(&[5, 0], options).expect("no more points");
        assert_eq!(pairs.before, isize::MAX as usize);
    }

    #[test]
    fn indices_over_too_few_points() {
        assert_eq!(at_least("ArgMin_j", 1, 3, 0), Err(Error::EmptyReduction { reduction: "ArgMin_j" }));
        assert_eq!(at_least("ArgKMin_j", 5, 3, 0), Err(Error::EmptyReduction { reduction: "ArgKMin_j" }));
        assert_eq!(
            at_least("ArgKMin_j", 5, 3, 4),
            Err(Error::NotEnough { reduction: "ArgKMin_j", wanted: 5, rows: 4 })
        );
        assert_eq!(at_least("ArgKMin_j", 5, 3, 5), Ok(()));
    }

    #[test]
    fn an_empty_result_reduces_nothing() {
        assert_eq!(at_least("ArgMin_j", 1, 0, 0), Ok(()));
        assert_eq!(at_least("ArgKMin_j", 5, 0, 4), Ok(()));
    }

    #[test]
    fn f32_numbers_as_many_points_as_32_bits_hold() {
        assert_eq!(numbered::<f32>(u32::MAX as usize), Ok(()));
        assert_eq!(numbered::<f64>(usize::MAX), Ok(()));
    }

    #[cfg(target_pointer_width = "64")]
    #[test]
    fn f32_refuses_one_more() {
        let rows = 1 << 32;
        let limit = rows - 1;
        assert_eq!(numbered::<f32>(rows), Err(Error::TooManyPoints { rows, limit, scalar: "f32" }));
    }
}
