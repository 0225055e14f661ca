//! Calls with so few pairs that what a call costs matters.

use keops_workloads::clock::{Times, thread_seconds};
use keops_workloads::cloud::Cloud;
use keops_workloads::{formulas, naive};
use std::fmt::Write;
use std::hint::black_box;

const CALLS: usize = 2000;
const ROUNDS: usize = 15;

pub(crate) fn table() -> String {
    let mut text = String::from(
        "## Tiny calls\n\nGaussian sums that stay on the calling thread: microseconds of CPU a call.\n\n\
         | M × N | a call | by hand | faster |\n|---|---:|---:|---:|\n",
    );
    for (m, n) in [(1, 1), (10, 10), (50, 30), (100, 100), (200, 200)] {
        let c = Cloud::<f32, 3, 1>::new(m, n, &[1.0]);
        let (mut ours, mut by_hand) = (Times::default(), Times::default());
        for _ in 0..ROUNDS {
            ours.push(many(|| drop(black_box(formulas::gaussian(&c.x, &c.y, &c.b, c.s[0])))));
            by_hand.push(many(|| drop(black_box(naive::gaussian(&c.x, &c.y, &c.b, c.s[0])))));
        }
        let (ours, by_hand) = (ours.least().unwrap_or(f64::NAN), by_hand.least().unwrap_or(f64::NAN));
        let _ = writeln!(text, "| {m} × {n} | {ours:.2} | {by_hand:.2} | {:.1}× |", by_hand / ours);
    }
    text
}

/// Microseconds of CPU of one of many calls.
fn many(call: impl Fn()) -> f64 {
    1e6 * thread_seconds(|| (0..CALLS).for_each(|_| call())).0 / CALLS as f64
}
