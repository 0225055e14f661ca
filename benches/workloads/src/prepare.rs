//! From formulas, loops and data to jobs.

use crate::check::{Numbers, nearest_difference};
use crate::cloud::Cloud;
use crate::formulas::{self, gaussian_in};
use crate::job::{Answer, Array, Job, relative_error};
use crate::naive;
use crate::number::Number;
use keops::solve::{ConjugateGradients, SolveError};
use std::cell::OnceCell;

/// Rows whose answer is compared with `f64`.
const SAMPLE: usize = 40;

/// A job whose answer is `dim` numbers per row. The loop by hand comes twice, in the job's precision and in `f64`.
fn numbers<T: Number, const D: usize, const E: usize>(
    cloud: Cloud<T, D, E>,
    (dim, naive_stride): (usize, usize),
    ours: impl Fn(&Cloud<T, D, E>) -> Answer + 'static,
    naive: impl Fn(&Cloud<T, D, E>) -> Answer + 'static,
    exact: impl Fn(&Cloud<f64, D, E>) -> Answer + 'static,
) -> Job {
    let stride = (cloud.x.len() / SAMPLE).max(1);
    let (some, sample) = (cloud.some(naive_stride), cloud.some(stride));
    let times_as_many = cloud.x.len() as f64 / some.x.len() as f64;
    let reference = OnceCell::new();
    let mut arrays = vec![Array::new("x", &cloud.x), Array::new("y", &cloud.y)];
    arrays.push(Array::new("b", &cloud.b));
    arrays.push(Array::row("s", &cloud.s));
    Job {
        arrays,
        ours: Box::new(move || ours(&cloud)),
        naive: Some((Box::new(move || naive(&some)), times_as_many)),
        error: Box::new(move |answer| {
            let reference = reference.get_or_init(|| exact(&sample).numbers());
            relative_error(&answer.numbers(), reference, dim, stride)
        }),
    }
}

/// The same with the loop by hand written once.
macro_rules! numbers {
    ($cloud:expr, $sizes:expr, |$c:ident| $ours:expr, |$n:ident| $naive:expr) => {
        numbers(
            $cloud,
            $sizes,
            |$c| $ours.expect("sizes that agree").into(),
            |$n| $naive.into(),
            |$n| $naive.into(),
        )
    };
}

/// Without the arguments that a formula does not have.
fn only(names: &[&str], job: Job) -> Job {
    Job { arrays: job.arrays.into_iter().filter(|a| names.contains(&a.name)).collect(), ..job }
}

/// W1 and W8.
pub(crate) fn gaussian(n: usize, columns: usize, s: f64, stride: usize) -> Job {
    numbers!(
        Cloud::<f32, 3, 1>::new(n, columns, &[s]),
        (1, stride),
        |c| formulas::gaussian(&c.x, &c.y, &c.b, c.s[0]),
        |c| naive::gaussian(&c.x, &c.y, &c.b, c.s[0])
    )
}

/// W1 in `f64`.
pub(crate) fn gaussian_double(n: usize, s: f64, stride: usize) -> Job {
    numbers!(
        Cloud::<f64, 3, 1>::new(n, n, &[s]),
        (1, stride),
        |c| formulas::gaussian(&c.x, &c.y, &c.b, c.s[0]),
        |c| naive::gaussian(&c.x, &c.y, &c.b, c.s[0])
    )
}

/// W2.
pub(crate) fn four(n: usize, stride: usize) -> Job {
    numbers!(
        Cloud::<f32, 3, 4>::new(n, n, &[0.1, 0.25, 0.5, 1.0]),
        (4, stride),
        |c| formulas::four_gaussians(&c.x, &c.y, &c.b, &c.s),
        |c| naive::four_gaussians(&c.x, &c.y, &c.b, &c.s)
    )
}

/// The seeds of the gradient: the first coordinates.
fn seeds<T: Copy>(x: &[[T; 3]]) -> Vec<T> {
    x.iter().map(|x| x[0]).collect()
}

/// W3.
pub(crate) fn gradient(n: usize, s: f64, stride: usize) -> Job {
    let cloud = Cloud::<f32, 3, 1>::new(n, n, &[s]);
    let e = seeds(&cloud.x);
    let seed_array = Array { dim: 1, ..Array::row("e", &e) };
    let mut job = numbers!(
        cloud,
        (3, stride),
        |c| formulas::gaussian::grad_x_i(&c.x, &c.y, &c.b, c.s[0], &seeds(&c.x)),
        |c| naive::gradient(&c.x, &c.y, &c.b, c.s[0], &seeds(&c.x))
    );
    job.arrays.push(seed_array);
    job
}

/// W5.
pub(crate) fn log_sum_exp(n: usize, s: f64, stride: usize) -> Job {
    let job = numbers!(
        Cloud::<f32, 3, 1>::new(n, n, &[s]),
        (1, stride),
        |c| formulas::log_sum_exp(&c.x, &c.y, c.s[0]),
        |c| naive::log_sum_exp(&c.x, &c.y, c.s[0])
    );
    only(&["x", "y", "s"], job)
}

