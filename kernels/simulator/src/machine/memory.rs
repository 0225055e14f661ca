//! Global memory: allocations far apart from each other, none of which is ever used again once it is freed.

use super::diagnosis::{Cause, Fault};
use super::shadow::{Now, Shadow, Stamp};
use crate::program::odd_multiple;
use crate::ptx::{Space, Variable};

/// The first device address of memory that is not told where to start.
const FIRST: u64 = 1 << 44;
/// Allocations start at multiples of this, as `cuMemAlloc` promises.
const ALIGNMENT: u64 = 256;
/// Bytes between allocations that belong to none.
const GAP: u64 = 4096;

/// Global memory of a context.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// In the order of their addresses; freed ones stay, without their data.
    allocations: Vec<Allocation>,
    next: u64,
    /// Bytes in use.
    in_use: usize,
    /// The allocation accessed last, which is likely to be the next.
    recent: usize,
    /// Launches so far.
    pub(crate) launches: u32,
}

#[derive(Debug)]
struct Allocation {
    base: u64,
    bytes: usize,
    freed: bool,
    /// Whether it is to be freed, and counts as in use no longer.
    leaving: bool,
    read_only: bool,
    data: Vec<u8>,
    /// Which bytes were written; empty once all were.
    written: Vec<bool>,
    unwritten: usize,
    shadow: Shadow,
}

impl Memory {
    /// Memory whose addresses start at `first`.
    pub(crate) fn starting_at(first: u64) -> Memory {
        Memory { next: first, ..Memory::default() }
    }

    /// Allocates memory with undefined contents.
    pub(crate) fn allocate(&mut self, bytes: usize) -> u64 {
        self.allocate_at(self.next.max(FIRST), bytes)
    }

    fn allocate_at(&mut self, base: u64, bytes: usize) -> u64 {
        self.next = (base + bytes as u64 + GAP).next_multiple_of(ALIGNMENT);
        self.in_use += bytes;
        self.allocations.push(Allocation {
            base,
            bytes,
            freed: false,
            leaving: false,
            read_only: false,
            // Not zero, which a program could take for a result.
            data: vec![0xa5; bytes],
            written: vec![false; bytes],
            unwritten: bytes,
            shadow: Shadow::default(),
        });
        base
    }

    /// Allocates a variable of a module, no better aligned than it is declared; bytes without an initial value are
    /// zero.
    pub(crate) fn allocate_variable(&mut self, variable: &Variable) -> u64 {
        let base = odd_multiple(self.next.max(FIRST), variable.alignment as u64);
        self.allocate_at(base, variable.bytes.max(1));
        let last = self.allocations.last_mut().expect("one was just made");
        last.data.fill(0);
        last.data[..variable.initial.len()].copy_from_slice(&variable.initial);
        last.written = Vec::new();
        last.unwritten = 0;
        last.read_only = variable.space == Space::Constant;
        base
    }

    /// Frees an allocation; false if there is none that starts at the address and that nobody has freed.
    pub(crate) fn free(&mut self, base: u64) -> bool {
        let leaving = self.leave(base);
        if leaving {
            self.end(base);
        }
        leaving
    }

    /// Says that an allocation is to be freed, as [`free`](Self::free) does, but leaves it for work that comes before:
    /// until [`end`](Self::end).
    pub(crate) fn leave(&mut self, base: u64) -> bool {
        let Some(allocation) = self.starting_with(base).filter(|a| !a.leaving) else { return false };
        allocation.leaving = true;
        let bytes = allocation.bytes;
        self.in_use -= bytes;
        true
    }

    /// Frees an allocation that was to be freed.
    pub(crate) fn end(&mut self, base: u64) {
        let Some(allocation) = self.starting_with(base) else { return };
        allocation.freed = true;
        allocation.data = Vec::new();
        allocation.written = Vec::new();
        allocation.shadow = Shadow::default();
    }

