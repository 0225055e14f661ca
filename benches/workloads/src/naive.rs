//! The loops one would write by hand: one loop in another, one thread, the standard library's functions.

use crate::number::Number;
use std::array::from_fn;

/// |x - y|²
#[inline]
pub fn squared_distance<T: Number, const D: usize>(x: &[T; D], y: &[T; D]) -> T {
    let mut sum = T::from_f64(0.0);
    for k in 0..D {
        sum += (x[k] - y[k]) * (x[k] - y[k]);
    }
    sum
}

/// Σ_j exp(-|x_i - y_j|² / s²) b_j
pub fn gaussian<T: Number, const D: usize>(x: &[[T; D]], y: &[[T; D]], b: &[[T; 1]], s: T) -> Vec<T> {
    let row = |x: &[T; D]| {
        let mut sum = T::from_f64(0.0);
        for (y, b) in y.iter().zip(b) {
            sum += (-squared_distance(x, y) / (s * s)).exp() * b[0];
        }
        sum
    };
    x.iter().map(row).collect()
}

/// Σ_j Σ_k exp(-|x_i - y_j|² / s_k²) b_j
pub fn four_gaussians<T: Number>(x: &[[T; 3]], y: &[[T; 3]], b: &[[T; 4]], s: &[T]) -> Vec<[T; 4]> {
    let row = |x: &[T; 3]| {
        let mut sums = [T::from_f64(0.0); 4];
        for (y, b) in y.iter().zip(b) {
            let d = squared_distance(x, y);
            let mut weight = T::from_f64(0.0);
            for &s in s {
                weight += (-d / (s * s)).exp();
            }
            for k in 0..4 {
                sums[k] += weight * b[k];
            }
        }
        sums
    };
    x.iter().map(row).collect()
}

/// The gradient of Σ_i e_i Σ_j exp(-|x_i - y_j|² / s²) b_j in x
pub fn gradient<T: Number>(x: &[[T; 3]], y: &[[T; 3]], b: &[[T; 1]], s: T, e: &[T]) -> Vec<[T; 3]> {
    let row = |(x, &e): (&[T; 3], &T)| {
        let mut sums = [T::from_f64(0.0); 3];
        for (y, b) in y.iter().zip(b) {
            let weight = T::from_f64(-2.0) / (s * s) * (-squared_distance(x, y) / (s * s)).exp() * b[0] * e;
            for k in 0..3 {
                sums[k] += weight * (x[k] - y[k]);
            }
        }
        sums
    };
    x.iter().zip(e).map(row).collect()
}

/// The nearest y
pub fn nearest<T: Number, const D: usize>(x: &[[T; D]], y: &[[T; D]]) -> Vec<usize> {
    let row = |x: &[T; D]| {
        let (mut best, mut place) = (T::INFINITY, 0);
        for (j, y) in y.iter().enumerate() {
            let d = squared_distance(x, y);
            if d < best {
                (best, place) = (d, j);
            }
        }
        place
    };
    x.iter().map(row).collect()
}

/// The K nearest y, the nearest first
pub fn neighbours<T: Number, const D: usize, const K: usize>(x: &[[T; D]], y: &[[T; D]]) -> Vec<[usize; K]> {
    let row = |x: &[T; D]| {
        let mut best = [(T::INFINITY, 0); K];
        for (j, y) in y.iter().enumerate() {
            let d = squared_distance(x, y);
            if d < best[K - 1].0 {
                let mut place = K - 1;
                while place > 0 && d < best[place - 1].0 {
                    best[place] = best[place - 1];
                    place -= 1;
                }
                best[place] = (d, j);
            }
        }
        best.map(|(_, j)| j)
    };
    x.iter().map(row).collect()
}

/// log Σ_j exp(-|x_i - y_j|² / s²)
pub fn log_sum_exp<T: Number>(x: &[[T; 3]], y: &[[T; 3]], s: T) -> Vec<T> {
    let row = |x: &[T; 3]| {
        let (mut largest, mut sum) = (-T::INFINITY, T::from_f64(0.0));
        for y in y {
            let f = -squared_distance(x, y) / (s * s);
            if f > largest {
                sum = sum * (largest - f).exp();
                largest = f;
            }
            sum += (f - largest).exp();
        }
        largest + sum.ln()
    };
    x.iter().map(row).collect()
}

/// Σ_j exp(s ⟨x_i, y_j⟩) b_j / Σ_j exp(s ⟨x_i, y_j⟩)
pub fn attention<T: Number, const D: usize>(x: &[[T; D]], y: &[[T; D]], b: &[[T; D]], s: T) -> Vec<[T; D]> {
    let row = |x: &[T; D]| {
        let (mut largest, mut sum, mut sums) = (-T::INFINITY, T::from_f64(0.0), [T::from_f64(0.0); D]);
        for (y, b) in y.iter().zip(b) {
            let mut product = T::from_f64(0.0);
            for k in 0..D {
                product += x[k] * y[k];
            }
            let f = s * product;
            if f > largest {
                let factor = (largest - f).exp();
                sum = sum * factor;
                sums = sums.map(|v| v * factor);
                largest = f;
            }
            let weight = (f - largest).exp();
            sum += weight;
            for k in 0..D {
                sums[k] += weight * b[k];
            }
        }
        from_fn(|k| sums[k] / sum)
    };
    x.iter().map(row).collect()
}
