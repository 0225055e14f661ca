//! Sentences about helpers.

use super::lines;

const RULE: &str = "a helper is `fn name(parameters) = expression;`, an expression that is written out wherever it is called";

/// Shown for an attribute of a helper that is no documentation.
pub fn attribute() -> String {
    lines(
        "a helper has no attributes".into(),
        RULE,
        "leave this one out, or write it before the function that calls the helper".into(),
    )
}

/// Shown for `pub fn name(…) = …;`.
pub fn visibility(name: &str) -> String {
    lines(
        format!("the helper `{name}` cannot be public"),
        RULE,
        format!("write `fn {name}(…) = …;`, in each block that uses it"),
    )
}

/// Shown for `x: Vi<3>` among the parameters.
pub fn parameter_kind(name: &str) -> String {
    lines(
        format!("the parameter `{name}` of a helper has no kind"),
        "a parameter stands for whatever the helper is called with",
        format!("write `{name}` alone"),
    )
}

/// Shown where a parameter should stand.
pub fn parameter_expected(found: &str) -> String {
    lines(
        format!("expected the name of a parameter, found `{found}`"),
        RULE,
        "write `fn gaussian(d2, s) = Exp(-d2 / s^2);`".into(),
    )
}

/// Shown where a helper does not end.
pub fn semicolon_missing(name: &str) -> String {
    lines(format!("`;` is missing after the helper `{name}`"), RULE, format!("write `fn {name}(…) = …;`"))
}

/// Shown for a name in a helper that is none of its parameters.
pub fn unknown_name(name: &str, helper: &str, parameters: &[String]) -> String {
    let more: Vec<&str> = parameters.iter().map(String::as_str).chain([name]).collect();
    lines(
        format!("`{name}` is not a parameter of the helper `{helper}`"),
        "a helper knows its parameters alone, not the arguments of the functions that call it",
        format!("write `fn {helper}({}) = …;`", more.join(", ")),
    )
}

/// Shown for a helper that calls one that stands below it, or itself.
pub fn order(helper: &str, called: &str) -> String {
    let help = if helper == called {
        "a formula has no recursion: write out the steps".into()
    } else {
        format!("move `fn {called}(…) = …;` above `fn {helper}(…) = …;`")
    };
    lines(
        format!("the helper `{helper}` calls `{called}`, which is not known yet"),
        "a helper can call those above it",
        help,
    )
}

/// Shown for `helper(s=…)`.
pub fn named(parameter: &str, usage: &str) -> String {
    lines(
        format!("a helper's parameter cannot be given by name, as `{parameter}=` is"),
        "parameters are given in their order",
        format!("write `{usage}`"),
    )
}
