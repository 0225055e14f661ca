//! Conversion between types: `cvt`.

use super::Decoding;
use super::float::Float;
use crate::program::lanes::{Compute, lanes};
use crate::program::{lane_bits, set_lane_bits};
use crate::ptx::Type;
use crate::rounding::{self, Half, Rounding};

/// A value on its way from one type to another.
#[derive(Debug, Clone, Copy)]
enum Value {
    Integer(i128),
    /// Holds every value of the floating-point types.
    Float(f64),
}

#[derive(Debug, Clone, Copy)]
struct Conversion {
    to: Type,
    from: Type,
    /// For a floating-point result.
    rounding: Rounding,
    /// To an integral value.
    integral: Option<Rounding>,
    flush: bool,
    saturate: bool,
}

/// The direction that a modifier such as `rni` names.
fn integral(name: &str) -> Option<Rounding> {
    name.strip_suffix('i').and_then(Rounding::parse)
}

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let integral = x.opcode.take_first(integral);
    let rounding = x.rounding();
    let saturate = x.opcode.take("sat");
    let (to, from) = (x.opcode.take_type()?, x.opcode.take_type()?);
    check_rounding(to, from, integral, rounding).map_err(|what| format!("`{}` {what}", x.opcode))?;
    let rounding = rounding.unwrap_or(Rounding::Nearest);
    let flush = (to == Type::F32 || from == Type::F32) && x.opcode.take("ftz");
    let conversion = Conversion { to, from, rounding, integral, flush, saturate };
    let operand = x.operand(0)?.clone();
    let Some(d) = x.compiler.destination_of_any_width(&operand)? else {
        return Err("`cvt` without a destination".into());
    };
    let operand = x.operand(1)?.clone();
    let a = x.compiler.source_of_any_width(&operand, from)?;
    Ok(Box::new(move |registers, mask| {
        for lane in lanes(mask) {
            let bits = conversion.apply(lane_bits(registers, a, lane));
            set_lane_bits(registers, d, lane, bits);
        }
    }))
}

/// A conversion has a rounding direction where it may round: to an integral value from floating-point numbers to
/// integers, and where asked for within one floating-point type; else to a type of less precision.
fn check_rounding(
    to: Type,
    from: Type,
    integral: Option<Rounding>,
    rounding: Option<Rounding>,
) -> Result<(), &'static str> {
    let (may_be_integral, must_be_integral, rounds) = match (from.is_float(), to.is_float()) {
        (true, false) => (true, true, false),
        (false, true) => (false, false, true),
        (false, false) => (false, false, false),
        (true, true) => (to == from, false, to.bytes() < from.bytes()),
    };
    if integral.is_none() && must_be_integral || rounding.is_none() && rounds {
        return Err("lacks a rounding direction");
    }
    if integral.is_some() && !may_be_integral || rounding.is_some() && !rounds {
        return Err("has a rounding direction that it cannot have");
    }
    Ok(())
}

impl Conversion {
    fn apply(self, bits: u64) -> u64 {
        match (self.read(bits), self.to.is_float()) {
            (Value::Float(x), true) => self.float(self.round_to_integral(x)),
            (Value::Float(x), false) => self.integer_from_float(x),
            (Value::Integer(i), true) => match self.to {
                Type::F32 => rounding::from_integer::<f32>(i, self.rounding).to_bits().into(),
                Type::F64 => rounding::from_integer::<f64>(i, self.rounding).to_bits(),
                _ => rounding::from_integer::<Half>(i, self.rounding).0.into(),
            },
            (Value::Integer(i), false) => {
                let (least, most) = range(self.to);
                (if self.saturate { i.clamp(least, most) } else { wrap(i, self.to) }) as u64
            }
        }
    }

    fn read(self, bits: u64) -> Value {
        match self.from {
            Type::F16 => Value::Float(rounding::convert(Half(bits as u16), Rounding::Nearest)),
            Type::F32 => {
                let x = f32::from_bits(bits as u32);
                Value::Float(if self.flush { x.flush() } else { x }.into())
            }
            Type::F64 => Value::Float(f64::from_bits(bits)),
            kind => Value::Integer(wrap(bits.into(), kind)),
        }
    }

    fn round_to_integral(self, x: f64) -> f64 {
        match self.integral {
            None => x,
            Some(Rounding::Nearest) => x.round_ties_even(),
            Some(Rounding::Zero) => x.trunc(),
            Some(Rounding::Down) => x.floor(),
            Some(Rounding::Up) => x.ceil(),
        }
    }

    fn float(self, x: f64) -> u64 {
        let x = if self.saturate { x.saturate() } else { x };
        match self.to {
            Type::F32 => {
                let x = rounding::convert::<f64, f32>(x, self.rounding);
                if self.flush { x.flush() } else { x }.canonical().to_bits().into()
            }
            Type::F16 => rounding::convert::<f64, Half>(x, self.rounding).0.into(),
            _ => x.to_bits(),
        }
    }

    /// Values outside the range become its nearest end. NaN becomes zero, but the pattern with only the
    /// highest bit set where a 64-bit type is involved.
    fn integer_from_float(self, x: f64) -> u64 {
        if x.is_nan() {
            let wide = self.from == Type::F64 || self.to.bits() == 64;
            return if wide { 1 << (self.to.bits() - 1) } else { 0 };
        }
        let (least, most) = range(self.to);
        (self.round_to_integral(x).trunc() as i128).clamp(least, most) as u64
    }
}

/// The least and the largest integer of a type.
fn range(kind: Type) -> (i128, i128) {
    let bits = kind.bits();
    if kind.is_signed() { (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) } else { (0, (1 << bits) - 1) }
}

