//! The error function: an odd polynomial up to 1; beyond, erfc x = exp(−x²) · (a function without large slopes).

use super::coefficients::Coefficients;
use super::exp::exp_product;
use super::float::{Float, c, fast_two_sum, polynomial, sign_bit, two_product};
use crate::simd::Vector;

/// erf x for |x| ≤ 1.
#[inline(always)]
fn erf_near<V: Vector<Elem: Float>>(x: V) -> V {
    x.mul_add(polynomial(x.mul(x), V::Elem::ERF), x)
}

/// erfc x for x ≥ 0.43.
#[inline(always)]
fn erfc_far<V: Vector<Elem: Float>>(x: V) -> V {
    // erfc x = exp(−x²) (5/4 + p) / (1 + 2x), each factor in two parts
    let x = c(x, V::Elem::ERFC_ZERO).min(x);
    let three = c(x, 3.0);
    let p = polynomial(x.sub(three).div(x.add(three)), V::Elem::ERFC);
    let (numerator, numerator_rest) = fast_two_sum(c(x, 1.25), p);
    let (denominator, denominator_rest) = fast_two_sum(x.add(x), c(x, 1.0));
    let quotient = numerator.div(denominator);
    let (product, lost) = two_product(quotient, denominator);
    let rest = numerator.sub(product).sub(lost).add(quotient.neg_mul_add(denominator_rest, numerator_rest));
    let (square, square_rest) = two_product(x, x);
    exp_product(square.neg(), square_rest.neg(), quotient, rest.div(denominator))
}

/// erf x. Error below 2 ulp.
#[inline(always)]
pub(super) fn erf<V: Vector<Elem: Float>>(x: V) -> V {
    let (one, size) = (c(x, 1.0), x.abs());
    V::select(size.lt(one), erf_near(size), one.sub(erfc_far(size))).bit_xor(sign_bit(x))
}

/// erfc x = 1 − erf x. Error below 2 ulp.
#[inline(always)]
pub(super) fn erfc<V: Vector<Elem: Float>>(x: V) -> V {
    let size = x.abs();
    let far = erfc_far(size);
    let far = V::select(x.lt(c(x, 0.0)), c(x, 2.0).sub(far), far);
    // Up to here 1 − erf x is the better: its error is the last rounding of erf x, where exp(−x²) … has several, which count
    // most where erfc x is a little less than ½.
    V::select(size.lt(c(x, 0.625)), c(x, 1.0).sub(erf_near(x)), far)
}
