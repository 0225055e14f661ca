//! The instructions, one family a module.
//!
//! Each module turns the statements of its family into steps. Arithmetic becomes a closure over register
//! slots that runs on all lanes of a warp; what touches memory or needs other threads becomes a description
//! that the machine carries out.

mod approximate;
mod atomic;
mod availability;
mod bits;
mod carry;
mod compare;
mod control;
mod convert;
mod division;
mod float;
mod forms;
mod integer;
mod memory;
mod movement;
mod warp;
#[cfg(test)]
mod testing;

use crate::compile::Compiler;
use crate::program::Step;
use crate::program::lanes::{Compute, Slot};
use crate::ptx::{Opcode, Operand, Statement, Type};
use crate::rounding::Rounding;

/// A statement being turned into a step.
pub(crate) struct Decoding<'a, 'm> {
    opcode: Opcode,
    operands: &'a [Operand],
    compiler: &'a mut Compiler<'m>,
}

impl Decoding<'_, '_> {
    fn operand(&self, index: usize) -> Result<&Operand, String> {
        self.operands.get(index).ok_or_else(|| format!("operand {} is missing", index + 1))
    }

    fn destination(&mut self, kind: Type) -> Result<Slot, String> {
        let operand = self.operand(0)?.clone();
        self.compiler.destination(&operand, kind)
    }

    fn source(&mut self, index: usize, kind: Type) -> Result<Slot, String> {
        let operand = self.operand(index)?.clone();
        self.compiler.source(&operand, kind)
    }

    /// The sources from operand 1 on, all of one type.
    fn sources<const N: usize>(&mut self, kind: Type) -> Result<[Slot; N], String> {
        let mut slots = [Slot(0); N];
        for (i, slot) in slots.iter_mut().enumerate() {
            *slot = self.source(i + 1, kind)?;
        }
        Ok(slots)
    }

    fn rounding(&mut self) -> Option<Rounding> {
        self.opcode.take_first(Rounding::parse)
    }

    fn unsupported(&self, kind: Type) -> String {
        format!("`{}` of type `{kind:?}` is not simulated", self.opcode.name)
    }
}

/// Turns a statement into a step.
pub(crate) fn compile(statement: &Statement, compiler: &mut Compiler<'_>) -> Result<Step, String> {
    let (version, target) = compiler.version_and_target();
    forms::check(&statement.opcode, statement.operands.len())?;
    availability::check(&statement.opcode, version, target)?;
    let mut decoding = Decoding { opcode: statement.opcode.clone(), operands: &statement.operands, compiler };
    let step = dispatch(&mut decoding)?;
    match decoding.opcode.modifiers.first() {
        None => Ok(step),
        Some(modifier) => Err(format!("modifier `.{modifier}` of `{}` is not simulated", statement.opcode)),
    }
}

fn dispatch(x: &mut Decoding<'_, '_>) -> Result<Step, String> {
    let name = x.opcode.name.clone();
    let float = x.opcode.last_type().is_some_and(Type::is_float);
    let with_carry = x.opcode.has("cc");
    let compute = |compute: Result<Compute, String>| compute.map(Step::Compute);
    match name.as_str() {
        "add" | "sub" | "mad" if with_carry => compute(carry::compile(x)),
        "addc" | "subc" | "madc" => compute(carry::compile(x)),
        "add" | "sub" | "mul" | "fma" | "mad" | "neg" | "abs" | "min" | "max" | "copysign" if float => {
            compute(float::compile(x))
        }
        "add" | "sub" | "mul" | "mad" | "neg" | "abs" | "min" | "max" | "sad" => compute(integer::compile(x)),
        "div" | "rcp" | "sqrt" if float && !x.opcode.has("approx") && !x.opcode.has("full") => {
            compute(division::compile(x))
        }
        "div" | "rem" if !float => compute(division::integer(x)),
        "div" | "rcp" | "sqrt" | "rsqrt" | "ex2" | "lg2" | "sin" | "cos" | "tanh" => {
            compute(approximate::compile(x))
        }
        "and" | "or" | "xor" | "not" | "cnot" | "lop3" | "shl" | "shr" | "shf" | "clz" | "popc" | "brev"
        | "bfind" | "bfe" | "bfi" | "prmt" => compute(bits::compile(x)),
        "setp" | "set" | "selp" | "slct" | "testp" => compute(compare::compile(x)),
        "mov" => compute(movement::compile(x)),
        "cvta" => compute(movement::address(x)),
        "cvt" => compute(convert::compile(x)),
        "ld" | "ldu" | "st" => memory::compile(x),
        "atom" | "red" => atomic::compile(x),
        "shfl" | "vote" | "redux" | "activemask" => warp::compile(x),
        "bra" | "bar" | "barrier" | "membar" | "fence" | "exit" | "trap" | "nanosleep" | "prefetch"
        | "prefetchu" => control::compile(x),
        _ => Err(format!("instruction `{}` is not simulated", x.opcode)),
    }
}
