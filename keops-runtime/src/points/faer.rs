//! Matrices and columns of faer as arguments.
//!
//! A matrix of M rows and D columns is M points of dimension D. faer stores matrices column after column, with gaps between
//! them, so that the coordinates of a point are apart: they are brought together when the call begins, M · D numbers beside
//! the M · N pairs. A column of numbers without gaps is read where it is.
//!
//! Results are vectors, which faer can look at as they are: `MatRef::from_row_major_slice(rows.as_flattened(), M, D)`.

use ::faer::{Col, ColRef, Mat, MatRef};

use super::check::coordinates;
use super::{Parameter, Points, View};
use crate::error::Error;
use crate::memory::Host;

/// M rows of D columns.
fn points<'a, T: Copy>(
    argument: &'static str,
    matrix: MatRef<'_, T>,
    dim: usize,
) -> Result<View<'a, T>, Error> {
    coordinates(argument, matrix.ncols(), dim)?;
    let mut numbers = Vec::new();
    if numbers.try_reserve_exact(matrix.nrows() * dim).is_err() {
        return Err(Error::TooLarge { rows: matrix.nrows(), dim });
    }
    numbers.extend((0..matrix.nrows()).flat_map(|row| (0..dim).map(move |k| matrix[(row, k)])));
    View::converted_points(argument, numbers, dim)
}

/// Implements [`Points`] and [`Parameter`] for one scalar type, each line for matrices and columns that are owned or lent.
macro_rules! arguments {
    ($scalar:ty: $($matrix:ty, $column:ty, $seen:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize> Points<D, $scalar, Host> for $matrix {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                points(argument, self.$seen(), D)
            }
        }

        #[diagnostic::do_not_recommend]
        impl Points<1, $scalar, Host> for $column {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                match self.$seen().try_as_col_major() {
                    Some(column) => View::points(argument, column.as_slice(), 1),
                    None => View::converted_points(argument, self.iter().copied().collect(), 1),
                }
            }
        }

        #[diagnostic::do_not_recommend]
        impl<const D: usize> Parameter<D, $scalar, Host> for $column {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                View::converted_parameter(argument, self.iter().copied().collect(), D)
            }
        }
    )*};
    ($($scalar:ty),*) => {$(
        arguments! { $scalar:
            &Mat<$scalar>, &Col<$scalar>, as_ref;
            MatRef<'_, $scalar>, ColRef<'_, $scalar>, as_dyn_stride;
        }
    )*};
}

arguments!(f32, f64);
