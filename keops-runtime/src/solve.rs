//! Linear systems whose matrix is a formula: conjugate gradients.

mod rows;
#[cfg(test)]
mod tests;

pub use rows::Row;

use crate::engine::{narrow, widen};
use crate::error::Error;
use crate::real::Real;
use std::fmt;

/// Solves (α I + K) a = b by conjugate gradients, K symmetric and positive semidefinite, given as the function a ↦ K a. The
/// matrix is never stored.
///
/// b and a are M rows, numbers or arrays of D of them; with arrays, K may act on each coordinate alone or couple them. The
/// answer is the first a found with |b − (α I + K) a| ≤ `tolerance` · |b|, where |·| is the norm over all numbers and the left
/// side is computed from a itself, not from the recurrence, which loses touch with it in `f32`.
///
/// Each iteration applies K once. The norms and the scalar products are sums in `f64`, a is kept in `f64` until the end. b may
/// be of any size: they are all multiples of a power of two near its largest number.
///
/// ```
/// use keops::{keops, solve::ConjugateGradients};
///
/// keops! {
///     /// K a for a Gaussian kernel.
///     #[grad(x_i)]
///     fn kernel(x_i: Vi<3>, x_j: Vj<3>, a_j: Vj<1>, s: Pm<1>) -> Vi<1> { Exp(-SqDist(x_i, x_j) / s^2) * a_j }
/// }
///
/// let x: Vec<[f32; 3]> = (0..50).map(|k| [0.1 * k as f32, 0.0, 0.0]).collect();
/// let b: Vec<f32> = x.iter().map(|x| x[0].sin()).collect();
///
/// let ridge = ConjugateGradients { alpha: 0.01, ..Default::default() };
/// let a = ridge.solve(&b, |a| kernel(&x, &x, a, 0.5))?.a;
///
/// // What was fitted, and where it is evaluated: sin 2 between the points.
/// let at = kernel(&[[2.05f32, 0.0, 0.0]], &x, &a, 0.5)?;
/// assert!((at[0] - 2.05f32.sin()).abs() < 0.01);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// On a device K is applied by `|a| kernel::on(&device, &x, &x, a, s)`. The function is called once an iteration, and once more
/// for each residual, so it can also report progress, and end the solution by returning an error.
///
/// # Gradients
/// For a cost L(a) with e = ∂L/∂a, the gradient in b is g = (α I + K)⁻¹ e, another call of [`solve`](Self::solve), and that in
/// what K depends on is the gradient of −gᵀ K a with g and a held fixed: with a symmetric formula K(x_i, x_j), minus
/// `kernel::grad_x_i(&x, &x, &a, s, &g)` minus `kernel::grad_x_i(&x, &x, &g, s, &a)` in x, minus
/// `kernel::grad_s(&x, &x, &a, s, &g)` in s.
///
/// # References
/// M. R. Hestenes and E. Stiefel, *Methods of conjugate gradients for solving linear systems*, 1952.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConjugateGradients {
    /// α ≥ 0. It makes the system positive definite, and the number of iterations grows like √(|K| / α).
    pub alpha: f64,
    /// The residual allowed, as a part of |b|; below 0 it is 0. In `f32` a residual below some 10⁻⁷ |K| |a| / |b| cannot be reached.
    pub tolerance: f64,
    /// The largest number of iterations.
    pub max_iterations: usize,
}

impl Default for ConjugateGradients {
    /// α = 0, a residual of 10⁻⁵ |b|, at most 1000 iterations.
    fn default() -> Self {
        ConjugateGradients { alpha: 0.0, tolerance: 1e-5, max_iterations: 1000 }
    }
}

/// What [`ConjugateGradients::solve`] has found.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution<R> {
    /// a
    pub a: Vec<R>,
    /// Iterations it took.
    pub iterations: usize,
    /// |b − (α I + K) a| / |b|, 0 where b is.
    pub residual: f64,
}

/// Why there is no solution.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SolveError<R> {
    /// The function that applies K returned an error.
    Formula(Error),
    /// It returned so many rows where as many as b has were wanted.
    Rows {
        /// Rows it was given, those of b.
        given: usize,
        /// Rows it returned.
        returned: usize,
    },
    /// There is a p with pᵀ (α I + K) p < 0, beyond what rounding explains.
    NotPositive {
        /// pᵀ (α I + K) p / pᵀ p
        curvature: f64,
    },
    /// A number of b, of K a, or one of the settings is NaN or infinite.
    NotFinite,
    /// The tolerance was not reached. The best a that was found is there.
    NotConverged {
        /// What was found.
        solution: Solution<R>,
        /// The tolerance.
        tolerance: f64,
        /// Whether it ended with `max_iterations`; rounding stopped it otherwise.
        at_limit: bool,
    },
}

