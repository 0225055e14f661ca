//! Sentences about functions, their arguments and their results.

use super::lines;
use crate::ast::{Dimension, Kind, LARGEST_DIM, Mark, name_kind};
use std::sync::LazyLock;

const BLOCK: &str = "`keops!` holds functions, `fn name(arguments) -> result { formula }`";
const EXAMPLE: &str = "fn squares(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { SqDist(x_i, y_j) }";
const KINDS: &str = "`Vi<D>` is one row of D numbers per i, `Vj<D>` one per j, `Pm<D>` one for all pairs";
pub(super) static DIMENSION: LazyLock<String> = LazyLock::new(|| {
    format!("a dimension is an integer literal from 1 to {LARGEST_DIM}, or a parameter of the function")
});

/// Shown where a function should start and something else stands.
pub fn function_expected(found: &str) -> String {
    lines(format!("expected a function, found `{found}`"), BLOCK, format!("write `{EXAMPLE}`"))
}

/// Shown where attributes or `pub` are followed by nothing.
pub fn function_missing() -> String {
    lines("expected a function after this".into(), BLOCK, format!("write `{EXAMPLE}`"))
}

/// Shown for `name(…) -> …` without `fn`.
pub fn fn_missing(name: &str) -> String {
    lines(format!("`fn` is missing before `{name}`"), BLOCK, format!("write `fn {name}(…)`"))
}

/// Shown for `async fn`, `unsafe fn`, `const fn` and `extern fn`.
pub fn qualifier(word: &str) -> String {
    lines(
        format!("a formula cannot be `{word}`"),
        "the generated function is an ordinary safe function",
        format!("leave out `{word}`"),
    )
}

/// Shown for a `;` after a function.
pub fn semicolon_after_function() -> String {
    lines("a function is not followed by `;`".into(), BLOCK, "leave out the `;`".into())
}

/// Shown where a function's name should stand.
pub fn name_expected(found: &str) -> String {
    lines(format!("expected the function's name, found `{found}`"), BLOCK, format!("write `{EXAMPLE}`"))
}

/// Shown for a function, argument or binding named `Inf`.
pub fn infinity_as_name() -> String {
    lines(
        "`Inf` cannot be a name".into(),
        "in formulas `Inf` is the number ∞",
        "choose another name, for instance `inf`".into(),
    )
}

/// Shown for a function, argument or binding named like a word of the Rust language.
pub fn keyword_as_name(word: &str) -> String {
    let other = if word == "_" { "x".into() } else { format!("{word}_") };
    lines(
        format!("`{word}` cannot be a name"),
        "names are Rust identifiers, and Rust's own words are taken",
        format!("choose another name, for instance `{other}`"),
    )
}

/// Shown for a `where` clause.
pub fn where_clause() -> String {
    lines(
        "a formula cannot have a `where` clause".into(),
        "the generated function is generic over the scalar (f32, f64) by itself",
        "leave out the `where` clause".into(),
    )
}

/// Shown for a function without parentheses after its name.
pub fn arguments_missing(name: &str) -> String {
    lines(
        format!("`{name}` has no list of arguments"),
        BLOCK,
        format!("write `fn {name}(x_i: Vi<3>, y_j: Vj<3>)`"),
    )
}

/// Shown for a function without `-> result`.
pub fn result_missing(name: &str) -> String {
    lines(
        format!("`{name}` does not say what it returns"),
        "a result is `Vi<D>` (one row per i) or `Vj<D>` (one per j), or a tuple of them",
        "write `-> Vi<1>` here".into(),
    )
}

/// Shown for `-> ()`.
pub fn result_empty() -> String {
    lines(
        "a function returns at least one result".into(),
        "a result is `Vi<D>` (one row per i) or `Vj<D>` (one per j), or a tuple of them",
        "write `-> Vi<1>`, or `-> (Vi<1>, Vi<3>)` for two results".into(),
    )
}

/// Shown for several results without parentheses, `-> Vi<1>, Vi<3>`.
pub fn results_without_parentheses() -> String {
    lines(
        "several results stand in parentheses".into(),
        "a result is `Vi<D>` (one row per i) or `Vj<D>` (one per j), or a tuple of them",
        "write `-> (Vi<1>, Vi<3>)`".into(),
    )
}

/// Shown where a `,` should stand between two results.
pub fn result_separator(found: &str) -> String {
    lines(
        format!("expected `,` before `{found}`"),
        "results are separated by commas",
        "write `-> (Vi<1>, Vi<3>)` for two results".into(),
    )
}

/// Shown for a function without `{ … }`.
pub fn body_missing(name: &str) -> String {
    lines(format!("`{name}` has no formula"), BLOCK, "write `{ formula }` after the result".into())
}

/// Shown where `{` should stand after the result.
pub fn body_expected(found: &str) -> String {
    lines(
        format!("expected `{{` after the result, found `{found}`"),
        BLOCK,
        "put the formula in braces directly after the result: `-> Vi<1> { … }`".into(),
    )
}

