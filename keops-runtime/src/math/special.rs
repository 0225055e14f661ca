//! sin(πx)/(πx), and the spherical Bessel functions: j₀(x) = sin(x)/x and its derivatives.

use super::coefficients::Coefficients;
use super::float::{Float, c, polynomial};
use super::trig::{sin, sin_cos};
use crate::simd::Vector;

/// sin(πx)/(πx), and 1 at 0. Error below 2 ulp.
#[inline(always)]
pub(super) fn sinc<V: Vector<Elem: Float>>(x: V) -> V {
    // x = n + r with |r| ≤ ½ exactly, and sin(πx)/(πx) = ±(r/x) sin(πr)/(πr).
    let one = c(x, 1.0);
    let n = x.round_even();
    let r = x.sub(n);
    let half = n.mul(c(x, 0.5));
    let ratio = r.div(x);
    let ratio = V::select(half.ne(half.trunc()), ratio.neg(), ratio);
    let z = r.mul(r);
    let value = z.mul_add(polynomial(z, V::Elem::SINC), one).mul(ratio);
    V::select(x.eq(c(x, 0.0)), one, value)
}

/// sin(x)/x, and 1 at 0. Error below 2 ulp.
#[inline(always)]
pub(super) fn sinxdivx<V: Vector<Elem: Float>>(x: V) -> V {
    V::select(x.eq(c(x, 0.0)), c(x, 1.0), sin(x).div(x))
}

/// j₁(x)/x where its power series is used.
#[inline(always)]
fn j1_near<V: Vector<Elem: Float>>(x: V) -> V {
    polynomial(x.mul(x), V::Elem::J1)
}

/// j₀(x) = sin(x)/x and j₁(x) = (sin(x)/x − cos x)/x from their closed forms, which cancel near 0.
#[inline(always)]
fn j0_and_j1<V: Vector<Elem: Float>>(x: V) -> (V, V) {
    let (sin, cos) = sin_cos(x);
    let j0 = sin.div(x);
    (j0, j0.sub(cos).div(x))
}

/// j₁(x). Error below 2 ulp for |x| ≤ 3, beyond that below 2 ulp of 1/x.
#[inline(always)]
pub(super) fn spherical_j1<V: Vector<Elem: Float>>(x: V) -> V {
    V::select(x.abs().lt(c(x, 3.0)), j1_near(x).mul(x), j0_and_j1(x).1)
}

/// j₁(x)/x. Error below 2 ulp for |x| ≤ 3, beyond that below 2 ulp of 1/x².
#[inline(always)]
pub(super) fn spherical_j1_over_x<V: Vector<Elem: Float>>(x: V) -> V {
    V::select(x.abs().lt(c(x, 3.0)), j1_near(x), j0_and_j1(x).1.div(x))
}

/// j₂(x)/x = (3 j₁(x)/x − j₀(x))/x. Error below 2 ulp for |x| ≤ 3.5, beyond that below 3 ulp of 1/x².
#[inline(always)]
pub(super) fn spherical_j2_over_x<V: Vector<Elem: Float>>(x: V) -> V {
    let near = polynomial(x.mul(x), V::Elem::J2).mul(x);
    let (j0, j1) = j0_and_j1(x);
    let far = j1.div(x).mul_add(c(x, 3.0), j0.neg()).div(x);
    V::select(x.abs().lt(c(x, 3.5)), near, far)
}
