//! Vectors of 128 bits with SSE2, which every x86-64 processor has.
//!
//! SSE2 cannot round to an integer, select or fuse a product with a sum: these are composed.

use std::arch::x86_64::*;

use crate::real::Real;

use super::Level;
use super::pack::Columns4;
use super::vector::{LanesInMemory, Rows, Simd, Vector};
use super::x86::{Mask, intrinsics, x86_vector};

/// The x86-64 baseline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sse2(());

impl Sse2 {
    /// The token, in a function compiled for SSE2.
    #[inline]
    #[target_feature(enable = "sse2")]
    pub(super) fn new() -> Sse2 {
        Sse2(())
    }
}

impl Simd for Sse2 {
    type F32 = F32x4;
    type F64 = F64x2;
    type Wide<V: Rows<Token = Self>> = V;
    type Columns<V: Rows<Token = Self>> = Columns4<V>;
    const LEVEL: Level = Level::Sse2;
    const FUSED: bool = false;
    const COLUMNS_IN_LANES: bool = true;

    #[inline(never)]
    fn apart<R>(work: impl FnOnce() -> R) -> R {
        work()
    }
}

x86_vector! {
    /// Four `f32`.
    F32x4: 4 x f32, in __m128, masks in __m128, on Sse2;
    splat(x) => _mm_set1_ps(x);
    memory: _mm_loadu_ps, _mm_storeu_ps;
    vectors: {
        add(a, b) => _mm_add_ps(a, b);
        sub(a, b) => _mm_sub_ps(a, b);
        mul(a, b) => _mm_mul_ps(a, b);
        div(a, b) => _mm_div_ps(a, b);
        mul_add(a, b, c) => _mm_add_ps(_mm_mul_ps(a, b), c);
        neg_mul_add(a, b, c) => _mm_sub_ps(c, _mm_mul_ps(a, b));
        neg(a) => _mm_xor_ps(a, _mm_set1_ps(-0.0));
        abs(a) => _mm_andnot_ps(_mm_set1_ps(-0.0), a);
        sqrt(a) => _mm_sqrt_ps(a);
        min(a, b) => _mm_min_ps(a, b);
        max(a, b) => _mm_max_ps(a, b);
        bit_and(a, b) => _mm_and_ps(a, b);
        bit_or(a, b) => _mm_or_ps(a, b);
        bit_xor(a, b) => _mm_xor_ps(a, b);
        int_add(a, b) => _mm_castsi128_ps(_mm_add_epi32(_mm_castps_si128(a), _mm_castps_si128(b)));
        int_sub(a, b) => _mm_castsi128_ps(_mm_sub_epi32(_mm_castps_si128(a), _mm_castps_si128(b)));
    }
    shifts: {
        shift_left::<BY>(a) => _mm_castsi128_ps(_mm_slli_epi32::<BY>(_mm_castps_si128(a)));
        shift_right::<BY>(a) => _mm_castsi128_ps(_mm_srli_epi32::<BY>(_mm_castps_si128(a)));
    }
    comparisons: {
        lt(a, b) => _mm_cmplt_ps(a, b);
        not_lt(a, b) => _mm_cmpnlt_ps(a, b);
        le(a, b) => _mm_cmple_ps(a, b);
        eq(a, b) => _mm_cmpeq_ps(a, b);
        ne(a, b) => _mm_cmpneq_ps(a, b);
    }
    masks: {
        mask_and(m, n) => _mm_and_ps(m, n);
        mask_or(m, n) => _mm_or_ps(m, n);
        mask_not(m) => _mm_xor_ps(m, _mm_castsi128_ps(_mm_set1_epi32(-1)));
    }
    any(m) => _mm_movemask_ps(m) != 0;
    select(m, a, b) => _mm_or_ps(_mm_and_ps(m, a), _mm_andnot_ps(m, b));
    keep(a, m) => _mm_and_ps(a, m);
    exchange: {
        1(a, b) => _mm_unpacklo_ps(_mm_shuffle_ps::<0b10_00_10_00>(a, a), _mm_shuffle_ps::<0b10_00_10_00>(b, b)),
            _mm_unpacklo_ps(_mm_shuffle_ps::<0b11_01_11_01>(a, a), _mm_shuffle_ps::<0b11_01_11_01>(b, b));
        2(a, b) => _mm_movelh_ps(a, b), _mm_movehl_ps(b, a);
    }
    composed: {
        #[inline(always)]
        fn floor(self) -> Self {
            floor(self, INTEGERS_F32)
        }
        #[inline(always)]
        fn round_even(self) -> Self {
            round_even(self, INTEGERS_F32)
        }
        #[inline(always)]
        fn trunc(self) -> Self {
            trunc(self, INTEGERS_F32)
        }
    }
}

