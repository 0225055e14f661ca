//! Names, operands, and what is suggested for wrong ones.

use super::{assert_errors, check, checked, errors, only, source};
use crate::ast::Kind;
use crate::ir::{Source, Variable};

#[test]
fn unknown_names_get_a_suggestion() {
    assert_errors(
        "Vi<1>",
        &[
            (
                "Sum(x)",
                "x",
                "unknown variable `x`\n\
                 the arguments are `x_i`, `y_j`, `b_j`, `u_i`, `v_j`, `a_j`, `s`, `p`\n\
                 help: did you mean `x_i`?",
            ),
            (
                "Sum(y_i)",
                "y_i",
                "unknown variable `y_i`\n\
                 the arguments are `x_i`, `y_j`, `b_j`, `u_i`, `v_j`, `a_j`, `s`, `p`\n\
                 help: did you mean `y_j`?",
            ),
            (
                "let dist = SqDist(x_i, y_j); Exp(-dits)",
                "dits",
                "unknown variable `dits`\n\
                 the arguments are `x_i`, `y_j`, `b_j`, `u_i`, `v_j`, `a_j`, `s`, `p`\n\
                 help: did you mean `dist`?",
            ),
            (
                "bandwidth * s",
                "bandwidth",
                "unknown variable `bandwidth`\n\
                 the arguments are `x_i`, `y_j`, `b_j`, `u_i`, `v_j`, `a_j`, `s`, `p`\n\
                 help: declare it, as in `bandwidth: Pm<1>`",
            ),
            (
                "w_j * s",
                "w_j",
                "unknown variable `w_j`\n\
                 the arguments are `x_i`, `y_j`, `b_j`, `u_i`, `v_j`, `a_j`, `s`, `p`\n\
                 help: declare it, as in `w_j: Vj<1>`",
            ),
            (
                "pi * s",
                "pi",
                "unknown variable `pi`\n\
                 the arguments are `x_i`, `y_j`, `b_j`, `u_i`, `v_j`, `a_j`, `s`, `p`\n\
                 help: π is written `3.14",
            ),
            ("Log_j(s)", "Log_j", "`Log` is no reduction\nhelp: reduce its values, as in `Sum_j(Log(…))`"),
            ("SqDits(x_i, y_j)", "SqDits", "unknown operation `SqDits`\nhelp: did you mean `SqDist`?"),
            ("x_i.sqdists(y_j)", "sqdists", "unknown operation `sqdists`\nhelp: did you mean `sqdist`?"),
            ("EXP(s)", "EXP", "unknown operation `EXP`\nhelp: did you mean `Exp`?"),
            ("SumJ(s)", "SumJ", "unknown operation `SumJ`\nhelp: did you mean `Sum_j`?"),
            (
                "LogSumExpp_j(s)",
                "LogSumExpp_j",
                "unknown operation `LogSumExpp_j`\n\
                 help: did you mean `LogSumExp_j`?",
            ),
            (
                "Gaussian(x_i, y_j)",
                "Gaussian",
                "unknown operation `Gaussian`\n\
                 help: the operations are listed",
            ),
            (
                "Max_SumShiftExp_Reduction(s, 0)",
                "Max_SumShiftExp_Reduction",
                "`Max_SumShiftExp_Reduction` is not available\n\
                 help: write `LogSumExp_j(f)`",
            ),
            ("Product_j(b_j)", "Product_j", "`Product_j` is not available\nhelp: write `Exp(Sum_j(Log(f)))`"),
            (
                "Softmax_j(b_j) * s",
                "Softmax_j",
                "`Softmax_j` is not available\nhelp: write `SumSoftMaxWeight_j(f, v_j)`",
            ),
            ("Det(u_i)", "Det", "`Det` is not available\nhelp: write it out"),
            ("a_j.matvec(x_i)", "matvec", "`matvec` is not available\nhelp: write `MatVecMult(m, v)`"),
            (
                "Max_SumShiftExp_j(b_j)",
                "Max_SumShiftExp_j",
                "`Max_SumShiftExp_j` is not available\nhelp: write `LogSumExp_j(f)`",
            ),
            ("Vi(0, 3)", "Vi", "`Vi` is not available\nhelp: declare the variable in the signature"),
        ],
    );
}

#[test]
fn methods_have_parentheses() {
    assert_errors(
        "Vi<1>",
        &[
            ("x_i.sum", "sum", "`.sum` lacks its parentheses"),
            ("x_i.sum + b_j", "sum", "`.sum` lacks its parentheses"),
            ("Sum(x_i.y_j)", "y_j", "`.y_j` lacks its parentheses"),
            ("s * p.y + b_j", "y", "`.y` is no coordinate"),
            ("(x_i - y_j).z", "z", "`.z` is no coordinate"),
            ("x_i.T | y_j", "T", "`T` is not available"),
            ("b_j / y_j.shape[0]", "shape", "`shape` is not available"),
            ("x_i.sqdists", "sqdists", "unknown operation `sqdists`\nhelp: did you mean `sqdist`?"),
        ],
    );
}

