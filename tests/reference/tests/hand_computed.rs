//! The reference evaluator against values computed by hand.

use keops_reference::data::{Data, Setup};
use keops_reference::evaluate::{Choice, Output, Undefined, evaluate, gradient};
use keops_reference::function;
use keops_reference::precision::Precision;

/// x_i = (1, 2), (3, 4), (0, −1); y_j = (1, 0), (2, 2); s = 2.
fn small(text: &str) -> (keops_compiler::ast::Function, Data) {
    let text = format!("pub fn f(x_i: Vi<2>, y_j: Vj<2>, s: Pm<1>) {text}");
    let function = function(&text);
    let mut data = Data::random(&function, &Setup::sizes(3, 2));
    for (row, x) in [[1.0, 2.0], [3.0, 4.0], [0.0, -1.0]].iter().enumerate() {
        data.row_mut("x_i", row).copy_from_slice(x);
    }
    for (row, y) in [[1.0, 0.0], [2.0, 2.0]].iter().enumerate() {
        data.row_mut("y_j", row).copy_from_slice(y);
    }
    data.row_mut("s", 0)[0] = 2.0;
    (function, data)
}

fn outputs(text: &str) -> Vec<Output> {
    let (function, data) = small(text);
    evaluate(&function, &data, Precision::F64).expect("it has a value")
}

