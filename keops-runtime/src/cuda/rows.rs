//! Results on a device, and points uploaded to one.

use std::fmt;
use std::marker::PhantomData;

use cust::memory::{DeviceCopy, DevicePointer, DeviceSlice};
use keops_driver::device::Stream;

use super::buffer::Buffer;
use super::failure;
use super::pointer::{self, different_devices};
use crate::error::Error;
use crate::memory::Element;
use crate::points::{self, expect_len};

/// M rows of D numbers on a device: a result of dimension D ≥ 2, or points uploaded there.
///
/// They may still be on the way: a call returns as soon as its work is given to the device. Calls that use the rows, and
/// functions that fetch them, wait as far as needed. Dropping them gives the memory back.
pub struct DeviceRows<T: Element, const D: usize> {
    pub(super) numbers: Buffer,
    pub(super) rows: usize,
    element: PhantomData<T>,
}

/// M numbers on a device: a result of dimension 1, or points of dimension 1 uploaded there.
///
/// It is to [`DeviceRows`] what `Vec<T>` is to `Vec<[T; D]>`.
pub struct DeviceColumn<T: Element>(pub(super) DeviceRows<T, 1>);

/// No rows.
impl<T: Element, const D: usize> Default for DeviceRows<T, D> {
    fn default() -> DeviceRows<T, D> {
        DeviceRows::new(Buffer::empty(), 0)
    }
}

/// No numbers.
impl<T: Element> Default for DeviceColumn<T> {
    fn default() -> DeviceColumn<T> {
        DeviceColumn(DeviceRows::default())
    }
}

impl<T: Element, const D: usize> DeviceRows<T, D> {
    pub(super) fn new(numbers: Buffer, rows: usize) -> DeviceRows<T, D> {
        DeviceRows { numbers, rows, element: PhantomData }
    }

    /// M, the number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Whether M is 0.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The number of the device; of no rows there is none.
    pub fn device(&self) -> Option<usize> {
        self.numbers.context().and_then(|context| usize::try_from(context.ordinal()).ok())
    }

    /// Where the rows start on the device; 0 if there are none.
    #[doc(hidden)]
    pub fn address(&self) -> u64 {
        self.numbers.address()
    }

    /// The rows, copied to the host.
    ///
    /// # Errors
    /// [`Error::DeviceLost`] if what computes them failed, [`Error::OutOfMemory`] on the host.
    pub fn download(&self) -> Result<Vec<[T; D]>, Error> {
        let mut rows = points::rows::<T, D>(self.rows)?;
        self.numbers.download(rows.as_flattened_mut())?;
        Ok(rows)
    }

    /// Copies the rows to memory of the host.
    ///
    /// # Errors
    /// [`Error::ResultLen`] if there are not M rows, [`Error::DeviceLost`] if what computes them failed.
    pub fn download_into(&self, rows: &mut [[T; D]]) -> Result<(), Error> {
        expect_len("rows", rows.as_flattened().len(), self.rows, D)?;
        self.numbers.download(rows.as_flattened_mut())
    }

    /// Copies the rows to memory of the device that the program owns, M · D numbers, and waits until they are there.
    ///
    /// # Errors
    /// [`Error::ResultLen`] if the slice has another length, [`Error::DevicePointer`] and [`Error::DifferentDevices`] if
    /// it is not on the device, [`Error::DeviceLost`] if what computes the rows failed.
    pub fn copy_to(&self, slice: &mut DeviceSlice<T>) -> Result<(), Error>
    where
        T: DeviceCopy,
    {
        expect_len("rows", slice.len(), self.rows, D)?;
        let Some(filled) = self.numbers.filled() else { return Ok(()) };
        let of_slice = pointer::check("slice", slice.as_device_ptr().as_raw(), slice.len(), size_of::<T>())?;
        let context = filled.memory.context();
        if of_slice != *context {
            return Err(different_devices(("rows", context), ("slice", &of_slice)));
        }
        let mut copy = |stream: &Stream| {
            stream.wait(&filled.ready)?;
            stream.copy_to(&filled.memory, slice)?;
            stream.synchronize()
        };
        Stream::shared(context.ordinal()).and_then(|stream| copy(&stream)).map_err(failure::driver)
    }

