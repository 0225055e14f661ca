//! The accumulators against sums and sorts by hand.

use super::best::{Largest, List, Order, Smallest};
use super::{exp_sum, sum};
use crate::math::Functions;
use crate::real::Real;
use crate::simd::{Portable, Rows, Vector};

type P = <f32 as Real>::Vector<Portable>;
const LANES: usize = <P as Rows>::LANES;

fn splat(x: f32) -> P {
    P::splat(Portable, x)
}

fn first(v: P) -> f32 {
    let mut lanes = [0.0; LANES];
    v.store(&mut lanes);
    lanes[0]
}

/// The total of tiles with these sums.
fn total(tiles: &[f32]) -> Vec<f32> {
    let mut state = vec![0.0; 2 * LANES];
    sum::identity::<P>(Portable, &mut state, LANES);
    tiles.iter().for_each(|t| sum::update(Portable, &mut state, LANES, splat(*t)));
    state
}

#[test]
fn a_total_forgets_nothing() {
    // One accumulator of single precision would stay at 2²⁴.
    let mut tiles = vec![16_777_216.0];
    tiles.extend([1.0; 1000]);
    assert_eq!(first(sum::value::<P>(Portable, &total(&tiles), LANES)), 16_778_216.0);
    tiles.push(-16_777_216.0);
    assert_eq!(first(sum::value::<P>(Portable, &total(&tiles), LANES)), 1000.0);
}

#[test]
fn merged_totals_are_the_total_of_all() {
    let mut earlier = total(&[16_777_216.0, 1.0]);
    let later = total(&[1.0, 1.0, -16_777_216.0]);
    sum::merge::<P>(Portable, &mut earlier, &later, LANES);
    assert_eq!(first(sum::value::<P>(Portable, &earlier, LANES)), 3.0);
}

#[test]
fn infinite_totals_are_not_turned_into_nan() {
    for x in [f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(first(sum::value::<P>(Portable, &total(&[1.0, x, 1.0]), LANES)), x);
    }
    assert!(first(sum::value::<P>(Portable, &total(&[f32::INFINITY, f32::NEG_INFINITY]), LANES)).is_nan());
    assert!(first(sum::value::<P>(Portable, &total(&[1.0, f32::NAN]), LANES)).is_nan());
}

/// The states of reference and sum after tiles of one exponent (in base 2) each.
fn exponents(tiles: &[f32]) -> (Vec<f32>, Vec<f32>) {
    let (mut reference, mut state) = (vec![0.0; LANES], vec![0.0; 2 * LANES]);
    exp_sum::identity::<P>(Portable, &mut reference);
    sum::identity::<P>(Portable, &mut state, LANES);
    for &t in tiles {
        let factor = exp_sum::raise(Portable, &mut reference, splat(t));
        let difference = splat(t).sub(exp_sum::reference(Portable, &reference));
        exp_sum::update(Portable, &mut state, LANES, factor, f32::exp2_nonpositive(difference));
    }
    (reference, state)
}

fn log_sum(tiles: &[f32]) -> f32 {
    let (reference, state) = exponents(tiles);
    first(exp_sum::log_value::<P>(Portable, &reference, &state, LANES))
}

#[test]
fn log_sums_neither_overflow_nor_vanish() {
    let ln_2 = std::f32::consts::LN_2;
    // log(2^1000 + 2^1000) and log(2^−1000 + 2^−1000), far outside the range of f32; 2 ulp for product and logarithm.
    approx::assert_relative_eq!(log_sum(&[1000.0, 1000.0]), 1001.0 * ln_2, max_relative = 2.4e-7);
    approx::assert_relative_eq!(log_sum(&[-1000.0, -1000.0]), -999.0 * ln_2, max_relative = 2.4e-7);
    approx::assert_relative_eq!(log_sum(&[0.0, 3.0, 1.0]), 11.0f32.ln(), max_relative = 2.4e-7);
}

#[test]
fn infinite_exponents_give_infinite_log_sums() {
    let inf = f32::INFINITY;
    assert_eq!(log_sum(&[]), -inf);
    assert_eq!(log_sum(&[-inf, -inf]), -inf);
    assert_eq!(log_sum(&[-inf, 0.0]), 0.0);
    assert_eq!(log_sum(&[0.0, inf, 1.0]), inf);
    assert!(log_sum(&[0.0, f32::NAN]).is_nan());
}

#[test]
fn merged_log_sums_are_those_of_all() {
    for (a, b) in [(&[0.0, 3.0][..], &[1.0][..]), (&[], &[2.0]), (&[2.0], &[]), (&[-50.0], &[70.0, 70.0])] {
        let ((mut reference, mut state), (later_reference, later_state)) = (exponents(a), exponents(b));
        let factors = exp_sum::merge::<P>(Portable, &mut reference, &later_reference);
        exp_sum::merge_sum(Portable, &mut state, &later_state, LANES, factors);
        let merged = first(exp_sum::log_value::<P>(Portable, &reference, &state, LANES));
        let all = log_sum(&[a, b].concat());
        approx::assert_relative_eq!(merged, all, max_relative = 2.4e-7);
    }
}

/// The list of K best after these candidates, numbered from `start`.
fn list<O: Order, const K: usize>(candidates: &[f32], start: usize) -> List<P, K> {
    let mut list = List::<P, K>::identity::<O>(Portable);
    for (k, &c) in candidates.iter().enumerate() {
        list.insert::<O>(splat(c), splat(f32::from_index(start + k)));
    }
    list
}

fn entries<const K: usize>(list: &List<P, K>) -> Vec<(f32, usize)> {
    (0..K).map(|k| (first(list.entry(k).0), first(list.entry(k).1).to_index())).collect()
}

#[test]
fn lists_are_sorted_with_ties_in_order_and_without_nan() {
    let candidates = [3.0, 1.0, f32::NAN, 1.0, 2.0, 1.0, 0.5, 3.0];
    assert_eq!(entries(&list::<Smallest, 4>(&candidates, 0)), [(0.5, 6), (1.0, 1), (1.0, 3), (1.0, 5)]);
    assert_eq!(entries(&list::<Largest, 3>(&candidates, 0)), [(3.0, 0), (3.0, 7), (2.0, 4)]);
    assert_eq!(entries(&list::<Smallest, 1>(&candidates, 0)), [(0.5, 6)]);
}

#[test]
fn entries_that_nothing_took_are_infinite_and_name_no_column() {
    let none = first(super::best::none::<P>(Portable)).to_index();
    let inf = f32::INFINITY;
    assert_eq!(entries(&list::<Smallest, 2>(&[f32::NAN, 4.0], 0)), [(4.0, 1), (inf, none)]);
    assert_eq!(entries(&list::<Largest, 1>(&[], 0)), [(-inf, none)]);
}

#[test]
fn merged_lists_are_the_list_of_all() {
    let (a, b) = ([2.0, 5.0, 1.0], [1.0, 0.0, 2.0, 7.0]);
    let mut merged = list::<Smallest, 4>(&a, 0);
    merged.merge::<Smallest>(&list::<Smallest, 4>(&b, a.len()));
    assert_eq!(entries(&merged), entries(&list::<Smallest, 4>(&[&a[..], &b[..]].concat(), 0)));
}

#[test]
fn a_list_survives_its_state() {
    let kept = list::<Smallest, 3>(&[2.0, 5.0, 1.0], 0);
    let mut state = vec![0.0; 6 * LANES];
    kept.store(&mut state, LANES);
    assert_eq!(entries(&List::<P, 3>::load(Portable, &state, LANES)), entries(&kept));
}
