//! IEEE 754 arithmetic in the four rounding directions.
//!
//! The host rounds to nearest only. Here a result is held exactly, as ±(s + t)·2^e with an integer s and a
//! tail 0 ≤ t < 1 of which it is known whether it is zero, and is then rounded once.

use std::cmp::Ordering;

/// A rounding direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rounding {
    /// To the nearest number, ties to the even one.
    Nearest,
    /// Towards zero.
    Zero,
    /// Towards −∞.
    Down,
    /// Towards +∞.
    Up,
}

impl Rounding {
    /// The direction that a modifier such as `rn` names.
    pub(crate) fn parse(name: &str) -> Option<Rounding> {
        Some(match name {
            "rn" => Rounding::Nearest,
            "rz" => Rounding::Zero,
            "rm" => Rounding::Down,
            "rp" => Rounding::Up,
            _ => return None,
        })
    }
}

/// A binary format: significands of `PRECISION` bits, and 2^`LEAST` as the smallest positive number.
pub(crate) trait Format: Copy {
    const PRECISION: i32;
    const LEAST: i32;
    /// The pattern of +∞.
    const INFINITY: u64;
    fn from_pattern(pattern: u64) -> Self;
    fn pattern(self) -> u64;
}

impl Format for f32 {
    const PRECISION: i32 = 24;
    const LEAST: i32 = -149;
    const INFINITY: u64 = 0xff << 23;
    fn from_pattern(pattern: u64) -> Self {
        // The sign is the 64th bit of a pattern in every format here.
        f32::from_bits(pattern as u32 | (pattern >> 32) as u32 & 1 << 31)
    }
    fn pattern(self) -> u64 {
        u64::from(self.to_bits() & !(1 << 31)) | u64::from(self.to_bits() & 1 << 31) << 32
    }
}

impl Format for f64 {
    const PRECISION: i32 = 53;
    const LEAST: i32 = -1074;
    const INFINITY: u64 = 0x7ff << 52;
    fn from_pattern(pattern: u64) -> Self {
        f64::from_bits(pattern)
    }
    fn pattern(self) -> u64 {
        self.to_bits()
    }
}

/// Half precision, as its bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Half(pub(crate) u16);

impl Format for Half {
    const PRECISION: i32 = 11;
    const LEAST: i32 = -24;
    const INFINITY: u64 = 0x1f << 10;
    fn from_pattern(pattern: u64) -> Self {
        Half(pattern as u16 | (pattern >> 48) as u16 & 1 << 15)
    }
    fn pattern(self) -> u64 {
        u64::from(self.0 & !(1 << 15)) | u64::from(self.0 & 1 << 15) << 48
    }
}

const SIGN: u64 = 1 << 63;

/// The value ±(significand + tail)·2^exponent; `inexact` tells that the tail is not zero.
#[derive(Debug, Clone, Copy)]
struct Exact {
    negative: bool,
    significand: u128,
    exponent: i32,
    inexact: bool,
}

/// A finite number of a format, exactly; `None` for infinities and NaN.
fn exact<F: Format>(x: F) -> Option<Exact> {
    let pattern = x.pattern();
    let magnitude = pattern & !SIGN;
    if magnitude >= F::INFINITY {
        return None;
    }
    let hidden = 1 << (F::PRECISION - 1);
    let (field, fraction) = (magnitude >> (F::PRECISION - 1), magnitude & (hidden - 1));
    let (significand, exponent) =
        if field == 0 { (fraction, F::LEAST) } else { (fraction | hidden, F::LEAST + field as i32 - 1) };
    Some(Exact { negative: pattern & SIGN != 0, significand: significand.into(), exponent, inexact: false })
}

/// The number of the format next to an exact value in the given direction.
fn round<F: Format>(value: Exact, rounding: Rounding) -> F {
    let sign = if value.negative { SIGN } else { 0 };
    let Some(top) = value.significand.checked_ilog2() else { return F::from_pattern(sign) };
    let unit = (value.exponent + top as i32 - (F::PRECISION - 1)).max(F::LEAST);
    let dropped = unit - value.exponent;
    let (mut kept, remainder, half) = match dropped {
        ..=0 => (value.significand << -dropped, 0, 1),
        1..128 => {
            let kept = value.significand >> dropped;
            (kept, value.significand - (kept << dropped), 1 << (dropped - 1))
        }
        _ => (0, 1, 2),
    };
    let inexact = remainder != 0 || value.inexact;
    let up = match rounding {
        Rounding::Nearest => match remainder.cmp(&half) {
            Ordering::Less => false,
            Ordering::Equal => value.inexact || kept & 1 == 1,
            Ordering::Greater => true,
        },
        Rounding::Zero => false,
        Rounding::Down => value.negative && inexact,
        Rounding::Up => !value.negative && inexact,
    };
    kept += u128::from(up);
    // The hidden bit of a normal significand, or a carry out of it, adds one to the exponent field.
    let magnitude = ((unit - F::LEAST) as u128) << (F::PRECISION - 1);
    let magnitude = magnitude + kept;
    if magnitude < u128::from(F::INFINITY) {
        return F::from_pattern(sign | magnitude as u64);
    }
    let outward = match rounding {
        Rounding::Nearest => true,
        Rounding::Zero => false,
        Rounding::Down => value.negative,
        Rounding::Up => !value.negative,
    };
    F::from_pattern(sign | if outward { F::INFINITY } else { F::INFINITY - 1 })
}

