//! The scheduler with a kernel that counts: every pair is visited once, whatever the sizes.

use super::accumulate::Machine;
use super::{Columns, Kernel, Layout, Out, run, transpose};
use crate::options::Options;
use crate::points::{Index, Pairs};
use crate::reduction::accumulator::{Accumulator, Kind};
use crate::reduction::sum;
use crate::simd::{Level, Rows};

/// Σ_j (x_i + 1000 y_j), with 1000 y hoisted to the columns, and x_i itself.
struct Count<'a> {
    x: &'a [f64],
    y: &'a [f64],
}

impl Kernel<f64> for Count<'_> {
    const LAYOUT: Layout = Layout {
        row_inputs: 1,
        row_hoisted: 0,
        column_inputs: 1,
        column_hoisted: 1,
        column_read: 0,
        accumulators: &[Accumulator { kind: Kind::Sum, dim: 1 }],
        outputs: 2,
        cuts: 0,
        wide: true,
        columns_in_lanes: true,
        cost: 40,
    };

    fn read_rows(&self, first: usize, lanes: usize, bank: &mut [f64]) {
        transpose(self.x, 1, first, lanes, bank);
    }
    fn hoist_rows<P: Rows<Elem = f64>>(&self, _: P::Token, _: &mut [f64], _: usize) {}
    fn read_columns(&self, first: usize, lanes: usize, bank: &mut [f64]) {
        transpose(self.y, 1, first, lanes, bank);
    }
    #[inline(always)]
    fn hoist_columns<P: Rows<Elem = f64>>(&self, token: P::Token, bank: &mut [f64], stride: usize) {
        let y = P::load(token, bank);
        y.mul(y.set(1000.0)).store(&mut bank[stride..]);
    }
    #[inline(always)]
    fn update<P: Rows<Elem = f64>, const IN_LANES: bool>(
        &self,
        token: P::Token,
        bank: &[f64],
        columns: Columns<'_, f64, IN_LANES>,
        _: &mut [P],
        state: &mut [f64],
    ) {
        let mut tile = P::splat(token, 0.0);
        for j in 0..columns.steps::<P>() {
            tile = tile.add(P::load(token, bank)).add(columns.hoisted(token, j, 0));
        }
        sum::update(token, state, P::LANES, tile);
    }
    #[inline(always)]
    fn finish<P: Rows<Elem = f64>>(
        &self,
        token: P::Token,
        bank: &[f64],
        state: &[f64],
        outputs: &mut [f64],
        stride: usize,
    ) {
        sum::value::<P>(token, state, stride).store(outputs);
        P::load(token, bank).store(&mut outputs[stride..]);
    }
}

fn all_pairs(rows_i: usize, rows_j: usize) -> Pairs<'static> {
    Pairs { rows_i, rows_j, results: rows_i, before: 0, options: Options::new() }
}

#[test]
fn every_pair_is_visited_once() {
    for (m, n) in [(0, 5), (1, 0), (1, 1), (1, 5000), (7, 65), (64, 64), (65, 3000), (3000, 3), (513, 129)] {
        let x: Vec<f64> = (0..m).map(f64::from).collect();
        let y: Vec<f64> = (0..n).map(|j| f64::from(j % 7)).collect();
        let kernel = Count { x: &x, y: &y };
        let (mut sums, mut total) = (vec![-1.0; x.len()], [0.0]);
        let outputs = &mut [Out::Rows { rows: &mut sums, dim: 1 }, Out::Total { sum: &mut total }];
        run(&kernel, all_pairs(x.len(), y.len()), Index::I, outputs).expect("nobody ends it");
        let by_hand: f64 = y.iter().map(|y| 1000.0 * y).sum();
        for (sum, x) in sums.iter().zip(&x) {
            assert_eq!(*sum, x * f64::from(n) + by_hand, "{m} rows, {n} columns");
        }
        // The second output of the kernel is the row itself, summed over the rows.
        assert_eq!(total[0], x.iter().sum::<f64>(), "{m} rows, {n} columns");
    }
}

#[test]
fn the_number_of_threads_does_not_change_a_bit() {
    let x: Vec<f64> = (0..300).map(|i| f64::from(i).sin()).collect();
    let y: Vec<f64> = (0..9000).map(|j| f64::from(j).cos()).collect();
    let kernel = Count { x: &x, y: &y };
    let results: Vec<Vec<f64>> = [1, 2, 8]
        .into_iter()
        .map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            let (mut sums, mut total) = (vec![0.0; x.len()], [0.0]);
            pool.install(|| {
                let outputs = &mut [Out::Rows { rows: &mut sums, dim: 1 }, Out::Total { sum: &mut total }];
                run(&kernel, all_pairs(x.len(), y.len()), Index::I, outputs).expect("nobody ends it");
            });
            sums.push(total[0]);
            sums
        })
        .collect();
    assert!(results.iter().all(|r| *r == results[0]));
}

#[test]
fn few_rows_are_taken_by_a_narrower_set() {
    let kernel = Count { x: &[], y: &[] };
    let most = Machine::<f64>::new(&kernel, Level::detect()).lanes;
    for rows in 1..=2 * most {
        let lanes = Machine::<f64>::of_rows(&kernel, rows).lanes;
        // A vector of 128 bits holds two numbers, two vectors of 256 bits hold eight.
        let expected = match rows {
            1 => most.min(2),
            ..=8 => most.min(8),
            _ => most,
        };
        assert_eq!(lanes, expected, "{rows} rows");
    }
}
