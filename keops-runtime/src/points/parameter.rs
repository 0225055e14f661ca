//! Arguments with one row for all points.

use super::View;
use crate::error::Error;
use crate::memory::{Host, Memory};
use crate::real::Real;

/// One row of D coordinates of type T for all points: an argument declared `Pm<D>`.
///
/// On the host these are parameters, for T `f32` or `f64`:
///
/// | type | |
/// |---|---|
/// | `[T; D]`, `&[T; D]` | the row |
/// | `&[T]`, `&Vec<T>` | the row; that its length is D is checked in the call |
/// | `&[[T; D]]`, `&Vec<[T; D]>`, `&[[T; D]; 1]` | one row; that it is one is checked in the call |
/// | `T`, `&T` | the number, where D is 1 |
///
/// Calls with memory of a device take the same. With features, [arrays of other
/// libraries](crate#arrays-of-other-libraries) are parameters too.
///
/// A literal takes its type from the other arguments:
///
/// ```
/// use keops::{Error, Memory, Parameter, Points, Real};
///
/// fn scaled<T: Real, M: Memory>(
///     x_i: impl Points<3, T, M>,
///     s: impl Parameter<1, T, M>,
///     centre: impl Parameter<3, T, M>,
/// ) -> Result<(), Error> {
///     x_i.view("x_i")?;
///     s.view("s")?;
///     centre.view("centre")?;
///     Ok(())
/// }
///
/// let x = vec![[0.0f32, 1.0, 2.0]; 5];
/// scaled(&x, 0.5, [0.0, 0.0, 1.0])?;
/// scaled(&x, &[0.5], &x[0])?;
///
/// let error = scaled(&x, 0.5, &x[..2]).unwrap_err();
/// assert_eq!(error, Error::ExpectedLen { argument: "centre", len: 6, dim: 3 });
/// # Ok::<(), Error>(())
/// ```
///
/// An array of another length does not compile:
///
/// ```compile_fail,E0277
/// # fn shift<T: keops::Real, M: keops::Memory>(_: impl keops::Parameter<3, T, M>) {}
/// shift([0.0f32, 1.0]);
/// ```
//
// T and M are parameters of the trait for the reason given at `Points`.
#[diagnostic::on_unimplemented(
    message = "expected a parameter with {D} coordinate(s), `[{T}; {D}]`, found `{Self}`",
    label = "expected one row `[{T}; {D}]`",
    note = "a parameter is `[{T}; {D}]`, `&[{T}; {D}]`, or a slice `&[{T}]` or `&Vec<{T}>` of length {D}; \
            of dimension 1 also a plain number (`2.0`, not the integer `2`)",
    note = "all arguments of a call hold the same type of number, `f32` or `f64`, and lie in the same memory"
)]
pub trait Parameter<const D: usize, T: Real, M: Memory> {
    /// Lends the numbers. `argument` is the name that an error gives.
    ///
    /// # Errors
    /// [`Error::ExpectedLen`] if they are not one row, [`Error::Layout`] if an array does not hold them one after the other.
    fn view(&self, argument: &'static str) -> Result<M::View<'_, T>, Error>;
}

/// Implements [`Parameter`] for one scalar type: each line is a type and its numbers. Kept out of rustc's list of
/// alternatives like those of [`Points`](super::Points).
macro_rules! host_parameter {
    ($scalar:ty: $($row:ty, $numbers:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize> Parameter<D, $scalar, Host> for $row {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                View::parameter(argument, self.$numbers(), D)
            }
        }
    )*};
    ($scalar:ty: number $($number:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Parameter<1, $scalar, Host> for $number {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                View::parameter(argument, std::slice::from_ref(self), 1)
            }
        }
    )*};
    ($($scalar:ty),*) => {$(
        host_parameter! { $scalar:
            [$scalar; D], as_slice;
            &[$scalar; D], as_slice;
            &[$scalar], as_ref;
            &Vec<$scalar>, as_slice;
            &[[$scalar; D]], as_flattened;
            &Vec<[$scalar; D]>, as_flattened;
            &[[$scalar; D]; 1], as_flattened;
        }
        host_parameter! { $scalar: number $scalar, &$scalar }
    )*};
}

host_parameter!(f32, f64);

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers<const D: usize, T: Real>(parameter: impl Parameter<D, T, Host>) -> Vec<T> {
        let view = parameter.view("p").unwrap();
        assert_eq!(view.rows(), 1);
        view.data().to_vec()
    }

    #[test]
    fn every_spelling_gives_the_same_row() {
        let row = [1.0f32, 2.0];
        let rows = [row];
        let expected = row.to_vec();
        assert_eq!(numbers::<2, f32>(row), expected);
        assert_eq!(numbers::<2, f32>(&row), expected);
        assert_eq!(numbers::<2, f32>(&row[..]), expected);
        assert_eq!(numbers::<2, f32>(&row.to_vec()), expected);
        assert_eq!(numbers::<2, f32>(&rows), expected);
        assert_eq!(numbers::<2, f32>(&rows[..]), expected);
        assert_eq!(numbers::<2, f32>(&rows.to_vec()), expected);
    }

    #[test]
    fn numbers_are_parameters_of_dimension_one() {
        assert_eq!(numbers::<1, f64>(0.5), [0.5]);
        assert_eq!(numbers::<1, f64>(&0.5), [0.5]);
        assert_eq!(numbers::<1, f32>(0.5), [0.5]);
        assert_eq!(numbers::<1, f32>(&[0.5]), [0.5]);
    }

    #[test]
    fn anything_but_one_row_is_an_error() {
        fn check(parameter: impl Parameter<2, f64, Host>, len: usize) {
            let error = parameter.view("p").unwrap_err();
            assert_eq!(error, Error::ExpectedLen { argument: "p", len, dim: 2 });
        }
        check(&[1.0, 2.0, 3.0][..], 3);
        check(&vec![1.0], 1);
        check(&Vec::<f64>::new(), 0);
        check(&[[1.0, 2.0], [3.0, 4.0]][..], 4);
        check(&Vec::<[f64; 2]>::new(), 0);
    }
}