impl<R> From<Error> for SolveError<R> {
    fn from(error: Error) -> Self {
        SolveError::Formula(error)
    }
}

impl<R> fmt::Display for SolveError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SolveError::Formula(error) => error.fmt(f),
            SolveError::Rows { given, returned } => {
                write!(f, "K a has {returned} rows and a has {given}: pass the same points for i and for j")
            }
            SolveError::NotPositive { curvature } => write!(
                f,
                "α I + K is not positive: pᵀ (α I + K) p = {curvature:.3e} pᵀ p for some p; take a positive kernel, or an α \
                 larger by more than {:.3e}",
                -curvature
            ),
            SolveError::NotFinite => f.write_str(
                "a number of b, of K a or of the settings is NaN or infinite: look for it in the data",
            ),
            SolveError::NotConverged { solution, tolerance, at_limit } => {
                let Solution { iterations, residual, .. } = solution;
                let help = if *at_limit { "`max_iterations`, " } else { "" };
                write!(
                    f,
                    "the residual is {residual:.3e} of |b| after {iterations} iterations, the tolerance is {tolerance:.3e}: \
                     raise {help}`alpha` or `tolerance`, or compute in `f64`"
                )
            }
        }
    }
}

impl<R: fmt::Debug> std::error::Error for SolveError<R> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            SolveError::Formula(error) => Some(error),
            _ => None,
        }
    }
}

/// A restart that leaves more than this part of the residual is the last: rounding does not allow a smaller one.
const WORTHWHILE: f64 = 0.5;
/// A curvature below zero by more than so many roundings of |K| is no rounding error. (A kernel's value has a few ulp, and so
/// has each row's sum.)
const ROUNDINGS: f64 = 64.0;

impl ConjugateGradients {
    /// The a with (α I + K) a = b, where `apply` is a ↦ K a.
    ///
    /// # Errors
    /// See [`SolveError`]. What was found without reaching the tolerance is in [`SolveError::NotConverged`].
    pub fn solve<R: Row>(
        &self,
        b: &[R],
        apply: impl FnMut(&[R]) -> Result<Vec<R>, Error>,
    ) -> Result<Solution<R>, SolveError<R>> {
        let settings = [self.alpha, self.tolerance];
        // Multiples of `unit`, but for what K is applied to and results in.
        let unit = power_of_two(&widened(b));
        let b_numbers = scaled(1.0 / unit, widened(b));
        let size = norm(&b_numbers);
        if !size.is_finite() || settings.iter().any(|x| !x.is_finite()) {
            return Err(SolveError::NotFinite);
        }
        let tolerance = self.tolerance.max(0.0);
        let goal = tolerance * size;
        let rows = |a: &[f64]| narrowed::<R>(&scaled(unit, a.to_vec()));
        let mut system = System { alpha: self.alpha, rows: b.len(), apply, largest: 0.0 };
        let mut a = vec![0.0; b_numbers.len()];
        let mut residuals = b_numbers.clone();
        let (mut iterations, mut residual) = (0, size);
        while residual > goal {
            let (before, a_before) = (residual, a.clone());
            let left = self.max_iterations - iterations;
            iterations += system.descend(&mut a, &mut residuals, goal, left)?;
            // What is returned is `a` rounded, and so its residual is asked for.
            let rounded = rows(&a);
            a = scaled(1.0 / unit, widened(&rounded));
            let image = scaled(1.0 / unit, system.image(&rounded)?);
            residuals.iter_mut().zip(&b_numbers).zip(&image).for_each(|((r, b), y)| *r = b - y);
            residual = norm(&residuals);
            if !residual.is_finite() {
                return Err(SolveError::NotFinite);
            }
            let stuck = residual > WORTHWHILE * before;
            if residual > before {
                (a, residual) = (a_before, before);
            }
            let at_limit = iterations == self.max_iterations;
            if residual > goal && (stuck || at_limit) {
                let solution = Solution { a: rows(&a), iterations, residual: residual / size };
                return Err(SolveError::NotConverged { solution, tolerance, at_limit });
            }
        }
        let residual = if size > 0.0 { residual / size } else { 0.0 };
        Ok(Solution { a: rows(&a), iterations, residual })
    }
}

