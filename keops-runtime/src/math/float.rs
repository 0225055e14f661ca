//! What the algorithms need to know of a scalar type: the layout of its bits, and arithmetic on them.

use super::coefficients::Coefficients;
use super::trig;
use crate::real::Real;
use crate::simd::{LanesInMemory, Simd, Vector};

/// A binary floating-point type: 1 bit of sign, then the exponent, then `FRACTION` bits.
pub(super) trait Float: Real + Coefficients {
    /// Bits of the significand that are stored.
    const FRACTION: i32;
    /// The exponent field of 1.
    const BIAS: i32;
    /// [`Coefficients::POWERS`] are so many steps to a factor of 2, and [`Coefficients::INVERSES`] so many intervals.
    const STEPS: i32;
    /// The bits from the exponent on.
    const EXPONENT_BITS: u64 = !Self::FRACTION_BITS;
    /// The sign bit.
    const SIGN: u64;
    /// The bits of the fraction.
    const FRACTION_BITS: u64;
    /// The bits of the upper half of the significand: products of two such numbers are exact.
    const UPPER_HALF: u64;
    /// The bits that leave a third of the significand: products of three such numbers are exact.
    const UPPER_THIRD: u64;

    /// Subnormal numbers times 2^UP are normal.
    const UP: i32 = Self::FRACTION + 1;
    /// The least normal number.
    const LEAST_NORMAL: f64;
    /// A power of two: x² + 1 rounds to x² from its square root on, up to which squares do not overflow. The squares of the
    /// least numbers times it are normal, and those of the largest divided by it finite.
    const FAR: f64;
    /// The factor that undoes the scaling of [`Coefficients::TWO_OVER_PI`].
    const TWO_OVER_PI_UNIT: f64;
    /// An argument whose erfc is 0 after rounding.
    const ERFC_ZERO: f64;
    /// Up to which argument π/2 is subtracted from in pieces, with and without fused multiply-add.
    const NEAR: (f64, f64);
    /// Where eˣ is 0 or ∞ after rounding from, in both directions.
    const EXP_RANGE: (f64, f64);
    /// Where eˣ is ∞, and ½eˣ is not.
    const EXP_INFINITE: f64;
    /// The same as `EXP_RANGE` for 2ˣ.
    const EXP2_RANGE: (f64, f64);
    /// Where eˣ − 1 is −1 or ∞ after rounding from; the nearest integer to high / log 2 is still an exponent.
    const EXPM1_RANGE: (f64, f64);
    /// The x with eˣ twice the least normal number, rounded down.
    const EXP_NORMAL: f64;
    /// The x with 2ˣ twice the least normal number.
    const EXP2_NORMAL: f64;

    /// x − n π/2 for large x, for numbers in memory; not generic, so that it is compiled with this crate.
    const REDUCE_FAR: LanesInMemory<Self>;

    /// The low bits of each lane moved to the place of the exponent.
    fn to_exponent<V: Vector<Elem = Self>>(bits: V) -> V;
    /// The low bits of each lane, a number of steps of [`Coefficients::POWERS`], moved to where they are added to the
    /// exponent.
    fn steps_to_exponent<V: Vector<Elem = Self>>(bits: V) -> V;
    /// The highest bits of the fraction, which tell the [`Coefficients::INVERSES`] apart, moved to the lowest place, the
    /// exponent beside them.
    fn interval_from_fraction<V: Vector<Elem = Self>>(x: V) -> V;
    /// The bits of each lane from the exponent on moved to the lowest place.
    fn from_exponent<V: Vector<Elem = Self>>(x: V) -> V;
    /// The lowest bit of each lane moved to the place of the sign.
    fn to_sign<V: Vector<Elem = Self>>(bits: V) -> V;
}

macro_rules! impl_float {
    ($float:ident, $bits:literal, $fraction:literal, $bias:literal, $step_bits:literal, $half:literal, $third:literal; $($constants:item)+) => {
        impl Float for $float {
            const FRACTION: i32 = $fraction;
            const BIAS: i32 = $bias;
            const STEPS: i32 = 1 << $step_bits;
            const SIGN: u64 = 1 << ($bits - 1);
            const FRACTION_BITS: u64 = (1 << $fraction) - 1;
            const UPPER_HALF: u64 = !((1 << $half) - 1);
            const UPPER_THIRD: u64 = !((1 << $third) - 1);
            $($constants)+

            #[inline(always)]
            fn to_exponent<V: Vector<Elem = Self>>(bits: V) -> V {
                bits.shift_left::<$fraction>()
            }
            #[inline(always)]
            fn steps_to_exponent<V: Vector<Elem = Self>>(bits: V) -> V {
                bits.shift_left::<{ $fraction - $step_bits }>()
            }
            #[inline(always)]
            fn interval_from_fraction<V: Vector<Elem = Self>>(x: V) -> V {
                x.shift_right::<{ $fraction - $step_bits }>()
            }
            #[inline(always)]
            fn from_exponent<V: Vector<Elem = Self>>(x: V) -> V {
                x.shift_right::<$fraction>()
            }
            #[inline(always)]
            fn to_sign<V: Vector<Elem = Self>>(bits: V) -> V {
                bits.shift_left::<{ $bits - 1 }>()
            }
        }
    };
}

