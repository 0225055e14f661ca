//! Differential operators inside formulas: what they take.

use super::{assert_errors, checked, errors, only};

#[test]
fn what_is_constant_piece_by_piece_is_not_linear() {
    for f in [
        "Sign(x_i)",
        "x_i + Step(x_i)",
        "Floor(x_i) * p",
        "(x_i < y_j)",
        "p * (x_i[0] > s)",
        "OneHot(x_i[0], 3)",
        "ArgMax(x_i) * p",
        "Round(x_i, 1)",
        "Mod(x_i, 2)",
        "IfElse(x_i, p, y_j)",
    ] {
        let body = format!("AdjointOperator({f}, x_i, 1)");
        let (_, message) = only(&body, errors("Vi<3>", &body));
        assert!(message.contains(" is not linear in `x_i`"), "{message}");
    }
    for f in ["Sign(y_j) * x_i", "IfElse(y_j, x_i, p)", "OneHot(b_j, 3) * x_i + 1", "x_i / (y_j < 2)"] {
        checked("Vi<3>", &format!("AdjointOperator({f}, x_i, 1)"));
    }
}

#[test]
fn differentiation_takes_a_formula_and_an_argument() {
    for (result, body) in [
        ("Vi<3>", "Grad(Exp(-SqDist(x_i, y_j)), x_i, b_j)"),
        ("Vi<3>", "Grad(SqDist(x_i, y_j), x_i)"),
        ("Vi<3>", "let x = x_i; let d = SqDist(x, y_j); d.grad(x, 1)"),
        ("Vi<3>", "Grad(Grad(SqDist(x_i, y_j), x_i, 1), y_j, p)"),
        ("Vi<9>", "GradMatrix(x_i * y_j, x_i)"),
        ("Vi<1>", "Divergence(x_i * s, x_i) + Laplacian(SqNorm2(x_i), x_i)"),
        ("Vi<3>", "Diff(x_i * s, x_i, p)"),
        ("Vi<3>", "x_i.diff(x_i, p)"),
        ("Vi<3>", "Diff(x_i^2, x_i, 1)"),
        ("Vi<3>", "AdjointOperator(MatVecMult(a_j, x_i), x_i, p)"),
        ("Vi<1>", "TraceOperator(MatVecMult(a_j, x_i), x_i) + TraceOperator(x_i, x_i, w=p)"),
        ("Vi<1>", "SumLinOperator(x_i * p, x_i) + SumLinOperator(x_i * p, x_i, wr=y_j)"),
    ] {
        checked(result, body);
    }
    assert_errors(
        "Vi<3>",
        &[
            (
                "Grad(SqDist(x_i, y_j), x_i - y_j, 1)",
                "x_i - y_j",
                "`x_i - y_j` is no argument of the function",
            ),
            (
                "Grad(Sum_j(SqDist(x_i, y_j)), x_i, 1)",
                "Sum_j(SqDist(x_i, y_j))",
                "`Sum_j(SqDist(x_i, y_j))` holds the value of a reduction",
            ),
            (
                "Grad(x_i * y_j, x_i, v_j)",
                "Grad(x_i * y_j, x_i, v_j)",
                "dimension mismatch in `Grad`: lengths 3 and 4",
            ),
            (
                "Grad(x_i * y_j, x_i, s)",
                "Grad(x_i * y_j, x_i, s)",
                "dimension mismatch in `Grad`: lengths 3 and 1",
            ),
            ("Diff(x_i, x_i, s)", "Diff(x_i, x_i, s)", "dimension mismatch in `Diff`: lengths 3 and 1"),
            (
                "Divergence(u_i, x_i) * p",
                "Divergence(u_i, x_i)",
                "dimension mismatch in `Divergence`: lengths 4 and 3",
            ),
            (
                "Sum(GradMatrix(Concat(a_j, a_j, a_j, a_j, a_j, a_j, a_j, a_j), s)) * p",
                "Concat(a_j, a_j, a_j, a_j, a_j, a_j, a_j, a_j)",
                "`Concat(a_j, a_j, a_j, a_j, a_j, a_j, a_j, a_j)` has length 72, too many for `GradMatrix`",
            ),
            (
                "AdjointOperator(x_i * x_i, x_i, p)",
                "x_i * x_i",
                "`x_i * x_i` is not linear in `x_i`\nrule: `AdjointOperator` takes a formula",
            ),
            (
                "Diff(x_i * y_j, (x_i, y_j), p)",
                "Diff(x_i * y_j, (x_i, y_j), p)",
                "variables and directions of `Diff` do not pair: 2 and 1",
            ),
            (
                "Diff(x_i, (), ())",
                "Diff(x_i, (), ())",
                "variables and directions of `Diff` do not pair: 0 and 0",
            ),
            (
                "Diff(x_i, (x_i, y_j), (p, u_i))",
                "Diff(x_i, (x_i, y_j), (p, u_i))",
                "dimension mismatch in `Diff`",
            ),
            ("Laplacian(x_i, x_i) * p", "x_i", "`f` of `Laplacian` has length 3, not 1"),
        ],
    );
}
