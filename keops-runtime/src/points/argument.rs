//! Arguments with one row per point.

use super::View;
use crate::error::Error;
use crate::memory::{Host, Memory};
use crate::real::Real;

/// M points with D coordinates of type T, in memory M: an argument declared `Vi<D>` or `Vj<D>`.
///
/// On the host these are points, for T `f32` or `f64`, all without a copy:
///
/// | type | points |
/// |---|---|
/// | `&[[T; D]]`, `&Vec<[T; D]>`, `&[[T; D]; n]` | one array each |
/// | `&[T]`, `&Vec<T>`, `&[T; n]` | D numbers each, row after row; the length is checked in the call |
///
/// With features, [arrays of other libraries](crate#arrays-of-other-libraries) are points too, and memory of CUDA devices:
/// see the module `cuda`.
///
/// The scalar type and the memory of a call are inferred from its arguments and are the same for all of them:
///
/// ```
/// use keops::{Error, Memory, Points, Real};
///
/// fn same_side<T: Real, M: Memory>(x_i: impl Points<3, T, M>, u_i: impl Points<1, T, M>) -> Result<(), Error> {
///     x_i.view("x_i")?;
///     u_i.view("u_i")?;
///     Ok(())
/// }
///
/// let x = vec![[0.0f32, 1.0, 2.0]; 5];
/// same_side(&x, &vec![0.0; 5])?;           // the literal is an f32
/// same_side(&x[1..3], &[0.0, 1.0])?;
/// same_side(&[0.0f64; 15], &[[1.0]; 5])?;  // five points, flat
/// # Ok::<(), Error>(())
/// ```
///
/// Points with another number of coordinates do not compile:
///
/// ```compile_fail,E0277
/// # fn gaussian_conv<T: keops::Real, M: keops::Memory>(_: impl keops::Points<3, T, M>) {}
/// gaussian_conv(&vec![[0.0f32, 1.0]; 5]);
/// ```
///
/// Neither do arguments that mix `f32` and `f64`:
///
/// ```compile_fail,E0277
/// # fn add<T: keops::Real, M: keops::Memory>(_: impl keops::Points<3, T, M>, _: impl keops::Points<3, T, M>) {}
/// add(&vec![[0.0f32; 3]; 5], &vec![[0.0f64; 3]; 5]);
/// ```
///
/// A type of one's own is an argument once it lends its numbers:
///
/// ```
/// use keops::{Error, Host, Points, points::View};
///
/// struct Cloud { positions: Vec<f32> }
///
/// impl Points<3, f32, Host> for &Cloud {
///     fn view(&self, argument: &'static str) -> Result<View<'_, f32>, Error> {
///         View::points(argument, &self.positions, 3)
///     }
/// }
/// # let cloud = Cloud { positions: vec![0.0; 6] };
/// # assert_eq!((&cloud).view("x_i")?.rows(), 2);
/// # Ok::<(), Error>(())
/// ```
//
// T and M are parameters rather than associated types for the sake of literals: in a call whose other arguments are f32,
// `&[[0.0, 0.0, 0.0]]` is f32 then, where `Scalar = T` would make it f64 and refuse it. The implementations are concrete
// in T because a flat slice of any T would match `&[[f32; 2]]` as well and turn a wrong dimension into several errors.
#[diagnostic::on_unimplemented(
    message = "expected points with {D} coordinate(s), `[{T}; {D}]`, found `{Self}`",
    label = "expected rows `[{T}; {D}]`",
    note = "points are `&[[{T}; {D}]]` or `&Vec<[{T}; {D}]>`, or flat, row after row, `&[{T}]` or `&Vec<{T}>`",
    note = "all arguments of a call hold the same type of number, `f32` or `f64`, and lie in the same memory; \
            `.map(|row| row.map(|v| v as f32))` converts rows"
)]
pub trait Points<const D: usize, T: Real, M: Memory> {
    /// Lends the numbers. `argument` is the name that an error gives.
    ///
    /// # Errors
    /// [`Error::NotMultiple`] if they are not whole points, [`Error::Coordinates`] or [`Error::Layout`] if an array does not
    /// hold them.
    fn view(&self, argument: &'static str) -> Result<M::View<'_, T>, Error>;
}

/// Implements [`Points`] for one scalar type: each line is a type and its numbers.
///
/// The implementations are kept out of rustc's list of alternatives, which would bury the message above.
macro_rules! host_points {
    ($scalar:ty: $({$($length:tt)*} $points:ty, $numbers:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize, $($length)*> Points<D, $scalar, Host> for &$points {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                View::points(argument, self.$numbers(), D)
            }
        }
    )*};
    ($($scalar:ty),*) => {$(
        host_points! { $scalar:
            {} [[$scalar; D]], as_flattened;
            {} Vec<[$scalar; D]>, as_flattened;
            {const N: usize} [[$scalar; D]; N], as_flattened;
            {} [$scalar], as_ref;
            {} Vec<$scalar>, as_ref;
            {const N: usize} [$scalar; N], as_ref;
        }
    )*};
}

