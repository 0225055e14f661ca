//! Powers with real exponents: xʸ = exp(y log x), with log x in two parts.

use super::coefficients::Coefficients;
use super::exp::{any_beyond, exp_sum};
use super::float::{Float, c, fast_two_sum, is_signed, polynomial, two_product};
use super::log::{Near, any_unusual, near};
use crate::simd::Vector;

/// log x in two parts, good to half as many digits again as the type has.
#[inline(always)]
fn careful_log<V: Vector<Elem: Float>>(near: &Near<V>) -> (V, V) {
    if V::LOOKS_UP { log_by_intervals(near) } else { log_by_quotient(near) }
}

/// log x = head + rest + r − r²/2 + r³ …
#[inline(always)]
fn log_by_intervals<V: Vector<Elem: Float>>(near: &Near<V>) -> (V, V) {
    let r = near.remainder();
    let (square, square_lost) = two_product(r, r);
    let minus_half = c(r, -0.5);
    let cubic = square.mul(r).mul_add(polynomial(r, V::Elem::LOG_NEAR), near.rest);
    let (sum, lost) = fast_two_sum(near.head, r);
    let small = square_lost.mul_add(minus_half, cubic);
    if V::Elem::FRACTION == 23 {
        return fast_two_sum(sum, square.mul_add(minus_half, small.add(lost)));
    }
    let (sum, lost_too) = fast_two_sum(sum, square.mul(minus_half));
    fast_two_sum(sum, small.add(lost.add(lost_too)))
}

/// log x = head + rest + s (2 + ⅔ s² + s⁴ …) with s = r/(2 + r) as in the logarithm.
#[inline(always)]
fn log_by_quotient<V: Vector<Elem: Float>>(near: &Near<V>) -> (V, V) {
    let r = near.remainder();
    let two = c(r, 2.0);
    let (sum, sum_rest) = fast_two_sum(two, r);
    let s = r.div(sum);
    let (product, lost) = two_product(s, sum);
    let s_rest = s.neg_mul_add(sum_rest, r.sub(product).sub(lost)).div(sum);
    let (z, z_lost) = two_product(s, s);
    let z_rest = s.add(s).mul_add(s_rest, z_lost);

    let [c1, c1_rest] = V::Elem::TWO_THIRDS;
    let (c1, c1_rest) = (r.set(c1), r.set(c1_rest));
    let (slope, slope_rest) = fast_two_sum(c1, z.mul(polynomial(z, V::Elem::LOG_TAIL)));
    let (slope, slope_rest) = times((slope, slope_rest.add(c1_rest)), (z, z_rest));
    let (slope, lost) = fast_two_sum(two, slope);
    let (log, log_rest) = times((slope, slope_rest.add(lost)), (s, s_rest));
    let (sum, lost) = fast_two_sum(near.head, log);
    (sum, log_rest.add(near.rest).add(lost))
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
    // What only some arguments need is passed by where no lane has them.
    let unusual = any_unusual(x);
    let (log, log_rest) = careful_log(&near(if unusual { x.abs() } else { x }, unusual));
    let (exponent, lost) = two_product(y, log);
    let mut rest = y.mul_add(log_rest, lost);
    let beyond = any_beyond(exponent);
    if beyond {
        // Where the exponent is out of range its rest means nothing.
        rest = rest.keep(exponent.abs().lt(c(x, 1.5 * V::Elem::EXP_RANGE.1)));
    }
    let magnitude = exp_sum(exponent, rest, beyond);
    if unusual || beyond { of_special_arguments(x, y, magnitude) } else { magnitude }
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
