//! Helpers are written out: a block with them is the block without.

use super::super::MAX_NODES;
use super::{block, read};

/// The functions of a block as text.
fn written(source: &str) -> String {
    block(source).to_string()
}

fn function(body: &str) -> String {
    format!("fn f(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> {{ {body} }}")
}

#[test]
fn a_call_is_the_expression() {
    let helpers = "/// Of a squared distance.\nfn gaussian(d2, s) = Exp(-d2 / s^2); fn twice(f) = 2 * f;";
    for (called, by_hand) in [
        ("gaussian(SqDist(x_i, y_j), s)", "Exp(-SqDist(x_i, y_j) / s^2)"),
        ("(x_i | y_j).gaussian(2 + s)", "Exp(-(x_i | y_j) / (2 + s)^2)"),
        (
            "let d = x_i - y_j; twice(twice(d[0])) + gaussian(d | d, 1)",
            "let d = x_i - y_j; 2 * (2 * d[0]) + Exp(-(d | d) / 1^2)",
        ),
        ("Grad(twice(x_i | y_j), x_i, s)[0..1]", "Grad(2 * (x_i | y_j), x_i, s)[0..1]"),
    ] {
        let by_hand = written(&function(by_hand));
        assert_eq!(written(&format!("{helpers} {}", function(called))), by_hand);
        assert_eq!(written(&format!("{} {helpers}", function(called))), by_hand, "helpers below");
    }
}

#[test]
fn helpers_call_those_above() {
    let helpers = "fn square(a) = a * a; fn fourth(a) = square(square(a)); fn one() = 1;";
    let called = written(&format!("{helpers} {}", function("fourth(s) + one()")));
    assert_eq!(called, written(&function("(s * s) * (s * s) + 1")));
}

#[test]
fn a_parameter_written_twice_is_one_error() {
    let faults = read(&format!("fn h(a, a) = a * a; {}", function("h(s, 2) + h(s)"))).1;
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].message.starts_with("a second argument is named `a`"), "{}", faults[0].message);
}

#[test]
fn what_doubles_at_each_level_is_refused_at_once() {
    let doubled: String = (0..100).map(|k| format!("fn h{}(a) = h{k}(a) + h{k}(a); ", k + 1)).collect();
    let source = format!("fn h0(a) = a * a; {doubled} {}", function("h100(s)"));
    let faults = read(&source).1;
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].message.contains(&format!("more than {MAX_NODES}")), "{}", faults[0].message);
}
