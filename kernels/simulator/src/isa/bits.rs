//! Bits: `and or xor not cnot lop3 shl shr shf clz popc brev bfind bfe bfi prmt`.

use super::Decoding;
use super::integer::by_integer_type;
use crate::program::lanes::{Compute, map1, map2, map3};
use crate::ptx::Type;

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    match x.opcode.name.as_str() {
        "and" | "or" | "xor" | "not" | "cnot" => logic(x),
        "lop3" => lop3(x),
        "shl" | "shr" => shift(x),
        "shf" => funnel_shift(x),
        "clz" | "popc" | "brev" | "bfind" => count(x),
        "bfe" | "bfi" => field(x),
        _ => permute(x),
    }
}

fn logic(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let kind = x.opcode.take_type()?;
    if kind == Type::Predicate {
        return predicate_logic(x);
    }
    let d = x.destination(kind)?;
    match x.opcode.name.as_str() {
        "and" => by_integer_type!(x, kind, T => map2(d, x.sources(kind)?, |a: T, b: T| a & b)),
        "or" => by_integer_type!(x, kind, T => map2(d, x.sources(kind)?, |a: T, b: T| a | b)),
        "xor" => by_integer_type!(x, kind, T => map2(d, x.sources(kind)?, |a: T, b: T| a ^ b)),
        "not" => {
            let [a] = x.sources(kind)?;
            by_integer_type!(x, kind, T => map1(d, a, |a: T| !a))
        }
        _ => {
            let [a] = x.sources(kind)?;
            by_integer_type!(x, kind, T => map1(d, a, |a: T| T::from(a == 0)))
        }
    }
}

fn predicate_logic(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let d = x.destination(Type::Predicate)?;
    let first = x.operand(1)?.clone();
    let (a, not_a) = x.compiler.predicate(&first)?;
    if x.opcode.name == "not" {
        return Ok(Box::new(move |r, mask| r.set_predicate(d, !r.predicate(a, not_a), mask)));
    }
    let second = x.operand(2)?.clone();
    let (b, not_b) = x.compiler.predicate(&second)?;
    let f: fn(u32, u32) -> u32 = match x.opcode.name.as_str() {
        "and" => |a, b| a & b,
        "or" => |a, b| a | b,
        "xor" => |a, b| a ^ b,
        _ => return Err(x.unsupported(Type::Predicate)),
    };
    Ok(Box::new(move |r, mask| r.set_predicate(d, f(r.predicate(a, not_a), r.predicate(b, not_b)), mask)))
}

/// Any function of three bits: bit (a, b, c) of the table, which is the last operand.
fn lop3(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let kind = x.opcode.take_type()?;
    let d = x.destination(kind)?;
    let sources = x.sources(kind)?;
    let crate::ptx::Operand::Integer(table) = *x.operand(4)? else {
        return Err("`lop3` lacks its table".into());
    };
    Ok(map3(d, sources, move |a: u32, b: u32, c: u32| {
        let chosen = (0..8).filter(|i| table >> i & 1 == 1);
        chosen.fold(0, |all, i| {
            let of = |value: u32, bit: u32| if i >> bit & 1 == 1 { value } else { !value };
            all | of(a, 2) & of(b, 1) & of(c, 0)
        })
    }))
}

/// Amounts of the width or more shift everything out; `shr` of a signed type copies the sign.
fn shift(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let kind = x.opcode.take_type()?;
    let d = x.destination(kind)?;
    let sources = [x.source(1, kind)?, x.source(2, Type::U32)?];
    let left = x.opcode.name == "shl";
    by_integer_type!(x, kind, T => if left {
        map2(d, sources, |a: T, n: u32| a.checked_shl(n).unwrap_or(0))
    } else {
        map2(d, sources, |a: T, n: u32| a >> n.min(T::BITS - 1) >> u32::from(n >= T::BITS))
    })
}

/// 32 bits of the 64 of (b, a), shifted left or right.
fn funnel_shift(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let left = x.opcode.take("l");
    if !left && !x.opcode.take("r") {
        return Err("`shf` lacks `.l` or `.r`".into());
    }
    let clamp = x.opcode.take("clamp");
    if !clamp && !x.opcode.take("wrap") {
        return Err("`shf` lacks `.clamp` or `.wrap`".into());
    }
    let kind = x.opcode.take_type()?;
    let d = x.destination(kind)?;
    Ok(map3(d, x.sources(kind)?, move |a: u32, b: u32, n: u32| {
        let both = u64::from(b) << 32 | u64::from(a);
        let n = if clamp { n.min(32) } else { n & 31 };
        if left { (u128::from(both) << n >> 32) as u32 } else { (both >> n) as u32 }
    }))
}

