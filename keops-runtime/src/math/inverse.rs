//! Inverse trigonometric functions: an odd polynomial near 0, symmetries elsewhere.

use super::coefficients::Coefficients;
use super::float::{Float, c, fast_two_sum, is_signed, polynomial, sign_bit};
use crate::simd::Vector;

/// π/2 in two parts.
#[inline(always)]
fn half_pi<V: Vector<Elem: Float>>(v: V) -> (V, V) {
    let [high, low] = V::Elem::HALF_PI;
    (v.set(high), v.set(low))
}

/// What arcsin and arccos share: |x| = s for |x| ≤ ½ and |x| = 1 − 2s² beyond, where arcsin|x| = π/2 − 2 arcsin s.
struct HalfAngle<V: Vector> {
    /// |x| > ½
    beyond: V::Mask,
    /// s, doubled where `beyond`
    head: V,
    /// arcsin s − s, doubled where `beyond`
    tail: V,
}

impl<V: Vector<Elem: Float>> HalfAngle<V> {
    #[inline(always)]
    fn new(x: V) -> Self {
        let (half, size) = (c(x, 0.5), x.abs());
        let beyond = half.lt(size);
        let square = V::select(beyond, size.neg_mul_add(half, half), size.mul(size));
        let s = V::select(beyond, square.sqrt(), size);
        let head = V::select(beyond, s.add(s), s);
        HalfAngle { beyond, head, tail: head.mul(square).mul(polynomial(square, V::Elem::ASIN)) }
    }
}

/// arcsin x, NaN for |x| > 1. Error below 2 ulp.
#[inline(always)]
pub(super) fn asin<V: Vector<Elem: Float>>(x: V) -> V {
    let HalfAngle { beyond, head, tail } = HalfAngle::new(x);
    let (half_pi, half_pi_rest) = half_pi(x);
    let complement = half_pi.sub(head.add(tail.sub(half_pi_rest)));
    V::select(beyond, complement, head.add(tail)).bit_or(sign_bit(x))
}

/// arccos x, NaN for |x| > 1. Error below 2 ulp.
#[inline(always)]
pub(super) fn acos<V: Vector<Elem: Float>>(x: V) -> V {
    let HalfAngle { beyond, head, tail } = HalfAngle::new(x);
    let (half_pi, half_pi_rest) = half_pi(x);
    let negative = x.lt(c(x, 0.0));
    // base − (±head + (±tail − rest of base)), where base is π/2 for small x, else π or 0; the sign is x's or its opposite
    let flip = V::select(beyond, sign_bit(x.neg()), sign_bit(x));
    let base = V::select(beyond, half_pi.add(half_pi).keep(negative), half_pi);
    let base_rest = V::select(beyond, half_pi_rest.add(half_pi_rest).keep(negative), half_pi_rest);
    base.sub(head.bit_xor(flip).add(tail.bit_xor(flip).sub(base_rest)))
}

/// arctan x. Error below 2 ulp.
#[inline(always)]
pub(super) fn atan<V: Vector<Elem: Float>>(x: V) -> V {
    let (one, size) = (c(x, 1.0), x.abs());
    let steep = one.lt(size);
    let (smaller, larger) = (V::select(steep, one, size), V::select(steep, size, one));
    let slope = Slope::new(smaller, larger, one);
    let (half_pi, half_pi_rest) = half_pi(x);
    slope.angle(half_pi.keep(steep), half_pi_rest.keep(steep), steep).bit_or(sign_bit(x))
}

/// The angle of the point (x, y) from the positive x-axis. Error below 2 ulp.
#[inline(always)]
pub(super) fn atan2<V: Vector<Elem: Float>>(y: V, x: V) -> V {
    let (one, quarter) = (c(x, 1.0), c(x, 0.25));
    let (width, height, backward) = (x.abs(), y.abs(), is_signed(x));
    let steep = width.lt(height);
    let (smaller, larger) = (V::select(steep, width, height), V::select(steep, height, width));
    let infinite = smaller.eq(c(x, f64::INFINITY));
    let (smaller, larger) = (V::select(infinite, one, smaller), V::select(infinite, one, larger));
    // So that the sum of the two is finite where they are.
    let scale = V::select(c(x, V::Elem::FAR).lt(larger), quarter, one);
    let slope = Slope::new(smaller, larger, scale);
    let (half_pi, half_pi_rest) = half_pi(x);
    let base = V::select(steep, half_pi, half_pi.add(half_pi).keep(backward));
    let rest = V::select(steep, half_pi_rest, half_pi_rest.add(half_pi_rest).keep(backward));
    let flipped =
        V::mask_or(V::mask_and(steep, V::mask_not(backward)), V::mask_and(backward, V::mask_not(steep)));
    let result = slope.angle(base, rest, flipped).bit_or(sign_bit(y));
    V::select(V::mask_or(x.ne(x), y.ne(y)), x.add(y), result)
}

/// An angle between 0 and π/4 as `turned` + arctan q, with |q| ≤ ½ and `turned` 0 or π/4.
struct Slope<V: Vector> {
    q: V,
    turned: V::Mask,
}

impl<V: Vector<Elem: Float>> Slope<V> {
    /// The angle whose tangent is smaller/larger, where 0/0 counts as 0; smaller is finite. Both are scaled alike.
    #[inline(always)]
    fn new(smaller: V, larger: V, scale: V) -> Self {
        let turned = larger.mul(c(larger, 0.5)).lt(smaller);
        let (a, b) = (smaller.mul(scale), larger.mul(scale));
        let numerator = V::select(turned, a.sub(b), a);
        let denominator = V::select(turned, a.add(b), b);
        Slope { q: numerator.div(denominator).keep(larger.ne(c(larger, 0.0))), turned }
    }

    /// base + rest ± the angle, with minus where `flipped`.
    #[inline(always)]
    fn angle(self, base: V, rest: V, flipped: V::Mask) -> V {
        let flip = c(base, -0.0).keep(flipped);
        let (half_pi, half_pi_rest) = half_pi(base);
        let half = c(base, 0.5);
        let turn = half_pi.mul(half).keep(self.turned).bit_xor(flip);
        let turn_rest = half_pi_rest.mul(half).keep(self.turned).bit_xor(flip);
        let (base, lost) = fast_two_sum(base, turn);
        let q = self.q.bit_xor(flip);
        let z = q.mul(q);
        let tail = q.mul(z).mul_add(polynomial(z, V::Elem::ATAN), rest.add(turn_rest).add(lost));
        base.add(q.add(tail))
    }
}
