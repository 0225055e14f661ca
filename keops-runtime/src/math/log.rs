//! Logarithms: x = 2ᵏ m, and log x = k log 2 + log c + log(1 + r) with r = m/c − 1, where c is a number near m of which 1/c
//! and log c are looked up ([`Coefficients::INVERSES`]), so that nothing is divided. Where a set cannot look up, c is 1,
//! √½ ≤ m < √2, and log(1 + r) = 2 artanh s for s = r/(2 + r).

use super::coefficients::Coefficients;
use super::exp::exp_in_two_parts;
use super::float::{Float, c, fast_two_sum, polynomial, sign_bit};
use crate::simd::{Simd, Vector};

/// x = 2ᵏ m with `START` ≤ m < 2 `START`, and m near c.
pub(super) struct Near<V> {
    /// The bits of k above those of (m − `START`), whose highest tell the intervals apart.
    bits: V,
    /// 1/c
    inverse: V,
    /// k log 2 + log c, so many bits that it is exact.
    pub head: V,
    /// What is left of it.
    pub rest: V,
}

impl<V: Vector<Elem: Float>> Near<V> {
    /// The number with `START` ≤ m < 2 `START`.
    #[inline(always)]
    fn start(v: V) -> V {
        if V::LOOKS_UP { v.set(V::Elem::START) } else { c(v, std::f64::consts::FRAC_1_SQRT_2) }
    }

    /// Of a positive normal number.
    #[inline(always)]
    pub(super) fn new(x: V) -> Self {
        // Adding the distance from the start to 1 carries into the exponent exactly where m would be its double or more.
        let bits = x.int_add(c(x, 1.0).int_sub(Self::start(x)));
        // An integer in the low bits of 2^FRACTION is that number plus the integer.
        let unit = (1_u64 << V::Elem::FRACTION) as f64;
        let k = V::Elem::from_exponent(bits).bit_or(c(x, unit)).sub(c(x, unit + f64::from(V::Elem::BIAS)));
        let [of_two, of_two_rest] = V::Elem::LN_2;
        let (of_two, of_two_rest) = (x.set(of_two), x.set(of_two_rest));
        if !V::LOOKS_UP {
            return Near { bits, inverse: c(x, 1.0), head: k.mul(of_two), rest: k.mul(of_two_rest) };
        }
        let interval = V::Elem::interval_from_fraction(bits);
        Near {
            bits,
            inverse: interval.lookup(V::Elem::INVERSES),
            head: k.mul_add(of_two, interval.lookup(V::Elem::LOG_INVERSES)),
            rest: k.mul_add(of_two_rest, interval.lookup(V::Elem::LOG_INVERSES_REST)),
        }
    }

    /// r = m/c − 1
    #[inline(always)]
    pub(super) fn remainder(&self) -> V {
        let one = c(self.bits, 1.0);
        let m = self.bits.bit_and(one.set_bits(V::Elem::FRACTION_BITS)).int_add(Self::start(one));
        if V::LOOKS_UP { m.mul_add(self.inverse, one.neg()) } else { m.sub(one) }
    }

    /// 1/(2ᵏ c), for k ≤ `BIAS`
    #[inline(always)]
    fn scale(&self) -> V {
        let exponent = self.bits.bit_and(self.bits.set_bits(V::Elem::EXPONENT_BITS));
        self.inverse.int_add(c(self.bits, 1.0)).int_sub(exponent)
    }

    /// The logarithm of 2^−n x, for n ≤ 2 `UP`.
    #[inline(always)]
    pub(super) fn divided(self, n: V) -> Self {
        let [of_two, of_two_rest] = V::Elem::LN_2;
        let (head, rest) =
            (n.neg_mul_add(n.set(of_two), self.head), n.neg_mul_add(n.set(of_two_rest), self.rest));
        Near { head, rest, ..self }
    }

