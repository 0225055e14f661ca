//! Few rows, many columns.

use keops_workloads::clock::{Times, thread_seconds};
use keops_workloads::cloud::Cloud;
use keops_workloads::{formulas, naive};
use rayon::ThreadPoolBuilder;
use std::fmt::Write;
use std::hint::black_box;

const COLUMNS: usize = 1_000_000;
const ROUNDS: usize = 7;

type Data = Cloud<f32, 3, 1>;

/// A formula, and the same by hand.
struct Job {
    name: &'static str,
    ours: fn(&Data),
    by_hand: fn(&Data),
}

const AGREE: &str = "sizes that agree";

const JOBS: [Job; 3] = [
    Job {
        name: "Gaussian sum",
        ours: |c| drop(black_box(formulas::gaussian(&c.x, &c.y, &c.b, c.s[0]).expect(AGREE))),
        by_hand: |c| drop(black_box(naive::gaussian(&c.x, &c.y, &c.b, c.s[0]))),
    },
    Job {
        name: "nearest",
        ours: |c| drop(black_box(formulas::nearest(&c.x, &c.y).expect(AGREE))),
        by_hand: |c| drop(black_box(naive::nearest(&c.x, &c.y))),
    },
    Job {
        name: "log-sum-exp",
        ours: |c| drop(black_box(formulas::log_sum_exp(&c.x, &c.y, c.s[0]).expect(AGREE))),
        by_hand: |c| drop(black_box(naive::log_sum_exp(&c.x, &c.y, c.s[0]))),
    },
];

pub(crate) fn table() -> String {
    let mut text = format!(
        "## Few rows\n\n\
         M rows with {COLUMNS} columns, one thread: nanoseconds of CPU a column (and how much faster than by hand). A block \
         of\nrows is two vectors, of which a few rows fill a part: they cost as much as a whole block,\n\
         of AVX2 where it holds them all. For one row and two, lanes are columns.\n\n\
         | M | {} |\n|---:|{}\n",
        JOBS.map(|job| job.name).join(" | "),
        "---:|".repeat(JOBS.len())
    );
    let pool = ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread");
    for rows in [1, 2, 3, 4, 8, 16, 32, 64] {
        let cloud = Data::new(rows, COLUMNS, &[1.0]);
        let cells = pool.install(|| JOBS.map(|job| cell(&job, &cloud)));
        // Writing to a string does not fail.
        let _ = writeln!(text, "| {rows} | {} |", cells.join(" | "));
    }
    text
}

fn cell(job: &Job, cloud: &Data) -> String {
    let (mut ours, mut by_hand) = (Times::default(), Times::default());
    // By hand the time grows with the rows: a few rounds will do.
    let rounds_by_hand = if cloud.x.len() > 8 { 2 } else { ROUNDS };
    for round in 0..ROUNDS {
        ours.push(thread_seconds(|| (job.ours)(cloud)).0);
        if round < rounds_by_hand {
            by_hand.push(thread_seconds(|| (job.by_hand)(cloud)).0);
        }
    }
    let (ours, by_hand) = (ours.least().unwrap_or(f64::NAN), by_hand.least().unwrap_or(f64::NAN));
    format!("{:.2} ({:.1}×)", 1e9 * ours / COLUMNS as f64, by_hand / ours)
}