/// α I + K.
struct System<F> {
    alpha: f64,
    rows: usize,
    apply: F,
    /// The largest |(α I + K) p| / |p| so far, a lower bound of the norm.
    largest: f64,
}

impl<F> System<F> {
    /// (α I + K) p
    fn image<R: Row>(&mut self, p: &[R]) -> Result<Vec<f64>, SolveError<R>>
    where
        F: FnMut(&[R]) -> Result<Vec<R>, Error>,
    {
        let image = (self.apply)(p)?;
        if image.len() != self.rows {
            return Err(SolveError::Rows { given: self.rows, returned: image.len() });
        }
        let mut sum = widened(&image);
        sum.iter_mut().zip(R::numbers(p)).for_each(|(y, p)| *y += self.alpha * p.to_f64());
        Ok(sum)
    }

    /// Conjugate gradients from `a`, whose residuals are given, until the recurrence says that their norm is at most `goal`,
    /// or a direction has no curvature, or for `limit` iterations. Returns how many there were.
    fn descend<R: Row>(
        &mut self,
        a: &mut [f64],
        residuals: &mut [f64],
        goal: f64,
        limit: usize,
    ) -> Result<usize, SolveError<R>>
    where
        F: FnMut(&[R]) -> Result<Vec<R>, Error>,
    {
        let mut turned = residuals.to_vec();
        for iteration in 0..limit {
            let length = norm(&turned);
            if norm(residuals) <= goal || length == 0.0 {
                return Ok(iteration);
            }
            // Of length 1, so that nothing is lost when it is rounded, and p is what was rounded: then a step has its
            // residuals exactly.
            let direction: Vec<R> = narrowed(&turned.iter().map(|x| x / length).collect::<Vec<f64>>());
            let (p, image) = (widened(&direction), self.image(&direction)?);
            let curvature = dot(&p, &image);
            if !curvature.is_finite() {
                return Err(SolveError::NotFinite);
            }
            self.largest = self.largest.max(norm(&image));
            if curvature <= 0.0 {
                let allowed = ROUNDINGS * <R::Scalar as Real>::EPSILON * self.largest;
                let is_rounding = -curvature <= allowed;
                return if is_rounding {
                    Ok(iteration + 1)
                } else {
                    Err(SolveError::NotPositive { curvature })
                };
            }
            let step = dot(residuals, &p) / curvature;
            a.iter_mut().zip(&p).for_each(|(a, p)| *a += step * p);
            residuals.iter_mut().zip(&image).for_each(|(r, y)| *r -= step * y);
            let turn = -dot(residuals, &image) / curvature;
            turned.iter_mut().zip(residuals.iter().zip(&p)).for_each(|(t, (r, p))| *t = r + turn * p);
        }
        Ok(limit)
    }
}

fn widened<R: Row>(rows: &[R]) -> Vec<f64> {
    let numbers = R::numbers(rows);
    let mut wide = vec![0.0; numbers.len()];
    widen(numbers, &mut wide);
    wide
}

fn narrowed<R: Row>(numbers: &[f64]) -> Vec<R> {
    let mut rows = R::zeros(numbers.len() / R::DIM.max(1));
    narrow(numbers, R::numbers_mut(&mut rows));
    rows
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// The norm, of which no square is out of range.
fn norm(a: &[f64]) -> f64 {
    let unit = power_of_two(a);
    let scaled = scaled(1.0 / unit, a.to_vec());
    dot(&scaled, &scaled).sqrt() * unit
}

fn scaled(factor: f64, mut numbers: Vec<f64>) -> Vec<f64> {
    numbers.iter_mut().for_each(|x| *x *= factor);
    numbers
}

/// That of which the largest number is 1 to 2 times as much, or one between 2⁻¹⁰⁰⁰ and 2¹⁰⁰⁰, whose reciprocal is a normal
/// number too.
fn power_of_two(numbers: &[f64]) -> f64 {
    let largest = numbers.iter().fold(0.0f64, |largest, x| largest.max(x.abs()));
    let biased = (largest.to_bits() >> (f64::MANTISSA_DIGITS - 1)).clamp(23, 2023);
    f64::from_bits(biased << (f64::MANTISSA_DIGITS - 1))
}
