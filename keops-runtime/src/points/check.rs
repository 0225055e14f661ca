//! What is checked between arguments, once for all of them.

use crate::error::Error;
use crate::real::Real;

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
    /// The reduction, as in the formula.
    pub reduction: &'static str,
    /// The least number of points: see [`at_least`].
    pub points: usize,
    /// Whether points are named by indices: see [`numbered`].
    pub indices: bool,
}

impl Declaration {
    /// The numbers of points of a call, from the number of rows of each argument.
    ///
    /// # Errors
    /// Those of [`same_rows`], [`at_least`] and [`numbered`].
    pub fn sizes<T: Real>(&self, rows: &[usize]) -> Result<Sizes, Error> {
        let count = |index: Index| {
            let all = self.arguments.iter().zip(rows).filter(|((_, of), _)| *of == index);
            same_rows(&all.map(|((name, _), rows)| (*name, *rows)).collect::<Vec<_>>())
        };
        let (rows_i, rows_j) = (count(Index::I)?, count(Index::J)?);
        let of = |index: Index| if index == Index::J { rows_j } else { rows_i };
        let (kept, reduced) = if self.kept == Index::J { (rows_j, rows_i) } else { (rows_i, rows_j) };
        for demand in self.demands {
            at_least(demand.reduction, demand.points, kept, reduced)?;
            if demand.indices {
                numbered::<T>(reduced)?;
            }
        }
        Ok(Sizes { rows_i, rows_j, results: of(self.results) })
    }
}

/// The numbers of points of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    /// M, over i.
    pub rows_i: usize,
    /// N, over j.
    pub rows_j: usize,
    /// Rows of the results: M or N.
    pub results: usize,
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
#[cfg(any(feature = "nalgebra", feature = "ndarray"))]
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
        };
        let sizes = Sizes { rows_i: 5, rows_j: 7, results: 7 };
        assert_eq!(declaration.sizes::<f32>(&[5, 7, 1, 7]), Ok(sizes));
        let error = Error::LengthMismatch { argument_a: "y_j", rows_a: 7, argument_b: "b_j", rows_b: 6 };
        assert_eq!(declaration.sizes::<f32>(&[5, 7, 1, 6]), Err(error));
        let error = Error::NotEnough { reduction: "ArgKMin_j", wanted: 3, rows: 2 };
        assert_eq!(declaration.sizes::<f32>(&[5, 2, 1, 2]), Err(error));
        assert_eq!(declaration.sizes::<f32>(&[0, 2, 1, 2]).map(|sizes| sizes.results), Ok(2));
        let other = Declaration { kept: Index::J, results: Index::I, ..declaration };
        assert_eq!(other.sizes::<f32>(&[3, 2, 1, 2]).map(|sizes| sizes.results), Ok(3));
        let error = Error::NotEnough { reduction: "ArgKMin_j", wanted: 3, rows: 2 };
        assert_eq!(other.sizes::<f32>(&[2, 7, 1, 7]), Err(error));
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