/// The exact sum of two products' or numbers' values, of which each has at most 106 bits.
fn sum(a: Exact, b: Exact, rounding: Rounding) -> Exact {
    let (Some(top_a), Some(top_b)) = (a.significand.checked_ilog2(), b.significand.checked_ilog2()) else {
        let zero_sign = if a.negative == b.negative { a.negative } else { rounding == Rounding::Down };
        return match (a.significand, b.significand) {
            (0, 0) => Exact { negative: zero_sign, ..a },
            (0, _) => b,
            _ => a,
        };
    };
    // Both are shifted until the larger has its first bit at 125: sums fit, and few bits of the smaller fall
    // off.
    let first = (a.exponent + top_a as i32).max(b.exponent + top_b as i32);
    let exponent = first - 125;
    let shifted = |x: Exact| match x.exponent - exponent {
        shift @ 0.. => (x.significand << shift, false),
        shift @ -127..0 => {
            let kept = x.significand >> -shift;
            (kept, kept << -shift != x.significand)
        }
        _ => (0, true),
    };
    let ((kept_a, tail_a), (kept_b, tail_b)) = (shifted(a), shifted(b));
    if a.negative == b.negative {
        return Exact {
            negative: a.negative,
            significand: kept_a + kept_b,
            exponent,
            inexact: tail_a || tail_b,
        };
    }
    // At most one has a tail, the smaller. Then large − (small + t) = (large − small − 1) + (1 − t).
    let (large, small, negative, tail) = if kept_a >= kept_b {
        (kept_a, kept_b, a.negative, tail_b)
    } else {
        (kept_b, kept_a, b.negative, tail_a)
    };
    if large == small {
        return Exact { negative: rounding == Rounding::Down, significand: 0, exponent, inexact: false };
    }
    Exact { negative, significand: large - small - u128::from(tail), exponent, inexact: tail }
}

fn product(a: Exact, b: Exact) -> Exact {
    Exact {
        negative: a.negative != b.negative,
        significand: a.significand * b.significand,
        exponent: a.exponent + b.exponent,
        inexact: false,
    }
}

/// What the host computes where an operand is an infinity or NaN: then no rounding takes place.
macro_rules! finite {
    ($($operand:ident),* else $special:expr) => {
        $(let Some($operand) = exact($operand) else { return $special };)*
    };
}

/// a + b.
pub(crate) fn add<F: Format + std::ops::Add<Output = F>>(a: F, b: F, rounding: Rounding) -> F {
    let special = a + b;
    finite!(a, b else special);
    round(sum(a, b, rounding), rounding)
}

/// a · b.
pub(crate) fn mul<F: Format + std::ops::Mul<Output = F>>(a: F, b: F, rounding: Rounding) -> F {
    let special = a * b;
    finite!(a, b else special);
    round(product(a, b), rounding)
}

/// a · b + c, rounded once.
pub(crate) fn fma<F>(a: F, b: F, c: F, rounding: Rounding) -> F
where
    F: Format + std::ops::Mul<Output = F> + std::ops::Add<Output = F>,
{
    let special = a * b + c;
    finite!(a, b else special);
    finite!(c else c);
    round(sum(product(a, b), c, rounding), rounding)
}

/// a / b.
pub(crate) fn div<F: Format + std::ops::Div<Output = F>>(a: F, b: F, rounding: Rounding) -> F {
    let special = a / b;
    finite!(a, b else special);
    if b.significand == 0 {
        return special;
    }
    // A quotient of more than 64 bits, whatever the operands.
    let shift = a.significand.leading_zeros().saturating_sub(1);
    let numerator = a.significand << shift;
    let quotient = Exact {
        negative: a.negative != b.negative,
        significand: numerator / b.significand,
        exponent: a.exponent - shift as i32 - b.exponent,
        inexact: numerator % b.significand != 0,
    };
    round(quotient, rounding)
}

/// √a.
pub(crate) fn sqrt<F: Format>(a: F, special: F, rounding: Rounding) -> F {
    finite!(a else special);
    if a.negative || a.significand == 0 {
        return special;
    }
    let shift = a.significand.leading_zeros() - 1;
    let shift = shift - (a.exponent - shift as i32).rem_euclid(2) as u32;
    let square = a.significand << shift;
    let root = square.isqrt();
    let inexact = root * root != square;
    let exponent = (a.exponent - shift as i32) / 2;
    round(Exact { negative: false, significand: root, exponent, inexact }, rounding)
}

/// An integer as a number of the format.
pub(crate) fn from_integer<F: Format>(value: i128, rounding: Rounding) -> F {
    let value = Exact { negative: value < 0, significand: value.unsigned_abs(), exponent: 0, inexact: false };
    round(value, rounding)
}

/// A number as one of another format. NaN becomes the quiet NaN of the format.
pub(crate) fn convert<From: Format, To: Format>(x: From, rounding: Rounding) -> To {
    match exact(x) {
        Some(value) => round(value, rounding),
        None if x.pattern() & !SIGN == From::INFINITY => To::from_pattern(x.pattern() & SIGN | To::INFINITY),
        None => To::from_pattern(To::INFINITY | ((1 << (To::PRECISION - 1)) - 1)),
    }
}

#[cfg(test)]
mod tests;
