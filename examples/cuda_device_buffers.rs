//! A field is measured with much noise at 20,000 points of a sphere. It is smoothed in a few steps, and then its slope is
//! wanted everywhere. All of it happens on a CUDA device: the points go there once, each step reads what the last one left
//! there, and only the results come back. They are compared, for one point in a hundred, with the same function in `f64`
//! on the processor. Without a driver or device the steps run on the processor, too, after a line that says why.
//!
//! ```text
//! cargo run --release --features cuda --example cuda_device_buffers [POINTS]
//! ```

use keops::cuda::Device;
use keops::{Error, keops};
use std::f64::consts::PI;
use std::process::ExitCode;
use std::time::Instant;

keops! {
    /// The mean of b with Gaussian weights: f_i = Σ_j w_ij b_j / Σ_j w_ij with w_ij = exp(-|x_i - y_j|² / 2s²).
    #[grad(x_i)]
    pub fn smooth(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        let w = Exp(-SqDist(x_i, y_j) / (2 * s^2));
        Sum_j(w * b_j) / Sum_j(w)
    }
}

const STEPS: usize = 4;

/// The width of the Gaussian, in mean distances of neighbours.
const WIDTH: f64 = 3.0;

/// One row in so many is compared.
const STRIDE: usize = 100;

/// How far a smoothed number may be from that in `f64`. A weight has some ten roundings behind it, a sum in working
/// precision some 256, whose errors add up like a random walk, to 16: 26 · 2⁻²⁴ of numbers below 2.5, and twice that.
const TOLERANCE: f64 = 8e-6;

/// What is wanted of a field, and the field that the last step read.
struct Smoothed {
    before: Vec<f32>,
    field: Vec<f32>,
    slope: Vec<[f32; 3]>,
}

/// All steps on a device. Results are rows there, as the arguments are, until they are downloaded. From the second step on
/// a kernel writes over what the step before the last has left.
fn on_device(device: &Device, points: &[[f32; 3]], measured: &[f32], s: f32) -> Result<Smoothed, Error> {
    let x = device.upload(points)?;
    let seed = device.upload_column(&vec![1.0; points.len()])?;
    let mut before = device.upload_column(measured)?;
    let mut field = smooth(&x, &x, &before, s)?;
    for _ in 1..STEPS {
        std::mem::swap(&mut before, &mut field);
        smooth::into(&mut field, &x, &x, &before, s)?;
    }
    let slope = smooth::grad_x_i(&x, &x, &before, s, &seed)?;
    Ok(Smoothed { before: before.download()?, field: field.download()?, slope: slope.download()? })
}

/// The same on the processor: the calls are those, of slices.
fn on_host(points: &[[f32; 3]], measured: &[f32], s: f32) -> Result<Smoothed, Error> {
    let seed = vec![1.0; points.len()];
    let mut before = measured.to_vec();
    let mut field = smooth(points, points, &before, s)?;
    for _ in 1..STEPS {
        std::mem::swap(&mut before, &mut field);
        smooth::into(&mut field, points, points, &before, s)?;
    }
    let slope = smooth::grad_x_i(points, points, &before, s, &seed)?;
    Ok(Smoothed { before, field, slope })
}

fn main() -> ExitCode {
    let Ok(points @ 1..) = std::env::args().nth(1).map_or(Ok(20_000), |text| text.parse()) else {
        eprintln!("usage: cuda_device_buffers [POINTS], at least one");
        return ExitCode::FAILURE;
    };
    // What is returned from `main` would be printed as `Debug` does.
    match run(points) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(n: usize) -> Result<(), Box<dyn std::error::Error>> {
    let points = sphere(n);
    let truth: Vec<f32> = points.iter().map(|[x, y, z]| x * y + z).collect();
    let measured: Vec<f32> = truth.iter().zip(noise()).map(|(value, noise)| value + noise).collect();
    let s = (WIDTH * (4.0 * PI / n as f64).sqrt()) as f32;
    println!("{STEPS} steps of smoothing and the slope at {n} points, Gaussian of width {s:.3}");

    let (place, start, smoothed) = match Device::first() {
        Ok(device) => {
            let name = device.name()?;
            let start = Instant::now();
            (name, start, on_device(&device, &points, &measured, s))
        }
        Err(reason @ (Error::NoDriver { .. } | Error::NoDevice { .. })) => {
            println!("  not on a device: {reason}");
            ("the processor".to_owned(), Instant::now(), on_host(&points, &measured, s))
        }
        Err(other) => return Err(other.into()),
    };
    let (smoothed, seconds) = (smoothed?, start.elapsed().as_secs_f64());

    let steepest =
        smoothed.slope.iter().map(|g| g.iter().map(|k| k * k).sum::<f32>().sqrt()).fold(0.0, f32::max);
    let difference = difference_from_f64(&points, &smoothed, s)?;
    println!(
        "  {seconds:.3} s on {place}; noise {:.3} before, {:.3} after; steepest slope {steepest:.2}; \
         largest difference from f64 {difference:.1e}",
        distance(&measured, &truth),
        distance(&smoothed.field, &truth),
    );
    if difference < TOLERANCE { Ok(()) } else { Err("the difference is too large".into()) }
}

/// The largest difference of the last step from the same in `f64` on the processor, for one row in [`STRIDE`].
fn difference_from_f64(points: &[[f32; 3]], smoothed: &Smoothed, s: f32) -> Result<f64, Error> {
    let y: Vec<[f64; 3]> = points.iter().map(|point| point.map(f64::from)).collect();
    let b: Vec<f64> = smoothed.before.iter().map(|value| f64::from(*value)).collect();
    let x: Vec<[f64; 3]> = y.iter().copied().step_by(STRIDE).collect();
    let exact: Vec<f64> = smooth(&x, &y, &b, f64::from(s))?;
    let field = smoothed.field.iter().step_by(STRIDE);
    // In the total order NaN is above all numbers, and so is not overlooked.
    let differences = field.zip(&exact).map(|(a, b)| (f64::from(*a) - b).abs());
    Ok(differences.max_by(f64::total_cmp).unwrap_or(0.0))
}

/// Points spread evenly over the unit sphere: on a spiral from pole to pole, each turned by the golden angle.
fn sphere(n: usize) -> Vec<[f32; 3]> {
    let turn = PI * (3.0 - 5.0f64.sqrt());
    let point = |k: usize| {
        let z = 1.0 - (2 * k + 1) as f64 / n as f64;
        let (sin, cos) = (k as f64 * turn).sin_cos();
        let radius = (1.0 - z * z).sqrt();
        [radius * cos, radius * sin, z].map(|coordinate| coordinate as f32)
    };
    (0..n).map(point).collect()
}

/// Numbers between -1 and 1, the same in each run.
fn noise() -> impl Iterator<Item = f32> {
    // The multiplier and increment of Knuth's MMIX; the upper bits are the random ones.
    let next = |state: &u64| {
        Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407))
    };
    std::iter::successors(Some(1), next).map(|state| (state >> 40) as f32 / (1 << 23) as f32 - 1.0)
}

/// The root of the mean squared difference.
fn distance(a: &[f32], b: &[f32]) -> f32 {
    let squares: f32 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
    (squares / a.len() as f32).sqrt()
}
