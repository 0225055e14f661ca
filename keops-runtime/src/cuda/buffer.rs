//! Memory that keops owns on a device.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use keops_driver::device::{Allocation, Context, Event, Failure, Plain, Stream};

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
    /// Whether others than the writing stream may still use the numbers.
    elsewhere: AtomicBool,
}

impl Filled {
    fn share(&self) {
        self.memory.share();
        // Whoever overwrites the numbers has them from those who shared them, so that no further order is needed.
        self.elsewhere.store(true, Ordering::Relaxed);
    }

    /// Has a stream wait until nothing uses the numbers.
    fn wait_to_write(&mut self, stream: &Arc<Stream>) -> Result<(), Failure> {
        if std::mem::take(self.elsewhere.get_mut()) {
            // By which streams is not known: the host waits for all.
            return self.memory.context().synchronize();
        }
        match &self.stream {
            Some(writer) if Arc::ptr_eq(writer, stream) => Ok(()),
            Some(writer) => {
                // It may have read them since.
                let done = Event::new(writer.context())?;
                done.record(writer)?;
                self.memory.share();
                stream.wait(&done)
            }
            None => stream.wait(&self.ready),
        }
    }
}

impl Buffer {
    /// Memory of so many bytes for a result that a stream is to write; `ready` is recorded in it by the writer. If somebody
    /// else keeps the stream, the numbers may outlive it, and are freed after all that was given to the device.
    ///
    /// # Errors
    /// [`Error::OutOfDeviceMemory`].
    pub(super) fn new(stream: &Arc<Stream>, ready: &Arc<Event>, bytes: usize) -> Result<Buffer, Error> {
        if stream.is_owned() {
            return Buffer::in_order(stream, ready, bytes);
        }
        let memory = Allocation::new(stream.context(), bytes);
        Buffer::filled_with(memory, bytes, ready, None)
    }

    /// The same for numbers that a stream outlives, such as those that a call needs for itself: freeing them waits for
    /// nothing.
    ///
    /// # Errors
    /// [`Error::OutOfDeviceMemory`].
    pub(super) fn in_order(stream: &Arc<Stream>, ready: &Arc<Event>, bytes: usize) -> Result<Buffer, Error> {
        let memory = Allocation::in_order(stream, bytes);
        Buffer::filled_with(memory, bytes, ready, Some(stream.clone()))
    }

    fn filled_with(
        memory: Result<Allocation, Failure>,
        bytes: usize,
        ready: &Arc<Event>,
        stream: Option<Arc<Stream>>,
    ) -> Result<Buffer, Error> {
        if bytes == 0 {
            return Ok(Buffer(None));
        }
        let memory = memory.map_err(|f| failure::allocation(f, bytes))?;
        Ok(Buffer(Some(Filled { memory, ready: ready.clone(), stream, elsewhere: AtomicBool::new(false) })))
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
        let buffer = Buffer::new(stream, &ready, size_of_val(numbers))?;
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
                filled.share();
                stream.wait(&filled.ready).map_err(failure::driver)
            }
            None => Ok(()),
        }
    }

    /// Has a stream wait until nothing uses the numbers, and makes it the one that writes them from now on; `ready` is
    /// recorded in it by the writer.
    ///
    /// # Errors
    /// Those of the driver.
    pub(super) fn overwrite(&mut self, stream: &Arc<Stream>, ready: &Arc<Event>) -> Result<(), Error> {
        let Some(filled) = &mut self.0 else { return Ok(()) };
        // Whoever reads the numbers later waits for what is waited for here, even if nothing is written after all.
        filled.wait_to_write(stream).and_then(|()| ready.record(stream)).map_err(failure::driver)?;
        filled.ready = ready.clone();
        filled.stream = stream.is_owned().then(|| stream.clone());
        Ok(())
    }

    /// Says that work which is not known here may use the numbers.
    pub(super) fn share(&self) {
        if let Some(filled) = &self.0 {
            filled.share();
        }
    }

    /// Where it starts; 0 if it is empty.
    pub(super) fn address(&self) -> u64 {
        self.0.as_ref().map_or(0, |filled| filled.memory.address())
    }

    /// Its addresses.
    pub(super) fn range(&self) -> Range<u64> {
        let bytes = self.0.as_ref().map_or(0, |filled| filled.memory.bytes());
        self.address()..self.address() + bytes as u64
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

/// The bytes of `rows` · `dim` numbers of `size` bytes.
///
/// # Errors
/// [`Error::TooLarge`].
pub(super) fn bytes(rows: usize, dim: usize, size: usize) -> Result<usize, Error> {
    let numbers = rows.checked_mul(dim).and_then(|numbers| numbers.checked_mul(size));
    numbers.filter(|bytes| isize::try_from(*bytes).is_ok()).ok_or(Error::TooLarge { rows, dim })
}