/// W7.
pub(crate) fn attention(n: usize, stride: usize) -> Job {
    numbers!(
        Cloud::<f32, 64, 64>::new(n, n, &[1.0 / 8.0]),
        (64, stride),
        |c| formulas::attention(&c.x, &c.y, &c.b, c.s[0]),
        |c| naive::attention(&c.x, &c.y, &c.b, c.s[0])
    )
}

/// W6: dimensions that [`gaussian_in`] has, and 3.
pub(crate) fn gaussian_of(dim: usize, n: usize, stride: usize) -> Job {
    // |x - y|² is about 2 D: a width of √D keeps the exponent near -2.
    let s = (dim as f64).sqrt();
    macro_rules! of {
        ($($name:ident $dim:literal)*) => {
            match dim {
                $($dim => numbers!(
                    Cloud::<f32, $dim, 1>::new(n, n, &[s]),
                    (1, stride),
                    |c| gaussian_in::$name(&c.x, &c.y, &c.b, c.s[0]),
                    |c| naive::gaussian(&c.x, &c.y, &c.b, c.s[0])
                ),)*
                _ => gaussian(n, n, s, stride),
            }
        };
    }
    of!(d1 1 d2 2 d4 4 d8 8 d16 16 d32 32 d64 64 d128 128 d256 256 d512 512 d784 784)
}

/// W6 with distances from dot products.
pub(crate) fn gaussian_dot_64(n: usize, stride: usize) -> Job {
    numbers!(
        Cloud::<f32, 64, 1>::new(n, n, &[8.0]),
        (1, stride),
        |c| formulas::gaussian_dot_64(&c.x, &c.y, &c.b, c.s[0]),
        |c| naive::gaussian(&c.x, &c.y, &c.b, c.s[0])
    )
}

/// The same in dimension 784.
pub(crate) fn gaussian_dot_784(n: usize, stride: usize) -> Job {
    numbers!(
        Cloud::<f32, 784, 1>::new(n, n, &[28.0]),
        (1, stride),
        |c| formulas::gaussian_dot_784(&c.x, &c.y, &c.b, c.s[0]),
        |c| naive::gaussian(&c.x, &c.y, &c.b, c.s[0])
    )
}

/// A job whose answer is the K nearest columns of each row.
fn indices<const D: usize, const K: usize>(
    cloud: Cloud<f32, D, 1>,
    naive_stride: usize,
    ours: impl Fn(&Cloud<f32, D, 1>) -> Answer + 'static,
    naive: impl Fn(&Cloud<f32, D, 1>) -> Answer + 'static,
) -> Job {
    let stride = (cloud.x.len() / SAMPLE).max(1);
    let (some, sample) = (cloud.some(naive_stride), cloud.some::<f64>(stride));
    let times_as_many = cloud.x.len() as f64 / some.x.len() as f64;
    let reference = OnceCell::new();
    Job {
        arrays: vec![Array::new("x", &cloud.x), Array::new("y", &cloud.y)],
        ours: Box::new(move || ours(&cloud)),
        naive: Some((Box::new(move || naive(&some)), times_as_many)),
        error: Box::new(move |answer| {
            let reference = reference
                .get_or_init(|| naive::neighbours::<f64, D, K>(&sample.x, &sample.y).numbers(sample.x.len()));
            let indices = answer.indices();
            let rows: Vec<Vec<f64>> =
                indices.chunks(K).map(|row| row.iter().map(|&j| j as f64).collect()).collect();
            nearest_difference(&sample, &rows, reference, stride)
        }),
    }
}

/// W4a.
pub(crate) fn nearest(n: usize, stride: usize) -> Job {
    indices::<3, 1>(
        Cloud::new(n, n, &[]),
        stride,
        |c| formulas::nearest(&c.x, &c.y).expect("sizes that agree").into(),
        |c| naive::nearest(&c.x, &c.y).into(),
    )
}

/// W4a with pruning.
pub(crate) fn nearest_pruned(n: usize, stride: usize) -> Job {
    indices::<3, 1>(
        Cloud::new(n, n, &[]),
        stride,
        |c| formulas::nearest_pruned(&c.x, &c.y).expect("sizes that agree").into(),
        |c| naive::nearest(&c.x, &c.y).into(),
    )
}

/// W4b.
pub(crate) fn nearest_100(n: usize, stride: usize) -> Job {
    indices::<100, 1>(
        Cloud::new(n, n, &[]),
        stride,
        |c| formulas::nearest_100(&c.x, &c.y).expect("sizes that agree").into(),
        |c| naive::nearest(&c.x, &c.y).into(),
    )
}

