//! Every reduction and every scalar function is at least five times as fast as the loop one would write by hand, on one
//! thread.
//!
//! In release builds only: without optimisation both are slow in other ways. Each is timed by the CPU time of its thread,
//! both are run in turn, and the least time of each counts, so that a busy machine disturbs little.

#![cfg(not(debug_assertions))]

use keops::simd::Level;
use keops_workloads::clock::{Times, thread_seconds};
use keops_workloads::cloud::Cloud;
use keops_workloads::naive::squared_distance;
use rayon::ThreadPoolBuilder;
use std::hint::black_box;

#[path = "speed/functions.rs"]
mod functions;

/// A loop compiled without its instruction set, or a call left in it, is below this: see the measured figures of the
/// vector functions, where each such defect costs a factor of ten or more.
const WITH_AVX2: f64 = 5.0;
/// Without, vectors are half as long and multiply-add takes two instructions: never slower than by hand, where five times
/// as fast is wanted with AVX2.
const WITHOUT: f64 = 1.0 / WITH_AVX2;

const ROUNDS: usize = 8;
const K: usize = 5;

/// One formula, as the macro compiles it and by hand; both return numbers that must agree.
struct Race {
    name: String,
    /// How much faster it must be with AVX2.
    wanted: f64,
    ours: Box<dyn Fn() -> Vec<f64> + Send>,
    by_hand: Box<dyn Fn() -> Vec<f64> + Send>,
}

/// For each row: `start`, then `step` with the exponent and the value of each column, then `finish`.
fn by_hand<const D: usize, A: Clone>(
    c: &Cloud<f32, D, 1>,
    start: A,
    step: impl Fn(&mut A, f32, f32, usize),
    finish: impl Fn(A, &mut Vec<f64>),
) -> Vec<f64> {
    let square = c.s[0] * c.s[0];
    let mut all = vec![];
    for x in &c.x {
        let mut state = start.clone();
        for (j, (y, b)) in c.y.iter().zip(&c.b).enumerate() {
            step(&mut state, -squared_distance(x, y) / square, b[0], j);
        }
        finish(state, &mut all);
    }
    all
}

/// Log-sum-exp and soft-max by hand: the largest exponent, the sum, the weighted sum.
fn soft_max(state: &mut (f32, f32, f32), f: f32, b: f32) {
    if f > state.0 {
        let factor = (state.0 - f).exp();
        *state = (f, state.1 * factor, state.2 * factor);
    }
    let weight = (f - state.0).exp();
    state.1 += weight;
    state.2 += weight * b;
}

/// Puts a value in its place among the least.
fn insert(best: &mut [(f32, usize); K], value: f32, j: usize) {
    if value < best[K - 1].0 {
        let mut place = K - 1;
        while place > 0 && value < best[place - 1].0 {
            best[place] = best[place - 1];
            place -= 1;
        }
        best[place] = (value, j);
    }
}

fn wide(values: Vec<f32>) -> Vec<f64> {
    values.into_iter().map(f64::from).collect()
}

fn indices(values: Vec<usize>) -> Vec<f64> {
    values.into_iter().map(|j| j as f64).collect()
}

