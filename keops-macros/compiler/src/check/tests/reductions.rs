//! Reductions: where they may stand, what they take, what may follow them.

use super::{assert_errors, checked, errors, only};

#[test]
fn a_reduction_is_not_inside_another() {
    assert_errors(
        "Vi<1>",
        &[
            ("Sum_j(Max_j(b_j))", "Max_j(b_j)", "`Max_j(b_j)` is reduced already, inside `Sum_j`"),
            ("let m = Max_j(b_j); Sum_j(b_j - m)", "m", "`m` is reduced already, inside `Sum_j`"),
            (
                "Sum_i(Sum_j(x_i | y_j))",
                "Sum_i(Sum_j(x_i | y_j))",
                "`Sum_j(x_i | y_j)` is summed already, inside `Sum_i`\n\
                 rule: one reduction takes a formula of one pair of points; a sum over both indices is `Sum_ij`\n\
                 help: write `Sum_ij(x_i | y_j)`, and declare the result `Pm`",
            ),
            ("Sum_i(Max_j(b_j))", "Max_j(b_j)", "`Max_j(b_j)` is reduced already, inside `Sum_i`"),
            ("Sum_j(2 * Mean_j(b_j))", "Mean_j(b_j)", "`Mean_j(b_j)` is reduced already"),
        ],
    );
}

#[test]
fn a_sum_of_sums_is_the_sum_over_both_indices() {
    for sum in ["Sum_i(Sum_j(x_i | y_j))", "Sum_j(Sum_i(x_i | y_j))", "(x_i | y_j).sum(axis=1).sum(axis=0)"] {
        let (place, message) = only(sum, errors("Pm<1>", sum));
        assert_eq!(place, sum);
        assert!(message.ends_with("help: write `Sum_ij(x_i | y_j)`"), "{message}");
    }
}

#[test]
fn the_reduced_index_is_the_one_the_result_does_not_have() {
    assert_errors(
        "Vi<1>",
        &[
            (
                "Sum_i(SqDist(x_i, y_j))",
                "Sum_i",
                "`Sum_i` reduces over i, but the result is declared `Vi`, one row per i\n\
                 help: reduce over j with `Sum_j`, or declare the result `Vj`",
            ),
            ("Sum_Reduction(b_j, 1)", "Sum_Reduction", "`Sum_Reduction` reduces over i"),
            ("b_j.sum(axis=0)", "sum", "`sum` reduces over i"),
            (
                "Sum_ij(b_j)",
                "Sum_ij",
                "`Sum_ij` reduces over both indices, but the result is declared `Vi`\n\
                 help: reduce over one with `Sum_j`, or declare the result `Pm<1>`",
            ),
        ],
    );
    assert_errors(
        "Vj<1>",
        &[("Max_j(s)", "Max_j", "`Max_j` reduces over j, but the result is declared `Vj`")],
    );
    assert_errors(
        "Pm<1>",
        &[
            ("Sum_j(b_j)", "Sum_j", "`Sum_j` leaves one row per i, but the result is declared `Pm`"),
            ("Max_ij(b_j)", "Max_ij", "`Max_ij` is not available"),
            (
                "2 * Sum_ij(b_j)",
                "Sum_ij(b_j)",
                "`Sum_ij(b_j)` is the sum over all pairs, after which nothing follows",
            ),
        ],
    );
}

#[test]
fn the_index_is_said() {
    assert_errors(
        "Vi<1>",
        &[
            (
                "LogSumExp(b_j)",
                "LogSumExp",
                "`LogSumExp` does not say over which index it reduces\n\
                 help: write `LogSumExp_j(b_j)` to reduce over j",
            ),
            (
                "LogSumExp(s, y_j)",
                "LogSumExp",
                "`LogSumExp` does not say over which index it reduces\n\
                 help: write `LogSumExp_j(s, y_j)` to reduce over j",
            ),
            (
                "b_j.logsumexp(y_j)",
                "logsumexp",
                "`logsumexp` does not say over which index it reduces\n\
                 help: write `LogSumExp_j(b_j, y_j)` to reduce over j",
            ),
            ("b_j.logsumexp()", "logsumexp", "`logsumexp` does not say"),
            ("Mean(b_j)", "Mean", "`Mean` does not say"),
            (
                "KMin(b_j, 3)",
                "KMin",
                "`KMin` does not say over which index it reduces\n\
                 help: write `KMin_j(b_j, 3)`",
            ),
            (
                "SoftMax(b_j, s)",
                "SoftMax",
                "`SoftMax` does not say over which index it reduces\n\
                 help: write `SumSoftMaxWeight_j(b_j, s)`",
            ),
            (
                "b_j.sum(axis=3)",
                "3",
                "`sum` has no axis 3\n\
                 rule: axis=1 reduces over j, axis=0 over i, axis=2 and axis=-1 are the coordinates",
            ),
            (
                "b_j.logsumexp(axis=2)",
                "2",
                "`logsumexp` has no axis 2\n\
                 rule: axis=1 reduces over j, axis=0 over i",
            ),
            ("b_j.sum_reduction(axis=2)", "2", "`sum_reduction` has no axis 2"),
            ("Sum_Reduction(b_j, 2)", "2", "`Sum_Reduction` has no tag 2\nrule: tag 0 reduces over j"),
            ("Sum_Reduction(b_j, s)", "s", "`tag` of `Sum_Reduction` must be an integer literal"),
            ("Sum(b_j, s)", "s", "`axis` of `Sum` must be an integer literal"),
            (
                "Max(b_j, s)",
                "Max(b_j, s)",
                "`Max` takes one formula, and gives its extreme coordinate\n\
                 help: to compare two formulas coordinate by coordinate, write `Maximum(b_j, s)`",
            ),
            ("x_i.norm(1)", "1", "`norm` has no axis 1"),
        ],
    );
}

