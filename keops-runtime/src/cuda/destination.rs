//! Memory of devices for results: rows that calls allocate, and the caller's.

use cust::memory::{DeviceBuffer, DeviceSlice};

use super::{Cuda, DeviceColumn, DeviceRows, Slot};
use crate::error::Error;
use crate::memory::{Element, NewResult};
use crate::points::Destination;

impl<E: Element, const D: usize> NewResult<E, Cuda> for DeviceRows<E, D> {
    fn slot(&mut self) -> Slot<'_, E> {
        Slot::new(&mut self.numbers, &mut self.rows, D)
    }
}

impl<E: Element> NewResult<E, Cuda> for DeviceColumn<E> {
    fn slot(&mut self) -> Slot<'_, E> {
        self.0.slot()
    }
}

/// Implements [`Destination`] for one type of numbers.
macro_rules! device_destination {
    ($($element:ty),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize> Destination<D, $element, Cuda> for &mut DeviceRows<$element, D> {
            fn slot(&mut self, result: &'static str) -> Result<Slot<'_, $element>, Error> {
                Ok(Slot::owned(result, &mut self.numbers, self.rows, D))
            }
        }

        #[diagnostic::do_not_recommend]
        impl Destination<1, $element, Cuda> for &mut DeviceColumn<$element> {
            fn slot(&mut self, result: &'static str) -> Result<Slot<'_, $element>, Error> {
                Ok(Slot::owned(result, &mut self.0.numbers, self.0.rows, 1))
            }
        }

        device_destination! { $element:
            DeviceBuffer<$element>, 1;
            DeviceBuffer<[$element; D]>, D;
            DeviceSlice<$element>, 1;
            DeviceSlice<[$element; D]>, D;
        }
    )*};
    ($element:ty: $($memory:ty, $numbers:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize> Destination<D, $element, Cuda> for &mut $memory {
            fn slot(&mut self, result: &'static str) -> Result<Slot<'_, $element>, Error> {
                Ok(Slot::foreign(result, self.as_device_ptr().as_raw(), self.len() * $numbers, D))
            }
        }
    )*};
}

device_destination!(f32, f64, usize);
