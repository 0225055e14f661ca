//! Cheaper variants in `f32`, for formulas marked `#[fast_maths]`. In `f64` they are the functions themselves.
//!
//! Quotients, roots and exponentials have none that would be cheaper: ARCHITECTURE.md says what was tried.

use super::coefficients::Coefficients;
use super::float::{Float, c, polynomial};
use super::log::{Split, within_domain};
use super::{exp, log as accurate, pow as powers, root};
use crate::simd::Vector;

/// Whether a variant is the function itself.
const fn is_accurate<E: Float>() -> bool {
    E::FRACTION > 23
}

/// x = 2ᵏ (1 + f) as in the accurate logarithm, but each part of it is one number.
struct OnePart<V> {
    /// k
    exponent: V,
    /// f/(2 + f), of which log(1 + f) is 2 artanh
    s: V,
    /// s²
    z: V,
}

impl<V: Vector<Elem: Float>> OnePart<V> {
    #[inline(always)]
    fn new(x: V) -> Self {
        let Split { exponent, significand, .. } = Split::new(x);
        let f = significand.sub(c(x, 1.0));
        let s = f.div(f.add(c(x, 2.0)));
        OnePart { exponent, s, z: s.mul(s) }
    }

    /// log x, for positive finite x.
    #[inline(always)]
    fn log(&self) -> V {
        let OnePart { exponent, s, z } = *self;
        let near_one = polynomial(z, V::Elem::LOG).mul_add(z, c(z, 2.0)).mul(s);
        exponent.mul_add(c(z, std::f64::consts::LN_2), near_one)
    }

    /// log₂ x, likewise.
    #[inline(always)]
    fn log2(&self) -> V {
        let OnePart { exponent, s, z } = *self;
        let [[c0, _], [c1, _]] = [V::Elem::TWICE_LOG2_E, V::Elem::TWO_THIRDS_LOG2_E];
        let slope = polynomial(z, V::Elem::LOG2_TAIL).mul_add(z, z.set(c1)).mul_add(z, z.set(c0));
        slope.mul_add(s, exponent)
    }
}

/// log x
#[inline(always)]
pub(super) fn log<V: Vector<Elem: Float>>(x: V) -> V {
    if is_accurate::<V::Elem>() {
        return accurate::log(x);
    }
    within_domain(x, OnePart::new(x).log())
}

/// log₂ x
#[inline(always)]
pub(super) fn log2<V: Vector<Elem: Float>>(x: V) -> V {
    if is_accurate::<V::Elem>() {
        return accurate::log2(x);
    }
    within_domain(x, OnePart::new(x).log2())
}

/// log₁₀ x
#[inline(always)]
pub(super) fn log10<V: Vector<Elem: Float>>(x: V) -> V {
    if is_accurate::<V::Elem>() {
        return accurate::log10(x);
    }
    within_domain(x, OnePart::new(x).log2().mul(c(x, std::f64::consts::LOG10_2)))
}

/// x log x, and 0 at 0.
#[inline(always)]
pub(super) fn xlogx<V: Vector<Elem: Float>>(x: V) -> V {
    x.mul(log(x)).keep(x.ne(c(x, 0.0)))
}

/// xʸ = 2^(y log₂ x), and 1 for y = 0.
#[inline(always)]
pub(super) fn pow<V: Vector<Elem: Float>>(x: V, y: V) -> V {
    if is_accurate::<V::Elem>() {
        return powers::pow(x, y);
    }
    let power = exp::exp2(y.mul(within_domain(x, OnePart::new(x).log2())));
    V::select(y.eq(c(x, 0.0)), c(x, 1.0), power)
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
