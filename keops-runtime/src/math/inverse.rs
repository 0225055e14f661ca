//! Inverse trigonometric functions: an odd polynomial near 0, symmetries elsewhere.

use super::coefficients::Coefficients;
use super::float::{Float, c, fast_two_sum, is_signed, polynomial, sign_bit};
use crate::simd::Vector;

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
    let [half_pi, half_pi_rest] = V::Elem::HALF_PI.map(|piece| x.set(piece));
    let complement = half_pi.sub(head.add(tail.sub(half_pi_rest)));
    V::select(beyond, complement, head.add(tail)).bit_or(sign_bit(x))
}

/// arccos x, NaN for |x| > 1. Error below 2 ulp.
#[inline(always)]
pub(super) fn acos<V: Vector<Elem: Float>>(x: V) -> V {
    let HalfAngle { beyond, head, tail } = HalfAngle::new(x);
    let [half_pi, half_pi_rest] = V::Elem::HALF_PI.map(|piece| x.set(piece));
    let negative = x.lt(c(x, 0.0));
    // base − (±head + (±tail − rest of base)), where base is π/2 for small x, else π or 0; the sign is x's or its opposite
    let flip = V::select(beyond, sign_bit(x.neg()), sign_bit(x));
    let edge = |piece: V| V::select(beyond, piece.add(piece).keep(negative), piece);
    edge(half_pi).sub(head.bit_xor(flip).add(tail.bit_xor(flip).sub(edge(half_pi_rest))))
}

/// arctan x. Error below 2 ulp.
#[inline(always)]
pub(super) fn atan<V: Vector<Elem: Float>>(x: V) -> V {
    let (one, size) = (c(x, 1.0), x.abs());
    let steep = one.lt(size);
    let (smaller, larger) = (V::select(steep, one, size), V::select(steep, size, one));
    let slope = Slope::new(smaller, larger, one);
    let [base, rest] = V::Elem::HALF_PI.map(|piece| x.set(piece).keep(steep));
    slope.angle(base, rest, steep).bit_or(sign_bit(x))
}

/// The angle of the point (x, y) from the positive x-axis. Error below 2 ulp.
#[inline(always)]
pub(super) fn atan2<V: Vector<Elem: Float>>(y: V, x: V) -> V {
    let (one, quarter) = (c(x, 1.0), c(x, 0.25));
    let (width, height, backward) = (x.abs(), y.abs(), is_signed(x));
    let steep = width.lt(height);
    let (smaller, larger) = (V::select(steep, width, height), V::select(steep, height, width));
    // So that the sum of the two is finite where they are.
    let scale = V::select(c(x, V::Elem::FAR).lt(larger), quarter, one);
    let slope = Slope::new(smaller, larger, scale);
    let [base, rest] = V::Elem::HALF_PI.map(|piece| {
        let right_angle = x.set(piece);
        V::select(steep, right_angle, right_angle.add(right_angle).keep(backward))
    });
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
    /// The angle whose tangent is smaller/larger, where 0/0 counts as 0 and ∞/∞ as 1, with both scaled if that matters.
    #[inline(always)]
    fn new(smaller: V, larger: V, scale: V) -> Self {
        let turned = larger.mul(c(larger, 0.5)).lt(smaller);
        let equal = smaller.eq(larger);
        let (a, b) = (smaller.mul(scale), larger.mul(scale));
        let numerator = V::select(turned, a.sub(b).keep(V::mask_not(equal)), a);
        let denominator = V::select(turned, a.add(b), b);
        Slope { q: numerator.div(denominator).keep(larger.ne(c(larger, 0.0))), turned }
    }

    /// base + rest ± the angle, with minus where `flipped`.
    #[inline(always)]
    fn angle(self, base: V, rest: V, flipped: V::Mask) -> V {
        let flip = c(base, -0.0).keep(flipped);
        let [turn, turn_rest] = V::Elem::HALF_PI.map(|piece| {
            let half = base.set(piece).mul(c(base, 0.5));
            half.keep(self.turned).bit_xor(flip)
        });
        let (base, lost) = fast_two_sum(base, turn);
        let q = self.q.bit_xor(flip);
        let z = q.mul(q);
        let tail = q.mul(z).mul_add(polynomial(z, V::Elem::ATAN), rest.add(turn_rest).add(lost));
        base.add(q.add(tail))
    }
}
