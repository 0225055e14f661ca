//! An argument as the engine reads it.

use crate::error::Error;
use std::borrow::Cow;

/// M points with D coordinates: M · D numbers, row after row, borrowed from the host where they lie like that.
#[derive(Clone, Debug, PartialEq)]
pub struct View<'a, T: Clone> {
    argument: &'static str,
    data: Cow<'a, [T]>,
    rows: usize,
    is_parameter: bool,
}

impl<'a, T: Clone> View<'a, T> {
    /// Points of `dim` ≥ 1 numbers each. `argument` is the name that an error gives.
    ///
    /// ```
    /// use keops::{Error, points::View};
    ///
    /// let view = View::points("x_i", &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0], 3)?;
    /// assert_eq!(view.rows(), 2);
    ///
    /// let error = View::points("x_i", &[0.0, 1.0, 2.0, 3.0], 3).unwrap_err();
    /// assert_eq!(error, Error::NotMultiple { argument: "x_i", len: 4, dim: 3 });
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotMultiple`] if the numbers are not whole points, or `dim` is 0.
    pub fn points(argument: &'static str, data: &'a [T], dim: usize) -> Result<View<'a, T>, Error> {
        View::of_points(argument, Cow::Borrowed(data), dim)
    }

    /// The same of numbers that had to be converted for the call.
    ///
    /// # Errors
    /// [`Error::NotMultiple`] if the numbers are not whole points.
    pub fn converted_points(argument: &'static str, data: Vec<T>, dim: usize) -> Result<View<'a, T>, Error> {
        View::of_points(argument, Cow::Owned(data), dim)
    }

    /// The one row of a parameter.
    ///
    /// ```
    /// use keops::{Error, points::View};
    ///
    /// assert_eq!(View::parameter("s", &[1.0, 2.0, 3.0], 3)?.data(), [1.0, 2.0, 3.0]);
    ///
    /// let error = View::parameter("s", &[1.0, 2.0, 3.0], 1).unwrap_err();
    /// assert_eq!(error, Error::ExpectedLen { argument: "s", len: 3, dim: 1 });
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::ExpectedLen`] if there are not `dim` numbers.
    pub fn parameter(argument: &'static str, data: &'a [T], dim: usize) -> Result<View<'a, T>, Error> {
        View::of_parameter(argument, Cow::Borrowed(data), dim)
    }

    /// The same of numbers that had to be converted for the call.
    ///
    /// # Errors
    /// [`Error::ExpectedLen`] if there are not `dim` numbers.
    pub fn converted_parameter(
        argument: &'static str,
        data: Vec<T>,
        dim: usize,
    ) -> Result<View<'a, T>, Error> {
        View::of_parameter(argument, Cow::Owned(data), dim)
    }

    fn of_points(argument: &'static str, data: Cow<'a, [T]>, dim: usize) -> Result<View<'a, T>, Error> {
        if dim == 0 || !data.len().is_multiple_of(dim) {
            return Err(Error::NotMultiple { argument, len: data.len(), dim });
        }
        Ok(View { argument, rows: data.len() / dim, data, is_parameter: false })
    }

    fn of_parameter(argument: &'static str, data: Cow<'a, [T]>, dim: usize) -> Result<View<'a, T>, Error> {
        if data.len() != dim {
            return Err(Error::ExpectedLen { argument, len: data.len(), dim });
        }
        Ok(View { argument, data, rows: 1, is_parameter: true })
    }

    /// The argument's name.
    pub fn argument(&self) -> &'static str {
        self.argument
    }

    /// Whether it is the one row of a parameter.
    pub fn is_parameter(&self) -> bool {
        self.is_parameter
    }

    /// The numbers, row after row.
    pub fn data(&self) -> &[T] {
        &self.data
    }

    /// The numbers, as they are held.
    #[cfg(feature = "cuda")]
    pub(crate) fn into_data(self) -> Cow<'a, [T]> {
        self.data
    }

    /// M, the number of points.
    pub fn rows(&self) -> usize {
        self.rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_points_are_whole_points() {
        let view = View::points("x_i", &[0.0f32; 0], 5).unwrap();
        assert_eq!((view.rows(), view.data().len()), (0, 0));
    }

    #[test]
    fn points_without_coordinates_are_an_error() {
        for len in [0, 3] {
            let error = View::points("x_i", &vec![0.0f32; len], 0).unwrap_err();
            assert_eq!(error, Error::NotMultiple { argument: "x_i", len, dim: 0 });
        }
    }

    #[test]
    fn a_parameter_is_neither_empty_nor_two_rows() {
        for len in [0, 2, 4, 6] {
            let data = vec![0.0f64; len];
            let error = View::parameter("p", &data, 3).unwrap_err();
            assert_eq!(error, Error::ExpectedLen { argument: "p", len, dim: 3 });
        }
    }
}
