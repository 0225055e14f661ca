//! Numbers of half precision, [`f16`] and [`bf16`], as arguments of calls in `f32`.
//!
//! Every such number is an `f32` exactly, and is made one when the call begins: M · D numbers beside the M · N pairs. The
//! results are `f32`.

use ::half::slice::HalfFloatSliceExt;
use ::half::{bf16, f16};

use super::{Parameter, Points, View};
use crate::error::Error;
use crate::memory::Host;

/// Implements [`Points`]: each line is a type and its numbers.
macro_rules! points {
    ($({$($length:tt)*} $points:ty, $numbers:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize, $($length)*> Points<D, f32, Host> for &$points {
            fn view(&self, argument: &'static str) -> Result<View<'_, f32>, Error> {
                View::converted_points(argument, self.$numbers().to_f32_vec(), D)
            }
        }
    )*};
    ($($half:ty),*) => {$(
        points! {
            {} [[$half; D]], as_flattened;
            {} Vec<[$half; D]>, as_flattened;
            {const N: usize} [[$half; D]; N], as_flattened;
            {} [$half], as_ref;
            {} Vec<$half>, as_slice;
            {const N: usize} [$half; N], as_slice;
        }
    )*};
}

/// Implements [`Parameter`]: each line is a type and its numbers.
macro_rules! parameters {
    ($({$($dim:tt)*} $dim_of_it:tt, $row:ty, $numbers:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<$($dim)*> Parameter<$dim_of_it, f32, Host> for $row {
            fn view(&self, argument: &'static str) -> Result<View<'_, f32>, Error> {
                let numbers: fn(&$row) -> Vec<f32> = $numbers;
                View::converted_parameter(argument, numbers(self), $dim_of_it)
            }
        }
    )*};
    ($($half:ty),*) => {$(
        parameters! {
            {const D: usize} D, [$half; D], |row| row.to_f32_vec();
            {const D: usize} D, &[$half; D], |row| row.to_f32_vec();
            {const D: usize} D, &[$half], |row| row.to_f32_vec();
            {const D: usize} D, &Vec<$half>, |row| row.to_f32_vec();
            {const D: usize} D, &[[$half; D]], |rows| rows.as_flattened().to_f32_vec();
            {const D: usize} D, &Vec<[$half; D]>, |rows| rows.as_flattened().to_f32_vec();
            {const D: usize} D, &[[$half; D]; 1], |rows| rows.as_flattened().to_f32_vec();
            {} 1, $half, |number| vec![number.to_f32()];
            {} 1, &$half, |number| vec![number.to_f32()];
        }
    )*};
}

points!(f16, bf16);
parameters!(f16, bf16);
