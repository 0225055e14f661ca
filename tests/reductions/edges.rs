//! Ties, too few points, infinities and numbers that are none: exact answers.

use approx::assert_relative_eq;
use keops::keops;
use keops_reference::data::Setup;
use keops_reference::formula;
use keops_reference::random::Random;

keops! {
    pub fn best(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<3>, Vi<3, usize>, Vi<1, usize>, Vi<1, usize>) {
        let f = x_i * y_j;
        (KMin_ArgKMin_j(f, 3), ArgMin_j(f), ArgMax_j(f))
    }

    pub fn extremes(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<1>, Vi<1, usize>, Vi<1>, Vi<1, usize>) {
        let f = x_i * y_j;
        (Min_j(f), ArgMin_j(f), Max_j(f), ArgMax_j(f))
    }

    #[prune]
    pub fn nearest_pruned(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<1>, Vi<1, usize>) { Min_ArgMin_j(SqDist(x_i, y_j)) }

    pub fn nearest(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<1>, Vi<1, usize>) { Min_ArgMin_j(SqDist(x_i, y_j)) }

    pub fn three_smallest(x_i: Vi<1>, y_j: Vj<1>) -> Vi<3> { KMin_j(x_i * y_j, 3) }

    pub fn two_largest_of_vectors(x_i: Vi<2>, y_j: Vj<2>) -> (Vi<4>, Vi<4, usize>) { KMax_ArgKMax_j(x_i * y_j, 2) }

    pub fn log_sum(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { LogSumExp_j(x_i + y_j) }

    pub fn weighted(x_i: Vi<1>, y_j: Vj<1>, w_j: Vj<1>) -> Vi<1> { LogSumExp_j(x_i + y_j, w_j) }

    pub fn softmax(x_i: Vi<1>, y_j: Vj<1>, w_j: Vj<1>) -> Vi<1> { SumSoftMaxWeight_j(x_i + y_j, w_j) }

    pub fn sums(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<1>, Vi<1>, Vi<1>) {
        let f = x_i * y_j;
        (Sum_j(f), Min_j(f), Max_j(f))
    }

    pub fn masked_by_the_least_number(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<1>, Vi<1>) {
        let f = Where(j < 2 + i, x_i * y_j, -3.4028234e38);
        (SumSoftMaxWeight_j(f, y_j), LogSumExp_j(f))
    }

    pub fn only_masked(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<1>, Vi<1>) {
        let f = Where(j < i, x_i * y_j, -3.4028234e38);
        (SumSoftMaxWeight_j(f, y_j), LogSumExp_j(f))
    }

    pub fn largest_exponents(x_i: Vi<1>, y_j: Vj<1>, v_j: Vj<1>) -> (Vi<1>, Vi<1>) {
        let f = x_i + y_j;
        (LogSumExp_j(f), SumSoftMaxWeight_j(f, v_j))
    }

    #[grad]
    pub fn masked_at_points(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> {
        Sum_j((i != j) * x_i / y_j) + Sum_j(Where(i != j, Log(y_j) * Exp(x_i - y_j), 0))
    }

    pub fn lennard_jones(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> {
        let q = 3.4e-10^2 / SqDist(x_i, y_j);
        q^6 - q^3
    }

    pub fn gravity(x_i: Vi<1>, y_j: Vj<1>, m_i: Vi<1>, m_j: Vj<1>) -> Vi<1> {
        (m_i / 1.989e30) * (m_j / 1.989e30) / SqDist(x_i, y_j)
    }

    pub fn large_factors(x_i: Vi<1>, y_j: Vj<1>, s: Pm<1>) -> (Vi<1>, Vi<1>, Vi<1>) {
        (Sum_j(x_i^2 * y_j), Sum_j(s * s * y_j), Sum_j(1e39 * y_j))
    }
}

formula! {
    pub fn all_other_points(x_i: Vi<2>, x_j: Vj<2>) -> (Vi<4>, Vi<4, usize>) {
        KMin_ArgKMin_j(Where(i == j, Inf, SqDist(x_i, x_j)), 4)
    }
}

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

#[test]
fn ties_go_to_the_lowest_index() {
    // In every place of a vector and of a tile: the first of equals is not always in the first lane.
    for n in [5, 8, 13, 70, 200] {
        for first in 0..5 {
            let mut y = vec![9.0f32; n];
            y[first..].fill(4.0);
            let (values, indices, least, most) = best(&[1.0f32], &y).unwrap();
            assert_eq!(values[0][0], 4.0);
            assert_eq!(least, [first]);
            assert_eq!(
                indices[0],
                [first, first + 1, first + 2].map(|k| if k < n { k } else { k - n }),
                "{n}"
            );
            assert_eq!(most, [0]);
        }
    }
}

/// The first of the smallest and of the largest, by hand, where none is a number ±∞ and 0.
fn extremes_by_hand(x: f64, y: &[f64]) -> (f64, usize, f64, usize) {
    let (mut least, mut most) = ((INF, 0), (-INF, 0));
    for (j, y) in y.iter().enumerate() {
        let f = x * y;
        if f < least.0 {
            least = (f, j);
        }
        if f > most.0 {
            most = (f, j);
        }
    }
    (least.0, least.1, most.0, most.1)
}

/// Few rows, whose columns are in lanes: each lane has a best column, and equal ones in several lanes.
#[test]
fn ties_infinities_and_numbers_that_are_none_in_every_lane() {
    let mut random = Random::new(1);
    // Multiples of 1/2 that tie often, with infinities and NaN, mostly NaN, and mostly +∞, which is no smallest value.
    let kinds: [&[f64]; 4] = [
        &[1.0, 1.5, 2.0, -1.0],
        &[2.0, 2.5, NAN, INF, -INF, -3.0],
        &[NAN, NAN, NAN, NAN, 5.0],
        &[INF, INF, 1.0],
    ];
    for rows in 1..=3 {
        for columns in [1, 2, 3, 4, 5, 7, 8, 9, 63, 64, 65, 127, 255, 257, 1000, 5000] {
            for kind in kinds {
                let y: Vec<f64> = (0..columns).map(|_| *random.pick(kind)).collect();
                let x = [1.0, -2.0, 0.5];
                let (least, first_least, most, first_most) = extremes(&x[..rows], &y).unwrap();
                let y32: Vec<f32> = y.iter().map(|v| *v as f32).collect();
                let x32 = x.map(|v| v as f32);
                let single = extremes(&x32[..rows], &y32).unwrap();
                for row in 0..rows {
                    let by_hand = extremes_by_hand(x[row], &y);
                    assert_eq!(
                        (least[row], first_least[row], most[row], first_most[row]),
                        by_hand,
                        "{kind:?}"
                    );
                    let single =
                        (f64::from(single.0[row]), single.1[row], f64::from(single.2[row]), single.3[row]);
                    assert_eq!(single, by_hand, "{kind:?} in f32, {rows} × {columns}");
                }
                assert_eq!(nearest_pruned(&x[..rows], &y), nearest(&x[..rows], &y), "{kind:?}");
                assert_eq!(nearest_pruned(&x32[..rows], &y32), nearest(&x32[..rows], &y32), "{kind:?}");
            }
        }
    }
}

#[test]
fn zeros_of_both_signs_are_equal() {
    let (_, indices, least, most) = best(&[1f64], &[0.0, -0.0, 0.0, -0.0]).unwrap();
    assert_eq!((indices[0], least[0], most[0]), ([0, 1, 2], 0, 0));
}

#[test]
fn the_slots_are_slow_and_the_coordinates_fast() {
    let y = [[1.0, 6.0], [3.0, 5.0], [2.0, 4.0]];
    let (values, indices) = two_largest_of_vectors(&[[1f64, 1.0]], &y).unwrap();
    assert_eq!(values, [[3.0, 6.0, 2.0, 5.0]]);
    assert_eq!(indices, [[1, 0, 2, 1]]);
}

#[test]
fn missing_values_are_infinite() {
    assert_eq!(three_smallest(&[2.0, -1.0], &[3.0, 1.0]), Ok(vec![[2.0, 6.0, INF], [-3.0, -1.0, INF]]));
    assert_eq!(three_smallest(&[2.0], &[NAN, 1.0, NAN]), Ok(vec![[2.0, INF, INF]]));
}

#[test]
fn not_a_number_is_never_chosen() {
    let (values, indices, least, most) = best(&[1f64], &[NAN, 5.0, NAN, 2.0, 8.0]).unwrap();
    assert_eq!((values[0], indices[0], least[0], most[0]), ([2.0, 5.0, 8.0], [3, 1, 4], 3, 4));
    let (values, indices, least, most) = best(&[NAN], &[1.0, 2.0, 3.0]).unwrap();
    assert_eq!((values[0], indices[0], least[0], most[0]), ([INF; 3], [0; 3], 0, 0));
}

/// The places of infinities that lose are free, as if there were no such points.
#[test]
fn an_infinity_of_the_losing_kind_is_never_chosen() {
    let (values, indices, least, most) = best(&[1f64], &[1.0, INF, INF]).unwrap();
    assert_eq!((values[0], indices[0], least[0], most[0]), ([1.0, INF, INF], [0, 0, 0], 0, 1));
    let (values, indices, least, most) = best(&[1f32], &[f32::INFINITY, 2.0, f32::INFINITY, 1.0]).unwrap();
    assert_eq!((values[0], indices[0], least[0], most[0]), ([1.0, 2.0, f32::INFINITY], [3, 1, 0], 3, 0));
    assert_eq!(extremes(&[1f64], &[NAN, INF]), Ok((vec![INF], vec![0], vec![INF], vec![1])));
    assert_eq!(extremes(&[1f64], &[NAN, -INF]), Ok((vec![-INF], vec![1], vec![-INF], vec![0])));
}

/// As many neighbours as there are points, of which each leaves itself out; and fewer than that.
#[test]
fn a_point_that_is_left_out_leaves_its_place_free() {
    for points in [4, 5, 70] {
        let report = all_other_points::check(&Setup::sizes(points, points));
        assert_eq!((report.undecided, report.tied), (0, 0), "{report:?}");
    }
}

#[test]
fn not_a_number_and_infinities_in_sums() {
    let (sum, min, max) = sums(&[1.0, 2.0], &[1.0, NAN, 3.0]).unwrap();
    assert!(sum.iter().all(|s| s.is_nan()));
    assert_eq!((min, max), (vec![1.0, 2.0], vec![3.0, 6.0]));
    let (sum, min, max) = sums(&[1.0, -1.0], &[1.0, INF]).unwrap();
    assert_eq!((sum, min, max), (vec![INF, -INF], vec![1.0, -INF], vec![INF, -1.0]));
    // ∞ − ∞
    assert!(sums(&[1.0], &[-INF, INF]).unwrap().0[0].is_nan());
}

#[test]
fn log_sums_of_infinities() {
    let two = |y: &[f64]| log_sum(&[0.0], y).unwrap()[0];
    assert_eq!(two(&[-INF, 1.0]), 1.0);
    assert_eq!(two(&[-INF, -INF]), -INF);
    assert_eq!(two(&[1.0, INF]), INF);
    assert_eq!(two(&[-INF, INF]), INF);
    assert!(two(&[1.0, NAN]).is_nan());
    // The first tile may hold nothing, and so may the last.
    for finite in [0, 63, 64, 130] {
        let mut y = vec![-INF; 131];
        y[finite] = -3.0;
        // The exponent goes through powers of 2 and back, with two roundings.
        assert!((two(&y) + 3.0).abs() <= 4.0 * f64::EPSILON, "{finite}");
        let single: Vec<f32> = y.iter().map(|v| *v as f32).collect();
        assert!((log_sum(&[0f32], &single).unwrap()[0] + 3.0).abs() <= 4.0 * f32::EPSILON, "{finite}");
    }
}

#[test]
fn large_finite_numbers_do_not_overflow() {
    let y: Vec<f32> = (0..100).map(|k| 1e30 + k as f32).collect();
    assert_eq!(log_sum(&[1f32], &y), Ok(vec![1e30]));
    assert_eq!(log_sum(&[-88.0f32], &[0.0, -1e30]), Ok(vec![-88.0]));
    let w = vec![0.25f32; 100];
    assert_eq!(softmax(&[1f32], &y, &w), Ok(vec![0.25]));
    assert_eq!(softmax(&[0f32], &[-INF as f32, 7.0], &[1.0, 2.0]), Ok(vec![2.0]));
}

#[test]
fn weights_of_log_sums() {
    // log(2 e⁰ + 3 e⁰) and a weight of no sign; two roundings of numbers below 2, 2.2e-16 each.
    let close = |got: f64, expected: f64| assert!((got - expected).abs() < 1e-15, "{got} {expected}");
    close(weighted(&[0f64], &[0.0, 0.0], &[2.0, 3.0]).unwrap()[0], 5f64.ln());
    close(weighted(&[0f64], &[0.0, 0.0], &[2.0, -1.0]).unwrap()[0], 0.0);
    assert!(weighted(&[0f64], &[0.0, 0.0], &[1.0, -2.0]).unwrap()[0].is_nan());
    assert_eq!(weighted(&[0f64], &[-INF, -INF], &[1.0, 1.0]), Ok(vec![-INF]));
}

#[test]
fn constants_far_from_one_are_no_zeros_and_infinities() {
    // Two atoms at 3.5 Å, in metres: q = (34/35)².
    let q = (34f64 / 35.0).powi(2);
    let force = lennard_jones(&[0f32], &[3.5e-10]).unwrap()[0];
    assert_relative_eq!(f64::from(force), q.powi(6) - q.powi(3), max_relative = 1e-5);
    // Two suns, two units apart.
    let sun = [1.989e30f32];
    assert_relative_eq!(gravity(&[0.0], &[2.0], &sun, &sun).unwrap()[0], 0.25, max_relative = 1e-6);
}

#[test]
fn a_sum_over_nothing_is_zero_whatever_its_factors() {
    assert_eq!(
        large_factors(&[1e20f32, f32::NAN], &[0.0; 0], 1e30),
        Ok((vec![0.0; 2], vec![0.0; 2], vec![0.0; 2]))
    );
}

#[test]
fn masks_leave_out_what_is_infinite_at_a_point() {
    // Of 0 the quotient and the logarithm are infinite; at i = j = 0 they do not count, for rows of either side.
    let (x, y) = ([2f64], [0.0]);
    assert_eq!(masked_at_points(&x, &y), Ok(vec![0.0]));
    assert_eq!(masked_at_points::grad_x_i(&x, &y, &[1.0]), Ok(vec![0.0]));
    assert_eq!(masked_at_points::grad_y_j(&x, &y, &[1.0]), Ok(vec![0.0]));
    // Row 0 has 2/1 and log 1; row 1 the infinite terms of column 0, of either sign.
    let two = masked_at_points(&[2f64, 1.0], &[0.0, 1.0]).unwrap();
    assert!(two[0] == 2.0 && two[1].is_nan(), "{two:?}");
}

#[test]
fn masks_of_finite_numbers_stay_finite() {
    // Rows with some columns left out: the mean of the others.
    let (means, logarithms) = masked_by_the_least_number(&[0f32, 0.0, 0.0], &[1.0, 2.0, 3.0, 4.0]).unwrap();
    assert_eq!(means, [1.5, 2.0, 2.5]);
    assert_relative_eq!(logarithms[0], 2f32.ln(), max_relative = 1e-6);
    let all = only_masked(&[0f32], &[1.0, 3.0]).unwrap();
    assert_eq!(all.0, [2.0]);
    // To the rounding of the exponent's factor and of the product.
    assert_relative_eq!(all.1[0], -f32::MAX, max_relative = 2.0 * f32::EPSILON);
}

#[test]
fn the_largest_finite_exponents_are_not_infinite() {
    // Few rows, a block of them, several.
    for rows in [1, 2, 5, 40] {
        for (y, mean) in [
            ([f32::MAX, 0.0], 1.0),
            ([f32::MAX; 2], 2.0),
            ([f32::MIN; 2], 2.0),
            ([f32::MIN, -INF as f32], 1.0),
        ] {
            let (logarithm, soft) = largest_exponents(&vec![0f32; rows], &y, &[1.0, 3.0]).unwrap();
            assert_relative_eq!(logarithm[rows - 1], y[0], max_relative = 2.0 * f32::EPSILON);
            assert_eq!(soft, vec![mean; rows], "{y:?}");
        }
        for (y, mean) in [([f64::MAX, 0.0], 1.0), ([f64::MIN; 2], 2.0)] {
            let (logarithm, soft) = largest_exponents(&vec![0f64; rows], &y, &[1.0, 3.0]).unwrap();
            assert_relative_eq!(logarithm[rows - 1], y[0], max_relative = 2.0 * f64::EPSILON);
            assert_eq!(soft, vec![mean; rows], "{y:?}");
        }
    }
}
