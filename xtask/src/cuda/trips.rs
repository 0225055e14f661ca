//! How often a loop goes round, where that is fixed: loops over coordinates have constant bounds.
//!
//! Such a loop has a register that starts at a constant, to which a constant is added in each turn, and which is compared
//! with a constant:
//!
//! ```text
//!         UMOV UR8, URZ
//! start:  …
//!         UIADD3 UR8, UR8, 0x4, URZ
//!         UISETP.NE.AND UP0, UPT, UR8, 0x64, UPT      25 turns
//! ```

use super::flow::{Block, Loop};
use super::sass::Instruction;

/// The turns of a loop, if it has exactly one such register.
pub(crate) fn count(code: &[Instruction], blocks: &[Block], loops: &[Loop], of: &Loop) -> Option<usize> {
    let of_inner =
        |block: &usize| loops.iter().any(|inner| inner.is_inside(of) && inner.body.contains(block));
    let own = || of.body.iter().filter(|block| !of_inner(block)).flat_map(|&b| &code[blocks[b].code.clone()]);
    let start = of.body.iter().map(|&block| blocks[block].code.start).min()?;
    let turns = |(register, step): (&str, i64)| {
        let limit = own().find_map(|instruction| limit(instruction, register))?;
        let first = code[..start].iter().rev().find(|before| writes(before, register)).and_then(constant)?;
        let distance = limit - first;
        (step > 0 && distance > 0 && distance % step == 0).then_some((distance / step) as usize)
    };
    let mut found = own().filter_map(step).filter_map(turns);
    let only = found.next()?;
    found.next().is_none().then_some(only)
}

/// The operands of an instruction, without what says that a register is used again.
fn operands(instruction: &Instruction) -> impl Iterator<Item = &str> {
    instruction.operands.split(',').map(|operand| operand.trim().trim_end_matches(".reuse"))
}

/// The register that an instruction adds a constant to, and the constant: `IADD3 R5, R5, 0x4, RZ`, `VIADD R5, R5, 0x4`.
fn step(instruction: &Instruction) -> Option<(&str, i64)> {
    if !matches!(instruction.opcode.as_str(), "IADD3" | "UIADD3" | "VIADD" | "IADD" | "IMAD.IADD") {
        return None;
    }
    let operands: Vec<&str> =
        operands(instruction).filter(|o| !matches!(*o, "RZ" | "URZ" | "PT" | "UPT")).collect();
    match operands[..] {
        // `IMAD.IADD R5, R5, 0x1, R7` multiplies by the constant, and has a third register.
        [to, from, constant] if to == from => Some((to, integer(constant)?)),
        _ => None,
    }
}

/// The constant that an instruction compares the register with: `ISETP.NE.AND P0, PT, R5, 0x310, PT`.
fn limit(instruction: &Instruction, register: &str) -> Option<i64> {
    if !matches!(instruction.operation(), "ISETP" | "UISETP") {
        return None;
    }
    let is_bound = instruction.modifiers().any(|modifier| matches!(modifier, "NE" | "LT" | "GE"));
    let mut rest = operands(instruction).skip_while(|operand| *operand != register);
    rest.next().filter(|_| is_bound)?;
    integer(rest.next()?)
}

/// Whether the first operand, the result, is this register, or the first register of a pair with it.
fn writes(instruction: &Instruction, register: &str) -> bool {
    let Some(to) = operands(instruction).next() else { return false };
    let number = |name: &str| name.trim_start_matches(['U', 'R']).parse::<usize>().ok();
    let pair = matches!(instruction.operation(), "CS2R") || instruction.modifiers().any(|m| m == "64");
    to == register || pair && number(to).zip(number(register)).is_some_and(|(low, n)| low + 1 == n)
}

/// The constant that an instruction without predicate gives to its result.
fn constant(instruction: &Instruction) -> Option<i64> {
    if instruction.predicate.is_some() {
        return None;
    }
    let operands: Vec<&str> = operands(instruction).skip(1).collect();
    match (instruction.opcode.as_str(), &operands[..]) {
        ("MOV" | "UMOV", [value, ..]) | ("IMAD.MOV.U32" | "IMAD.MOV", [_, _, value]) => integer(value),
        (_, ["SRZ"]) if instruction.operation() == "CS2R" => Some(0),
        // Two halves in floating point.
        (_, ["-RZ", "RZ", "0", "0"]) if instruction.operation() == "HFMA2" => Some(0),
        _ => None,
    }
}

/// An integer as an operand.
fn integer(operand: &str) -> Option<i64> {
    match operand.strip_prefix('-') {
        Some(rest) => integer(rest).map(|value| -value),
        None if matches!(operand, "RZ" | "URZ") => Some(0),
        None => i64::from_str_radix(operand.strip_prefix("0x")?, 16).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cuda::flow;
    use crate::cuda::testing::code;

    /// The turns of the only loop of this code.
    fn turns(lines: &[&str]) -> Option<usize> {
        let code = code(lines);
        let blocks = flow::blocks(&code, 0).expect("there are no computed jumps");
        let loops = flow::loops(&blocks);
        assert_eq!(loops.len(), 1);
        count(&code, &blocks, &loops, &loops[0])
    }

    #[test]
    fn registers_of_all_kinds_count() {
        for start in
            ["MOV R5, RZ", "IMAD.MOV.U32 R5, RZ, RZ, RZ", "CS2R R4, SRZ", "HFMA2.MMA R5, -RZ, RZ, 0, 0"]
        {
            for add in ["IADD3 R5, R5.reuse, 0x4, RZ", "VIADD R5, R5, 0x4", "IADD3 R5, PT, PT, R5, 0x4, RZ"] {
                let lines = [start, "NOP", add, "ISETP.NE.AND P0, PT, R5, 0x310, PT", "@P0 BRA 0x10", "EXIT"];
                assert_eq!(turns(&lines), Some(196), "{start}, {add}");
            }
        }
        let uniform = [
            "UMOV UR8, 0x4",
            "UIADD3 UR8, UR8, 0x4, URZ",
            "UISETP.NE.AND UP0, UPT, UR8, 0x64, UPT",
            "BRA.U UP0, 0x10",
            "EXIT",
        ];
        assert_eq!(turns(&uniform), Some(24));
    }

    #[test]
    fn bounds_that_are_not_constant_are_unknown() {
        let with = |start, add, compare| turns(&[start, "NOP", add, compare, "@P0 BRA 0x10", "EXIT"]);
        let (start, add) = ("MOV R5, RZ", "VIADD R5, R5, 0x4");
        assert_eq!(with(start, add, "ISETP.LT.AND P0, PT, R5, 0x20, PT"), Some(8));
        assert_eq!(with(start, add, "ISETP.LT.AND P0, PT, R5, UR6, PT"), None);
        assert_eq!(with(start, add, "ISETP.NE.AND P0, PT, R5, 0x21, PT"), None);
        assert_eq!(with(start, "IMAD.IADD R5, R5, 0x1, R7", "ISETP.NE.AND P0, PT, R5, 0x20, PT"), None);
        assert_eq!(with("S2R R5, SR_TID.X", add, "ISETP.NE.AND P0, PT, R5, 0x20, PT"), None);
        assert_eq!(with("@P1 MOV R5, RZ", add, "ISETP.NE.AND P0, PT, R5, 0x20, PT"), None);
    }
}
