//! The units for elementary functions: `ex2 lg2 sin cos tanh rsqrt`, and `div rcp sqrt` with `.approx` or
//! `.full`.
//!
//! NVIDIA documents a largest error, not a result. Here the result is the correctly rounded one, or, with noise, one that
//! errs by up to a multiple of the documented error: by how much depends on nothing but the result's bits. A program that
//! is right with noise 1 relies on nothing that is not documented.

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
                let noise = f64::from(registers.noise) * 2.0 * unit(f64::from(a) / f64::from(b));
                let value = if noise == 0.0 { a / b } else { disturbed(f64::from(a) / f64::from(b), noise) };
                f32::write_lane(registers, d, lane, output(value, flush));
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
    let error = documented_error(&x.opcode.name);
    Ok(Box::new(move |registers, mask| {
        for lane in lanes(mask) {
            let a = f64::from(input(f32::read_lane(registers, a, lane), flush));
            let value = f(a);
            let value = match registers.noise {
                0 => value as f32,
                noise => disturbed(value, f64::from(noise) * error(a, value)),
            };
            f32::write_lane(registers, d, lane, output(value, flush));
        }
    }))
}

/// The largest error that the PTX manual documents for a unit, as a function of its operand and its result. Of zero,
/// functions have a documented result.
fn documented_error(name: &str) -> fn(f64, f64) -> f64 {
    match name {
        // nvcc's own double-precision functions (`tanh`, for one) take powers of two from `ex2`, and rely on all of their
        // bits.
        "ex2" => |a, value| if a.fract() == 0.0 { 0.0 } else { 2.0 * unit(value) },
        "lg2" => |a, value| 2f64.powi(-22) * if 0.5 < a && a < 2.0 { 1.0 } else { value.abs() },
        "sin" | "cos" => |a, _| match a.abs() / std::f64::consts::PI {
            0.0 => 0.0,
            ..=2.0 => 2f64.powf(-20.5),
            ..=100.0 => 2f64.powf(-14.7),
            // None is documented.
            _ => 1.0,
        },
        "tanh" => |_, value| value.abs() * 2f64.powi(-11),
        "rcp" => |_, value| unit(value),
        "sqrt" => |_, value| value * 2f64.powi(-23),
        _ => |_, value| value * 2f64.powf(-22.9),
    }
}

/// The unit in the last place of a number in single precision; of numbers below the normal ones none, since they have no
/// noise.
fn unit(value: f64) -> f64 {
    let power = f64::from_bits(value.abs().to_bits() & f64::INFINITY.to_bits());
    if (f32::MIN_POSITIVE.into()..f64::INFINITY).contains(&power) { power * 2f64.powi(-23) } else { 0.0 }
}

/// A number in single precision that differs from the given one by at most an error, rounding included.
fn disturbed(value: f64, error: f64) -> f32 {
    let nearest = value as f32;
    let reach = error - unit(value) / 2.0;
    // Not below: what is no number is not disturbed either.
    if !(reach > 0.0 && nearest.is_finite()) {
        return nearest;
    }
    let hash = value.to_bits().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let step = 2.0 * hash as f64 / f64::from(u32::MAX) - 1.0;
    let moved = (value + step * reach) as f32;
    if moved.is_finite() { moved } else { nearest }
}

/// 2¹²⁶
const LARGEST_DIVISOR: f32 = f32::from_bits((126 + 127) << 23);

fn input(a: f32, flush: bool) -> f32 {
    if flush { a.flush() } else { a }
}

fn output(value: f32, flush: bool) -> f32 {
    if flush { value.flush() } else { value }.canonical()
}

/// The upper half of a normal number in double precision, moved by −`noise` to `noise`, as long as its exponent stays.
fn disturbed_half(half: u32, noise: u32) -> u32 {
    let hash = u64::from(half).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    let step = (hash % (2 * u64::from(noise) + 1)) as i64 - i64::from(noise);
    let moved = half.wrapping_add_signed(step as i32);
    if moved >> 20 == half >> 20 { moved } else { half }
}