    /// log x − head − r
    #[inline(always)]
    fn curve(&self, r: V) -> V {
        if V::LOOKS_UP {
            let slope = polynomial(r, V::Elem::LOG_NEAR).mul_add(r, c(r, -0.5));
            return r.mul(r).mul_add(slope, self.rest);
        }
        let s = r.div(r.add(c(r, 2.0)));
        let z = s.mul(s);
        // log(1 + r) = r − r²/2 + s (r²/2 + artanh's terms from s² on)
        let half_square = r.mul(c(r, 0.5)).mul(r);
        less_half_square(s.mul_add(z.mul_add(polynomial(z, V::Elem::LOG), half_square), self.rest), r)
    }

    /// log x. Where it is no larger than r, the last sum is exact; elsewhere the rounding of the first counts half at most.
    #[inline(always)]
    fn log(&self, r: V) -> V {
        self.head.add(r.add(self.curve(r)))
    }

    /// log x in two parts.
    #[inline(always)]
    fn log_in_two_parts(&self, r: V) -> (V, V) {
        let (sum, lost) = fast_two_sum(self.head, r);
        (sum, self.curve(r).add(lost))
    }
}

/// x − r²/2, rounded as if r² were exact.
#[inline(always)]
fn less_half_square<V: Vector<Elem: Float>>(x: V, r: V) -> V {
    let half = c(r, 0.5);
    if <V::Token as Simd>::FUSED {
        return r.mul(half).neg_mul_add(r, x);
    }
    // r² = u² + (r − u)(r + u), with the first term exact and the second small
    let u = r.bit_and(r.set_bits(V::Elem::UPPER_HALF));
    x.sub(r.sub(u).mul(r.add(u)).mul(half)).sub(u.mul(u).mul(half))
}

/// Subnormal numbers times 2^UP, others as they are; and UP for those that are subnormal (or negative), 0 for the others.
#[inline(always)]
pub(super) fn up_to_normal<V: Vector<Elem: Float>>(x: V) -> (V, V) {
    let subnormal = x.lt(c(x, V::Elem::LEAST_NORMAL));
    let normal = V::select(subnormal, x.mul(c(x, (1_u64 << V::Elem::UP) as f64)), x);
    (normal, c(x, V::Elem::UP.into()).keep(subnormal))
}

/// Whether any number is not positive, normal and finite.
#[inline(always)]
pub(super) fn any_unusual<V: Vector<Elem: Float>>(x: V) -> bool {
    V::any(V::mask_or(x.lt(c(x, V::Elem::LEAST_NORMAL)), x.not_lt(c(x, f64::INFINITY))))
}

/// What is near a positive finite x, which is normal unless `unusual`.
#[inline(always)]
pub(super) fn near<V: Vector<Elem: Float>>(x: V, unusual: bool) -> Near<V> {
    let (mut normal, mut up) = (x, x);
    if unusual {
        (normal, up) = up_to_normal(x);
    }
    let near = Near::new(normal);
    if unusual { near.divided(up) } else { near }
}

/// The value of a logarithm where x is positive and finite, and what it is elsewhere.
#[inline(always)]
pub(super) fn within_domain<V: Vector<Elem: Float>>(x: V, value: V) -> V {
    let value = V::select(x.lt(c(x, f64::INFINITY)), value, x);
    let outside = V::select(x.lt(c(x, 0.0)), c(x, f64::NAN), c(x, f64::NEG_INFINITY));
    V::select(x.le(c(x, 0.0)), outside, value)
}

/// log x. Error below 1 ulp.
#[inline(always)]
pub(super) fn log<V: Vector<Elem: Float>>(x: V) -> V {
    let unusual = any_unusual(x);
    let near = near(x, unusual);
    let value = near.log(near.remainder());
    if unusual { within_domain(x, value) } else { value }
}

