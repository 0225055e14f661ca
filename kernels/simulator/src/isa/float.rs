//! Floating-point arithmetic: `add sub mul fma mad neg abs min max copysign`.

use std::ops::{Add, Mul, Neg, Sub};

use super::Decoding;
use crate::program::lanes::{Compute, Number, Slot, map1, map2, map3};
use crate::ptx::Type;
use crate::rounding::{self, Format, Rounding};

/// `f32` or `f64`.
pub(super) trait Float:
    Number
    + Format
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Neg<Output = Self>
{
    fn fused(self, b: Self, c: Self) -> Self;
    fn absolute(self) -> Self;
    fn with_sign_of(self, sign: Self) -> Self;
    fn negative(self) -> bool;
    fn is_number(self) -> bool;
    /// A subnormal number as zero of its sign.
    fn flush(self) -> Self;
    /// Clamped to \[0, 1\], NaN as 0.
    fn saturate(self) -> Self;
    /// NaN as the NaN that the hardware produces.
    fn canonical(self) -> Self;
    const CANONICAL_NAN: Self;
}

macro_rules! float {
    ($kind:ident, $nan:expr) => {
        impl Float for $kind {
            const CANONICAL_NAN: Self = $nan;
            fn fused(self, b: Self, c: Self) -> Self {
                self.mul_add(b, c)
            }
            fn absolute(self) -> Self {
                self.abs()
            }
            fn with_sign_of(self, sign: Self) -> Self {
                self.copysign(sign)
            }
            fn negative(self) -> bool {
                self.is_sign_negative()
            }
            fn is_number(self) -> bool {
                !self.is_nan()
            }
            fn flush(self) -> Self {
                if self.abs() < $kind::MIN_POSITIVE { $kind::copysign(0.0, self) } else { self }
            }
            fn saturate(self) -> Self {
                if self.is_nan() { 0.0 } else { self.clamp(0.0, 1.0) }
            }
            fn canonical(self) -> Self {
                if self.is_nan() { Self::CANONICAL_NAN } else { self }
            }
        }
    };
}

float!(f32, f32::from_bits(0x7fff_ffff));
float!(f64, f64::from_bits(0x7fff_ffff_ffff_ffff));

/// `.ftz` and `.sat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Style {
    flush: bool,
    saturate: bool,
}

impl Style {
    /// Takes what the instruction may have: in single precision only, and `.sat` where it rounds.
    fn take(x: &mut Decoding<'_, '_>, kind: Type) -> Style {
        let single = kind == Type::F32;
        Style {
            flush: single && x.opcode.name != "copysign" && x.opcode.take("ftz"),
            saturate: single && rounds(&x.opcode.name) && x.opcode.take("sat"),
        }
    }

    fn input<T: Float>(self, value: T) -> T {
        if self.flush { value.flush() } else { value }
    }

    fn output<T: Float>(self, value: T) -> T {
        let value = if self.saturate { value.saturate() } else { value };
        let value = if self.flush { value.flush() } else { value };
        value.canonical()
    }

    /// Whether values pass unchanged: then the loop over lanes is free of the questions.
    fn is_plain(self) -> bool {
        !self.flush && !self.saturate
    }
}

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    match x.opcode.take_type()? {
        kind @ Type::F32 => arithmetic::<f32>(x, kind),
        kind @ Type::F64 => arithmetic::<f64>(x, kind),
        kind => Err(x.unsupported(kind)),
    }
}

/// Whether results of an instruction are rounded: others have no direction of rounding.
fn rounds(name: &str) -> bool {
    matches!(name, "add" | "sub" | "mul" | "fma" | "mad")
}

fn arithmetic<T: Float>(x: &mut Decoding<'_, '_>, kind: Type) -> Result<Compute, String> {
    let rounding = if rounds(&x.opcode.name) { x.rounding() } else { None };
    let rounding = match (x.opcode.name.as_str(), rounding) {
        ("fma" | "mad", None) => return Err(format!("`{}` lacks a rounding direction", x.opcode)),
        (_, rounding) => rounding.unwrap_or(Rounding::Nearest),
    };
    let style = Style::take(x, kind);
    let nearest = rounding == Rounding::Nearest;
    let d = x.destination(kind)?;
    Ok(match x.opcode.name.as_str() {
        "neg" => {
            let [a] = x.sources(kind)?;
            map1(d, a, move |a: T| style.input(-a))
        }
        "abs" => {
            let [a] = x.sources(kind)?;
            map1(d, a, move |a: T| style.input(a).absolute())
        }
        // The sign of the first operand, the magnitude of the second.
        "copysign" => map2(d, x.sources(kind)?, |sign: T, a: T| a.with_sign_of(sign)),
        "min" => extremum::<T>(x, d, kind, style, false)?,
        "max" => extremum::<T>(x, d, kind, style, true)?,
        "add" if nearest => binary(d, x.sources(kind)?, style, |a: T, b: T| a + b),
        "sub" if nearest => binary(d, x.sources(kind)?, style, |a: T, b: T| a - b),
        "mul" if nearest => binary(d, x.sources(kind)?, style, |a: T, b: T| a * b),
        "add" => binary(d, x.sources(kind)?, style, move |a: T, b: T| rounding::add(a, b, rounding)),
        "sub" => binary(d, x.sources(kind)?, style, move |a: T, b: T| rounding::add(a, -b, rounding)),
        "mul" => binary(d, x.sources(kind)?, style, move |a: T, b: T| rounding::mul(a, b, rounding)),
        "fma" | "mad" if nearest => ternary(d, x.sources(kind)?, style, |a: T, b: T, c: T| a.fused(b, c)),
        "fma" | "mad" => {
            ternary(d, x.sources(kind)?, style, move |a: T, b: T, c: T| rounding::fma(a, b, c, rounding))
        }
        name => return Err(format!("`{name}` is no floating-point instruction")),
    })
}

