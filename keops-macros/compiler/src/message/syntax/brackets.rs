//! Sentences about coordinates and slices, `x[k]` and `x[a..b]`.

use super::lines;
use crate::ast::LARGEST_DIM;

const RULE: &str = "`x[k]` is one coordinate, `x[a..b]` or `x[a:b]` those from a up to but not b; a, b, k are integer \
                    literals, counted from 0";

/// Shown for `x[]`.
pub fn coordinate_missing() -> String {
    lines("the brackets are empty".into(), RULE, "write `[0]` for the first coordinate".into())
}

/// Shown for brackets that hold no integer literal where one should stand.
pub fn not_literal(found: &str) -> String {
    lines(
        format!("`{found}` is no integer literal"),
        RULE,
        "write the number itself, as in `[0]` or `[0..2]`".into(),
    )
}

/// Shown for `x[-1]`.
pub fn negative(found: &str) -> String {
    lines(
        format!("coordinate {found} is negative"),
        RULE,
        "count from the front: the last of 3 coordinates is `[2]`".into(),
    )
}

/// Shown for a coordinate that no machine integer holds.
pub fn too_large(found: &str) -> String {
    let most = format!("a value has at most {LARGEST_DIM} coordinates");
    lines(format!("coordinate {found} is too large"), RULE, most)
}

/// Shown for `x[a..=b]` and `x[a...b]`.
pub fn inclusive(symbol: &str) -> String {
    lines(format!("`{symbol}` cannot be used here"), RULE, "write `..` and an end that is one larger".into())
}

/// Shown for `x[a:b:c]` and `x[::c]`.
pub fn step() -> String {
    lines("a slice has no step".into(), RULE, "pick the coordinates one by one: `Concat(x[0], x[2])`".into())
}

/// Shown for `x[a, b]`.
pub fn several() -> String {
    lines(
        "the brackets hold more than one coordinate".into(),
        RULE,
        "write `[a..b]` for neighbours, `Concat(x[0], x[2])` for others".into(),
    )
}
