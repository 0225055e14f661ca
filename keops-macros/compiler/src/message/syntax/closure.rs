//! Sentences about formulas as values, `|x_i: Vi<3>, y_j: Vj<3>| formula`.

use super::lines;
use crate::ast::{Kind, name_kind};

const CLOSURE: &str = "a formula as a value is `|name: kind, …| formula`";

/// Shown for what belongs to a function with a name, before the bars; `declaration` has it in its place.
pub fn name_wanted(what: &str, declaration: &str) -> String {
    lines(
        format!("{what} belongs to a function with a name"),
        "a formula as a value is one function, for numbers as dimensions, and what goes with a function is found by its name",
        format!("write `keops! {{ {declaration} }}`, outside of the expression, and use `name` here"),
    )
}

/// Shown for a `|` without a second one.
pub fn bar_missing() -> String {
    lines(
        "the `|` before the variables has no second one".into(),
        CLOSURE,
        "write `|x_i: Vi<3>, y_j: Vj<3>| SqDist(x_i, y_j)`".into(),
    )
}

/// Shown for `move |…|`.
pub fn captures() -> String {
    lines(
        "a formula captures nothing".into(),
        "all its variables stand between the bars, and are arguments of the call",
        "leave out `move`, and declare a number as in `s: Pm<1>`".into(),
    )
}

/// Shown for a formula alone; `names` are those in it, `text` is the formula if it is short.
pub fn variables_undeclared(names: &[String], text: Option<&str>) -> String {
    // Where no name says to which points it belongs, the first two are those that are compared.
    let silent = names.iter().all(|name| name_kind(name).is_none());
    let variable = |(k, name): (usize, &String)| match (name_kind(name), k) {
        (Some(kind), _) => format!("{name}: {kind}<3>"),
        (None, 0) if silent => format!("{name}: {}<3>", Kind::I),
        (None, 1) if silent => format!("{name}: {}<3>", Kind::J),
        (None, _) => format!("{name}: {}<1>", Kind::Parameter),
    };
    let variables: Vec<String> = names.iter().enumerate().map(variable).collect();
    lines(
        "a formula without its variables".into(),
        "`keops!` holds functions, or one formula whose variables stand between bars, with their kinds and dimensions",
        format!(
            "write `keops!(|{}| {})`, with the dimensions of the data",
            variables.join(", "),
            text.unwrap_or("…")
        ),
    )
}
