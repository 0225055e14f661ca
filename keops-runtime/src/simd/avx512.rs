//! Vectors of 512 bits with AVX-512 F, DQ, BW and VL. Masks have registers of their own, one bit a lane.

use std::arch::x86_64::*;

use super::Level;
use super::pack::{Columns8, Twice};
use super::vector::{LanesInMemory, Rows, Simd, Vector};
use super::x86::{Mask, intrinsics, x86_vector};

/// AVX-512 F, DQ, BW and VL: server processors since 2017, desktop ones since 2022.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx512(());

impl Avx512 {
    /// The token, in a function compiled for AVX-512: whoever calls that function vouches for it.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl")]
    pub(super) fn new() -> Avx512 {
        Avx512(())
    }
}

impl Simd for Avx512 {
    type F32 = F32x16;
    type F64 = F64x8;
    type Wide<V: Rows<Token = Self>> = Twice<V>;
    type Columns<V: Rows<Token = Self>> = Columns8<V>;
    const LEVEL: Level = Level::Avx512;
    const FUSED: bool = true;
}

// Rounding with no fraction bits kept (the upper four bits of the immediate are 0) and no exception raised.
const FLOOR: i32 = _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC;
const NEAREST: i32 = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;
const TRUNCATE: i32 = _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC;

x86_vector! {
    /// Sixteen `f32`.
    F32x16: 16 x f32, in __m512, masks in __mmask16, on Avx512;
    splat(x) => _mm512_set1_ps(x);
    memory: _mm512_loadu_ps, _mm512_storeu_ps;
    vectors: {
        add(a, b) => _mm512_add_ps(a, b);
        sub(a, b) => _mm512_sub_ps(a, b);
        mul(a, b) => _mm512_mul_ps(a, b);
        div(a, b) => _mm512_div_ps(a, b);
        mul_add(a, b, c) => _mm512_fmadd_ps(a, b, c);
        neg_mul_add(a, b, c) => _mm512_fnmadd_ps(a, b, c);
        neg(a) => _mm512_xor_ps(a, _mm512_set1_ps(-0.0));
        abs(a) => _mm512_andnot_ps(_mm512_set1_ps(-0.0), a);
        sqrt(a) => _mm512_sqrt_ps(a);
        min(a, b) => _mm512_min_ps(a, b);
        max(a, b) => _mm512_max_ps(a, b);
        floor(a) => _mm512_roundscale_ps::<FLOOR>(a);
        round_even(a) => _mm512_roundscale_ps::<NEAREST>(a);
        trunc(a) => _mm512_roundscale_ps::<TRUNCATE>(a);
        bit_and(a, b) => _mm512_and_ps(a, b);
        bit_or(a, b) => _mm512_or_ps(a, b);
        bit_xor(a, b) => _mm512_xor_ps(a, b);
        int_add(a, b) => _mm512_castsi512_ps(_mm512_add_epi32(_mm512_castps_si512(a), _mm512_castps_si512(b)));
        int_sub(a, b) => _mm512_castsi512_ps(_mm512_sub_epi32(_mm512_castps_si512(a), _mm512_castps_si512(b)));
    }
    // The shifts by an immediate want a `u32`, which the `i32` of the trait cannot become; by a constant register they
    // compile to the same instruction.
    shifts: {
        shift_left::<BY>(a) => _mm512_castsi512_ps(_mm512_sll_epi32(_mm512_castps_si512(a), _mm_cvtsi32_si128(BY)));
        shift_right::<BY>(a) => _mm512_castsi512_ps(_mm512_srl_epi32(_mm512_castps_si512(a), _mm_cvtsi32_si128(BY)));
    }
    comparisons: {
        lt(a, b) => _mm512_cmp_ps_mask::<_CMP_LT_OQ>(a, b);
        not_lt(a, b) => _mm512_cmp_ps_mask::<_CMP_NLT_UQ>(a, b);
        le(a, b) => _mm512_cmp_ps_mask::<_CMP_LE_OQ>(a, b);
        eq(a, b) => _mm512_cmp_ps_mask::<_CMP_EQ_OQ>(a, b);
        ne(a, b) => _mm512_cmp_ps_mask::<_CMP_NEQ_UQ>(a, b);
    }
    masks: {
        mask_and(m, n) => _kand_mask16(m, n);
        mask_or(m, n) => _kor_mask16(m, n);
        mask_not(m) => _knot_mask16(m);
    }
    any(m) => _cvtmask16_u32(m) != 0;
    select(m, a, b) => _mm512_mask_blend_ps(m, b, a);
    keep(a, m) => _mm512_maskz_mov_ps(m, a);
    exchange: {
        1(a, b) => _mm512_mask_moveldup_ps(a, 0xAAAA, b), _mm512_mask_movehdup_ps(b, 0x5555, a);
        2(a, b) => _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(a), _mm512_castps_pd(b))),
            _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
        4(a, b) => _mm512_mask_shuffle_f32x4::<0b10_10_00_00>(a, 0xF0F0, b, b),
            _mm512_mask_shuffle_f32x4::<0b11_11_01_01>(b, 0x0F0F, a, a);
        8(a, b) => _mm512_shuffle_f32x4::<0b01_00_01_00>(a, b), _mm512_shuffle_f32x4::<0b11_10_11_10>(a, b);
    }
    composed: {
        const LOOKS_UP: bool = true;
        const SCALES: bool = true;
        #[inline(always)]
        fn scale(self, n: Self) -> Self {
            F32x16(intrinsics!(_mm512_scalef_ps(self.0, n.0)))
        }
        #[inline(always)]
        fn add_down(self, b: Self) -> Self {
            F32x16(intrinsics!(_mm512_add_round_ps::<FLOOR>(self.0, b.0)))
        }
        #[inline(always)]
        fn above_step(self) -> Self {
            F32x16(intrinsics!(_mm512_reduce_ps::<{ (3 << 4) | FLOOR }>(self.0)))
        }
        #[inline(always)]
        fn lookup(self, table: &'static [f32]) -> Self {
            let index = intrinsics!(_mm512_castps_si512(self.0));
            // SAFETY: the slices hold a register full of numbers or half of it, and `self` proves the instruction set.
            F32x16(unsafe {
                let table = match table.len() {
                    16 => _mm512_loadu_ps(table.as_ptr()),
                    // Twice the same, so that the fourth bit does not count.
                    8 => _mm512_broadcast_f32x8(_mm256_loadu_ps(table.as_ptr())),
                    _ => panic!("8 or 16 entries"),
                };
                _mm512_permutexvar_ps(index, table)
            })
        }
    }
}

