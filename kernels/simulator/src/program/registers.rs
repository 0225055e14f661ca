//! Registers of any width.

use super::lanes::{Mask, Number, Registers, Slot};
use crate::ptx::Type;

/// Width of a register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Width {
    Predicate,
    /// Up to 32 bits.
    Word,
    /// 64 bits.
    Long,
}

impl Width {
    pub(crate) fn of(kind: Type) -> Width {
        match kind {
            Type::Predicate => Width::Predicate,
            _ if kind.bytes() == 8 => Width::Long,
            _ => Width::Word,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Register {
    pub(crate) width: Width,
    pub(crate) slot: Slot,
}

/// The bits of a register's lane, whatever its width.
pub(crate) fn lane_bits(registers: &Registers, register: Register, lane: usize) -> u64 {
    match register.width {
        Width::Predicate => u64::from(registers.predicates[register.slot.0 as usize] >> lane & 1),
        Width::Word => registers.words[register.slot.0 as usize][lane].into(),
        Width::Long => registers.longs[register.slot.0 as usize][lane],
    }
}

/// Sets the lanes of a mask of a register to the same bits; a word keeps the low ones.
pub(crate) fn set_equal_bits(registers: &mut Registers, register: Register, mask: Mask, bits: u64) {
    match register.width {
        Width::Predicate => {
            registers.set_predicate(register.slot, if bits & 1 == 1 { mask } else { 0 }, mask)
        }
        Width::Word => u32::write_each(registers, register.slot, mask, |_| bits as u32),
        Width::Long => u64::write_each(registers, register.slot, mask, |_| bits),
    }
}

/// Sets a register's lane; a word keeps the low bits.
pub(crate) fn set_lane_bits(registers: &mut Registers, register: Register, lane: usize, bits: u64) {
    match register.width {
        Width::Predicate => registers.set_predicate(register.slot, (bits as Mask & 1) << lane, 1 << lane),
        Width::Word => registers.words[register.slot.0 as usize][lane] = bits as u32,
        Width::Long => registers.longs[register.slot.0 as usize][lane] = bits,
    }
}
