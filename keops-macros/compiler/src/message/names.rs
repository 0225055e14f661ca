//! Sentences about names and about what an operation is called with.

use crate::ast::{Kind, name_kind};

/// A name that is neither an argument nor a `let` binding.
pub fn unknown_variable(name: &str, near: Option<&str>, arguments: &[String]) -> String {
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if matches!(name, "pi" | "Pi" | "PI") => "π is written `3.141592653589793`".into(),
        None => {
            let kind = name_kind(name).unwrap_or(Kind::Parameter);
            format!("declare it, as in `{name}: {kind}<1>`, or bind it with `let {name} = …;`")
        }
    };
    format!("unknown variable `{name}`\n{}\nhelp: {help}", list_of(arguments))
}

/// An operation with the index of a reduction, `Log_j`.
pub fn no_reduction(name: &str, operation: &str) -> String {
    let index = &name[operation.len()..];
    format!(
        "`{operation}` is no reduction\n\
         help: reduce its values, as in `Sum{index}({operation}(…))`"
    )
}

/// A call of something that is no operation.
pub fn unknown_function(name: &str, near: Option<&str>) -> String {
    match near {
        Some(near) => format!(
            "unknown operation `{name}`\n\
             help: did you mean `{near}`?"
        ),
        None => format!(
            "unknown operation `{name}`\n\
             help: the operations are listed in the documentation of `keops!`"
        ),
    }
}

/// An operation of KeOps that is left out on purpose; `instead` says what to write.
pub fn not_available(name: &str, instead: &str) -> String {
    format!(
        "`{name}` is not available\n\
         help: {instead}"
    )
}

/// `s(x)`, where `s` is a variable.
pub fn variable_called(name: &str, operand: Option<&str>) -> String {
    let operand = operand.unwrap_or("…");
    format!(
        "`{name}` is a variable, not an operation\n\
         help: write `{name} * ({operand})` for a product"
    )
}

/// `Exp` without parentheses, where no variable has that name.
pub fn operation_as_value(name: &str) -> String {
    format!(
        "`{name}` is an operation, not a value\n\
         help: apply it, as in `{name}(…)`"
    )
}

/// Too few or too many operands; `usage` is the call as it should look.
pub fn operand_count(name: &str, wanted: &str, given: usize, usage: &str) -> String {
    format!(
        "`{name}` takes {wanted}, {given} given\n\
         help: write `{usage}`"
    )
}

/// `f(…, keyword=…)` with a keyword that the operation does not have.
pub fn unknown_keyword(name: &str, keyword: &str, usage: &str) -> String {
    format!(
        "`{name}` has no operand named `{keyword}`\n\
         help: write `{usage}`"
    )
}

/// The same operand by position and by name, or twice by name.
pub fn operand_twice(name: &str, operand: &str) -> String {
    format!("the operand `{operand}` of `{name}` is given twice")
}

/// A formula where an integer must stand, because it decides the shape of the generated code.
pub fn integer_wanted(name: &str, operand: &str, given: &str) -> String {
    format!(
        "`{operand}` of `{name}` must be an integer literal, not `{given}`\n\
         rule: it decides what code is generated, so it cannot be computed at run time"
    )
}

/// An axis other than that of the coordinates, where only that one makes sense.
pub fn coordinate_axis_only(name: &str, axis: i64) -> String {
    format!(
        "`{name}` has no axis {axis}\n\
         rule: it works on the coordinates of one value, axis=-1 or axis=2"
    )
}

/// A formula where a bracket list must stand.
pub fn list_wanted(name: &str, operand: &str) -> String {
    format!(
        "`{operand}` of `{name}` must be a list of natural numbers in brackets\n\
         help: write it as in `[2, 3]`"
    )
}

/// A bracket list where a value must stand.
pub fn list_as_value() -> String {
    "a list in brackets is no value\n\
     rule: lists are operands of `TensorDot` and `Kron`\n\
     help: join values with `Concat(a, b)`"
        .into()
}

/// A tuple anywhere but at the end of the body.
pub fn tuple_as_value() -> String {
    "a tuple is no value\n\
     rule: a tuple is several results, at the end of the body\n\
     help: join the coordinates of values with `Concat(a, b)`"
        .into()
}

/// A name in `#[grad(…)]` that is no argument.
pub fn unknown_gradient(name: &str, near: Option<&str>, arguments: &[String]) -> String {
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "name arguments of the function, or write `#[grad]` for all of them".into(),
    };
    format!("`{name}` in `#[grad]` is no argument\n{}\nhelp: {help}", list_of(arguments))
}

/// The arguments that there are.
fn list_of(arguments: &[String]) -> String {
    let quoted: Vec<String> = arguments.iter().map(|argument| format!("`{argument}`")).collect();
    match &quoted[..] {
        [] => "the function has no arguments".into(),
        [only] => format!("the argument is {only}"),
        several => format!("the arguments are {}", several.join(", ")),
    }
}

/// The variable of `Grad` and the like is no argument of the function.
pub fn variable_wanted(name: &str, given: &str) -> String {
    format!(
        "`{given}` is no argument of the function\n\
         rule: `{name}(f, v, …)` differentiates in an argument `v`, or in a `let` that is one"
    )
}

/// `Grad` of something that holds the value of a reduction.
pub fn gradient_of_reduced(name: &str, given: &str) -> String {
    format!(
        "`{given}` holds the value of a reduction\n\
         rule: `{name}` differentiates formulas of one pair of points\n\
         help: write it inside the reduction, as in `Sum_j({name}(f, v, e))`, or put `#[grad]` on the \
         function"
    )
}

/// An operator for formulas that are linear in a variable, of one that is not.
pub fn not_linear(name: &str, given: &str, variable: &str) -> String {
    format!(
        "`{given}` is not linear in `{variable}`\n\
         rule: `{name}` takes a formula whose derivative in `{variable}` does not depend on `{variable}`\n\
         help: differentiate with `Grad(f, v, e)`, `Diff(f, v, u)` or `Divergence(f, v)`"
    )
}

/// `Diff` in several variables, with another number of directions.
pub fn directions(name: &str, variables: usize, directions: usize) -> String {
    format!(
        "variables and directions of `{name}` do not pair: {variables} and {directions}\n\
         rule: each variable has a direction of its length\n\
         help: write `{name}(f, (x, y), (u, v))`, or `{name}(f, x, u) + {name}(f, y, v)`"
    )
}

/// `GradMatrix` and the like of more coordinates than are unrolled.
pub fn too_many_coordinates(name: &str, given: &str, length: &str, most: usize) -> String {
    format!(
        "`{given}` has length {length}, too many for `{name}`\n\
         rule: each coordinate is differentiated by itself, {most} at most"
    )
}

/// A formula whose graph is beyond the limit.
pub fn formula_too_large(nodes: usize, most: usize) -> String {
    format!(
        "the formula has {nodes} operations after expansion, {most} at most can be compiled\n\
         help: split it into several functions"
    )
}
