//! Inverse trigonometric functions: an odd polynomial near 0, symmetries elsewhere.

use super::coefficients::Coefficients;
use super::float::{Float, c, is_signed, polynomial, sign_bit};
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
    let q = V::select(steep, one, size).div(V::select(steep, size, one));
    let [half_pi, half_pi_rest] = V::Elem::HALF_PI.map(|piece| x.set(piece));
    angle(q, steep, half_pi.keep(steep), half_pi_rest.keep(steep)).bit_or(sign_bit(x))
}

/// The angle of the point (x, y) from the positive x-axis. Error below 2 ulp.
#[inline(always)]
pub(super) fn atan2<V: Vector<Elem: Float>>(y: V, x: V) -> V {
    let (zero, one) = (c(x, 0.0), c(x, 1.0));
    let (width, height, backward) = (x.abs(), y.abs(), is_signed(x));
    let steep = width.lt(height);
    let (smaller, larger) = (V::select(steep, width, height), V::select(steep, height, width));
    // 0/0 counts as 0, ∞/∞ as 1.
    let q = V::select(smaller.eq(larger), one, smaller.div(larger)).keep(larger.ne(zero));
    let [base, rest] = V::Elem::HALF_PI.map(|piece| {
        let right_angle = x.set(piece);
        V::select(steep, right_angle, right_angle.add(right_angle).keep(backward))
    });
    // Away from the base where exactly one of `steep` and `backward` holds.
    let flipped = V::select(steep, one.neg().keep(V::mask_not(backward)), one.neg().keep(backward)).lt(zero);
    let result = angle(q, flipped, base, rest).bit_or(sign_bit(y));
    V::select(V::mask_or(x.ne(x), y.ne(y)), x.add(y), result)
}

/// base + rest ± arctan q for 0 ≤ q ≤ 1, with minus where `flipped`.
#[inline(always)]
fn angle<V: Vector<Elem: Float>>(q: V, flipped: V::Mask, base: V, rest: V) -> V {
    let signed = V::select(flipped, q.neg(), q);
    let z = q.mul(q);
    let tail = signed.mul(z).mul_add(polynomial(z, V::Elem::ATAN), rest);
    base.add(signed.add(tail))
}