    /// Waits until the rows are there, for programs that read them with kernels of their own.
    ///
    /// # Errors
    /// [`Error::DeviceLost`] if what computes them failed.
    pub fn synchronize(&self) -> Result<(), Error> {
        self.numbers.synchronize()
    }

    /// Where they are, for kernels of one's own: M · D numbers, row after row, indices as 64-bit integers. They may be
    /// read after [`synchronize`](Self::synchronize), and on the stream that computes them.
    pub fn as_device_ptr(&self) -> DevicePointer<T>
    where
        T: DeviceCopy,
    {
        self.numbers.share();
        DevicePointer::from_raw(self.address())
    }
}

impl<T: Element> DeviceColumn<T> {
    pub(super) fn new(numbers: Buffer, rows: usize) -> DeviceColumn<T> {
        DeviceColumn(DeviceRows::new(numbers, rows))
    }

    /// M, the number of numbers.
    pub fn rows(&self) -> usize {
        self.0.rows()
    }

    /// Whether M is 0.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of the device; of no numbers there is none.
    pub fn device(&self) -> Option<usize> {
        self.0.device()
    }

    /// Where the numbers start on the device; 0 if there are none.
    #[doc(hidden)]
    pub fn address(&self) -> u64 {
        self.0.address()
    }

    /// The numbers, copied to the host.
    ///
    /// # Errors
    /// Those of [`DeviceRows::download`].
    pub fn download(&self) -> Result<Vec<T>, Error> {
        let mut numbers = points::column(self.rows())?;
        self.0.numbers.download(&mut numbers)?;
        Ok(numbers)
    }

    /// Copies the numbers to memory of the host.
    ///
    /// # Errors
    /// Those of [`DeviceRows::download_into`].
    pub fn download_into(&self, numbers: &mut [T]) -> Result<(), Error> {
        self.0.download_into(numbers.as_chunks_mut().0)
    }

    /// Copies the numbers to memory of the device that the program owns, and waits until they are there.
    ///
    /// # Errors
    /// Those of [`DeviceRows::copy_to`].
    pub fn copy_to(&self, slice: &mut DeviceSlice<T>) -> Result<(), Error>
    where
        T: DeviceCopy,
    {
        self.0.copy_to(slice)
    }

    /// Waits until the numbers are there.
    ///
    /// # Errors
    /// Those of [`DeviceRows::synchronize`].
    pub fn synchronize(&self) -> Result<(), Error> {
        self.0.synchronize()
    }

    /// Where they are, for kernels of one's own, as [`DeviceRows::as_device_ptr`].
    pub fn as_device_ptr(&self) -> DevicePointer<T>
    where
        T: DeviceCopy,
    {
        self.0.as_device_ptr()
    }
}

impl<T: Element, const D: usize> fmt::Debug for DeviceRows<T, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceRows")
            .field("rows", &self.rows)
            .field("device", &self.device())
            .finish_non_exhaustive()
    }
}

impl<T: Element> fmt::Debug for DeviceColumn<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceColumn")
            .field("rows", &self.rows())
            .field("device", &self.device())
            .finish_non_exhaustive()
    }
}

/// Results whose rows can be summed: of any dimension.
pub trait Numbers<T> {
    #[doc(hidden)]
    fn start(&self) -> u64;
}

impl<T: Element, const D: usize> Numbers<T> for DeviceRows<T, D> {
    fn start(&self) -> u64 {
        self.address()
    }
}

impl<T: Element> Numbers<T> for DeviceColumn<T> {
    fn start(&self) -> u64 {
        self.address()
    }
}
