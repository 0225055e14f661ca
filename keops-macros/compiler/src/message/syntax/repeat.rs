//! Sentences about loops and about values that change.

use super::lines;

const RULE: &str = "a loop is `for k in a..b { statements }`, written out once for each k; it changes values that were bound \
                    by `let mut` before it";

/// Shown where the variable of a loop should stand.
pub fn variable_expected(found: &str) -> String {
    lines(format!("expected a name after `for`, found `{found}`"), RULE, "write `for k in 0..4 { … }`".into())
}

/// Shown for `for k` without `in`.
pub fn in_missing(variable: &str) -> String {
    lines(
        format!("`in` is missing after `for {variable}`"),
        RULE,
        format!("write `for {variable} in 0..4 {{ … }}`"),
    )
}

/// Shown for a loop without braces.
pub fn block_missing() -> String {
    lines("the loop has no statements in braces".into(), RULE, "write `for k in 0..4 { sum += …; }`".into())
}

/// Shown for a loop whose braces are empty.
pub fn block_empty() -> String {
    lines(
        "the loop does nothing".into(),
        RULE,
        "write `{ sum += …; }`, with `let mut sum = 0;` before the loop".into(),
    )
}

/// Shown for what a loop cannot run over.
pub fn not_a_range(found: &str) -> String {
    lines(
        format!("a loop cannot run over `{found}`"),
        "a loop runs over a range of integer literals, a list of numbers, or the coordinates of an argument",
        "write `0..4`, `[0.5, 1, 2]`, or the name of an argument".into(),
    )
}

/// Shown for a loop over a binding.
pub fn over_binding(name: &str, variable: &str) -> String {
    lines(
        format!("a loop cannot run over the coordinates of `{name}`, which is no argument"),
        "a loop is written out before the dimensions of bindings are known",
        format!(
            "write `for {variable} in 0..4`, with the dimension of `{name}`, and `{name}[{variable}]` inside"
        ),
    )
}

/// Shown for a loop over an argument whose dimension is a parameter.
pub fn over_parameter(argument: &str, dim: &str) -> String {
    lines(
        format!("a loop cannot run over `{argument}`, whose dimension `{dim}` is a parameter"),
        "a loop is written out before the values of dimension parameters are put in",
        format!("write an operation on the whole vector, such as `Sum({argument})`, or a literal dimension"),
    )
}

/// Shown for `4..0` and `[]`.
pub fn no_round(range: &str) -> String {
    lines(
        format!("`{range}` is empty"),
        "a loop runs once at least",
        "write `0..4`, the smaller number first, or a list of one number or more".into(),
    )
}

/// Shown for an expression that stands in a loop as a statement.
pub fn value_lost() -> String {
    lines(
        "the value of this expression is lost".into(),
        RULE,
        "write `sum += …;`, with `let mut sum = 0;` before the loop".into(),
    )
}

/// Shown for a `let` in a loop of a name that is known outside.
pub fn hides(name: &str) -> String {
    lines(
        format!("`{name}` means something else outside the loop"),
        "a binding of a loop is known inside it alone, and takes a name of its own",
        format!("write `{name} = …;` to change a `let mut`, or take another name"),
    )
}

/// Shown for a name that was bound in a loop and is used behind it.
pub fn closed(name: &str) -> String {
    lines(
        format!("`{name}` is not known outside its loop"),
        "a binding of a loop is known inside it alone",
        format!("write `let mut {name} = …;` before the loop, and `{name} = …;` in it"),
    )
}

/// Shown for `name += value;` where the name is no `let mut`.
pub fn not_mutable(name: &str, operator: &str) -> String {
    let value = match operator.strip_suffix('=') {
        Some(sign) if !sign.is_empty() => format!("{name} {sign} …"),
        _ => "…".into(),
    };
    lines(
        format!("`{name}` cannot change"),
        "what changes is bound by `let mut`; a later `let` may also give a name a new value",
        format!("write `let mut {name} = …;` where it is bound, or `let {name} = {value};` here"),
    )
}

/// Shown for `name += value;` where the name is not bound.
pub fn not_bound(name: &str, operator: &str) -> String {
    lines(
        format!("`{name}` cannot change"),
        "what changes is bound by `let mut` before; arguments do not change",
        format!("write `let mut {name} = …;` first, or `let` in place of `{operator}`: `let {name} = …;`"),
    )
}

/// Shown for `k += value;` in a loop over k.
pub fn variable_changed(name: &str) -> String {
    lines(
        format!("`{name}` cannot change"),
        "it is the variable of a loop here, one number or coordinate in each round",
        "take another name for what changes, or for the variable".into(),
    )
}

/// Shown for a loop over the variable of a loop around it.
pub fn over_variable(name: &str) -> String {
    lines(
        format!("a loop cannot run over `{name}`, which is the variable of a loop"),
        "such a variable is one number or coordinate in each round",
        format!("take another name for the variable, if `{name}` is an argument as well"),
    )
}

/// Shown for `^=` and the like.
pub fn operator(symbol: &str, name: &str) -> String {
    let sign = symbol.trim_end_matches('=');
    lines(
        format!("`{symbol}` cannot be used here"),
        "a value is changed by `=`, `+=`, `-=`, `*=` or `/=`",
        format!("write `{name} = {name} {sign} …;`, if `{sign}` is an operator of formulas"),
    )
}