/// Shown for the second of two functions of one name.
pub fn function_repeated(name: &str) -> String {
    lines(
        format!("a second function is named `{name}`"),
        "the functions of a block have different names, unless `#[cfg]` chooses between them",
        format!("choose another name, for instance `{name}_2`"),
    )
}

/// Shown for the second of two arguments of one name.
pub fn argument_repeated(name: &str) -> String {
    lines(
        format!("a second argument is named `{name}`"),
        "the arguments of a function have different names",
        "choose another name, or leave this one out".into(),
    )
}

/// Shown for `self` among the arguments.
pub fn self_argument() -> String {
    lines(
        "a formula has no `self`".into(),
        "the arguments are data, `name: Vi<D>`, `name: Vj<D>` or `name: Pm<D>`",
        "leave out `self`".into(),
    )
}

/// Shown for `mut x_i: …`.
pub fn mutable_argument(name: &str) -> String {
    lines(
        format!("`{name}` cannot be `mut`"),
        "a formula only reads its arguments",
        format!("write `{name}`"),
    )
}

/// Shown where an argument's name should stand.
pub fn argument_expected(found: &str) -> String {
    lines(
        format!("expected an argument, found `{found}`"),
        "an argument is `name: Vi<D>`, `name: Vj<D>` or `name: Pm<D>`",
        "write for instance `x_i: Vi<3>`".into(),
    )
}

/// Shown for an attribute on an argument.
pub fn argument_attribute() -> String {
    lines(
        "an argument cannot have attributes".into(),
        "attributes and doc comments stand before the function",
        "leave it out".into(),
    )
}

/// Shown for an argument without `: kind`.
pub fn argument_kind_missing(name: &str) -> String {
    let kind = name_kind(name).unwrap_or(Kind::I);
    lines(format!("`{name}` has no kind"), KINDS, format!("write `{name}: {kind}<3>`"))
}

/// Shown where a `,` should stand between two arguments.
pub fn argument_separator(found: &str) -> String {
    lines(
        format!("expected `,` before `{found}`"),
        "arguments are separated by commas",
        "put a `,` after the argument before it".into(),
    )
}

/// Shown for `x: Vi<3, usize>` among the arguments.
pub fn index_argument(kind: Kind) -> String {
    lines(
        "an argument holds numbers, not indices".into(),
        "the second parameter `usize` belongs to results such as those of `ArgMin_j`",
        format!("write `{kind}<1>`"),
    )
}

/// Shown for an argument whose name ends in `_i` or `_j` and says another kind than its declaration.
pub fn kind_contradicts_name(name: &str, declared: Kind, dim: Option<&Dimension>) -> String {
    let stem = &name[..name.len() - 2];
    let named = name_kind(name).unwrap_or(declared);
    let dim = dim.map_or_else(|| "_".into(), |d| d.to_string());
    let renamed = match declared {
        Kind::I => format!("{stem}_i"),
        Kind::J => format!("{stem}_j"),
        Kind::Parameter => stem.into(),
    };
    lines(
        format!("`{name}` is declared `{declared}`, but its name says `{named}`"),
        "a name that ends in `_i` belongs to a `Vi`, one that ends in `_j` to a `Vj`",
        format!("write `{name}: {named}<{dim}>` or `{renamed}: {declared}<{dim}>`"),
    )
}

/// Shown where a kind should stand and no name stands.
pub fn kind_expected(found: &str) -> String {
    lines(format!("expected a kind, found `{found}`"), KINDS, "write for instance `Vi<3>`".into())
}

/// Shown for a kind that does not exist; `near` is the one that was probably meant.
pub fn kind_unknown(found: &str, near: Option<Kind>) -> String {
    let help = match near {
        Some(kind) => format!("did you mean `{kind}`?"),
        None => "write for instance `Vi<3>`, `Vj<3>` or `Pm<1>`".into(),
    };
    lines(format!("there is no kind `{found}`"), KINDS, help)
}

/// Shown for a kind without `<…>`.
pub fn dimension_missing(kind: Kind) -> String {
    lines(format!("`{kind}` has no dimension"), &DIMENSION, format!("write `{kind}<3>`"))
}

/// Shown for `Vi(3)` and `Vi[3]`.
pub fn dimension_in_parentheses(kind: Kind, inside: &str) -> String {
    let dim = if inside.parse::<usize>().is_ok() { inside } else { "3" };
    lines("the dimension stands in angle brackets".into(), &DIMENSION, format!("write `{kind}<{dim}>`"))
}

/// Shown for `Vi<0>`.
pub fn dimension_zero(kind: Kind) -> String {
    lines("the dimension is 0".into(), &DIMENSION, format!("write `{kind}<1>`, or leave the value out"))
}

/// Shown for a dimension above the largest.
pub fn dimension_too_large(found: &str) -> String {
    lines(
        format!("the dimension {found} is above {LARGEST_DIM}"),
        &DIMENSION,
        "split the rows into several arguments".into(),
    )
}

