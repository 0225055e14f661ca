//! Functions with dimension parameters: what is found for all values at once, what for some, and what each instance is.

use super::{Shown, assert_shape, only};
use crate::check::{Instance, instances};
use crate::error::Errors;
use crate::parse;

/// Parses and checks one function of dimensions D and E.
fn check(attributes: &str, result: &str, body: &str) -> Result<Vec<Instance>, Vec<Shown>> {
    let source = format!(
        "{attributes} fn f<const D: usize, const E: usize>(x_i: Vi<D>, y_j: Vj<D>, v_j: Vj<E>, u_i: Vi<3>, \
         b_j: Vj<1>, s: Pm<1>, p: Pm<D>) -> {result} {{ {body} }}"
    );
    let mut errors = Errors::new();
    let block = parse::block(source.parse().expect("the test's text is made of tokens"), &mut errors);
    assert!(errors.is_empty(), "{source}");
    let checked = instances(&block.functions[0], &mut errors);
    match errors.finish() {
        Ok(()) => Ok(checked.expect("without errors there are instances")),
        Err(rejected) => {
            assert!(checked.is_none(), "{source}");
            let shown = rejected.errors().iter().map(|error| {
                let place = error.place.first.join(error.place.last).expect("one text");
                (place.source_text().expect("the text is known"), error.message.clone())
            });
            Err(shown.collect())
        }
    }
}

const VALUES: &str = "#[instances(D = 2, 3)] #[instances(E = 1, 3)]";

#[test]
fn every_combination_is_an_instance() {
    let found = check(VALUES, "Vi<E>", "Exp(-SqDist(x_i, y_j + p) / s^2) * v_j").expect("no error");
    let values: Vec<&[usize]> = found.iter().map(|instance| &instance.values[..]).collect();
    assert_eq!(values, [[2, 1], [2, 3], [3, 1], [3, 3]]);
    for Instance { values, checked, .. } in &found {
        let program = &checked.program;
        assert_eq!(program.stages[0].outputs[0].dim.value(), Some(values[1]));
        let dims: Vec<Option<usize>> = program.graph.variables()[..3].iter().map(|v| v.dim.value()).collect();
        assert_eq!(dims, [values[0], values[0], values[1]].map(Some));
    }
}

/// The values listed have nothing to do with it, not even if all of them would do.
#[test]
fn different_parameters_are_different_dimensions() {
    for (result, body, underlined, starts) in [
        ("Vi<D>", "x_i + v_j", "x_i + v_j", "dimension mismatch in `+`: lengths D and E"),
        ("Vi<D>", "x_i * u_i * b_j", "x_i * u_i", "dimension mismatch in `*`: lengths D and 3"),
        ("Vi<1>", "x_i | v_j", "x_i | v_j", "dimension mismatch in `|`: lengths D and E"),
        ("Vi<1>", "x_i | b_j", "x_i | b_j", "dimension mismatch in `|`: lengths D and 1"),
        ("Vi<1>", "SqDist(x_i, v_j)", "SqDist(x_i, v_j)", "dimension mismatch in `SqDist`: lengths D and E"),
        ("Vi<1>", "Hypot(x_i, v_j) | 1", "Hypot(x_i, v_j)", "dimension mismatch in `Hypot`: lengths D and E"),
        ("Vi<D>", "v_j", "v_j", "the formula has length E, but the result is declared `Vi<D>`"),
        ("Vi<3>", "x_i * b_j", "x_i * b_j", "the formula has length D, but the result is declared `Vi<3>`"),
        ("Vi<1>", "x_i * b_j", "x_i * b_j", "the formula has length D, but the result is declared `Vi<1>`"),
        (
            "Vi<D>",
            "Concat(x_i, b_j)",
            "Concat(x_i, b_j)",
            "the formula has length D + 1, but the result is declared `Vi<D>`",
        ),
        (
            "Vi<E>",
            "SumSoftMaxWeight_j(x_i - y_j, v_j)",
            "x_i - y_j",
            "the exponent of `SumSoftMaxWeight_j` has length D",
        ),
        (
            "Vi<1>",
            "Grad(SqDist(x_i, y_j), x_i, v_j)",
            "Grad(SqDist(x_i, y_j), x_i, v_j)",
            "dimension mismatch in `Grad`",
        ),
    ] {
        for values in [VALUES, "#[instances(D = 3)] #[instances(E = 3)]"] {
            let (place, message) = only(body, check(values, result, body).expect_err(body));
            assert!(message.starts_with(starts), "{body}: {message}");
            assert_eq!(place, underlined, "{message}");
            assert_shape(&message);
            assert!(!message.contains("#[instances"), "{message}");
        }
    }
}

