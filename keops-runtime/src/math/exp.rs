//! Exponential functions: x = n log 2 + f with |f| ≤ ½ log 2, a polynomial for eᶠ, and n put into the exponent.

use super::coefficients::Coefficients;
use super::float::{Float, c, fast_two_sum, polynomial, rounder, step_rounder, two_sum};
use crate::simd::{Simd, Vector};

/// eˣ before it is scaled: (1 + tail) · 2ⁿ.
struct Unscaled<V> {
    /// eᶠ − 1
    tail: V,
    /// A number whose low bits hold n + twice the bias.
    n: V,
}

impl<V: Vector<Elem: Float>> Unscaled<V> {
    /// 2^`shift` · exp(x + y), for a small correction y and an x within the range.
    #[inline(always)]
    fn exp(x: V, y: V, shift: i32) -> Self {
        let rounder = rounder(x, 2 * V::Elem::BIAS + shift);
        let n_bits = x.mul_add(c(x, std::f64::consts::LOG2_E), rounder);
        let (f, rest) = remainder(x, n_bits.sub(rounder), y);
        Unscaled { tail: expm1_tail(f, rest), n: n_bits }
    }

    /// 2^`shift` · 2ˣ, for an x within the range.
    #[inline(always)]
    fn exp2(x: V, shift: i32) -> Self {
        let rounder = rounder(x, 2 * V::Elem::BIAS + shift);
        let n_bits = x.add(rounder);
        Unscaled { tail: exp2m1_tail(x.sub(n_bits.sub(rounder))), n: n_bits }
    }

    /// 2^n · `significand`. Two factors of half the exponent, since one does not reach from the least number to the
    /// largest; the second product rounds to a subnormal number, 0 or ∞ where it must.
    #[inline(always)]
    fn scale(&self, significand: V) -> V {
        let half = self.n.shift_right::<1>();
        let other_half = self.n.int_sub(half);
        significand.mul(V::Elem::to_exponent(half)).mul(V::Elem::to_exponent(other_half))
    }

    /// The same by one factor, where that is a normal number.
    #[inline(always)]
    fn scale_by_one(&self, significand: V) -> V {
        let n = self.n.int_sub(self.n.set_bits(V::Elem::BIAS as u64));
        significand.mul(V::Elem::to_exponent(n))
    }

    /// The same for a normal product, and numbers: NaN becomes one.
    #[inline(always)]
    fn scale_to_normal(&self, significand: V) -> V {
        let n = self.n.int_sub(self.n.set_bits(2 * V::Elem::BIAS as u64));
        significand.int_add(V::Elem::to_exponent(n))
    }
}

/// eˣ or 2ˣ as 2^(n/STEPS) · 2ᶠ with |f| ≤ 1/(2 STEPS), or with 0 ≤ f ≤ 1/STEPS, where 2^(j/STEPS) is looked up: the
/// polynomial in f has half the terms.
struct Steps<V> {
    /// A number whose low bits hold n.
    n_bits: V,
    /// A number that lies between the same whole numbers as n / STEPS
    n: V,
    /// 2ᶠ / (1 + δ) − 1, for the factor 1 + δ of [`Coefficients::POWERS`]
    rest: V,
}

impl<V: Vector<Elem: Float>> Steps<V> {
    #[inline(always)]
    fn exp(x: V) -> Self {
        Steps::exp_shifted(x, 0)
    }

    /// 2^`shift` · eˣ
    #[inline(always)]
    fn exp_shifted(x: V, shift: i32) -> Self {
        let rounder = step_rounder(x, shift);
        let n_bits = x.mul_add(c(x, std::f64::consts::LOG2_E), rounder);
        let n = n_bits.sub(rounder);
        let [ln_2, ln_2_rest] = V::Elem::LN_2;
        let f = n.neg_mul_add(x.set(ln_2_rest), n.neg_mul_add(x.set(ln_2), x));
        Steps { n_bits, n, rest: polynomial(f, V::Elem::EXP_NEAR) }
    }

    /// exp(x + y) for a correction y to x.
    #[inline(always)]
    fn exp_sum(x: V, y: V) -> Self {
        let rounder = step_rounder(x, 0);
        let n_bits = x.mul_add(c(x, std::f64::consts::LOG2_E), rounder);
        let n = n_bits.sub(rounder);
        let (f, rest) = remainder(x, n, y);
        Steps { n_bits, n, rest: polynomial(f.add(rest), V::Elem::EXP_NEAR) }
    }

