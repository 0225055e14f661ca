//! Dimensions: what broadcasts, and what is said where it does not.

use super::{assert_errors, checked, errors, only};

#[test]
fn the_message_says_what_how_long_why_and_what_to_write() {
    let body = "SqDist(x_i, v_j)";
    let (place, message) = only(body, errors("Vi<1>", body));
    assert_eq!(place, "SqDist(x_i, v_j)");
    assert_eq!(
        message,
        "dimension mismatch in `SqDist`: lengths 3 and 4\n\
         `x_i` has length 3, declared `x_i: Vi<3>`\n\
         `v_j` has length 4, declared `v_j: Vj<4>`\n\
         rule: both have the same length, or one of them has length 1\n\
         help: keep the first 3 coordinates with `v_j[0..3]`"
    );
}

#[test]
fn lengths_are_traced_to_bindings_and_declarations() {
    let body = "let d = x_i - y_j; Sum(d * 2 + Exp(-v_j) + Concat(s, s, s, s))";
    let (place, message) = only(body, errors("Vi<1>", body));
    assert_eq!(place, "d * 2 + Exp(-v_j)");
    assert_eq!(
        message,
        "dimension mismatch in `+`: lengths 3 and 4\n\
         `d * 2` has length 3, as `x_i: Vi<3>`\n\
         `Exp(-v_j)` has length 4, as `v_j: Vj<4>`\n\
         rule: both have the same length, or one of them has length 1\n\
         help: keep the first 3 coordinates with `Exp(-v_j)[0..3]`"
    );
    let body = "let d = x_i - y_j; Sum(d * Concat(s, s))";
    let (_, message) = only(body, errors("Vi<1>", body));
    assert_eq!(
        message,
        "dimension mismatch in `*`: lengths 3 and 2\n\
         `d` has length 3, from `let d = x_i - y_j`\n\
         `Concat(s, s)` has length 2\n\
         rule: both have the same length, or one of them has length 1\n\
         help: keep the first 2 coordinates with `d[0..2]`"
    );
}

#[test]
fn operands_that_do_not_fit() {
    assert_errors(
        "Vi<1>",
        &[
            ("Sum(x_i + v_j)", "x_i + v_j", "dimension mismatch in `+`: lengths 3 and 4"),
            ("Sum(s + x_i - v_j)", "x_i - v_j", "dimension mismatch in `-`: lengths 3 and 4"),
            ("Sum(x_i * s / v_j)", "x_i * s / v_j", "dimension mismatch in `/`: lengths 3 and 4"),
            ("Sum(x_i^v_j)", "x_i^v_j", "dimension mismatch in `^`"),
            ("x_i | v_j", "x_i | v_j", "dimension mismatch in `|`: lengths 3 and 4"),
            (
                "x_i | s",
                "x_i | s",
                "dimension mismatch in `|`: lengths 3 and 1\n`x_i` has length 3, declared `x_i: Vi<3>`\n`s` has length 1, declared `s: Pm<1>`\nrule: both have the same length\nhelp: for a product with a single number, write `*`",
            ),
            ("Sum(x_i < v_j)", "x_i < v_j", "dimension mismatch in `<`"),
            ("Sum(Atan2(x_i, v_j))", "Atan2(x_i, v_j)", "dimension mismatch in `Atan2`"),
            ("x_i.sqdist(v_j)", "x_i.sqdist(v_j)", "dimension mismatch in `sqdist`"),
            ("SqNormIso(x_i, y_j)", "x_i", "`s` of `SqNormIso` has length 3, not 1"),
            (
                "Sum(MatVecMult(a_j, u_i))",
                "MatVecMult(a_j, u_i)",
                "dimension mismatch in `MatVecMult`: the length 9 of `A`",
            ),
            (
                "SymSqNorm(a_j, u_i)",
                "SymSqNorm(a_j, u_i)",
                "dimension mismatch in `SymSqNorm`: `A` has length 9, not 16",
            ),
            ("Sum(ComplexReal(x_i))", "x_i", "`z` of `ComplexReal` has the odd length 3"),
            (
                "Sum(TensorDot(a_j, x_i, [3, 2], [3], [1], [0]))",
                "[3, 2]",
                "dimension mismatch in `TensorDot`: the shape [3, 2] has 6 entries",
            ),
            (
                "Sum(TensorDot(a_j, x_i, [4294967296, 4294967296], [3], [1], [0]))",
                "[4294967296, 4294967296]",
                "dimension mismatch in `TensorDot`: the shape [4294967296, 4294967296] has too many entries",
            ),
            (
                "Sum(ComplexMult(u_i, Concat(x_i, y_j)))",
                "ComplexMult(u_i, Concat(x_i, y_j))",
                "dimension mismatch in `ComplexMult`: lengths 4 and 6\n`u_i` has length 4, declared `u_i: Vi<4>`\n`Concat(x_i, y_j)` has length 6\nrule: both have the same length, or one of them is one complex number, of length 2",
            ),
            (
                "Sum(TensorDot(a_j, x_i, [3, 3], [3], [2], [0]))",
                "[2]",
                "`axes_f` of `TensorDot` does not fit: an axis is counted from 0",
            ),
            ("IntInv(0)", "0", "division by zero"),
            ("Elem(x_i, 3)", "3", "`m` of `Elem` is 3, out of range"),
            ("Elem(x_i, -1)", "-1", "`m` of `Elem` is -1, out of range"),
            (
                "Sum(TensorProd(Concat(a_j, a_j, a_j, a_j, a_j, a_j, a_j, a_j), Concat(a_j, a_j, a_j, a_j, \
                 a_j, a_j, a_j, a_j)))",
                "TensorProd(Concat(a_j, a_j, a_j, a_j, a_j, a_j, a_j, a_j), Concat(a_j, a_j, a_j, a_j, \
                 a_j, a_j, a_j, a_j))",
                "the value of `TensorProd` has length 5184, which is too long",
            ),
        ],
    );
}

