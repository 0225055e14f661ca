//! Cheaper variants in `f32`, for formulas marked `#[fast_maths]`. In `f64` they are the functions themselves.
//!
//! Quotients, roots and exponentials have none that would be cheaper: ARCHITECTURE.md says what was tried.

use super::float::{Float, c};
use super::{exp, log as accurate, pow as powers, root};
use crate::simd::Vector;

/// Whether a variant is the function itself.
const fn is_accurate<E: Float>() -> bool {
    E::FRACTION > 23
}

/// log₂ x
#[inline(always)]
pub(super) fn log2<V: Vector<Elem: Float>>(x: V) -> V {
    if is_accurate::<V::Elem>() {
        return accurate::log2(x);
    }
    accurate::log(x).mul(c(x, std::f64::consts::LOG2_E))
}

/// log₁₀ x
#[inline(always)]
pub(super) fn log10<V: Vector<Elem: Float>>(x: V) -> V {
    if is_accurate::<V::Elem>() {
        return accurate::log10(x);
    }
    accurate::log(x).mul(c(x, std::f64::consts::LOG10_E))
}

/// xʸ = exp(y log x), and 1 for y = 0.
#[inline(always)]
pub(super) fn pow<V: Vector<Elem: Float>>(x: V, y: V) -> V {
    if is_accurate::<V::Elem>() {
        return powers::pow(x, y);
    }
    let exponent = y.mul(accurate::log(x));
    let beyond = exp::any_beyond(exponent);
    let power = exp::exp_sum(exponent, c(x, 0.0), beyond);
    if beyond { V::select(y.eq(c(x, 0.0)), c(x, 1.0), power) } else { power }
}

/// 1 / (1 + e⁻ˣ)
#[inline(always)]
pub(super) fn sigmoid<V: Vector<Elem: Float>>(x: V) -> V {
    if is_accurate::<V::Elem>() {
        return exp::sigmoid(x);
    }
    let one = c(x, 1.0);
    one.div(one.add(exp::exp(x.neg())))
}

/// √(x² + y²)
#[inline(always)]
pub(super) fn hypot<V: Vector<Elem: Float>>(x: V, y: V) -> V {
    if is_accurate::<V::Elem>() {
        return root::hypot(x, y);
    }
    x.mul_add(x, y.mul(y)).sqrt()
}
