//! Sentences about formulas that are too large.

use super::lines;

/// Shown for a formula whose parentheses, calls, signs, powers or methods are nested more than `limit` deep.
pub fn too_deep(limit: usize) -> String {
    lines(
        format!("this formula is nested more than {limit} deep"),
        "parentheses, calls, brackets, methods, unary `-`, `^`, `|` and comparisons each count as one level",
        "split it with `let`: `let part = …;`, then use `part`".into(),
    )
}

/// Shown for a function whose formula has more than `limit` operands and operations.
pub fn too_long(limit: usize) -> String {
    lines(
        format!("the formula has more than {limit} operands and operations up to here"),
        "a function holds that many at most, its `let` bindings included",
        "split it with `let` where parts repeat, or into two functions".into(),
    )
}
