//! Sentences about the statements of a function's body.

use super::lines;

const BODY: &str = "a body is statements, such as `let name = …;`, and then one expression, the result";

/// Shown for `{ }`.
pub fn body_empty() -> String {
    lines("the formula is empty".into(), BODY, "write an expression, for instance `SqDist(x_i, y_j)`".into())
}

/// Shown for a body that ends after a `let`.
pub fn result_missing() -> String {
    lines(
        "the body ends without a result".into(),
        BODY,
        "write the result as an expression before the `}`".into(),
    )
}

/// Shown for an attribute or a doc comment inside a body.
pub fn attribute() -> String {
    lines(
        "attributes and doc comments cannot stand inside a formula".into(),
        "they stand before the function",
        "write a comment with `//`".into(),
    )
}

/// Shown for a `;` after the last expression.
pub fn semicolon_after_result() -> String {
    lines("the result is followed by `;`".into(), BODY, "leave out the `;`".into())
}

/// Shown for a second `;` in a row.
pub fn semicolon_alone() -> String {
    lines("a `;` ends nothing here".into(), BODY, "leave out the `;`".into())
}

/// Shown for a `;` with an operator behind it.
pub fn semicolon_inside() -> String {
    lines("this `;` cuts an expression in two".into(), BODY, "leave out the `;`".into())
}

/// Shown for an expression with a `;` that is followed by more.
pub fn value_unused() -> String {
    lines("this value is not used".into(), BODY, "give it a name: `let name = …;`".into())
}

/// Shown for a binding whose value is followed by the next statement.
pub fn semicolon_missing(name: &str) -> String {
    lines(format!("a `;` is missing after the value of `{name}`"), BODY, format!("write `let {name} = …;`"))
}

/// Shown for several results without parentheses around them.
pub fn results_without_parentheses() -> String {
    lines("several results stand in parentheses".into(), BODY, "write `(first, second)`".into())
}

/// Shown for `let` without a name.
pub fn let_name_expected(found: &str) -> String {
    lines(
        format!("expected a name after `let`, found `{found}`"),
        "a binding is `let name = value;`",
        "give each value a `let` of its own".into(),
    )
}

/// Shown for `let name: type`.
pub fn let_type(name: &str) -> String {
    lines(
        format!("`{name}` cannot have a type"),
        "the dimension of a binding is that of its value",
        format!("write `let {name} = …;`"),
    )
}

/// Shown for `let name` without `=`.
pub fn let_value_missing(name: &str) -> String {
    lines(
        format!("`{name}` has no value"),
        "a binding is `let name = value;`",
        format!("write `let {name} = …;`"),
    )
}

/// Shown for `while` and `loop`, and for `for` inside an expression.
pub fn loop_statement(word: &str) -> String {
    lines(
        match word {
            "for" => "`for` cannot stand inside an expression".into(),
            _ => format!("a formula has no `{word}`"),
        },
        "a reduction runs over the points, coordinate-wise operations over the coordinates, and \
         `for k in 0..4 { sum += …; }`, a statement, over numbers",
        "write `Sum_j(…)` for a sum over the points, `Sum(…)` for one over coordinates".into(),
    )
}