fn count(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let distance = x.opcode.take("shiftamt");
    let kind = x.opcode.take_type()?;
    let name = x.opcode.name.clone();
    let result = if name == "brev" { kind } else { Type::U32 };
    let d = x.destination(result)?;
    let [a] = x.sources(kind)?;
    match name.as_str() {
        "clz" => by_integer_type!(x, kind, T => map1(d, a, |a: T| a.leading_zeros())),
        "popc" => by_integer_type!(x, kind, T => map1(d, a, |a: T| a.count_ones())),
        "brev" => by_integer_type!(x, kind, T => map1(d, a, |a: T| a.reverse_bits())),
        // The highest bit that differs from the sign; all ones if there is none.
        _ => by_integer_type!(x, kind, T => {
            map1(d, a, move |a: T| {
                let signed = kind.is_signed() && a.leading_ones() > 0;
                let zeros = if signed { (!a).leading_zeros() } else { a.leading_zeros() };
                match (zeros == T::BITS, distance) {
                    (true, _) => u32::MAX,
                    (false, true) => zeros,
                    (false, false) => T::BITS - 1 - zeros,
                }
            })
        }),
    }
}

/// `bfe` extracts a field of bits, `bfi` inserts one; position and length count modulo 256.
fn field(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let kind = x.opcode.take_type()?;
    let d = x.destination(kind)?;
    let bits = kind.bits();
    let signed = kind.is_signed();
    let first = if x.opcode.name == "bfe" { 2 } else { 3 };
    let (position, length) = (x.source(first, Type::U32)?, x.source(first + 1, Type::U32)?);
    let extract = move |a: u64, position: u32, length: u32| {
        let (position, length) = (position & 255, length & 255);
        let last = (position + length).saturating_sub(1).min(bits - 1);
        let sign = signed && length > 0 && a >> last & 1 == 1;
        let fill = if sign { u64::MAX } else { 0 };
        let field = if position < bits { a >> position } else { 0 };
        let kept = length.min(bits.saturating_sub(position));
        let ones = if kept >= 64 { u64::MAX } else { (1 << kept) - 1 };
        field & ones | fill & !ones
    };
    if x.opcode.name == "bfe" {
        let a = x.source(1, kind)?;
        return match bits {
            32 => Ok(map3(d, [a, position, length], move |a: u32, p, l| extract(a.into(), p, l) as u32)),
            _ => Ok(map3(d, [a, position, length], extract)),
        };
    }
    let (a, b) = (x.source(1, kind)?, x.source(2, kind)?);
    let insert = move |a: u64, b: u64, position: u32, length: u32| {
        let (position, length) = (position & 255, length & 255);
        if length == 0 || position >= bits {
            return b;
        }
        let ones = u64::MAX >> (64 - length.min(64)) << position;
        b & !ones | a << position & ones
    };
    use crate::program::lanes::{Number, lanes};
    Ok(Box::new(move |r, mask| {
        for lane in lanes(mask) {
            let (p, l) = (u32::read_lane(r, position, lane), u32::read_lane(r, length, lane));
            if bits == 32 {
                let (a, b) = (u32::read_lane(r, a, lane), u32::read_lane(r, b, lane));
                u32::write_lane(r, d, lane, insert(a.into(), b.into(), p, l) as u32);
            } else {
                let (a, b) = (u64::read_lane(r, a, lane), u64::read_lane(r, b, lane));
                u64::write_lane(r, d, lane, insert(a, b, p, l));
            }
        }
    }))
}

