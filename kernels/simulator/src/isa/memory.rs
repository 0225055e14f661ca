//! Loads and stores: `ld ldu st`.

use super::Decoding;
use crate::program::{Access, Address, Register, Step};
use crate::ptx::{Opcode, Operand, Space, Type};

/// What is said to the caches and about other devices: it has no effect on one thread after the other.
const HINTS: [&str; 18] = [
    "weak", "volatile", "relaxed", "acquire", "release", "acq_rel", "sc", "cta", "cluster", "gpu", "sys",
    "ca", "cg", "cs", "lu", "cv", "wb", "wt",
];

/// Removes the modifiers that the simulator has no use for.
pub(super) fn take_hints(opcode: &mut Opcode) {
    let hint = |m: &str| HINTS.contains(&m) || m.starts_with("L1::") || m.starts_with("L2::");
    while opcode.take_first(|m| hint(m).then_some(())).is_some() {}
}

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Step, String> {
    take_hints(&mut x.opcode);
    let non_coherent = x.opcode.name == "ld" && x.opcode.take("nc");
    let space = x.opcode.take_first(Space::parse).unwrap_or(Space::Generic);
    let count = x.opcode.take_first(|m| match m {
        "v2" => Some(2),
        "v4" => Some(4),
        "v8" => Some(8),
        _ => None,
    });
    let kind = x.opcode.take_type()?;
    let store = x.opcode.name == "st";
    let (data, address) = if store { (1, 0) } else { (0, 1) };
    let operand = x.operand(data)?.clone();
    let elements = match &operand {
        Operand::Vector(elements) => elements.as_slice(),
        single => std::slice::from_ref(single),
    };
    if elements.len() != count.unwrap_or(1) {
        return Err(format!("{} registers in `{}`", elements.len(), x.opcode.name));
    }
    let mut registers = Vec::new();
    for element in elements {
        registers.push(if store {
            Some(x.compiler.source_of_any_width(element, kind)?)
        } else {
            x.compiler.destination_of_any_width(element)?
        });
    }
    check_widths(kind, &registers)?;
    let operand = x.operand(address)?.clone();
    let (base, offset, named) = x.compiler.address(&operand)?;
    let space = match (space, named) {
        // Parameters of device functions.
        (Space::Parameter, Some(named)) => named,
        (space, _) => space,
    };
    if store && matches!(space, Space::Constant | Space::Parameter) {
        return Err(format!("a store to {space} memory"));
    }
    if non_coherent && space != Space::Global {
        return Err("`.nc` of other than global memory".into());
    }
    let access = Access { space, address: Address { base, offset }, kind, registers, non_coherent };
    Ok(if store { Step::Store(access) } else { Step::Load(access) })
}

/// Registers may be wider than the elements, not narrower.
fn check_widths(kind: Type, registers: &[Option<Register>]) -> Result<(), String> {
    use crate::program::Width;
    let fits = |register: &Register| match register.width {
        Width::Predicate => false,
        Width::Word => kind.bytes() <= 4,
        Width::Long => true,
    };
    if registers.iter().flatten().all(fits) {
        Ok(())
    } else {
        Err(format!("a register is too narrow for `{kind:?}`"))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{long, rejected, word};

    #[test]
    fn local_memory_in_every_width() {
        let code = "{ .local .align 16 .b8 m[32]; st.local.u32 [m+4], %r1; st.local.u8 [m+8], %r1; \
                    st.local.u16 [m+10], %r1; \
                    .reg .b32 %a, %b, %c; \
                    ld.local.u32 %a, [m+4]; ld.local.s8 %b, [m+8]; ld.local.u16 %c, [m+10]; \
                    sub.u32 %r0, %a, %b; add.u32 %r0, %r0, %c; }";
        let x = 0x1234_5690u32;
        assert_eq!(word(code, &[x]), x.wrapping_sub(0xffff_ff90).wrapping_add(0x5690));
    }

    #[test]
    fn vectors_and_generic_addresses() {
        let code = "{ .local .align 16 .b8 m[16]; .reg .b64 %p; mov.u64 %p, m; cvta.local.u64 %p, %p; \
                    st.v2.u32 [%p], {%r1, %r2}; st.v2.u32 [%p+8], {7, 8}; \
                    .reg .b64 %a, %b; ld.local.v2.u64 {%a, %b}, [m]; add.u64 %rd0, %a, %b; }";
        assert_eq!(long(code, &[1, 2]), (2 << 32 | 1) + (8 << 32 | 7));
    }

    #[test]
    fn each_lane_has_its_own_local_memory_at_a_generic_address() {
        let code = "{ .local .align 4 .b8 m[4]; .reg .b64 %p; mov.u64 %p, m; cvta.local.u64 %p, %p; \
                    mov.u32 %r2, %laneid; st.u32 [%p], %r2; ld.u32 %r0, [%p]; \
                    redux.sync.add.u32 %r0, %r0, -1; }";
        assert_eq!(word(code, &[]), 31 * 16);
    }

    #[test]
    fn signs_are_extended_to_the_register() {
        let code = "{ .local .align 4 .b8 m[4]; st.local.u32 [m], %r1; ld.local.s16 %rd0, [m]; }";
        assert_eq!(long(code, &[0xffff]), u64::MAX);
    }

    #[test]
    fn refused_forms() {
        assert!(rejected("ld.global.f64 %f0, [%in];").contains("too narrow"));
        assert!(rejected("st.param.u32 [a], %r1;").contains("a store to parameter memory"));
        assert!(rejected("ld.global.v2.f32 %f0, [%in];").contains("1 registers"));
        assert!(rejected("ld.global.banana.f32 %f0, [%in];").contains("`.banana`"));
    }
}
