//! Hyperbolic functions from exponentials and their inverses from logarithms, with odd polynomials where those cancel.

use super::coefficients::Coefficients;
use super::exp::{exp, exp_shifted};
use super::float::{Float, c, fast_two_sum, polynomial, sign_bit, two_product};
use super::log::log1p_of_sum;
use crate::simd::Vector;

/// x + x³ p(x²)
#[inline(always)]
fn odd<V: Vector<Elem: Float>>(x: V, coefficients: &'static [V::Elem]) -> V {
    let z = x.mul(x);
    z.mul(x).mul_add(polynomial(z, coefficients), x)
}

/// sinh x. Error below 2 ulp.
#[inline(always)]
pub(super) fn sinh<V: Vector<Elem: Float>>(x: V) -> V {
    let size = x.abs();
    let half_exp = exp_shifted(size, -1);
    let difference = half_exp.sub(c(x, 0.25).div(half_exp));
    V::select(size.lt(c(x, 1.0)), odd(size, V::Elem::SINH), difference).bit_xor(sign_bit(x))
}

/// cosh x. Error below 2 ulp.
#[inline(always)]
pub(super) fn cosh<V: Vector<Elem: Float>>(x: V) -> V {
    let half_exp = exp_shifted(x.abs(), -1);
    half_exp.add(c(x, 0.25).div(half_exp))
}

/// tanh x. Error below 2 ulp.
#[inline(always)]
pub(super) fn tanh<V: Vector<Elem: Float>>(x: V) -> V {
    let (one, size) = (c(x, 1.0), x.abs());
    let quotient = c(x, 2.0).div(exp(size.add(size)).add(one));
    V::select(size.lt(c(x, 0.55)), odd(size, V::Elem::TANH), one.sub(quotient)).bit_xor(sign_bit(x))
}

/// arsinh x. Error below 2 ulp.
#[inline(always)]
pub(super) fn asinh<V: Vector<Elem: Float>>(x: V) -> V {
    let (one, size) = (c(x, 1.0), x.abs());
    let unusual = V::any(is_far(size));
    let root = size.mul_add(size, one).sqrt();
    // x + √(x² + 1) = 1 + x + x²/(1 + √(x² + 1))
    let (beyond_one, rest) = fast_two_sum(size, size.mul(size).div(root.add(one)));
    log1p_or_log_twice(beyond_one, rest, size, unusual).bit_xor(sign_bit(x))
}

/// arcosh x, NaN for x < 1. Error below 2 ulp.
#[inline(always)]
pub(super) fn acosh<V: Vector<Elem: Float>>(x: V) -> V {
    let one = c(x, 1.0);
    let mut t = x.sub(one);
    let unusual = V::any(V::mask_or(x.lt(one), is_far(x)));
    if unusual {
        t = V::select(x.lt(one), c(x, f64::NAN), t);
    }
    // x + √(x² − 1) = 1 + t + √(t² + 2t)
    let (beyond_one, rest) = fast_two_sum(t.mul_add(t, t.add(t)).sqrt(), t);
    log1p_or_log_twice(beyond_one, rest, x, unusual)
}

/// From √far on, x² + 1 is x² to all its digits.
#[inline(always)]
fn is_far<V: Vector<Elem: Float>>(x: V) -> V::Mask {
    x.not_lt(c(x, V::Elem::FAR.sqrt()))
}

/// log(1 + x + y) for a correction y to x ≥ 0, or log(2 `large`) where that is far, if `unusual`.
#[inline(always)]
fn log1p_or_log_twice<V: Vector<Elem: Float>>(mut x: V, mut y: V, large: V, unusual: bool) -> V {
    let far = is_far(large);
    if unusual {
        x = V::select(far, large, x);
        y = y.keep(V::mask_not(far));
    }
    let value = log1p_of_sum::<V, true>(x, y, unusual);
    if unusual { V::select(far, value.add(c(x, std::f64::consts::LN_2)), value) } else { value }
}

/// artanh x, NaN for |x| > 1. Error below 2 ulp.
#[inline(always)]
pub(super) fn atanh<V: Vector<Elem: Float>>(x: V) -> V {
    // ½ log(1 + 2x/(1 − x)), the quotient in two parts
    let (one, size) = (c(x, 1.0), x.abs());
    let unusual = V::any(size.not_lt(one));
    let (numerator, (denominator, lost)) = (size.add(size), fast_two_sum(one, size.neg()));
    let quotient = numerator.div(denominator);
    let (product, product_lost) = two_product(quotient, denominator);
    let mut rest = quotient.neg_mul_add(lost, numerator.sub(product).sub(product_lost));
    // 1/(1 − x) is 1 + x/(1 − x).
    rest = rest.mul(quotient.mul_add(c(x, 0.5), one));
    if unusual {
        rest = rest.keep(quotient.lt(c(x, V::Elem::FAR)));
    }
    log1p_of_sum::<V, true>(quotient, rest, unusual).mul(c(x, 0.5)).bit_xor(sign_bit(x))
}
