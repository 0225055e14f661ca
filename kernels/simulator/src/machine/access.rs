//! Loads, stores and atomic operations of a warp.

use super::diagnosis::{Cause, Fault};
use super::local::Local;
use super::memory::{Access as By, Memory};
use super::shared::Shared;
use crate::program::lanes::{LANES, Lanes, Mask, Registers, lanes};
use crate::program::{
    Access, Address, Atomic, Base, LOCAL_WINDOW, Register, SHARED_WINDOW, WINDOW, Width, lane_bits,
    set_equal_bits, set_lane_bits,
};
use crate::ptx::{Space, Type};

/// Most bytes of one access: eight elements of eight bytes.
const WIDEST: usize = 64;

/// What a warp can reach.
pub(super) struct Reach<'a> {
    pub(super) memory: &'a mut Memory,
    pub(super) shared: &'a mut Shared,
    pub(super) local: &'a mut Local,
    pub(super) parameters: &'a [u8],
    /// How accesses are checked; the stamp is that of the warp's first lane.
    pub(super) by: By<'a>,
}

impl<'a> Reach<'a> {
    fn by_lane(&self, lane: usize) -> By<'a> {
        let mut by = self.by;
        by.stamp.thread += lane as u16;
        by
    }

    pub(super) fn load(
        &mut self,
        access: &Access,
        registers: &mut Registers,
        mask: Mask,
    ) -> Result<(), Fault> {
        let size = access.kind.bytes();
        let bytes = size * access.registers.len();
        let addresses = addresses(registers, access.address);
        let mut buffer = [0; WIDEST];
        self.by.non_coherent = access.non_coherent;
        let first = mask.trailing_zeros() as usize;
        // One access for all lanes at one address: the way in which rows of a tile are read. In local memory, each
        // lane has its own at an address.
        let uniform = mask.count_ones() > 1
            && lanes(mask).all(|lane| addresses[lane] == addresses[first])
            && resolve(access.space, addresses[first]).0 != Space::Local;
        if uniform {
            let mut by = self.by;
            by.stamp = by.stamp.of_several_lanes();
            let data = &mut buffer[..bytes];
            self.load_lane(access.space, addresses[first], data, first, &by).map_err(|f| f.of_lane(first))?;
            for (i, register) in access.registers.iter().enumerate() {
                let Some(register) = register else { continue };
                let bits = extend(&data[i * size..(i + 1) * size], access.kind);
                set_equal_bits(registers, *register, mask, bits);
            }
            return Ok(());
        }
        for lane in lanes(mask) {
            let by = self.by_lane(lane);
            let data = &mut buffer[..bytes];
            self.load_lane(access.space, addresses[lane], data, lane, &by).map_err(|f| f.of_lane(lane))?;
            for (i, register) in access.registers.iter().enumerate() {
                let Some(register) = register else { continue };
                set_lane_bits(
                    registers,
                    *register,
                    lane,
                    extend(&data[i * size..(i + 1) * size], access.kind),
                );
            }
        }
        Ok(())
    }

    fn load_lane(
        &mut self,
        space: Space,
        address: u64,
        into: &mut [u8],
        lane: usize,
        by: &By<'_>,
    ) -> Result<(), Fault> {
        let (space, address) = resolve(space, address);
        check_alignment(space, address, into.len())?;
        match space {
            Space::Shared => self.shared.load(address, into, by),
            Space::Local => self.local.load(address, into, lane, by.uninitialised),
            Space::Parameter => {
                let end = address.saturating_add(into.len() as u64);
                let source =
                    usize::try_from(end).ok().and_then(|end| self.parameters.get(address as usize..end));
                let source = source.ok_or_else(|| {
                    Fault::new(
                        Cause::OutOfBounds,
                        format!("{} bytes at offset {address} of the parameters", into.len()),
                    )
                })?;
                into.copy_from_slice(source);
                Ok(())
            }
            _ => self.memory.load(address, into, by),
        }
    }

    pub(super) fn store(&mut self, access: &Access, registers: &Registers, mask: Mask) -> Result<(), Fault> {
        let size = access.kind.bytes();
        let bytes = size * access.registers.len();
        let addresses = addresses(registers, access.address);
        let mut buffer = [0; WIDEST];
        for lane in lanes(mask) {
            for (i, register) in access.registers.iter().enumerate() {
                let Some(register) = register else { continue };
                let bits = lane_bits(registers, *register, lane).to_le_bytes();
                buffer[i * size..(i + 1) * size].copy_from_slice(&bits[..size]);
            }
            let by = self.by_lane(lane);
            let (space, address) = resolve(access.space, addresses[lane]);
            let data = &buffer[..bytes];
            check_alignment(space, address, bytes)
                .and_then(|()| match space {
                    Space::Shared => self.shared.store(address, data, &by),
                    Space::Local => self.local.store(address, data, lane),
                    _ => self.memory.store(address, data, &by),
                })
                .map_err(|fault| fault.of_lane(lane))?;
        }
        Ok(())
    }

    pub(super) fn atomic(
        &mut self,
        atomic: &Atomic,
        registers: &mut Registers,
        mask: Mask,
    ) -> Result<(), Fault> {
        let bytes = atomic.kind.bytes();
        let addresses = addresses(registers, atomic.address);
        let width = Width::of(atomic.kind);
        let register = |slot| Register { width, slot };
        for lane in lanes(mask) {
            let operands: Vec<u64> =
                atomic.sources.iter().map(|slot| lane_bits(registers, register(*slot), lane)).collect();
            let by = self.by_lane(lane);
            let (space, address) = resolve(atomic.space, addresses[lane]);
            let place = check_alignment(space, address, bytes).and_then(|()| match space {
                Space::Shared => self.shared.atomic(address, bytes, &by),
                Space::Local => Err(Fault::new(Cause::OutOfBounds, "an atomic operation on local memory")),
                _ => self.memory.atomic(address, bytes, &by),
            });
            let place = place.map_err(|fault| fault.of_lane(lane))?;
            let old = extend(place, Type::B64);
            let new = atomic.operation.apply(atomic.kind, old, &operands);
            place.copy_from_slice(&new.to_le_bytes()[..bytes]);
            if let Some(slot) = atomic.destination {
                set_lane_bits(registers, register(slot), lane, old);
            }
        }
        Ok(())
    }
}

