//! Functions as text, parsed and checked.

mod calculus;
mod dims;
mod instances;
mod names;
mod programs;
mod random;
mod reductions;
mod results;
mod spellings;
mod values;

use crate::check::{Checked, function};
use crate::error::Errors;
use crate::parse;

/// An error as the user sees it: the text that is underlined, and the message.
type Shown = (String, String);

/// Parses and checks one function.
fn check(source: &str) -> Result<Checked, Vec<Shown>> {
    let mut errors = Errors::new();
    let tokens = source.parse().expect("the test's text is made of tokens");
    let block = parse::block(tokens, &mut errors);
    let checked = block.functions.first().and_then(|f| function(f, &mut errors));
    match errors.finish() {
        Ok(()) => Ok(checked.expect("without errors there is a checked function")),
        Err(rejected) => {
            assert!(checked.is_none(), "an error was reported, and the function passed: {source}");
            let shown = rejected.errors().iter().map(|error| {
                let place = error.place.first.join(error.place.last).expect("one text");
                (place.source_text().expect("the text is known"), error.message.clone())
            });
            Err(shown.collect())
        }
    }
}

/// A function over the arguments of the tables' examples.
fn source(result: &str, body: &str) -> String {
    format!(
        "fn f(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, u_i: Vi<4>, v_j: Vj<4>, a_j: Vj<9>, s: Pm<1>, p: Pm<3>) \
         -> {result} {{ {body} }}"
    )
}

/// The checked function with this result and body.
fn checked(result: &str, body: &str) -> Checked {
    check(&source(result, body)).unwrap_or_else(|errors| panic!("{body}: {errors:#?}"))
}

/// The errors of the function with this result and body.
fn errors(result: &str, body: &str) -> Vec<Shown> {
    match check(&source(result, body)) {
        Ok(_) => panic!("no error in {body}"),
        Err(errors) => errors,
    }
}

/// The only error of a source.
fn only(source: &str, errors: Vec<Shown>) -> Shown {
    match <[Shown; 1]>::try_from(errors) {
        Ok([error]) => error,
        Err(errors) => panic!("not one error in {source}: {errors:#?}"),
    }
}

/// Each body, with the result declared, has exactly one error: this text underlined, and a message that
/// starts so.
fn assert_errors(result: &str, cases: &[(&str, &str, &str)]) {
    for (body, underlined, start) in cases {
        let (place, message) = only(body, errors(result, body));
        assert!(
            message.starts_with(start),
            "{body}: the message is\n\
             {message}\n\
             and should start with\n\
             {start}"
        );
        assert_eq!(&place, underlined, "{body}");
        assert_shape(&message);
    }
}

/// The shape that every message has.
fn assert_shape(message: &str) {
    let first = message.chars().next().expect("a message says something");
    assert!(!first.is_uppercase(), "starts with a capital: {message}");
    assert!(!message.ends_with('.') && !message.contains(".\n"), "ends with a full stop: {message}");
    assert!(!message.contains("please"), "{message}");
    assert!(message.matches('`').count().is_multiple_of(2), "a quotation is not closed: {message}");
    // Rules follow the facts, and the help is last.
    let kinds: Vec<usize> = message
        .lines()
        .map(|line| if line.starts_with("help:") { 2 } else { usize::from(line.starts_with("rule:")) })
        .collect();
    assert!(kinds.is_sorted(), "{message}");
}
