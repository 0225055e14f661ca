//! A height is measured at 5000 scattered places, with noise. What is it in between? Kernel ridge regression, which is also
//! the mean of a Gaussian process: weights a with (α I + K) a = b, K the Gaussian kernel between all pairs of places, and
//! then Σ_j k(x, y_j) a_j at any x. K has 25 million entries and is never stored: conjugate gradients apply it as a
//! formula. Prints the error beside the noise, and draws the measurements and what was made of them.
//!
//! ```text
//! cargo run --release --example kernel_regression
//! ```

use keops::keops;
use keops::solve::ConjugateGradients;
use plotters::prelude::*;
use std::error::Error;
use std::path::Path;
use std::time::Instant;

keops! {
    /// Σ_j exp(-|x_i - y_j|² / 2s²) a_j
    pub fn kernel(x_i: Vi<2>, y_j: Vj<2>, a_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Exp(-SqDist(x_i, y_j) / (2 * s^2)) * a_j
    }
}

const PLACES: usize = 5000;
/// The standard deviation of the noise. The heights are of the order of 1.
const NOISE: f64 = 0.3;
/// The width of the kernel; the square has side 1.
const WIDTH: f64 = 0.06;
/// Points of a side of the map.
const SIDE: usize = 200;

/// The height without noise: a ridge, a hill, and waves beside them.
fn height([x, y]: [f64; 2]) -> f64 {
    let ridge = (-((y - 0.3 - 0.2 * (5.0 * x).sin()) / 0.08).powi(2)).exp();
    let hill = (-((x - 0.75).powi(2) + (y - 0.75).powi(2)) / 0.02).exp();
    ridge + 1.2 * hill + 0.25 * (25.0 * x).sin() * (1.0 - x) * y
}

/// Numbers between 0 and 1, the same in every run (a Weyl sequence, whose bits are mixed).
fn uniform(seed: u64) -> impl Iterator<Item = f64> {
    (1u64..).map(move |k| {
        let mut bits = (seed + k).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        ((bits ^ (bits >> 27)) >> 11) as f64 / (1u64 << 53) as f64
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = uniform(1);
    let mut next = || numbers.next().unwrap_or(0.5);
    let y: Vec<[f64; 2]> = (0..PLACES).map(|_| [next(), next()]).collect();
    // Twelve uniform numbers less 6 are nearly normal.
    let b: Vec<f64> =
        y.iter().map(|y| height(*y) + NOISE * ((0..12).map(|_| next()).sum::<f64>() - 6.0)).collect();

    // The ridge of a Gaussian process is the variance of the noise, in units of that of the heights.
    let ridge = ConjugateGradients { alpha: NOISE * NOISE, tolerance: 1e-6, max_iterations: 2000 };
    let start = Instant::now();
    let solution = ridge.solve(&b, |a| kernel(&y, &y, a, WIDTH))?;
    let pairs = (PLACES * PLACES * (solution.iterations + 1)) as f64;
    println!(
        "{PLACES} places: {} iterations in {:.1?}, a residual of {:.1e}, {:.1e} pairs/s in f64",
        solution.iterations,
        start.elapsed(),
        solution.residual,
        pairs / start.elapsed().as_secs_f64()
    );

    let along = |k: usize| (k as f64 + 0.5) / SIDE as f64;
    let grid: Vec<[f64; 2]> = (0..SIDE * SIDE).map(|k| [along(k % SIDE), along(k / SIDE)]).collect();
    let fitted = kernel(&grid, &y, &solution.a, WIDTH)?;
    let squares = grid.iter().zip(&fitted).map(|(x, f)| (f - height(*x)).powi(2));
    let error = (squares.sum::<f64>() / fitted.len() as f64).sqrt();
    println!(
        "  noise of a measurement {NOISE}, error of the fit {error:.3}, {:.0} times less",
        NOISE / error
    );

    // Some 2π s² n = 110 places lie within a width of each other, whose mean has a tenth of the noise.
    if error.is_nan() || error > NOISE / 3.0 {
        return Err("the fit is no better than the measurements".into());
    }

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/kernel_regression/heights.png");
    std::fs::create_dir_all(path.with_file_name(""))?;
    draw(&path, &y, &b, &fitted)?;
    println!("  measurements, fit and truth: {}", path.display());
    Ok(())
}

/// Three squares side by side: what was measured, what was fitted, what is true.
fn draw(path: &Path, y: &[[f64; 2]], b: &[f64], fitted: &[f64]) -> Result<(), Box<dyn Error>> {
    const PIXELS: i32 = 2 * SIDE as i32;
    const GAP: i32 = 16;
    let size = (3 * PIXELS + 4 * GAP, PIXELS + 2 * GAP);
    let canvas = BitMapBackend::new(path, (size.0 as u32, size.1 as u32)).into_drawing_area();
    canvas.fill(&RGBColor(16, 18, 28))?;
    let place = |panel: i32, x: f64, y: f64| {
        let (left, bottom) = (GAP + panel * (PIXELS + GAP), GAP + PIXELS);
        (left + (x * f64::from(PIXELS)).round() as i32, bottom - (y * f64::from(PIXELS)).round() as i32)
    };
    for (y, b) in y.iter().zip(b) {
        canvas.draw(&Circle::new(place(0, y[0], y[1]), 2, colour(*b).filled()))?;
    }
    let step = 1.0 / SIDE as f64;
    for (k, value) in fitted.iter().enumerate() {
        let (x, y) = ((k % SIDE) as f64 * step, (k / SIDE) as f64 * step);
        for (panel, value) in [(1, *value), (2, height([x + step / 2.0, y + step / 2.0]))] {
            let corners = [place(panel, x, y), place(panel, x + step, y + step)];
            canvas.draw(&Rectangle::new(corners, colour(value).filled()))?;
        }
    }
    canvas.present()?;
    Ok(())
}

/// From deep blue (−0.5) over green and sand to white (1.4).
fn colour(height: f64) -> RGBColor {
    const SCALE: [[f64; 3]; 5] =
        [[20.0, 40.0, 110.0], [40.0, 120.0, 150.0], [90.0, 160.0, 90.0], [220.0, 190.0, 120.0], [255.0; 3]];
    let at = ((height + 0.5) / 1.9).clamp(0.0, 1.0) * 4.0;
    let k = (at as usize).min(3);
    let mix = |c: usize| (SCALE[k][c] + (at - k as f64) * (SCALE[k + 1][c] - SCALE[k][c])) as u8;
    RGBColor(mix(0), mix(1), mix(2))
}
