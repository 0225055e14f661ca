//! Formulas as values, `|x_i: Vi<3>| formula`: what is read, and what is refused where.

use super::{block, read, refused, shape};
use crate::ast::Function;

/// The closure that a sound block is.
fn closure(source: &str) -> Function {
    let mut functions = block(source).functions;
    assert_eq!(functions.len(), 1, "{source}");
    let function = functions.remove(0);
    assert!(function.closure, "{source}");
    function
}

#[test]
fn what_is_read() {
    for (source, arguments, results, body) in [
        ("|x_i: Vi<3>, y_j: Vj<3>| SqDist(x_i, y_j)", "x_i: Vi<3>, y_j: Vj<3>", "", "(SqDist x_i y_j)"),
        ("|x: Vi<3>, y: Vj<3>,| { let d = x - y; d | d }", "x: Vi<3>, y: Vj<3>", "", "(| d d)"),
        ("|x: Vi<3>, y: Vj<3>| let d = x - y; d | d", "x: Vi<3>, y: Vj<3>", "", "(| d d)"),
        ("|x: Vi<3>, y: Vj<3>| -> Vi<1> { x | y }", "x: Vi<3>, y: Vj<3>", "Vi<1>", "(| x y)"),
        ("|x: Vi<3>, y: Vj<3>|->Vi<1>(x|y)", "x: Vi<3>, y: Vj<3>", "Vi<1>", "(| x y)"),
        (
            "|x: Vi<1>, y: Vj<1>| -> (Vi<1>, Vi<1, usize>) (x, y)",
            "x: Vi<1>, y: Vj<1>",
            "Vi<1>, Vi<1, usize>",
            "(tuple x y)",
        ),
        ("|s: Pm<1>| -s", "s: Pm<1>", "", "(neg s)"),
        ("|| 1", "", "", "1"),
        ("/// A sum.\n#[inline] #[prune] |x: Vi<1>| x", "x: Vi<1>", "", "x"),
        ("fn double(a) = 2 * a; |x: Vi<1>| double(x)", "x: Vi<1>", "", "(prod *2 *x)"),
        // A name that its function has too.
        ("fn formula(a) = a; |formula: Vi<1>| formula", "formula: Vi<1>", "", "formula"),
    ] {
        let function = closure(source);
        let list = |items: Vec<String>| items.join(", ");
        assert_eq!(list(function.arguments.iter().map(ToString::to_string).collect()), arguments, "{source}");
        assert_eq!(list(function.results.iter().map(ToString::to_string).collect()), results, "{source}");
        assert_eq!(shape(&function.body.as_ref().expect("a body").result), body, "{source}");
        let printed = function.to_string();
        assert_eq!(closure(&printed).to_string(), printed, "{source}");
    }
}

#[test]
fn what_is_refused() {
    for (source, at, fragment) in [
        ("|x_i: Vi<3>, y_j: Vj<3> Sum(x_i)", "|", "the `|` before the variables has no second one"),
        ("|x_i, y_j: Vj<3>| y_j", "x_i", "`x_i` has no kind"),
        ("|x_i: | 1", "|", "expected a kind, found `|`"),
        ("|x_i: Vi<D>, y_j: Vj<3>| y_j", "D", "there is no dimension parameter `D`"),
        ("|x_i: Vi<3>, y_j: Vj<3>|", "|", "the formula is empty"),
        ("|x_i: Vi<3>, y_j: Vj<3>| {}", "{}", "the formula is empty"),
        ("|x_i: Vi<3>| x_i;", ";", "the result is followed by `;`"),
        ("|x_i: Vi<3>| x_i, 2", ",", "several results stand in parentheses"),
        ("|x_i: Vi<3>| { x_i } * 2", "{ x_i }", "a formula has no inner blocks"),
        ("|x_i: Vi<3>| x_i *", "*", "expected an expression after `*`"),
        ("|x_i: Vi<3>| -> Vk<1> { x_i }", "Vk", "there is no kind `Vk`"),
        ("|x_i: Vi<3>| -> () { x_i }", "()", "a function returns at least one result"),
        ("move |x_i: Vi<3>| x_i", "move", "a formula captures nothing"),
        ("#[grad] |x_i: Vi<3>| x_i", "#[grad]", "`#[grad]` belongs to a function with a name"),
        (
            "#[grad(x_i)] |x_i: Vi<3>| x_i",
            "#[grad(x_i)]",
            "`keops! { #[grad(x_i)] fn name(x_i: Vi<3>) -> Vi<1> { … } }`",
        ),
        (
            "#[instances(D = 3)] |x_i: Vi<3>| x_i",
            "#[instances(D = 3)]",
            "`#[instances]` belongs to a function",
        ),
        ("#[cfg(test)] |x_i: Vi<3>| x_i", "[cfg(test)]", "`#[cfg]` belongs to a function with a name"),
        (
            "pub(crate) |x_i: Vi<3>| -> Vj<3> x_i",
            "pub(crate)",
            "`keops! { pub(…) fn name(x_i: Vi<3>) -> Vj<3> { … } }`",
        ),
        (
            "#[instances(D = 3)] <const D: usize>|x_i: Vi<D>| x_i",
            "#[instances(D = 3)]",
            "{ #[instances(D = 1..=8)] fn name<const D: usize>(x_i: Vi<D>) -> Vi<1> { … } }",
        ),
        (
            "<const D: usize>|x_i: Vi<D>| x_i",
            "<const D: usize>",
            "a dimension parameter belongs to a function",
        ),
        ("<T: Copy>|x_i: Vi<T>| x_i", "T: Copy", "cannot have the generic parameter `T:Copy`"),
        ("#[prune(all)] |x_i: Vi<3>| x_i", "#[prune(all)]", "`#[prune]` takes nothing"),
        ("fn f(x_i: Vi<1>) -> Vj<1> { x_i } |x_i: Vi<1>| x_i", "|", "expected a function, found `|`"),
    ] {
        refused(source, at, fragment);
    }
}

#[test]
fn a_formula_alone_is_told_how_to_declare_its_variables() {
    for (source, help) in [
        (
            "Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j",
            "write `keops!(|x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>, b_j: Vj<3>| Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j)`",
        ),
        ("x_i", "write `keops!(|x_i: Vi<3>| x_i)`"),
        ("SqDist(x, y) / s", "write `keops!(|x: Vi<3>, y: Vj<3>, s: Pm<1>| SqDist(x, y) / s)`"),
        ("let d = x_i - y_j; (i != j) * (d | d)", "write `keops!(|x_i: Vi<3>, y_j: Vj<3>| …)`"),
        ("fn square(a) = a^2; square(x_i - y_j)", "write `keops!(|x_i: Vi<3>, y_j: Vj<3>| (x_i - y_j)^2)`"),
    ] {
        let formula = source.strip_prefix("fn square(a) = a^2; ").unwrap_or(source);
        refused(source, formula, "a formula without its variables");
        assert!(read(source).1[0].message.contains(help), "{:?}", read(source).1);
    }
}
