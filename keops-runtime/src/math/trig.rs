//! Sine, cosine and tangent: |x| = n π/2 + r with |r| ≤ π/4, a polynomial in r, and n's last two bits.

use super::coefficients::Coefficients;
use super::float::{Float, c, is_odd, polynomial, rounder, sign_bit, two_product, two_sum};
use crate::simd::{Level, Rows, Simd, Task, Vector, dispatch};

/// x − n π/2 for x ≥ 0.
struct Reduced<V> {
    /// A number whose low bits hold n (modulo 4 for large x).
    quadrant: V,
    /// The remainder, in two parts.
    high: V,
    low: V,
}

/// x − n π/2 for 0 ≤ x, accurate for every finite x. The one branch in these functions: the way for large x is ten times
/// as long, skipped where no lane takes it, and a call, because in each formula it would be most of what is compiled.
#[inline(always)]
fn reduce<V: Vector<Elem: Float>>(x: V) -> Reduced<V> {
    let near = reduce_near(x);
    let (fused, split) = V::Elem::NEAR;
    let far = c(x, if <V::Token as Simd>::FUSED { fused } else { split }).lt(x);
    if !V::any(far) {
        return near;
    }
    let [quadrant, high, low] = x.by_a_call(V::Elem::REDUCE_FAR);
    let exact = Reduced { quadrant, high, low };
    Reduced {
        quadrant: V::select(far, exact.quadrant, near.quadrant),
        high: V::select(far, exact.high, near.high),
        low: V::select(far, exact.low, near.low),
    }
}

/// x − n π/2 with π/2 in pieces (Cody and Waite). All products but the last are exact, and so is the first difference.
#[inline(always)]
fn reduce_near<V: Vector<Elem: Float>>(x: V) -> Reduced<V> {
    let fused = <V::Token as Simd>::FUSED;
    let pieces = if fused { V::Elem::HALF_PI_FUSED } else { V::Elem::HALF_PI_SPLIT };
    let quadrant = x.mul_add(c(x, std::f64::consts::FRAC_2_PI), rounder(x, 0));
    let n = quadrant.sub(rounder(x, 0));
    let (first, last) = (x.set(pieces[0]), x.set(pieces[pieces.len() - 1]));
    let mut high = n.neg_mul_add(first, x);
    let mut low = c(x, 0.0);
    let mut k = 1;
    while k < pieces.len() - 1 {
        let piece = x.set(pieces[k]);
        let product = n.mul(piece);
        let (sum, lost) = two_sum(high, product.neg());
        let lost = if fused { lost.sub(n.mul_add(piece, product.neg())) } else { lost };
        (high, low) = (sum, low.add(lost));
        k += 1;
    }
    Reduced { quadrant, high, low: n.neg_mul_add(last, low) }
}

/// x − n π/2 from enough digits of 2/π for the largest x (Payne and Hanek). Each group of digits times each half of x is
/// exact, and so is every sum until its two parts reach as far below the remainder as they can.
#[inline(always)]
fn reduce_far<V: Vector<Elem: Float>>(x: V) -> Reduced<V> {
    let x = x.mul(c(x, V::Elem::TWO_OVER_PI_UNIT));
    let upper = x.bit_and(x.set_bits(V::Elem::UPPER_HALF));
    let lower = x.sub(upper);
    let zero = c(x, 0.0);
    let mut turns = Turns { whole: zero, part: zero, rest: zero };
    let mut k = 0;
    while k < V::Elem::TWO_OVER_PI.len() {
        let digits = x.set(V::Elem::TWO_OVER_PI[k]);
        turns = turns.add(upper.mul(digits)).add(lower.mul(digits));
        k += 1;
    }
    let [half_pi, half_pi_rest] = V::Elem::HALF_PI;
    let (high, low) = two_product(turns.part, x.set(half_pi));
    let low = turns.part.mul_add(x.set(half_pi_rest), turns.rest.mul_add(x.set(half_pi), low));
    Reduced { quadrant: turns.whole.add(rounder(x, 0)), high, low }
}

/// [`reduce_far`] of numbers in memory: quadrants, and both parts of remainders.
struct ReduceFar<'a, T> {
    from: &'a [T],
    to: [&'a mut [T]; 3],
}

/// Numbers in the largest register.
const MOST_LANES: usize = 16;