x86_vector! {
    /// Two `f64`.
    F64x2: 2 x f64, in __m128d, masks in __m128d, on Sse2;
    splat(x) => _mm_set1_pd(x);
    memory: _mm_loadu_pd, _mm_storeu_pd;
    vectors: {
        add(a, b) => _mm_add_pd(a, b);
        sub(a, b) => _mm_sub_pd(a, b);
        mul(a, b) => _mm_mul_pd(a, b);
        div(a, b) => _mm_div_pd(a, b);
        mul_add(a, b, c) => _mm_add_pd(_mm_mul_pd(a, b), c);
        neg_mul_add(a, b, c) => _mm_sub_pd(c, _mm_mul_pd(a, b));
        neg(a) => _mm_xor_pd(a, _mm_set1_pd(-0.0));
        abs(a) => _mm_andnot_pd(_mm_set1_pd(-0.0), a);
        sqrt(a) => _mm_sqrt_pd(a);
        min(a, b) => _mm_min_pd(a, b);
        max(a, b) => _mm_max_pd(a, b);
        bit_and(a, b) => _mm_and_pd(a, b);
        bit_or(a, b) => _mm_or_pd(a, b);
        bit_xor(a, b) => _mm_xor_pd(a, b);
        int_add(a, b) => _mm_castsi128_pd(_mm_add_epi64(_mm_castpd_si128(a), _mm_castpd_si128(b)));
        int_sub(a, b) => _mm_castsi128_pd(_mm_sub_epi64(_mm_castpd_si128(a), _mm_castpd_si128(b)));
    }
    shifts: {
        shift_left::<BY>(a) => _mm_castsi128_pd(_mm_slli_epi64::<BY>(_mm_castpd_si128(a)));
        shift_right::<BY>(a) => _mm_castsi128_pd(_mm_srli_epi64::<BY>(_mm_castpd_si128(a)));
    }
    comparisons: {
        lt(a, b) => _mm_cmplt_pd(a, b);
        not_lt(a, b) => _mm_cmpnlt_pd(a, b);
        le(a, b) => _mm_cmple_pd(a, b);
        eq(a, b) => _mm_cmpeq_pd(a, b);
        ne(a, b) => _mm_cmpneq_pd(a, b);
    }
    masks: {
        mask_and(m, n) => _mm_and_pd(m, n);
        mask_or(m, n) => _mm_or_pd(m, n);
        mask_not(m) => _mm_xor_pd(m, _mm_castsi128_pd(_mm_set1_epi32(-1)));
    }
    any(m) => _mm_movemask_pd(m) != 0;
    select(m, a, b) => _mm_or_pd(_mm_and_pd(m, a), _mm_andnot_pd(m, b));
    keep(a, m) => _mm_and_pd(a, m);
    exchange: {
        1(a, b) => _mm_unpacklo_pd(a, b), _mm_unpackhi_pd(a, b);
    }
    composed: {
        #[inline(always)]
        fn floor(self) -> Self {
            floor(self, INTEGERS_F64)
        }
        #[inline(always)]
        fn round_even(self) -> Self {
            round_even(self, INTEGERS_F64)
        }
        #[inline(always)]
        fn trunc(self) -> Self {
            trunc(self, INTEGERS_F64)
        }
    }
}

/// 2²³: from here on every `f32` is an integer.
const INTEGERS_F32: f32 = 8_388_608.0;
/// 2⁵²: from here on every `f64` is an integer.
const INTEGERS_F64: f64 = 4_503_599_627_370_496.0;

/// The nearest integer, ties to even, where `integers` is the number from which on every number is one.
///
/// |x| + `integers` has no bits left for a fraction, so the addition itself rounds. What is an integer already, ±∞ and
/// NaN fail the comparison and are kept; the sign is put back for −0.
#[inline(always)]
fn round_even<V: Vector>(x: V, integers: V::Elem) -> V {
    let (integers, size) = (x.set(integers), x.abs());
    let rounded = size.add(integers).sub(integers);
    V::select(size.lt(integers), with_sign_of(x, rounded), x)
}

/// The largest integer ≤ x: the nearest one, less 1 where that is above x.
#[inline(always)]
fn floor<V: Vector>(x: V, integers: V::Elem) -> V {
    let nearest = round_even(x, integers);
    let one = x.set(V::Elem::from_f64(1.0));
    nearest.sub(one.keep(x.lt(nearest)))
}

/// The integer part: floor |x| with the sign of x.
#[inline(always)]
fn trunc<V: Vector>(x: V, integers: V::Elem) -> V {
    with_sign_of(x, floor(x.abs(), integers))
}

/// `size` ≥ 0 with the sign of `x`.
#[inline(always)]
fn with_sign_of<V: Vector>(x: V, size: V) -> V {
    size.bit_or(x.bit_and(x.set(V::Elem::from_f64(-0.0))))
}
