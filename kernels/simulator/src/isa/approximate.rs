//! The units for elementary functions: `ex2 lg2 sin cos tanh rsqrt`, and `div rcp sqrt` with `.approx` or
//! `.full`.
//!
//! The hardware documents a largest error, not a result. Here the result is the correctly computed one, moved
//! by a number of units in the last place, up to the simulator's setting, that depends on nothing but its
//! bits. A program that is right for any setting within the documented error is right on the hardware.

use super::Decoding;
use super::float::Float;
use crate::program::lanes::{Compute, Number, Slot, lanes, map1};
use crate::ptx::Type;

pub(super) fn compile(x: &mut Decoding<'_, '_>) -> Result<Compute, String> {
    let kind = x.opcode.take_type()?;
    let flush = x.opcode.take("ftz");
    // `div.full` promises as much as `div.approx`, and for all divisors.
    let full = x.opcode.take("full");
    if !full && !x.opcode.take("approx") {
        return Err(format!("`{}` without `.approx` is not simulated", x.opcode));
    }
    let d = x.destination(kind)?;
    if kind == Type::F64 {
        return double(x, d, flush);
    }
    if kind != Type::F32 {
        return Err(x.unsupported(kind));
    }
    if x.opcode.name == "div" {
        let [a, b] = x.sources(kind)?;
        return Ok(Box::new(move |registers, mask| {
            for lane in lanes(mask) {
                let a = input(f32::read_lane(registers, a, lane), flush);
                let b = input(f32::read_lane(registers, b, lane), flush);
                // a · (1/b), whose reciprocal is subnormal and flushed.
                let b = if !full && b.abs() > LARGEST_DIVISOR { b.signum() * f32::INFINITY } else { b };
                f32::write_lane(registers, d, lane, output(a / b, flush, registers.noise));
            }
        }));
    }
    let [a] = x.sources(kind)?;
    // In double precision, so that a rounding error of the host's is not on top.
    let f: fn(f64) -> f64 = match x.opcode.name.as_str() {
        "ex2" => f64::exp2,
        "lg2" => f64::log2,
        "sin" => f64::sin,
        "cos" => f64::cos,
        "tanh" => f64::tanh,
        "rcp" => f64::recip,
        "sqrt" => f64::sqrt,
        "rsqrt" => |a| a.sqrt().recip(),
        name => return Err(format!("`{name}` has no approximate form")),
    };
    // nvcc's own double-precision functions (`tanh`, for one) take powers of two from `ex2`, and rely on all of their bits.
    let power = x.opcode.name == "ex2";
    Ok(Box::new(move |registers, mask| {
        for lane in lanes(mask) {
            let a = input(f32::read_lane(registers, a, lane), flush);
            let value = f(f64::from(a)) as f32;
            let noise = if power && a.fract() == 0.0 { 0 } else { registers.noise };
            f32::write_lane(registers, d, lane, output(value, flush, noise));
        }
    }))
}

/// 2¹²⁶
const LARGEST_DIVISOR: f32 = f32::from_bits((126 + 127) << 23);

fn input(a: f32, flush: bool) -> f32 {
    if flush { a.flush() } else { a }
}

fn output(value: f32, flush: bool, noise: u32) -> f32 {
    let value = f32::from_bits(disturb(value.to_bits(), 23, noise, value.is_normal()));
    if flush { value.flush() } else { value }.canonical()
}

/// The pattern of a normal number moved by −`noise` to `noise`, as long as its exponent stays.
fn disturb(pattern: u32, fraction_bits: u32, noise: u32, normal: bool) -> u32 {
    if noise == 0 || !normal {
        return pattern;
    }
    let hash = u64::from(pattern).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let step = (hash % (2 * u64::from(noise) + 1)) as i64 - i64::from(noise);
    let moved = pattern.wrapping_add_signed(step as i32);
    if moved >> fraction_bits == pattern >> fraction_bits { moved } else { pattern }
}

