//! Linear systems whose matrix is a formula: their solutions and gradients.

use approx::assert_relative_eq;
use keops::keops;
use keops::solve::{ConjugateGradients, SolveError};

keops! {
    /// The operator of KeOps's tutorial: the same points as i and as j.
    #[grad]
    fn kernel(x_i: Vi<2>, x_j: Vj<2>, a_j: Vj<1>, s: Pm<1>) -> Vi<1> { Exp(-SqDist(x_i, x_j) / s^2) * a_j }

    /// A kernel whose values are matrices, −½ of the second derivatives of exp(-|d|²): exp(-|d|²) (I − 2 d dᵀ), which is positive
    /// because the Gaussian is.
    fn coupled(x_i: Vi<2>, x_j: Vj<2>, a_j: Vj<2>) -> Vi<2> {
        let d = x_i - x_j;
        Exp(-SqNorm2(d)) * (a_j - 2 * (d | a_j) * d)
    }

    /// Not positive: distances themselves.
    fn distances(x_i: Vi<2>, x_j: Vj<2>, a_j: Vj<1>) -> Vi<1> { Norm2(x_i - x_j) * a_j }
}

const SOLVER: ConjugateGradients = ConjugateGradients { alpha: 0.1, tolerance: 1e-13, max_iterations: 1000 };

fn points(n: usize) -> Vec<[f64; 2]> {
    (0..n).map(|k| [(k as f64 * 1.7).sin() * 2.0, (k as f64 * 2.3).cos() * 2.0]).collect()
}

fn right_side(n: usize) -> Vec<f64> {
    (0..n).map(|k| (k as f64 * 0.9).cos()).collect()
}

#[test]
fn the_solution_solves_in_both_precisions() {
    let (x, b) = (points(700), right_side(700));
    let a = SOLVER.solve(&b, |a| kernel(&x, &x, a, 0.5)).unwrap().a;
    let image = kernel(&x, &x, &a, 0.5).unwrap();
    for ((b, a), y) in b.iter().zip(&a).zip(&image) {
        // The residual is at most 1e-13 |b|, and |b| < √700.
        assert!((b - (0.1 * a + y)).abs() < 3e-12);
    }
    let x: Vec<[f32; 2]> = x.iter().map(|x| x.map(|x| x as f32)).collect();
    let b: Vec<f32> = b.iter().map(|b| *b as f32).collect();
    let single = ConjugateGradients { tolerance: 1e-5, ..SOLVER };
    let found = single.solve(&b, |a| kernel(&x, &x, a, 0.5)).unwrap();
    let norm = |of: &mut dyn Iterator<Item = f64>| of.map(|v| v * v).sum::<f64>().sqrt();
    let difference = norm(&mut found.a.iter().zip(&a).map(|(f, a)| f64::from(*f) - a));
    let (right, solution) = (norm(&mut b.iter().map(|b| f64::from(*b))), norm(&mut a.iter().copied()));
    // The residual is 1e-5 |b|, b is rounded to 6e-8, and the entries of K, of which there are 700 in a row, to some 2e-7.
    // What is off on the right grows by 1/α at most.
    assert!(difference < 10.0 * (1.1e-5 * right + 700.0 * 2e-7 * solution));
}

#[test]
fn kernels_of_matrices_are_solved_with() {
    let x = points(200);
    let b: Vec<[f64; 2]> = right_side(200).iter().map(|b| [*b, b * b - 0.3]).collect();
    let found = SOLVER.solve(&b, |a| coupled(&x, &x, a)).unwrap();
    for ((b, a), y) in b.iter().zip(&found.a).zip(coupled(&x, &x, &found.a).unwrap()) {
        // As above.
        assert!((0..2).all(|k| (b[k] - 0.1 * a[k] - y[k]).abs() < 3e-12));
    }
}

#[test]
fn what_is_not_positive_is_refused() {
    let x = points(50);
    let error = SOLVER.solve(&right_side(50), |a| distances(&x, &x, a)).unwrap_err();
    assert!(matches!(error, SolveError::NotPositive { .. }), "{error}");
}

#[test]
fn gradients_of_a_solution_are_differences() {
    let (x, b, s) = (points(25), right_side(25), 0.8);
    // L = Σ e_i a_i
    let e: Vec<f64> = (0..25).map(|k| (k as f64 * 0.4).sin()).collect();
    let solve = |x: &[[f64; 2]], b: &[f64], s: f64| SOLVER.solve(b, |a| kernel(x, x, a, s)).unwrap().a;
    let cost = |x: &[[f64; 2]], b: &[f64], s: f64| -> f64 {
        solve(x, b, s).iter().zip(&e).map(|(a, e)| a * e).sum()
    };

    let (a, in_b) = (solve(&x, &b, s), solve(&x, &e, s));
    let in_s = -kernel::grad_s(&x, &x, &a, s, &in_b).unwrap();
    let first = kernel::grad_x_i(&x, &x, &a, s, &in_b).unwrap();
    let second = kernel::grad_x_i(&x, &x, &in_b, s, &a).unwrap();

    // Central differences: an error of the order of h², and of 1e-13 / h from the solutions.
    let (h, most) = (1e-4, 1e-6);
    assert_relative_eq!(in_s, (cost(&x, &b, s + h) - cost(&x, &b, s - h)) / (2.0 * h), max_relative = most);
    for k in [0, 7, 24] {
        let moved = |by: f64| {
            let mut b = b.clone();
            b[k] += by;
            cost(&x, &b, s)
        };
        assert_relative_eq!(in_b[k], (moved(h) - moved(-h)) / (2.0 * h), epsilon = most);
        for c in 0..2 {
            let moved = |by: f64| {
                let mut x = x.clone();
                x[k][c] += by;
                cost(&x, &b, s)
            };
            let difference = (moved(h) - moved(-h)) / (2.0 * h);
            assert_relative_eq!(-first[k][c] - second[k][c], difference, epsilon = most, max_relative = most);
        }
    }
}