    fn starting_with(&mut self, base: u64) -> Option<&mut Allocation> {
        let found = self.allocations.binary_search_by_key(&base, |a| a.base);
        found.ok().map(|i| &mut self.allocations[i]).filter(|a| !a.freed)
    }

    /// Bytes in use.
    pub(crate) fn in_use(&self) -> usize {
        self.in_use
    }

    /// Number of allocations in use.
    pub(crate) fn live(&self) -> usize {
        self.allocations.iter().filter(|a| !a.leaving).count()
    }

    /// The start and size of the allocation that an address lies in.
    pub(crate) fn allocation_of(&self, address: u64) -> Option<(u64, usize)> {
        let after = self.allocations.partition_point(|a| a.base <= address);
        let allocation = &self.allocations[after.checked_sub(1)?];
        let inside = !allocation.freed && address < allocation.base + allocation.bytes as u64;
        inside.then_some((allocation.base, allocation.bytes))
    }

    fn locate(&mut self, address: u64, bytes: usize) -> Result<(&mut Allocation, usize), Fault> {
        let holds = |a: &Allocation| {
            !a.freed
                && address >= a.base
                && address - a.base <= a.bytes as u64
                && a.bytes - (address - a.base) as usize >= bytes
        };
        if !self.allocations.get(self.recent).is_some_and(holds) {
            let after = self.allocations.partition_point(|a| a.base <= address);
            let found = after.checked_sub(1).filter(|i| holds(&self.allocations[*i]));
            self.recent = found.ok_or_else(|| self.outside(after, address, bytes))?;
        }
        let allocation = &mut self.allocations[self.recent];
        let offset = (address - allocation.base) as usize;
        Ok((allocation, offset))
    }

    fn outside(&self, after: usize, address: u64, bytes: usize) -> Fault {
        let before = after.checked_sub(1).map(|i| &self.allocations[i]);
        let place = match before {
            Some(a) if a.freed && address < a.base + a.bytes as u64 => "in memory that was freed".to_owned(),
            Some(a) if address < a.base + a.bytes as u64 + GAP => {
                let end = a.base + a.bytes as u64;
                let past = (address + bytes as u64).saturating_sub(end);
                format!("which ends {past} bytes behind an allocation of {} bytes", a.bytes)
            }
            _ => match self.allocations.get(after) {
                Some(next) if address + GAP >= next.base => {
                    format!("{} bytes in front of an allocation of {} bytes", next.base - address, next.bytes)
                }
                _ => "in no allocation".to_owned(),
            },
        };
        Fault::new(Cause::OutOfBounds, format!("{bytes} bytes of global memory at {address:#x}, {place}"))
    }

    /// Writes from the host.
    pub(crate) fn write(&mut self, address: u64, data: &[u8]) -> Result<(), Fault> {
        let (allocation, offset) = self.locate(address, data.len())?;
        allocation.data[offset..offset + data.len()].copy_from_slice(data);
        allocation.mark_written(offset, data.len());
        Ok(())
    }

    /// Fills from the host: `count` times a pattern.
    pub(crate) fn fill(&mut self, address: u64, pattern: &[u8], count: usize) -> Result<(), Fault> {
        let (allocation, offset) = self.locate(address, pattern.len() * count)?;
        let place = &mut allocation.data[offset..offset + pattern.len() * count];
        place.chunks_exact_mut(pattern.len()).for_each(|chunk| chunk.copy_from_slice(pattern));
        allocation.mark_written(offset, pattern.len() * count);
        Ok(())
    }

    /// Reads from the host.
    pub(crate) fn read(&mut self, address: u64, into: &mut [u8]) -> Result<(), Fault> {
        let (allocation, offset) = self.locate(address, into.len())?;
        allocation.check_written(offset, into.len())?;
        self.read_unchecked(address, into)
    }

