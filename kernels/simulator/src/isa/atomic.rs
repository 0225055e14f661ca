//! Atomic operations: `atom red`.

use super::Decoding;
use super::memory::take_hints;
use crate::compile::{Address, Atomic, AtomicOperation, Step};
use crate::ptx::{Space, Type};

fn parse(name: &str) -> Option<AtomicOperation> {
    Some(match name {
        "add" => AtomicOperation::Add,
        "exch" => AtomicOperation::Exchange,
        "cas" => AtomicOperation::CompareAndSwap,
        "min" => AtomicOperation::Min,
        "max" => AtomicOperation::Max,
        "and" => AtomicOperation::And,
        "or" => AtomicOperation::Or,
        "xor" => AtomicOperation::Xor,
        "inc" => AtomicOperation::Increment,
        "dec" => AtomicOperation::Decrement,
        _ => return None,
    })
}

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Step, String> {
    take_hints(&mut x.opcode);
    let space = x.opcode.take_first(Space::parse).unwrap_or(Space::Generic);
    let operation = x.opcode.take_first(parse).ok_or_else(|| format!("`{}` lacks an operation", x.opcode))?;
    let kind = x.opcode.take_type()?;
    let float_only_adds = kind.is_float() && operation != AtomicOperation::Add;
    if kind.bytes() < 4 || float_only_adds {
        return Err(x.unsupported(kind));
    }
    let reduces = x.opcode.name == "red";
    let destination = if reduces { None } else { Some(x.destination(kind)?) };
    let first = if reduces { 0 } else { 1 };
    let operand = x.operand(first)?.clone();
    let (base, offset, _) = x.compiler.address(&operand)?;
    let count = if operation == AtomicOperation::CompareAndSwap { 2 } else { 1 };
    let mut sources = Vec::new();
    for i in 1..=count {
        sources.push(x.source(first + i, kind)?);
    }
    let address = Address { base, offset };
    Ok(Step::Atomic(Atomic { space, address, kind, operation, destination, sources }))
}

/// The new value in memory.
pub(crate) fn apply(operation: AtomicOperation, kind: Type, old: u64, operands: &[u64]) -> u64 {
    let a = operands[0];
    let signed = |bits: u64| if kind.bits() == 32 { i64::from(bits as i32) } else { bits as i64 };
    let new = match (operation, kind) {
        (AtomicOperation::Add, Type::F32) => {
            (f32::from_bits(old as u32) + f32::from_bits(a as u32)).to_bits().into()
        }
        (AtomicOperation::Add, Type::F64) => (f64::from_bits(old) + f64::from_bits(a)).to_bits(),
        (AtomicOperation::Add, _) => old.wrapping_add(a),
        (AtomicOperation::Exchange, _) => a,
        (AtomicOperation::CompareAndSwap, _) if old == a => operands[1],
        (AtomicOperation::CompareAndSwap, _) => old,
        (AtomicOperation::Min, _) if kind.is_signed() => signed(old).min(signed(a)) as u64,
        (AtomicOperation::Max, _) if kind.is_signed() => signed(old).max(signed(a)) as u64,
        (AtomicOperation::Min, _) => old.min(a),
        (AtomicOperation::Max, _) => old.max(a),
        (AtomicOperation::And, _) => old & a,
        (AtomicOperation::Or, _) => old | a,
        (AtomicOperation::Xor, _) => old ^ a,
        (AtomicOperation::Increment, _) => {
            if old >= a {
                0
            } else {
                old + 1
            }
        }
        (AtomicOperation::Decrement, _) => {
            if old == 0 || old > a {
                a
            } else {
                old - 1
            }
        }
    };
    if kind.bits() == 32 { new & 0xffff_ffff } else { new }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{rejected, word};
    use super::*;

    /// 32 lanes change one shared word; the code leaves its final value in `%r0`.
    fn all_lanes(instruction: &str, start: u32) -> u32 {
        let code = format!(
            "{{ .shared .align 4 .b8 s[4]; mov.u32 %lane, %tid.x; .reg .pred %p; setp.eq.u32 %p, %lane, 0; \
             @%p st.shared.u32 [s], %r1; bar.sync 0; {instruction} bar.sync 0; ld.shared.u32 %r0, [s]; }}"
        );
        word(&code, &[start])
    }

    #[test]
    fn every_lane_contributes_once() {
        assert_eq!(all_lanes("atom.shared.add.u32 %r2, [s], 3;", 1), 97);
        assert_eq!(all_lanes("red.shared.add.u32 [s], %lane;", 0), 31 * 16);
        assert_eq!(all_lanes("red.relaxed.cta.shared.max.s32 [s], %lane;", u32::MAX), 31);
        assert_eq!(all_lanes("red.shared.or.b32 [s], %lane;", 0), 31);
        assert_eq!(all_lanes("atom.shared.inc.u32 %r2, [s], 20;", 0), 32 % 21);
        assert_eq!(all_lanes("atom.shared.cas.b32 %r2, [s], 5, 9;", 5), 9);
        assert_eq!(all_lanes("red.shared.add.f32 [s], 0f3F800000;", 0), 32f32.to_bits());
    }

    #[test]
    fn operations() {
        use AtomicOperation::*;
        let minus = -2i32 as u32 as u64;
        assert_eq!(apply(Min, Type::S32, 1, &[minus]), minus);
        assert_eq!(apply(Min, Type::U32, 1, &[minus]), 1);
        assert_eq!(apply(Max, Type::S64, 1, &[-2i64 as u64]), 1);
        assert_eq!(apply(Decrement, Type::U32, 0, &[7]), 7);
        assert_eq!(apply(Decrement, Type::U32, 5, &[7]), 4);
        assert_eq!(apply(Exchange, Type::B64, 5, &[7]), 7);
        assert_eq!(apply(Add, Type::U32, 0xffff_ffff, &[2]), 1);
        assert_eq!(f64::from_bits(apply(Add, Type::F64, 1f64.to_bits(), &[0.5f64.to_bits()])), 1.5);
    }

    #[test]
    fn refused_forms() {
        assert!(rejected("red.global.min.f32 [%in], %f1;").contains("not simulated"));
        assert!(rejected("atom.global.u32 %r0, [%in], %r1;").contains("lacks an operation"));
    }
}
