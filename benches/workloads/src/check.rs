//! Answers beside those in `f64`, for some of the rows.

use crate::cloud::Cloud;

/// The difference that rounding explains, in parts of the answers: exponents, of some units in size, are wrong by the
/// roundings of D coordinates, which grow like √D; four times that, since the largest of many is compared. Sums add little:
/// beyond some 256 columns they are in twice the working precision.
pub fn tolerance(dim: u32, epsilon: f64) -> f64 {
    4.0 * (f64::from(dim).sqrt() + 4.0) * epsilon
}

/// A result on the host, as the numbers of each row.
pub trait Numbers {
    /// The numbers of each of the M rows.
    ///
    /// # Panics
    /// If there are not M.
    fn numbers(&self, rows: usize) -> Vec<Vec<f64>>;
}

macro_rules! numbers {
    ($($t:ty)*) => {$(
        impl Numbers for Vec<$t> {
            fn numbers(&self, rows: usize) -> Vec<Vec<f64>> {
                assert_eq!(self.len(), rows);
                self.iter().map(|number| vec![*number as f64]).collect()
            }
        }
        impl<const D: usize> Numbers for Vec<[$t; D]> {
            fn numbers(&self, rows: usize) -> Vec<Vec<f64>> {
                assert_eq!(self.len(), rows);
                self.iter().map(|row| row.iter().map(|number| *number as f64).collect()).collect()
            }
        }
    )*};
}
numbers! { f32 f64 usize }

/// The largest difference of every `stride`-th row of an answer, in parts of the largest number of the exact ones. NaN, of
/// which no answer has any, is a difference of infinity.
pub fn difference(answer: &[Vec<f64>], exact: &[Vec<f64>], stride: usize) -> f64 {
    let some = answer.iter().step_by(stride).flatten();
    let exact: Vec<f64> = exact.iter().flatten().copied().collect();
    let size = exact.iter().fold(0.0f64, |most, number| most.max(number.abs()));
    largest(some.zip(&exact).map(|(a, b)| (a - b).abs() / size))
}

/// The same for indices of nearest points, in parts of their squared distances: indices may differ where two points are as
/// near. A point that is there twice, that does not exist, or that is missing is a difference of infinity.
pub fn nearest_difference<const D: usize, const E: usize>(
    some: &Cloud<f64, D, E>,
    answer: &[Vec<f64>],
    exact: &[Vec<f64>],
    stride: usize,
) -> f64 {
    let answer: Vec<&Vec<f64>> = answer.iter().step_by(stride).collect();
    if answer.len() != exact.len() || answer.iter().zip(exact).any(|(a, b)| a.len() != b.len()) {
        return f64::INFINITY;
    }
    let differences = answer.iter().zip(exact).zip(&some.x).flat_map(|((a, b), x)| {
        let square = |index: f64| {
            let y = some.y.get(index as usize).unwrap_or(&[f64::NAN; D]);
            x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum::<f64>()
        };
        // All are different points: of one that is there twice the second counts as wrong.
        let twice = |k: usize| a[..k].contains(&a[k]);
        (0..a.len()).map(move |k| match twice(k) {
            true => f64::INFINITY,
            false => (square(a[k]) - square(b[k])).abs() / square(b[k]),
        })
    });
    largest(differences)
}

/// The largest of some errors, ∞ where one is NaN: `max` alone would pass over it.
pub fn largest(errors: impl Iterator<Item = f64>) -> f64 {
    errors.map(|error| if error.is_nan() { f64::INFINITY } else { error }).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stride_th_row_is_compared() {
        let answer = vec![[1.0f32, 2.0], [7.0, 7.0], [3.0, -4.5], [8.0, 8.0]].numbers(4);
        let exact = vec![[1.0f64, 2.0], [3.0, -4.0]].numbers(2);
        // 0.5 of 4, the largest.
        assert_eq!(difference(&answer, &exact, 2), 0.125);
        assert_eq!(difference(&exact, &exact, 1), 0.0);
        let nan = vec![f32::NAN].numbers(1);
        assert_eq!(difference(&nan, &vec![1.0].numbers(1), 1), f64::INFINITY);
    }

    #[test]
    fn indices_are_compared_by_their_distances() {
        let some = Cloud {
            x: vec![[0.0, 0.0, 0.0]],
            y: vec![[2.0, 0.0, 0.0], [0.0, -2.0, 0.0], [0.0, 0.0, 3.0], [5.0, 0.0, 0.0]],
            b: Vec::<[f64; 1]>::new(),
            s: vec![],
        };
        let of = |answer: [usize; 2], exact: [usize; 2]| {
            nearest_difference(&some, &vec![answer].numbers(1), &vec![exact].numbers(1), 1)
        };
        assert_eq!(of([0, 1], [0, 1]), 0.0);
        assert_eq!(of([1, 0], [0, 1]), 0.0, "both are as near");
        assert_eq!(of([0, 2], [0, 1]), 1.25, "a squared distance of 9 instead of 4");
        assert_eq!(of([0, 0], [0, 1]), f64::INFINITY, "one is there twice");
        assert_eq!(of([2, 1], [0, 1]), 1.25, "a place may not be too far");
        assert_eq!(of([0, 1], [2, 1]), 5.0 / 9.0, "nor too near, for then another is missing");
        assert_eq!(of([0, 9], [0, 1]), f64::INFINITY, "there is no such point");
        let exact = vec![[0usize, 1]].numbers(1);
        assert_eq!(nearest_difference(&some, &[vec![0.0]], &exact, 1), f64::INFINITY, "one is missing");
        assert_eq!(nearest_difference(&some, &[], &exact, 1), f64::INFINITY, "a row is missing");
    }

    #[test]
    fn tolerances_are_some_roundings() {
        assert_eq!(tolerance(4, 0.125), 3.0);
        // A sum that lacks one of a hundred thousand columns is told from one that is rounded.
        assert!(tolerance(3, f64::from(f32::EPSILON)) < 1e-5);
    }
}
