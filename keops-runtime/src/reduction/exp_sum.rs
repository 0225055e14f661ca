//! Σ 2^(f − m) g with the running maximum m of f: the accumulator of LogSumExp and SumSoftMaxWeight, which never
//! overflows and never turns −∞ into NaN.
//!
//! The exponents of a tile are computed first, with their maximum; the reference m is raised once per tile and what was
//! summed before is rescaled. State of one reference: the largest exponent so far. State of a sum: as in [`super::sum`].

use super::sum;
use crate::math::Functions;
use crate::real::Real;
use crate::simd::Rows;

/// The finite number that stands for the largest exponent in differences, so that ∞ − ∞ never occurs.
#[inline(always)]
pub fn reference<P: Rows>(token: P::Token, state: &[P::Elem]) -> P {
    finite(P::load(token, state))
}

/// Raises the largest exponent to that of a tile. Returns the factor 2^(old − new reference) for the sums so far.
#[inline(always)]
pub fn raise<P: Rows>(token: P::Token, state: &mut [P::Elem], tile_max: P) -> P {
    let old = P::load(token, state);
    let new = tile_max.max(old);
    new.store(state);
    P::Elem::exp2_nonpositive(finite(old).sub(finite(new)))
}

/// Rescales a sum by the factor of [`raise`] and adds the sum of a tile.
#[inline(always)]
pub fn update<P: Rows>(token: P::Token, state: &mut [P::Elem], stride: usize, factor: P, tile: P) {
    rescale(token, state, stride, factor);
    sum::update(token, state, stride, tile);
}

/// Rescales a sum by a factor.
#[inline(always)]
pub fn rescale<P: Rows>(token: P::Token, state: &mut [P::Elem], stride: usize, factor: P) {
    P::load(token, state).mul(factor).store(state);
    P::load(token, &state[stride..]).mul(factor).store(&mut state[stride..]);
}

/// log Σ in base e, from the states of the reference and of the sum. Where the largest exponent is +∞ it is the result:
/// the sum, of 2^(∞ − reference), means nothing there. Where it is −∞ the sum is 0 and its logarithm the result.
#[inline(never)]
pub fn log_value<P: Rows>(token: P::Token, reference: &[P::Elem], sum: &[P::Elem], stride: usize) -> P {
    let largest = P::load(token, reference);
    let sum = sum::value::<P>(token, sum, stride);
    let ln_2 = largest.set(P::Elem::from_f64(std::f64::consts::LN_2));
    let value = finite(largest).mul_add(ln_2, P::Elem::log(sum));
    P::select(largest.eq(largest.set(P::Elem::INFINITY)), largest, value)
}

/// Merges references: returns the factors for the earlier and for the later sums.
#[inline(never)]
pub fn merge<P: Rows>(token: P::Token, state: &mut [P::Elem], later: &[P::Elem]) -> (P, P) {
    let (old, other) = (P::load(token, state), P::load(token, later));
    let new = other.max(old);
    new.store(state);
    let factor = |m: P| P::Elem::exp2_nonpositive(finite(m).sub(finite(new)));
    (factor(old), factor(other))
}

/// Merges sums whose references have been merged with these factors.
#[inline(never)]
pub fn merge_sum<P: Rows>(
    token: P::Token,
    state: &mut [P::Elem],
    later: &[P::Elem],
    stride: usize,
    factors: (P, P),
) {
    rescale(token, state, stride, factors.0);
    sum::update(token, state, stride, P::load(token, later).mul(factors.1));
    let low = P::load(token, &state[stride..]);
    P::load(token, &later[stride..]).mul_add(factors.1, low).store(&mut state[stride..]);
}

#[inline(always)]
fn finite<P: Rows>(m: P) -> P {
    let limit = m.set(P::Elem::MAX);
    limit.neg().max(limit.min(m))
}
