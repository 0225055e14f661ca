//! Sentences about results and their declarations.

use crate::ast::Kind;

/// Results on both sides.
pub fn both_sides(first: &str, other: &str) -> String {
    format!(
        "the results `{first}` and `{other}` have different rows\n\
         rule: all results of one function have one row per i (`Vi`), or all one per j (`Vj`), or all one \
         row in all (`Pm`)\n\
         help: write one function for each"
    )
}

/// More or fewer results than declared.
pub fn count(found: usize, declared: usize, paste: &str) -> String {
    let s = |n: usize| if n == 1 { "" } else { "s" };
    format!(
        "the formula gives {found} result{}, but {declared} result{} declared\n\
         help: declare `-> {paste}`",
        s(found),
        if declared == 1 { " is" } else { "s are" }
    )
}

/// A result of another length than declared.
pub fn length(found: &str, declared: &str, of: &str, paste: &str, fix: &str) -> String {
    format!(
        "the formula has length {found}, but the result is declared `{declared}`\n\
         {of}\n\
         help: declare the result `{paste}`, or {fix}"
    )
}

/// What to do about several coordinates where one is declared; `text` is the formula, if short enough to be
/// pasted.
pub fn fix_by_sum(text: Option<&str>) -> String {
    format!("sum its coordinates with `Sum({})`", text.unwrap_or("…"))
}

/// What to do about more coordinates than declared; `text` is the formula, if short enough to be pasted.
pub fn fix_by_slice(text: Option<&str>, wanted: usize) -> String {
    format!("keep its first {wanted} coordinates with `{}[0..{wanted}]`", text.unwrap_or("(…)"))
}

/// What to do about a number of indices other than declared; `count` is the K that gives those declared, if there is one.
pub fn fix_of_indices(count: Option<usize>, found: usize, wanted: usize) -> String {
    match count {
        Some(count) if wanted < found => format!("lower K to {count}"),
        Some(count) => format!("raise K to {count}"),
        None => format!("reduce a formula of length {wanted}"),
    }
}

/// What to do about a result that is too short.
pub fn fix_too_short(wanted: &impl std::fmt::Display) -> String {
    format!("write a formula of length {wanted}, such as a product with a variable of that length")
}

/// Indices where the declaration says numbers.
pub fn indices_found(text: &str, declared: &str, paste: &str) -> String {
    format!(
        "`{text}` is a list of indices, but the result is declared `{declared}`\n\
         help: declare the result `{paste}`"
    )
}

/// Numbers where the declaration says indices; `fix` is a formula that gives indices.
pub fn numbers_found(text: &str, declared: &str, paste: &str, fix: &str) -> String {
    format!(
        "`{text}` is a number, but the result is declared `{declared}`, a list of indices\n\
         help: declare the result `{paste}`, or find the index of a point with `{fix}`"
    )
}

/// No argument tells over how many points the reduction runs.
pub fn nothing_to_reduce(declared: &str, over: char) -> String {
    format!(
        "no argument has one row per {over}, so there are no points to reduce over\n\
         rule: a result `{declared}` is reduced over {over}, and the number of points is that of the \
         `V{over}` arguments\n\
         help: declare an argument as in `y_{over}: V{over}<3>`"
    )
}

/// No argument tells how many rows the result has.
pub fn no_rows(declared: &str, kept: char) -> String {
    format!(
        "no argument has one row per {kept}, so the number of rows of the result `{declared}` is unknown\n\
         help: declare an argument as in `x_{kept}: V{kept}<3>`"
    )
}

/// No variable of a formula as a value tells how many points there are on one side.
pub fn side_missing(missing: Kind) -> String {
    let (index, other) = if missing == Kind::I { ("i", "x") } else { ("j", "y") };
    format!(
        "no variable has one row per {index}\n\
         rule: a formula is reduced over pairs of points i and j, whose numbers are those of the `Vi` and of the `Vj` \
         variables\n\
         help: declare one between the bars, as in `{other}_{index}: {missing}<3>`"
    )
}

/// `#[grad]` on a function that returns nothing but indices.
pub fn gradient_of_indices() -> String {
    "`#[grad]` on a function whose results are indices\n\
     rule: gradients are those of number results; an index has none\n\
     help: remove `#[grad]`"
        .into()
}
