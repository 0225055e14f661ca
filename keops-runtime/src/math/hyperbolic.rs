//! Hyperbolic functions from exponentials and their inverses from logarithms, with odd polynomials where those cancel.

use super::coefficients::Coefficients;
use super::exp::{exp, exp_shifted};
use super::float::{Float, c, polynomial, sign_bit};
use super::log::{log1p, log1p_or_log_twice};
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
    // From √far on, x² + 1 is x² to all its digits.
    let far = c(x, V::Elem::FAR.sqrt()).lt(size);
    let root = size.mul_add(size, one).sqrt();
    let beyond_one = size.add(size.mul(size).div(root.add(one)));
    log1p_or_log_twice(V::select(far, size, beyond_one), far).bit_xor(sign_bit(x))
}

/// arcosh x, NaN for x < 1. Error below 2 ulp.
#[inline(always)]
pub(super) fn acosh<V: Vector<Elem: Float>>(x: V) -> V {
    let one = c(x, 1.0);
    let far = c(x, V::Elem::FAR.sqrt()).lt(x);
    let t = V::select(x.lt(one), c(x, f64::NAN), x.sub(one));
    let beyond_one = t.add(t.mul_add(t, t.add(t)).sqrt());
    log1p_or_log_twice(V::select(far, x, beyond_one), far)
}

/// artanh x, NaN for |x| > 1. Error below 2 ulp.
#[inline(always)]
pub(super) fn atanh<V: Vector<Elem: Float>>(x: V) -> V {
    let size = x.abs();
    let twice = size.add(size);
    log1p(twice.div(c(x, 1.0).sub(size))).mul(c(x, 0.5)).bit_xor(sign_bit(x))
}