#[test]
fn a_broadcast_says_where_both_lengths_come_from() {
    let (_, message) = only("", check(VALUES, "Vi<D>", "x_i + v_j").expect_err("D is not E"));
    assert_eq!(
        message,
        "dimension mismatch in `+`: lengths D and E\n\
         `x_i` has length D, declared `x_i: Vi<D>`\n\
         `v_j` has length E, declared `v_j: Vj<E>`\n\
         rule: both have the same length, or one of them has length 1"
    );
}

/// What depends on the values is wrong for those values that it is wrong for.
#[test]
fn what_depends_on_the_values_is_checked_for_each() {
    for (result, body, underlined, starts) in [
        ("Vi<1>", "x_i[2] * b_j", "2", "coordinate 2 is out of range\nthis is so where D = 2, E = 1, which"),
        ("Vi<2>", "x_i[1..3] * b_j", "1..3", "the slice 1..3 is out of range\nthis is so where D = 2, E = 1"),
        ("Vi<1>", "Elem(v_j, 1) * s", "1", "`m` of `Elem` is 1, out of range\nthis is so where D = 2, E = 1"),
        ("Vi<3>", "MatVecMult(Concat(x_i, x_i, x_i), y_j)", "MatVecMult(Concat(x_i, x_i, x_i), y_j)", ""),
        (
            "Vi<D>",
            "ComplexMult(x_i, y_j)",
            "x_i",
            "`z` of `ComplexMult` has the odd length 3\nthis is so where D = 3, E = 1",
        ),
        (
            "Vi<2>",
            "x_i[0..2] * v_j * s",
            "x_i[0..2] * v_j",
            "dimension mismatch in `*`: lengths 2 and 3\nthis is so where D = 2, E = 3",
        ),
    ] {
        match check(VALUES, result, body) {
            Ok(_) => assert!(starts.is_empty(), "no error in {body}"),
            Err(errors) => {
                let (place, message) = only(body, errors);
                assert!(!starts.is_empty() && message.starts_with(starts), "{body}: {message}");
                assert_eq!(place, underlined, "{message}");
                assert_shape(&message);
            }
        }
    }
}

#[test]
fn instances_may_do_what_needs_numbers() {
    for (result, body) in [
        ("Vi<1>", "x_i[0] * x_i[1] * b_j"),
        ("Vi<2>", "x_i[0..2] * b_j"),
        ("Vi<1>", "Divergence(Exp(x_i * y_j), x_i)"),
        ("Vi<D>", "Grad(Concat(x_i, v_j) | Concat(y_j, v_j), x_i)"),
        ("Vi<1>", "SqDist(x_i, y_j) / D^2 + E"),
        ("Vi<D, usize>", "ArgKMin_j(SqDist(x_i, y_j), D)"),
        ("(Vi<D>, Vi<D, usize>, Vi<E>)", "(Min_ArgMin_j(x_i - y_j), Mean_j(v_j))"),
        ("Vi<D>", "Sum_j(SumT(b_j, D))"),
    ] {
        let found = check(VALUES, result, body);
        assert_eq!(found.map(|instances| instances.len()).map_err(|e| format!("{body}: {e:?}")), Ok(4));
    }
}

#[test]
fn what_is_too_long_for_all_values_is_refused() {
    let doubled: String = (0..64).map(|_| "z = Concat(z, z); ").collect();
    let body = format!("let mut z = x_i; {doubled} Sum(z)");
    let (place, message) = only(&body, check(VALUES, "Vi<1>", &body).expect_err("2⁶⁴ coordinates"));
    assert!(message.starts_with("the value of `Concat` has length 8192*D, which is too long"), "{message}");
    assert_eq!(place, "Concat(z, z)");
    assert_shape(&message);
}

/// The first mistake is reported, not one for each instance.
#[test]
fn one_mistake_is_one_error() {
    let errors = check("#[instances(D = 1..=8)] #[instances(E = 1..=4)]", "Vi<1>", "x_i[7] * y_j[9]");
    let errors = errors.expect_err("both are out of range");
    let places: Vec<&str> = errors.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places, ["7", "9"]);
}
