//! Integer arithmetic without carries: `add sub mul mad neg abs min max sad`.

use super::Decoding;
use crate::program::lanes::{Compute, Number, Slot, map1, map2, map3};
use crate::ptx::Type;

/// Runs an expression with `T` as the Rust type of an integer type of at least 16 bits.
macro_rules! by_integer_type {
    ($decoding:expr, $kind:expr, $T:ident => $body:expr) => {
        match $kind {
            Type::U16 | Type::B16 => {
                type $T = u16;
                Ok($body)
            }
            Type::S16 => {
                type $T = i16;
                Ok($body)
            }
            Type::U32 | Type::B32 => {
                type $T = u32;
                Ok($body)
            }
            Type::S32 => {
                type $T = i32;
                Ok($body)
            }
            Type::U64 | Type::B64 => {
                type $T = u64;
                Ok($body)
            }
            Type::S64 => {
                type $T = i64;
                Ok($body)
            }
            kind => Err($decoding.unsupported(kind)),
        }
    };
}
pub(super) use by_integer_type;

/// Which part of a product is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Low,
    High,
    Wide,
}

impl Part {
    pub(super) fn parse(name: &str) -> Option<Part> {
        Some(match name {
            "lo" => Part::Low,
            "hi" => Part::High,
            "wide" => Part::Wide,
            _ => return None,
        })
    }
}

/// The upper half of a product.
pub(super) trait MulHigh {
    fn mul_high(self, other: Self) -> Self;
}

macro_rules! mul_high {
    ($($kind:ty as $wide:ty),*) => {$(
        impl MulHigh for $kind {
            fn mul_high(self, other: Self) -> Self {
                ((self as $wide * other as $wide) >> <$kind>::BITS) as $kind
            }
        }
    )*};
}
mul_high!(u16 as u32, i16 as i32, u32 as u64, i32 as i64, u64 as u128, i64 as i128);

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    match x.opcode.name.as_str() {
        "mul" | "mad" => return product(x),
        "neg" | "abs" => return sign(x),
        _ => {}
    }
    let saturate = x.opcode.take("sat");
    let kind = x.opcode.take_type()?;
    let d = x.destination(kind)?;
    if saturate && kind != Type::S32 {
        return Err(x.unsupported(kind));
    }
    match x.opcode.name.as_str() {
        "add" if saturate => Ok(map2(d, x.sources(kind)?, i32::saturating_add)),
        "sub" if saturate => Ok(map2(d, x.sources(kind)?, i32::saturating_sub)),
        "add" => by_integer_type!(x, kind, T => map2(d, x.sources(kind)?, T::wrapping_add)),
        "sub" => by_integer_type!(x, kind, T => map2(d, x.sources(kind)?, T::wrapping_sub)),
        "min" => by_integer_type!(x, kind, T => map2(d, x.sources(kind)?, |a: T, b: T| a.min(b))),
        "max" => by_integer_type!(x, kind, T => map2(d, x.sources(kind)?, |a: T, b: T| a.max(b))),
        "sad" => by_integer_type!(x, kind, T => map3(d, x.sources(kind)?, |a: T, b: T, c: T| {
            c.wrapping_add(a.abs_diff(b) as T)
        })),
        _ => Err(x.unsupported(kind)),
    }
}

fn sign(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let kind = x.opcode.take_type()?;
    let d = x.destination(kind)?;
    let [a] = x.sources(kind)?;
    let negate = x.opcode.name == "neg";
    match kind {
        Type::S16 if negate => Ok(map1(d, a, i16::wrapping_neg)),
        Type::S32 if negate => Ok(map1(d, a, i32::wrapping_neg)),
        Type::S64 if negate => Ok(map1(d, a, i64::wrapping_neg)),
        Type::S16 => Ok(map1(d, a, i16::wrapping_abs)),
        Type::S32 => Ok(map1(d, a, i32::wrapping_abs)),
        Type::S64 => Ok(map1(d, a, i64::wrapping_abs)),
        _ => Err(x.unsupported(kind)),
    }
}

/// `mul` and `mad`: the low or high half of the product, or all of it.
fn product(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let part = x.opcode.take_first(Part::parse);
    let part = part.ok_or_else(|| format!("`{}` lacks `.lo`, `.hi` or `.wide`", x.opcode))?;
    let kind = x.opcode.take_type()?;
    let adds = x.opcode.name == "mad";
    if part == Part::Wide {
        let (a, b) = (x.source(1, kind)?, x.source(2, kind)?);
        return match kind {
            Type::U16 | Type::B16 => wide(x, Type::U32, [a, b], |a: u16, b: u16| u32::from(a) * u32::from(b)),
            Type::S16 => wide(x, Type::U32, [a, b], |a: i16, b: i16| (i32::from(a) * i32::from(b)) as u32),
            Type::U32 | Type::B32 => wide(x, Type::U64, [a, b], |a: u32, b: u32| u64::from(a) * u64::from(b)),
            Type::S32 => wide(x, Type::U64, [a, b], |a: i32, b: i32| (i64::from(a) * i64::from(b)) as u64),
            _ => Err(x.unsupported(kind)),
        };
    }
    let d = x.destination(kind)?;
    match (adds, part) {
        (false, Part::Low) => by_integer_type!(x, kind, T => map2(d, x.sources(kind)?, T::wrapping_mul)),
        (false, _) => by_integer_type!(x, kind, T => map2(d, x.sources(kind)?, T::mul_high)),
        (true, Part::Low) => by_integer_type!(x, kind, T => map3(d, x.sources(kind)?, |a: T, b: T, c: T| {
            a.wrapping_mul(b).wrapping_add(c)
        })),
        (true, _) => by_integer_type!(x, kind, T => map3(d, x.sources(kind)?, |a: T, b: T, c: T| {
            a.mul_high(b).wrapping_add(c)
        })),
    }
}

