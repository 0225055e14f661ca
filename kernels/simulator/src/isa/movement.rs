//! Movement between registers: `mov`, with packing and unpacking, and `cvta`.

use super::Decoding;
use crate::program::lanes::{Compute, lanes, map1};
use crate::program::{LOCAL_WINDOW, Register, SHARED_WINDOW, Width, lane_bits, set_lane_bits};
use crate::ptx::{Operand, Space, Type};

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let kind = x.opcode.take_type()?;
    match (x.operand(0)?.clone(), x.operand(1)?.clone()) {
        (Operand::Vector(parts), whole) => unpack(x, kind, &parts, &whole),
        (_, Operand::Vector(parts)) => pack(x, kind, &parts),
        (_, source) if kind == Type::Predicate => {
            let d = x.destination(kind)?;
            let (a, negated) = x.compiler.predicate(&source)?;
            Ok(Box::new(move |registers, mask| {
                registers.set_predicate(d, registers.predicate(a, negated), mask)
            }))
        }
        _ => {
            let d = x.destination(kind)?;
            let [a] = x.sources(kind)?;
            Ok(match kind.bytes() {
                8 => map1(d, a, |a: u64| a),
                _ => map1(d, a, |a: u32| a),
            })
        }
    }
}

/// The type of the parts of a value, lowest first.
fn part(kind: Type, count: usize) -> Result<Type, String> {
    Ok(match kind.bits() as usize / count.max(1) {
        8 => Type::B8,
        16 => Type::B16,
        32 => Type::B32,
        _ => return Err(format!("`{kind:?}` in {count} parts is not simulated")),
    })
}

fn unpack(
    x: &mut Decoding<'_, '_>,
    kind: Type,
    parts: &[Operand],
    whole: &Operand,
) -> Result<Compute, String> {
    let bits = part(kind, parts.len())?.bits();
    let a = x.compiler.source_of_any_width(whole, kind)?;
    let mut registers = Vec::new();
    for operand in parts {
        registers.push(x.compiler.destination_of_any_width(operand)?);
    }
    let parts: Vec<(usize, Register)> =
        registers.into_iter().enumerate().filter_map(|(i, register)| Some((i, register?))).collect();
    Ok(Box::new(move |registers, mask| {
        for lane in lanes(mask) {
            let whole = lane_bits(registers, a, lane);
            for (i, register) in &parts {
                let value = whole >> (*i as u32 * bits) & ((1 << bits) - 1);
                set_lane_bits(registers, *register, lane, value);
            }
        }
    }))
}

fn pack(x: &mut Decoding<'_, '_>, kind: Type, parts: &[Operand]) -> Result<Compute, String> {
    let element = part(kind, parts.len())?;
    let bits = element.bits();
    let d = x.destination(kind)?;
    let d = Register { width: Width::of(kind), slot: d };
    let mut sources = Vec::new();
    for operand in parts {
        sources.push(x.compiler.source_of_any_width(operand, element)?);
    }
    Ok(Box::new(move |registers, mask| {
        for lane in lanes(mask) {
            let value = sources.iter().rev().fold(0, |value, source| {
                value << bits | lane_bits(registers, *source, lane) & ((1 << bits) - 1)
            });
            set_lane_bits(registers, d, lane, value);
        }
    }))
}

/// `cvta`: from an address in a space to a generic one, or back. Shared and local memory are windows of the
/// generic space; global addresses are generic.
pub(super) fn address(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let back = x.opcode.take("to");
    let space = x.opcode.take_first(Space::parse).ok_or("`cvta` lacks a space")?;
    let kind = x.opcode.take_type()?;
    let d = x.destination(kind)?;
    let [a] = x.sources(kind)?;
    let window = match space {
        Space::Shared => SHARED_WINDOW,
        Space::Local => LOCAL_WINDOW,
        Space::Global | Space::Constant => 0,
        _ => return Err(format!("`cvta` of {space} addresses is not simulated")),
    };
    let shift = if back { window.wrapping_neg() } else { window };
    Ok(map1(d, a, move |a: u64| a.wrapping_add(shift)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{long, word};

    #[test]
    fn moves_of_every_kind() {
        assert_eq!(word("mov.b32 %r0, %r1;", &[7]), 7);
        assert_eq!(word("mov.u32 %r0, %ntid.x;", &[]), 32);
        let predicate =
            "{ .reg .pred %p, %q; setp.eq.u32 %p, %r1, 1; mov.pred %q, %p; selp.u32 %r0, 5, 6, %q; }";
        assert_eq!([word(predicate, &[1]), word(predicate, &[2])], [5, 6]);
    }

    #[test]
    fn packing_and_unpacking() {
        assert_eq!(long("mov.b64 %rd0, {%r1, %r2};", &[1, 2]), 2 << 32 | 1);
        assert_eq!(word("{ .reg .b32 %l; mov.b64 {%l, %r0}, %rd1; }", &[7]), 0);
        assert_eq!(word("mov.b64 {%r0, _}, %rd1;", &[7]), 7);
        let halves = "{ .reg .b16 %a, %b; mov.b32 {%a, %b}, %r1; mov.b32 %r0, {%b, %a}; }";
        assert_eq!(word(halves, &[0x1234_5678]), 0x5678_1234);
    }

    #[test]
    fn generic_addresses() {
        assert_eq!(long("cvta.to.global.u64 %rd0, %rd1;", &[4096]), 4096);
        assert_eq!(long("{ cvta.shared.u64 %rd0, %rd1; cvta.to.shared.u64 %rd0, %rd0; }", &[64]), 64);
        assert!(long("cvta.local.u64 %rd0, %rd1;", &[64]) > 1 << 60);
    }
}
