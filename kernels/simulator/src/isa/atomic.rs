//! Atomic operations: `atom red`.

use super::Decoding;
use super::memory::take_hints;
use crate::program::{Address, Atomic, AtomicOperation, Step};
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

/// Whether there is an operation for a type.
fn is_of(operation: AtomicOperation, kind: Type) -> bool {
    match operation {
        AtomicOperation::Add => matches!(kind, Type::U32 | Type::S32 | Type::U64 | Type::F32 | Type::F64),
        AtomicOperation::Min | AtomicOperation::Max => {
            matches!(kind, Type::U32 | Type::S32 | Type::U64 | Type::S64)
        }
        AtomicOperation::Increment | AtomicOperation::Decrement => kind == Type::U32,
        _ => matches!(kind, Type::B32 | Type::B64),
    }
}

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Step, String> {
    take_hints(&mut x.opcode);
    let space = x.opcode.take_first(Space::parse).unwrap_or(Space::Generic);
    let operation = x.opcode.take_first(parse).ok_or_else(|| format!("`{}` lacks an operation", x.opcode))?;
    let kind = x.opcode.take_type()?;
    if !is_of(operation, kind) {
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

#[cfg(test)]
mod tests {
    use super::super::testing::{rejected, word};

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
    fn refused_forms() {
        for form in ["min.f32 [%in], %f1", "add.s64 [%in], %rd1", "and.u32 [%in], %r1", "inc.s32 [%in], %r1"]
        {
            assert!(rejected(&format!("red.global.{form};")).contains("not simulated"), "{form}");
        }
        assert!(rejected("atom.global.u32 %r0, [%in], %r1;").contains("lacks an operation"));
    }
}
