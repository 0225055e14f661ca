//! Roots, and powers with integer exponents.

use super::coefficients::Coefficients;
use super::float::{Float, c, polynomial, rounder, sign_bit};
use crate::simd::Vector;

/// √x, correctly rounded.
#[inline(always)]
pub(super) fn sqrt<V: Vector>(x: V) -> V {
    x.sqrt()
}

/// 1/√x, and 0 at 0. Error below 2 ulp.
#[inline(always)]
pub(super) fn rsqrt<V: Vector<Elem: Float>>(x: V) -> V {
    c(x, 1.0).div(x.sqrt()).keep(x.ne(c(x, 0.0)))
}

/// ∛x. Error below 1 ulp.
#[inline(always)]
pub(super) fn cbrt<V: Vector<Elem: Float>>(x: V) -> V {
    let (zero, one) = (c(x, 0.0), c(x, 1.0));
    let size = x.abs();
    let up = (V::Elem::FRACTION / 3 + 1) * 3;
    let subnormal = size.lt(c(x, V::Elem::LEAST_NORMAL));
    let normal = V::select(subnormal, size.mul(c(x, (1_u64 << up) as f64)), size);
    // |x| = 2^(3 third + r) m with 1 ≤ m < 2 and r = 0, 1, 2; `cube` = 2ʳ m
    let unit = (1_u64 << V::Elem::FRACTION) as f64;
    let exponent =
        V::Elem::from_exponent(normal).bit_or(c(x, unit)).sub(c(x, unit + f64::from(V::Elem::BIAS)));
    let third = exponent.add(c(x, 0.5)).mul(c(x, 1.0 / 3.0)).floor();
    let r = third.neg_mul_add(c(x, 3.0), exponent);
    let m = normal.bit_and(x.set_bits(V::Elem::FRACTION_BITS)).bit_or(one);
    let cube = m.mul(r.mul_add(r.mul_add(c(x, 0.5), c(x, 0.5)), one));
    // ∛2ʳ by interpolation, then a guess of few enough bits that its cube is exact.
    let [a, b] = [0.2261414872, 0.0337795626];
    let guess = polynomial(m, V::Elem::CBRT).mul(r.mul_add(r.mul_add(c(x, b), c(x, a)), one));
    let last_bit = !V::Elem::UPPER_THIRD + 1;
    let guess = guess.int_add(x.set_bits(last_bit / 2)).bit_and(x.set_bits(V::Elem::UPPER_THIRD));
    // ∛cube = guess (1 − d)^(−1/3) for d = 1 − guess³/cube; |d| < 0.014
    let d = cube.sub(guess.mul(guess).mul(guess)).div(cube);
    let series = d
        .mul_add(c(x, 35.0 / 243.0), c(x, 14.0 / 81.0))
        .mul_add(d, c(x, 2.0 / 9.0))
        .mul_add(d, c(x, 1.0 / 3.0));
    let root = guess.mul(d).mul_add(series, guess);
    let third = third.sub(c(x, f64::from(up / 3)).keep(subnormal));
    let root = root.mul(V::Elem::to_exponent(third.add(rounder(x, V::Elem::BIAS)))).bit_or(sign_bit(x));
    let regular = V::mask_and(zero.lt(size), size.lt(c(x, f64::INFINITY)));
    V::select(regular, root, x)
}

/// √(x² + y²). Error below 2 ulp.
#[inline(always)]
pub(super) fn hypot<V: Vector<Elem: Float>>(x: V, y: V) -> V {
    let (one, infinity) = (c(x, 1.0), c(x, f64::INFINITY));
    let (x, y) = (x.abs(), y.abs());
    let larger = x.max(y);
    let [down, up] = [V::Elem::FAR.recip(), V::Elem::FAR];
    // Squares neither overflow nor lose bits between 1/√up and √up.
    let (large, small) = (c(x, up.sqrt()).lt(larger), larger.lt(c(x, down.sqrt())));
    let scale = V::select(large, c(x, down), V::select(small, c(x, up), one));
    let back = V::select(large, c(x, up), V::select(small, c(x, down), one));
    let (scaled_x, scaled_y) = (x.mul(scale), y.mul(scale));
    let result = scaled_x.mul_add(scaled_x, scaled_y.mul(scaled_y)).sqrt().mul(back);
    V::select(V::mask_or(x.eq(infinity), y.eq(infinity)), infinity, result)
}

/// xⁿ by repeated squaring.
#[inline(always)]
pub(super) fn power<V: Vector<Elem: Float>>(x: V, n: i32) -> V {
    let mut left = n.unsigned_abs();
    let (mut square, mut product) = (x, c(x, 1.0));
    while left > 0 {
        if left & 1 == 1 {
            product = product.mul(square);
        }
        left >>= 1;
        if left > 0 {
            square = square.mul(square);
        }
    }
    if n < 0 { c(x, 1.0).div(product) } else { product }
}
