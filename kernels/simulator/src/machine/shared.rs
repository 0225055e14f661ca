//! Shared memory of a block.

use super::diagnosis::{Cause, Fault};
use super::memory::Access;
use super::shadow::{Shadow, Stamp};
use crate::program::{DYNAMIC_SHARED, Program};

/// The program's own shared variables, and the dynamic shared memory of the launch, far behind them.
#[derive(Debug)]
pub(super) struct Shared {
    fixed: Part,
    dynamic: Part,
}

#[derive(Debug)]
struct Part {
    base: u64,
    data: Vec<u8>,
    shadow: Shadow,
}

impl Part {
    fn new(base: u64, bytes: usize, granule: usize) -> Part {
        Part { base, data: vec![0xa5; bytes], shadow: Shadow::new(bytes, granule) }
    }
}

impl Shared {
    /// Memory for the blocks of a launch, one after the other: each finds it undefined, which the stamps of
    /// its shadow tell.
    pub(super) fn new(program: &Program, dynamic: usize) -> Shared {
        let granule = program.granule;
        Shared {
            fixed: Part::new(0, program.shared_extent, granule),
            dynamic: Part::new(program.dynamic_shared, dynamic, granule),
        }
    }

    fn locate(&mut self, address: u64, bytes: usize) -> Result<(&mut Part, usize), Fault> {
        let part = if address >= DYNAMIC_SHARED { &mut self.dynamic } else { &mut self.fixed };
        // In front of the dynamic memory it wraps, and is behind any end.
        let offset = address.wrapping_sub(part.base);
        if offset.checked_add(bytes as u64).is_some_and(|end| end <= part.data.len() as u64) {
            return Ok((part, offset as usize));
        }
        let what = if part.base == 0 { "the kernel's shared variables" } else { "the dynamic shared memory" };
        let size = part.data.len();
        let offset = offset as i64;
        Err(Fault::new(
            Cause::OutOfBounds,
            format!("{bytes} bytes at offset {offset} of {what}, which is {size} bytes"),
        ))
    }

    /// The access as this memory sees it: for each block it is new memory, as for each launch.
    fn seen<'k>(by: &Access<'k>) -> Access<'k> {
        Access { stamp: Stamp { launch: by.stamp.block + 1, ..by.stamp }, ..*by }
    }

    pub(super) fn load(&mut self, address: u64, into: &mut [u8], by: &Access<'_>) -> Result<(), Fault> {
        let by = &Self::seen(by);
        let (part, offset) = self.locate(address, into.len())?;
        part.check_written(offset, into.len(), by)?;
        if by.races {
            part.shadow.read(offset, into.len(), by.now())?;
        }
        into.copy_from_slice(&part.data[offset..offset + into.len()]);
        Ok(())
    }

    pub(super) fn store(&mut self, address: u64, data: &[u8], by: &Access<'_>) -> Result<(), Fault> {
        let by = &Self::seen(by);
        let (part, offset) = self.locate(address, data.len())?;
        if by.races {
            part.shadow.write(offset, data.len(), by.now())?;
        }
        part.data[offset..offset + data.len()].copy_from_slice(data);
        Ok(())
    }

    pub(super) fn atomic(&mut self, address: u64, bytes: usize, by: &Access<'_>) -> Result<&mut [u8], Fault> {
        let by = &Self::seen(by);
        let (part, offset) = self.locate(address, bytes)?;
        part.check_written(offset, bytes, by)?;
        if by.races {
            part.shadow.atomic(offset, bytes, by.now())?;
        }
        Ok(&mut part.data[offset..offset + bytes])
    }
}

impl Part {
    /// What was written is told by the stamps of the race check, so that one is not had without the other.
    fn check_written(&self, offset: usize, bytes: usize, by: &Access<'_>) -> Result<(), Fault> {
        if !by.uninitialised || !by.races || self.shadow.is_written(offset, bytes, by.stamp) {
            return Ok(());
        }
        Err(Fault::new(
            Cause::Uninitialised,
            format!("{bytes} bytes at offset {offset} of shared memory, not all written by this block"),
        ))
    }
}
