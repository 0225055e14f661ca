//! The accumulators against sums and sorts by hand.

use super::accumulator::{Accumulator, Extreme, Kind, identity, merge, numbers};
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

/// The state of one block of rows over nothing.
fn nothing(accumulators: &[Accumulator]) -> Vec<f32> {
    let mut state = vec![-1.0; numbers(accumulators) * LANES];
    identity(accumulators, LANES, &mut state);
    state
}

const SUM: Accumulator = Accumulator { kind: Kind::Sum, dim: 1 };

/// The total of tiles with these sums.
fn total(tiles: &[f32]) -> Vec<f32> {
    let mut state = nothing(&[SUM]);
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
    merge(&[SUM], LANES, &mut earlier, &later);
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

/// A reference, and the sum that it scales.
const SCALED: [Accumulator; 2] = [
    Accumulator { kind: Kind::Exponent, dim: 1 },
    Accumulator { kind: Kind::ScaledSum { exponent: 0 }, dim: 1 },
];

/// The state of reference and sum after tiles of one exponent (in base 4) each.
fn exponents(tiles: &[f32]) -> Vec<f32> {
    let mut state = nothing(&SCALED);
    let (reference, sum) = state.split_at_mut(LANES);
    for &t in tiles {
        let factor = exp_sum::raise(Portable, reference, splat(t));
        let difference = splat(t).sub(exp_sum::reference(Portable, reference));
        exp_sum::update(Portable, sum, LANES, factor, f32::exp2_nonpositive(difference.add(difference)));
    }
    state
}

fn log_value(state: &[f32]) -> f32 {
    let (reference, sum) = state.split_at(LANES);
    first(exp_sum::log_value::<P>(Portable, reference, sum, LANES))
}

fn log_sum(tiles: &[f32]) -> f32 {
    log_value(&exponents(tiles))
}

#[test]
fn log_sums_neither_overflow_nor_vanish() {
    let ln_2 = std::f32::consts::LN_2;
    // log(4^1000 + 4^1000) and log(4^−1000 + 4^−1000), far outside the range of f32; 2 ulp for product and logarithm.
    approx::assert_relative_eq!(log_sum(&[1000.0, 1000.0]), 2001.0 * ln_2, max_relative = 2.4e-7);
    approx::assert_relative_eq!(log_sum(&[-1000.0, -1000.0]), -1999.0 * ln_2, max_relative = 2.4e-7);
    approx::assert_relative_eq!(log_sum(&[0.0, 3.0, 1.0]), 69.0f32.ln(), max_relative = 2.4e-7);
}

#[test]
fn the_largest_numbers_have_finite_log_sums() {
    // The exponent of the largest, and one more: its product with log 4 would be infinite.
    let largest = f32::MAX * (std::f32::consts::LOG2_E / 2.0);
    for exponent in [largest, largest.next_up()] {
        assert_eq!(log_sum(&[exponent, 0.0]).min(f32::MAX), log_sum(&[exponent, 0.0]));
        approx::assert_relative_eq!(log_sum(&[exponent, exponent]), f32::MAX, max_relative = 2.4e-7);
        approx::assert_relative_eq!(log_sum(&[-exponent, -exponent]), -f32::MAX, max_relative = 2.4e-7);
    }
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
fn errors_of_rising_exponents_do_not_add_up() {
    // A rise of 0.07 in all, and one of 20.
    for rise in [7e-7, 2e-4] {
        let tiles: Vec<f32> = (0..100_000).map(|k| rise * k as f32).collect();
        let exact: f64 = tiles.iter().map(|&t| (2.0 * f64::from(t)).exp2()).sum();
        // Differences from the reference are rounded, powers of 2 of them off by 2 ulp, and so are the factors, whose
        // errors halve from one to the next.
        let check = |state: &[f32], what: &str| {
            let (reference, sum) = state.split_at(LANES);
            let sum = f64::from(first(sum::value::<P>(Portable, sum, LANES)));
            let error = sum * (2.0 * f64::from(reference[0])).exp2() / exact - 1.0;
            assert!(error.abs() <= 5.0 * f64::from(f32::EPSILON), "{what}, rising by {rise}: {error:.1e}");
        };
        check(&exponents(&tiles), "tiles");
        let mut merged = nothing(&SCALED);
        tiles.chunks(2).for_each(|part| merge(&SCALED, LANES, &mut merged, &exponents(part)));
        check(&merged, "merged states");
    }
}

#[test]
fn references_are_raised_by_whole_numbers() {
    let raised = |tiles: &[f32]| exponents(tiles)[0];
    assert_eq!(raised(&[0.25]), 0.25);
    assert_eq!(raised(&[0.25, 0.5]), 1.25);
    assert_eq!(raised(&[0.25, 1.25, 1.0]), 1.25);
    assert_eq!(raised(&[0.25, 3.5]), 4.25);
    assert_eq!(raised(&[-f32::INFINITY, 0.25, f32::NAN]), 0.25);
    assert_eq!(raised(&[0.25, f32::INFINITY, 1.0]), f32::INFINITY);
    // Never below an exponent, and never ∞ where none is: steps that are rounded, lost, and too long.
    assert_eq!(raised(&[-0.4, 16_777_216.0]), 16_777_216.0);
    assert_eq!(raised(&[-1e30, 1.0]), 1.0);
    assert_eq!(raised(&[f32::MIN, f32::MAX]), f32::MAX);
    assert_eq!(raised(&[-1e32, f32::MAX]), f32::MAX);
    assert_eq!(raised(&[f32::MIN, 1e30]), 1e30);
    for (a, b) in [(0.3, 0.4), (-7.7, 1e3), (1e7, 1.1e7), (-1e-30, 1e-30), (0.1, 1.1)] {
        let reference = raised(&[a, b]);
        assert!(b <= reference && reference <= b + 1.0, "{a}, {b}: {reference}");
    }
}

#[test]
fn merged_log_sums_are_those_of_all() {
    for (a, b) in [(&[0.0, 3.0][..], &[1.0][..]), (&[], &[2.0]), (&[2.0], &[]), (&[-50.0], &[70.0, 70.0])] {
        let (mut state, later) = (exponents(a), exponents(b));
        merge(&SCALED, LANES, &mut state, &later);
        let all = log_sum(&[a, b].concat());
        approx::assert_relative_eq!(log_value(&state), all, max_relative = 2.4e-7);
    }
}

#[test]
fn sums_are_rescaled_by_their_own_exponents() {
    // Two references and two sums, one for each; then one reference for both. Later references are 3 and 1 higher.
    for (exponents, factors) in [(2, [64.0, 4.0]), (1, [64.0, 64.0])] {
        let accumulators = [
            Accumulator { kind: Kind::ScaledSum { exponent: 1 }, dim: 2 },
            Accumulator { kind: Kind::Exponent, dim: exponents },
        ];
        let state = |references: [f32; 2], sums: [f32; 2]| {
            let numbers =
                sums.into_iter().flat_map(|s| [s, 0.0]).chain(references.into_iter().take(exponents));
            numbers.flat_map(|x| [x; LANES]).collect::<Vec<f32>>()
        };
        let mut merged = state([0.0, 10.0], [16.0, 32.0]);
        merge(&accumulators, LANES, &mut merged, &state([3.0, 11.0], [100.0, 200.0]));
        let expected = state([3.0, 11.0], [100.0 + 16.0 / factors[0], 200.0 + 32.0 / factors[1]]);
        assert_eq!(merged, expected, "{exponents} references");
    }
}

#[test]
fn the_best_values_of_both_are_kept_and_nan_skipped() {
    let nan = f32::NAN;
    for (extreme, better) in [(Extreme::Max, 5.0), (Extreme::Min, 3.0)] {
        let accumulators = [Accumulator { kind: Kind::Best(extreme), dim: 3 }];
        let state = |values: [f32; 3]| values.iter().flat_map(|&x| [x; LANES]).collect::<Vec<f32>>();
        let mut merged = state([3.0, 5.0, 4.0]);
        merge(&accumulators, LANES, &mut merged, &state([5.0, 3.0, nan]));
        assert_eq!(merged, state([better, better, 4.0]), "{extreme:?}");
        merge(&accumulators, LANES, &mut merged, &nothing(&accumulators));
        assert_eq!(merged, state([better, better, 4.0]), "{extreme:?}, nothing is worse than all");
    }
}

fn listed(extreme: Extreme, count: usize) -> Accumulator {
    Accumulator { kind: Kind::List { extreme, count }, dim: 1 }
}

/// The list of K best after these candidates, numbered from `start`.
fn list<O: Order, const K: usize>(candidates: &[f32], start: usize) -> List<P, K> {
    let extreme = if first(O::best(splat(1.0), splat(0.0))) == 1.0 { Extreme::Max } else { Extreme::Min };
    let mut list = List::<P, K>::load(Portable, &nothing(&[listed(extreme, K)]), LANES);
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
    let none = super::best::none::<f32>().to_index();
    let inf = f32::INFINITY;
    assert_eq!(entries(&list::<Smallest, 2>(&[f32::NAN, 4.0], 0)), [(4.0, 1), (inf, none)]);
    assert_eq!(entries(&list::<Largest, 1>(&[], 0)), [(-inf, none)]);
}

#[test]
fn merged_lists_are_the_list_of_all() {
    fn check<O: Order, const K: usize>(extreme: Extreme, a: &[f32], b: &[f32]) {
        let (mut state, mut later) = (vec![0.0; 2 * K * LANES], vec![0.0; 2 * K * LANES]);
        list::<O, K>(a, 0).store(&mut state, LANES);
        list::<O, K>(b, a.len()).store(&mut later, LANES);
        merge(&[listed(extreme, K)], LANES, &mut state, &later);
        let all = list::<O, K>(&[a, b].concat(), 0);
        assert_eq!(entries(&List::<P, K>::load(Portable, &state, LANES)), entries(&all), "{a:?}, then {b:?}");
    }
    let few = [1.0, 0.0, 2.0, 7.0];
    let tied = [2.0, 2.0, 1.0, 2.0, f32::NAN, 1.0];
    for (a, b) in
        [(&[2.0, 5.0, 1.0][..], &few[..]), (&tied, &tied), (&[], &few), (&few, &[]), (&few, &[f32::NAN])]
    {
        check::<Smallest, 4>(Extreme::Min, a, b);
        check::<Largest, 4>(Extreme::Max, a, b);
        check::<Smallest, 1>(Extreme::Min, a, b);
        check::<Largest, 6>(Extreme::Max, a, b);
    }
}

#[test]
fn a_list_survives_its_state() {
    let kept = list::<Smallest, 3>(&[2.0, 5.0, 1.0], 0);
    let mut state = vec![0.0; 6 * LANES];
    kept.store(&mut state, LANES);
    assert_eq!(entries(&List::<P, 3>::load(Portable, &state, LANES)), entries(&kept));
}

#[test]
fn unordered_candidates_give_the_list_of_ordered_ones() {
    // Ties among the entries, with the last entry, and with free entries.
    let candidates = [2.0, 5.0, 1.0, f32::NAN, 1.0, 2.0, f32::INFINITY, 7.0, 2.0, 1.0];
    fn same<O: Order, const K: usize>(candidates: &[f32]) {
        let expected = entries(&list::<O, K>(candidates, 0));
        // 3 and 7 have no divisor in common with 10: each order is a permutation.
        for (start, step) in [(0, 1), (9, 9), (4, 3), (2, 7)] {
            let mut unordered = list::<O, K>(&[], 0);
            for k in 0..candidates.len() {
                let j = (start + k * step) % candidates.len();
                unordered.insert_unordered::<O>(splat(candidates[j]), splat(f32::from_index(j)));
            }
            assert_eq!(entries(&unordered), expected, "from {start} in steps of {step}");
        }
    }
    same::<Smallest, 1>(&candidates);
    same::<Smallest, 4>(&candidates);
    same::<Smallest, 10>(&candidates);
    same::<Largest, 1>(&candidates);
    same::<Largest, 3>(&candidates);
}
