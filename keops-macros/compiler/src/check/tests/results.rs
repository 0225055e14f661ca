//! Results against their declarations.

use crate::ir::print::print;

use super::{assert_errors, check, checked, errors, only};

#[test]
fn more_or_fewer_indices_than_declared_are_those_of_another_k() {
    for (result, body, fix) in [
        ("Vi<4, usize>", "ArgKMin_j(b_j, 5)", "lower K to 4"),
        ("Vi<6, usize>", "ArgKMax_j(b_j, 5)", "raise K to 6"),
        ("Vi<3, usize>", "ArgKMin_j(x_i - y_j, 2)", "lower K to 1"),
        ("Vi<4, usize>", "ArgKMin_j(x_i - y_j, 2)", "reduce a formula of length 4"),
        ("Vi<1, usize>", "ArgMin_j(x_i - y_j)", "reduce a formula of length 1"),
    ] {
        let (_, message) = only(body, errors(result, body));
        assert!(message.ends_with(fix), "{result} {body}: {message}");
    }
}

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

/// The results that a closure over the arguments of the other tests gives, as they would be declared.
fn inferred(body: &str) -> String {
    let source = super::source("Vi<1>", body);
    let arguments = &source[source.find('(').unwrap() + 1..source.find(')').unwrap()];
    let closure = format!("|{arguments}| {body}");
    let results = check(&closure).unwrap_or_else(|errors| panic!("{closure}: {errors:#?}")).results;
    let results: Vec<String> = results.iter().map(ToString::to_string).collect();
    results.join(", ")
}

#[test]
fn a_closure_has_the_results_of_its_formula() {
    for (body, results) in [
        ("Exp(-SqDist(x_i, y_j) / s^2) * b_j", "Vi<1>"),
        ("x_i - y_j", "Vi<3>"),
        ("{ let d = x_i - y_j; (SqNorm2(d), d) }", "Vi<1>, Vi<3>"),
        // Nothing of j: what is left is summed over i.
        ("u_i * s", "Vj<4>"),
        ("(u_i, p)", "Vj<4>, Vj<3>"),
        ("(u_i, b_j)", "Vi<4>, Vi<1>"),
        ("v_j", "Vi<4>"),
        ("s", "Vi<1>"),
        ("i * s", "Vj<1>"),
        ("(i < j) * u_i", "Vi<4>"),
        // The reductions say it.
        ("Sum_i(x_i * y_j)", "Vj<3>"),
        ("Sum_j(u_i)", "Vi<4>"),
        ("Sum_i(b_j) * b_j", "Vj<1>"),
        ("(s, Sum_i(u_i))", "Vj<1>, Vj<4>"),
        ("(x_i - y_j).sum(axis=0)", "Vj<3>"),
        ("Sum_Reduction(x_i, 1)", "Vj<3>"),
        ("Sum_ij(x_i * y_j)", "Pm<3>"),
        ("(Sum_ij(b_j), u_i)", "Pm<1>, Pm<4>"),
        ("ArgMin_j(x_i - y_j)", "Vi<3, usize>"),
        ("KMin_ArgKMin_i(SqDist(x_i, y_j), 5)", "Vj<5>, Vj<5, usize>"),
        ("(Min_ArgMin_j(SqDist(x_i, y_j)), Sum_j(v_j))", "Vi<1>, Vi<1, usize>, Vi<4>"),
        ("SumSoftMaxWeight_j(b_j, v_j)", "Vi<4>"),
        ("Mean_j(v_j) / LogSumExp_j(b_j)", "Vi<4>"),
    ] {
        assert_eq!(inferred(body), results, "{body}");
    }
}

#[test]
fn an_undeclared_result_is_the_program_of_the_declared_one() {
    let closure = check("|x_i: Vi<3>, y_j: Vj<3>| (Sum_i(x_i), y_j | x_i)").unwrap();
    let function =
        check("fn f(x_i: Vi<3>, y_j: Vj<3>) -> (Vj<3>, Vj<1>) { (Sum_i(x_i), y_j | x_i) }").unwrap();
    assert_eq!(print(&closure.program), print(&function.program));
}

#[test]
fn what_is_wrong_with_a_closure() {
    for (source, underlined, message) in [
        (
            "|x_i: Vi<3>, y_j: Vj<3>| Sum_j(x_i | y_j) * Sum_i(x_i | y_j)",
            "Sum_i",
            "`Sum_i` reduces over i, but `Sum_j` before it over j\n\
             rule: all reductions of a formula run over the same points, since all its results have the same rows\n\
             help: write `Sum_j` here, or write one formula for each",
        ),
        (
            "|x_i: Vi<3>, y_j: Vj<3>| (Min_i(x_i | y_j), Sum_ij(x_i))",
            "Sum_ij",
            "`Sum_ij` reduces over i and j, but `Min_i` before it over i\n",
        ),
        (
            "|x_i: Vi<3>, y_j: Vj<3>| (Sum_ij(x_i), Sum_j(x_i))",
            "Sum_j",
            "`Sum_j` reduces over j, but `Sum_ij` before it over i and j\n",
        ),
        (
            "|x_i: Vi<3>, y_j: Vj<3>| (Sum_ij(x_i), Min_j(x_i))",
            "Min_j",
            "`Min_j` reduces over j, but `Sum_ij` before it over i and j\n",
        ),
        ("|x_i: Vi<3>, y_j: Vj<3>| Sum_i(x_i | y_j) * x_i", "x_i", "`x_i` stands outside the reduction"),
        (
            "|x_i: Vi<3>, y_j: Vj<3>| LogSumExp(x_i | y_j)",
            "LogSumExp",
            "`LogSumExp` does not say over which index",
        ),
        (
            "|x_i: Vi<3>, y_j: Vj<3>| 2 * ArgMin_j(x_i | y_j)",
            "ArgMin_j(x_i | y_j)",
            "`ArgMin_j(x_i | y_j)` is an index, not a number to compute with\n\
             rule: an index is returned as it is\n\
             help: write `ArgMin_j(x_i | y_j)` as the result or as one of a tuple",
        ),
        ("|x_i: Vi<3>| SqNorm2(x_i)", "|x_i: Vi<3>|", "no variable has one row per j\n"),
        ("|y_j: Vj<3>| SqNorm2(y_j)", "|y_j: Vj<3>|", "no variable has one row per i\n"),
        ("|| 1", "||", "no variable has one row per i\n"),
        ("|x_i: Vi<3>| -> Vj<3> { x_i }", "Vj<3>", "no argument has one row per j"),
        (
            "|x_i: Vi<3>, y_j: Vj<2>| SqDist(x_i, y_j)",
            "SqDist(x_i, y_j)",
            "dimension mismatch in `SqDist`: lengths 3 and 2",
        ),
        ("|x_i: Vi<3>, y_j: Vj<3>| x_i * s", "s", "unknown variable `s`"),
        (
            "|x_i: Vi<3>, y_j: Vj<3>| -> Vi<1> x_i * y_j",
            "x_i * y_j",
            "the formula has length 3, but the result is",
        ),
        ("|x_i: Vi<0>, y_j: Vj<3>| x_i * y_j", "0", "the dimension is 0"),
    ] {
        let (place, found) = only(source, check(source).unwrap_err());
        assert_eq!(place, underlined, "{source}");
        assert!(found.starts_with(message), "{source}\n{found}");
        super::assert_shape(&found);
    }
}
