use super::*;

/// A symmetric positive definite matrix: Gaussians of distances of points on a curve, and something on the diagonal.
fn matrix(n: usize, ridge: f64) -> Vec<Vec<f64>> {
    let point = |k: usize| [(k as f64 * 0.37).sin(), (k as f64 * 0.61).cos(), k as f64 * 0.03];
    let distance =
        |a: usize, b: usize| -> f64 { point(a).iter().zip(point(b)).map(|(a, b)| (a - b).powi(2)).sum() };
    let entry = |a, b| (-4.0 * distance(a, b)).exp() + if a == b { ridge } else { 0.0 };
    (0..n).map(|a| (0..n).map(|b| entry(a, b)).collect()).collect()
}

/// K a, each entry rounded once.
fn apply<T: Real>(matrix: &[Vec<f64>], a: &[T]) -> Result<Vec<T>, Error> {
    let entry = |row: &Vec<f64>| T::from_f64(row.iter().zip(a).map(|(k, a)| k * a.to_f64()).sum());
    Ok(matrix.iter().map(entry).collect())
}

/// The solution by elimination, without pivots, which a positive definite matrix does not need.
fn by_elimination(mut matrix: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for k in 0..n {
        for row in k + 1..n {
            let factor = matrix[row][k] / matrix[k][k];
            let pivot = matrix[k].clone();
            matrix[row].iter_mut().zip(&pivot).for_each(|(x, p)| *x -= factor * p);
            b[row] -= factor * b[k];
        }
    }
    for k in (0..n).rev() {
        let known: f64 = (k + 1..n).map(|c| matrix[k][c] * b[c]).sum();
        b[k] = (b[k] - known) / matrix[k][k];
    }
    b
}

fn right_side(n: usize) -> Vec<f64> {
    (0..n).map(|k| (k as f64 * 1.3).sin() + 0.2).collect()
}

#[test]
fn the_solution_is_that_of_elimination() {
    let (n, alpha) = (60, 0.3);
    let (k, b) = (matrix(n, 0.0), right_side(n));
    let wanted = by_elimination(matrix(n, alpha), b.clone());
    let solver = ConjugateGradients { alpha, tolerance: 1e-12, ..Default::default() };
    let found = solver.solve(&b, |a| apply(&k, a)).unwrap();
    // |a − a*| ≤ |residual| / α.
    let most = 1e-12 * norm(&b) / alpha;
    assert!(found.a.iter().zip(&wanted).all(|(a, w)| (a - w).abs() <= most));
    assert!(found.residual <= 1e-12 && (1..=n).contains(&found.iterations), "{found:?}");
}

#[test]
fn single_precision_reaches_its_tolerance_in_the_rows_returned() {
    let (n, alpha) = (60, 0.3);
    let (k, b) = (matrix(n, 0.0), right_side(n));
    let rounded: Vec<f32> = b.iter().map(|b| *b as f32).collect();
    let solver = ConjugateGradients { alpha, tolerance: 1e-6, ..Default::default() };
    let found = solver.solve(&rounded, |a| apply(&k, a)).unwrap();
    let a: Vec<f64> = found.a.iter().map(|a| f64::from(*a)).collect();
    let image = apply(&matrix(n, alpha), &a).unwrap();
    let residuals: Vec<f64> = rounded.iter().zip(&image).map(|(b, y)| f64::from(*b) - y).collect();
    // K a was rounded to f32 on the way.
    let rounding = f64::from(f32::EPSILON) * norm(&image);
    assert!(norm(&residuals) <= 1e-6 * norm(&b) + rounding);
}