/// A product of twice the width, to which `mad` adds its third operand.
fn wide<A: Number, W: Number + WrappingAdd>(
    x: &mut Decoding<'_, '_>,
    kind: Type,
    [a, b]: [Slot; 2],
    multiply: fn(A, A) -> W,
) -> Result<Compute, String> {
    let d = x.destination(kind)?;
    if x.opcode.name == "mul" {
        return Ok(map2(d, [a, b], multiply));
    }
    let c = x.source(3, kind)?;
    Ok(map3(d, [a, b, c], move |a: A, b: A, c: W| multiply(a, b).wrapping_sum(c)))
}

/// Addition modulo 2ⁿ, of a product's width.
trait WrappingAdd {
    fn wrapping_sum(self, other: Self) -> Self;
}

impl WrappingAdd for u32 {
    fn wrapping_sum(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
}

impl WrappingAdd for u64 {
    fn wrapping_sum(self, other: Self) -> Self {
        self.wrapping_add(other)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{long, word};

    const MINUS_3: u32 = -3i32 as u32;

    #[test]
    fn sums_and_extrema() {
        assert_eq!(word("add.s32 %r0, %r1, -5;", &[3]), -2i32 as u32);
        assert_eq!(word("sub.u32 %r0, %r1, %r2;", &[3, 5]), 3u32.wrapping_sub(5));
        assert_eq!(long("add.s64 %rd0, %rd1, %rd2;", &[u64::MAX, 2]), 1);
        assert_eq!(word("add.sat.s32 %r0, %r1, %r2;", &[i32::MAX as u32, 1]), i32::MAX as u32);
        assert_eq!(word("min.s32 %r0, %r1, %r2;", &[MINUS_3, 1]), MINUS_3);
        assert_eq!(word("min.u32 %r0, %r1, %r2;", &[MINUS_3, 1]), 1);
        assert_eq!(long("max.s64 %rd0, %rd1, %rd2;", &[u64::MAX, 1]), 1);
        assert_eq!(word("sad.s32 %r0, %r1, %r2, 10;", &[MINUS_3, 4]), 17);
        assert_eq!(word("neg.s32 %r0, %r1;", &[3]), MINUS_3);
        assert_eq!(word("abs.s32 %r0, %r1;", &[MINUS_3]), 3);
    }

    #[test]
    fn products() {
        let big = 0x9000_0001;
        assert_eq!(word("mul.lo.s32 %r0, %r1, %r2;", &[MINUS_3, 7]), -21i32 as u32);
        assert_eq!(
            word("mul.hi.u32 %r0, %r1, %r1;", &[big]),
            ((u64::from(big) * u64::from(big)) >> 32) as u32
        );
        assert_eq!(word("mul.hi.s32 %r0, %r1, 7;", &[MINUS_3]), u32::MAX);
        assert_eq!(long("mul.hi.u64 %rd0, %rd1, %rd2;", &[1 << 63, 6]), 3);
        assert_eq!(word("mad.lo.s32 %r0, %r1, 7, 100;", &[MINUS_3]), 79);
        assert_eq!(word("mad.hi.u32 %r0, %r1, %r1, 1;", &[1 << 31]), (1 << 30) + 1);
    }

    #[test]
    fn wide_products() {
        assert_eq!(long("mul.wide.s32 %rd0, %r1, 4;", &[u64::from(MINUS_3)]), -12i64 as u64);
        assert_eq!(long("mul.wide.u32 %rd0, %r1, 4;", &[u64::from(MINUS_3)]), u64::from(MINUS_3) * 4);
        assert_eq!(long("mad.wide.u32 %rd0, %r1, 8, %rd2;", &[3, 1 << 40]), (1 << 40) + 24);
        let narrow = "{ .reg .b16 %h; cvt.u16.u32 %h, %r1; mul.wide.s16 %r0, %h, %h; }";
        assert_eq!(word(narrow, &[MINUS_3]), 9);
        let narrow = "{ .reg .b16 %h; cvt.u16.u32 %h, %r1; add.u16 %h, %h, 1; cvt.u32.u16 %r0, %h; }";
        assert_eq!(word(narrow, &[0x1_ffff]), 0);
    }
}