/// The logarithm to a base whose logarithm is 1/`of_e`, which is given in two parts: the first times the upper half of a
/// number is exact.
#[inline(always)]
fn log_to_base<V: Vector<Elem: Float>>(x: V, of_e: [V::Elem; 2]) -> V {
    let unusual = any_unusual(x);
    let near = near(x, unusual);
    let (sum, rest) = near.log_in_two_parts(near.remainder());
    let (of_e, of_e_rest) = (x.set(of_e[0]), x.set(of_e[1]));
    let upper = sum.add(rest).bit_and(x.set_bits(V::Elem::UPPER_HALF));
    let lower = sum.sub(upper).add(rest);
    let value = upper.mul(of_e).add(lower.mul_add(of_e.add(of_e_rest), upper.mul(of_e_rest)));
    if unusual { within_domain(x, value) } else { value }
}

/// log₂ x. Error below 1 ulp.
#[inline(always)]
pub(super) fn log2<V: Vector<Elem: Float>>(x: V) -> V {
    log_to_base(x, V::Elem::LOG2_E)
}

/// log₁₀ x. Error below 1 ulp.
#[inline(always)]
pub(super) fn log10<V: Vector<Elem: Float>>(x: V) -> V {
    log_to_base(x, V::Elem::LOG10_E)
}

/// log(1 + x), or log(1 + x + y) for a correction y to x if `CORRECTED`, for 2⁻²⁰ − 1 ≤ x < `FAR` unless `unusual`.
#[inline(always)]
pub(super) fn log1p_of_sum<V: Vector<Elem: Float>, const CORRECTED: bool>(x: V, y: V, unusual: bool) -> V {
    let sum = x.add(c(x, 1.0));
    let mut near = Near::new(sum);
    // r = (1 + x)/(2ᵏ c) − 1, where what the sum has lost is kept: the second term is exact, or the logarithm so large that
    // this does not count.
    let scale = near.scale();
    let mut r = x.mul_add(scale, scale.sub(c(x, 1.0)));
    // log(1 + r + d) is log(1 + r) + d/(1 + r), where d is little enough for 1 + r to count as 1.
    let mut rest = if CORRECTED { y.mul_add(scale, near.rest) } else { near.rest };
    if unusual {
        // Elsewhere nothing is lost in the sum.
        let inside = V::mask_and(c(x, LEAST_USUAL).le(x), x.lt(c(x, V::Elem::FAR)));
        r = V::select(inside, r, near.remainder());
        rest = V::select(inside, rest, near.rest);
    }
    near.rest = rest;
    let value = near.log(r);
    if unusual { within_domain(sum, value) } else { value }
}

/// From here on the scale of 1 + x is so little that itself less 1 is exact.
const LEAST_USUAL: f64 = 1.0 / (1 << 20) as f64 - 1.0;

/// log(1 + x). Error below 2 ulp.
#[inline(always)]
pub(super) fn log1p<V: Vector<Elem: Float>>(x: V) -> V {
    let unusual = V::any(V::mask_or(x.lt(c(x, LEAST_USUAL)), x.not_lt(c(x, V::Elem::FAR))));
    // A zero's sign is lost in the sum.
    log1p_of_sum::<V, false>(x, x, unusual).bit_or(sign_bit(x))
}

/// x log x, and 0 at 0. Error below 2 ulp.
#[inline(always)]
pub(super) fn xlogx<V: Vector<Elem: Float>>(x: V) -> V {
    x.mul(log(x)).keep(x.ne(c(x, 0.0)))
}

/// log(1 + eˣ). Error below 2 ulp.
#[inline(always)]
pub(super) fn softplus<V: Vector<Elem: Float>>(x: V) -> V {
    // Where both round the same way the error of the exponential would be too much.
    let (exp, exp_rest) = exp_in_two_parts(x.abs().neg());
    // From here on the logarithm is its argument, whose square would be subnormal at last.
    let counts = exp.not_lt(c(x, 0.25 / (1_u64 << V::Elem::FRACTION) as f64));
    let log = log1p_of_sum::<V, true>(exp.keep(counts), exp_rest.keep(counts), false);
    c(x, 0.0).max(x).add(V::select(counts, log, exp))
}