#[test]
fn rows_of_several_numbers_can_be_coupled() {
    let (n, alpha) = (20, 0.5);
    // [[2, 1], [1, 2]] ⊗ K
    let k = matrix(n, 0.0);
    let couple = |a: &[[f64; 2]]| -> Result<Vec<[f64; 2]>, Error> {
        let column = |c: usize| apply(&k, &a.iter().map(|a| a[c]).collect::<Vec<f64>>());
        let (u, v) = (column(0)?, column(1)?);
        Ok(u.iter().zip(&v).map(|(u, v)| [2.0 * u + v, u + 2.0 * v]).collect())
    };
    let b: Vec<[f64; 2]> = right_side(n).iter().map(|b| [*b, 1.0 - b]).collect();
    let solver = ConjugateGradients { alpha, tolerance: 1e-12, ..Default::default() };
    let found = solver.solve(&b, couple).unwrap();
    // In a[0] ± a[1] the system falls apart into (3 K + α) and (K + α).
    for (sign, factor) in [(1.0, 3.0), (-1.0, 1.0)] {
        let scaled = |a: usize, c: usize| factor * k[a][c] + if a == c { alpha } else { 0.0 };
        let whole = (0..n).map(|a| (0..n).map(|c| scaled(a, c)).collect()).collect();
        let wanted = by_elimination(whole, b.iter().map(|b| b[0] + sign * b[1]).collect());
        for (a, wanted) in found.a.iter().zip(wanted) {
            assert!((a[0] + sign * a[1] - wanted).abs() <= 1e-10, "{a:?} {wanted}");
        }
    }
}

#[test]
fn numbers_of_any_size_are_solved_alike() {
    let k = matrix(40, 0.0);
    let solver = ConjugateGradients { alpha: 0.1, ..Default::default() };
    let solve = |scale: f32| {
        let b: Vec<f32> = right_side(40).iter().map(|b| scale * *b as f32).collect();
        solver.solve(&b, |a| apply(&k, a)).unwrap()
    };
    let found = solve(1.0);
    for scale in [2.0f32.powi(-100), 2.0f32.powi(100)] {
        let scaled = solve(scale);
        assert_eq!(scaled.iterations, found.iterations);
        assert!(scaled.a.iter().zip(&found.a).all(|(s, a)| *s == scale * a));
    }
}

#[test]
fn numbers_of_any_size_in_double_precision_too() {
    let k = matrix(40, 0.0);
    let solver = ConjugateGradients { alpha: 0.1, ..Default::default() };
    let b = right_side(40);
    let found = solver.solve(&b, |a| apply(&k, a)).unwrap();
    let scale = |factor: f64, numbers: &[f64]| numbers.iter().map(|x| factor * x).collect::<Vec<f64>>();
    for factor in [2.0f64.powi(-900), 2.0f64.powi(-565), 2.0f64.powi(532), 2.0f64.powi(1018)] {
        let scaled = solver.solve(&scale(factor, &b), |a| apply(&k, a)).unwrap();
        let wanted = Solution { a: scale(factor, &found.a), ..found };
        assert_eq!(scaled, wanted, "b times {factor:e}");
    }
    // So does a matrix.
    for factor in [2.0f64.powi(-565), 2.0f64.powi(532)] {
        let solver = ConjugateGradients { alpha: 0.1 * factor, ..solver };
        let scaled = solver.solve(&b, |a| Ok(scale(factor, &apply(&k, a)?))).unwrap();
        let wanted = Solution { a: scale(1.0 / factor, &found.a), ..found };
        assert_eq!(scaled, wanted, "K times {factor:e}");
    }
    // The largest numbers have a norm beyond them.
    let solver = ConjugateGradients::default();
    let largest = solver.solve(&[f64::MAX; 40], |a| Ok(scale(2.0, a))).unwrap();
    assert!(largest.a.iter().all(|a| (2.0 * (a / f64::MAX) - 1.0).abs() < 1e-5));
    let least = solver.solve(&[f64::MIN_POSITIVE; 40], |a| Ok(scale(0.5, a))).unwrap();
    assert!(least.a.iter().all(|a| (0.5 * (a / f64::MIN_POSITIVE) - 1.0).abs() < 1e-5));
}

#[test]
fn a_tolerance_below_zero_is_zero() {
    let solver = ConjugateGradients { tolerance: -1.0, ..Default::default() };
    let exact = solver.solve(&[1.0, 2.0], |a| Ok(a.to_vec())).unwrap();
    assert_eq!((exact.a, exact.residual), (vec![1.0, 2.0], 0.0));
    let (k, b) = (matrix(20, 0.1), right_side(20));
    let error = solver.solve(&b, |a| apply(&k, a)).unwrap_err();
    assert!(matches!(error, SolveError::NotConverged { tolerance: 0.0, .. }), "{error}");
}

