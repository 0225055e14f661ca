//! Numbers of half precision as arguments of calls in `f32`.

use ::half::slice::HalfFloatSliceExt;
use ::half::{bf16, f16};

use super::{Parameter, Points, View};
use crate::error::Error;
use crate::memory::Host;

/// Points or a parameter of half precision, [`f16`](struct@f16) or [`bf16`], as an argument of a call in `f32`: a reference
/// to any of what is said at [`Points`] and [`Parameter`], with `f16` or `bf16` for T.
///
/// Every such number is an `f32` exactly, and is made one when the call begins: M · D numbers beside the M · N pairs. All other
/// arguments and the results are `f32`.
///
/// ```
/// use half::f16;
/// use keops::{Half, keops};
///
/// keops! {
///     fn nearest(x_i: Vi<2>, y_j: Vj<2>, shift: Pm<2>) -> Vi<1, usize> { ArgMin_j(SqDist(x_i + shift, y_j)) }
/// }
///
/// let x = vec![[f16::from_f32(0.5), f16::ONE]];
/// assert_eq!(nearest(Half(&x), &[[9.0, 9.0], [1.5, 1.0]], Half([f16::ONE, f16::ZERO]))?, [1]);
/// # Ok::<(), keops::Error>(())
/// ```
//
// Not the types themselves: with several numbers for one scalar, rustc could not infer those of other arguments from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Half<P>(pub P);

/// Implements [`Points`]: each line is a type and its numbers.
macro_rules! points {
    ($({$($length:tt)*} $points:ty, $numbers:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize, $($length)*> Points<D, f32, Host> for Half<&$points> {
            fn view(&self, argument: &'static str) -> Result<View<'_, f32>, Error> {
                View::converted_points(argument, self.0.$numbers().to_f32_vec(), D)
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
        impl<$($dim)*> Parameter<$dim_of_it, f32, Host> for Half<$row> {
            fn view(&self, argument: &'static str) -> Result<View<'_, f32>, Error> {
                let numbers: fn(&$row) -> Vec<f32> = $numbers;
                View::converted_parameter(argument, numbers(&self.0), $dim_of_it)
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