#[test]
fn a_reduction_that_is_suggested_is_over_the_index_that_the_result_lacks() {
    for (result, body, near) in [
        ("Vi<1>", "Sum_k(b_j)", "Sum_j"),
        ("Vj<1>", "Sum_k(s)", "Sum_i"),
        ("Pm<1>", "Sum_k(b_j)", "Sum_ij"),
        ("Vi<1>", "Mean_k(b_j)", "Mean_j"),
        ("Vi<1>", "Meann_i(b_j)", "Mean_i"),
    ] {
        let (_, message) = only(body, errors(result, body));
        assert!(message.ends_with(&format!("did you mean `{near}`?")), "{result} {body}: {message}");
    }
}

#[test]
fn i_and_j_number_the_points_where_nothing_has_their_names() {
    let numbers = |result: &str, body: &str| -> Vec<(String, Kind)> {
        let checked = checked(result, body);
        let graph = &checked.program.graph;
        let is_number = |v: &&Variable| v.source == Source::Number;
        graph.variables().iter().filter(is_number).map(|v| (v.name.clone(), v.kind)).collect()
    };
    let (i, j) = (("i".to_string(), Kind::I), ("j".to_string(), Kind::J));
    assert_eq!(numbers("Vi<1>", "(j <= i) * (i + j) * b_j"), [j.clone(), i.clone()]);
    assert_eq!(numbers("Vi<1>", "Sum_j(b_j) / (1 + i)"), [i]);
    assert_eq!(numbers("Vi<1>", "let i = b_j; i * j"), [j]);
    assert_eq!(numbers("Vi<1>", "let j = b_j; j + j[0]"), []);
    assert_errors(
        "Vi<1>",
        &[
            ("i[1] * s", "1", "coordinate 1 is out of range"),
            ("Sum_j(b_j) + j", "j", "`j` stands outside the reduction: it has one value per j"),
            ("i(s)", "i", "`i` is a variable, not an operation"),
            ("Grad(b_j * i, i, 1)", "i", "`i` is no argument of the function"),
            ("x_i * i", "x_i * i", "the formula has length 3"),
        ],
    );
}

#[test]
fn infinity_is_a_literal_that_nothing_is_computed_with() {
    checked("Vi<1>", "Min_j(Where(i == j, Inf, SqDist(x_i, y_j)))");
    checked("Vi<1>", "LogSumExp_j(IfElse(i - j, b_j, -Inf)) + Sum_j(Clamp(b_j, -Inf, 1) * (b_j < Inf))");
    assert_errors(
        "Vi<1>",
        &[
            ("(i != j) * Inf", "Inf", "`Inf` in arithmetic: 0 · ∞ and ∞ − ∞ are no numbers"),
            ("b_j + (i != j) * -Inf", "-Inf", "`-Inf` in arithmetic"),
            ("b_j - Inf", "Inf", "`Inf` in arithmetic"),
            ("1 / Inf", "Inf", "`Inf` in arithmetic"),
            ("b_j ^ Inf", "Inf", "`Inf` in arithmetic"),
            ("(b_j | Inf)", "Inf", "`Inf` in arithmetic"),
            ("Max_j(Mult(i != j, -Inf) + b_j)", "-Inf", "`-Inf` in arithmetic"),
            ("Add(b_j, Inf)", "Inf", "`Inf` in arithmetic"),
            ("b_j.add(Inf)", "Inf", "`Inf` in arithmetic"),
            ("Subtract(Inf, b_j)", "Inf", "`Inf` in arithmetic"),
            ("Divide(1, Inf) * b_j", "Inf", "`Inf` in arithmetic"),
            ("Pow(b_j, Inf)", "Inf", "`Inf` in arithmetic"),
            ("Powf(b_j, Inf)", "Inf", "`Inf` in arithmetic"),
            ("b_j - Minus(Inf)", "Minus(Inf)", "`Minus(Inf)` in arithmetic"),
            ("let c = -Inf; b_j * c", "c", "`c` in arithmetic"),
            ("Minimum(b_j, inf)", "inf", "unknown variable `inf`"),
        ],
    );
}

