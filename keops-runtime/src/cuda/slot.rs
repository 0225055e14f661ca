//! Memory for a result, as a call sees it before anything runs.

use std::marker::PhantomData;
use std::ops::Range;
use std::sync::Arc;

use keops_driver::device::{Context, Event, Stream};

use super::buffer::{Buffer, bytes};
use super::pointer;
use crate::error::Error;
use crate::memory::Element;
use crate::points::expect_len;

/// Memory for a result on a device: rows that the call allocates, rows of an earlier call, or memory of somebody else.
#[derive(Debug)]
pub struct Slot<'a, E: Element> {
    result: &'static str,
    dim: usize,
    place: Place<'a>,
    element: PhantomData<E>,
}

#[derive(Debug)]
enum Place<'a> {
    /// No memory yet.
    New { numbers: &'a mut Buffer, rows: &'a mut usize },
    /// Memory that keops owns.
    Owned { numbers: &'a mut Buffer, rows: usize },
    /// Memory of somebody else, of which the driver is asked: an address, and how many numbers.
    Foreign { address: u64, len: usize },
}

impl<'a, E: Element> Slot<'a, E> {
    pub(super) fn new(numbers: &'a mut Buffer, rows: &'a mut usize, dim: usize) -> Slot<'a, E> {
        Slot { result: "result", dim, place: Place::New { numbers, rows }, element: PhantomData }
    }

    pub(super) fn owned(
        result: &'static str,
        numbers: &'a mut Buffer,
        rows: usize,
        dim: usize,
    ) -> Slot<'a, E> {
        Slot { result, dim, place: Place::Owned { numbers, rows }, element: PhantomData }
    }

    pub(super) fn foreign(result: &'static str, address: u64, len: usize, dim: usize) -> Slot<'a, E> {
        Slot { result, dim, place: Place::Foreign { address, len }, element: PhantomData }
    }

    /// The name that an error gives.
    pub(super) fn result(&self) -> &'static str {
        self.result
    }

    /// Checks that there is memory for so many rows, if it is there already.
    ///
    /// # Errors
    /// [`Error::ResultLen`], [`Error::TooLarge`].
    pub(super) fn check_len(&self, rows: usize) -> Result<(), Error> {
        let len = match &self.place {
            Place::New { .. } => return Ok(()),
            Place::Owned { rows, .. } => rows * self.dim,
            Place::Foreign { len, .. } => *len,
        };
        expect_len(self.result, len, rows, self.dim)
    }

    /// The context of memory that is there.
    ///
    /// # Errors
    /// [`Error::DevicePointer`], and those of the driver.
    pub(super) fn context(&self) -> Result<Option<Arc<Context>>, Error> {
        match &self.place {
            Place::New { .. } | Place::Foreign { len: 0, .. } => Ok(None),
            Place::Owned { numbers, .. } => Ok(numbers.context().cloned()),
            Place::Foreign { address, len } => {
                pointer::check(self.result, *address, *len, size_of::<E>()).map(Some)
            }
        }
    }

    /// The addresses of memory that is there.
    pub(super) fn range(&self) -> Range<u64> {
        match &self.place {
            Place::New { .. } => 0..0,
            Place::Owned { numbers, .. } => numbers.range(),
            // Memory that exists ends before the last address.
            Place::Foreign { address, len } => *address..*address + (len * size_of::<E>()) as u64,
        }
    }

    /// The stream of rows that keops owns.
    pub(super) fn stream(&self) -> Option<Arc<Stream>> {
        match &self.place {
            Place::Owned { numbers, .. } => numbers.filled()?.stream.clone(),
            Place::New { .. } | Place::Foreign { .. } => None,
        }
    }

    /// Has a stream wait until the memory may be written, and allocates it if it is not there. `ready` is recorded by the
    /// writer.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::OutOfDeviceMemory`], and those of the driver.
    pub(super) fn prepare(
        &mut self,
        count: usize,
        stream: &Arc<Stream>,
        ready: &Arc<Event>,
    ) -> Result<(), Error> {
        match &mut self.place {
            Place::New { numbers, rows } => {
                **numbers = Buffer::new(stream, ready, bytes(count, self.dim, size_of::<E>())?)?;
                **rows = count;
                Ok(())
            }
            Place::Owned { numbers, .. } => numbers.overwrite(stream, ready),
            Place::Foreign { .. } => Ok(()),
        }
    }

    /// Where it starts, once it is there; 0 for no rows.
    pub(super) fn address(&self) -> u64 {
        match &self.place {
            Place::New { numbers, .. } => numbers.address(),
            Place::Owned { numbers, .. } => numbers.address(),
            Place::Foreign { address, .. } => *address,
        }
    }
}
