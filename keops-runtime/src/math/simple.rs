//! Functions of a few instructions: signs, comparisons, rounding to integers. Exact, but for [`round_to`] and [`modulo`].

use super::float::{Float, c, sign_bit};
use crate::simd::Vector;

/// |x|
#[inline(always)]
pub(super) fn abs<V: Vector>(x: V) -> V {
    x.abs()
}

/// ±1 with the sign of x; ±0 and NaN are kept.
#[inline(always)]
pub(super) fn sign<V: Vector<Elem: Float>>(x: V) -> V {
    V::select(c(x, 0.0).lt(x.abs()), sign_bit(x).bit_or(c(x, 1.0)), x)
}

/// 0 if x < 0, else 1.
#[inline(always)]
pub(super) fn step<V: Vector<Elem: Float>>(x: V) -> V {
    c(x, 1.0).keep(x.not_lt(c(x, 0.0)))
}

/// 0 if x < 0, else x (NaN too).
#[inline(always)]
pub(super) fn relu<V: Vector<Elem: Float>>(x: V) -> V {
    x.keep(x.not_lt(c(x, 0.0)))
}

/// ⌊x⌋
#[inline(always)]
pub(super) fn floor<V: Vector>(x: V) -> V {
    x.floor()
}

/// ⌈x⌉
#[inline(always)]
pub(super) fn ceil<V: Vector>(x: V) -> V {
    x.neg().floor().neg()
}

/// The integer part.
#[inline(always)]
pub(super) fn trunc<V: Vector>(x: V) -> V {
    x.trunc()
}

/// The nearest integer, halves away from zero.
#[inline(always)]
pub(super) fn round<V: Vector<Elem: Float>>(x: V) -> V {
    let whole = x.trunc();
    let beyond = c(x, 0.5).le(x.sub(whole).abs());
    V::select(beyond, whole.add(sign_bit(x).bit_or(c(x, 1.0))), whole)
}

/// The multiple of 1/s nearest to x: x s rounded to an integer, divided by s.
#[inline(always)]
pub(super) fn round_to<V: Vector<Elem: Float>>(x: V, s: V) -> V {
    round(x.mul(s)).div(s)
}

/// 1/x
#[inline(always)]
pub(super) fn reciprocal<V: Vector<Elem: Float>>(x: V) -> V {
    c(x, 1.0).div(x)
}

/// 1 if x < y, else 0.
#[inline(always)]
pub(super) fn less<V: Vector<Elem: Float>>(x: V, y: V) -> V {
    c(x, 1.0).keep(x.lt(y))
}

/// 1 if x ≤ y, else 0.
#[inline(always)]
pub(super) fn less_equal<V: Vector<Elem: Float>>(x: V, y: V) -> V {
    c(x, 1.0).keep(x.le(y))
}

/// 1 if x = y, else 0.
#[inline(always)]
pub(super) fn equal<V: Vector<Elem: Float>>(x: V, y: V) -> V {
    c(x, 1.0).keep(x.eq(y))
}

/// 1 if x ≠ y, else 0.
#[inline(always)]
pub(super) fn not_equal<V: Vector<Elem: Float>>(x: V, y: V) -> V {
    c(x, 1.0).keep(x.ne(y))
}

/// The larger; the other if one is NaN.
#[inline(always)]
pub(super) fn maximum<V: Vector>(x: V, y: V) -> V {
    V::select(y.ne(y), x, x.max(y))
}

/// The smaller; the other if one is NaN.
#[inline(always)]
pub(super) fn minimum<V: Vector>(x: V, y: V) -> V {
    V::select(y.ne(y), x, x.min(y))
}

/// a where condition ≥ 0, else b.
#[inline(always)]
pub(super) fn if_else<V: Vector<Elem: Float>>(condition: V, a: V, b: V) -> V {
    V::select(c(a, 0.0).le(condition), a, b)
}

/// a if x < a, else b if x > b, else x.
#[inline(always)]
pub(super) fn clamp<V: Vector>(x: V, a: V, b: V) -> V {
    V::select(x.lt(a), a, V::select(b.lt(x), b, x))
}

/// x − n ⌊(x − offset)/n⌋, each operation rounded.
#[inline(always)]
pub(super) fn modulo<V: Vector>(x: V, n: V, offset: V) -> V {
    x.sub(offset).div(n).floor().neg_mul_add(n, x)
}