impl<T: Float> Task for ReduceFar<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        let ReduceFar { from, to: [quadrants, highs, lows] } = self;
        let lanes = T::Vector::<S>::LANES;
        let mut x = [T::default(); MOST_LANES];
        x[..from.len()].copy_from_slice(from);
        for first in (0..from.len()).step_by(lanes) {
            let exact = reduce_far(T::Vector::<S>::load(token, &x[first..]));
            for (part, results) in
                [(exact.quadrant, &mut *quadrants), (exact.high, &mut *highs), (exact.low, &mut *lows)]
            {
                let mut numbers = [T::default(); MOST_LANES];
                part.store(&mut numbers);
                let results = &mut results[first..];
                let count = results.len().min(lanes);
                results[..count].copy_from_slice(&numbers[..count]);
            }
        }
    }
}

/// [`reduce_far`] of numbers in memory, in `f32`.
#[cold]
#[inline(never)]
pub(super) fn reduce_far_f32(level: Level, from: &[f32], to: [&mut [f32]; 3]) {
    dispatch(level, ReduceFar { from, to });
}

/// [`reduce_far`] of numbers in memory, in `f64`.
#[cold]
#[inline(never)]
pub(super) fn reduce_far_f64(level: Level, from: &[f64], to: [&mut [f64]; 3]) {
    dispatch(level, ReduceFar { from, to });
}

/// A number of quarter turns: `whole` of them, modulo 4, and `part` + `rest` with |part| ≤ ½. The integers are kept apart
/// because the remainder may be as small as the last place of their sum.
struct Turns<V> {
    whole: V,
    part: V,
    rest: V,
}

impl<V: Vector<Elem: Float>> Turns<V> {
    /// The sum with p.
    #[inline(always)]
    fn add(self, p: V) -> Self {
        let four = c(p, 4.0);
        let p = p.mul(c(p, 0.25)).round_even().neg_mul_add(four, p);
        let first = p.round_even();
        let (sum, lost) = two_sum(self.part, p.sub(first));
        let second = sum.round_even();
        let (part, rest) = two_sum(sum.sub(second), self.rest.add(lost));
        Turns { whole: self.whole.add(first.add(second)), part, rest }
    }
}

impl<V: Vector<Elem: Float>> Reduced<V> {
    /// The sine of the remainder.
    #[inline(always)]
    fn sin(&self) -> V {
        let r = self.high;
        let z = r.mul(r);
        r.add(z.mul(r).mul_add(polynomial(z, V::Elem::SIN), self.low))
    }

    /// The cosine of the remainder.
    #[inline(always)]
    fn cos(&self) -> V {
        let (one, half) = (c(self.high, 1.0), c(self.high, 0.5));
        let z = self.high.mul(self.high);
        let parabola = z.neg_mul_add(half, one);
        let lost = z.neg_mul_add(half, one.sub(parabola));
        let curve = z.mul(z).mul_add(polynomial(z, V::Elem::COS), self.high.neg_mul_add(self.low, lost));
        parabola.add(curve)
    }

    /// The tangent of the remainder.
    #[inline(always)]
    fn tan(&self) -> V {
        let r = self.high;
        let z = r.mul(r);
        let low = z.mul_add(self.low, self.low);
        r.add(z.mul(r).mul_add(polynomial(z, V::Elem::TAN), low))
    }

    /// The sine of the remainder plus `quadrant` quarter turns.
    #[inline(always)]
    fn sin_in(&self, quadrant: V) -> V {
        let value = V::select(is_odd(quadrant), self.cos(), self.sin());
        value.bit_xor(V::Elem::to_sign(quadrant.shift_right::<1>()))
    }
}

/// sin x. Error below 2 ulp.
#[inline(always)]
pub(super) fn sin<V: Vector<Elem: Float>>(x: V) -> V {
    let reduced = reduce(x.abs());
    reduced.sin_in(reduced.quadrant).bit_xor(sign_bit(x))
}

/// cos x. Error below 2 ulp.
#[inline(always)]
pub(super) fn cos<V: Vector<Elem: Float>>(x: V) -> V {
    let reduced = reduce(x.abs());
    reduced.sin_in(reduced.quadrant.int_add(x.set_bits(1)))
}

/// sin x and cos x.
#[inline(always)]
pub(super) fn sin_cos<V: Vector<Elem: Float>>(x: V) -> (V, V) {
    let reduced = reduce(x.abs());
    let sin = reduced.sin_in(reduced.quadrant).bit_xor(sign_bit(x));
    (sin, reduced.sin_in(reduced.quadrant.int_add(x.set_bits(1))))
}

/// tan x. Error below 2 ulp.
#[inline(always)]
pub(super) fn tan<V: Vector<Elem: Float>>(x: V) -> V {
    let reduced = reduce(x.abs());
    let tan = reduced.tan();
    let value = V::select(is_odd(reduced.quadrant), c(x, -1.0).div(tan), tan);
    value.bit_xor(sign_bit(x))
}
