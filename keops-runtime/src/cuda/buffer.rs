//! Memory that keops owns on a device.

use std::sync::Arc;

use keops_driver::device::{Allocation, Context, Event, Plain, Stream};

use super::failure;
use crate::error::Error;

/// Numbers on a device: no memory at all if there are none.
#[derive(Debug)]
pub(super) struct Buffer(Option<Filled>);

/// Memory, and when it can be read.
#[derive(Debug)]
pub(super) struct Filled {
    pub(super) memory: Allocation,
    /// Happens when the numbers are there.
    pub(super) ready: Arc<Event>,
    /// The stream that writes them, if it lives as long as the numbers.
    pub(super) stream: Option<Arc<Stream>>,
}

impl Buffer {
    /// Memory for `rows` · `dim` numbers that a stream is to write; `ready` is recorded in it by the writer.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::OutOfDeviceMemory`].
    pub(super) fn new<T: Plain>(
        stream: &Arc<Stream>,
        ready: &Arc<Event>,
        rows: usize,
        dim: usize,
    ) -> Result<Buffer, Error> {
        let bytes = bytes::<T>(rows, dim)?;
        if bytes == 0 {
            return Ok(Buffer(None));
        }
        let stream_of_rows = stream.is_owned().then(|| stream.clone());
        // In the order of a stream where there is one that lives as long: then freeing waits for nothing.
        let memory = match &stream_of_rows {
            Some(stream) => Allocation::in_order(stream, bytes),
            None => Allocation::new(stream.context(), bytes),
        };
        let memory = memory.map_err(|f| failure::allocation(f, bytes))?;
        Ok(Buffer(Some(Filled { memory, ready: ready.clone(), stream: stream_of_rows })))
    }

    /// No numbers.
    pub(super) fn empty() -> Buffer {
        Buffer(None)
    }

    /// Copies of `rows` · `dim` numbers of the host.
    ///
    /// # Errors
    /// [`Error::OutOfDeviceMemory`], and those of the driver.
    pub(super) fn upload<T: Plain>(stream: &Arc<Stream>, numbers: &[T]) -> Result<Buffer, Error> {
        let ready = Arc::new(Event::new(stream.context()).map_err(failure::driver)?);
        let buffer = Buffer::new::<T>(stream, &ready, numbers.len(), 1)?;
        if let Some(Filled { memory, .. }) = &buffer.0 {
            stream.upload(memory, numbers).and_then(|()| ready.record(stream)).map_err(failure::driver)?;
        }
        Ok(buffer)
    }

    /// What there is.
    pub(super) fn filled(&self) -> Option<&Filled> {
        self.0.as_ref()
    }

    /// Has a stream wait for the numbers, to read them.
    ///
    /// # Errors
    /// Those of the driver.
    pub(super) fn wait_on(&self, stream: &Arc<Stream>) -> Result<(), Error> {
        match &self.0 {
            Some(Filled { stream: Some(writer), .. }) if Arc::ptr_eq(writer, stream) => Ok(()),
            Some(filled) => {
                filled.memory.share();
                stream.wait(&filled.ready).map_err(failure::driver)
            }
            None => Ok(()),
        }
    }

    /// Where it starts; 0 if it is empty.
    pub(super) fn address(&self) -> u64 {
        self.0.as_ref().map_or(0, |filled| filled.memory.address())
    }

    /// The context.
    pub(super) fn context(&self) -> Option<&Arc<Context>> {
        self.0.as_ref().map(|filled| filled.memory.context())
    }

    /// Waits until the numbers are there.
    ///
    /// # Errors
    /// [`Error::DeviceLost`] if what writes them failed.
    pub(super) fn synchronize(&self) -> Result<(), Error> {
        match &self.0 {
            None => Ok(()),
            Some(filled) => filled.ready.synchronize().map_err(failure::driver),
        }
    }

    /// Copies the first numbers to the host as soon as they are there.
    ///
    /// # Errors
    /// [`Error::DeviceLost`] if what writes them failed.
    ///
    /// # Panics
    /// If there are fewer.
    pub(super) fn download<T: Plain>(&self, into: &mut [T]) -> Result<(), Error> {
        self.synchronize()?;
        match &self.0 {
            None => {
                assert!(into.is_empty(), "{} numbers of none", into.len());
                Ok(())
            }
            Some(filled) => filled.memory.download(into).map_err(failure::driver),
        }
    }
}

/// The size of `rows` · `dim` numbers.
///
/// # Errors
/// [`Error::TooLarge`].
pub(super) fn bytes<T>(rows: usize, dim: usize) -> Result<usize, Error> {
    let numbers = rows.checked_mul(dim).and_then(|numbers| numbers.checked_mul(size_of::<T>()));
    numbers.filter(|bytes| isize::try_from(*bytes).is_ok()).ok_or(Error::TooLarge { rows, dim })
}