#[test]
fn nothing_is_divided_by_a_zero_however_it_is_written() {
    let wrong = "division by zero";
    assert_errors(
        "Vi<3>",
        &[
            ("x_i / 0", "0", wrong),
            ("Divide(x_i, 0)", "0", wrong),
            ("x_i.divide(1 - 1)", "1 - 1", wrong),
            ("x_i / Zero(3)", "Zero(3)", wrong),
            ("1 / Zero(3)", "Zero(3)", wrong),
            ("x_i * Inv(0)", "0", wrong),
            ("x_i * IntInv(0)", "0", wrong),
            ("x_i * RatCst(1, 0)", "0", wrong),
        ],
    );
    checked("Vi<3>", "Zero(3) / x_i + Divide(x_i, s) + Inv(x_i) + Minus(x_i) + Minus(2)");
}

#[test]
fn a_comparison_is_no_condition_of_if_else() {
    let wrong = "`j <= i` is 1 or 0, so `IfElse` always takes its second operand";
    assert_errors(
        "Vi<1>",
        &[
            ("IfElse(j <= i, b_j, s)", "j <= i", wrong),
            ("(j <= i).ifelse(b_j, s)", "(j <= i)", wrong),
            ("IfElse(LessThan(b_j, s), b_j, s)", "LessThan(b_j, s)", "`LessThan(b_j, s)` is 1 or 0"),
            ("IfElse(GreaterThan(b_j, s), b_j, s)", "GreaterThan(b_j, s)", "`GreaterThan(b_j, s)` is 1 or 0"),
            ("let c = b_j < s; IfElse(c, b_j, s)", "c", "`c` is 1 or 0"),
            ("IfElse((j < i) * (b_j < s), b_j, s)", "(j < i) * (b_j < s)", "`(j < i) * (b_j < s)` is 1 or 0"),
        ],
    );
    // Products of shared factors are looked at once.
    let squares: String = (0..100).map(|_| "let c = c * c; ").collect();
    let (_, message) =
        only("squares", errors("Vi<1>", &format!("let c = b_j < s; {squares} IfElse(c, b_j, s)")));
    assert!(message.starts_with("`c` is 1 or 0"), "{message}");
    checked("Vi<1>", "Where(j <= i, b_j, s) + (j <= i).where(b_j, s) + IfElse(i - j, b_j, s)");
}

#[test]
fn variables_are_not_called_and_operations_not_used_as_values() {
    assert_errors(
        "Vi<1>",
        &[
            (
                "s(b_j + 1)",
                "s",
                "`s` is a variable, not an operation\n\
                 help: write `s * (b_j + 1)` for a product",
            ),
            ("Exp * s", "Exp", "`Exp` is an operation, not a value\nhelp: apply it, as in `Exp(…)`"),
            ("Sum_j + s", "Sum_j", "`Sum_j` is an operation, not a value"),
            ("sq_dist + s", "sq_dist", "`SqDist` is an operation, not a value"),
        ],
    );
}

#[test]
fn a_variable_may_be_named_like_an_operation() {
    let source = "fn f(exp: Vi<1>, K: Vj<1>) -> Vi<1> { let sum = exp(exp) * K; Sum(sum) }";
    check(source).unwrap();
}

#[test]
fn operands_are_counted() {
    assert_errors(
        "Vi<1>",
        &[
            ("SqDist(x_i)", "SqDist(x_i)", "`SqDist` takes 2 operands, 1 given\nhelp: write `SqDist("),
            ("Exp(s, s)", "Exp(s, s)", "`Exp` takes 1 operand, 2 given\nhelp: write `Exp("),
            ("s.exp(s)", "s.exp(s)", "`exp` takes 1 operand, 2 given"),
            ("IfElse(s, s)", "IfElse(s, s)", "`IfElse` takes 3 operands, 2 given"),
            (
                "Round(s, 1, 2)",
                "Round(s, 1, 2)",
                "`Round` takes 1 to 2 operands, 3 given\n\
                 help: write `Round(f[, d])`",
            ),
            (
                "Concat()",
                "Concat()",
                "`Concat` takes 1 or more operands, 0 given\n\
                 help: write `Concat(f, …)`",
            ),
            ("Sum_j()", "Sum_j()", "`Sum_j` takes 1 operand, 0 given\nhelp: write `Sum_j(f)`"),
            ("KMin_j(s)", "KMin_j(s)", "`KMin_j` takes 2 operands, 1 given\nhelp: write `KMin_j(f, K)`"),
            (
                "SumSoftMaxWeight_j(s)",
                "SumSoftMaxWeight_j(s)",
                "`SumSoftMaxWeight_j` takes 2 operands, 1 given",
            ),
            ("Grad(s)", "Grad(s)", "`Grad` takes 2 to 3 operands, 1 given\nhelp: write `Grad(f, v[, e])`"),
        ],
    );
}