/// Four bytes chosen from the eight of (b, a), by nibbles; with its high bit set, a nibble chooses the byte's
/// sign.
fn permute(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let kind = x.opcode.take_type()?;
    let d = x.destination(kind)?;
    Ok(map3(d, x.sources(kind)?, |a: u32, b: u32, choice: u32| {
        let bytes = (u64::from(b) << 32 | u64::from(a)).to_le_bytes();
        u32::from_le_bytes(std::array::from_fn(|i| {
            let nibble = choice >> (4 * i) & 15;
            let byte = bytes[nibble as usize & 7];
            match nibble & 8 {
                0 => byte,
                _ => ((byte as i8) >> 7) as u8,
            }
        }))
    }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{long, word};

    #[test]
    fn logic_on_words_and_predicates() {
        let (a, b) = (0b1100, 0b1010);
        assert_eq!(word("and.b32 %r0, %r1, %r2;", &[a, b]), a & b);
        assert_eq!(word("or.b32 %r0, %r1, %r2;", &[a, b]), a | b);
        assert_eq!(word("xor.b32 %r0, %r1, -1;", &[a]), !a);
        assert_eq!(long("not.b64 %rd0, %rd1;", &[5]), !5);
        assert_eq!([word("cnot.b32 %r0, %r1;", &[0]), word("cnot.b32 %r0, %r1;", &[3])], [1, 0]);
        assert_eq!(word("lop3.b32 %r0, %r1, %r2, %r3, 0x96;", &[a, b, 0b1111]), a ^ b ^ 0b1111);
        for (operation, expected) in [("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("xor", [0, 1, 1, 0])] {
            let code = format!(
                "{{ .reg .pred %p, %q; setp.ne.u32 %p, %r1, 0; setp.ne.u32 %q, %r2, 0; \
                 {operation}.pred %p, %p, %q; \
                 selp.u32 %r0, 1, 0, %p; }}"
            );
            let results = [[0, 0], [0, 1], [1, 0], [1, 1]].map(|pair| word(&code, &pair));
            assert_eq!(results, expected, "{operation}");
        }
        let not = "{ .reg .pred %p; setp.ne.u32 %p, %r1, 0; not.pred %p, %p; selp.u32 %r0, 1, 0, %p; }";
        assert_eq!([word(not, &[0]), word(not, &[1])], [1, 0]);
    }

    #[test]
    fn shifts_by_the_width_or_more() {
        assert_eq!(word("shl.b32 %r0, %r1, %r2;", &[3, 31]), 1 << 31);
        assert_eq!(word("shl.b32 %r0, %r1, %r2;", &[3, 32]), 0);
        assert_eq!(word("shr.u32 %r0, %r1, %r2;", &[1 << 31, 31]), 1);
        assert_eq!(word("shr.u32 %r0, %r1, %r2;", &[1 << 31, 32]), 0);
        assert_eq!(word("shr.s32 %r0, %r1, %r2;", &[1 << 31, 40]), u32::MAX);
        assert_eq!(long("shr.s64 %rd0, %rd1, 4;", &[1 << 63]), 0xf800_0000_0000_0000);
        assert_eq!(word("shf.l.wrap.b32 %r0, %r1, %r2, %r3;", &[0x8000_0000, 1, 33]), 3);
        assert_eq!(word("shf.r.wrap.b32 %r0, %r1, %r2, %r3;", &[2, 1, 1]), 0x8000_0001);
        assert_eq!(word("shf.r.wrap.b32 %r0, %r1, %r2, %r3;", &[0, 1, 20]), 1 << 12);
        assert_eq!(word("shf.r.clamp.b32 %r0, %r1, %r2, %r3;", &[2, 7, 40]), 7);
        assert_eq!(word("shf.l.clamp.b32 %r0, %r1, %r2, %r3;", &[2, 7, 40]), 2);
    }

    #[test]
    fn counts() {
        assert_eq!(word("clz.b32 %r0, %r1;", &[1 << 20]), 11);
        assert_eq!(word("clz.b64 %r0, %rd1;", &[1]), 63);
        assert_eq!(word("popc.b32 %r0, %r1;", &[0xff0f]), 12);
        assert_eq!(word("brev.b32 %r0, %r1;", &[1]), 1 << 31);
        assert_eq!(word("bfind.u32 %r0, %r1;", &[0x100]), 8);
        assert_eq!(word("bfind.s32 %r0, %r1;", &[-2i32 as u32]), 0);
        assert_eq!(word("bfind.shiftamt.u32 %r0, %r1;", &[0x100]), 23);
        assert_eq!(word("bfind.u32 %r0, %r1;", &[0]), u32::MAX);
    }

    #[test]
    fn fields() {
        assert_eq!(word("bfe.u32 %r0, %r1, 4, 8;", &[0xabcd]), 0xbc);
        assert_eq!(word("bfe.s32 %r0, %r1, 4, 8;", &[0xabcd]), 0xffff_ffbc);
        assert_eq!(word("bfe.s32 %r0, %r1, 28, 8;", &[0x9000_0000]), 0xffff_fff9);
        assert_eq!(word("bfe.u32 %r0, %r1, 40, 8;", &[0xabcd]), 0);
        assert_eq!(long("bfe.u64 %rd0, %rd1, 32, 8;", &[0x12_3456_7890]), 0x12);
        assert_eq!(word("bfi.b32 %r0, %r1, %r2, 8, 4;", &[0xf, 0x1234_5678]), 0x1234_5f78);
        assert_eq!(word("bfi.b32 %r0, %r1, %r2, 32, 4;", &[0xf, 7]), 7);
        assert_eq!(long("bfi.b64 %rd0, %rd1, %rd2, 60, 8;", &[0xff, 0]), 0xf << 60);
    }

    #[test]
    fn permutations_of_bytes() {
        assert_eq!(word("prmt.b32 %r0, %r1, %r2, 0x7610;", &[0x4433_2211, 0x8877_6655]), 0x8877_2211);
        assert_eq!(word("prmt.b32 %r0, %r1, %r2, 0xf8;", &[0x11, 0x8000_0000]) & 0xffff, 0xff00);
    }
}
