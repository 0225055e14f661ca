//! Where do people build cities? The kernel density of 45,065 cities on the sphere, at each of them: two billion pairs,
//! in one call. Prints the speed beside that of the loop one would write by hand, and draws a map.
//!
//! ```text
//! cargo run --release --example quickstart
//! ```

mod cities;
mod map;

use keops::keops;
use keops_workloads::check::largest;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

keops! {
    /// The density of the points y at the points x, with a Gaussian of width s: d_i = Σ_j exp(-|x_i - y_j|² / 2s²).
    pub fn density(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> {
        Exp(-SqDist(x_i, y_j) / (2 * s^2))
    }
}

/// The same by hand: one loop in another. The sum is kept in f64, since the result is what `density` is compared with.
fn density_by_hand(x: &[[f32; 3]], y: &[[f32; 3]], s: f32) -> Vec<f32> {
    x.iter()
        .map(|x_i| {
            let mut sum = 0.0f64;
            for y_j in y {
                let squared: f32 = x_i.iter().zip(y_j).map(|(a, b)| (a - b) * (a - b)).sum();
                sum += f64::from((-squared / (2.0 * s * s)).exp());
            }
            sum as f32
        })
        .collect()
}

/// Width of the Gaussian and radius of the Earth, in kilometres.
const WIDTH: f32 = 100.0;
const EARTH: f32 = 6371.0;

/// An exponent e has some four roundings behind it, 2.4e-7 of it, and moves its term by e · 2.4e-7. In the mean over the
/// terms of a city e is below 20: a city's own term is 1. That is 5e-6, in each of the two results.
const TOLERANCE: f64 = 1e-5;

/// The loop by hand is run for every 32nd city only, or one would wait for it.
const STRIDE: usize = 32;

fn main() -> Result<(), Box<dyn Error>> {
    let cities = cities::read()?;
    let points: Vec<[f32; 3]> = cities.iter().map(cities::City::on_sphere).collect();
    let s = WIDTH / EARTH;
    println!("density of {n} cities at {n} cities, Gaussian of {WIDTH} km", n = cities.len());

    let (result, time) = timed(|| density(&points, &points, s));
    let result = result?;
    let speed = report("keops", points.len() * points.len(), time, "on all cores");

    let some: Vec<[f32; 3]> = points.iter().copied().step_by(STRIDE).collect();
    let (by_hand, time) = timed(|| density_by_hand(&some, &points, s));
    let note = format!("on one core, for one city in {STRIDE}");
    let speed_by_hand = report("by hand", some.len() * points.len(), time, &note);

    let differences =
        by_hand.iter().zip(result.iter().step_by(STRIDE)).map(|(a, b)| f64::from((a - b).abs() / a));
    let difference = largest(differences);
    println!("  {:.0} times faster; largest relative difference {difference:.1e}", speed / speed_by_hand);
    if difference > TOLERANCE {
        return Err("the results differ".into());
    }

    let densest = (0..cities.len()).max_by(|a, b| result[*a].total_cmp(&result[*b])).ok_or("no cities")?;
    println!("  densest: {}, as if {:.0} cities were at one place", cities[densest].name, result[densest]);

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/quickstart/cities.png");
    std::fs::create_dir_all(path.with_file_name(""))?;
    map::draw(&path, &cities, &result)?;
    println!("  map, with ticks at 1, 10 and 100: {}", path.display());
    Ok(())
}

fn timed<R>(run: impl FnOnce() -> R) -> (R, Duration) {
    let start = Instant::now();
    let result = run();
    (result, start.elapsed())
}

/// Prints a line; returns the pairs per second.
fn report(name: &str, pairs: usize, time: Duration, note: &str) -> f64 {
    let speed = pairs as f64 / time.as_secs_f64();
    println!(
        "  {name:8} {:>8.3} s  {:>6.2} billion pairs per second, {note}",
        time.as_secs_f64(),
        speed / 1e9
    );
    speed
}