    #[inline(always)]
    fn exp2(x: V) -> Self {
        Steps::exp2_shifted(x, 0)
    }

    /// 2^`shift` · 2ˣ
    #[inline(always)]
    fn exp2_shifted(x: V, shift: i32) -> Self {
        let rounder = step_rounder(x, shift);
        if V::SCALES {
            // Rounded down, x and n/STEPS lie between the same whole numbers, and f is one instruction.
            let rest = polynomial(x.above_step(), V::Elem::EXP2_ABOVE);
            return Steps { n_bits: x.add_down(rounder), n: x, rest };
        }
        let n_bits = x.add(rounder);
        let n = n_bits.sub(rounder);
        Steps { n_bits, n, rest: polynomial(x.sub(n), V::Elem::EXP2_NEAR) }
    }

    /// The value, where it is a normal number.
    #[inline(always)]
    fn normal_value(&self) -> V {
        if V::SCALES {
            return self.value();
        }
        let steps = V::Elem::steps_to_exponent(self.n_bits);
        let power = self.n_bits.lookup(V::Elem::POWERS_LESS_STEPS).int_add(steps);
        self.rest.mul_add(power, power)
    }

    /// The power, times one of two factors of 2ⁿ; and what tells the other to [`Steps::scaled`].
    #[inline(always)]
    fn factors(&self) -> (V, V) {
        let power = self.n_bits.lookup(V::Elem::POWERS);
        if V::SCALES {
            return (power, self.n);
        }
        // As in `Unscaled::scale`; here the first factor is part of the power.
        let whole = self.n_bits.set_bits(!(V::Elem::STEPS as u64 - 1));
        let half = self.n_bits.shift_right::<1>().bit_and(whole);
        let other_half = self.n_bits.bit_and(whole).int_sub(half);
        let power = power.int_add(V::Elem::steps_to_exponent(other_half));
        (power, V::Elem::steps_to_exponent(half).int_add(c(self.n, 1.0)))
    }

    #[inline(always)]
    fn scaled(x: V, factor: V) -> V {
        if V::SCALES { x.scale(factor) } else { x.mul(factor) }
    }

    /// The value, subnormal, 0 or ∞ where it must be.
    #[inline(always)]
    fn value(&self) -> V {
        let (power, factor) = self.factors();
        Self::scaled(self.rest.mul_add(power, power), factor)
    }

    /// The value, and what its rounding lost, 0 unless `counts`.
    #[inline(always)]
    fn value_in_two_parts(&self, counts: V::Mask) -> (V, V) {
        let (power, factor) = self.factors();
        let value = self.rest.mul_add(power, power);
        let lost = self.rest.mul_add(power, power.sub(value)).keep(counts);
        (Self::scaled(value, factor), Self::scaled(lost, factor))
    }
}

/// x, but no further from 0 than the ends of the range; NaN is kept.
#[inline(always)]
fn within<V: Vector<Elem: Float>>(x: V, (low, high): (f64, f64)) -> V {
    c(x, high).min(c(x, low).max(x))
}

/// f + rest = x − n log 2 + y with f exact.
#[inline(always)]
fn remainder<V: Vector<Elem: Float>>(x: V, n: V, y: V) -> (V, V) {
    let [ln_2, ln_2_rest] = V::Elem::LN_2;
    (n.neg_mul_add(x.set(ln_2), x), n.neg_mul_add(x.set(ln_2_rest), y))
}

/// exp(f + rest) − 1 for |f| ≤ ½ log 2.
#[inline(always)]
fn expm1_tail<V: Vector<Elem: Float>>(f: V, rest: V) -> V {
    let g = f.add(rest);
    f.add(g.mul(g).mul_add(polynomial(g, V::Elem::EXP), rest))
}

/// 2ᶠ − 1 for |f| ≤ ½.
#[inline(always)]
fn exp2m1_tail<V: Vector<Elem: Float>>(f: V) -> V {
    // f/2 is exact, so that the error of the product concerns the smaller part of f log 2 only.
    let half = c(f, 0.5);
    polynomial(f, V::Elem::EXP2).mul_add(f, c(f, LN_2_LESS_HALF)).mul_add(f, f.mul(half))
}

const LN_2_LESS_HALF: f64 = 0.1931471805599453;

/// eˣ. Error below 1 ulp; subnormal results are kept.
#[inline(always)]
pub(super) fn exp<V: Vector<Elem: Float>>(x: V) -> V {
    if V::LOOKS_UP { Steps::exp(within(x, V::Elem::EXP_RANGE)).value() } else { exp_shifted(x, 0) }
}