/// All reductions of a Gaussian in dimension `$dim`, of width `$width`, on `$m` × `$n` points.
macro_rules! races {
    ($module:ident, $dim:tt, $width:literal, $m:literal, $n:literal) => {
        mod $module {
            use super::*;
            use keops::keops;

            keops! {
                fn sum(x_i: Vi<$dim>, y_j: Vj<$dim>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
                    Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
                }
                fn mean(x_i: Vi<$dim>, y_j: Vj<$dim>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
                    Mean_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
                }
                fn log_sum_exp(x_i: Vi<$dim>, y_j: Vj<$dim>, s: Pm<1>) -> Vi<1> {
                    LogSumExp_j(-SqDist(x_i, y_j) / s^2)
                }
                fn soft_max_sum(x_i: Vi<$dim>, y_j: Vj<$dim>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
                    SumSoftMaxWeight_j(-SqDist(x_i, y_j) / s^2, b_j)
                }
                fn max(x_i: Vi<$dim>, y_j: Vj<$dim>, s: Pm<1>) -> Vi<1> {
                    Max_j(Exp(-SqDist(x_i, y_j) / s^2))
                }
                fn min(x_i: Vi<$dim>, y_j: Vj<$dim>, s: Pm<1>) -> Vi<1> {
                    Min_j(Exp(-SqDist(x_i, y_j) / s^2))
                }
                fn arg_min(x_i: Vi<$dim>, y_j: Vj<$dim>, s: Pm<1>) -> Vi<1, usize> {
                    ArgMin_j(Exp(-SqDist(x_i, y_j) / s^2))
                }
                fn k_min(x_i: Vi<$dim>, y_j: Vj<$dim>, s: Pm<1>) -> Vi<5> {
                    KMin_j(Exp(-SqDist(x_i, y_j) / s^2), 5)
                }
                fn arg_k_min(x_i: Vi<$dim>, y_j: Vj<$dim>, s: Pm<1>) -> Vi<5, usize> {
                    ArgKMin_j(Exp(-SqDist(x_i, y_j) / s^2), 5)
                }
            }

            pub(super) fn all() -> Vec<Race> {
                const AGREE: &str = "sizes that agree";
                type Data = Cloud<f32, $dim, 1>;
                let race = |name: &str, ours: fn(&Data) -> Vec<f64>, by_hand: fn(&Data) -> Vec<f64>| {
                    let cloud = Data::new($m, $n, &[$width]);
                    let same = cloud.clone();
                    Race {
                        name: format!("{name}, D = {}", $dim),
                        wanted: WITH_AVX2,
                        ours: Box::new(move || ours(&cloud)),
                        by_hand: Box::new(move || by_hand(&same)),
                    }
                };
                vec![
                    race(
                        "Sum",
                        |c| wide(sum(&c.x, &c.y, &c.b, c.s[0]).expect(AGREE)),
                        |c| by_hand(c, 0.0, |r, f, b, _| *r += f.exp() * b, |r, all| all.push(r.into())),
                    ),
                    race(
                        "Mean",
                        |c| wide(mean(&c.x, &c.y, &c.b, c.s[0]).expect(AGREE)),
                        |c| {
                            let count = c.y.len() as f32;
                            let finish = |r: f32, all: &mut Vec<f64>| all.push((r / count).into());
                            by_hand(c, 0.0, |r, f, b, _| *r += f.exp() * b, finish)
                        },
                    ),
                    race(
                        "LogSumExp",
                        |c| wide(log_sum_exp(&c.x, &c.y, c.s[0]).expect(AGREE)),
                        |c| {
                            let start = (f32::NEG_INFINITY, 0.0, 0.0);
                            let finish =
                                |r: (f32, f32, f32), all: &mut Vec<f64>| all.push((r.0 + r.1.ln()).into());
                            by_hand(c, start, |r, f, _, _| soft_max(r, f, 0.0), finish)
                        },
                    ),
                    race(
                        "SumSoftMaxWeight",
                        |c| wide(soft_max_sum(&c.x, &c.y, &c.b, c.s[0]).expect(AGREE)),
                        |c| {
                            let start = (f32::NEG_INFINITY, 0.0, 0.0);
                            let finish =
                                |r: (f32, f32, f32), all: &mut Vec<f64>| all.push((r.2 / r.1).into());
                            by_hand(c, start, |r, f, b, _| soft_max(r, f, b), finish)
                        },
                    ),
                    race(
                        "Max",
                        |c| wide(max(&c.x, &c.y, c.s[0]).expect(AGREE)),
                        |c| {
                            let step = |r: &mut f32, f: f32, _: f32, _: usize| *r = r.max(f.exp());
                            by_hand(c, f32::NEG_INFINITY, step, |r, all| all.push(r.into()))
                        },
                    ),
                    race(
                        "Min",
                        |c| wide(min(&c.x, &c.y, c.s[0]).expect(AGREE)),
                        |c| {
                            let step = |r: &mut f32, f: f32, _: f32, _: usize| *r = r.min(f.exp());
                            by_hand(c, f32::INFINITY, step, |r, all| all.push(r.into()))
                        },
                    ),
                    race(
                        "ArgMin",
                        |c| indices(arg_min(&c.x, &c.y, c.s[0]).expect(AGREE)),
                        |c| {
                            let step = |r: &mut (f32, usize), f: f32, _: f32, j: usize| {
                                let value = f.exp();
                                if value < r.0 {
                                    *r = (value, j);
                                }
                            };
                            by_hand(c, (f32::INFINITY, 0), step, |r, all| all.push(r.1 as f64))
                        },
                    ),
                    race(
                        "KMin",
                        |c| wide(k_min(&c.x, &c.y, c.s[0]).expect(AGREE).into_flattened()),
                        |c| {
                            let start = [(f32::INFINITY, 0); K];
                            let finish = |r: [(f32, usize); K], all: &mut Vec<f64>| {
                                all.extend(r.map(|(value, _)| f64::from(value)));
                            };
                            by_hand(c, start, |r, f, _, j| insert(r, f.exp(), j), finish)
                        },
                    ),
                    race(
                        "ArgKMin",
                        |c| indices(arg_k_min(&c.x, &c.y, c.s[0]).expect(AGREE).into_flattened()),
                        |c| {
                            let start = [(f32::INFINITY, 0); K];
                            let finish = |r: [(f32, usize); K], all: &mut Vec<f64>| {
                                all.extend(r.map(|(_, j)| j as f64));
                            };
                            by_hand(c, start, |r, f, _, j| insert(r, f.exp(), j), finish)
                        },
                    ),
                ]
            }
        }
    };
}

