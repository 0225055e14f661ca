//! Logarithms: x = 2ᵏ(1 + f) with √½ ≤ 1 + f < √2, and log(1 + f) = 2 artanh s for s = f/(2 + f).

use super::coefficients::Coefficients;
use super::exp::exp;
use super::float::{Float, c, fast_two_sum, polynomial, sign_bit, two_sum};
use crate::real::Real;
use crate::simd::{Simd, Vector};

/// x = 2ᵏ m with √½ ≤ m < √2, or as told, for positive finite x.
pub(super) struct Split<V> {
    /// k
    pub exponent: V,
    /// m
    pub significand: V,
    /// A number whose low bits tell which sixteenth of its range in bits m is in.
    pub interval: V,
}

impl<V: Vector<Elem: Float>> Split<V> {
    /// Splits x, subnormal numbers too.
    #[inline(always)]
    pub(super) fn new(x: V) -> Self {
        let (normal, subnormal) = up_to_normal(x);
        let split = Split::of_normal(normal, std::f64::consts::FRAC_1_SQRT_2);
        let exponent = split.exponent.sub(c(x, V::Elem::UP.into()).keep(subnormal));
        Split { exponent, ..split }
    }

    /// Splits a normal number, with `start` ≤ m < 2 `start`.
    #[inline(always)]
    pub(super) fn of_normal(x: V, start: f64) -> Self {
        // Adding the distance from the start to 1 carries into the exponent exactly where m would be its double or more.
        let start = c(x, start);
        let bits = x.int_add(c(x, 1.0).int_sub(start));
        let biased = V::Elem::from_exponent(bits);
        // An integer in the low bits of 2^FRACTION is that number plus the integer.
        let unit = (1_u64 << V::Elem::FRACTION) as f64;
        let exponent = biased.bit_or(c(x, unit)).sub(c(x, unit + f64::from(V::Elem::BIAS)));
        let significand = bits.bit_and(x.set_bits(V::Elem::FRACTION_BITS)).int_add(start);
        Split { exponent, significand, interval: V::Elem::interval_from_fraction(bits) }
    }
}

/// Subnormal numbers times 2^UP, others as they are; and which are subnormal (or negative).
#[inline(always)]
pub(super) fn up_to_normal<V: Vector<Elem: Float>>(x: V) -> (V, V::Mask) {
    let subnormal = x.lt(c(x, V::Elem::LEAST_NORMAL));
    (V::select(subnormal, x.mul(c(x, (1_u64 << V::Elem::UP) as f64)), x), subnormal)
}

/// What distinguishes the bases.
struct Base<E> {
    /// The logarithm of 2, in two pieces; the first times an exponent is exact.
    of_two: [E; 2],
    /// The logarithm of e, unless it is 1, in two pieces; the first times the upper half of a number is exact.
    of_e: Option<[E; 2]>,
}

impl<E: Float> Base<E> {
    const NATURAL: Self = Base { of_two: E::LN_2, of_e: None };
}

/// x − f²/2, rounded as if f² were exact.
#[inline(always)]
fn less_half_square<V: Vector<Elem: Float>>(x: V, f: V) -> V {
    let half = c(f, 0.5);
    if <V::Token as Simd>::FUSED {
        return f.mul(half).neg_mul_add(f, x);
    }
    // f² = u² + (f − u)(f + u), with the first term exact and the second small
    let u = f.bit_and(f.set_bits(V::Elem::UPPER_HALF));
    x.sub(f.sub(u).mul(f.add(u)).mul(half)).sub(u.mul(u).mul(half))
}

