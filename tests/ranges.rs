//! Calls in which some pairs count: compared with calls of all pairs, of the points that each range of rows has pairs with.

use approx::assert_relative_eq;
use keops::{Error, Options, Ranges, keops};
use keops_reference::random::quarters;
use std::ops::{ControlFlow, Range};
use std::sync::Mutex;

keops! {
    #[grad]
    fn gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, s: Pm<1>) -> Vi<2> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    fn over_i(x_i: Vi<3>, y_j: Vj<3>) -> (Vj<1>, Vj<3>) { (Max_i(x_i | y_j), Sum_i(x_i) - y_j) }

    fn nearest(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1>, Vi<1, usize>) { Min_ArgMin_j(SqDist(x_i, y_j)) }

    #[prune]
    fn pruned(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1>, Vi<1, usize>) { Min_ArgMin_j(SqDist(x_i, y_j)) }

    fn two_values(x_i: Vi<3>, y_j: Vj<3>) -> Vi<2> { KMin_j(SqDist(x_i, y_j), 2) }

    fn two_nearest(x_i: Vi<3>, y_j: Vj<3>) -> Vi<2, usize> { ArgKMin_j(SqDist(x_i, y_j), 2) }

    #[grad(x_i, y_j)]
    fn attention(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>) -> Vi<2> { SumSoftMaxWeight_j(x_i | y_j, b_j) }

    #[grad]
    fn log_sum(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { LogSumExp_j(-SqDist(x_i, y_j)) }

    fn energy(x_i: Vi<3>, y_j: Vj<3>) -> Pm<1> { Sum_ij(x_i | y_j) }

    fn numbers(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { Sum_j(i * 1000 + j) }

    fn mean(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3> { Mean_j(x_i - y_j) }

    #[grad]
    fn weighted(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>) -> Vi<2> {
        Sum_j(Exp(-SqDist(x_i, y_j)) * b_j) / Sum_j(Exp(-SqDist(x_i, y_j)))
    }

    #[grad(x_i, y_j, b_j)]
    fn masked(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, m_i: Vi<50>) -> Vi<2> {
        let kernel = (m_i | OneHot(j, 50)) * Exp(-SqDist(x_i, y_j));
        Sum_j(kernel * b_j) / Sum_j(kernel)
    }

    #[grad]
    fn mean_and_least(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { Mean_j(x_i | y_j) * Min_j(SqDist(x_i, y_j)) }

    fn quotients(x_i: Vi<1>, y_j: Vj<1>, s: Pm<1>) -> (Vi<1>, Vi<1>, Vi<1>) {
        (Sum_j(y_j / x_i), Sum_j(y_j / s), Sum_j(y_j * Log(x_i)))
    }

    #[instances(D = 1..=3)]
    fn of_dimension<const D: usize>(x_i: Vi<D>, y_j: Vj<D>) -> Vi<1> { Sum_j(x_i | y_j) }
}

fn two(of: &[[f64; 3]]) -> Vec<[f64; 2]> {
    of.iter().map(|p| [p[0], p[1]]).collect()
}

/// Ranges over 700 points i and 500 points j: none, all, one pair, batches, blocks of all sizes, rows without pairs.
fn several() -> Vec<Ranges> {
    let sizes = |count: usize, of: usize| vec![of / count; count];
    let clusters = |ends: &[usize]| -> Vec<Range<usize>> { ends.windows(2).map(|e| e[0]..e[1]).collect() };
    let (rows, columns) =
        (clusters(&[0, 1, 60, 64, 65, 400, 690]), clusters(&[0, 63, 64, 129, 130, 131, 450, 500]));
    vec![
        Ranges::default(),
        Ranges::new([(0..700, 0..500)]),
        Ranges::new([(699..700, 499..500)]),
        Ranges::new([(3..40, 10..11), (300..301, 0..500), (20..500, 77..230), (499..700, 20..90)]),
        Ranges::batch(&sizes(5, 700), &sizes(5, 500)),
        Ranges::batch(&sizes(100, 700), &sizes(100, 500)),
        Ranges::matrix(&rows, &columns, |a, b| (a + b) % 3 != 0),
        Ranges::matrix(&rows, &columns, |a, b| a == 4 && b >= 2),
    ]
}

/// The results of all rows: of those of a range from the columns that they have pairs with, of others from none.
fn by_range<'a, R>(
    blocks: impl Iterator<Item = (Range<usize>, &'a [Range<usize>])>,
    rows: usize,
    mut each: impl FnMut(Range<usize>, &[usize]) -> Vec<R>,
) -> Vec<R> {
    let (mut results, mut end) = (vec![], 0);
    for (range, columns) in blocks.chain([(rows..rows, &[][..])]) {
        results.extend(each(end..range.start, &[]));
        end = range.end;
        results.extend(each(range, &columns.iter().cloned().flatten().collect::<Vec<usize>>()));
    }
    results
}

fn at<T: Copy>(points: &[T], which: &[usize]) -> Vec<T> {
    which.iter().map(|n| points[*n]).collect()
}

#[test]
fn sums_and_extrema_over_either_index() -> Result<(), Error> {
    let (x, y) = (quarters::<3>(700, 1), quarters::<3>(500, 2));
    for ranges in several() {
        let (largest, sums) = over_i::with(&ranges, &x, &y)?;
        let wanted = by_range(ranges.by_j(), 500, |rows, columns| {
            let (largest, sums) = over_i(&at(&x, columns), &y[rows]).unwrap();
            largest.into_iter().zip(sums).collect()
        });
        assert_eq!(largest.into_iter().zip(sums).collect::<Vec<_>>(), wanted, "{ranges:?}");

        let values = two_values::with(&ranges, &x, &y)?;
        let wanted =
            by_range(ranges.by_i(), 700, |rows, columns| two_values(&x[rows], &at(&y, columns)).unwrap());
        assert_eq!(values, wanted, "{ranges:?}");
    }
    Ok(())
}

#[test]
fn sums_over_ranges_round_like_others() -> Result<(), Error> {
    let (x, y) = (quarters::<3>(700, 1), quarters::<3>(500, 2));
    let (b, s) = (two(&quarters::<3>(500, 3)), 1.5);
    for ranges in several() {
        let sums = gaussian::with(&ranges, &x, &y, &b, s)?;
        let wanted = by_range(ranges.by_i(), 700, |rows, columns| {
            gaussian(&x[rows], &at(&y, columns), &at(&b, columns), s).unwrap()
        });
        // Tiles end elsewhere, so sums round differently: some units of the last place of the largest terms, 2.
        for (sum, wanted) in sums.as_flattened().iter().zip(wanted.as_flattened()) {
            assert_relative_eq!(sum, wanted, epsilon = 1e-13, max_relative = 1e-13);
        }
        let narrow =
            |points: &[[f64; 3]]| -> Vec<[f32; 3]> { points.iter().map(|p| p.map(|x| x as f32)).collect() };
        let b: Vec<[f32; 2]> = b.iter().map(|b| b.map(|x| x as f32)).collect();
        let single = gaussian::with(&ranges, &narrow(&x), &narrow(&y), &b, s as f32)?;
        for (sum, wanted) in single.as_flattened().iter().zip(wanted.as_flattened()) {
            // 500 terms of at most 2, each right to 1e-7.
            assert_relative_eq!(f64::from(*sum), *wanted, epsilon = 1e-4);
        }
    }
    Ok(())
}

#[test]
fn indices_are_those_of_all_points() -> Result<(), Error> {
    let (x, y) = (quarters::<3>(700, 1), quarters::<3>(500, 2));
    let mut checked = 0;
    for ranges in several() {
        let uncovered = by_range(ranges.by_i(), 700, |rows, columns| {
            vec![(); if columns.is_empty() { rows.len() } else { 0 }]
        });
        let got = nearest::with(&ranges, &x, &y);
        if !uncovered.is_empty() {
            assert!(matches!(got, Err(Error::RowOfRanges { wanted: 1, columns: 0, .. })), "{got:?}");
            continue;
        }
        checked += 1;
        let wanted = by_range(ranges.by_i(), 700, |rows, columns| {
            let (values, indices) = nearest(&x[rows], &at(&y, columns)).unwrap();
            values.into_iter().zip(indices.into_iter().map(|c| columns[c])).collect()
        });
        let (values, indices) = got?;
        assert_eq!(values.into_iter().zip(indices).collect::<Vec<_>>(), wanted);
        assert_eq!(pruned::with(&ranges, &x, &y)?, nearest::with(&ranges, &x, &y)?);
    }
    assert_eq!(checked, 3);
    Ok(())
}

#[test]
fn gradients_visit_the_same_pairs() -> Result<(), Error> {
    let (x, y) = (quarters::<3>(700, 1), quarters::<3>(500, 2));
    let (b, e, s) = (two(&quarters::<3>(500, 3)), two(&quarters::<3>(700, 4)), 1.5);
    let close = |got: &[f64], wanted: &[f64]| {
        for (g, w) in got.iter().zip(wanted) {
            // Sums of up to 700 products of a few units.
            assert_relative_eq!(g, w, epsilon = 1e-11, max_relative = 1e-12);
        }
        assert_eq!(got.len(), wanted.len());
    };
    for ranges in several() {
        let of_x = gaussian::grad_x_i::with(&ranges, &x, &y, &b, s, &e)?;
        let wanted = by_range(ranges.by_i(), 700, |rows, columns| {
            gaussian::grad_x_i(&x[rows.clone()], &at(&y, columns), &at(&b, columns), s, &e[rows]).unwrap()
        });
        close(of_x.as_flattened(), wanted.as_flattened());
        let of_y = gaussian::grad_y_j::with(&ranges, &x, &y, &b, s, &e)?;
        let wanted = by_range(ranges.by_j(), 500, |rows, columns| {
            gaussian::grad_y_j(&at(&x, columns), &y[rows.clone()], &b[rows], s, &at(&e, columns)).unwrap()
        });
        close(of_y.as_flattened(), wanted.as_flattened());
        let of_s = gaussian::grad_s::with(&ranges, &x, &y, &b, s, &e)?;
        let parts = by_range(ranges.by_i(), 700, |rows, columns| {
            vec![gaussian::grad_s(&x[rows.clone()], &at(&y, columns), &at(&b, columns), s, &e[rows]).unwrap()]
        });
        close(&[of_s], &[parts.iter().sum()]);
    }
    Ok(())
}

#[test]
fn gradients_of_several_passes() -> Result<(), Error> {
    let (x, y) = (quarters::<3>(60, 1), quarters::<3>(50, 2));
    let (b, e) = (two(&quarters::<3>(50, 3)), two(&quarters::<3>(60, 4)));
    let ranges = Ranges::new([(0..13, 4..50), (13..60, 0..30)]);
    let h = 1e-5;
    let moved = |points: &[[f64; 3]], n: usize, by: f64| {
        let mut moved = points.to_vec();
        moved[n][1] += by;
        moved
    };
    let value = |x: &[[f64; 3]], y: &[[f64; 3]]| -> f64 {
        let values = attention::with(&ranges, x, y, &b).unwrap();
        let logs = log_sum::with(&ranges, x, y).unwrap();
        let of_attention: f64 = values.as_flattened().iter().zip(e.as_flattened()).map(|(v, e)| v * e).sum();
        of_attention + logs.iter().zip(&e).map(|(v, e)| v * e[0]).sum::<f64>()
    };
    let e_0: Vec<f64> = e.iter().map(|e| e[0]).collect();
    let of_x = attention::grad_x_i::with(&ranges, &x, &y, &b, &e)?;
    let more_of_x = log_sum::grad_x_i::with(&ranges, &x, &y, &e_0)?;
    let of_y = attention::grad_y_j::with(&ranges, &x, &y, &b, &e)?;
    let more_of_y = log_sum::grad_y_j::with(&ranges, &x, &y, &e_0)?;
    for n in [0, 12, 13, 40] {
        let slope = (value(&moved(&x, n, h), &y) - value(&moved(&x, n, -h), &y)) / (2.0 * h);
        // The error of the difference is h² times a third derivative of some hundreds.
        assert_relative_eq!(of_x[n][1] + more_of_x[n][1], slope, epsilon = 1e-6, max_relative = 1e-6);
        let slope = (value(&x, &moved(&y, n, h)) - value(&x, &moved(&y, n, -h))) / (2.0 * h);
        assert_relative_eq!(of_y[n][1] + more_of_y[n][1], slope, epsilon = 1e-6, max_relative = 1e-6);
    }
    Ok(())
}

#[test]
fn totals_numbers_means_and_dimensions() -> Result<(), Error> {
    let (x, y) = (quarters::<3>(700, 1), quarters::<3>(500, 2));
    for ranges in several() {
        let parts =
            by_range(ranges.by_i(), 700, |rows, columns| vec![energy(&x[rows], &at(&y, columns)).unwrap()]);
        assert_eq!(energy::with(&ranges, &x, &y)?, parts.iter().sum::<f64>());
        let wanted = by_range(ranges.by_i(), 700, |rows, columns| {
            rows.map(|i| columns.iter().map(|j| (i * 1000 + j) as f64).sum::<f64>()).collect()
        });
        assert_eq!(numbers::with(&ranges, &x, &y)?, wanted);
        let of_two = of_dimension::with(&ranges, &two(&x), &two(&y))?;
        let wanted = by_range(ranges.by_i(), 700, |rows, columns| {
            of_dimension(&two(&x[rows]), &two(&at(&y, columns))).unwrap()
        });
        assert_eq!(of_two, wanted);
    }
    let parts = Ranges::new([(0..350, 0..250), (350..700, 250..500), (600..700, 3..7)]);
    let wanted = by_range(parts.by_i(), 700, |rows, columns| match columns.is_empty() {
        true => vec![],
        false => mean(&x[rows], &at(&y, columns)).unwrap(),
    });
    assert_eq!(mean::with(&parts, &x, &y)?, wanted);
    let empty = mean::with(&Ranges::new([(0..350, 0..250)]), &x, &y);
    assert!(matches!(empty, Err(Error::RowOfRanges { wanted: 1, row: 350, columns: 0, .. })), "{empty:?}");
    Ok(())
}

#[test]
fn gradients_of_quotients_of_sums_and_of_means() -> Result<(), Error> {
    let (x, y) = (quarters::<3>(60, 1), quarters::<3>(50, 2));
    let (b, e) = (two(&quarters::<3>(50, 3)), two(&quarters::<3>(60, 4)));
    let close = |got: &[f64], wanted: &[f64]| {
        assert_eq!(got.len(), wanted.len());
        for (g, w) in got.iter().zip(wanted) {
            // Sums of up to 60 products of a few units, divided by sums of which the least is 10⁻³.
            assert_relative_eq!(g, w, epsilon = 1e-9, max_relative = 1e-9);
        }
    };
    let several = [
        Ranges::new([(0..60, 0..50)]),
        Ranges::new([(0..13, 4..50), (13..60, 0..30)]),
        Ranges::batch(&[7, 23, 30], &[20, 3, 27]),
        // The first rows have no pairs.
        Ranges::new([(10..40, 0..20), (20..60, 25..50)]),
    ];
    for ranges in several {
        let mask: Vec<[f64; 50]> = by_range(ranges.by_i(), 60, |rows, columns| {
            let mut row = [0.0; 50];
            columns.iter().for_each(|j| row[*j] = 1.0);
            vec![row; rows.len()]
        });
        // What has no pairs would be 0 / 0.
        let first = mask.iter().position(|row| row.iter().any(|m| *m > 0.0)).unwrap();
        let (some, mask, of_some) = (&x[first..], &mask[first..], &e[first..]);
        let got = weighted::grad_x_i::with(&ranges, &x, &y, &b, &e)?;
        assert!(got[..first].iter().all(|row| *row == [0.0; 3]), "{got:?}");
        close(got[first..].as_flattened(), masked::grad_x_i(some, &y, &b, mask, of_some)?.as_flattened());
        let got = weighted::grad_y_j::with(&ranges, &x, &y, &b, &e)?;
        close(got.as_flattened(), masked::grad_y_j(some, &y, &b, mask, of_some)?.as_flattened());
        let got = weighted::grad_b_j::with(&ranges, &x, &y, &b, &e)?;
        close(got.as_flattened(), masked::grad_b_j(some, &y, &b, mask, of_some)?.as_flattened());
    }

    let (ranges, seeds) = (Ranges::batch(&[7, 23, 30], &[20, 3, 27]), vec![1.5; 60]);
    let of_x = mean_and_least::grad_x_i::with(&ranges, &x, &y, &seeds)?;
    let wanted = by_range(ranges.by_i(), 60, |rows, columns| {
        mean_and_least::grad_x_i(&x[rows.clone()], &at(&y, columns), &seeds[rows]).unwrap()
    });
    close(of_x.as_flattened(), wanted.as_flattened());
    let of_y = mean_and_least::grad_y_j::with(&ranges, &x, &y, &seeds)?;
    let wanted = by_range(ranges.by_j(), 50, |rows, columns| {
        mean_and_least::grad_y_j(&at(&x, columns), &y[rows], &at(&seeds, columns)).unwrap()
    });
    close(of_y.as_flattened(), wanted.as_flattened());
    Ok(())
}

#[test]
fn sums_over_no_pairs_are_zero_whatever_their_factors() -> Result<(), Error> {
    let x = [0.0, 2.0, -1.0, 0.0];
    assert_eq!(quotients(&x, &[] as &[f64], 0.0)?, (vec![0.0; 4], vec![0.0; 4], vec![0.0; 4]));
    // The last two rows have no pairs.
    let (of_x, of_s, of_log) = quotients::with(&Ranges::new([(0..2, 0..2)]), &x, &[1.0, 2.0], 0.0)?;
    assert_eq!(of_x, [f64::INFINITY, 1.5, 0.0, 0.0]);
    assert_eq!(of_s, [f64::INFINITY, f64::INFINITY, 0.0, 0.0]);
    assert_eq!((of_log[0], &of_log[2..]), (f64::NEG_INFINITY, &[0.0, 0.0][..]));
    Ok(())
}

#[test]
fn all_pairs_as_a_range_give_the_same_bits() -> Result<(), Error> {
    let (x, y) = (quarters::<3>(700, 1), quarters::<3>(5000, 2));
    let b = two(&quarters::<3>(5000, 3));
    let all = Ranges::new([(0..700, 0..5000)]);
    assert_eq!(gaussian::with(&all, &x, &y, &b, 0.7)?, gaussian(&x, &y, &b, 0.7)?);
    assert_eq!(gaussian::with(Options::new(), &x, &y, &b, 0.7)?, gaussian(&x, &y, &b, 0.7)?);
    Ok(())
}

/// Blocks of one or two rows are computed otherwise: with columns in the lanes.
#[test]
fn blocks_of_few_rows() -> Result<(), Error> {
    let (x, y) = (quarters::<3>(5, 1), quarters::<3>(500, 2));
    for ranges in [
        Ranges::new([(0..1, 3..4), (1..3, 0..130), (1..3, 131..133), (3..5, 400..500)]),
        Ranges::new([(0..1, 0..3), (1..2, 77..500), (2..3, 1..2), (3..4, 60..70), (4..5, 499..500)]),
        Ranges::batch(&[1, 2, 1, 1], &[250, 200, 49, 1]),
    ] {
        let (values, indices) = nearest::with(&ranges, &x, &y)?;
        let wanted = by_range(ranges.by_i(), 5, |rows, columns| {
            let (values, indices) = nearest(&x[rows], &at(&y, columns)).unwrap();
            values.into_iter().zip(indices.into_iter().map(|c| columns[c])).collect()
        });
        assert_eq!(values.into_iter().zip(indices).collect::<Vec<_>>(), wanted, "{ranges:?}");
        assert_eq!(pruned::with(&ranges, &x, &y)?, nearest::with(&ranges, &x, &y)?);
        let wanted = by_range(ranges.by_i(), 5, |rows, columns| {
            rows.map(|i| columns.iter().map(|j| (i * 1000 + j) as f64).sum::<f64>()).collect()
        });
        assert_eq!(numbers::with(&ranges, &x, &y)?, wanted);
        // Single precision has two rows in such blocks, double precision one.
        let narrow =
            |points: &[[f64; 3]]| -> Vec<[f32; 3]> { points.iter().map(|p| p.map(|x| x as f32)).collect() };
        let wide: Vec<f64> =
            numbers::with(&ranges, &narrow(&x), &narrow(&y))?.into_iter().map(f64::from).collect();
        assert_eq!(wide, wanted, "whole numbers below 2²⁴");
    }
    Ok(())
}

#[test]
fn threads_do_not_change_bits() {
    let (x, y) = (quarters::<3>(3000, 1), quarters::<3>(40_000, 2));
    let b = two(&quarters::<3>(40_000, 3));
    let ranges = Ranges::new([
        (0..2, 0..40_000),
        (2..1500, 100..900),
        (1400..2900, 3000..3600),
        (2950..2990, 0..30_000),
    ]);
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| gaussian::with(&ranges, &x, &y, &b, 0.7).unwrap())
    };
    let one = with(1);
    assert_eq!(with(3), one);
    assert_eq!(with(7), one);
}

#[test]
fn ranges_that_do_not_fit_are_errors() {
    let (x, y) = (quarters::<3>(7, 1), quarters::<3>(5, 2));
    let told = |ranges: &Ranges| nearest::with(ranges, &x, &y).unwrap_err().to_string();
    assert_eq!(
        told(&Ranges::new([(0..8, 0..5)])),
        "the ranges reach to point 8, `x_i` has 7: end them where the points end"
    );
    assert_eq!(
        told(&Ranges::new([(0..7, 2..6)])),
        "the ranges reach to point 6, `y_j` has 5: end them where the points end"
    );
    assert_eq!(
        told(&Ranges::new([(0..3, 0..5), (4..7, 0..5)])),
        "`ArgMin_j` needs at least 1 to reduce over, row 3 has 0 in the ranges: give each row as many points"
    );
    let short = two_nearest::with(&Ranges::new([(0..6, 0..5), (6..7, 3..4)]), &x, &y).unwrap_err();
    let reduction = "ArgKMin_j";
    assert_eq!(short, Error::RowOfRanges { reduction, wanted: 2, row: 6, columns: 1 });
}

#[test]
fn progress_grows_to_one_and_can_end_a_call() {
    let (x, y) = (quarters::<3>(3000, 1), quarters::<3>(4000, 2));
    let seen = Mutex::new(vec![]);
    let note = |done: f64| {
        seen.lock().unwrap().push(done);
        ControlFlow::Continue(())
    };
    let sums = over_i::with(Options::new().progress(&note), &x, &y).unwrap();
    assert_eq!(sums, over_i(&x, &y).unwrap());
    let mut parts = std::mem::take(&mut *seen.lock().unwrap());
    // Threads may note out of order.
    parts.sort_by(f64::total_cmp);
    assert!(parts.len() > 3 && parts[0] > 0.0 && parts[0] < 0.5, "{parts:?}");
    assert_eq!(parts.last(), Some(&1.0));

    // One row: the columns are divided.
    let many = quarters::<3>(100_000, 3);
    log_sum::with(Options::new().progress(&note), &x[..1], &many).unwrap();
    assert!(seen.lock().unwrap().len() > 3);
    seen.lock().unwrap().clear();
    pruned::with(Options::new().progress(&note), &x, &y).unwrap();
    assert!(seen.lock().unwrap().len() > 3);

    let calls = Mutex::new(0);
    let stop = |_: f64| {
        *calls.lock().unwrap() += 1;
        ControlFlow::Break(())
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    for call in [true, false] {
        let options = Options::new().progress(&stop);
        let ended = pool.install(|| match call {
            true => over_i::with(options, &x, &y).map(|_| ()),
            false => pruned::with(options, &x, &y).map(|_| ()),
        });
        assert_eq!(ended, Err(Error::Cancelled));
    }
    assert_eq!(*calls.lock().unwrap(), 2, "nothing is computed, and nobody asked, after the end");
}