host_points!(f32, f64);

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows and numbers of an argument of dimension 2.
    fn seen<T: Real>(points: impl Points<2, T, Host>) -> (usize, Vec<T>) {
        let view = points.view("x_i").unwrap();
        (view.rows(), view.data().to_vec())
    }

    #[test]
    fn every_spelling_gives_the_same_rows() {
        let array = [[1.0f32, 2.0], [3.0, 4.0], [5.0, 6.0]];
        let flat = [1.0f32, 2.0, 3.0, 4.0, 5.0, 6.0];
        let expected = (3, flat.to_vec());
        assert_eq!(seen(&array), expected);
        assert_eq!(seen(&array[..]), expected);
        assert_eq!(seen(&array.to_vec()), expected);
        assert_eq!(seen(&flat), expected);
        assert_eq!(seen(&flat[..]), expected);
        assert_eq!(seen(&flat.to_vec()), expected);
    }

    #[test]
    fn doubles_are_points_too() {
        let array = [[1.0f64, 2.0], [3.0, 4.0]];
        let flat = [1.0f64, 2.0, 3.0, 4.0];
        let expected = (2, flat.to_vec());
        assert_eq!(seen(&array), expected);
        assert_eq!(seen(&array[..]), expected);
        assert_eq!(seen(&array.to_vec()), expected);
        assert_eq!(seen(&flat), expected);
        assert_eq!(seen(&flat[..]), expected);
        assert_eq!(seen(&flat.to_vec()), expected);
    }

    #[test]
    fn dimension_one_is_arrays_of_one_or_numbers() {
        fn count<T: Real>(points: impl Points<1, T, Host>) -> usize {
            points.view("b_j").unwrap().rows()
        }
        assert_eq!(count(&[[1.0f32], [2.0], [3.0]]), 3);
        assert_eq!(count(&vec![1.0f64, 2.0]), 2);
    }

    #[test]
    fn a_broken_row_is_an_error_in_every_flat_spelling() {
        let flat = [1.0f32, 2.0, 3.0];
        let error = Error::NotMultiple { argument: "y_j", len: 3, dim: 2 };
        fn check(points: impl Points<2, f32, Host>, error: &Error) {
            assert_eq!(points.view("y_j").unwrap_err(), *error);
        }
        check(&flat, &error);
        check(&flat[..], &error);
        check(&flat.to_vec(), &error);
    }

    #[test]
    fn no_copy_is_made() {
        let points = vec![[1.0f32, 2.0, 3.0]; 4];
        let argument = &points;
        let view = Points::<3, f32, Host>::view(&argument, "x_i").unwrap();
        assert_eq!(view.data().as_ptr(), points.as_ptr().cast());
    }
}