/// The logarithm of 2^`shift` (x + y), for a correction y to x.
#[inline(always)]
fn log_of_sum<V: Vector<Elem: Float>>(base: &Base<V::Elem>, x: V, y: Option<V>, shift: Option<V>) -> V {
    let split = Split::new(x);
    let k = match shift {
        Some(shift) => split.exponent.add(shift),
        None => split.exponent,
    };
    let f = split.significand.sub(c(x, 1.0));
    let s = f.div(f.add(c(x, 2.0)));
    let z = s.mul(s);
    // log(1 + f) = f − f²/2 + s (f²/2 + artanh's terms from s² on)
    let half_square = f.mul(c(x, 0.5)).mul(f);
    let curve = s.mul(z.mul_add(polynomial(z, V::Elem::LOG), half_square));
    let curve = match y {
        Some(y) => y.div(x).add(curve),
        None => curve,
    };
    let (head, tail) = match base.of_e {
        None => (f, less_half_square(curve, f)),
        Some([of_e, of_e_rest]) => {
            let (of_e, of_e_rest) = (x.set(of_e), x.set(of_e_rest));
            let upper = f.sub(half_square).bit_and(x.set_bits(V::Elem::UPPER_HALF));
            let lower = less_half_square(f.sub(upper), f).add(curve);
            (upper.mul(of_e), lower.mul_add(of_e.add(of_e_rest), upper.mul(of_e_rest)))
        }
    };
    let [of_two, of_two_rest] = base.of_two;
    let (sum, lost) = fast_two_sum(k.mul(x.set(of_two)), head);
    let result = sum.add(k.mul_add(x.set(of_two_rest), tail).add(lost));
    within_domain(x, result)
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
    log_of_sum(&Base::NATURAL, x, None, None)
}

/// log₂ x. Error below 1 ulp.
#[inline(always)]
pub(super) fn log2<V: Vector<Elem: Float>>(x: V) -> V {
    let of_two = [V::Elem::from_f64(1.0), V::Elem::from_f64(0.0)];
    log_of_sum(&Base { of_two, of_e: Some(V::Elem::LOG2_E) }, x, None, None)
}

/// log₁₀ x. Error below 1 ulp.
#[inline(always)]
pub(super) fn log10<V: Vector<Elem: Float>>(x: V) -> V {
    log_of_sum(&Base { of_two: V::Elem::LOG10_2, of_e: Some(V::Elem::LOG10_E) }, x, None, None)
}

/// log(1 + x). Error below 2 ulp.
#[inline(always)]
pub(super) fn log1p<V: Vector<Elem: Float>>(x: V) -> V {
    // Near 0 the whole of x may be in the second part of the sum, and a zero's sign is lost.
    let (sum, rest) = two_sum(c(x, 1.0), x);
    log_of_sum(&Base::NATURAL, sum, Some(rest), None).bit_or(sign_bit(x))
}

/// log(1 + x + y) for a correction y to x ≥ 0.
#[inline(always)]
pub(super) fn log1p_of_sum<V: Vector<Elem: Float>>(x: V, y: V) -> V {
    let (sum, rest) = two_sum(c(x, 1.0), x);
    log_of_sum(&Base::NATURAL, sum, Some(rest.add(y)), None)
}

/// log(1 + x + y) for a correction y to x ≥ 0, or log(2 `large`) where `far`.
#[inline(always)]
pub(super) fn log1p_or_log_twice<V: Vector<Elem: Float>>(x: V, y: V, large: V, far: V::Mask) -> V {
    let (sum, rest) = two_sum(c(x, 1.0), x);
    let rest = rest.add(y).keep(V::mask_not(far));
    log_of_sum(&Base::NATURAL, V::select(far, large, sum), Some(rest), Some(c(x, 1.0).keep(far)))
}

/// x log x, and 0 at 0. Error below 2 ulp.
#[inline(always)]
pub(super) fn xlogx<V: Vector<Elem: Float>>(x: V) -> V {
    x.mul(log(x)).keep(x.ne(c(x, 0.0)))
}

/// log(1 + eˣ). Error below 2 ulp.
#[inline(always)]
pub(super) fn softplus<V: Vector<Elem: Float>>(x: V) -> V {
    c(x, 0.0).max(x).add(log1p(exp(x.abs().neg())))
}