impl_float!(f32, 32, 23, 127, 3, 12, 16;
    const LEAST_NORMAL: f64 = f32::MIN_POSITIVE as f64;
    const FAR: f64 = (1_u128 << 96) as f64;
    const TWO_OVER_PI_UNIT: f64 = 1.0 / (1_u128 << 80) as f64;
    const ERFC_ZERO: f64 = 10.5;
    const NEAR: (f64, f64) = (2e4, 1.5e3);
    const EXP_RANGE: (f64, f64) = (-104.5, 89.5);
    const EXP_INFINITE: f64 = 88.75;
    const EXP2_RANGE: (f64, f64) = (-151.0, 129.0);
    const EXPM1_RANGE: (f64, f64) = (-18.5, 88.8);
    const EXP_NORMAL: f64 = -86.6434;
    const EXP2_NORMAL: f64 = -125.0;
    const REDUCE_FAR: LanesInMemory<f32> = trig::reduce_far_f32;
);
impl_float!(f64, 64, 52, 1023, 4, 27, 36;
    const LEAST_NORMAL: f64 = f64::MIN_POSITIVE;
    const FAR: f64 = f64::from_bits((1023 + 700) << 52);
    const TWO_OVER_PI_UNIT: f64 = f64::from_bits((1023 - 512) << 52);
    const ERFC_ZERO: f64 = 28.0;
    const NEAR: (f64, f64) = (1.5e6, 1.5e6);
    const EXP_RANGE: (f64, f64) = (-746.0, 710.5);
    const EXP_INFINITE: f64 = 709.8;
    const EXP2_RANGE: (f64, f64) = (-1076.0, 1025.0);
    const EXPM1_RANGE: (f64, f64) = (-38.5, 709.8);
    const EXP_NORMAL: f64 = -707.7032713652;
    const EXP2_NORMAL: f64 = -1021.0;
    const REDUCE_FAR: LanesInMemory<f64> = trig::reduce_far_f64;
);

/// `x` in every lane of a vector like `v`.
#[inline(always)]
pub(super) fn c<V: Vector<Elem: Float>>(v: V, x: f64) -> V {
    v.set(V::Elem::from_f64(x))
}

/// 1.5·2^FRACTION + offset. Added to x, it rounds x to an integer n: the low bits of the sum hold n + offset in two's
/// complement, and subtracting it again gives n as a float.
#[inline(always)]
pub(super) fn rounder<V: Vector<Elem: Float>>(v: V, offset: i32) -> V {
    c(v, 1.5 * (1_u64 << V::Elem::FRACTION) as f64 + f64::from(offset))
}

/// The same for steps: added to x, it rounds x to n / STEPS, and the low bits of the sum hold n + offset · STEPS.
#[inline(always)]
pub(super) fn step_rounder<V: Vector<Elem: Float>>(v: V, offset: i32) -> V {
    c(v, 1.5 * (1_u64 << V::Elem::FRACTION) as f64 / f64::from(V::Elem::STEPS) + f64::from(offset))
}

/// The sign bit of x, all others 0.
#[inline(always)]
pub(super) fn sign_bit<V: Vector<Elem: Float>>(x: V) -> V {
    x.bit_and(x.set_bits(V::Elem::SIGN))
}

/// Whether the sign bit is set (−0 and negative NaN included).
#[inline(always)]
pub(super) fn is_signed<V: Vector<Elem: Float>>(x: V) -> V::Mask {
    sign_bit(x).bit_or(c(x, 1.0)).lt(c(x, 0.0))
}

/// Whether the lowest bit is set.
#[inline(always)]
pub(super) fn is_odd<V: Vector<Elem: Float>>(bits: V) -> V::Mask {
    V::Elem::to_sign(bits).bit_or(c(bits, 1.0)).lt(c(bits, 0.0))
}

/// c₀ + c₁ x + c₂ x² + …: Horner's rule, in two interleaved chains where one would be long.
#[inline(always)]
pub(super) fn polynomial<V: Vector<Elem: Float>>(x: V, coefficients: &'static [V::Elem]) -> V {
    let n = coefficients.len();
    if n < 8 {
        return horner(x, coefficients, n - 1, 1);
    }
    let square = x.mul(x);
    let even = horner(square, coefficients, (n - 1) & !1, 2);
    let odd = horner(square, coefficients, (n - 2) | 1, 2);
    odd.mul_add(x, even)
}

/// Every `step`-th coefficient from number `last` down, as a polynomial.
#[inline(always)]
fn horner<V: Vector<Elem: Float>>(x: V, coefficients: &'static [V::Elem], last: usize, step: usize) -> V {
    let mut sum = x.set(coefficients[last]);
    let mut k = last;
    while k >= step {
        k -= step;
        sum = sum.mul_add(x, x.set(coefficients[k]));
    }
    sum
}

/// a + b and what the rounding of it lost, if |a| ≥ |b| or a = 0.
#[inline(always)]
pub(super) fn fast_two_sum<V: Vector>(a: V, b: V) -> (V, V) {
    let sum = a.add(b);
    (sum, b.sub(sum.sub(a)))
}

/// a + b and what the rounding of it lost.
#[inline(always)]
pub(super) fn two_sum<V: Vector>(a: V, b: V) -> (V, V) {
    let sum = a.add(b);
    let from_b = sum.sub(a);
    (sum, a.sub(sum.sub(from_b)).add(b.sub(from_b)))
}

/// a · b and what the rounding of it lost. Where multiply-add rounds twice, the factors are cut in halves whose products
/// are exact (but for the last bit of an f64).
#[inline(always)]
pub(super) fn two_product<V: Vector<Elem: Float>>(a: V, b: V) -> (V, V) {
    let product = a.mul(b);
    if <V::Token as Simd>::FUSED {
        return (product, a.mul_add(b, product.neg()));
    }
    let upper = a.set_bits(V::Elem::UPPER_HALF);
    let (a1, b1) = (a.bit_and(upper), b.bit_and(upper));
    let (a2, b2) = (a.sub(a1), b.sub(b1));
    let error = a1.mul(b1).sub(product).add(a1.mul(b2)).add(a2.mul(b1)).add(a2.mul(b2));
    (product, error)
}
