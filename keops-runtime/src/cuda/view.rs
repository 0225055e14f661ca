//! An argument as a call reads it.

use std::borrow::Cow;
use std::ops::Range;

use super::buffer::Buffer;
use crate::error::Error;
use crate::real::Real;

/// M points with D coordinates on a device, or the one row of a parameter on the host.
#[derive(Debug)]
pub struct View<'a, T: Real> {
    argument: &'static str,
    rows: usize,
    source: Source<'a, T>,
}

/// Where the numbers of a view are.
#[derive(Debug)]
pub(super) enum Source<'a, T: Real> {
    /// In memory that keops owns.
    Owned(&'a Buffer),
    /// In memory of somebody else, of which the driver is asked: an address, and how many numbers.
    Foreign { address: u64, len: usize },
    /// On the host.
    Host(Cow<'a, [T]>),
}

impl<'a, T: Real> View<'a, T> {
    pub(super) fn owned(argument: &'static str, buffer: &'a Buffer, rows: usize) -> View<'a, T> {
        View { argument, rows, source: Source::Owned(buffer) }
    }

    /// Points of `dim` ≥ 1 coordinates: `len` numbers at an address.
    ///
    /// # Errors
    /// [`Error::NotMultiple`] if the numbers are not whole points, or `dim` is 0.
    pub(super) fn foreign(
        argument: &'static str,
        address: u64,
        len: usize,
        dim: usize,
    ) -> Result<View<'a, T>, Error> {
        if dim == 0 || !len.is_multiple_of(dim) {
            return Err(Error::NotMultiple { argument, len, dim });
        }
        Ok(View { argument, rows: len / dim, source: Source::Foreign { address, len } })
    }

    pub(super) fn parameter(argument: &'static str, row: impl Into<Cow<'a, [T]>>) -> View<'a, T> {
        View { argument, rows: 1, source: Source::Host(row.into()) }
    }

    /// The argument's name.
    pub fn argument(&self) -> &'static str {
        self.argument
    }

    /// M, the number of points.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Where points start on the device; 0 for a parameter and for no points.
    pub fn address(&self) -> u64 {
        match &self.source {
            Source::Owned(buffer) => buffer.address(),
            Source::Foreign { address, .. } => *address,
            Source::Host(_) => 0,
        }
    }

    /// The addresses of points.
    pub(super) fn range(&self) -> Range<u64> {
        match &self.source {
            Source::Owned(buffer) => buffer.range(),
            // Memory that exists ends before the last address.
            Source::Foreign { address, len } => *address..*address + (len * size_of::<T>()) as u64,
            Source::Host(_) => 0..0,
        }
    }

    /// The row of a parameter; nothing for points.
    pub fn data(&self) -> &[T] {
        match &self.source {
            Source::Host(row) => row,
            _ => &[],
        }
    }

    pub(super) fn source(&self) -> &Source<'a, T> {
        &self.source
    }
}