fn binary<T: Float>(
    d: Slot,
    sources: [Slot; 2],
    style: Style,
    f: impl Fn(T, T) -> T + Send + Sync + 'static,
) -> Compute {
    if style.is_plain() {
        map2(d, sources, move |a, b| f(a, b).canonical())
    } else {
        map2(d, sources, move |a, b| style.output(f(style.input(a), style.input(b))))
    }
}

fn ternary<T: Float>(
    d: Slot,
    sources: [Slot; 3],
    style: Style,
    f: impl Fn(T, T, T) -> T + Send + Sync + 'static,
) -> Compute {
    if style.is_plain() {
        map3(d, sources, move |a, b, c| f(a, b, c).canonical())
    } else {
        map3(d, sources, move |a, b, c| style.output(f(style.input(a), style.input(b), style.input(c))))
    }
}

/// The smaller or larger operand; −0 is below +0. NaN loses against a number, unless `.NaN` is asked for.
fn extremum<T: Float>(
    x: &mut Decoding<'_, '_>,
    d: Slot,
    kind: Type,
    style: Style,
    largest: bool,
) -> Result<Compute, String> {
    let keep_nan = kind == Type::F32 && x.opcode.take("NaN");
    let sources = x.sources(kind)?;
    Ok(map2(d, sources, move |a: T, b: T| {
        let (a, b) = (style.input(a), style.input(b));
        let unordered = !(a.is_number() && b.is_number());
        if unordered && keep_nan {
            T::CANONICAL_NAN
        } else if unordered {
            if a.is_number() { a } else { b.canonical() }
        } else if a == b {
            if a.negative() == largest { b } else { a }
        } else if (a < b) == largest {
            b
        } else {
            a
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{double, rejected, single};

    const TINY: f32 = 1e-40;

    #[test]
    fn arithmetic_in_both_types() {
        assert_eq!(single("add.rn.f32 %f0, %f1, %f2;", &[1.5, 2.25]), 3.75);
        assert_eq!(single("sub.f32 %f0, %f1, 0f3F800000;", &[1.5]), 0.5);
        assert_eq!(single("mul.f32 %f0, %f1, %f2;", &[3.0, -0.5]), -1.5);
        assert_eq!(double("add.f64 %fd0, %fd1, %fd2;", &[0.1, 0.2]), 0.1 + 0.2);
        assert_eq!(double("sub.rn.f64 %fd0, %fd1, %fd2;", &[0.1, 0.2]), 0.1 - 0.2);
        assert_eq!(double("mul.f64 %fd0, %fd1, %fd2;", &[0.1, 0.2]), 0.1 * 0.2);
        assert_eq!(single("neg.f32 %f0, %f1;", &[2.0]), -2.0);
        assert_eq!(double("abs.f64 %fd0, %fd1;", &[-2.0]), 2.0);
        assert_eq!(single("copysign.f32 %f0, %f1, %f2;", &[-0.0, 7.0]), -7.0);
    }

    /// With a = 1 + 2⁻¹², a² − 1 − 2⁻¹¹ = 2⁻²⁴ is lost when the product is rounded.
    #[test]
    fn fma_is_rounded_once() {
        let a = 1.0 + 2f32.powi(-12);
        let c = -(1.0 + 2f32.powi(-11));
        assert_eq!(single("fma.rn.f32 %f0, %f1, %f1, %f2;", &[a, c]), 2f32.powi(-24));
        assert_eq!(a * a + c, 0.0);
        let a = 1.0 + 2f64.powi(-27);
        let c = -(1.0 + 2f64.powi(-26));
        assert_eq!(double("fma.rn.f64 %fd0, %fd1, %fd1, %fd2;", &[a, c]), 2f64.powi(-54));
    }

    #[test]
    fn directed_rounding() {
        let quarter_unit = f32::EPSILON / 4.0;
        for (operation, one, other) in [("add", 1.0, quarter_unit), ("sub", 1.0, -quarter_unit)] {
            let run =
                |direction| single(&format!("{operation}.{direction}.f32 %f0, %f1, %f2;"), &[one, other]);
            assert_eq!([run("rn"), run("rz"), run("rm"), run("rp")], [1.0, 1.0, 1.0, 1f32.next_up()]);
        }
        let run = |direction| {
            double(&format!("fma.{direction}.f64 %fd0, %fd1, %fd2, %fd3;"), &[-1.0, 1.0, -f64::EPSILON / 4.0])
        };
        assert_eq!([run("rn"), run("rz"), run("rm"), run("rp")], [-1.0, -1.0, (-1f64).next_down(), -1.0]);
        let run =
            |direction| single(&format!("fma.{direction}.f32 %f0, %f1, %f2, %f3;"), &[1.0, -1.0, 1e-30]);
        assert_eq!(
            [run("rn"), run("rz"), run("rm"), run("rp")],
            [-1.0, (-1f32).next_up(), -1.0, (-1f32).next_up()]
        );
        let run = |direction| {
            single(&format!("mul.{direction}.f32 %f0, %f1, %f2;"), &[1f32.next_up(), 1f32.next_up()])
        };
        assert_eq!(run("rp"), run("rm").next_up());
        assert_eq!(run("rz"), run("rm"));
    }

    #[test]
    fn subnormal_numbers_are_flushed_on_demand() {
        assert_eq!(single("add.f32 %f0, %f1, %f2;", &[TINY, TINY]), TINY + TINY);
        assert_eq!(single("add.ftz.f32 %f0, %f1, %f2;", &[TINY, TINY]), 0.0);
        assert_eq!(single("mul.ftz.f32 %f0, %f1, %f2;", &[1e-20, 1e-20]), 0.0);
        assert_eq!(single("neg.ftz.f32 %f0, %f1;", &[TINY]).to_bits(), (-0f32).to_bits());
        assert_eq!(single("max.ftz.f32 %f0, %f1, %f2;", &[TINY, -1.0]), 0.0);
    }

    #[test]
    fn saturation_clamps_to_the_unit_interval() {
        for (x, y) in [(2.0, 1.0), (-2.0, 0.0), (0.25, 0.25), (f32::NAN, 0.0)] {
            assert_eq!(single("add.sat.f32 %f0, %f1, 0f00000000;", &[x]), y);
            assert_eq!(single("fma.rn.sat.f32 %f0, %f1, 0f3F800000, 0f00000000;", &[x]), y);
        }
    }

    #[test]
    fn extrema_skip_nan_and_order_zeros() {
        assert_eq!(single("min.f32 %f0, %f1, %f2;", &[f32::NAN, 3.0]), 3.0);
        assert_eq!(single("max.f32 %f0, %f1, %f2;", &[3.0, f32::NAN]), 3.0);
        assert!(single("min.NaN.f32 %f0, %f1, %f2;", &[f32::NAN, 3.0]).is_nan());
        assert_eq!(double("min.f64 %fd0, %fd1, %fd2;", &[2.0, 3.0]), 2.0);
        assert_eq!(double("max.f64 %fd0, %fd1, %fd2;", &[2.0, 3.0]), 3.0);
        for pair in [[0.0, -0.0], [-0.0, 0.0]] {
            assert!(single("min.f32 %f0, %f1, %f2;", &pair).is_sign_negative());
            assert!(single("max.f32 %f0, %f1, %f2;", &pair).is_sign_positive());
        }
    }

    /// As ptxas refuses them.
    #[test]
    fn refused_modifiers() {
        for (code, told) in [
            ("fma.f32 %f0, %f1, %f2, %f3;", "lacks a rounding direction"),
            ("add.ftz.f64 %fd0, %fd1, %fd2;", "modifier `.ftz`"),
            ("add.sat.f64 %fd0, %fd1, %fd2;", "modifier `.sat`"),
            ("neg.sat.f32 %f0, %f1;", "modifier `.sat`"),
            ("neg.rn.f32 %f0, %f1;", "modifier `.rn`"),
            ("min.sat.f32 %f0, %f1, %f2;", "modifier `.sat`"),
            ("min.NaN.f64 %fd0, %fd1, %fd2;", "modifier `.NaN`"),
            ("copysign.ftz.f32 %f0, %f1, %f2;", "modifier `.ftz`"),
            ("div.rn.ftz.f64 %fd0, %fd1, %fd2;", "modifier `.ftz`"),
        ] {
            let message = rejected(code);
            assert!(message.contains(told), "{code}: {message}");
        }
    }

    #[test]
    fn nan_is_canonical() {
        assert_eq!(single("sub.f32 %f0, %f1, %f1;", &[f32::INFINITY]).to_bits(), 0x7fff_ffff);
    }
}
