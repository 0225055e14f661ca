//! sin(πx)/(πx), and the spherical Bessel functions: j₀(x) = sin(x)/x and its derivatives.

use super::coefficients::Coefficients;
use super::float::{Float, c, fast_two_sum, polynomial, sign_bit, two_product};
use super::trig::{sin, sin_cos};
use crate::simd::Vector;

/// sin(πx)/(πx), and 1 at 0. Error below 2 ulp.
#[inline(always)]
pub(super) fn sinc<V: Vector<Elem: Float>>(x: V) -> V {
    // x = n + r with |r| ≤ ½ exactly, and sin(πx)/(πx) = ±(r/x) sin(πr)/(πr).
    let n = x.round_even();
    let r = x.sub(n);
    let z = r.mul(r);
    let (numerator, rest) = fast_two_sum(r, z.mul(r).mul(polynomial(z, V::Elem::SINC)));
    let quotient = numerator.div(x);
    let (product, lost) = two_product(quotient, x);
    let rest = numerator.sub(product).sub(lost).add(rest);
    let value = rest.div(x).add(quotient);
    let half = n.mul(c(x, 0.5));
    let value = V::select(half.ne(half.trunc()), value.neg(), value);
    V::select(x.eq(c(x, 0.0)), c(x, 1.0), value)
}

/// sin(x)/x, and 1 at 0. Error below 2 ulp.
#[inline(always)]
pub(super) fn sinxdivx<V: Vector<Elem: Float>>(x: V) -> V {
    V::select(x.eq(c(x, 0.0)), c(x, 1.0), sin(x).div(x))
}

/// j₀(x) = sin(x)/x and j₁(x) = (sin(x)/x − cos x)/x from their closed forms, which cancel near 0.
#[inline(always)]
fn j0_and_j1<V: Vector<Elem: Float>>(x: V) -> (V, V) {
    let (sin, cos) = sin_cos(x);
    let j0 = sin.div(x);
    (j0, j0.sub(cos).div(x))
}

/// Up to where the series of j₁ is used.
const J1_NEAR: f64 = 1.75;
/// Up to where the series of j₂ is used.
const J2_NEAR: f64 = 3.0;

/// j₁(x). Error below 3 ulp for |x| ≤ 1.75, beyond that below 3 ulp of 1/x.
#[inline(always)]
pub(super) fn spherical_j1<V: Vector<Elem: Float>>(x: V) -> V {
    let z = x.mul(x);
    let third = x.div(c(x, 3.0));
    // x − 3 third, each difference exact
    let rest = x.sub(third.add(third)).sub(third);
    let near = third.add(x.mul(z).mul_add(polynomial(z, V::Elem::J1), rest.mul(c(x, 1.0 / 3.0))));
    V::select(x.abs().lt(c(x, J1_NEAR)), near.bit_or(sign_bit(x)), j0_and_j1(x).1)
}

/// j₁(x)/x. Error below 4 ulp for |x| ≤ 1.75, beyond that below 4 ulp of 1/x².
#[inline(always)]
pub(super) fn spherical_j1_over_x<V: Vector<Elem: Float>>(x: V) -> V {
    let z = x.mul(x);
    let near = z.mul_add(polynomial(z, V::Elem::J1), c(x, 1.0 / 3.0));
    V::select(x.abs().lt(c(x, J1_NEAR)), near, j0_and_j1(x).1.div(x))
}

/// j₂(x)/x = (3 j₁(x)/x − j₀(x))/x. Error below 4 ulp for |x| ≤ 3, beyond that below 4 ulp of 1/x².
#[inline(always)]
pub(super) fn spherical_j2_over_x<V: Vector<Elem: Float>>(x: V) -> V {
    let z = x.mul(x);
    let fifteenth = x.div(c(x, 15.0));
    // x − 15 fifteenth, each difference exact
    let rest = fifteenth.neg_mul_add(c(x, 16.0), x).add(fifteenth);
    let near = fifteenth.add(x.mul(z).mul_add(polynomial(z, V::Elem::J2), rest.mul(c(x, 1.0 / 15.0))));
    let (j0, j1) = j0_and_j1(x);
    let far = j1.div(x).mul_add(c(x, 3.0), j0.neg()).div(x);
    V::select(x.abs().lt(c(x, J2_NEAR)), near.bit_or(sign_bit(x)), far)
}
