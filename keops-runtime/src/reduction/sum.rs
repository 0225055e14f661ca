//! Σ: the sum of a tile in working precision, the sum of the tiles in twice that.
//!
//! One accumulator of N terms has an error that grows with N; here it grows with the 64 columns of a tile only, because
//! the total is an unevaluated pair (high, low) kept by Knuth's two-sum (TAOCP vol. 2, 4.2.2, theorem B), which costs
//! six operations per tile.

use crate::real::Real;
use crate::simd::Rows;

/// Adds the sum of a tile to the total.
#[inline(always)]
pub fn update<P: Rows>(token: P::Token, state: &mut [P::Elem], stride: usize, tile: P) {
    let high = P::load(token, state);
    let low = P::load(token, &state[stride..]);
    let (high, error) = two_sum(high, tile);
    high.store(state);
    low.add(error).store(&mut state[stride..]);
}

/// Adds the total of later columns.
#[inline(never)]
pub fn merge<P: Rows>(token: P::Token, state: &mut [P::Elem], later: &[P::Elem], stride: usize) {
    update(token, state, stride, P::load(token, later));
    let low = P::load(token, &state[stride..]);
    low.add(P::load(token, &later[stride..])).store(&mut state[stride..]);
}

/// The sum. Where it is infinite or NaN the error term is meaningless and left out.
#[inline(never)]
pub fn value<P: Rows>(token: P::Token, state: &[P::Elem], stride: usize) -> P {
    let high = P::load(token, state);
    let low = P::load(token, &state[stride..]);
    let finite = high.abs().le(high.set(P::Elem::MAX));
    high.add(low.keep(finite))
}

/// a + b as the rounded sum and its rounding error, exactly.
#[inline(always)]
fn two_sum<P: Rows>(a: P, b: P) -> (P, P) {
    let sum = a.add(b);
    let b_part = sum.sub(a);
    let a_part = sum.sub(b_part);
    (sum, a.sub(a_part).add(b.sub(b_part)))
}
