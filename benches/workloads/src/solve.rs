//! Kernel ridge regression: (K + α I) a = b by conjugate gradients, with one reduction per step.

use crate::formulas::gaussian;

/// The solution where K is the Gaussian kernel of width s between the points x. Stops when |r| < 10⁻⁶ √M, the rule of
/// KeOps's solver, or after `limit` steps.
///
/// # Errors
/// Those of the formula.
pub fn solve(
    x: &[[f32; 3]],
    b: &[[f32; 1]],
    s: f32,
    ridge: f32,
    limit: usize,
) -> Result<Vec<f32>, keops::Error> {
    let b = b.as_flattened();
    let enough = 1e-12 * b.len() as f64;
    let mut a = vec![0.0; b.len()];
    let mut residual = b.to_vec();
    let mut direction = b.to_vec();
    let mut size = dot(&residual, &residual);
    for _ in 0..limit {
        if size < enough {
            break;
        }
        let mut image: Vec<f32> = gaussian(x, x, &direction, s)?;
        add(&mut image, ridge, &direction);
        let step = size / dot(&direction, &image);
        add(&mut a, step as f32, &direction);
        add(&mut residual, -step as f32, &image);
        let previous = size;
        size = dot(&residual, &residual);
        let turn = (size / previous) as f32;
        direction.iter_mut().zip(&residual).for_each(|(d, r)| *d = r + turn * *d);
    }
    Ok(a)
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
}

fn add(to: &mut [f32], factor: f32, what: &[f32]) {
    to.iter_mut().zip(what).for_each(|(t, w)| *t += factor * w);
}