// Widths at which no kernel value underflows or is rounded to another's: indices would be decided by ties.
races!(in_3, 3, 4.0, 256, 2048);
races!(in_64, 64, 8.0, 64, 1024);

/// The share of numbers that are off by more than a thousandth of the largest: the sums by hand are kept in one `f32`,
/// and two kernel values that round to the same `f32` in one and not in the other may change places.
fn share_off(ours: &[f64], by_hand: &[f64]) -> f64 {
    assert_eq!(ours.len(), by_hand.len());
    let size = by_hand.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let off = ours.iter().zip(by_hand).filter(|(a, b)| !((*a - *b).abs() <= 1e-3 * size)).count();
    off as f64 / ours.len() as f64
}

#[test]
fn every_reduction_beats_the_loop_by_hand() {
    run(in_3::all().into_iter().chain(in_64::all()));
}

#[test]
fn every_function_beats_the_loop_by_hand() {
    run(functions::all());
}

/// Runs races, prints how they end, and fails if one is lost.
fn run(races: impl IntoIterator<Item = Race>) {
    let one_thread = ThreadPoolBuilder::new().num_threads(1).build().expect("a pool of one thread");
    let part = if Level::detect() >= Level::Avx2 { 1.0 } else { WITHOUT };
    let mut slow = vec![];
    for race in races {
        let wanted = part * race.wanted;
        let (name, ratio) = one_thread.install(move || {
            let off = share_off(&(race.ours)(), &(race.by_hand)());
            assert!(off < 0.01, "{}: {:.0} % of the numbers are not those by hand", race.name, 100.0 * off);
            let (mut ours, mut by_hand) = (Times::default(), Times::default());
            for _ in 0..ROUNDS {
                ours.push(thread_seconds(|| black_box((race.ours)())).0);
                by_hand.push(thread_seconds(|| black_box((race.by_hand)())).0);
            }
            let ratio = by_hand.least().unwrap_or(0.0) / ours.least().unwrap_or(f64::INFINITY);
            (race.name, ratio)
        });
        println!("{name:26} {ratio:6.1} times the loop by hand");
        if ratio < wanted {
            slow.push(format!("{name}: {ratio:.1}, not {wanted}"));
        }
    }
    assert!(slow.is_empty(), "too few times as fast as the loop by hand: {slow:?}");
}
