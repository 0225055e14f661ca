//! Vectors of 256 bits with AVX2 and FMA.

use std::arch::x86_64::*;

use super::Level;
use super::pack::{Columns4, Twice};
use super::vector::{LanesInMemory, Rows, Simd, Vector};
use super::x86::{Mask, intrinsics, x86_vector};

/// AVX2 and FMA: x86-64 processors since 2013 to 2015.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx2(());

impl Avx2 {
    /// The token, in a function compiled for AVX2 and FMA: whoever calls that function vouches for them.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub(super) fn new() -> Avx2 {
        Avx2(())
    }
}

impl Simd for Avx2 {
    type F32 = F32x8;
    type F64 = F64x4;
    type Wide<V: Rows<Token = Self>> = Twice<V>;
    type Columns<V: Rows<Token = Self>> = Columns4<V>;
    const LEVEL: Level = Level::Avx2;
    const FUSED: bool = true;
}

const FLOOR: i32 = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC;
const NEAREST: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
const TRUNCATE: i32 = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;

x86_vector! {
    /// Eight `f32`.
    F32x8: 8 x f32, in __m256, masks in __m256, on Avx2;
    splat(x) => _mm256_set1_ps(x);
    memory: _mm256_loadu_ps, _mm256_storeu_ps;
    vectors: {
        add(a, b) => _mm256_add_ps(a, b);
        sub(a, b) => _mm256_sub_ps(a, b);
        mul(a, b) => _mm256_mul_ps(a, b);
        div(a, b) => _mm256_div_ps(a, b);
        mul_add(a, b, c) => _mm256_fmadd_ps(a, b, c);
        neg_mul_add(a, b, c) => _mm256_fnmadd_ps(a, b, c);
        neg(a) => _mm256_xor_ps(a, _mm256_set1_ps(-0.0));
        abs(a) => _mm256_andnot_ps(_mm256_set1_ps(-0.0), a);
        sqrt(a) => _mm256_sqrt_ps(a);
        min(a, b) => _mm256_min_ps(a, b);
        max(a, b) => _mm256_max_ps(a, b);
        floor(a) => _mm256_round_ps::<FLOOR>(a);
        round_even(a) => _mm256_round_ps::<NEAREST>(a);
        trunc(a) => _mm256_round_ps::<TRUNCATE>(a);
        bit_and(a, b) => _mm256_and_ps(a, b);
        bit_or(a, b) => _mm256_or_ps(a, b);
        bit_xor(a, b) => _mm256_xor_ps(a, b);
        int_add(a, b) => _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b)));
        int_sub(a, b) => _mm256_castsi256_ps(_mm256_sub_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b)));
    }
    shifts: {
        shift_left::<BY>(a) => _mm256_castsi256_ps(_mm256_slli_epi32::<BY>(_mm256_castps_si256(a)));
        shift_right::<BY>(a) => _mm256_castsi256_ps(_mm256_srli_epi32::<BY>(_mm256_castps_si256(a)));
    }
    comparisons: {
        lt(a, b) => _mm256_cmp_ps::<_CMP_LT_OQ>(a, b);
        not_lt(a, b) => _mm256_cmp_ps::<_CMP_NLT_UQ>(a, b);
        le(a, b) => _mm256_cmp_ps::<_CMP_LE_OQ>(a, b);
        eq(a, b) => _mm256_cmp_ps::<_CMP_EQ_OQ>(a, b);
        ne(a, b) => _mm256_cmp_ps::<_CMP_NEQ_UQ>(a, b);
    }
    masks: {
        mask_and(m, n) => _mm256_and_ps(m, n);
        mask_or(m, n) => _mm256_or_ps(m, n);
        mask_not(m) => _mm256_xor_ps(m, _mm256_castsi256_ps(_mm256_set1_epi32(-1)));
    }
    any(m) => _mm256_movemask_ps(m) != 0;
    select(m, a, b) => _mm256_blendv_ps(b, a, m);
    keep(a, m) => _mm256_and_ps(a, m);
    exchange: {
        1(a, b) => _mm256_blend_ps::<0xAA>(a, _mm256_moveldup_ps(b)), _mm256_blend_ps::<0x55>(b, _mm256_movehdup_ps(a));
        2(a, b) => _mm256_castpd_ps(_mm256_unpacklo_pd(_mm256_castps_pd(a), _mm256_castps_pd(b))),
            _mm256_castpd_ps(_mm256_unpackhi_pd(_mm256_castps_pd(a), _mm256_castps_pd(b)));
        4(a, b) => _mm256_permute2f128_ps::<0x20>(a, b), _mm256_permute2f128_ps::<0x31>(a, b);
    }
    composed: {
        const LOOKS_UP: bool = true;
        #[inline(always)]
        fn lookup(self, table: &'static [f32]) -> Self {
            // SAFETY: a piece of the table holds a register full of numbers, and `self` proves the instruction set.
            let entry = |piece: &'static [f32; 8]| unsafe {
                _mm256_permutevar8x32_ps(_mm256_loadu_ps(piece.as_ptr()), _mm256_castps_si256(self.0))
            };
            let ([first, rest @ ..], []) = table.as_chunks() else { panic!("8 or 16 entries") };
            match rest {
                [] => F32x8(entry(first)),
                [second] => {
                    let (first, second) = (entry(first), entry(second));
                    // The fourth bit of the number, moved to where a choice looks.
                    let is_second = self.shift_left::<28>().0;
                    F32x8(intrinsics!(_mm256_blendv_ps(first, second, is_second)))
                }
                _ => panic!("8 or 16 entries"),
            }
        }
    }
}