/// The rows of the only result.
fn values(text: &str) -> Vec<Vec<f64>> {
    match &outputs(text)[..] {
        [Output::Values(rows)] => rows.iter().map(|row| row.iter().map(|n| n.value).collect()).collect(),
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn check(text: &str, expected: &[&[f64]]) {
    // A few roundings of numbers below 1000.
    check_to(text, expected, 1e-12);
}

#[track_caller]
fn check_to(text: &str, expected: &[&[f64]], tolerance: f64) {
    let got = values(text);
    assert_eq!(got.len(), expected.len());
    for (g, e) in got.iter().flatten().zip(expected.iter().copied().flatten()) {
        assert!((g - e).abs() < tolerance, "{text}: {got:?} instead of {expected:?}");
    }
}

#[test]
fn a_body_without_reduction_is_summed_over_the_other_index() {
    check("-> Vi<1> { SqDist(x_i, y_j) }", &[&[5.0], &[25.0], &[15.0]]);
    check("-> Vj<1> { SqDist(x_i, y_j) }", &[&[26.0], &[19.0]]);
    check("-> Vi<2> { x_i - y_j }", &[&[-1.0, 2.0], &[3.0, 6.0], &[-3.0, -4.0]]);
    check("-> Vi<1> { Sum(x_i * y_j) * s }", &[&[14.0], &[34.0], &[-4.0]]);
}

#[test]
fn precedence() {
    check("-> Vj<1> { -s^2 * y_j[0] / 3 }", &[&[-4.0], &[-8.0]]);
    check("-> Vj<1> { 2^3^0 + y_j[0] | s + 1 }", &[&[27.0], &[36.0]]);
    check("-> Vj<1> { (y_j[0] < s) - 1 }", &[&[0.0], &[-3.0]]);
    check("-> Vj<1> { y_j[0] - s - 1 }", &[&[-6.0], &[-3.0]]);
    check("-> Vj<1> { 12 / s / y_j[0] }", &[&[18.0], &[9.0]]);
}

#[test]
fn reductions_in_their_spellings() {
    for text in [
        "-> Vi<1> { Min_j(SqDist(x_i, y_j)) }",
        "-> Vi<1> { Min_Reduction(SqDist(x_i, y_j), 0) }",
        "-> Vi<1> { sqdist(x_i, y_j).min(axis=1) }",
        "-> Vi<1> { x_i.sqdist(y_j).min_reduction(dim=1) }",
    ] {
        check(text, &[&[1.0], &[5.0], &[2.0]]);
    }
    for text in [
        "-> Vj<1> { Max_i(SqDist(x_i, y_j)) }",
        "-> Vj<1> { SqDist(x_i, y_j).max(axis=0) }",
        "-> Vj<1> { Max_Reduction(SqDist(x_i, y_j), 1) }",
    ] {
        check(text, &[&[20.0], &[13.0]]);
    }
    check("-> Vi<2> { KMin_j(SqDist(x_i, y_j), 2) }", &[&[1.0, 4.0], &[5.0, 20.0], &[2.0, 13.0]]);
    check("-> Vi<2> { KMax_j(SqDist(x_i, y_j), 2) }", &[&[4.0, 1.0], &[20.0, 5.0], &[13.0, 2.0]]);
    check("-> Vi<2> { Mean_j(x_i - y_j) }", &[&[-0.5, 1.0], &[1.5, 3.0], &[-1.5, -2.0]]);
    let log_sum = |a: f64, b: f64| (a.exp() + b.exp()).ln();
    check(
        "-> Vi<1> { LogSumExp_j(-SqDist(x_i, y_j)) }",
        &[&[log_sum(-4.0, -1.0)], &[log_sum(-20.0, -5.0)], &[log_sum(-2.0, -13.0)]],
    );
    let weighted = |a: f64, b: f64| (a.exp() + 2.0 * b.exp()) / (a.exp() + b.exp());
    check(
        "-> Vi<1> { SumSoftMaxWeight_j(-SqDist(x_i, y_j), y_j[0]) }",
        &[&[weighted(-4.0, -1.0)], &[weighted(-20.0, -5.0)], &[weighted(-2.0, -13.0)]],
    );
}

#[test]
fn indices_with_values() {
    let results = outputs("-> (Vi<2>, Vi<2, usize>) { KMin_ArgKMin_j(SqDist(x_i, y_j), 2) }");
    let Output::Indices(rows) = &results[1] else { panic!("{results:?}") };
    let indices: Vec<Vec<usize>> = rows.iter().map(|row| row.iter().map(|c| c.index).collect()).collect();
    assert_eq!(indices, [[1, 0], [1, 0], [0, 1]]);
    assert!(rows.iter().flatten().all(|c| c.rivals.is_empty()));
}

#[test]
fn ties_go_to_the_lowest_index_and_k_is_slow() {
    let (function, mut data) = small("-> (Vi<4>, Vi<4, usize>) { KMin_ArgKMin_j(y_j, 2) }");
    data.row_mut("y_j", 0).copy_from_slice(&[1.0, 5.0]);
    data.row_mut("y_j", 1).copy_from_slice(&[1.0, 4.0]);
    let results = evaluate(&function, &data, Precision::F64).unwrap();
    let Output::Values(values) = &results[0] else { panic!("{results:?}") };
    assert_eq!(values[0].iter().map(|n| n.value).collect::<Vec<_>>(), [1.0, 4.0, 1.0, 5.0]);
    let Output::Indices(rows) = &results[1] else { panic!("{results:?}") };
    let choice = |index| Choice { index, rivals: vec![] };
    assert_eq!(rows[0], [choice(0), choice(1), choice(1), choice(0)]);
}

#[test]
fn what_is_never_chosen_leaves_its_place_free() {
    let (_, mut data) = small("-> Vi<1> { 0 }");
    let of = |text: &str, data: &Data| evaluate(&small(text).0, data, Precision::F64).unwrap();
    let choices = |outputs: &[Output]| match outputs.last() {
        Some(Output::Indices(rows)) => rows[0].iter().map(|c| c.index).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    for (y, smallest, largest) in [
        ([f64::INFINITY, f64::INFINITY], [0, 0], [0, 1]),
        ([f64::NAN, f64::INFINITY], [0, 0], [1, 0]),
        ([f64::NEG_INFINITY, 1.0], [0, 1], [1, 0]),
        ([f64::INFINITY, f64::NEG_INFINITY], [1, 0], [0, 0]),
    ] {
        (0..2).for_each(|row| data.row_mut("y_j", row)[0] = y[row]);
        assert_eq!(choices(&of("-> Vi<2, usize> { ArgKMin_j(y_j[0], 2) }", &data)), smallest, "{y:?}");
        assert_eq!(choices(&of("-> Vi<2, usize> { ArgKMax_j(y_j[0], 2) }", &data)), largest, "{y:?}");
        assert_eq!(choices(&of("-> Vi<1, usize> { ArgMin_j(y_j[0]) }", &data)), smallest[..1], "{y:?}");
        assert_eq!(choices(&of("-> Vi<1, usize> { ArgMax_j(y_j[0]) }", &data)), largest[..1], "{y:?}");
    }
}

/// What is computed from the same numbers is the same, rounded or not.
#[test]
fn equal_numbers_of_equal_bounds_keep_their_order() {
    let (function, mut data) = small("-> Vi<2, usize> { ArgKMin_j(Exp(y_j[0]), 2) }");
    let mut choices = |y: [f64; 2]| {
        (0..2).for_each(|row| data.row_mut("y_j", row)[0] = y[row]);
        match &evaluate(&function, &data, Precision::F32).unwrap()[..] {
            [Output::Indices(rows)] => rows[0].clone(),
            other => panic!("{other:?}"),
        }
    };
    let choice = |index, rivals: &[usize]| Choice { index, rivals: rivals.to_vec() };
    assert_eq!(choices([0.3, 0.3]), [choice(0, &[]), choice(1, &[])]);
    assert_eq!(choices([0.3, 0.3 + 1e-9]), [choice(0, &[1]), choice(1, &[0])]);
}

/// 10³⁹ is infinite in single precision.
#[test]
fn what_overflows_may_be_chosen_or_not() {
    let (function, mut data) = small("-> (Vi<1>, Vi<1, usize>) { Min_ArgMin_j(1e20 * y_j[0]) }");
    (0..2).for_each(|row| data.row_mut("y_j", row)[0] = [f64::INFINITY, 1e19][row]);
    let outputs = evaluate(&function, &data, Precision::F32).unwrap();
    let Output::Values(values) = &outputs[0] else { panic!("{outputs:?}") };
    assert!(!values[0][0].is_decided());
    let Output::Indices(rows) = &outputs[1] else { panic!("{outputs:?}") };
    assert_eq!(rows[0], [Choice { index: 1, rivals: vec![0] }]);
}

#[test]
fn edges_of_reductions() {
    let (min, mut data) = small("-> Vi<1> { Min_j(y_j[0]) }");
    data.row_mut("y_j", 0)[0] = f64::NAN;
    let row = |function: &keops_compiler::ast::Function, data: &Data| match &evaluate(
        function,
        data,
        Precision::F64,
    )
    .unwrap()[0]
    {
        Output::Values(rows) => rows[0][0].value,
        Output::Indices(rows) => rows[0][0].index as f64,
    };
    assert_eq!(row(&min, &data), 2.0);
    assert_eq!(row(&small("-> Vi<1, usize> { ArgMax_j(y_j[0]) }").0, &data), 1.0);
    assert!(row(&small("-> Vi<1> { Sum_j(y_j[0]) }").0, &data).is_nan());
    data.row_mut("y_j", 0)[0] = f64::NEG_INFINITY;
    let lse = small("-> Vi<1> { LogSumExp_j(y_j[0]) }").0;
    assert_eq!(row(&lse, &data), 2.0);
    data.row_mut("y_j", 1)[0] = f64::NEG_INFINITY;
    assert_eq!(row(&lse, &data), f64::NEG_INFINITY);
    data.row_mut("y_j", 1)[0] = f64::INFINITY;
    assert_eq!(row(&lse, &data), f64::INFINITY);
    data.row_mut("y_j", 0)[0] = f64::NAN;
    assert_eq!(row(&lse, &data), f64::INFINITY);
    data.row_mut("y_j", 1)[0] = 1.0;
    assert!(row(&lse, &data).is_nan());
}

#[test]
fn no_points() {
    let on_nothing = |text: &str| {
        let (function, _) = small(text);
        let data = Data::random(&function, &Setup::sizes(2, 0));
        evaluate(&function, &data, Precision::F32).map(|outputs| match &outputs[0] {
            Output::Values(rows) => rows[1].iter().map(|n| n.value).collect::<Vec<_>>(),
            Output::Indices(_) => panic!("an index over nothing"),
        })
    };
    assert_eq!(on_nothing("-> Vi<2> { Sum_j(x_i - y_j) }"), Ok(vec![0.0, 0.0]));
    assert_eq!(on_nothing("-> Vi<2> { Max_j(y_j) }"), Ok(vec![f64::NEG_INFINITY; 2]));
    assert_eq!(on_nothing("-> Vi<2> { KMin_j(y_j[0], 2) }"), Ok(vec![f64::INFINITY; 2]));
    assert_eq!(on_nothing("-> Vi<1> { LogSumExp_j(y_j[0]) }"), Ok(vec![f64::NEG_INFINITY]));
    for text in ["Mean_j(y_j)", "SumSoftMaxWeight_j(y_j[0], y_j)", "1 + Mean_j(y_j)"] {
        assert_eq!(on_nothing(&format!("-> Vi<2> {{ {text} }}")), Err(Undefined));
    }
    assert_eq!(on_nothing("-> Vi<2, usize> { ArgMin_j(y_j) }"), Err(Undefined));
    // Two points cannot name three.
    let (function, data) = small("-> Vi<3, usize> { ArgKMin_j(y_j[0], 3) }");
    assert!(matches!(evaluate(&function, &data, Precision::F32), Err(Undefined)));
}

#[test]
fn sums_over_all_pairs() {
    check("-> Pm<1> { x_i[0] * y_j[1] }", &[&[8.0]]);
    check("-> Pm<2> { Sum_ij(x_i * y_j) }", &[&[12.0, 10.0]]);
}

#[test]
fn what_follows_a_reduction_and_bindings() {
    check(
        "-> Vi<2> { let k = 1 / (1 + SqDist(x_i, y_j)); Sum_j(k * y_j) / Sum_j(k) - x_i }",
        &[
            &[(0.2 + 1.0) / 0.7 - 1.0, 1.0 / 0.7 - 2.0],
            &[
                (1.0 / 21.0 + 1.0 / 3.0) / (1.0 / 21.0 + 1.0 / 6.0) - 3.0,
                (1.0 / 3.0) / (1.0 / 21.0 + 1.0 / 6.0) - 4.0,
            ],
            &[
                (1.0 / 3.0 + 1.0 / 7.0) / (1.0 / 3.0 + 1.0 / 14.0),
                (1.0 / 7.0) / (1.0 / 3.0 + 1.0 / 14.0) + 1.0,
            ],
        ],
    );
    // A later binding shadows an earlier one and an argument.
    check("-> Vj<1> { let s = 3 * s; let s = s + 1; Min_i(s * y_j[0]) }", &[&[7.0], &[14.0]]);
}

#[test]
fn vectors_matrices_and_complex_numbers() {
    check(
        "-> Vi<4> { Min_j(TensorProd(x_i, 3 * x_i)) }",
        &[&[3., 6., 6., 12.], &[27., 36., 36., 48.], &[0., 0., 0., 3.]],
    );
    check("-> Vi<1> { Min_j(SymSqNorm(Concat(x_i, x_i), x_i)) }", &[&[15.0], &[175.0], &[-1.0]]);
    check("-> Vi<2> { Min_j(ComplexMult(x_i, Concat(0, 1))) }", &[&[-2.0, 1.0], &[-4.0, 3.0], &[1.0, 0.0]]);
    check(
        "-> Vi<2> { Min_j(ComplexDivide(x_i, Concat(0, 1))) }",
        &[&[2.0, -1.0], &[4.0, -3.0], &[-1.0, 0.0]],
    );
    check("-> Vi<1> { Min_j(ComplexAbs(x_i)) }", &[&[5f64.sqrt()], &[5.0], &[1.0]]);
    check("-> Vi<1> { Min_j(ArgMax(x_i)) }", &[&[1.0], &[1.0], &[0.0]]);
    check("-> Vi<3> { Min_j(OneHot(x_i[0], 3)) }", &[&[0.0, 1.0, 0.0], &[0.0, 0.0, 0.0], &[1.0, 0.0, 0.0]]);
    check("-> Vj<2> { Min_i(Normalize(y_j)) }", &[&[1.0, 0.0], &[0.5f64.sqrt(), 0.5f64.sqrt()]]);
    check("-> Vj<3> { Min_i(ExtractT(y_j, 1, 3)) }", &[&[0.0, 1.0, 0.0], &[0.0, 2.0, 2.0]]);
}

#[test]
fn splines_and_soft_warping() {
    // Linear B-splines on knots 0, 1, 2, 3 are hats: at 1.25, 0.75 of the first and 0.25 of the second.
    check(
        "-> Vj<2> { Min_i(BSpline(Concat(Concat(0, 1), Concat(2, 3)), 1.25 + 0 * y_j[0], 1)) }",
        &[&[0.75, 0.25], &[0.75, 0.25]],
    );
    // A warp of one point to two: (1 − 1)² + (1 − 0)² and (1 − 2)² + (1 − 2)², no choice to make.
    check("-> Vj<1> { Min_i(SoftDTW_SqDist(IntCst(1), y_j, s)) }", &[&[1.0], &[2.0]]);
}

#[test]
fn derivatives_in_formulas() {
    // Second derivatives are differences of differences.
    let near = |text: &str, expected: &[&[f64]]| check_to(text, expected, 1e-9);
    near("-> Vi<2> { Min_j(Grad(SqDist(x_i, y_j), x_i, 1)) }", &[&[-2.0, 0.0], &[2.0, 4.0], &[-4.0, -6.0]]);
    near(
        "-> Vj<4> { Min_i(GradMatrix(y_j * y_j[0], y_j)) }",
        &[&[2.0, 0.0, 0.0, 1.0], &[4.0, 0.0, 2.0, 2.0]],
    );
    near("-> Vj<1> { Min_i(Laplacian(y_j[0]^3 + y_j[1]^2, y_j)) }", &[&[8.0], &[14.0]]);
    near("-> Vj<1> { Min_i(Divergence(y_j * y_j[0], y_j)) }", &[&[3.0], &[6.0]]);
    near("-> Vj<2> { Min_i(Diff(y_j * y_j[0], y_j, Concat(1, 2))) }", &[&[2.0, 2.0], &[4.0, 6.0]]);
    near("-> Vj<2> { Min_i(Grad(Grad(y_j[0]^2 * y_j[1], y_j, 1)[0], y_j, 1)) }", &[&[0.0, 2.0], &[4.0, 4.0]]);
    near("-> Vj<2> { let y = y_j; let f = y | y; Min_i(Grad(f, y, s)) }", &[&[4.0, 0.0], &[8.0, 8.0]]);
}

#[test]
fn gradients_of_functions() {
    let (function, data) = small("-> Vi<1> { s * SqDist(x_i, y_j) }");
    let seeds = [vec![vec![1.0], vec![0.0], vec![2.0]]];
    let near = |argument: &str, expected: &[&[f64]]| {
        let got = gradient(&function, &data, &seeds, argument);
        for (g, e) in got.iter().flatten().zip(expected.iter().copied().flatten()) {
            assert!((g.value - e).abs() < 1e-9, "{argument}: {got:?} instead of {expected:?}");
        }
    };
    near("x_i", &[&[-4.0, 8.0], &[0.0, 0.0], &[-24.0, -32.0]]);
    near("y_j", &[&[0.0 + 8.0, -8.0 + 8.0], &[4.0 + 16.0, 24.0]]);
    near("s", &[&[5.0 + 30.0]]);
}