#[test]
fn k_is_a_positive_literal() {
    assert_errors(
        "Vi<1>",
        &[
            (
                "Sum(KMin_j(b_j, 0))",
                "0",
                "the K of `KMin_j` is 0\n\
                 rule: K is an integer literal from 1 to 4096",
            ),
            ("Sum(KMin_j(b_j, -2))", "-2", "the K of `KMin_j` is -2"),
            ("Sum(KMin_j(b_j, 5000))", "5000", "the K of `KMin_j` is 5000"),
            ("Sum(KMin_j(b_j, s))", "s", "`K` of `KMin_j` must be an integer literal"),
            (
                "Sum(KMin_j(x_i - y_j, 2000))",
                "KMin_j(x_i - y_j, 2000)",
                "`KMin_j` gives 2000 · 3 = 6000 coordinates",
            ),
        ],
    );
}

#[test]
fn weighted_exponents_are_single_numbers() {
    assert_errors(
        "Vi<3>",
        &[
            (
                "LogSumExp_j(x_i - y_j, p)",
                "x_i - y_j",
                "the exponent of `LogSumExp_j` has length 3, not 1\n\
                 `x_i - y_j` has length 3, as `x_i: Vi<3>`",
            ),
            (
                "SumSoftMaxWeight_j(x_i, y_j)",
                "x_i",
                "the exponent of `SumSoftMaxWeight_j` has length 3, not 1",
            ),
        ],
    );
    checked("Vi<3>", "LogSumExp_j(x_i - y_j)");
    checked("Vi<3>", "LogSumExp_j(SqDist(x_i, y_j), y_j)");
}

#[test]
fn what_follows_a_reduction_does_not_depend_on_the_reduced_index() {
    assert_errors(
        "Vi<1>",
        &[
            (
                "Sum_j(SqDist(x_i, y_j)) * b_j",
                "b_j",
                "`b_j` stands outside the reduction: it has one value per j, but `Sum_j(SqDist(x_i, y_j))` \
                 has one row per i\n\
                 rule: what follows a reduction over j is made from reduced values, `Vi` and `Pm` \
                 variables and literals\n\
                 help: move `b_j` inside the parentheses of the reduction: `Sum_j(SqDist(x_i, y_j) * b_j)`",
            ),
            ("let k = SqDist(x_i, y_j); k / Sum_j(k)", "k", "`k` stands outside the reduction"),
            ("SqDist(y_j, Mean_j(y_j))", "y_j", "`y_j` stands outside the reduction"),
            ("Scalprod(Sum_j(y_j), y_j * 2)", "y_j * 2", "`y_j * 2` stands outside the reduction"),
        ],
    );
    assert_errors(
        "Vj<3>",
        &[("Sum_i(x_i) + x_i", "x_i", "`x_i` stands outside the reduction: it has one value per i")],
    );
    for (result, body) in [
        ("Vi<3>", "Sum_j(b_j * y_j) / Sum_j(b_j) - x_i"),
        ("Vi<6>", "Concat(Sum_j(y_j), Mean_j(y_j) * p)"),
        ("Vi<1>", "Sqrt(Min_j(SqDist(x_i, y_j)))[0] + s^2"),
        ("Vi<2>", "Mean_j(y_j)[1..3]"),
        ("Vi<1>", "let m = Mean_j(y_j); SqDist(m, x_i)"),
    ] {
        checked(result, body);
    }
}

#[test]
fn indices_and_pairs_are_results_only() {
    assert_errors(
        "Vi<1>",
        &[
            (
                "ArgMin_j(b_j) + 1",
                "ArgMin_j(b_j)",
                "`ArgMin_j(b_j)` is an index, not a number to compute with\n\
                 rule: an index is returned as it is\n\
                 help: declare the result `Vi<1, usize>`",
            ),
            ("let n = ArgKMin_j(b_j, 3); n[0]", "n", "`n` is an index"),
            ("Sqrt(Min_ArgMin_j(b_j))", "Min_ArgMin_j(b_j)", "`Min_ArgMin_j(b_j)` is two results"),
        ],
    );
    // The position of the largest coordinate is a number.
    checked("Vi<1>", "ArgMax(x_i - y_j) + 1");
}
