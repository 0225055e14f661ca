//! Time against M·N.

use keops_workloads::clock::{Times, process_seconds};
use keops_workloads::cloud::Cloud;
use keops_workloads::formulas;
use std::fmt::Write;
use std::hint::black_box;

const ROUNDS: usize = 5;

/// From what fits the first-level cache to what fits none.
const SIZES: [(usize, usize); 9] = [
    (1_000, 1_000),
    (3_000, 3_000),
    (10_000, 10_000),
    (30_000, 30_000),
    (1_000, 1_000_000),
    (2_000, 1_000_000),
    (1_000_000, 1_000),
    (1_000_000, 2_000),
    (64, 1_000_000),
];

pub(crate) fn table() -> String {
    let mut text = String::from(
        "## Growth\n\nPicoseconds of CPU a pair, summed over threads: the same from a thousand points to a million if nothing \
         but M·N\ncounts.\n\n| M × N | pairs | Gaussian sum | nearest |\n|---|---:|---:|---:|\n",
    );
    for (m, n) in SIZES {
        let c = Cloud::<f32, 3, 1>::new(m, n, &[1.0]);
        let pairs = m as f64 * n as f64;
        // Many calls of few pairs.
        let calls = (2e7 / pairs).ceil().max(1.0) as usize;
        let (mut gaussian, mut nearest) = (Times::default(), Times::default());
        for _ in 0..ROUNDS {
            let sum = || drop(black_box(formulas::gaussian(&c.x, &c.y, &c.b, c.s[0])));
            gaussian.push(process_seconds(|| (0..calls).for_each(|_| sum())).0);
            let search = || drop(black_box(formulas::nearest(&c.x, &c.y)));
            nearest.push(process_seconds(|| (0..calls).for_each(|_| search())).0);
        }
        let cell = |times: Times| 1e12 * times.least().unwrap_or(f64::NAN) / (calls as f64 * pairs);
        let _ = writeln!(text, "| {m} × {n} | {pairs:.0e} | {:.0} | {:.0} |", cell(gaussian), cell(nearest));
    }
    text
}