x86_vector! {
    /// Four `f64`.
    F64x4: 4 x f64, in __m256d, masks in __m256d, on Avx2;
    splat(x) => _mm256_set1_pd(x);
    memory: _mm256_loadu_pd, _mm256_storeu_pd;
    vectors: {
        add(a, b) => _mm256_add_pd(a, b);
        sub(a, b) => _mm256_sub_pd(a, b);
        mul(a, b) => _mm256_mul_pd(a, b);
        div(a, b) => _mm256_div_pd(a, b);
        mul_add(a, b, c) => _mm256_fmadd_pd(a, b, c);
        neg_mul_add(a, b, c) => _mm256_fnmadd_pd(a, b, c);
        neg(a) => _mm256_xor_pd(a, _mm256_set1_pd(-0.0));
        abs(a) => _mm256_andnot_pd(_mm256_set1_pd(-0.0), a);
        sqrt(a) => _mm256_sqrt_pd(a);
        min(a, b) => _mm256_min_pd(a, b);
        max(a, b) => _mm256_max_pd(a, b);
        floor(a) => _mm256_round_pd::<FLOOR>(a);
        round_even(a) => _mm256_round_pd::<NEAREST>(a);
        trunc(a) => _mm256_round_pd::<TRUNCATE>(a);
        bit_and(a, b) => _mm256_and_pd(a, b);
        bit_or(a, b) => _mm256_or_pd(a, b);
        bit_xor(a, b) => _mm256_xor_pd(a, b);
        int_add(a, b) => _mm256_castsi256_pd(_mm256_add_epi64(_mm256_castpd_si256(a), _mm256_castpd_si256(b)));
        int_sub(a, b) => _mm256_castsi256_pd(_mm256_sub_epi64(_mm256_castpd_si256(a), _mm256_castpd_si256(b)));
    }
    shifts: {
        shift_left::<BY>(a) => _mm256_castsi256_pd(_mm256_slli_epi64::<BY>(_mm256_castpd_si256(a)));
        shift_right::<BY>(a) => _mm256_castsi256_pd(_mm256_srli_epi64::<BY>(_mm256_castpd_si256(a)));
    }
    comparisons: {
        lt(a, b) => _mm256_cmp_pd::<_CMP_LT_OQ>(a, b);
        not_lt(a, b) => _mm256_cmp_pd::<_CMP_NLT_UQ>(a, b);
        le(a, b) => _mm256_cmp_pd::<_CMP_LE_OQ>(a, b);
        eq(a, b) => _mm256_cmp_pd::<_CMP_EQ_OQ>(a, b);
        ne(a, b) => _mm256_cmp_pd::<_CMP_NEQ_UQ>(a, b);
    }
    masks: {
        mask_and(m, n) => _mm256_and_pd(m, n);
        mask_or(m, n) => _mm256_or_pd(m, n);
        mask_not(m) => _mm256_xor_pd(m, _mm256_castsi256_pd(_mm256_set1_epi32(-1)));
    }
    any(m) => _mm256_movemask_pd(m) != 0;
    select(m, a, b) => _mm256_blendv_pd(b, a, m);
    keep(a, m) => _mm256_and_pd(a, m);
    exchange: {
        1(a, b) => _mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b);
        2(a, b) => _mm256_permute2f128_pd::<0x20>(a, b), _mm256_permute2f128_pd::<0x31>(a, b);
    }
}
