//! Parameters of calls with device memory. They are numbers of the host, since a launch passes them by value.

use std::borrow::Cow;

use super::{Cuda, DeviceColumn, DeviceRows, View};
use crate::error::Error;
use crate::memory::Host;
#[cfg(feature = "half")]
use crate::points::Half;
use crate::points::Parameter;
use crate::real::Real;

/// What a parameter is on the host.
fn of_host<'a, const D: usize, T: Real>(
    parameter: &'a impl Parameter<D, T, Host>,
    argument: &'static str,
) -> Result<View<'a, T>, Error> {
    Ok(View::parameter(argument, parameter.view(argument)?.into_data()))
}

/// Implements [`Parameter`] for what is one on the host.
macro_rules! host_parameter {
    ($scalar:ty: $($row:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize> Parameter<D, $scalar, Cuda> for $row {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                of_host::<D, $scalar>(self, argument)
            }
        }
    )*};
    ($scalar:ty: number $($number:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl Parameter<1, $scalar, Cuda> for $number {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                of_host::<1, $scalar>(self, argument)
            }
        }
    )*};
    ($($scalar:ty),*) => {$(
        host_parameter! { $scalar:
            [$scalar; D], &[$scalar; D], &[$scalar], &Vec<$scalar>,
            &[[$scalar; D]], &Vec<[$scalar; D]>, &[[$scalar; D]; 1]
        }
        host_parameter! { $scalar: number $scalar, &$scalar }
    )*};
}

host_parameter!(f32, f64);

#[cfg(feature = "half")]
impl<const D: usize, P> Parameter<D, f32, Cuda> for Half<P>
where
    Half<P>: Parameter<D, f32, Host>,
{
    fn view(&self, argument: &'static str) -> Result<View<'_, f32>, Error> {
        of_host::<D, f32>(self, argument)
    }
}

/// Implements [`Parameter`] for one row on a device, such as a result: it is fetched.
macro_rules! device_parameter {
    ($($scalar:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize> Parameter<D, $scalar, Cuda> for &DeviceRows<$scalar, D> {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                if self.rows() != 1 {
                    return Err(Error::ExpectedLen { argument, len: self.rows() * D, dim: D });
                }
                let mut row = vec![0.0; D];
                self.numbers.download(&mut row)?;
                Ok(View::parameter(argument, Cow::Owned(row)))
            }
        }

        #[diagnostic::do_not_recommend]
        impl Parameter<1, $scalar, Cuda> for &DeviceColumn<$scalar> {
            fn view(&self, argument: &'static str) -> Result<View<'_, $scalar>, Error> {
                let row = &self.0;
                let row = Parameter::<1, $scalar, Cuda>::view(&row, argument)?;
                Ok(View::parameter(argument, row.data().to_vec()))
            }
        }
    )*};
}

device_parameter!(f32, f64);
