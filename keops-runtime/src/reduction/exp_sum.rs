//! Σ 4^(f − m) g with a running reference m, no less than the largest f and at most 1 more (1 again for each merge that f has
//! been through): the accumulator of LogSumExp and SumSoftMaxWeight. In base 4 whatever is finite has a finite exponent, since
//! log₄ e is less than 1. No power in it is above 1, so none overflows, and m is made finite before it is subtracted, so that
//! f = −∞ gives 0 where all f are −∞.
//!
//! The exponents of a tile are computed first, with their maximum; the reference is raised at most once per tile, and what
//! was summed before is rescaled, by a factor that is rounded. So the reference is raised by a whole number: what was summed
//! before is divided by 4 at least, and so are its errors. Raised to the maximum of each tile, by however little, the errors of
//! all tiles would add up. State of one reference: that number. State of a sum: as in [`super::sum`].

use super::sum;
use crate::math::Functions;
use crate::real::Real;
use crate::simd::Rows;

/// The finite number that stands for the reference in differences, so that ∞ − ∞ never occurs.
#[inline(always)]
pub fn reference<P: Rows>(token: P::Token, state: &[P::Elem]) -> P {
    finite(P::load(token, state))
}

/// Raises the reference where an exponent of a tile is above it. Returns the factor 4^(old − new reference) for the sums so
/// far.
#[inline(always)]
pub fn raise<P: Rows>(token: P::Token, state: &mut [P::Elem], tile_max: P) -> P {
    let old = P::load(token, state);
    let new = raised(old, tile_max);
    new.store(state);
    power_of_4(finite(old).sub(finite(new)))
}

/// 4ˣ for x ≤ 0.
#[inline(always)]
fn power_of_4<P: Rows>(x: P) -> P {
    P::Elem::exp2_nonpositive(x.add(x))
}

/// The reference for further exponents too: a whole number higher where one of them is above it. Where rounding takes the
/// step too far or not far enough, and after −∞, it is their maximum; NaN is skipped.
#[inline(always)]
fn raised<P: Rows>(old: P, largest: P) -> P {
    let next = old.add(P::Elem::ceil(largest.sub(old)));
    let one_more = largest.add(largest.set(P::Elem::from_f64(1.0)));
    let next = P::select(P::mask_and(largest.le(next), next.le(one_more)), next, largest);
    P::select(old.lt(largest), next, old)
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

/// log Σ in base e, from the states of the reference and of the sum. Where the reference is +∞ it is the result: the sum,
/// of 4^(∞ − reference), means nothing there. Where it is −∞ the sum is 0 and its logarithm the result. Up to the
/// exponent of the largest number the result is finite, which rounding could make infinite.
#[inline(never)]
pub fn log_value<P: Rows>(token: P::Token, reference: &[P::Elem], sum: &[P::Elem], stride: usize) -> P {
    let reference = P::load(token, reference);
    let sum = sum::value::<P>(token, sum, stride);
    let ln_4 = reference.set(P::Elem::from_f64(2.0 * std::f64::consts::LN_2));
    let log_sum = P::Elem::log(sum);
    let value = finite(reference).mul_add(ln_4, log_sum);
    let number = |x: f64| reference.set(P::Elem::from_f64(x));
    let largest = P::Elem::MAX.to_f64();
    // With room for the rounding of the exponent.
    let exponent =
        number(largest * (std::f64::consts::LOG2_E / 2.0)).mul(number(1.0 + 4.0 * P::Elem::EPSILON));
    let are_finite = P::mask_and(reference.abs().le(exponent), log_sum.abs().le(number(largest)));
    let value = P::select(are_finite, finite(value), value);
    P::select(reference.eq(reference.set(P::Elem::INFINITY)), reference, value)
}

/// Merges references: returns the factors for the earlier and for the later sums.
#[inline(never)]
pub fn merge<P: Rows>(token: P::Token, state: &mut [P::Elem], later: &[P::Elem]) -> (P, P) {
    let (old, other) = (P::load(token, state), P::load(token, later));
    let new = raised(old, other);
    new.store(state);
    let factor = |m: P| power_of_4(finite(m).sub(finite(new)));
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
