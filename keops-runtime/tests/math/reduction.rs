//! x − n π/2 for large x, in integers (Payne and Hanek).

use crate::double::{Double, PI};

/// 2/π in binary: a word of zeros for its integer part, then 1280 bits of its fraction, as many as the largest x needs.
#[rustfmt::skip]
const TWO_OVER_PI: [u64; 21] = [
    0,
    0xa2f9_836e_4e44_1529, 0xfc27_57d1_f534_ddc0, 0xdb62_9599_3c43_9041, 0xfe51_63ab_debb_c561,
    0xb724_6e3a_424d_d2e0, 0x0649_2eea_09d1_921c, 0xfe1d_eb1c_b129_a73e, 0xe882_35f5_2ebb_4484,
    0xe99c_7026_b45f_7e41, 0x3991_d639_8353_39f4, 0x9c84_5f8b_bdf9_283b, 0x1ff8_97ff_de05_980f,
    0xef2f_118b_5a0a_6d1f, 0x6d36_7ecf_27cb_09b7, 0x4f46_3f66_9e5f_ea2d, 0x7527_bac7_ebe5_f17b,
    0x3d07_39f7_8a52_92ea, 0x6bfb_5fb1_1f8d_5d08, 0x5603_3046_fc7b_6bab, 0xf0cf_bc20_9af4_361d,
];

/// Words of a window of these bits: enough for 200 bits of the fraction of x · 2/π, of which at most 62 are lost where x
/// is close to a multiple of π/2.
const WINDOW: usize = 4;

/// x − n π/2 with |x − n π/2| ≤ π/4, and n modulo 4, for finite x ≥ 1.
pub(crate) fn by_half_pi(x: f64) -> (Double, u8) {
    // x = m 2^e. Bits of 2/π that are worth 4 or more after multiplication with 2^e count for whole turns only.
    let bits = x.to_bits();
    let (m, e) = ((bits & ((1 << 52) - 1)) | 1 << 52, (bits >> 52) as i32 - 1075);
    let first = (e + 62) as usize;
    let (word, shift) = (first / 64, first % 64);
    let pair = |k: usize| u128::from(TWO_OVER_PI[k]) << 64 | u128::from(TWO_OVER_PI[k + 1]);
    let window: [u64; WINDOW] = std::array::from_fn(|k| ((pair(word + k) << shift) >> 64) as u64);
    // m · window modulo 4 turns, the two uppermost bits being n.
    let (mut product, mut carry) = ([0; WINDOW], 0);
    for k in (0..WINDOW).rev() {
        let sum = u128::from(m) * u128::from(window[k]) + carry;
        (product[k], carry) = (sum as u64, sum >> 64);
    }
    let quadrant = (product[0] >> 62) as u8;
    product[0] &= (1 << 62) - 1;
    let beyond_half = product[0] >> 61 == 1;
    if beyond_half {
        // The fraction less 1, without its sign.
        let mut borrow = 1;
        for word in product.iter_mut().rev() {
            let (negated, more) = (!*word).overflowing_add(borrow);
            (*word, borrow) = (negated, u64::from(more));
        }
        product[0] &= (1 << 62) - 1;
    }
    // Half words, which an f64 holds; 1 is bit 62 of the first word.
    let halves = product.iter().flat_map(|word| [word >> 32, word & 0xffff_ffff]);
    let fraction =
        halves.zip(1..).fold(Double::from(0.0), |sum, (half, k)| sum + half as f64 * 2f64.powi(2 - 32 * k));
    let rest = fraction * (PI * 0.5);
    (if beyond_half { -rest } else { rest }, (quadrant + u8::from(beyond_half)) % 4)
}
