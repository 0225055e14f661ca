//! Local memory: each lane's own.

use super::diagnosis::{Cause, Fault};

/// Local memory of the lanes of a warp.
#[derive(Debug, Default, Clone)]
pub(super) struct Local {
    bytes: usize,
    data: Vec<u8>,
    written: Vec<bool>,
}

impl Local {
    pub(super) fn new(bytes: usize) -> Local {
        let all = bytes * crate::program::lanes::LANES;
        Local { bytes, data: vec![0xa5; all], written: vec![false; all] }
    }

    /// Makes the contents undefined, for the next block.
    pub(super) fn forget(&mut self) {
        self.written.fill(false);
    }

    fn range(&self, address: u64, bytes: usize, lane: usize) -> Result<std::ops::Range<usize>, Fault> {
        if address.checked_add(bytes as u64).is_some_and(|end| end <= self.bytes as u64) {
            let start = lane * self.bytes + address as usize;
            return Ok(start..start + bytes);
        }
        Err(Fault::new(
            Cause::OutOfBounds,
            format!("{bytes} bytes at offset {address} of the thread's local memory of {} bytes", self.bytes),
        ))
    }

    pub(super) fn load(
        &self,
        address: u64,
        into: &mut [u8],
        lane: usize,
        uninitialised: bool,
    ) -> Result<(), Fault> {
        let range = self.range(address, into.len(), lane)?;
        if uninitialised && !self.written[range.clone()].iter().all(|written| *written) {
            return Err(Fault::new(
                Cause::Uninitialised,
                format!("{} bytes at offset {address} of the thread's local memory", into.len()),
            ));
        }
        into.copy_from_slice(&self.data[range]);
        Ok(())
    }

    pub(super) fn store(&mut self, address: u64, data: &[u8], lane: usize) -> Result<(), Fault> {
        let range = self.range(address, data.len(), lane)?;
        self.written[range.clone()].fill(true);
        self.data[range].copy_from_slice(data);
        Ok(())
    }
}