/// 2^`shift` · eˣ without overflow in between, for |shift| ≤ 2. Error below 1 ulp.
#[inline(always)]
pub(super) fn exp_shifted<V: Vector<Elem: Float>>(x: V, shift: i32) -> V {
    let parts = Unscaled::exp(within(x, V::Elem::EXP_RANGE), c(x, 0.0), shift);
    parts.scale(c(x, 1.0).add(parts.tail))
}

/// exp(x + y) · (a + b) for a correction y to x and a correction b to a: what is lost in
/// either factor is in the product.
#[inline(always)]
pub(super) fn exp_product<V: Vector<Elem: Float>>(x: V, y: V, a: V, b: V) -> V {
    let parts = Unscaled::exp(within(x, V::Elem::EXP_RANGE), y, 0);
    let (significand, rest) = fast_two_sum(c(x, 1.0), parts.tail);
    parts.scale(significand.mul_add(a, significand.mul_add(b, rest.mul(a))))
}

/// Whether any eˣ is not normal, or nearly so.
#[inline(always)]
pub(super) fn any_beyond<V: Vector<Elem: Float>>(x: V) -> bool {
    V::any(x.abs().not_lt(c(x, -V::Elem::EXP_NORMAL)))
}

/// exp(x + y) for a correction y to x, which counts for nothing where eˣ is 0 or ∞. Each result is normal unless `beyond`.
#[inline(always)]
pub(super) fn exp_sum<V: Vector<Elem: Float>>(x: V, y: V, beyond: bool) -> V {
    let x = if beyond { within(x, V::Elem::EXP_RANGE) } else { x };
    if V::LOOKS_UP {
        let steps = Steps::exp_sum(x, y);
        return if beyond { steps.value() } else { steps.normal_value() };
    }
    let parts = Unscaled::exp(x, y, 0);
    let significand = c(x, 1.0).add(parts.tail);
    if beyond { parts.scale(significand) } else { parts.scale_to_normal(significand) }
}

/// 2ˣ. Error below 1 ulp; subnormal results are kept.
#[inline(always)]
pub(super) fn exp2<V: Vector<Elem: Float>>(x: V) -> V {
    let x = within(x, V::Elem::EXP2_RANGE);
    if V::LOOKS_UP {
        return Steps::exp2(x).value();
    }
    let parts = Unscaled::exp2(x, 0);
    parts.scale(c(x, 1.0).add(parts.tail))
}

/// eˣ for x ≤ 0 (or NaN). Error below 1 ulp where the result is at least twice the least normal number; smaller results
/// are 0, because subnormal numbers slow sums down.
#[inline(always)]
pub(super) fn exp_nonpositive<V: Vector<Elem: Float>>(x: V) -> V {
    let result = if V::LOOKS_UP {
        Steps::exp(x).normal_value()
    } else {
        let rounder = rounder(x, V::Elem::BIAS);
        let n_bits = x.mul_add(c(x, std::f64::consts::LOG2_E), rounder);
        let (f, rest) = remainder(x, n_bits.sub(rounder), c(x, 0.0));
        expm1_tail(f, rest).add(c(x, 1.0)).mul(V::Elem::to_exponent(n_bits))
    };
    result.keep(x.not_lt(c(x, V::Elem::EXP_NORMAL)))
}

/// 2ˣ for x ≤ 0 (or NaN), with the error and the zeros of [`exp_nonpositive`].
#[inline(always)]
pub(super) fn exp2_nonpositive<V: Vector<Elem: Float>>(x: V) -> V {
    let result = if V::LOOKS_UP {
        Steps::exp2(x).normal_value()
    } else {
        let rounder = rounder(x, V::Elem::BIAS);
        let n_bits = x.add(rounder);
        let f = x.sub(n_bits.sub(rounder));
        let significand = if <V::Token as Simd>::FUSED {
            polynomial(f, V::Elem::EXP2).mul_add(f, c(x, std::f64::consts::LN_2)).mul_add(f, c(x, 1.0))
        } else {
            exp2m1_tail(f).add(c(x, 1.0))
        };
        significand.mul(V::Elem::to_exponent(n_bits))
    };
    result.keep(x.not_lt(c(x, V::Elem::EXP2_NORMAL)))
}