/// An integer modulo 2ⁿ, as a value of the type.
fn wrap(value: i128, kind: Type) -> i128 {
    let unused = 128 - kind.bits();
    if kind.is_signed() { value << unused >> unused } else { ((value as u128) << unused >> unused) as i128 }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{double, long, rejected, single, word};
    use super::*;

    #[test]
    fn between_integers() {
        assert_eq!(long("cvt.s64.s32 %rd0, %r1;", &[u64::from(u32::MAX)]), u64::MAX);
        assert_eq!(long("cvt.u64.u32 %rd0, %r1;", &[u64::from(u32::MAX)]), u64::from(u32::MAX));
        assert_eq!(word("cvt.u32.u64 %r0, %rd1;", &[77]), 77);
        assert_eq!(word("cvt.s32.s8 %r0, %r1;", &[0x80]), 0xffff_ff80);
        assert_eq!(word("cvt.u32.u16 %r0, %r1;", &[0x1_8000]), 0x8000);
        assert_eq!(word("cvt.sat.u8.s32 %r0, %r1;", &[300]), 255);
        assert_eq!(word("cvt.sat.u8.s32 %r0, %r1;", &[-3i32 as u32]), 0);
        assert_eq!(word("cvt.sat.s16.s32 %r0, %r1;", &[100_000]), 0x7fff);
    }

    #[test]
    fn floats_from_integers() {
        assert_eq!(single("{ .reg .b32 %i; mov.u32 %i, -7; cvt.rn.f32.s32 %f0, %i; }", &[0.0]), -7.0);
        let odd = "{ .reg .b32 %i; mov.u32 %i, 16777217; cvt.DIRECTION.f32.u32 %f0, %i; }";
        let run = |direction| single(&odd.replace("DIRECTION", direction), &[0.0]);
        assert_eq!(
            [run("rn"), run("rz"), run("rm"), run("rp")],
            [16777216.0, 16777216.0, 16777216.0, 16777218.0]
        );
        assert_eq!(double("cvt.rn.f64.u64 %fd0, %rd1;", &[f64::from_bits(3)]), 3.0);
    }

    #[test]
    fn integers_from_floats() {
        let run =
            |direction, x: f32| word(&format!("cvt.{direction}.s32.f32 %r0, %f1;"), &[x.to_bits()]) as i32;
        for (x, expected) in [(2.5, [2, 2, 2, 3]), (-2.5, [-2, -2, -3, -2]), (3.5, [4, 3, 3, 4])] {
            assert_eq!(["rni", "rzi", "rmi", "rpi"].map(|direction| run(direction, x)), expected, "{x}");
        }
        assert_eq!([run("rzi", 1e20), run("rzi", -1e20), run("rzi", f32::NAN)], [i32::MAX, i32::MIN, 0]);
        assert_eq!(word("cvt.rzi.u32.f32 %r0, %f1;", &[(-5f32).to_bits()]), 0);
        assert_eq!(long("cvt.rzi.s64.f64 %rd0, %fd1;", &[f64::NAN.to_bits()]), 1 << 63);
        assert_eq!(long("cvt.rzi.u64.f64 %rd0, %fd1;", &[1e300f64.to_bits()]), u64::MAX);
    }

    #[test]
    fn between_floats() {
        let third = 1.0 / 3.0;
        let run = |direction| {
            double(&format!("{{ cvt.{direction}.f32.f64 %f0, %fd1; cvt.f64.f32 %fd0, %f0; }}"), &[third])
        };
        assert_eq!(run("rn"), f64::from(third as f32));
        assert_eq!(run("rp") as f32, (run("rm") as f32).next_up());
        assert_eq!(run("rz"), run("rm"));
        assert_eq!(single("cvt.rni.f32.f32 %f0, %f1;", &[2.5]), 2.0);
        assert_eq!(single("cvt.rpi.f32.f32 %f0, %f1;", &[2.1]), 3.0);
        assert_eq!(single("cvt.sat.f32.f32 %f0, %f1;", &[7.0]), 1.0);
        assert_eq!(single("cvt.sat.f32.f32 %f0, %f1;", &[f32::NAN]), 0.0);
        assert_eq!(single("cvt.ftz.f32.f32 %f0, %f1;", &[1e-40]), 0.0);
        let halved = "{ .reg .b16 %h; cvt.rn.f16.f32 %h, %f1; cvt.f32.f16 %f0, %h; }";
        assert_eq!(single(halved, &[third as f32]), 0.333_251_95);
    }

    /// As ptxas refuses them.
    #[test]
    fn rounding_directions_are_given_where_there_is_rounding() {
        for code in [
            "cvt.s32.f32 %r0, %f1;",
            "cvt.f32.s32 %f0, %r1;",
            "cvt.f32.f64 %f0, %fd1;",
            "cvt.ftz.s32.f32 %r0, %f1;",
            "cvt.rni.f32.f64 %f0, %fd1;",
        ] {
            assert!(rejected(code).contains("lacks a rounding direction"), "{code}");
        }
        for code in [
            "cvt.rn.s32.s32 %r0, %r1;",
            "cvt.rn.f32.f32 %f0, %f1;",
            "cvt.rn.f64.f32 %fd0, %f1;",
            "cvt.rni.f64.f32 %fd0, %f1;",
        ] {
            assert!(rejected(code).contains("cannot have"), "{code}");
        }
        assert!(rejected("cvt.ftz.f64.f64 %fd0, %fd1;").contains("`.ftz`"));
    }

    #[test]
    fn ranges() {
        assert_eq!(range(Type::S8), (-128, 127));
        assert_eq!(range(Type::U64), (0, i128::from(u64::MAX)));
        assert_eq!(wrap(-1, Type::U16), 0xffff);
    }
}