x86_vector! {
    /// Eight `f64`.
    F64x8: 8 x f64, in __m512d, masks in __mmask8, on Avx512;
    splat(x) => _mm512_set1_pd(x);
    memory: _mm512_loadu_pd, _mm512_storeu_pd;
    vectors: {
        add(a, b) => _mm512_add_pd(a, b);
        sub(a, b) => _mm512_sub_pd(a, b);
        mul(a, b) => _mm512_mul_pd(a, b);
        div(a, b) => _mm512_div_pd(a, b);
        mul_add(a, b, c) => _mm512_fmadd_pd(a, b, c);
        neg_mul_add(a, b, c) => _mm512_fnmadd_pd(a, b, c);
        neg(a) => _mm512_xor_pd(a, _mm512_set1_pd(-0.0));
        abs(a) => _mm512_andnot_pd(_mm512_set1_pd(-0.0), a);
        sqrt(a) => _mm512_sqrt_pd(a);
        min(a, b) => _mm512_min_pd(a, b);
        max(a, b) => _mm512_max_pd(a, b);
        floor(a) => _mm512_roundscale_pd::<FLOOR>(a);
        round_even(a) => _mm512_roundscale_pd::<NEAREST>(a);
        trunc(a) => _mm512_roundscale_pd::<TRUNCATE>(a);
        bit_and(a, b) => _mm512_and_pd(a, b);
        bit_or(a, b) => _mm512_or_pd(a, b);
        bit_xor(a, b) => _mm512_xor_pd(a, b);
        int_add(a, b) => _mm512_castsi512_pd(_mm512_add_epi64(_mm512_castpd_si512(a), _mm512_castpd_si512(b)));
        int_sub(a, b) => _mm512_castsi512_pd(_mm512_sub_epi64(_mm512_castpd_si512(a), _mm512_castpd_si512(b)));
    }
    shifts: {
        shift_left::<BY>(a) => _mm512_castsi512_pd(_mm512_sll_epi64(_mm512_castpd_si512(a), _mm_cvtsi32_si128(BY)));
        shift_right::<BY>(a) => _mm512_castsi512_pd(_mm512_srl_epi64(_mm512_castpd_si512(a), _mm_cvtsi32_si128(BY)));
    }
    comparisons: {
        lt(a, b) => _mm512_cmp_pd_mask::<_CMP_LT_OQ>(a, b);
        not_lt(a, b) => _mm512_cmp_pd_mask::<_CMP_NLT_UQ>(a, b);
        le(a, b) => _mm512_cmp_pd_mask::<_CMP_LE_OQ>(a, b);
        eq(a, b) => _mm512_cmp_pd_mask::<_CMP_EQ_OQ>(a, b);
        ne(a, b) => _mm512_cmp_pd_mask::<_CMP_NEQ_UQ>(a, b);
    }
    masks: {
        mask_and(m, n) => _kand_mask8(m, n);
        mask_or(m, n) => _kor_mask8(m, n);
        mask_not(m) => _knot_mask8(m);
    }
    any(m) => _cvtmask8_u32(m) != 0;
    select(m, a, b) => _mm512_mask_blend_pd(m, b, a);
    keep(a, m) => _mm512_maskz_mov_pd(m, a);
    exchange: {
        1(a, b) => _mm512_unpacklo_pd(a, b), _mm512_unpackhi_pd(a, b);
        2(a, b) => _mm512_mask_shuffle_f64x2::<0b10_10_00_00>(a, 0xCC, b, b),
            _mm512_mask_shuffle_f64x2::<0b11_11_01_01>(b, 0x33, a, a);
        4(a, b) => _mm512_shuffle_f64x2::<0b01_00_01_00>(a, b), _mm512_shuffle_f64x2::<0b11_10_11_10>(a, b);
    }
    composed: {
        const LOOKS_UP: bool = true;
        const SCALES: bool = true;
        #[inline(always)]
        fn scale(self, n: Self) -> Self {
            F64x8(intrinsics!(_mm512_scalef_pd(self.0, n.0)))
        }
        #[inline(always)]
        fn add_down(self, b: Self) -> Self {
            F64x8(intrinsics!(_mm512_add_round_pd::<FLOOR>(self.0, b.0)))
        }
        #[inline(always)]
        fn above_step(self) -> Self {
            F64x8(intrinsics!(_mm512_reduce_pd::<{ (4 << 4) | FLOOR }>(self.0)))
        }
        #[inline(always)]
        fn lookup(self, table: &'static [f64]) -> Self {
            let ([first, second], []) = table.as_chunks::<8>() else { panic!("16 entries") };
            // SAFETY: each slice holds a register full of numbers, and `self` proves the instruction set.
            F64x8(unsafe {
                let (first, second) = (_mm512_loadu_pd(first.as_ptr()), _mm512_loadu_pd(second.as_ptr()));
                _mm512_permutex2var_pd(first, _mm512_castpd_si512(self.0), second)
            })
        }
    }
}
