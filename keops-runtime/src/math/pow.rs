//! Powers with real exponents: xʸ = 2^(y log₂ x), with log₂ x in two parts.

use super::coefficients::Coefficients;
use super::exp::exp2_sum;
use super::float::{Float, c, fast_two_sum, is_signed, polynomial, two_product, two_sum};
use super::log::{Split, up_to_normal};
use crate::simd::Vector;

/// log₂ x in two parts, for positive normal x.
#[inline(always)]
fn log2_in_two_parts<V: Vector<Elem: Float>>(x: V) -> (V, V) {
    if V::LOOKS_UP { log2_by_intervals(x) } else { log2_by_quotient(x) }
}

/// log₂ x = k + log₂ c + log₂(1 + r) with r = m/c − 1, where 1/c and log₂ c are looked up.
#[inline(always)]
fn log2_by_intervals<V: Vector<Elem: Float>>(x: V) -> (V, V) {
    // Where the intervals of `Coefficients::INVERSES` start.
    let Split { exponent, significand, interval } = Split::of_normal(x, 1.0 - 29.0 / 96.0);
    let inverse = interval.lookup(V::Elem::INVERSES);
    let middle = interval.lookup(V::Elem::LOG2_INVERSES);
    let middle_rest = interval.lookup(V::Elem::LOG2_INVERSES_REST);
    let (quotient, lost) = two_product(significand, inverse);
    let r = quotient.sub(c(quotient, 1.0));

    // (r − r²/2) log₂ e in two parts, and the rest of the series in one
    let [log2_e, log2_e_rest] = V::Elem::LOG2_E_FUSED.map(|x| r.set(x));
    let (line, line_lost) = two_product(r, log2_e);
    let (twice_curve, twice_lost) = two_product(line, r);
    let minus_half = c(r, -0.5);
    let cubic = r.mul(r).mul(r.mul(polynomial(r, V::Elem::LOG2_NEAR)));
    // The slope of the logarithm at 1 + r, where `lost` belongs, is (1 − r + r²) log₂ e up to r³.
    let slope = log2_e.sub(line).add(twice_curve);
    let small = lost.mul_add(slope, r.mul_add(log2_e_rest, line_lost));
    let small = twice_lost.mul_add(minus_half, small).add(middle_rest).add(cubic);

    let (sum, lost) = fast_two_sum(exponent.add(middle), line);
    let (sum, lost_too) = fast_two_sum(sum, twice_curve.mul(minus_half));
    fast_two_sum(sum, small.add(lost.add(lost_too)))
}

/// log₂ x = k + s (c₀ + c₁ s² + s⁴ …) with s = f/(2 + f) as in the logarithm.
#[inline(always)]
fn log2_by_quotient<V: Vector<Elem: Float>>(x: V) -> (V, V) {
    let split = Split::of_normal(x, std::f64::consts::FRAC_1_SQRT_2);
    let f = split.significand.sub(c(x, 1.0));
    let (sum, sum_rest) = fast_two_sum(c(x, 2.0), f);
    let s = f.div(sum);
    let (product, lost) = two_product(s, sum);
    let s_rest = s.neg_mul_add(sum_rest, f.sub(product).sub(lost)).div(sum);
    let (z, z_lost) = two_product(s, s);
    let z_rest = s.add(s).mul_add(s_rest, z_lost);

    let [c0, c0_rest] = V::Elem::TWICE_LOG2_E;
    let [c1, c1_rest] = V::Elem::TWO_THIRDS_LOG2_E;
    let (slope, slope_rest) = fast_two_sum(x.set(c1), z.mul(polynomial(z, V::Elem::LOG2_TAIL)));
    let (slope, slope_rest) = times((slope, slope_rest.add(x.set(c1_rest))), (z, z_rest));
    let (slope, lost) = fast_two_sum(x.set(c0), slope);
    let (log, log_rest) = times((slope, slope_rest.add(lost).add(x.set(c0_rest))), (s, s_rest));
    let (sum, lost) = fast_two_sum(split.exponent, log);
    (sum, log_rest.add(lost))
}

/// The product of two numbers of two parts each.
#[inline(always)]
fn times<V: Vector<Elem: Float>>(a: (V, V), b: (V, V)) -> (V, V) {
    let (product, lost) = two_product(a.0, b.0);
    (product, a.0.mul_add(b.1, a.1.mul_add(b.0, lost)))
}

/// xʸ with the special cases of IEEE 754: x⁰ = 1ʸ = 1 whatever the other is; a negative x takes an integer y. Error
/// below 4 ulp.
#[inline(always)]
pub(super) fn pow<V: Vector<Elem: Float>>(x: V, y: V) -> V {
    // What only some arguments need is passed by where no lane has them. (A larger y leaves the range of powers from
    // everything but the numbers next to 1, and its product with the logarithm may overflow.)
    let positive = V::mask_and(c(x, V::Elem::LEAST_NORMAL).le(x), x.lt(c(x, f64::INFINITY)));
    let usual = V::mask_and(positive, y.abs().lt(c(y, 4096.0)));
    let unusual = V::any(V::mask_not(usual));

    let (mut size, mut up) = (x, c(x, 0.0));
    if unusual {
        let (normal, subnormal) = up_to_normal(x.abs());
        (size, up) = (normal, c(x, V::Elem::UP.into()).keep(subnormal));
    }
    let (mut log, mut log_rest) = log2_in_two_parts(size);
    if unusual {
        let (difference, lost) = two_sum(log, up.neg());
        (log, log_rest) = (difference, log_rest.add(lost));
    }
    let (exponent, lost) = two_product(y, log);
    let mut rest = y.mul_add(log_rest, lost);
    if unusual {
        // Where the product is out of range its rest means nothing.
        rest = rest.keep(exponent.abs().lt(c(x, 1.5 * V::Elem::EXP2_RANGE.1)));
    }
    let magnitude = exp2_sum(exponent, rest);
    if unusual { of_special_arguments(x, y, magnitude) } else { magnitude }
}

/// xʸ where |x|ʸ is `magnitude` unless x is 0, 1, infinite or NaN, or y is.
#[inline(always)]
fn of_special_arguments<V: Vector<Elem: Float>>(x: V, y: V, magnitude: V) -> V {
    let (zero, one, infinity) = (c(x, 0.0), c(x, 1.0), c(x, f64::INFINITY));
    let size = x.abs();
    // 0 and ∞ to a power
    let grows = V::select(size.eq(zero), y.neg(), y);
    let extreme = V::mask_or(size.eq(zero), size.eq(infinity));
    let magnitude = V::select(extreme, infinity.keep(zero.lt(grows)), magnitude);
    let magnitude = V::select(size.eq(one), one, magnitude);

    let half = y.mul(c(x, 0.5));
    let whole = y.eq(y.trunc());
    let odd = V::mask_and(whole, half.ne(half.trunc()));
    let signed = V::select(V::mask_and(odd, is_signed(x)), magnitude.neg(), magnitude);
    let negative = V::mask_and(x.lt(zero), size.lt(infinity));
    let undefined = V::mask_and(negative, V::mask_not(whole));
    let result = V::select(undefined, c(x, f64::NAN), signed);
    let result = V::select(V::mask_or(x.ne(x), V::mask_and(y.ne(y), x.ne(one))), x.add(y), result);
    V::select(y.eq(zero), one, result)
}
