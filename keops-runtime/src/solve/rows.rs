//! What unknowns can be: rows of one number or of D.

use crate::real::Real;

mod sealed {
    pub trait Sealed {}
}

/// A row of the unknowns: T, or `[T; D]`, with T `f32` or `f64`. These are the rows that formulas return.
pub trait Row: sealed::Sealed + Copy + Send + Sync + std::fmt::Debug + 'static {
    /// T
    type Scalar: Real;
    /// Numbers of a row.
    const DIM: usize;
    /// Rows of zeros.
    fn zeros(rows: usize) -> Vec<Self>;
    /// The numbers, row after row.
    fn numbers(rows: &[Self]) -> &[Self::Scalar];
    /// The numbers, row after row.
    fn numbers_mut(rows: &mut [Self]) -> &mut [Self::Scalar];
}

macro_rules! impl_row {
    ($($scalar:ident),*) => {$(
        impl sealed::Sealed for $scalar {}
        impl<const D: usize> sealed::Sealed for [$scalar; D] {}

        impl Row for $scalar {
            type Scalar = $scalar;
            const DIM: usize = 1;
            fn zeros(rows: usize) -> Vec<$scalar> {
                vec![0.0; rows]
            }
            fn numbers(rows: &[$scalar]) -> &[$scalar] {
                rows
            }
            fn numbers_mut(rows: &mut [$scalar]) -> &mut [$scalar] {
                rows
            }
        }

        impl<const D: usize> Row for [$scalar; D] {
            type Scalar = $scalar;
            const DIM: usize = D;
            fn zeros(rows: usize) -> Vec<[$scalar; D]> {
                vec![[0.0; D]; rows]
            }
            fn numbers(rows: &[[$scalar; D]]) -> &[$scalar] {
                rows.as_flattened()
            }
            fn numbers_mut(rows: &mut [[$scalar; D]]) -> &mut [$scalar] {
                rows.as_flattened_mut()
            }
        }
    )*};
}

impl_row!(f32, f64);
