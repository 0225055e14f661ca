//! Which types and how many operands instructions have, checked before a family compiles one: what follows may rely on
//! them, and ptxas refuses others.

use std::ops::RangeInclusive;

use crate::ptx::{Opcode, Type};
use Type::{B8, B16, B32, B64, F32, F64, Predicate, S8, S16, S32, S64, U8, U16, U32, U64};

const BITS: &[Type] = &[B16, B32, B64];
const LONG_BITS: &[Type] = &[B32, B64];
const INTEGERS: &[Type] = &[U16, U32, U64, S16, S32, S64];
const LONG_INTEGERS: &[Type] = &[U32, U64, S32, S64];
const SIGNED: &[Type] = &[S16, S32, S64];
const FLOATS: &[Type] = &[F32, F64];

/// The types that an opcode may name, and the number of its operands; `None` if the instruction is not simulated.
fn form(opcode: &Opcode) -> Option<(Vec<&'static [Type]>, RangeInclusive<usize>)> {
    let has_any = |modifiers: &[&str]| modifiers.iter().any(|modifier| opcode.has(modifier));
    let with_carry = opcode.has("cc");
    let combined = usize::from(has_any(&["and", "or", "xor"]));
    let (types, count): (Vec<&'static [Type]>, usize) = match opcode.name.as_str() {
        "add" | "sub" if with_carry => (vec![LONG_INTEGERS], 3),
        "mad" if with_carry => (vec![LONG_INTEGERS], 4),
        "addc" | "subc" => (vec![LONG_INTEGERS], 3),
        "madc" => (vec![LONG_INTEGERS], 4),
        "add" | "sub" | "mul" | "div" | "min" | "max" => (vec![INTEGERS, FLOATS], 3),
        "mad" => (vec![INTEGERS, FLOATS], 4),
        "fma" => (vec![FLOATS], 4),
        "sad" => (vec![INTEGERS], 4),
        "rem" => (vec![INTEGERS], 3),
        "neg" | "abs" => (vec![SIGNED, FLOATS], 2),
        "copysign" => (vec![FLOATS], 3),
        "rcp" | "sqrt" | "rsqrt" | "testp" => (vec![FLOATS], 2),
        "ex2" | "lg2" | "sin" | "cos" | "tanh" => (vec![&[F32]], 2),
        "and" | "or" | "xor" => (vec![BITS, &[Predicate]], 3),
        "not" => (vec![BITS, &[Predicate]], 2),
        "cnot" => (vec![BITS], 2),
        "lop3" => (vec![&[B32]], 5),
        "shf" | "prmt" => (vec![&[B32]], 4),
        "shl" => (vec![BITS], 3),
        "shr" => (vec![BITS, INTEGERS], 3),
        "clz" | "popc" | "brev" => (vec![LONG_BITS], 2),
        "bfind" => (vec![LONG_INTEGERS], 2),
        "bfe" => (vec![LONG_INTEGERS], 4),
        "bfi" => (vec![LONG_BITS], 5),
        "setp" => (vec![BITS, INTEGERS, FLOATS], 3 + combined),
        "set" => (vec![BITS, INTEGERS, FLOATS], 3 + combined),
        "selp" | "slct" => (vec![BITS, INTEGERS, FLOATS], 4),
        "mov" => (vec![BITS, INTEGERS, FLOATS, &[Predicate]], 2),
        "cvt" => (vec![&[U8, S8, Type::F16], INTEGERS, FLOATS], 2),
        "cvta" => (vec![&[U64]], 2),
        "ld" | "ldu" | "st" => (vec![&[B8, U8, S8], BITS, INTEGERS, FLOATS], 2),
        "atom" => (vec![LONG_BITS, LONG_INTEGERS, FLOATS], 3 + usize::from(opcode.has("cas"))),
        "red" => (vec![LONG_BITS, LONG_INTEGERS, FLOATS], 2),
        "shfl" => (vec![&[B32]], 5),
        "vote" => (vec![&[B32, Predicate]], 3),
        "redux" => (vec![&[B32, U32, S32]], 3),
        "activemask" => (vec![&[B32]], 1),
        "nanosleep" => (vec![&[U32]], 1),
        "bra" | "prefetch" | "prefetchu" => (vec![], 1),
        "bar" | "barrier" if !opcode.has("warp") => return Some((vec![], 1..=2)),
        "bar" => (vec![], 1),
        "membar" | "fence" | "exit" | "trap" => (vec![], 0),
        _ => return None,
    };
    Some((types, count..=count))
}

/// Refuses types and numbers of operands that the instruction does not have.
pub(super) fn check(opcode: &Opcode, operands: usize) -> Result<(), String> {
    let Some((types, counts)) = form(opcode) else {
        return Err(format!("instruction `{opcode}` is not simulated"));
    };
    let named = opcode.modifiers.iter().filter_map(|modifier| Some((modifier, Type::parse(modifier)?)));
    for (modifier, kind) in named {
        if !types.iter().any(|group| group.contains(&kind)) {
            return Err(format!("`{}` of type `{modifier}` is not simulated", opcode.name));
        }
    }
    if !counts.contains(&operands) {
        let (least, most) = counts.into_inner();
        let expected = if least == most { least.to_string() } else { format!("{least} or {most}") };
        return Err(format!("`{opcode}` has {operands} operands instead of {expected}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::rejected;

    /// All of them are refused by ptxas of CUDA 13.0.
    #[test]
    fn types_that_an_instruction_lacks() {
        for code in [
            "shfl.sync.up.b64 %rd0, %rd1, 1, 0, -1;",
            "lop3.b64 %rd0, %rd1, %rd2, %rd3, 1;",
            "prmt.b64 %rd0, %rd1, %rd2, %r1;",
            "shf.l.wrap.b64 %rd0, %rd1, %rd2, %r1;",
            "bfe.u16 %r0, %r1, 1, 2;",
            "activemask.b64 %rd0;",
            "{ .reg .pred %p, %q; selp.pred %p, %p, %q, %q; }",
            "cvta.global.u32 %r0, %r1;",
            "and.u32 %r0, %r1, %r2;",
            "add.b32 %r0, %r1, %r2;",
            "ex2.approx.f64 %fd0, %fd1;",
        ] {
            assert!(rejected(code).contains("is not simulated"), "{code}");
        }
    }

    #[test]
    fn operands_that_are_too_many_or_too_few() {
        for (code, told) in [
            ("{ .reg .pred %p; not.pred %p; }", "1 operands instead of 2"),
            ("add.u32 %r0, %r1, %r2, %r3;", "4 operands instead of 3"),
            ("ld.global.u32 %r0, [%in], 4;", "3 operands instead of 2"),
            ("trap 1;", "1 operands instead of 0"),
            ("bar.sync 0, 32, 1;", "3 operands instead of 1 or 2"),
            ("atom.global.cas.b32 %r0, [%in], 1;", "3 operands instead of 4"),
            ("{ .reg .pred %p; setp.lt.u32 %p, %r1, %r2, %p; }", "4 operands instead of 3"),
        ] {
            let message = rejected(code);
            assert!(message.contains(told), "{code}: {message}");
        }
    }
}
