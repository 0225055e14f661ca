//! Devices, and the streams of programs.

use std::sync::Arc;
use std::time::Duration;

use keops_driver::device::{self, Event, Stream};

use super::buffer::Buffer;
use super::{DeviceColumn, DeviceRows, failure};
use crate::error::Error;
use crate::real::Real;

/// A device, and a stream of its own: what lies on it is uploaded through this.
///
/// A clone has the same stream. Another [`Device::new`] of the same number has another, so that two threads do not wait for
/// each other. Rows may be used, and dropped, in any thread.
#[derive(Clone, Debug)]
pub struct Device {
    stream: Arc<Stream>,
}

impl Device {
    /// The number of devices.
    ///
    /// # Errors
    /// [`Error::NoDriver`]. Without a device the number is 0.
    pub fn count() -> Result<usize, Error> {
        match device::count().map_err(|f| failure::initialisation(f, 0)) {
            Err(Error::NoDevice { .. }) => Ok(0),
            count => count,
        }
    }

    /// The device 0.
    ///
    /// # Errors
    /// [`Error::NoDriver`], [`Error::NoDevice`].
    pub fn first() -> Result<Device, Error> {
        Device::new(0)
    }

    /// The device of a number below [`count`](Self::count).
    ///
    /// # Errors
    /// [`Error::NoDriver`], [`Error::NoDevice`].
    pub fn new(ordinal: usize) -> Result<Device, Error> {
        let count = device::count().map_err(|f| failure::initialisation(f, ordinal))?;
        let number = i32::try_from(ordinal).ok().filter(|_| ordinal < count);
        let number = number.ok_or(Error::NoDevice { ordinal, count })?;
        let shared = Stream::shared(number).map_err(failure::driver)?;
        Ok(Device { stream: Stream::new(shared.context()).map_err(failure::driver)? })
    }

    pub(super) fn stream(&self) -> &Arc<Stream> {
        &self.stream
    }

    /// Its number.
    pub fn ordinal(&self) -> usize {
        usize::try_from(self.stream.context().ordinal()).unwrap_or(0)
    }

    /// Its name.
    ///
    /// # Errors
    /// Those of the driver.
    pub fn name(&self) -> Result<String, Error> {
        device::name(self.stream.context().ordinal()).map_err(failure::driver)
    }

    /// Copies points to the device: M rows of D coordinates.
    ///
    /// # Errors
    /// [`Error::OutOfDeviceMemory`], [`Error::DeviceLost`].
    pub fn upload<T: Real, const D: usize>(&self, rows: &[[T; D]]) -> Result<DeviceRows<T, D>, Error> {
        Ok(DeviceRows::new(Buffer::upload(&self.stream, rows.as_flattened())?, rows.len()))
    }

    /// Copies points of dimension 1 to the device: M numbers.
    ///
    /// # Errors
    /// Those of [`upload`](Self::upload).
    pub fn upload_column<T: Real>(&self, numbers: &[T]) -> Result<DeviceColumn<T>, Error> {
        Ok(DeviceColumn::new(Buffer::upload(&self.stream, numbers)?, numbers.len()))
    }

    /// Copies points to the device that lie row after row: `device.upload_flat::<_, 3>(&numbers)`.
    ///
    /// # Errors
    /// [`Error::NotMultiple`] if they are not whole rows, and those of [`upload`](Self::upload).
    pub fn upload_flat<T: Real, const D: usize>(&self, numbers: &[T]) -> Result<DeviceRows<T, D>, Error> {
        let (rows, rest) = numbers.as_chunks();
        if !rest.is_empty() {
            return Err(Error::NotMultiple { argument: "numbers", len: numbers.len(), dim: D });
        }
        self.upload(rows)
    }

    /// Waits for all work of calls with rows that were uploaded through this.
    ///
    /// # Errors
    /// [`Error::DeviceLost`] if one of them failed.
    pub fn synchronize(&self) -> Result<(), Error> {
        self.stream.synchronize().map_err(failure::driver)
    }

    /// The time that the device takes for what a function gives to it: calls with rows that were uploaded through this.
    ///
    /// It is taken by the device, from when it is done with earlier calls until it is done with those of the function, and
    /// is waited for. A first call has the driver compile its kernel; a short one is measured by many in one function,
    /// whose results are kept until its end.
    ///
    /// # Errors
    /// Those of the function; [`Error::DeviceLost`] if the work failed.
    pub fn time<R>(&self, work: impl FnOnce() -> Result<R, Error>) -> Result<(R, Duration), Error> {
        let event = || Event::timed(self.stream.context()).map_err(failure::driver);
        let (start, end) = (event()?, event()?);
        start.record(&self.stream).map_err(failure::driver)?;
        let result = work()?;
        end.record(&self.stream).and_then(|()| end.synchronize()).map_err(failure::driver)?;
        Ok((result, end.since(&start).map_err(failure::driver)?))
    }
}

/// Runs a function in which calls give their work to a stream of the program, in this thread, instead of one of keops.
///
/// The stream is one of the context that is current in the thread. Calls come after what it holds, and before what is
/// given to it afterwards:
///
/// ```no_run
/// # keops::keops! { fn potential(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { Sum_j(Rsqrt(SqDist(x_i, y_j))) } }
/// use cust::memory::DeviceBuffer;
/// use cust::stream::{Stream, StreamFlags};
/// use keops::cuda::on_stream;
///
/// let _context = cust::quick_init()?;
/// let stream = Stream::new(StreamFlags::DEFAULT, None)?;
/// let x = DeviceBuffer::from_slice(&[[0.0f32, 1.0, 2.0]; 100])?;
/// let potentials = on_stream(&stream, || potential(&x, &x))?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Those of the function; [`Error::Driver`] if no context is current. A call gives [`Error::OtherStream`] if its arguments
/// are of another context.
pub fn on_stream<R>(
    stream: &cust::stream::Stream,
    work: impl FnOnce() -> Result<R, Error>,
) -> Result<R, Error> {
    device::on_stream(stream, work).map_err(|f| failure::initialisation(f, 0))?
}