#[test]
fn nothing_is_a_solution_of_nothing() {
    let solver = ConjugateGradients::default();
    let empty = solver.solve::<f32>(&[], |_| panic!("there is nothing to apply K to")).unwrap();
    assert_eq!(empty, Solution { a: vec![], iterations: 0, residual: 0.0 });
    let zero = solver.solve(&[[0.0f64; 3]; 2], |_| panic!("a is 0")).unwrap();
    assert_eq!(zero, Solution { a: vec![[0.0; 3]; 2], iterations: 0, residual: 0.0 });
}

#[test]
fn at_the_limit_of_iterations_the_best_so_far_is_in_the_error() {
    let (k, b) = (matrix(60, 1e-3), right_side(60));
    let few = ConjugateGradients { tolerance: 1e-10, max_iterations: 3, ..Default::default() };
    let mut calls = 0;
    let error = few.solve(&b, |a| {
        calls += 1;
        apply(&k, a)
    });
    let Err(SolveError::NotConverged { solution, at_limit: true, .. }) = error else { panic!("{error:?}") };
    assert_eq!((solution.iterations, calls), (3, 4));
    let image = apply(&k, &solution.a).unwrap();
    let residuals: Vec<f64> = b.iter().zip(&image).map(|(b, y)| b - y).collect();
    assert!((norm(&residuals) / norm(&b) / solution.residual - 1.0).abs() < 1e-9);
    assert!(solution.residual < 1.0);

    let none = ConjugateGradients { max_iterations: 0, ..few };
    assert!(matches!(none.solve(&b, |a| apply(&k, a)), Err(SolveError::NotConverged { .. })));
}

#[test]
fn what_rounding_does_not_allow_ends() {
    // The smallest eigenvalues are far below the rounding errors of K a.
    let k = matrix(60, 0.0);
    let b: Vec<f32> = right_side(60).iter().map(|b| *b as f32).collect();
    let solver = ConjugateGradients { tolerance: 1e-7, max_iterations: 100_000, ..Default::default() };
    let error = solver.solve(&b, |a| apply(&k, a)).unwrap_err();
    let SolveError::NotConverged { solution, at_limit: false, .. } = &error else { panic!("{error:?}") };
    assert!(solution.residual > 1e-7 && solution.residual < 1.0, "{}", solution.residual);
    assert!(error.to_string().contains("raise `alpha`"), "{error}");
}

#[test]
fn a_matrix_with_a_negative_direction_is_refused() {
    let (k, b) = (matrix(30, 0.0), right_side(30));
    let negative = |a: &[f64]| -> Result<Vec<f64>, Error> { Ok(apply(&k, a)?.iter().map(|y| -y).collect()) };
    let error = ConjugateGradients { alpha: 0.1, ..Default::default() }.solve(&b, negative).unwrap_err();
    let SolveError::NotPositive { curvature } = error else { panic!("{error:?}") };
    assert!(curvature < 0.0);
}

#[test]
fn numbers_that_are_none_are_refused() {
    let k = matrix(5, 0.0);
    let solver = ConjugateGradients::default();
    for bad in [f64::NAN, f64::INFINITY] {
        let b = [1.0, bad, 0.0, 0.0, 0.0];
        assert_eq!(solver.solve(&b, |a| apply(&k, a)), Err(SolveError::NotFinite));
        assert_eq!(solver.solve(&[1.0; 5], |_| Ok(vec![bad; 5])), Err(SolveError::NotFinite));
        let setting = ConjugateGradients { alpha: bad, ..solver };
        assert_eq!(setting.solve(&[1.0; 5], |a| apply(&k, a)), Err(SolveError::NotFinite));
    }
}

#[test]
fn errors_of_the_formula_are_passed_on() {
    let solver = ConjugateGradients::default();
    let error = Error::TooLarge { rows: 1, dim: 2 };
    let found = solver.solve(&[1.0f32], |_| Err(error.clone())).unwrap_err();
    assert_eq!((found.to_string(), found), (error.to_string(), SolveError::Formula(error)));
    let rows = solver.solve(&[1.0f32; 3], |_| Ok(vec![0.0; 2])).unwrap_err();
    assert_eq!(rows, SolveError::Rows { given: 3, returned: 2 });
}
