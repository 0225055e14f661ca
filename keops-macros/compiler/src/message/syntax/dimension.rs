//! Sentences about dimension parameters, `fn f<const D: usize>(…)`, and the values that they are compiled for.

use super::declaration::DIMENSION;
use super::lines;
use crate::ast::{Kind, LARGEST_DIM};
use proc_macro2::Ident;
use std::sync::LazyLock;

const PARAMETERS: &str = "a function is generic over the scalar (f32, f64) by itself; its own parameters are dimensions, `const D: usize`";
const INSTANCES: &str =
    "a function is compiled for the values that `#[instances(D = 2, 3)]` or `#[instances(D = 1..=8)]` lists";
static VALUES: LazyLock<String> =
    LazyLock::new(|| format!("values are integers from 1 to {LARGEST_DIM} and ranges of them, `1..=8`"));

/// Shown for a generic parameter that is no dimension.
pub fn other_parameter(name: &str, found: &str) -> String {
    lines(
        format!("`{name}` cannot have the generic parameter `{found}`"),
        PARAMETERS,
        format!("leave it out, or write `fn {name}<const D: usize>(…)` with dimensions as in `Vi<D>`"),
    )
}

/// Shown for the second of two dimension parameters of one name.
pub fn parameter_repeated(name: &str) -> String {
    lines(
        format!("a second dimension parameter is named `{name}`"),
        "the parameters of a function have different names",
        "choose another name, or leave this one out".into(),
    )
}

/// Shown for a dimension parameter with the name of an argument.
pub fn parameter_is_argument(name: &str) -> String {
    lines(
        format!("`{name}` is a dimension parameter and an argument"),
        "in a formula the name of a dimension parameter is its value",
        "choose another name for one of them".into(),
    )
}

/// Shown for a dimension parameter that no argument has for its dimension.
pub fn parameter_unused(name: &str) -> String {
    lines(
        format!("no argument has the dimension `{name}`"),
        "the caller's data decide what a dimension parameter is, so an argument must have it",
        format!("declare an argument with it, as in `x_i: Vi<{name}>`, or leave it out"),
    )
}

/// Shown for a dimension that is a name and no parameter of the function; `declared` is one that is.
pub fn unknown(kind: Kind, name: &str, declared: Option<&Ident>) -> String {
    let help = match declared {
        _ if is_integer_type(name) && kind != Kind::Parameter => {
            format!("write `{kind}<1, usize>` for a result that holds indices, else `{kind}<1>`")
        }
        _ if is_integer_type(name) || matches!(name, "f32" | "f64") => {
            format!("write `{kind}<1>`: the scalar type follows from the data")
        }
        Some(declared) => format!("write `{kind}<{declared}>`, or the number itself, as in `{kind}<3>`"),
        None => format!(
            "write the number itself, as in `{kind}<3>`, or declare `fn name<const {name}: usize>(…)`"
        ),
    };
    lines(format!("there is no dimension parameter `{name}`"), &DIMENSION, help)
}

/// Whether Rust has this type of integers.
fn is_integer_type(name: &str) -> bool {
    let size = name.strip_prefix(['u', 'i']);
    size.is_some_and(|size| matches!(size, "8" | "16" | "32" | "64" | "128" | "size"))
}

/// Shown for `Vi<D + 1>`.
pub fn computed(kind: Kind, found: &str) -> String {
    lines(
        format!("the dimension `{found}` of this `{kind}` is computed from a parameter"),
        "a dimension is a number or a parameter by itself: Rust has no type for an array of computed length",
        "declare the parts one by one and join them in the formula, as in `Concat(x_i, u_i)`; return parts as several results"
            .into(),
    )
}

/// Shown for a dimension parameter without `#[instances]`.
pub fn instances_missing(name: &str) -> String {
    lines(
        format!("it is not said what `{name}` can be"),
        INSTANCES,
        format!(
            "write `#[instances({name} = 1..=8)]` before the function; values that nobody calls it with cost little"
        ),
    )
}

/// Shown for `#[instances]`, `#[instances(3)]` and the like.
pub fn instances_malformed() -> String {
    lines(
        "`#[instances]` takes a dimension parameter and its values".into(),
        INSTANCES,
        "write `#[instances(D = 2, 3)]`, one such attribute for each parameter".into(),
    )
}

/// Shown for `#[instances(D = …)]` on a function without such a parameter.
pub fn instances_of_unknown(function: &str, name: &str) -> String {
    lines(
        format!("`{function}` has no dimension parameter `{name}`"),
        INSTANCES,
        format!("write `fn {function}<const {name}: usize>(…)`, or leave the attribute out"),
    )
}

/// Shown for the second `#[instances]` of one parameter.
pub fn instances_repeated(name: &str) -> String {
    lines(
        format!("a second `#[instances]` for `{name}`"),
        "one attribute lists all values of a parameter",
        format!("join them: `#[instances({name} = 2, 3, 10)]`"),
    )
}

/// Shown for a value of `#[instances]` that is no dimension.
pub fn instance_out_of_range(found: &str) -> String {
    lines(
        format!("`{found}` is no dimension"),
        &VALUES,
        "write numbers and ranges, as in `#[instances(D = 2, 3, 10)]` or `#[instances(D = 1..=8)]`".into(),
    )
}

/// Shown for a range of `#[instances]` without a value in it.
pub fn instances_empty(first: usize, last: usize) -> String {
    lines(
        format!("there is nothing in the range {first}..={last}"),
        &VALUES,
        format!("write `{last}..={first}`"),
    )
}

/// Shown for a value that `#[instances]` lists twice.
pub fn instance_twice(value: usize) -> String {
    lines(
        format!("{value} is listed twice"),
        "each value of a dimension parameter is compiled once",
        "leave it out here".into(),
    )
}

/// Shown for more instances than are compiled.
pub fn too_many_instances(count: usize, most: usize) -> String {
    lines(
        format!("the function has {count} instances, which are too many"),
        &format!("a function has at most {most} instances; those of several parameters are all combinations"),
        "list only the dimensions that are needed".into(),
    )
}
