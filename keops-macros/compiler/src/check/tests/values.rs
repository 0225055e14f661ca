//! Formulas have the values that their text says, worked out by hand.

use super::checked;
use crate::ir::execute::{Inputs, Table, execute};

/// The results for one i and two j: x = (1, 2, 3), y = (0, 1, 2) and (2, 2, 2), b = 1 and 10, u = (1, −2, 3, 4),
/// v = (1, 0, 0, 0) and (0, 1, 0, 0), a = the identity and twice it, s = 2, p = (1, ½, 2).
fn results(result: &str, body: &str) -> Vec<Table> {
    let identity = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
    let arguments = [
        vec![1.0, 2.0, 3.0],
        vec![0.0, 1.0, 2.0, 2.0, 2.0, 2.0],
        vec![1.0, 10.0],
        vec![1.0, -2.0, 3.0, 4.0],
        vec![1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0],
        [identity, identity.map(|entry| 2.0 * entry)].concat(),
        vec![2.0],
        vec![1.0, 0.5, 2.0],
    ];
    execute(&checked(result, body).program, &Inputs { m: 1, n: 2, arguments: &arguments })
}

/// Each body has this one result, up to rounding.
fn assert_values(result: &str, cases: &[(&str, &[f64])]) {
    for (body, expected) in cases {
        let results = results(result, body);
        let numbers = results[0].numbers();
        let near = |(a, b): (&f64, &f64)| a == b || (a - b).abs() <= 1e-12 * b.abs().max(1.0);
        assert_eq!(numbers.len(), expected.len(), "{body}");
        assert!(numbers.iter().zip(*expected).all(near), "{body} is {numbers:?}, not {expected:?}");
    }
}

#[test]
fn operators_bind_as_in_mathematics() {
    assert_values(
        "Vi<1>",
        &[
            ("-s^2 / 4 * b_j", &[-11.0]),
            ("(b_j - 1 - 2) * s", &[10.0]),
            ("b_j / 2 / 5", &[1.1]),
            ("2^s^2 * b_j", &[176.0]),
            ("x_i - y_j | x_i + y_j", &[9.0 + 2.0]),
            (
                "(b_j > 5) + (b_j >= 10) + 2 * (b_j < 10) + (b_j <= 1) + 3 * (b_j == 1) + 5 * (b_j != 1)",
                &[2.0 + 3.0 + 3.0 + 5.0],
            ),
        ],
    );
}

#[test]
fn a_log_sum_exp_is_nan_where_its_terms_are() {
    for body in ["LogSumExp_j(Log(-b_j))", "LogSumExp_j(Log(b_j - 2))", "LogSumExp_j(Log(-b_j), b_j)"] {
        let results = results("Vi<1>", body);
        assert!(results[0].numbers()[0].is_nan(), "{body}: {:?}", results[0].numbers());
    }
    assert_values(
        "Vi<1>",
        &[
            ("LogSumExp_j(Log(b_j - b_j))", &[f64::NEG_INFINITY]),
            ("LogSumExp_j(-Log(b_j - b_j))", &[f64::INFINITY]),
        ],
    );
}

#[test]
fn coordinates_and_slices_count_from_zero() {
    assert_values("Vi<1>", &[("u_i[1]", &[-4.0]), ("u_i[3] * b_j", &[44.0])]);
    assert_values(
        "Vi<2>",
        &[("u_i[1..3]", &[-4.0, 6.0]), ("u_i[:2] * b_j", &[11.0, -22.0]), ("u_i[2:]", &[6.0, 8.0])],
    );
}

#[test]
fn reductions_and_what_follows_them() {
    assert_values(
        "Vi<3>",
        &[
            ("y_j", &[2.0, 3.0, 4.0]),
            (
                "Sum_j(y_j * b_j) / Sum_j(b_j) - x_i",
                &[20.0 / 11.0 - 1.0, 21.0 / 11.0 - 2.0, 22.0 / 11.0 - 3.0],
            ),
            ("Mean_j(y_j)", &[1.0, 1.5, 2.0]),
            ("Max_j(y_j) + 10 * Min_j(y_j)", &[2.0, 12.0, 22.0]),
            ("SumSoftMaxWeight_j(Log(b_j), y_j)", &[20.0 / 11.0, 21.0 / 11.0, 2.0]),
            ("Exp(LogSumExp_j(Log(b_j), y_j + 1))", &[31.0, 32.0, 33.0]),
        ],
    );
    assert_values("Vi<6>", &[("KMin_j(y_j, 2)", &[0.0, 1.0, 2.0, 2.0, 2.0, 2.0])]);
    assert_values("Vi<2>", &[("KMax_j(b_j, 2)", &[10.0, 1.0])]);
    assert_values("Vj<1>", &[("SqDist(x_i, y_j)", &[3.0, 2.0]), ("Max_i(x_i[0]) * b_j", &[1.0, 10.0])]);
    assert_values("Pm<3>", &[("x_i * b_j", &[11.0, 22.0, 33.0]), ("Sum_ij(x_i * b_j)", &[11.0, 22.0, 33.0])]);
}

#[test]
fn several_results_come_in_order() {
    let results = results(
        "(Vi<1>, Vi<2>, Vi<2, usize>, Vi<1>)",
        "(s, KMin_ArgKMin_j(SqDist(x_i, y_j), 2), Sum_j(b_j))",
    );
    assert_eq!(results[0].numbers(), [4.0]);
    assert_eq!(results[1].numbers(), [2.0, 3.0]);
    assert_eq!(results[2].indices(), [Some(1), Some(0)]);
    assert_eq!(results[3].numbers(), [11.0]);
}

#[test]
fn differential_operators() {
    assert_values(
        "Vi<3>",
        &[
            ("Grad(x_i | x_i * b_j, x_i)", &[22.0, 44.0, 66.0]),
            ("Grad(x_i^2, x_i, p) * b_j", &[22.0, 22.0, 132.0]),
            ("Grad(x_i^2, x_i, 2) * b_j", &[44.0, 88.0, 132.0]),
            ("Diff(x_i^2, x_i, p) * b_j", &[22.0, 22.0, 132.0]),
            ("AdjointOperator(MatVecMult(a_j, x_i), x_i, p)", &[3.0, 1.5, 6.0]),
        ],
    );
    assert_values(
        "Vi<1>",
        &[
            ("Divergence(x_i^2 * b_j, x_i)", &[132.0]),
            ("Laplacian(x_i^3 | p, x_i)", &[2.0 * (6.0 + 6.0 + 36.0)]),
            ("TraceOperator(MatVecMult(a_j, x_i), x_i)", &[9.0]),
            ("TraceOperator(MatVecMult(a_j, x_i), x_i, p)", &[10.5]),
            // The weight is not differentiated.
            ("TraceOperator(MatVecMult(a_j, x_i), x_i, x_i)", &[18.0]),
            ("SumLinOperator(MatVecMult(a_j, x_i), x_i, p, x_i)", &[3.0 * (1.0 + 1.0 + 6.0)]),
            ("SumLinOperator(MatVecMult(a_j, x_i), x_i)", &[9.0]),
        ],
    );
    assert_values(
        "Vi<9>",
        &[("GradMatrix(x_i * x_i[0], x_i)", &[4.0, 0.0, 0.0, 4.0, 2.0, 0.0, 6.0, 0.0, 2.0])],
    );
}