fn addresses(registers: &Registers, address: Address) -> Lanes<u64> {
    let offset = address.offset as u64;
    match address.base {
        Base::Zero => [offset; LANES],
        Base::Word(slot) => registers.words[slot.0 as usize].map(|base| u64::from(base).wrapping_add(offset)),
        Base::Long(slot) => registers.longs[slot.0 as usize].map(|base| base.wrapping_add(offset)),
    }
}

/// The space and address that a generic address means.
fn resolve(space: Space, address: u64) -> (Space, u64) {
    match space {
        Space::Generic if address.wrapping_sub(SHARED_WINDOW) < WINDOW => {
            (Space::Shared, address - SHARED_WINDOW)
        }
        Space::Generic if address.wrapping_sub(LOCAL_WINDOW) < WINDOW => {
            (Space::Local, address - LOCAL_WINDOW)
        }
        Space::Generic => (Space::Global, address),
        space => (space, address),
    }
}

fn check_alignment(space: Space, address: u64, bytes: usize) -> Result<(), Fault> {
    if address.is_multiple_of(bytes as u64) {
        return Ok(());
    }
    let message = format!("{bytes} bytes of {space} memory at {address:#x}, which is no multiple of {bytes}");
    Err(Fault::new(Cause::Misaligned, message))
}

/// The bits of an element, extended to 64 by its sign or by zeros.
fn extend(element: &[u8], kind: Type) -> u64 {
    let mut bytes = [0; 8];
    bytes[..element.len()].copy_from_slice(element);
    let bits = u64::from_le_bytes(bytes);
    let unused = 64 - 8 * element.len() as u32;
    if kind.is_signed() { ((bits << unused) as i64 >> unused) as u64 } else { bits }
}