/// W4c.
pub(crate) fn neighbours(n: usize, stride: usize) -> Job {
    indices::<3, 10>(
        Cloud::new(n, n, &[]),
        stride,
        |c| formulas::neighbours(&c.x, &c.y).expect("sizes that agree").into(),
        |c| naive::neighbours::<f32, 3, 10>(&c.x, &c.y).into(),
    )
}

/// W4c with pruning.
pub(crate) fn neighbours_pruned(n: usize, stride: usize) -> Job {
    indices::<3, 10>(
        Cloud::new(n, n, &[]),
        stride,
        |c| formulas::neighbours_pruned(&c.x, &c.y).expect("sizes that agree").into(),
        |c| naive::neighbours::<f32, 3, 10>(&c.x, &c.y).into(),
    )
}

/// W4d.
pub(crate) fn neighbours_64(n: usize, stride: usize) -> Job {
    indices::<64, 10>(
        Cloud::new(n, n, &[]),
        stride,
        |c| formulas::neighbours_64(&c.x, &c.y).expect("sizes that agree").into(),
        |c| naive::neighbours::<f32, 64, 10>(&c.x, &c.y).into(),
    )
}

/// W9. An answer is judged by its residual in `f64`, relative to the right-hand side.
pub(crate) fn ridge(n: usize, s: f64, ridge: f64) -> Job {
    let cloud = Cloud::<f32, 3, 1>::new(n, n, &[s, ridge]);
    let stride = (n / SAMPLE).max(1);
    let (sample, all) = (cloud.some::<f64>(stride), cloud.some::<f64>(1));
    let arrays = vec![
        Array::new("x", &cloud.x),
        Array::new("b", &cloud.b),
        Array::row("s", &cloud.s[..1]),
        Array::row("ridge", &cloud.s[1..]),
    ];
    Job {
        arrays,
        ours: Box::new(move || {
            let (x, b, alpha) = (&cloud.x, cloud.b.as_flattened(), f64::from(cloud.s[1]));
            // KeOps's rule: |r| < 10⁻⁶ √M.
            let size: f64 = b.iter().map(|b| f64::from(*b).powi(2)).sum();
            let tolerance = 1e-6 * (b.len() as f64 / size).sqrt();
            let solver = ConjugateGradients { alpha, tolerance, ..ConjugateGradients::default() };
            match solver.solve(b, |a| formulas::gaussian(x, x, a, cloud.s[0])) {
                // Where rounding ends it before that, the error of the answer is in the table.
                Ok(solution) | Err(SolveError::NotConverged { solution, .. }) => solution.a.into(),
                Err(error) => panic!("{error}"),
            }
        }),
        naive: None,
        error: Box::new(move |answer| {
            let a: Vec<[f64; 1]> = answer.numbers().into_iter().map(|v| [v]).collect();
            if a.len() != all.x.len() {
                return f64::INFINITY;
            }
            let products = naive::gaussian(&sample.x, &all.x, &a, s);
            let image: Vec<f64> =
                products.iter().zip(a.iter().step_by(stride)).map(|(k, a)| k + ridge * a[0]).collect();
            relative_error(all.b.as_flattened(), &image, 1, stride)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_judged_by_the_distances_in_all_places() {
        // Every second row of 80 is judged.
        let job = neighbours(80, 3);
        let right = (job.ours)();
        assert_eq!((job.error)(&right), 0.0);
        let with = |change: &dyn Fn(&mut Vec<usize>)| {
            let mut indices = right.indices();
            change(&mut indices);
            (job.error)(&Answer::Indices(indices))
        };
        assert_eq!(with(&|j| j[10] = usize::MAX), 0.0, "the second row is not judged");
        assert_eq!(with(&|j| j[20] = usize::MAX), f64::INFINITY, "there is no such column");
        assert_eq!(
            with(&|j| (1..10).for_each(|k| j[k] = j[0])),
            f64::INFINITY,
            "the nearest only, ten times"
        );
        assert_eq!(with(&|j| j.truncate(790)), 0.0, "the last row is not judged");
        assert_eq!(with(&|j| j.truncate(780)), f64::INFINITY, "a row is missing");
        assert!(with(&|j| j[..10].reverse()) > 0.1, "the farthest first");
        assert_eq!((job.error)(&Answer::Single(vec![0.0; 800])), f64::INFINITY, "no indices");
    }

    #[test]
    fn the_loop_by_hand_stands_for_all_rows() {
        for (rows, stride) in [(100, 32), (96, 32), (50, 1)] {
            let job = nearest(rows, stride);
            let (run, times_as_many) = job.naive.expect("there is a loop by hand");
            assert_eq!(run().indices().len() as f64 * times_as_many, rows as f64);
            let job = gaussian(rows, 3, 1.0, stride);
            let (run, times_as_many) = job.naive.expect("there is a loop by hand");
            assert_eq!(run().numbers().len() as f64 * times_as_many, rows as f64);
        }
    }
}
