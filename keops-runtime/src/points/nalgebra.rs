//! Points, vectors and matrices of nalgebra as arguments and as memory for results.
//!
//! A point of dimension D is a `Point<T, D>`, an `SVector<T, D>`, or a column of a matrix of D rows: nalgebra stores matrices
//! column after column. The numbers are read, or written, where they are. Most types say how many rows there are, so that
//! another dimension does not compile:
//!
//! ```compile_fail,E0277
//! # fn gaussian_conv<T: keops::Real, M: keops::Memory>(_: impl keops::Points<3, T, M>) {}
//! gaussian_conv(&vec![nalgebra::Point2::new(0.0f32, 1.0); 5]);
//! ```

use ::nalgebra::base::storage::{IsContiguous, RawStorage, RawStorageMut};
use ::nalgebra::{Const, Dim, Dyn, Matrix, Point, SVector};
use bytemuck::{cast_slice, cast_slice_mut};

use super::check::coordinates;
use super::{Destination, Parameter, Points, Slot, View};
use crate::error::Error;
use crate::memory::Host;

/// Implements [`Points`] for sets of points.
macro_rules! points {
    ($scalar:ty, $point:ty: $({$($length:tt)*} $points:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize, $($length)*> Points<D, $scalar, Host> for &$points {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                View::points(argument, cast_slice::<$point, $scalar>(&self[..]), D)
            }
        }
    )*};
    ($scalar:ty; $($point:ty),*) => {$(
        points! { $scalar, $point:
            {} [$point];
            {} Vec<$point>;
            {const N: usize} [$point; N];
        }
    )*};
}

/// Implements [`Destination`] for sets of points.
macro_rules! points_mut {
    ($element:ty, $point:ty: $({$($length:tt)*} $points:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize, $($length)*> Destination<D, $element, Host> for &mut $points {
            fn slot(&mut self, result: &'static str) -> Result<Slot<'_, $element>, Error> {
                Ok(Slot::given(result, cast_slice_mut::<$point, $element>(&mut self[..]), D))
            }
        }
    )*};
    ($element:ty; $($point:ty),*) => {$(
        points_mut! { $element, $point:
            {} [$point];
            {} Vec<$point>;
            {const N: usize} [$point; N];
        }
    )*};
}

/// Implements [`Parameter`] for one point: each line is a type and its numbers.
macro_rules! parameters {
    ($scalar:ty: $($row:ty, $($numbers:ident).+;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize> Parameter<D, $scalar, Host> for $row {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                View::parameter(argument, self.$($numbers).+(), D)
            }
        }
    )*};
    ($($scalar:ty),*) => {$(
        parameters! { $scalar:
            SVector<$scalar, D>, as_slice;
            Point<$scalar, D>, coords.as_slice;
            &Point<$scalar, D>, coords.as_slice;
        }
    )*};
}

/// Implements [`Points`] for matrices whose columns are points and for vectors of numbers, and [`Parameter`] for one column.
macro_rules! matrices {
    ($($scalar:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize, C: Dim, S> Points<D, $scalar, Host> for &Matrix<$scalar, Const<D>, C, S>
        where
            S: RawStorage<$scalar, Const<D>, C> + IsContiguous,
        {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                View::points(argument, self.as_slice(), D)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<const D: usize, S> Points<D, $scalar, Host> for &Matrix<$scalar, Dyn, Dyn, S>
        where
            S: RawStorage<$scalar, Dyn, Dyn> + IsContiguous,
        {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                coordinates(argument, self.nrows(), D)?;
                View::points(argument, self.as_slice(), D)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<S> Points<1, $scalar, Host> for &Matrix<$scalar, Dyn, Const<1>, S>
        where
            S: RawStorage<$scalar, Dyn, Const<1>> + IsContiguous,
        {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                View::points(argument, self.as_slice(), 1)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<const D: usize, S> Parameter<D, $scalar, Host> for &Matrix<$scalar, Const<D>, Const<1>, S>
        where
            S: RawStorage<$scalar, Const<D>, Const<1>> + IsContiguous,
        {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                View::parameter(argument, self.as_slice(), D)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<const D: usize, S> Parameter<D, $scalar, Host> for &Matrix<$scalar, Dyn, Const<1>, S>
        where
            S: RawStorage<$scalar, Dyn, Const<1>> + IsContiguous,
        {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                View::parameter(argument, self.as_slice(), D)
            }
        }
    )*};
}

/// Implements [`Destination`] for matrices and vectors.
macro_rules! matrices_mut {
    ($($element:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize, C: Dim, S> Destination<D, $element, Host> for &mut Matrix<$element, Const<D>, C, S>
        where
            S: RawStorageMut<$element, Const<D>, C> + IsContiguous,
        {
            fn slot(&mut self, result: &'static str) -> Result<Slot<'_, $element>, Error> {
                Ok(Slot::given(result, self.as_mut_slice(), D))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<const D: usize, S> Destination<D, $element, Host> for &mut Matrix<$element, Dyn, Dyn, S>
        where
            S: RawStorageMut<$element, Dyn, Dyn> + IsContiguous,
        {
            fn slot(&mut self, result: &'static str) -> Result<Slot<'_, $element>, Error> {
                coordinates(result, self.nrows(), D)?;
                Ok(Slot::given(result, self.as_mut_slice(), D))
            }
        }

        #[diagnostic::do_not_recommend]
        impl<S> Destination<1, $element, Host> for &mut Matrix<$element, Dyn, Const<1>, S>
        where
            S: RawStorageMut<$element, Dyn, Const<1>> + IsContiguous,
        {
            fn slot(&mut self, result: &'static str) -> Result<Slot<'_, $element>, Error> {
                Ok(Slot::given(result, self.as_mut_slice(), 1))
            }
        }
    )*};
}

points!(f32; SVector<f32, D>, Point<f32, D>);
points!(f64; SVector<f64, D>, Point<f64, D>);
parameters!(f32, f64);
points_mut!(f32; SVector<f32, D>, Point<f32, D>);
points_mut!(f64; SVector<f64, D>, Point<f64, D>);
points_mut!(usize; SVector<usize, D>, Point<usize, D>);
matrices!(f32, f64);
matrices_mut!(f32, f64, usize);
