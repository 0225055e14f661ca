//! Sentences about what Rust and Python have and formulas do not.

use super::lines;

const FORMULA: &str = "a formula is made of numbers, names, operators, operations and `let`";

/// Shown for `&x`.
pub fn reference() -> String {
    lines("a formula has no `&`".into(), "values are used by their names", "leave out the `&`".into())
}

/// Shown for `*x` where no left operand stands.
pub fn dereference() -> String {
    lines(
        "`*` has no left operand".into(),
        "values are used by their names; a product has two operands",
        "leave out the `*`, or write `a * b`".into(),
    )
}

/// Shown for `+x`.
pub fn unary_plus() -> String {
    lines("`+` has no left operand".into(), "a sum has two operands", "leave out the `+`".into())
}

/// Shown for any other operator without a left operand.
pub fn left_operand_missing(operator: &str) -> String {
    lines(
        format!("`{operator}` has no left operand"),
        "this operator stands between two operands",
        format!("write a value before the `{operator}`"),
    )
}

/// Shown for `!x`, `not x` and `~x`.
pub fn not(operator: &str) -> String {
    lines(
        format!("a formula has no `{operator}`"),
        "comparisons have the value 1 or 0",
        "write `1 - c`, or turn the comparison round".into(),
    )
}

/// Shown for `a && b`, `a & b` and `a and b`.
pub fn and(operator: &str) -> String {
    lines(
        format!("a formula has no `{operator}`"),
        "comparisons have the value 1 or 0",
        "write a product: `(a < b) * (c < d)`".into(),
    )
}

/// Shown for `a || b` and `a or b`.
pub fn or(operator: &str) -> String {
    lines(
        format!("a formula has no `{operator}`"),
        "comparisons have the value 1 or 0, and `|` is the dot product",
        "write `1 - (1 - (a < b)) * (1 - (c < d))`".into(),
    )
}

/// Shown for `a % b`.
pub fn remainder() -> String {
    lines("a formula has no `%`".into(), "the remainder is an operation", "write `Mod(a, b, 0)`".into())
}

/// Shown for `a @ b`.
pub fn matrix_product() -> String {
    lines(
        "a formula has no `@`".into(),
        "products of matrices and vectors are operations",
        "write `MatVecMult(a, b)` or `VecMatMult(a, b)`, or `a | b` for the dot product".into(),
    )
}

/// Shown for `a << b` and `a >> b`.
pub fn shift(operator: &str) -> String {
    lines(
        format!("a formula has no `{operator}`"),
        "values are real numbers",
        "write `a * 2^b` or `a / 2^b`; to compare, `<` or `>`".into(),
    )
}

/// Shown for `=<`, `=>` and `<>`.
pub fn comparison_misspelt(found: &str, right: &str) -> String {
    lines(
        format!("`{found}` is no operator"),
        "comparisons are `<`, `<=`, `>`, `>=`, `==` and `!=`",
        format!("write `a {right} b`"),
    )
}

/// Shown for `=`, `+=` and the like inside an expression.
pub fn assignment(operator: &str) -> String {
    lines(
        format!("`{operator}` cannot stand inside an expression"),
        "`==` compares two values, `let name = value;` names one, and `name=value` passes it to an operation by name",
        "write `a == b` to compare".into(),
    )
}

/// Shown for `x as f32`.
pub fn cast() -> String {
    lines(
        "a formula has no `as`".into(),
        "all values have the scalar type of the data",
        "leave out `as` and the type".into(),
    )
}

/// Shown for `x?`.
pub fn question_mark() -> String {
    lines(
        "a formula has no `?`".into(),
        "operations of a formula cannot fail; the generated function returns the `Result`",
        "leave out the `?`, and write `Where(x < y, a, b)` for a choice".into(),
    )
}

/// Shown for `if` and `match`.
pub fn choice(word: &str) -> String {
    lines(
        format!("a formula has no `{word}`"),
        "a choice is an operation: `Where(x < y, a, b)` is a where x < y, else b",
        "write `Where(x < y, a, b)`, or multiply with a comparison: `(x < y) * a`".into(),
    )
}

/// Shown for `return`, `break` and `continue`.
pub fn jump(word: &str) -> String {
    lines(
        format!("a formula has no `{word}`"),
        "the last expression of the body is the result",
        format!("leave out `{word}`"),
    )
}

/// Shown for `|x| …`, `move` and `lambda`.
pub fn closure(word: &str) -> String {
    lines(
        format!("`{word}` cannot start an expression: a formula has no closures"),
        "`|` is the dot product and stands between two operands",
        "write the formula itself, with `let` for its parts".into(),
    )
}

/// Shown for `{ … }` inside an expression.
pub fn block() -> String {
    lines(
        "a formula has no inner blocks".into(),
        "`let` bindings stand at the top of the body; parentheses group",
        "write `( … )`, and move any `let` to the top of the body".into(),
    )
}

/// Shown for `let` inside an expression.
pub fn inner_let() -> String {
    lines(
        "`let` cannot stand inside an expression".into(),
        "`let` bindings stand at the top of the body, each with its `;`",
        "move it to the top of the body".into(),
    )
}

/// Shown for `a::b` and `f::<T>`.
pub fn path() -> String {
    lines(
        "a formula has no paths".into(),
        "names and operations are single words, and scalar types follow from the data",
        "write the last name alone, as in `exp(x)`".into(),
    )
}

/// Shown for `name!(…)`.
pub fn macro_call(name: &str) -> String {
    lines(
        format!("`{name}!` cannot be used in a formula"),
        "macros inside `keops!` are not expanded",
        format!("write an operation, as in `{name}(…)`, or the formula itself"),
    )
}

/// Shown for strings, characters and bytes.
pub fn text_literal(found: &str) -> String {
    lines(format!("`{found}` is no number"), FORMULA, "write a number or a name".into())
}

/// Shown for `true` and `false`.
pub fn boolean(word: &str) -> String {
    let value = if word == "true" { 1 } else { 0 };
    lines(
        format!("a formula has no `{word}`"),
        "comparisons have the value 1 or 0",
        format!("write `{value}`"),
    )
}

/// Shown for `..` outside brackets.
pub fn range() -> String {
    lines(
        "a range cannot stand here".into(),
        "`..` chooses coordinates, inside brackets",
        "write `x[0..2]`".into(),
    )
}

/// Shown for `:` outside brackets.
pub fn colon() -> String {
    lines(
        "`:` cannot stand here".into(),
        "`:` chooses coordinates, inside brackets; an argument is given by name with `=`",
        "write `x[0:2]` or `name=value`".into(),
    )
}

/// Shown for Rust's words where a value should stand.
pub fn keyword(word: &str) -> String {
    let help = match word {
        "fn" => "a helper stands beside the functions, before or after them in the braces of `keops!`",
        _ => "write a number or a name",
    };
    lines(format!("`{word}` is no value"), FORMULA, help.into())
}

/// Shown for any other token that does not belong.
pub fn unexpected(found: &str) -> String {
    lines(format!("unexpected `{found}`"), FORMULA, format!("leave out `{found}`"))
}
