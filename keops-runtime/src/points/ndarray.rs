//! Arrays of ndarray as arguments and as memory for results.
//!
//! An array of M rows and D columns is M points of dimension D. The numbers are read, or written, where they are: they have
//! to lie row after row, which ndarray calls the standard layout.

use ::ndarray::{
    ArrayBase, ArrayRef, ArrayRef1, ArrayRef2, ArrayView1, ArrayView2, Data, DataMut, Dimension,
};
use ::ndarray::{Ix1, Ix2};

use super::check::coordinates;
use super::{Destination, Parameter, Points, Slot, View};
use crate::error::Error;
use crate::memory::{Element, Host};

/// The numbers of an argument, row after row.
fn numbers<'a, T, I: Dimension>(argument: &'static str, array: &'a ArrayRef<T, I>) -> Result<&'a [T], Error> {
    let instead = "a reference to its `.as_standard_layout()`";
    array.as_slice().ok_or(Error::Layout { argument, instead })
}

/// The same of a result.
fn numbers_mut<'a, E, I: Dimension>(
    result: &'static str,
    array: &'a mut ArrayRef<E, I>,
) -> Result<&'a mut [E], Error> {
    let instead = "an array in standard layout, such as `Array::zeros` makes";
    array.as_slice_mut().ok_or(Error::Layout { argument: result, instead })
}

/// M rows of D columns.
fn points<'a, T: Clone>(
    argument: &'static str,
    array: &'a ArrayRef2<T>,
    dim: usize,
) -> Result<View<'a, T>, Error> {
    coordinates(argument, array.ncols(), dim)?;
    View::points(argument, numbers(argument, array)?, dim)
}

/// M points of one number each.
fn column<'a, T: Clone>(argument: &'static str, array: &'a ArrayRef1<T>) -> Result<View<'a, T>, Error> {
    View::points(argument, numbers(argument, array)?, 1)
}

/// D numbers.
fn row<'a, T: Clone>(
    argument: &'static str,
    array: &'a ArrayRef1<T>,
    dim: usize,
) -> Result<View<'a, T>, Error> {
    View::parameter(argument, numbers(argument, array)?, dim)
}

/// Memory for M rows of D columns.
fn rows_mut<'a, E: Element>(
    result: &'static str,
    array: &'a mut ArrayRef2<E>,
    dim: usize,
) -> Result<Slot<'a, E>, Error> {
    coordinates(result, array.ncols(), dim)?;
    Ok(Slot::given(result, numbers_mut(result, array)?, dim))
}

/// Memory for M numbers.
fn column_mut<'a, E: Element>(
    result: &'static str,
    array: &'a mut ArrayRef1<E>,
) -> Result<Slot<'a, E>, Error> {
    Ok(Slot::given(result, numbers_mut(result, array)?, 1))
}

/// Implements [`Points`] and [`Parameter`] for one scalar type, each line for a type of arrays of one and of two axes.
macro_rules! arguments {
    ($scalar:ty: $({$($storage:tt)*} $one:ty, $two:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize, $($storage)*> Points<D, $scalar, Host> for $two {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                points(argument, self, D)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($storage)*> Points<1, $scalar, Host> for $one {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                column(argument, self)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<const D: usize, $($storage)*> Parameter<D, $scalar, Host> for $one {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                row(argument, self, D)
            }
        }
    )*};
    ($($scalar:ty),*) => {$(
        arguments! { $scalar:
            {S: Data<Elem = $scalar>} &ArrayBase<S, Ix1, $scalar>, &ArrayBase<S, Ix2, $scalar>;
            {} &ArrayRef1<$scalar>, &ArrayRef2<$scalar>;
            {} ArrayView1<'_, $scalar>, ArrayView2<'_, $scalar>;
        }
    )*};
}

/// Implements [`Destination`] for one type of numbers, each line for a type of arrays of one and of two axes.
macro_rules! destinations {
    ($element:ty: $({$($storage:tt)*} $one:ty, $two:ty;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize, $($storage)*> Destination<D, $element, Host> for &mut $two {
            fn slot(&mut self, result: &'static str) -> Result<Slot<'_, $element>, Error> {
                rows_mut(result, self, D)
            }
        }

        #[diagnostic::do_not_recommend]
        impl<$($storage)*> Destination<1, $element, Host> for &mut $one {
            fn slot(&mut self, result: &'static str) -> Result<Slot<'_, $element>, Error> {
                column_mut(result, self)
            }
        }
    )*};
    ($($element:ty),*) => {$(
        destinations! { $element:
            {S: DataMut<Elem = $element>} ArrayBase<S, Ix1, $element>, ArrayBase<S, Ix2, $element>;
            {} ArrayRef1<$element>, ArrayRef2<$element>;
        }
    )*};
}

arguments!(f32, f64);
destinations!(f32, f64, usize);