/// In double precision. `rcp.approx.ftz.f64` and `rsqrt.approx.ftz.f64` compute the upper half of the result,
/// a start for Newton steps, for which no error is documented: noise counts in its last bit. `rsqrt.approx.f64` takes
/// those steps itself, and is right up to rounding.
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
            let half = (value.to_bits() >> 32) as u32;
            let upper = if value.is_normal() { disturbed_half(half, registers.noise) } else { half };
            f64::write_lane(registers, d, lane, f64::from_bits(u64::from(upper) << 32));
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{double, single, single_with_noise};

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

    /// With noise 1 each unit errs by up to its documented error, and by more than half of it somewhere.
    #[test]
    fn noise_is_the_documented_error() {
        type Exact = fn(f64) -> f64;
        type Error = Box<dyn Fn(f64, f64) -> f64>;
        type Case = (&'static str, Exact, std::ops::Range<f32>, Error);
        let relative = |exponent: f64| move |_: f64, value: f64| value.abs() * exponent.exp2();
        let absolute = |exponent: f64| move |_: f64, _: f64| exponent.exp2();
        let units = |count: f64| move |_: f64, value: f64| count * (value.abs().log2().floor() - 23.0).exp2();
        let two_pi = 2.0 * std::f32::consts::PI;
        let cases: [Case; 12] = [
            ("ex2.approx.f32 %f0, %f1;", f64::exp2, -30.0..30.0, Box::new(units(2.0))),
            ("lg2.approx.f32 %f0, %f1;", f64::log2, 0.51..1.99, Box::new(absolute(-22.0))),
            ("lg2.approx.f32 %f0, %f1;", f64::log2, 2.0..1e9, Box::new(relative(-22.0))),
            ("sin.approx.f32 %f0, %f1;", f64::sin, -two_pi..two_pi, Box::new(absolute(-20.5))),
            ("sin.approx.f32 %f0, %f1;", f64::sin, two_pi..50.0 * two_pi, Box::new(absolute(-14.7))),
            ("cos.approx.f32 %f0, %f1;", f64::cos, -two_pi..two_pi, Box::new(absolute(-20.5))),
            ("tanh.approx.f32 %f0, %f1;", f64::tanh, -3.0..3.0, Box::new(relative(-11.0))),
            ("rcp.approx.f32 %f0, %f1;", f64::recip, 1e-3..1e3, Box::new(units(1.0))),
            ("sqrt.approx.f32 %f0, %f1;", f64::sqrt, 1e-3..1e3, Box::new(relative(-23.0))),
            ("rsqrt.approx.f32 %f0, %f1;", |a| a.sqrt().recip(), 1e-3..1e3, Box::new(relative(-22.9))),
            ("div.approx.f32 %f0, 0f3F800000, %f1;", f64::recip, 1e-3..1e3, Box::new(units(2.0))),
            ("div.full.f32 %f0, 0f3F800000, %f1;", f64::recip, 1e-3..1e3, Box::new(units(2.0))),
        ];
        for (code, exact, range, error) in cases {
            let mut largest = 0f64;
            for i in 0..200 {
                let a = range.start + (range.end - range.start) * (i as f32 + 0.37) / 200.0;
                let value = exact(a.into());
                let noisy = f64::from(single_with_noise(code, &[a], 1));
                largest = largest.max((noisy - value).abs() / error(a.into(), value));
            }
            assert!(
                largest <= 1.0 && largest > 0.5,
                "{code} on {range:?}: {largest} times the documented error"
            );
        }
    }

    #[test]
    fn results_that_are_documented_have_no_noise() {
        for (code, a, expected) in [
            ("sin.approx.f32 %f0, %f1;", -0.0, -0.0f32),
            ("cos.approx.f32 %f0, %f1;", 0.0, 1.0),
            ("tanh.approx.f32 %f0, %f1;", 0.0, 0.0),
            ("rcp.approx.f32 %f0, %f1;", 0.0, f32::INFINITY),
            ("lg2.approx.f32 %f0, %f1;", 0.0, f32::NEG_INFINITY),
            ("ex2.approx.f32 %f0, %f1;", f32::NEG_INFINITY, 0.0),
            ("ex2.approx.ftz.f32 %f0, %f1;", -200.5, 0.0),
            ("rsqrt.approx.f32 %f0, %f1;", f32::INFINITY, 0.0),
        ] {
            assert_eq!(single_with_noise(code, &[a], 1).to_bits(), expected.to_bits(), "{code} {a}");
        }
        assert!(single_with_noise("sqrt.approx.f32 %f0, %f1;", &[-1.0], 1).is_nan());
    }

    #[test]
    fn powers_of_two_are_exact_with_any_noise() {
        for n in -126..128 {
            let power = single_with_noise("ex2.approx.ftz.f32 %f0, %f1;", &[n as f32], 2);
            assert_eq!(power, 2f32.powi(n));
        }
    }
}
