//! Results against their declarations.

use super::{assert_errors, check, checked, errors, only};

#[test]
fn the_length_is_that_declared() {
    assert_errors(
        "Vi<3>",
        &[
            (
                "let d = x_i - y_j; Exp(-SqNorm2(d))",
                "Exp(-SqNorm2(d))",
                "the formula has length 1, but the result is declared `Vi<3>`\n\
                 `Exp(-SqNorm2(d))` has length 1\n\
                 help: declare the result `Vi<1>`, or write a formula of length 3",
            ),
            (
                "u_i",
                "u_i",
                "the formula has length 4, but the result is declared `Vi<3>`\n\
                 `u_i` has length 4, declared `u_i: Vi<4>`\n\
                 help: declare the result `Vi<4>`, or keep its first 3 coordinates with `u_i[0..3]`",
            ),
            ("KMin_j(x_i, 2)", "KMin_j(x_i, 2)", "the formula has length 6"),
        ],
    );
    assert_errors(
        "Vi<1>",
        &[
            (
                "x_i - y_j",
                "x_i - y_j",
                "the formula has length 3, but the result is declared `Vi<1>`\n\
                 `x_i - y_j` has length 3, as `x_i: Vi<3>`\n\
                 help: declare the result `Vi<3>`, or sum its coordinates with `Sum(x_i - y_j)`",
            ),
            ("Sum_j(y_j)", "Sum_j(y_j)", "the formula has length 3, but the result is declared `Vi<1>`"),
        ],
    );
    assert_errors(
        "(Vi<1>, Vj<3>)",
        &[("(s, y_j)", "Vj<3>", "the results `Vi<1>` and `Vj<3>` have different rows")],
    );
    assert_errors(
        "(Vi<1>, Vi<3>)",
        &[("(s, s)", "s", "the formula has length 1, but the result is declared `Vi<3>`")],
    );
}

#[test]
fn indices_are_declared_as_indices() {
    assert_errors(
        "Vi<1>",
        &[(
            "ArgMin_j(b_j)",
            "ArgMin_j(b_j)",
            "`ArgMin_j(b_j)` is a list of indices, but the result is declared `Vi<1>`\n\
             help: declare the result `Vi<1, usize>`",
        )],
    );
    assert_errors(
        "Vi<1, usize>",
        &[
            (
                "Min_j(b_j)",
                "Min_j(b_j)",
                "`Min_j(b_j)` is a number, but the result is declared `Vi<1, usize>`, a list of indices\n\
                 help: declare the result `Vi<1>`, or find the index of a point with `ArgMin_j(…)`",
            ),
            (
                "ArgMax(x_i - y_j)",
                "ArgMax(x_i - y_j)",
                "`ArgMax(x_i - y_j)` is a number, but the result is declared `Vi<1, usize>`, a list of indices\n\
                 help: declare the result `Vi<1>`, or find the index of a point with `ArgMax_j(x_i - y_j)`",
            ),
            (
                "ArgKMin_j(b_j, 2)",
                "ArgKMin_j(b_j, 2)",
                "the formula has length 2, but the result is declared `Vi<1, usize>`\n\
                 `ArgKMin_j(b_j, 2)` has length 2\n\
                 help: declare the result `Vi<2, usize>`",
            ),
        ],
    );
}

#[test]
fn there_are_as_many_results_as_declared() {
    assert_errors(
        "Vi<1>",
        &[
            (
                "(s, Sum_j(y_j))",
                "(s, Sum_j(y_j))",
                "the formula gives 2 results, but 1 result is declared\n\
                 help: declare `-> (Vi<1>, Vi<3>)`",
            ),
            (
                "Min_ArgMin_j(b_j)",
                "Min_ArgMin_j(b_j)",
                "the formula gives 2 results, but 1 result is declared\n\
                 help: declare `-> (Vi<1>, Vi<1, usize>)`",
            ),
        ],
    );
    assert_errors(
        "(Vi<1>, Vi<1>)",
        &[("s", "s", "the formula gives 1 result, but 2 results are declared\nhelp: declare `-> Vi<1>`")],
    );
}

#[test]
fn there_is_something_to_reduce_over() {
    for (source, start) in [
        (
            "fn f(x_i: Vi<3>) -> Vi<3> { x_i }",
            "no argument has one row per j, so there are no points to reduce over",
        ),
        ("fn f(y_j: Vj<3>) -> Vi<3> { y_j }", "no argument has one row per i, so the number of rows"),
        ("fn f(x_i: Vi<3>) -> Vj<3> { x_i }", "no argument has one row per j, so the number of rows"),
    ] {
        let (place, message) = only(source, check(source).unwrap_err());
        assert!(["Vi<3>", "Vj<3>"].contains(&place.as_str()), "{place}");
        assert!(message.starts_with(start), "{message}");
        super::assert_shape(&message);
    }
    let source = "fn f(x_i: Vi<3>) -> Pm<3> { x_i }";
    let (place, message) = only(source, check(source).unwrap_err());
    assert_eq!(place, "Pm<3>");
    assert!(message.starts_with("no argument has one row per j"), "{message}");
}

#[test]
fn a_declaration_that_could_not_be_read_is_not_complained_about_again() {
    for source in [
        "fn f(x_i: Vi<0>, y_j: Vj<3>) -> Vi<1> { SqDist(x_i, y_j) }",
        "fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<0> { SqDist(x_i, y_j) }",
        "fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { SqDist(x_i, ) ) }",
    ] {
        if let Ok(tokens) = source.parse::<proc_macro2::TokenStream>() {
            only(source, check(&tokens.to_string()).unwrap_err());
        }
    }
}

#[test]
fn long_sums_are_one_node_and_deep_formulas_are_cut_off() {
    let sum = vec!["b_j"; 4000].join(" + ");
    let program = checked("Vi<1>", &sum).program;
    let argument = program.reductions[0].argument;
    assert_eq!(program.graph.args(argument).len(), 4000);
    let message = errors("Vi<1>", &format!("{sum} + x_i")).remove(0).1;
    assert!(message.len() < 400, "long formulas are quoted in part: {message}");
}

#[test]
fn expansions_have_a_limit() {
    // Each step doubles the number of nodes that the gradient has to visit.
    let steps: String =
        (0..8).map(|k| format!("let g{} = Laplacian(g{k} * Sin(g{k}), a_j);", k + 1)).collect();
    let body = format!("let g0 = SqNorm2(a_j * s); {steps} g8");
    let (place, message) = only(&body, errors("Vi<1>", &body));
    assert!(place.starts_with("Laplacian") || place == "g8", "{place}");
    assert!(message.starts_with("the formula has "), "{message}");
}
