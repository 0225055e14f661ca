//! Sentences about dimensions. An operand is described by one line that says how long it is and why.

use super::sum_or_take_one;
use crate::ast::Kind;
use std::fmt::Display;

/// The length of an argument, and its declaration.
pub fn argument_length(name: &str, length: &impl Display, kind: Kind) -> String {
    format!("`{name}` has length {length}, declared `{name}: {kind}<{length}>`")
}

/// The length of a `let` binding, and what it is bound to.
pub fn let_length(name: &str, length: &impl Display, value: &str) -> String {
    format!("`{name}` has length {length}, from `let {name} = {value}`")
}

/// The length of an expression, and the argument that it has it from, as `x_i: Vi<3>`.
pub fn expression_length(text: &str, length: &impl Display, declared: Option<&str>) -> String {
    match declared {
        Some(declared) => format!("`{text}` has length {length}, as `{declared}`"),
        None => format!("`{text}` has length {length}"),
    }
}

/// Keeping the first coordinates of the longer operand; its text, if it is short enough to be pasted.
pub fn shorten(longer: Option<&str>, to: usize) -> String {
    match longer {
        Some(text) => format!("keep the first {to} coordinates with `{text}[0..{to}]`"),
        None => format!("keep the first {to} coordinates of the longer one with `[0..{to}]`"),
    }
}

/// A dot product with a single number, which is no dot product.
pub fn dot_with_one() -> String {
    "for a product with a single number, write `*`".into()
}

/// Two operands of a coordinate-wise operation differ, and neither has length 1.
pub fn broadcast(operation: &str, lengths: [&dyn Display; 2], of: [&str; 2], help: Option<&str>) -> String {
    differ(operation, lengths, of, ", or one of them has length 1", help)
}

/// Two operands of a complex operation differ, and neither is one complex number.
pub fn broadcast_complex(
    operation: &str,
    lengths: [&dyn Display; 2],
    of: [&str; 2],
    help: Option<&str>,
) -> String {
    differ(operation, lengths, of, ", or one of them is one complex number, of length 2", help)
}

/// Two operands must be equally long; here length 1 is not repeated.
pub fn equal(operation: &str, lengths: [&dyn Display; 2], of: [&str; 2], help: Option<&str>) -> String {
    differ(operation, lengths, of, "", help)
}

/// Two operands have different lengths; `unless` says what else they may have.
fn differ(
    operation: &str,
    [a, b]: [&dyn Display; 2],
    [of_a, of_b]: [&str; 2],
    unless: &str,
    help: Option<&str>,
) -> String {
    let help = help.map(|help| format!("\nhelp: {help}")).unwrap_or_default();
    format!(
        "dimension mismatch in `{operation}`: lengths {a} and {b}\n\
         {of_a}\n\
         {of_b}\n\
         rule: both have the same length{unless}{help}"
    )
}

/// An operand must be a single number; `text` is its own, if that is short enough to be pasted.
pub fn not_scalar(
    operation: &str,
    operand: &str,
    length: &impl Display,
    of: &str,
    text: Option<&str>,
) -> String {
    let help = sum_or_take_one(text);
    format!(
        "`{operand}` of `{operation}` has length {length}, not 1\n\
         {of}\n\
         rule: `{operand}` is a single number\n\
         help: {help}"
    )
}

/// An operand must have one certain length; `why` says which one, in words, and `of` how long all operands
/// are.
pub fn must(
    operation: &str,
    operand: &str,
    [length, wanted]: [&dyn Display; 2],
    why: &str,
    of: &[String],
) -> String {
    format!(
        "dimension mismatch in `{operation}`: `{operand}` has length {length}, not {wanted}\n\
         {}\n\
         rule: the length of `{operand}` is {why}",
        of.join("\n")
    )
}

/// The length of an operand must be divisible by another's; `of` says how long all operands are.
pub fn multiple(
    operation: &str,
    operand: &str,
    [length, divisor]: [&dyn Display; 2],
    of: &[String],
) -> String {
    format!(
        "dimension mismatch in `{operation}`: the length {length} of `{operand}` is no multiple of \
         {divisor}\n\
         {}\n\
         rule: a matrix of n rows and p columns is n·p coordinates, row by row",
        of.join("\n")
    )
}

/// An operand of a complex operation has an odd number of coordinates.
pub fn odd(operation: &str, operand: &str, length: &impl Display, of: &str) -> String {
    format!(
        "`{operand}` of `{operation}` has the odd length {length}\n\
         {of}\n\
         rule: complex numbers are pairs (re, im), one after another\n\
         help: make real numbers complex with `Real2Complex(…)`"
    )
}

/// An operation that is not there for an operand of this length.
pub fn length(operation: &str, operand: &str, length: &impl Display, rule: &str, of: &[String]) -> String {
    let of: String = of.iter().map(|line| format!("\n{line}")).collect();
    format!("`{operand}` of `{operation}` has length {length}{of}\nrule: {rule}")
}

/// An integer operand is outside its range; `of` says how long the formulas are that the range comes from.
pub fn range(operation: &str, operand: &str, value: i64, [first, last]: [i64; 2], of: &[String]) -> String {
    let of: String = of.iter().map(|line| format!("\n{line}")).collect();
    format!(
        "`{operand}` of `{operation}` is {value}, out of range{of}\n\
         rule: it is from {first} to {last}\n\
         help: the nearest is {}",
        if value < first { first } else { last }
    )
}

