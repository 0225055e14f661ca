//! Integer arithmetic of several words: `add.cc addc sub.cc subc mad.cc madc`.
//!
//! There is one carry flag for each lane. Subtraction adds the complement: it leaves the carry of a + ¬b + 1,
//! which is set where nothing was borrowed, and `subc` takes a clear flag as a borrow.

use super::Decoding;
use super::integer::Part;
use crate::program::lanes::{Compute, lanes};
use crate::program::{Register, Width, lane_bits, set_lane_bits};

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let part = x.opcode.take_first(Part::parse).unwrap_or(Part::Low);
    let kind = x.opcode.take_type()?;
    let sets_carry = x.opcode.take("cc");
    if kind.is_float() || kind.bits() < 32 || part == Part::Wide {
        return Err(x.unsupported(kind));
    }
    let width = Width::of(kind);
    let register = |slot| Register { width, slot };
    let d = register(x.destination(kind)?);
    let uses_carry = x.opcode.name.ends_with('c');
    let operation = x.opcode.name.trim_end_matches('c').to_owned();
    let count = if operation == "mad" { 3 } else { 2 };
    let mut sources = Vec::new();
    for i in 1..=count {
        sources.push(register(x.source(i, kind)?));
    }
    let bits = kind.bits();
    let low = move |value: u128| value & ((1 << bits) - 1);
    let signed =
        move |value: u64| if bits == 32 { i128::from(value as i32) } else { i128::from(value as i64) };
    Ok(Box::new(move |registers, mask| {
        for lane in lanes(mask) {
            let source = |i: usize| lane_bits(registers, sources[i], lane);
            let carry = registers.carry >> lane & 1 == 1;
            let (a, b) = (source(0), source(1));
            let [first, second] = match (operation.as_str(), part) {
                ("add", _) => [a.into(), b.into()],
                ("sub", _) => [a.into(), low(!u128::from(b))],
                (_, Part::High) if kind.is_signed() => {
                    [low((signed(a) * signed(b)) as u128 >> bits), source(2).into()]
                }
                (_, Part::High) => [low((u128::from(a) * u128::from(b)) >> bits), source(2).into()],
                _ => [low(u128::from(a) * u128::from(b)), source(2).into()],
            };
            let carry_in = if operation == "sub" { !uses_carry || carry } else { uses_carry && carry };
            let sum = first + second + u128::from(carry_in);
            set_lane_bits(registers, d, lane, low(sum) as u64);
            if sets_carry {
                registers.carry = registers.carry & !(1 << lane) | ((sum >> bits) as u32) << lane;
            }
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{long, word};

    const CARRY: &str = "{ .reg .b32 %l; .reg .b32 %h;";

    #[test]
    fn sums_of_two_words() {
        let code =
            format!("{CARRY} add.cc.u32 %l, %r1, %r2; addc.u32 %h, %r1, 0; mov.b64 %rd0, {{%l, %h}}; }}");
        assert_eq!(long(&code, &[0xffff_ffff, 2]), 1);
        assert_eq!(long(&code, &[5, 2]), 5 << 32 | 7);
    }

    #[test]
    fn differences_of_two_words() {
        let code =
            format!("{CARRY} sub.cc.u32 %l, %r1, %r2; subc.u32 %h, 9, 4; mov.b64 %rd0, {{%l, %h}}; }}");
        assert_eq!(long(&code, &[1, 2]), 4 << 32 | 0xffff_ffff);
        assert_eq!(long(&code, &[3, 2]), 5 << 32 | 1);
        // The flag after a subtraction is a carry: set where nothing was borrowed.
        let code = "{ .reg .b32 %l; sub.cc.u32 %l, %r1, %r2; addc.u32 %r0, 0, 0; }";
        assert_eq!([word(code, &[3, 2]), word(code, &[1, 2])], [1, 0]);
    }

    /// A 64-bit product from 32-bit pieces, as the mathematical library does it.
    #[test]
    fn products_of_two_words() {
        let code = format!(
            "{CARRY} .reg .b32 %z; mov.u32 %z, 0; \
             mad.lo.cc.u32 %l, %r1, %r2, %r3; madc.hi.u32 %h, %r1, %r2, %z; \
             mov.b64 %rd0, {{%l, %h}}; }}"
        );
        let (a, b, c) = (0xdead_beef_u64, 0xffff_fff1_u64, 0xffff_ffff_u64);
        assert_eq!(long(&code, &[a, b, c]), a * b + c);
        let code = "{ .reg .b32 %l; mad.lo.cc.s32 %l, %r1, %r2, 0; madc.hi.s32 %r0, %r1, %r2, 0; }";
        assert_eq!(word(code, &[-5i32 as u32, 7]), u32::MAX);
    }

    #[test]
    fn sums_of_four_words() {
        let code =
            "{ .reg .b64 %t; add.cc.u64 %t, %rd1, %rd2; addc.cc.u64 %t, %rd1, %rd1; addc.u64 %rd0, 0, 0; }";
        assert_eq!(long(code, &[u64::MAX, 1]), 1);
        assert_eq!(long(code, &[1, 1]), 0);
    }
}
