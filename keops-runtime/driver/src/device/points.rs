//! Points at an address.

use std::marker::PhantomData;

use cust::memory::{DeviceCopy, DevicePointer};

/// M points with D coordinates in memory of a device that somebody else owns: numbers row after row from an address on.
///
/// It is an argument of generated functions like rows that keops owns. What the driver knows of the address is checked in
/// the call: that it is memory of a device, of the context of the other arguments, and that it has room for M · D numbers.
#[derive(Debug)]
pub struct DevicePoints<'a, T: DeviceCopy, const D: usize> {
    start: DevicePointer<T>,
    rows: usize,
    lifetime: PhantomData<&'a [T]>,
}

impl<T: DeviceCopy, const D: usize> Clone for DevicePoints<'_, T, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: DeviceCopy, const D: usize> Copy for DevicePoints<'_, T, D> {}

impl<T: DeviceCopy, const D: usize> DevicePoints<'_, T, D> {
    /// The points from an address on.
    ///
    /// # Safety
    /// As long as the value, a copy of it, or work that a call with it has given to a stream exists, the memory of M · D
    /// numbers stays allocated and nothing writes to it but work that the stream of such calls waits for.
    pub unsafe fn from_raw(start: DevicePointer<T>, rows: usize) -> Self {
        DevicePoints { start, rows, lifetime: PhantomData }
    }

    /// The address.
    pub fn address(&self) -> u64 {
        self.start.as_raw()
    }

    /// M, the number of points.
    pub fn rows(&self) -> usize {
        self.rows
    }
}
