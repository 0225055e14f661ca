//! Sentences about operators, numbers, calls and what is missing between them.

use super::lines;

/// Shown where an expression should follow an operator, a comma or an opening bracket and does not.
pub fn missing(after: &str) -> String {
    lines(
        format!("expected an expression after `{after}`"),
        "an operator stands between two operands, and commas and parentheses hold expressions",
        format!("write a value after `{after}`, or leave `{after}` out"),
    )
}

/// Shown for `()`.
pub fn parentheses_empty() -> String {
    lines(
        "the parentheses are empty".into(),
        "parentheses hold an expression, or several results",
        "write an expression inside, or leave them out".into(),
    )
}

/// Shown for `* *` with a space in it.
pub fn power_with_space() -> String {
    lines(
        "`* *` is no operator".into(),
        "a power is `^` or `**`, without a space",
        "write `a ** b` or `a ^ b`".into(),
    )
}

/// Shown for `a < b < c`.
pub fn comparison_chained() -> String {
    lines(
        "comparisons cannot be chained".into(),
        "a comparison has the value 1 or 0, and compares two values",
        "write `(a < b) * (b < c)`".into(),
    )
}

/// Shown for two operands without an operator between them, where a comma might be meant or not.
pub fn side_by_side(found: &str, comma: bool) -> String {
    let (rule, comma) = match comma {
        true => (
            "a product is written with `*`, and operands of a call with commas between them",
            format!(" or `…, {found}`"),
        ),
        false => ("a product is written with `*`", String::new()),
    };
    lines(format!("expected an operator before `{found}`"), rule, format!("write `… * {found}`{comma}"))
}

/// Shown for `1.0f32` and the like.
pub fn suffix_type(digits: &str, suffix: &str) -> String {
    lines(
        format!("the literal `{digits}{suffix}` has a type"),
        "a literal takes the scalar type of the data",
        format!("leave out `{suffix}`: write `{}`", digits.trim_end_matches('_')),
    )
}

/// Shown for `2x` and the like.
pub fn suffix_name(digits: &str, suffix: &str) -> String {
    lines(
        format!("expected an operator between `{digits}` and `{suffix}`"),
        "a product is written with `*`",
        format!("write `{digits} * {suffix}`"),
    )
}

/// Shown for `0xff`, `0b11` and `0o17`.
pub fn not_decimal(text: &str) -> String {
    lines(
        format!("`{text}` is no decimal number"),
        "literals are decimal",
        "write it with decimal digits".into(),
    )
}

/// Shown for `1e999` and `1e-999`.
pub fn not_representable(text: &str) -> String {
    lines(
        format!("`{text}` cannot be represented"),
        "a literal fits an f64: 0, or between about 1e-308 and 1e308 in absolute value",
        "write a number in that range, or pass it as a parameter".into(),
    )
}

/// Shown for `.5`.
pub fn leading_point(digits: &str) -> String {
    lines(format!("`.{digits}` is no number"), "a literal starts with a digit", format!("write `0.{digits}`"))
}

const FIELDS: &str = "a value has methods, `x.sum()`, and coordinates, `x[0]`, but no fields";

/// Shown for `x.sum` without parentheses; the name is that of an operation, or of a variable.
pub fn method_parentheses(name: &str, operation: bool) -> String {
    let help = match operation {
        false => format!("write `* {name}` for a product, `| {name}` for a dot product"),
        true => format!("write `.{name}()`"),
    };
    lines(format!("`.{name}` lacks its parentheses"), FIELDS, help)
}

/// Shown for `p.x`; `fix` is the coordinate that is meant.
pub fn coordinate_by_name(name: &str, fix: &str, number: &str) -> String {
    lines(format!("`.{name}` is no coordinate"), FIELDS, format!("`{fix}` is its {number} coordinate"))
}

/// Shown for `x.0`.
pub fn field_number(number: &str) -> String {
    lines(
        format!("`.{number}` is no coordinate"),
        "a coordinate is written in brackets",
        format!("write `[{}]`", number.replace('.', "][")),
    )
}

/// Shown where a method's name should stand.
pub fn method_expected(found: &str) -> String {
    lines(
        format!("expected a method after `.`, found `{found}`"),
        "a method is an operation written after its first operand",
        "write for instance `x.sum()`".into(),
    )
}

/// Shown for an argument without a name after one with a name.
pub fn positional_after_named() -> String {
    lines(
        "an argument without a name follows one with a name".into(),
        "arguments given by name come last",
        "move it before the first `name=`".into(),
    )
}

/// Shown for an argument that is given twice by name.
pub fn named_repeated(name: &str) -> String {
    lines(
        format!("`{name}` is given twice"),
        "each argument is given once",
        format!("leave out one `{name}=`"),
    )
}
