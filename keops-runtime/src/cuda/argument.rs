//! Points on a device as arguments.

use cust::memory::{DeviceBuffer, DeviceSlice};
use keops_driver::device::DevicePoints;

use super::{Cuda, DeviceColumn, DeviceRows, View};
use crate::error::Error;
use crate::points::Points;

/// Implements [`Points`] for rows that keops owns, by reference and by value.
macro_rules! owned_points {
    ($($scalar:ty),*) => {$(
        owned_points! { $scalar: DeviceRows<$scalar, D>, &DeviceRows<$scalar, D> }

        #[diagnostic::do_not_recommend]
        impl Points<1, $scalar, Cuda> for DeviceColumn<$scalar> {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                Ok(View::owned(argument, &self.0.numbers, self.rows()))
            }
        }

        #[diagnostic::do_not_recommend]
        impl Points<1, $scalar, Cuda> for &DeviceColumn<$scalar> {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                Ok(View::owned(argument, &self.0.numbers, self.rows()))
            }
        }
    )*};
    ($scalar:ty: $($rows:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize> Points<D, $scalar, Cuda> for $rows {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                Ok(View::owned(argument, &self.numbers, self.rows()))
            }
        }
    )*};
}

owned_points!(f32, f64);

/// Implements [`Points`] for memory of cust and for addresses: each line is a type and its number of numbers.
macro_rules! foreign_points {
    ($scalar:ty: $($points:ty, $memory:ident => $address:expr, $len:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize> Points<D, $scalar, Cuda> for $points {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                let $memory = self;
                View::foreign(argument, $address, $len, D)
            }
        }
    )*};
    ($($scalar:ty),*) => {$(
        foreign_points! { $scalar:
            &DeviceBuffer<$scalar>, buffer => buffer.as_device_ptr().as_raw(), buffer.len();
            &DeviceBuffer<[$scalar; D]>, buffer => buffer.as_device_ptr().as_raw(), buffer.len() * D;
            &DeviceSlice<$scalar>, slice => slice.as_device_ptr().as_raw(), slice.len();
            &DeviceSlice<[$scalar; D]>, slice => slice.as_device_ptr().as_raw(), slice.len() * D;
            DevicePoints<'_, $scalar, D>, points => points.address(), points.rows().saturating_mul(D);
            &DevicePoints<'_, $scalar, D>, points => points.address(), points.rows().saturating_mul(D);
        }
    )*};
}

foreign_points!(f32, f64);