/// The product of a shape list is not the length of the operand that it arranges.
pub fn shape(operation: &str, list: &[usize], operand: &str, length: &impl Display, of: &str) -> String {
    let product = list.iter().try_fold(1_usize, |product, n| product.checked_mul(*n));
    let product = product.map_or_else(|| "too many".into(), |product| product.to_string());
    format!(
        "dimension mismatch in `{operation}`: the shape {list:?} has {product} entries, `{operand}` has \
         length {length}\n\
         {of}\n\
         rule: the product of the shape is the length"
    )
}

/// A value with more coordinates than can be compiled.
pub fn too_long(operation: &str, length: &impl Display, most: i64) -> String {
    format!(
        "the value of `{operation}` has length {length}, which is too long\n\
         rule: a value has at most {most} coordinates\n\
         help: split it, and compute its parts one by one"
    )
}

/// The axis lists of a contraction do not fit; `how` says in what way.
pub fn axes(operation: &str, list: &str, how: &str) -> String {
    format!("`{list}` of `{operation}` does not fit: {how}")
}

/// `x[k]` beyond the end.
pub fn coordinate_out_of_range(k: usize, length: usize, of: &str) -> String {
    let last = length.saturating_sub(1);
    let rule = match length {
        1 => "the only coordinate is 0".into(),
        _ => format!("coordinates are numbered from 0 to {last}"),
    };
    format!(
        "coordinate {k} is out of range\n\
         {of}\n\
         rule: {rule}\n\
         help: the last one is `[{last}]`"
    )
}

/// `x[a..b]` beyond the end.
pub fn slice_out_of_range(start: usize, end: usize, length: usize, of: &str) -> String {
    format!(
        "the slice {start}..{end} is out of range\n\
         {of}\n\
         rule: `[a..b]` holds the coordinates a, …, b - 1, and b is at most {length}\n\
         help: write `[{}..{length}]`",
        if start < length { start } else { 0 }
    )
}

/// `x[a..b]` with a ≥ b.
pub fn slice_empty(start: usize, end: usize) -> String {
    let help = if start > end { format!("[{end}..{start}]") } else { format!("[{start}..{}]", start + 1) };
    format!(
        "the slice {start}..{end} is empty\n\
         rule: `[a..b]` holds the coordinates a, …, b - 1\n\
         help: write `{help}`"
    )
}

/// A message about a function with dimension parameters that holds for certain values of them, `D = 2`.
pub fn of_an_instance(message: &str, values: &str) -> String {
    let (wrong, rest) = message.split_once('\n').unwrap_or((message, ""));
    let rest = if rest.is_empty() { String::new() } else { format!("\n{rest}") };
    format!("{wrong}\nthis is so where {values}, which `#[instances]` lists{rest}")
}

/// A call with dimensions that the function is not compiled for. In braces are the names of the parameters, for which
/// rustc puts their values.
pub fn not_compiled(function: &str, names: &[String]) -> String {
    let values: Vec<String> = names.iter().map(|name| format!("{name} = {{{name}}}")).collect();
    format!("`{function}` is not compiled for {}", values.join(", "))
}

/// What is shown at such a call.
pub fn not_compiled_here() -> String {
    "these dimensions are not listed".into()
}

/// What to do about such a call: the parameters, and for each what its attribute lists.
pub fn compiled_for(names: &[String], lists: &[String]) -> String {
    match (names, lists) {
        ([name], [list]) => format!("`#[instances({name} = {list}, {{{name}}})]` on the function adds it"),
        _ => {
            let attributes =
                names.iter().zip(lists).map(|(name, list)| format!("`#[instances({name} = {list})]`"));
            let attributes: Vec<String> = attributes.collect();
            format!(
                "it is compiled for all combinations of {}: add what is missing",
                attributes.join(" and ")
            )
        }
    }
}

/// A division by the literal 0.
pub fn division_by_zero() -> String {
    "division by zero\n\
     rule: a divisor is not 0\n\
     help: infinity is `Inf`, where one of several values is chosen, as in `Where(c, f, Inf)`"
        .into()
}

/// A literal ∞ in a sum, a product, a quotient or a power.
pub fn infinity_computed(text: &str) -> String {
    format!(
        "`{text}` in arithmetic: 0 · ∞ and ∞ − ∞ are no numbers\n\
         rule: `Inf` and `-Inf` stand where one of several values is chosen\n\
         help: write `Where(c, f, {text})`, which is `f` where the condition `c` holds and `{text}` elsewhere"
    )
}

/// A comparison as the condition of `IfElse`.
pub fn comparison_as_sign(text: &str) -> String {
    format!(
        "`{text}` is 1 or 0, so `IfElse` always takes its second operand\n\
         rule: `IfElse(c, f, g)` is f where c ≥ 0, and g where c < 0\n\
         help: write `Where({text}, f, g)`, which is f where the comparison holds, and g elsewhere"
    )
}

/// Arithmetic of literals that has no finite real value.
pub fn not_finite(text: &str) -> String {
    format!("`{text}` is no number: its value is infinite or not real")
}