/// eˣ. Error below 1 ulp where the result is at least four times the least normal number, so that half of it is put together
/// from normal numbers; smaller results are 0.
#[inline(always)]
pub(super) fn exp_normal<V: Vector<Elem: Float>>(x: V) -> V {
    let high = c(x, V::Elem::EXP_INFINITE).min(x);
    let result = if V::SCALES {
        Steps::exp(high).value()
    } else {
        // Half of it has an exponent, and twice that is infinite where it must be.
        let half = if V::LOOKS_UP {
            Steps::exp_shifted(high, -1).normal_value()
        } else {
            let parts = Unscaled::exp(high, c(x, 0.0), -1);
            parts.scale_by_one(c(x, 1.0).add(parts.tail))
        };
        half.add(half)
    };
    result.keep(x.not_lt(c(x, V::Elem::EXP_NORMAL + std::f64::consts::LN_2)))
}

/// 2ˣ, with the error and the zeros of [`exp_normal`].
#[inline(always)]
pub(super) fn exp2_normal<V: Vector<Elem: Float>>(x: V) -> V {
    let high = c(x, f64::from(V::Elem::BIAS + 1)).min(x);
    let result = if V::SCALES {
        Steps::exp2(high).value()
    } else {
        let half = if V::LOOKS_UP {
            Steps::exp2_shifted(high, -1).normal_value()
        } else {
            let parts = Unscaled::exp2(high, -1);
            parts.scale_by_one(c(x, 1.0).add(parts.tail))
        };
        half.add(half)
    };
    result.keep(x.not_lt(c(x, V::Elem::EXP2_NORMAL + 1.0)))
}

/// eˣ − 1. Error below 2 ulp.
#[inline(always)]
pub(super) fn expm1<V: Vector<Elem: Float>>(x: V) -> V {
    // Below the range, eˣ is less than a quarter of the last place of 1. Halved throughout, so that 2ⁿ is finite.
    let (half, zero) = (c(x, 0.5), c(x, 0.0));
    let within = within(x, V::Elem::EXPM1_RANGE);
    let rounder = rounder(x, V::Elem::BIAS - 1);
    let n_bits = within.mul_add(c(x, std::f64::consts::LOG2_E), rounder);
    let (f, rest) = remainder(within, n_bits.sub(rounder), zero);
    let g = f.add(rest);
    let curve = g.mul(g).mul_add(polynomial(g, V::Elem::EXP), rest);
    // ½(2ⁿ(1 + f + curve) − 1) in order of size, with what the roundings of the first two steps lose.
    let power = V::Elem::to_exponent(n_bits);
    let (base, lost) = two_sum(power, half.neg());
    let (sum, lost_too) = fast_two_sum(base, power.mul(f));
    let result = sum.add(power.mul_add(curve, lost.add(lost_too)));
    let result = result.add(result);
    V::select(x.eq(zero), x, result)
}

/// eˣ in two parts, for x ≤ 0: 0 where it is less than twice the least normal number, the second also where it would be
/// subnormal.
#[inline(always)]
pub(super) fn exp_in_two_parts<V: Vector<Elem: Float>>(x: V) -> (V, V) {
    let (low, high) = (V::Elem::EXP_NORMAL, 0.0);
    let counts = x.not_lt(c(x, low + f64::from(V::Elem::UP) * std::f64::consts::LN_2));
    let exp = within(x, (low, high));
    let (value, lost) = if V::LOOKS_UP {
        Steps::exp(exp).value_in_two_parts(counts)
    } else {
        let parts = Unscaled::exp(exp, c(x, 0.0), 0);
        let (significand, rest) = fast_two_sum(c(x, 1.0), parts.tail);
        (parts.scale(significand), parts.scale(rest.keep(counts)))
    };
    (value.keep(x.not_lt(c(x, low))), lost)
}

/// 1 / (1 + e⁻ˣ). Error below 2 ulp.
#[inline(always)]
pub(super) fn sigmoid<V: Vector<Elem: Float>>(x: V) -> V {
    // The exponential of −|x| cannot overflow, and keeps small results accurate.
    let (one, negative) = (c(x, 1.0), x.lt(c(x, 0.0)));
    let (exp, exp_rest) = exp_in_two_parts(x.abs().neg());
    let (sum, lost) = fast_two_sum(one, exp);
    let quotient = V::select(negative, exp, one).div(sum);
    let rest = quotient.neg_mul_add(exp_rest.add(lost), exp_rest.keep(negative));
    rest.div(sum).add(quotient)
}