/// Shown for a dimension that is no integer literal; `digits` is the literal inside it, if there is one.
pub fn dimension_not_literal(kind: Kind, found: &str, digits: Option<&str>) -> String {
    lines(
        format!("the dimension `{found}` is no integer literal"),
        &DIMENSION,
        format!("write the number itself, as in `{kind}<{}>`", digits.unwrap_or("3")),
    )
}

/// Shown for a kind whose `<` is not closed.
pub fn angle_unclosed(kind: Kind) -> String {
    lines(format!("the `<` of `{kind}` is not closed"), &DIMENSION, format!("write `{kind}<3>`"))
}

/// Shown for a second parameter other than `usize`, and for a third; `dim` is the first, if it is a dimension.
pub fn second_parameter(kind: Kind, found: &str, dim: Option<&Dimension>) -> String {
    let dim = dim.map_or_else(|| "1".into(), |dim| dim.to_string());
    let help = match kind {
        Kind::Parameter => format!("write `{kind}<{dim}>`"),
        _ => format!("write `{kind}<{dim}>`, or `{kind}<{dim}, usize>` for indices"),
    };
    lines(
        format!("`{found}` cannot stand here"),
        "a kind has a dimension and, for a result that holds indices, `usize`; the scalar type follows from the data",
        help,
    )
}

/// Shown for `Pm<3, 3>`; `length` is the number of entries.
pub fn matrix(kind: Kind, found: &str, length: usize) -> String {
    lines(
        format!("`{found}` cannot stand here"),
        "a kind has one dimension, the number of coordinates of a row",
        format!("a matrix is its rows one after another: write `{kind}<{length}>`"),
    )
}

/// Shown for `#![…]`.
pub fn inner_attribute() -> String {
    lines(
        "an attribute of a function is written without `!`".into(),
        "attributes stand before the function they belong to",
        "write `#[…]`".into(),
    )
}

/// Shown for a `#` without `[…]`.
pub fn attribute_malformed() -> String {
    lines(
        "expected `[…]` after `#`".into(),
        "attributes stand before the function they belong to",
        "write `#[grad]`".into(),
    )
}

/// Shown for an attribute that is almost one of `keops!`, `meant`; `behind` follows the word, `names` are those that there are.
pub fn attribute_misspelt(found: &str, meant: &str, behind: &str, names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`#[{name}]`")).collect();
    lines(
        format!("unknown attribute `{found}`"),
        &format!(
            "the attributes of a formula are {}; one of another library with a name as near is written with its path",
            names.join(", ")
        ),
        format!("did you mean `#[{meant}{behind}]`?"),
    )
}

/// Shown for the second `#[grad]` of a function.
pub fn grad_repeated() -> String {
    lines(
        "a second `#[grad]`".into(),
        "one attribute names all the gradients that are wanted",
        "join them: `#[grad(x_i, y_j)]`".into(),
    )
}

/// Shown for `#[grad = …]` and for things in its parentheses that are no names.
pub fn grad_malformed() -> String {
    lines(
        "`#[grad]` takes the names of arguments".into(),
        "`#[grad(x_i, s)]` asks for the gradients in these arguments, `#[grad]` for all of them",
        "write `#[grad]` or `#[grad(x_i)]`".into(),
    )
}

/// What a mark is for.
fn purpose(mark: Mark) -> &'static str {
    match mark {
        Mark::DotProducts => {
            "it lets all squared distances of the function be computed as |x|² + |y|² − 2 x·y"
        }
        Mark::ScaledDistances => {
            "it lets factors of squared distances be moved into the coordinates, p|x − y|² = ±|√|p| x − √|p| y|²"
        }
        Mark::FastMaths => {
            "it lets functions, quotients and roots of pairs be computed in `f32` by cheaper variants, with larger errors"
        }
        Mark::Prune => "it lets the function pass over points that are too far away to be among the nearest",
    }
}

/// Shown for `#[prune(…)]` and the like.
pub fn mark_malformed(mark: Mark) -> String {
    let name = mark.name();
    lines(format!("`#[{name}]` takes nothing"), purpose(mark), format!("write `#[{name}]`"))
}

/// Shown for the second `#[prune]` of a function, and the like.
pub fn mark_repeated(mark: Mark) -> String {
    lines(format!("a second `#[{}]`", mark.name()), purpose(mark), "leave it out here".into())
}

/// Shown for `#[grad()]`.
pub fn grad_empty() -> String {
    lines(
        "`#[grad()]` asks for no gradient".into(),
        "`#[grad(x_i, s)]` asks for the gradients in these arguments, `#[grad]` for all of them",
        "write `#[grad]`, or leave it out".into(),
    )
}

/// Shown for a name that stands twice in one `#[grad(…)]`.
pub fn grad_name_repeated(name: &str) -> String {
    lines(
        format!("`{name}` is named twice"),
        "`#[grad(x_i, s)]` asks for one gradient in each argument named",
        "leave it out here".into(),
    )
}