    /// Reads from the host, written or not.
    pub(crate) fn read_unchecked(&mut self, address: u64, into: &mut [u8]) -> Result<(), Fault> {
        let (allocation, offset) = self.locate(address, into.len())?;
        into.copy_from_slice(&allocation.data[offset..offset + into.len()]);
        Ok(())
    }

    /// Copies within the device; what was not written stays so.
    pub(crate) fn copy(&mut self, destination: u64, source: u64, bytes: usize) -> Result<(), Fault> {
        let (from, start) = self.locate(source, bytes)?;
        let data = from.data[start..start + bytes].to_vec();
        let written =
            if from.unwritten == 0 { Vec::new() } else { from.written[start..start + bytes].to_vec() };
        let (to, start) = self.locate(destination, bytes)?;
        to.data[start..start + bytes].copy_from_slice(&data);
        to.mark_written(start, bytes);
        written.iter().enumerate().filter(|(_, w)| !**w).for_each(|(i, _)| to.mark_unwritten(start + i));
        Ok(())
    }

    /// A load by a kernel.
    pub(super) fn load(&mut self, address: u64, into: &mut [u8], by: &Access<'_>) -> Result<(), Fault> {
        let (allocation, offset) = self.locate(address, into.len())?;
        if by.uninitialised {
            allocation.check_written(offset, into.len())?;
        }
        if by.races && !allocation.read_only {
            allocation.shadow.prepare(allocation.bytes, by.granule);
            if by.non_coherent {
                allocation.shadow.read_of_another_launch(offset, into.len(), by.stamp)?;
            }
            allocation.shadow.read(offset, into.len(), by.now())?;
        }
        into.copy_from_slice(&allocation.data[offset..offset + into.len()]);
        Ok(())
    }

    /// A store by a kernel.
    pub(super) fn store(&mut self, address: u64, data: &[u8], by: &Access<'_>) -> Result<(), Fault> {
        let (allocation, offset) = self.writable(address, data.len())?;
        if by.races {
            allocation.shadow.prepare(allocation.bytes, by.granule);
            allocation.shadow.write(offset, data.len(), by.now())?;
        }
        allocation.data[offset..offset + data.len()].copy_from_slice(data);
        allocation.mark_written(offset, data.len());
        Ok(())
    }

    /// The bytes of an atomic operation by a kernel, to be read and written.
    pub(super) fn atomic(&mut self, address: u64, bytes: usize, by: &Access<'_>) -> Result<&mut [u8], Fault> {
        let (allocation, offset) = self.writable(address, bytes)?;
        if by.uninitialised {
            allocation.check_written(offset, bytes)?;
        }
        if by.races {
            allocation.shadow.prepare(allocation.bytes, by.granule);
            allocation.shadow.atomic(offset, bytes, by.now())?;
        }
        Ok(&mut allocation.data[offset..offset + bytes])
    }

    fn writable(&mut self, address: u64, bytes: usize) -> Result<(&mut Allocation, usize), Fault> {
        let (allocation, offset) = self.locate(address, bytes)?;
        if allocation.read_only {
            return Err(Fault::new(Cause::ReadOnly, format!("{bytes} bytes at {address:#x}")));
        }
        Ok((allocation, offset))
    }
}

/// How a kernel accesses memory.
#[derive(Debug, Clone, Copy)]
pub(super) struct Access<'k> {
    pub(super) stamp: Stamp,
    /// What the warp knows of the others of its block, as in [`Now`].
    pub(super) known: &'k [u16],
    pub(super) granule: usize,
    pub(super) races: bool,
    pub(super) uninitialised: bool,
    /// Whether it is a load that does not see stores of the same launch.
    pub(super) non_coherent: bool,
}

impl<'k> Access<'k> {
    pub(super) fn now(&self) -> Now<'k> {
        Now { stamp: self.stamp, known: self.known }
    }
}