#[test]
fn the_operands_of_a_wrong_call_are_read_all_the_same() {
    let shown: Vec<String> =
        errors("Vi<1>", "SqDist(x_i - v_j)").into_iter().map(|(place, _)| place).collect();
    assert_eq!(shown, ["SqDist(x_i - v_j)", "x_i - v_j"]);
}

#[test]
fn operands_that_could_not_be_read_are_not_counted() {
    let shown: Vec<String> = errors("Vi<1>", "SqDist(x_i y_j)").into_iter().map(|(place, _)| place).collect();
    assert_eq!(shown, ["y_j"]);
}

#[test]
fn operands_by_name() {
    checked("Vi<1>", "Round(b_j, d=2)");
    checked("Vi<1>", "Mod(b_j, 2, offset=1)");
    assert_errors(
        "Vi<1>",
        &[
            (
                "Round(s, digits=2)",
                "digits=2",
                "`Round` has no operand named `digits`\n\
                 help: write `Round(f[, d])`",
            ),
            ("Round(s, 1, d=2)", "d=2", "the operand `d` of `Round` is given twice"),
            ("s.sum(backend=1)", "backend=1", "`sum` has no operand named `backend`"),
        ],
    );
}

#[test]
fn integers_and_lists_are_literals() {
    assert_errors(
        "Vi<1>",
        &[
            ("Elem(x_i, s)", "s", "`m` of `Elem` must be an integer literal, not `s`"),
            ("Elem(x_i, 0.5)", "0.5", "`m` of `Elem` must be an integer literal, not `0.5`"),
            ("Elem(x_i, [1])", "[1]", "`m` of `Elem` must be an integer literal, not `[1]`"),
            ("Sum(TensorDot(a_j, x_i, p, [3], [1], [0]))", "p", "`dims_f` of `TensorDot` must be a list"),
            (
                "Sum(TensorDot(a_j, x_i, [3, s], [3], [1], [0]))",
                "s",
                "`dims_f` of `TensorDot` must be an integer literal",
            ),
            (
                "Sum(TensorDot(a_j, x_i, [3, -3], [3], [1], [0]))",
                "-3",
                "`dims_f` of `TensorDot` must be a list of natural numbers",
            ),
            ("Sum(TensorDot(a_j, x_i, -9, [3], [1], [0]))", "-9", "`dims_f` of `TensorDot` must be a list"),
            ("Exp(()) * s", "()", "the parentheses are empty"),
            ("Sum(x_i * [1, 2, 3])", "[1, 2, 3]", "a list in brackets is no value"),
            ("Sum(x_i * (s, s, s))", "(s, s, s)", "a tuple is no value"),
            ("let t = (s, s); s", "(s, s)", "a tuple is no value"),
        ],
    );
    checked("Vi<1>", "let k = 1; Elem(x_i, k + 1)");
    checked("Vi<1>", "Elem(x_i, IntCst(2))");
}

#[test]
fn every_let_is_checked_and_later_ones_shadow() {
    assert_errors("Vi<1>", &[("let unused = x_i + v_j; s", "x_i + v_j", "dimension mismatch in `+`")]);
    let program = checked("Vi<4>", "let x_i = u_i; let x_i = x_i * 2; x_i");
    assert_eq!(program.program.stages[0].outputs[0].dim.value(), Some(4));
    // The message speaks of the binding that holds now.
    let body = "let x_i = u_i; Sum(x_i + y_j)";
    let (_, message) = only(body, errors("Vi<1>", body));
    assert!(message.contains("`x_i` has length 4, from `let x_i = u_i`"), "{message}");
}

#[test]
fn gradients_are_named_by_argument() {
    let with = |attribute: &str, result: &str, body: &str| format!("{attribute} {}", source(result, body));
    let gradients = |attribute: &str| check(&with(attribute, "Vi<1>", "SqDist(x_i, y_j)")).unwrap().gradients;
    assert_eq!(gradients("#[grad(y_j, s)]"), [1, 6]);
    assert_eq!(gradients("#[grad]"), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(gradients(""), [0; 0]);
    for (attribute, result, body, underlined, start) in [
        ("#[grad(x)]", "Vi<1>", "s", "x", "`x` in `#[grad]` is no argument"),
        (
            "#[grad(x_i)]",
            "Vi<1, usize>",
            "ArgMin_j(s)",
            "#[grad(x_i)]",
            "`#[grad]` on a function whose results are indices",
        ),
    ] {
        let source = with(attribute, result, body);
        let (place, message) = only(&source, check(&source).unwrap_err());
        assert_eq!(place, underlined);
        assert!(message.starts_with(start), "{message}");
        super::assert_shape(&message);
    }
}
