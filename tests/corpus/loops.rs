//! Loops: what they stand for, against the definition by hand.

use approx::assert_relative_eq;
use keops::keops;

keops! {
    /// The tutorial's loop over sigmas, which starts from the integer 0.
    pub fn several_sigmas_by_a_loop(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, sigmas: Pm<4>) -> Vi<2> {
        let d2 = x_i.sqdist(y_j);
        let mut k = 0;
        for sigma in sigmas { k += (-d2 / (2*sigma**2)).exp(); }
        k * b_j
    }

    /// Two loops, one in another, indices that are computed, and a list of weights.
    pub fn polynomials(x_i: Vi<4>, y_j: Vj<4>, b_j: Vj<1>) -> Vi<1> {
        let mut minors = 0;
        for a in 0..3 {
            for b in a+1..4 {
                let minor = x_i[a] * y_j[b] - x_i[b] * y_j[a];
                minors += minor^2;
            }
        }
        let mut series = 1;
        for c in [0.5, -0.25, 2] {
            series *= x_i | y_j;
            series += c;
        }
        (minors + series) * b_j
    }
}

/// Points in `D` dimensions, not far from 0.
fn points<const D: usize>(n: usize, seed: f64) -> Vec<[f64; D]> {
    (0..n).map(|k| std::array::from_fn(|d| (seed + 1.7 * k as f64 + 2.3 * d as f64).sin())).collect()
}

#[test]
fn a_loop_is_the_sum_of_its_rounds() -> Result<(), keops::Error> {
    let (x, y, b, sigmas) =
        (points::<3>(5, 0.0), points::<3>(7, 1.0), points::<2>(7, 2.0), [0.5, 1.0, 2.0, 4.0]);
    for (x, row) in x.iter().zip(several_sigmas_by_a_loop(&x, &y, &b, sigmas)?) {
        let mut wanted = [0.0; 2];
        for (y, b) in y.iter().zip(&b) {
            let d2: f64 = x.iter().zip(y).map(|(x, y)| (x - y).powi(2)).sum();
            let k: f64 = sigmas.iter().map(|s| (-d2 / (2.0 * s * s)).exp()).sum();
            wanted.iter_mut().zip(b).for_each(|(w, b)| *w += k * b);
        }
        // A few dozen roundings of numbers of the order of 1.
        assert_relative_eq!(row[0], wanted[0], epsilon = 1e-14);
        assert_relative_eq!(row[1], wanted[1], epsilon = 1e-14);
    }
    Ok(())
}

#[test]
fn loops_nest_and_count() -> Result<(), keops::Error> {
    let (x, y, b) = (points::<4>(5, 0.0), points::<4>(7, 1.0), points::<1>(7, 2.0));
    for (x, row) in x.iter().zip(polynomials(&x, &y, &b)?) {
        let mut wanted = 0.0;
        for (y, [b]) in y.iter().zip(&b) {
            // Lagrange's identity: the squares of the minors are |x|² |y|² − (x·y)².
            let dot = |a: &[f64; 4], b: &[f64; 4]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
            let d = dot(x, y);
            let series = ((d + 0.5) * d - 0.25) * d + 2.0;
            wanted += (dot(x, x) * dot(y, y) - d * d + series) * b;
        }
        assert_relative_eq!(row, wanted, epsilon = 1e-13);
    }
    Ok(())
}