impl Allocation {
    fn mark_written(&mut self, offset: usize, bytes: usize) {
        if self.unwritten == 0 {
            return;
        }
        for written in &mut self.written[offset..offset + bytes] {
            self.unwritten -= usize::from(!*written);
            *written = true;
        }
        if self.unwritten == 0 {
            self.written = Vec::new();
        }
    }

    /// After a copy of what was not written.
    fn mark_unwritten(&mut self, offset: usize) {
        if self.unwritten == 0 {
            self.written = vec![true; self.bytes];
        }
        self.unwritten += usize::from(self.written[offset]);
        self.written[offset] = false;
    }

    fn check_written(&self, offset: usize, bytes: usize) -> Result<(), Fault> {
        if self.unwritten == 0 {
            return Ok(());
        }
        match self.written[offset..offset + bytes].iter().position(|written| !written) {
            None => Ok(()),
            Some(i) => Err(Fault::new(
                Cause::Uninitialised,
                format!("byte {} of an allocation of {} bytes was never written", offset + i, self.bytes),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_of_allocations() {
        let mut memory = Memory::default();
        let a = memory.allocate(10);
        assert_eq!(a % ALIGNMENT, 0);
        memory.write(a, &[1; 10]).expect("it fits");
        let told = |memory: &mut Memory, address, bytes: usize| {
            memory.read(address, &mut vec![0; bytes]).expect_err("out of bounds").message
        };
        assert!(told(&mut memory, a + 4, 8).contains("ends 2 bytes behind an allocation of 10 bytes"));
        assert!(told(&mut memory, a - 4, 4).contains("4 bytes in front"));
        assert!(told(&mut memory, 0, 4).contains("in no allocation"));
        assert!(memory.free(a) && !memory.free(a) && !memory.free(a + 1));
        assert!(told(&mut memory, a, 4).contains("freed"));
        assert_eq!((memory.in_use(), memory.live()), (0, 0));
        assert_ne!(memory.allocate(10), a, "addresses are not used again");
    }

    #[test]
    fn unwritten_bytes_are_found_and_copied_as_such() {
        let mut memory = Memory::default();
        let (a, b) = (memory.allocate(8), memory.allocate(8));
        memory.write(a, &[7; 4]).expect("it fits");
        memory.copy(b, a, 8).expect("it fits");
        assert_eq!(memory.read(b, &mut [0; 8]).expect_err("half of it").cause, Cause::Uninitialised);
        let mut half = [0; 4];
        memory.read(b, &mut half).expect("it was written");
        assert_eq!(half, [7; 4]);
        memory.fill(b, &[1, 2], 4).expect("it fits");
        let mut all = [0; 8];
        memory.read(b, &mut all).expect("it was written");
        assert_eq!(all, [1, 2, 1, 2, 1, 2, 1, 2]);
        memory.copy(b, a, 8).expect("it fits");
        assert_eq!(
            memory.read(b, &mut all).expect_err("half is undefined again").cause,
            Cause::Uninitialised
        );
    }

    #[test]
    fn variables_start_with_their_value_and_zeros() {
        let mut memory = Memory::default();
        let a = memory.allocate_variable(&Variable {
            name: "a".to_owned(),
            space: Space::Constant,
            bytes: 4,
            alignment: 4,
            initial: vec![9],
        });
        assert_eq!(a % 8, 4, "no better aligned than declared");
        let mut all = [1; 4];
        memory.read(a, &mut all).expect("it is initialised");
        assert_eq!(all, [9, 0, 0, 0]);
        let by = Access {
            stamp: Stamp::default(),
            known: &[],
            granule: 4,
            races: true,
            uninitialised: true,
            non_coherent: false,
        };
        assert_eq!(memory.store(a, &[1; 4], &by).expect_err("constant").cause, Cause::ReadOnly);
        assert_eq!(memory.allocation_of(a + 3), Some((a, 4)));
        assert_eq!(memory.allocation_of(a + 4), None);
    }
}