#[test]
fn what_is_in_error_is_silent_afterwards() {
    let body = "let d = x_i - v_j; let e = d * unknown; SqDist(d, e) + Sum(d | e)";
    let shown: Vec<String> = errors("Vi<1>", body).into_iter().map(|(place, _)| place).collect();
    assert_eq!(shown, ["x_i - v_j", "unknown"]);
}

#[test]
fn all_mistakes_are_reported_at_once() {
    let body = "Sum(x_i + v_j) * Foo(y_j) + Sqdist(x_i, y_j) + x_i[7]";
    let shown: Vec<String> = errors("Vi<1>", body).into_iter().map(|(place, _)| place).collect();
    assert_eq!(shown, ["x_i + v_j", "Foo", "Sqdist", "7"]);
}

#[test]
fn coordinates_and_slices_are_within_range_and_not_empty() {
    assert_errors(
        "Vi<1>",
        &[
            ("x_i[3]", "3", "coordinate 3 is out of range\n`x_i` has length 3"),
            (
                "s[1]",
                "1",
                "coordinate 1 is out of range\n\
                 `s` has length 1, declared `s: Pm<1>`\n\
                 rule: the only coordinate is 0",
            ),
            ("Sum(x_i[1..4])", "1..4", "the slice 1..4 is out of range"),
            ("Sum(x_i[5..])", "5", "coordinate 5 is out of range"),
            ("Sum(x_i[3..])", "3", "coordinate 3 is out of range"),
            ("Sum(x_i[:7])", "7", "the slice 0..7 is out of range"),
            (
                "Sum(x_i[2..2])",
                "2..2",
                "the slice 2..2 is empty\n\
                 rule: `[a..b]` holds the coordinates a, …, b - 1\n\
                 help: write `[2..3]`",
            ),
            (
                "Sum(x_i[2..1])",
                "2..1",
                "the slice 2..1 is empty\n\
                 rule: `[a..b]` holds the coordinates a, …, b - 1\n\
                 help: write `[1..2]`",
            ),
        ],
    );
    for body in ["x_i[0..2] | y_j[1:]", "Sum(x_i[..])", "x_i[2] * y_j[0]"] {
        checked("Vi<1>", body);
    }
}

#[test]
fn literals_that_are_no_numbers() {
    assert_errors(
        "Vi<1>",
        &[
            ("s / 0", "0", "division by zero"),
            ("1 / (2 - 2) * s", "(2 - 2)", "division by zero"),
            ("s + 0^-1", "0^-1", "`0^-1` is no number"),
            ("s * (-2)^0.5", "(-2)^0.5", "`(-2)^0.5` is no number"),
            ("s + 10^400", "10^400", "`10^400` is no number"),
        ],
    );
}

#[test]
fn a_scalar_meets_a_vector_everywhere() {
    for body in [
        "x_i + s",
        "s * x_i / b_j",
        "x_i^s",
        "s^x_i",
        "2^y_j",
        "Atan2(x_i, 1)",
        "x_i < s",
        "Clamp(x_i, 0, s)",
        "Mod(x_i, 2)",
    ] {
        checked("Vi<3>", body);
    }
}