/// In double precision. `rcp.approx.ftz.f64` and `rsqrt.approx.ftz.f64` compute the upper half of the result,
/// a start for Newton steps; `rsqrt.approx.f64` takes those steps itself, and is right up to rounding.
fn double(x: &mut Decoding<'_, '_>, d: Slot, flush: bool) -> Result<Compute, String> {
    let f: fn(f64) -> f64 = match x.opcode.name.as_str() {
        "rcp" if flush => f64::recip,
        "rsqrt" => |a| a.sqrt().recip(),
        _ => return Err(x.unsupported(Type::F64)),
    };
    let [a] = x.sources(Type::F64)?;
    if !flush {
        return Ok(map1(d, a, move |a: f64| f(a).canonical()));
    }
    Ok(Box::new(move |registers, mask| {
        for lane in lanes(mask) {
            let value = f(f64::read_lane(registers, a, lane).flush()).flush();
            let upper = disturb((value.to_bits() >> 32) as u32, 20, registers.noise, value.is_normal());
            f64::write_lane(registers, d, lane, f64::from_bits(u64::from(upper) << 32));
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{double, single, single_with_noise};
    use super::*;

    #[test]
    fn functions_at_known_points() {
        for (instruction, a, expected) in [
            ("ex2.approx.ftz", 3.0, 8.0),
            ("ex2.approx", -140.0, 2f32.powi(-140)),
            ("ex2.approx.ftz", -140.0, 0.0),
            ("lg2.approx", 8.0, 3.0),
            ("lg2.approx.ftz", 1e-40, f32::NEG_INFINITY),
            ("rcp.approx", 4.0, 0.25),
            ("rcp.approx.ftz", 1e-40, f32::INFINITY),
            ("sqrt.approx", 2.25, 1.5),
            ("rsqrt.approx", 4.0, 0.5),
            ("sin.approx", 0.5, 0.479_425_54),
            ("cos.approx", 0.5, 0.877_582_55),
            ("tanh.approx", 0.5, 0.462_117_16),
        ] {
            assert_eq!(single(&format!("{instruction}.f32 %f0, %f1;"), &[a]), expected, "{instruction} {a}");
        }
        assert_eq!(single("div.approx.f32 %f0, %f1, %f2;", &[1.0, 8.0]), 0.125);
        assert_eq!(single("div.full.ftz.f32 %f0, %f1, %f2;", &[1.0, 8.0]), 0.125);
    }

    #[test]
    fn divisors_whose_reciprocals_are_subnormal_count_as_infinite() {
        let quotient =
            |form: &str, a: f32, b: f32| single(&format!("div.{form}.f32 %f0, %f1, %f2;"), &[a, b]);
        let large = 2f32.powi(127);
        assert_eq!(quotient("full", large, large), 1.0);
        assert_eq!(quotient("approx", large, large).to_bits(), 0);
        assert_eq!(quotient("approx.ftz", large, -large).to_bits(), (-0.0f32).to_bits());
        assert_eq!(quotient("approx.ftz", large, large / 2.0), 2.0);
        assert!(quotient("approx", f32::INFINITY, large).is_nan());
        assert!(quotient("approx", 1.0, f32::NAN).is_nan());
        assert_eq!(quotient("approx.ftz", 1.0, 1e-40), f32::INFINITY);
    }

    #[test]
    fn double_starts_have_a_zero_lower_half() {
        for (instruction, exact) in [("rcp", 1.0 / 3.0), ("rsqrt", 1.0 / 3f64.sqrt())] {
            let start = double(&format!("{instruction}.approx.ftz.f64 %fd0, %fd1;"), &[3.0]);
            assert_eq!(start.to_bits() as u32, 0);
            assert!((start / exact - 1.0).abs() < 1e-6, "{start}");
        }
        let whole = double("rsqrt.approx.f64 %fd0, %fd1;", &[3.0]);
        assert!((whole * 3f64.sqrt() - 1.0).abs() <= f64::EPSILON, "{whole}");
    }

    #[test]
    fn noise_stays_within_its_bound_and_does_something() {
        let (mut largest, mut changed) = (0, 0);
        for i in 0..200 {
            let a = i as f32 * 0.37 - 30.0;
            let [exact, noisy] =
                [0, 2].map(|noise| single_with_noise("ex2.approx.f32 %f0, %f1;", &[a], noise));
            let distance = exact.to_bits().abs_diff(noisy.to_bits());
            largest = largest.max(distance);
            changed += u32::from(distance > 0);
        }
        assert_eq!(largest, 2);
        assert!(changed > 100, "{changed}");
        assert_eq!(disturb(0x7f80_0000, 23, 2, false), 0x7f80_0000);
    }

    #[test]
    fn powers_of_two_are_exact_with_any_noise() {
        for n in -126..128 {
            let power = single_with_noise("ex2.approx.ftz.f32 %f0, %f1;", &[n as f32], 2);
            assert_eq!(power, 2f32.powi(n));
        }
    }
}
