//! Names and operands: what they stand for, and the register that holds it.

use std::collections::HashMap;

use super::{Compiler, JUNK};
use crate::program::lanes::Slot;
use crate::program::{Base, Register, Special, Width};
use crate::ptx::{Operand, Space, Type};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Symbol {
    Register(Register),
    /// A special register, which is only read.
    Special(Register),
    /// A variable, by its address in a space.
    Address(Space, u64),
}

pub(super) type Scope = HashMap<String, Symbol>;

impl Compiler<'_> {
    pub(crate) fn symbol(&mut self, name: &str) -> Result<Symbol, String> {
        let scopes = self.frame().scopes.iter().rev();
        if let Some(symbol) = scopes.filter_map(|scope| scope.get(name)).next() {
            return Ok(*symbol);
        }
        if let Some(address) = self.module_shared(name) {
            return Ok(Symbol::Address(Space::Shared, address));
        }
        if let Some(address) = self.globals.get(name) {
            return Ok(Symbol::Address(Space::Global, *address));
        }
        if let Some(special) = Special::parse(name) {
            return Ok(Symbol::Special(Register { width: Width::Word, slot: self.special(special) }));
        }
        Err(format!("`{name}` is not declared, or not simulated"))
    }

    fn special(&mut self, special: Special) -> Slot {
        if let Some(slot) = self.specials.get(&special) {
            return *slot;
        }
        let slot = self.new_register(Width::Word, JUNK);
        self.specials.insert(special, slot);
        slot
    }

    fn constant(&mut self, width: Width, value: u64) -> Slot {
        if let Some(slot) = self.constants.get(&(width, value)) {
            return *slot;
        }
        let slot = self.new_register(width, value);
        self.constants.insert((width, value), slot);
        slot
    }

    /// The register of an operand that is read as a type.
    pub(crate) fn source(&mut self, operand: &Operand, kind: Type) -> Result<Slot, String> {
        let width = Width::of(kind);
        if let Operand::Name(name) = operand {
            return match self.symbol(name)? {
                Symbol::Register(register) | Symbol::Special(register) if register.width == width => {
                    Ok(register.slot)
                }
                Symbol::Register(_) | Symbol::Special(_) => {
                    Err(format!("`{name}` does not have the width of `{kind:?}`"))
                }
                Symbol::Address(_, address) => Ok(self.constant(width, address)),
            };
        }
        let bits = immediate(operand, kind)?;
        Ok(self.constant(width, bits))
    }

    /// The register that an instruction writes. `_` is a register that nobody reads.
    pub(crate) fn destination(&mut self, operand: &Operand, kind: Type) -> Result<Slot, String> {
        let register = self.destination_of_any_width(operand)?;
        match register {
            Some(register) if register.width == Width::of(kind) => Ok(register.slot),
            Some(_) => Err(format!("{operand:?} does not have the width of `{kind:?}`")),
            None => Ok(self.new_register(Width::of(kind), JUNK)),
        }
    }

    /// As [`destination`](Self::destination), for instructions that extend to the width of the register;
    /// `None` for `_`.
    pub(crate) fn destination_of_any_width(&mut self, operand: &Operand) -> Result<Option<Register>, String> {
        let Operand::Name(name) = operand else { return Err(format!("{operand:?} is no register")) };
        if name == "_" {
            return Ok(None);
        }
        match self.symbol(name)? {
            Symbol::Register(register) => Ok(Some(register)),
            Symbol::Special(_) => Err(format!("`{name}` is not written by instructions")),
            Symbol::Address(..) => Err(format!("`{name}` is no register")),
        }
    }

    /// As [`source`](Self::source), for instructions that read the low bits of a wider register.
    pub(crate) fn source_of_any_width(&mut self, operand: &Operand, kind: Type) -> Result<Register, String> {
        if let Operand::Name(name) = operand
            && let Symbol::Register(register) | Symbol::Special(register) = self.symbol(name)?
        {
            return Ok(register);
        }
        Ok(Register { width: Width::of(kind), slot: self.source(operand, kind)? })
    }

    /// A predicate, and whether it is negated.
    pub(crate) fn predicate(&mut self, operand: &Operand) -> Result<(Slot, bool), String> {
        let (name, negated) = match operand {
            Operand::Not(name) => (name, true),
            Operand::Name(name) => (name, false),
            Operand::Integer(value) => {
                return Ok((self.constant(Width::Predicate, *value as u64 & 1), false));
            }
            _ => return Err(format!("{operand:?} is no predicate")),
        };
        match self.symbol(name)? {
            Symbol::Register(Register { width: Width::Predicate, slot }) => Ok((slot, negated)),
            _ => Err(format!("`{name}` is no predicate")),
        }
    }

    /// The base and the offset of an address operand, and the space of a variable that it names.
    pub(crate) fn address(&mut self, operand: &Operand) -> Result<(Base, i64, Option<Space>), String> {
        let Operand::Address(base, offset) = operand else {
            return Err(format!("{operand:?} is no address"));
        };
        let Some(name) = base else { return Ok((Base::Zero, *offset, None)) };
        Ok(match self.symbol(name)? {
            Symbol::Register(Register { width: Width::Word, slot }) => (Base::Word(slot), *offset, None),
            Symbol::Register(Register { width: Width::Long, slot }) => (Base::Long(slot), *offset, None),
            Symbol::Register(_) | Symbol::Special(_) => return Err(format!("`{name}` is no address")),
            Symbol::Address(space, address) => {
                (Base::Zero, (address as i64).wrapping_add(*offset), Some(space))
            }
        })
    }
}

/// The bits of an immediate operand.
fn immediate(operand: &Operand, kind: Type) -> Result<u64, String> {
    let bits = match (operand, kind) {
        (Operand::Integer(value), _) if !kind.is_float() => *value as u64,
        (Operand::Single(value), Type::F32 | Type::B32 | Type::U32) => value.to_bits().into(),
        (Operand::Double(value), Type::F64 | Type::B64 | Type::U64) => value.to_bits(),
        (Operand::Double(value), Type::F32) => (*value as f32).to_bits().into(),
        _ => return Err(format!("{operand:?} is no `{kind:?}`")),
    };
    Ok(if kind.bits() == 64 { bits } else { bits & ((1 << kind.bits()) - 1) })
}
