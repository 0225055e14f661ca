//! Sums of a million terms in `f32`: their errors do not grow with the number of terms.

use keops::keops;
use keops_workloads::check::largest;
use keops_workloads::cloud::Cloud;
use keops_workloads::naive::squared_distance;

const COLUMNS: usize = 1_000_000;

/// The largest error, of Σ|terms|. One `f32` addition is off by up to 6e-8 of its result: a tile of 64 columns sums to
/// within some roundings of its terms, and the tiles are summed in twice the precision. The rest are the errors of the
/// terms themselves. (One sum in one `f32` is off by 1e-4 and more, which the test asks too.)
const BOUND: f64 = 5e-7;

keops! {
    fn gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Exp(-SqDist(x_i, y_j) / s^2) * b_j
    }
    fn others(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> (Vi<1>, Vi<1>, Vi<1>) {
        (Sum_j(b_j * Cos(s * (x_i | y_j))), Mean_j(b_j / (s^2 + SqDist(x_i, y_j))), LogSumExp_j(-SqDist(x_i, y_j) / s^2))
    }
    fn exponentials(x_i: Vi<1>, y_j: Vj<1>, b_j: Vj<1>) -> (Vi<1>, Vi<1>) {
        (LogSumExp_j(x_i * y_j), SumSoftMaxWeight_j(x_i * y_j, b_j))
    }
}

/// Three rows, a million columns.
fn cloud(value: impl Fn(f32) -> f32) -> Cloud<f32, 3, 1> {
    let mut cloud = Cloud::new(3, COLUMNS, &[1.0]);
    cloud.b.iter_mut().for_each(|b| b[0] = value(b[0]));
    cloud
}

/// For each row the sum of the terms in `f64`, and that of their absolute values.
fn exact(cloud: &Cloud<f32, 3, 1>, term: impl Fn(&[f64; 3], &[f64; 3], f64) -> f64) -> Vec<(f64, f64)> {
    let wide = cloud.some::<f64>(1);
    let row = |x: &[f64; 3]| {
        wide.y.iter().zip(&wide.b).fold((0.0, 0.0), |(sum, size), (y, b)| {
            let term = term(x, y, b[0]);
            (sum + term, size + term.abs())
        })
    };
    wide.x.iter().map(row).collect()
}

/// The largest |result - sum| / Σ|terms|.
fn error(results: &[f32], exact: &[(f64, f64)]) -> f64 {
    assert_eq!(results.len(), exact.len());
    let errors = results.iter().zip(exact).map(|(r, (sum, size))| (f64::from(*r) - sum).abs() / size);
    largest(errors)
}

fn kernel(x: &[f64; 3], y: &[f64; 3], b: f64) -> f64 {
    (-squared_distance(x, y)).exp() * b
}

#[test]
fn a_million_gaussians() {
    // Of one sign, and of both, which cancel.
    for (signs, value) in [("one", f32::abs as fn(f32) -> f32), ("both", |b| b)] {
        let c = cloud(value);
        let sums = gaussian(&c.x, &c.y, &c.b, c.s[0]).unwrap();
        let error = error(&sums, &exact(&c, kernel));
        println!("values of {signs}: {error:.1e}");
        assert!(error <= BOUND, "values of {signs}: {error:.1e} of the terms");
    }
}

#[test]
fn one_f32_would_not_do() {
    let c = cloud(f32::abs);
    let row = |x: &[f32; 3]| {
        c.y.iter().zip(&c.b).fold(0.0f32, |sum, (y, b)| sum + (-squared_distance(x, y)).exp() * b[0])
    };
    let sums: Vec<f32> = c.x.iter().map(row).collect();
    assert!(error(&sums, &exact(&c, kernel)) > 20.0 * BOUND);
}

#[test]
fn a_million_others() {
    let c = cloud(|b| b);
    let (waves, means, logarithms) = others(&c.x, &c.y, &c.b, c.s[0]).unwrap();
    let wave = exact(&c, |x, y, b| b * (x[0] * y[0] + x[1] * y[1] + x[2] * y[2]).cos());
    let mean = exact(&c, |x, y, b| b / (1.0 + squared_distance(x, y)));
    let mean: Vec<_> = mean.iter().map(|(sum, size)| (sum / COLUMNS as f64, size / COLUMNS as f64)).collect();
    let errors = [error(&waves, &wave), error(&means, &mean)];
    assert!(errors.iter().all(|e| *e <= BOUND), "{errors:?}");
    // The logarithm of a sum that is off by BOUND, rounded.
    let exponentials = exact(&c, |x, y, _| (-squared_distance(x, y)).exp());
    for (logarithm, (sum, _)) in logarithms.iter().zip(exponentials) {
        let bound = BOUND + f64::from(f32::EPSILON) * sum.ln().abs();
        assert!((f64::from(*logarithm) - sum.ln()).abs() <= bound, "{logarithm} for {}", sum.ln());
    }
}

#[test]
fn a_million_rising_exponents() {
    // Each tile has a larger exponent than all before it, by 3e-6 or 6e-5, and other weights.
    let rising = |most: f32| (0..COLUMNS).map(|j| most * j as f32 / COLUMNS as f32).collect::<Vec<_>>();
    let b = rising(1.0);
    for y in [0.05, 1.0].map(rising) {
        // Columns in the lanes of vectors, and rows.
        for rows in [1, 20] {
            let x: Vec<f32> = (0..rows).map(|i| 1.0 + i as f32 / 20.0).collect();
            let (logarithms, means) = exponentials(&x, &y, &b).unwrap();
            for ((x, logarithm), mean) in x.iter().zip(logarithms).zip(means) {
                let (mut sum, mut weighted) = (0.0, 0.0);
                for (y, b) in y.iter().zip(&b) {
                    let term = (f64::from(*x) * f64::from(*y)).exp();
                    (sum, weighted) = (sum + term, weighted + term * f64::from(*b));
                }
                let bound = BOUND + f64::from(f32::EPSILON) * sum.ln();
                assert!((f64::from(logarithm) - sum.ln()).abs() <= bound, "{logarithm} for {}", sum.ln());
                // Of two sums, each off by BOUND.
                let error = f64::from(mean) / (weighted / sum) - 1.0;
                assert!(error.abs() <= 2.0 * BOUND, "{rows} rows, {x}: {error:.1e}");
            }
        }
    }
}
