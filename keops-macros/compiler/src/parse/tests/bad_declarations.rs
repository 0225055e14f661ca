//! Every mistake in a declaration: one error, in the right place, with the right sentence.

use super::{read, refused};

#[test]
fn functions() {
    for (source, at, fragment) in [
        ("struct S { a: f32 }", "struct", "expected a function, found `struct`"),
        ("const D: usize = 3;", "const", "expected a function, found `const`"),
        ("Sum(Exp(x_i)) b", "Sum", "expected a function, found `Sum`"),
        ("42", "42", "expected a function, found `42`"),
        ("pub", "pub", "expected a function after this"),
        ("#[inline]", "[inline]", "expected a function after this"),
        ("pub f(x_i: Vi<1>) -> Vj<1> { x_i }", "f", "`fn` is missing before `f`"),
        ("async fn f(x_i: Vi<1>) -> Vj<1> { x_i }", "async", "a formula cannot be `async`"),
        (
            "pub unsafe extern \"C\" fn f(x_i: Vi<1>) -> Vj<1> { x_i }",
            "unsafe extern \"C\"",
            "cannot be `unsafe extern",
        ),
        ("fn f(x_i: Vi<1>) -> Vj<1> { x_i };", ";", "a function is not followed by `;`"),
        ("fn (x_i: Vi<1>) -> Vj<1> { x_i }", "(x_i: Vi<1>)", "expected the function's name, found `(…)`"),
        ("fn match(x_i: Vi<1>) -> Vj<1> { x_i }", "match", "`match` cannot be a name"),
        ("fn f(x_i: Vi<1>) -> Vj<1> where T: Copy { x_i }", "where", "cannot have a `where` clause"),
        ("fn f -> Vj<1> { 1 }", "f", "`f` has no list of arguments"),
        ("fn f(x_i: Vi<1>) { x_i }", ")", "`f` does not say what it returns"),
        ("fn f(x_i: Vi<1>) -> Vj<1>", "f", "`f` has no formula"),
        ("fn f(x_i: Vi<1>) -> Vj<1>; fn g(x_i: Vi<1>) -> Vj<1> { x_i }", "f", "`f` has no formula"),
        ("fn f(x_i: Vi<1>) -> Vj<1> fn g(x_i: Vi<1>) -> Vj<1> { x_i }", "f", "`f` has no formula"),
        ("fn f(x_i: Vi<1>) -> Vj<1> = { x_i }", "=", "expected `{` after the result, found `=`"),
        ("fn f(x_i: Vi<1>) -> Vj<1> { x_i } fn f() -> Vi<1> { 1 }", "f", "a second function is named `f`"),
        ("#![inline] fn f(x_i: Vi<1>) -> Vj<1> { x_i }", "#!", "written without `!`"),
        ("# fn f(x_i: Vi<1>) -> Vj<1> { x_i }", "#", "expected `[…]` after `#`"),
    ] {
        refused(source, at, fragment);
    }
}

#[test]
fn gradients() {
    for (attribute, at, fragment) in [
        ("#[grad] #[grad(x_i)]", "#[grad(x_i)]", "a second `#[grad]`"),
        ("#[prune] #[grad] #[prune]", "#[prune]", "a second `#[prune]`"),
        ("#[fast_maths] #[fast_maths]", "#[fast_maths]", "a second `#[fast_maths]`"),
        ("#[grad = 1]", "#[grad = 1]", "`#[grad]` takes the names of arguments"),
        ("#[grad(x_i) s]", "#[grad(x_i) s]", "`#[grad]` takes the names of arguments"),
        ("#[grad(x_i s)]", "(x_i s)", "`#[grad]` takes the names of arguments"),
        ("#[grad(1)]", "(1)", "`#[grad]` takes the names of arguments"),
        ("#[grad()]", "#[grad()]", "`#[grad()]` asks for no gradient"),
        ("#[grad(x_i, x_i)]", "x_i", "`x_i` is named twice"),
    ] {
        refused(&format!("{attribute} fn f(x_i: Vi<1>) -> Vj<1> {{ x_i }}"), at, fragment);
    }
}

#[test]
fn arguments() {
    for (arguments, at, fragment) in [
        ("x: Vi<1>, x: Vj<1>", "x", "a second argument is named `x`"),
        ("self, x: Vi<1>", "self", "a formula has no `self`"),
        ("&self", "&", "a formula has no `self`"),
        ("mut x: Vi<1>", "mut", "`x` cannot be `mut`"),
        ("type: Vi<1>", "type", "`type` cannot be a name"),
        ("_: Vi<1>", "_", "`_` cannot be a name"),
        ("(a, b): Vi<1>, x: Vi<2>", "(a, b)", "expected an argument, found `(…)`"),
        ("3: Vi<1>", "3", "expected an argument, found `3`"),
        ("#[cfg(a)] x: Vi<1>", "#[cfg(a)]", "an argument cannot have attributes"),
        ("x, y: Vi<1>", "x", "`x` has no kind"),
        ("x_j", "x_j", "write `x_j: Vj<3>`"),
        ("x: Vi<1> y: Vj<1>", "y", "expected `,` before `y`"),
        ("x: Vi<1> = 3, y: Vj<1>", "=", "expected `,` before `=`"),
        ("x: Vi<1>; y: Vj<1>", ";", "expected `,` before `;`"),
        ("x: Vi<1, usize>", "Vi<1, usize>", "an argument holds numbers, not indices"),
        ("w_j: Pm<1>", "w_j: Pm<1>", "`w_j` is declared `Pm`, but its name says `Vj`"),
        ("w_j: Vi<2>", "w_j: Vi<2>", "write `w_j: Vj<2>` or `w_i: Vi<2>`"),
        ("w_i: Vj<1>", "w_i: Vj<1>", "`w_i` is declared `Vj`, but its name says `Vi`"),
        ("w_i: Pm<1>", "w_i: Pm<1>", "write `w_i: Vi<1>` or `w: Pm<1>`"),
    ] {
        refused(&format!("fn f({arguments}) -> Vi<1> {{ 1 }}"), at, fragment);
    }
}

#[test]
fn kinds() {
    for (kind, at, fragment) in [
        ("Vk<3>", "Vk", "there is no kind `Vk`"),
        ("Vk<0>", "Vk", "there is no kind `Vk`"),
        ("vi<3>", "vi", "did you mean `Vi`?"),
        ("Vx<3>", "Vx", "did you mean `Vi`?"),
        ("VY<3>", "VY", "did you mean `Vj`?"),
        ("Param<3>", "Param", "did you mean `Pm`?"),
        ("f32", "f32", "there is no kind `f32`"),
        ("Vec<Vec<f32>>", "Vec", "there is no kind `Vec`"),
        ("&[f32]", "&", "expected a kind, found `&`"),
        ("[f32; 3]", "[f32; 3]", "expected a kind, found `[…]`"),
        ("keops::Vi<3>", "keops", "expected a kind, found `keops`"),
        ("", ")", "expected a kind, found `)`"),
        ("Vi", "Vi", "`Vi` has no dimension"),
        ("Vi<>", "Vi<>", "`Vi` has no dimension"),
        ("Vi(3)", "Vi(3)", "write `Vi<3>`"),
        ("Vi[a]", "Vi[a]", "the dimension stands in angle brackets"),
        ("Pm<0>", "0", "the dimension is 0"),
        ("Pm<4097>", "4097", "the dimension 4097 is above 4096"),
        ("Pm<99999999999999999999999>", "99999999999999999999999", "is above 4096"),
        ("Pm<D>", "D", "there is no dimension parameter `D`"),
        ("Vi<usize>", "usize", "write `Vi<1, usize>` for a result that holds indices"),
        ("Pm<i64>", "i64", "write `Pm<1>`: the scalar type follows"),
        ("Vj<f64>", "f64", "write `Vj<1>`: the scalar type follows"),
        ("Pm<3, 4>", "4", "a matrix is its rows one after another: write `Pm<12>`"),
        ("Pm<3, f64>", "f64", "write `Pm<3>`"),
        ("Pm<80, 80>", "80", "`80` cannot stand here"),
        ("Pm<{ N }>", "{ N }", "the dimension `{…}` is no integer literal"),
        ("Pm<2+1>", "2+1", "the dimension `2+1` is no integer literal"),
        ("Pm<-1>", "-1", "the dimension `-1` is no integer literal"),
        ("Pm<3.0>", "3.0", "write the number itself, as in `Pm<3>`"),
        ("Pm<3usize>", "3usize", "as in `Pm<3>`"),
        ("Pm<0x10>", "0x10", "the dimension `0x10` is no integer literal"),
        ("Pm<\"3\">", "\"3\"", "is no integer literal"),
        ("Pm<3", "Pm<3", "the `<` of `Pm` is not closed"),
        ("Pm<3, f32>", "f32", "`f32` cannot stand here"),
        ("Pm<3, 4, 5>", "4", "`4` cannot stand here"),
    ] {
        refused(&format!("fn f(s: {kind}) -> Vi<1> {{ 1 }}"), at, fragment);
    }
}

#[test]
fn results() {
    for (result, at, fragment) in [
        ("()", "()", "a function returns at least one result"),
        ("Vi<1>, Vi<2>", ",", "several results stand in parentheses"),
        ("(Vi<1> Vi<2>)", "Vi", "expected `,` before `Vi`"),
        ("(Vi<1>, (Vi<1>, Vi<2>))", "(Vi<1>, Vi<2>)", "expected a kind, found `(…)`"),
        ("Vec<f32>", "Vec", "there is no kind `Vec`"),
        ("Vi<0>", "0", "the dimension is 0"),
        ("Vi<1, u32>", "u32", "`u32` cannot stand here"),
        ("Vi<1, usize, 3>", "3", "`3` cannot stand here"),
        ("Vi<1", "Vi<1", "the `<` of `Vi` is not closed"),
        ("", "{ 1 }", "expected a kind, found `{…}`"),
    ] {
        refused(&format!("fn f(s: Pm<1>) -> {result} {{ 1 }}"), at, fragment);
    }
}

#[test]
fn errors_in_several_places_are_all_found() {
    let (block, faults) = read(
        "fn a(x: Vi<0>, y: Wj<1>) -> Vi<D> { x + } struct S; fn b(x: Vi<1>) -> Vi<1> { 2 % x } \
         pub fn c(x: Vi<1>) -> Vj<1> { x }",
    );
    let messages: Vec<&str> = faults.iter().map(|fault| fault.message.lines().next().unwrap()).collect();
    assert_eq!(
        messages,
        [
            "the dimension is 0",
            "there is no kind `Wj`",
            "there is no dimension parameter `D`",
            "expected an expression after `+`",
            "expected a function, found `struct`",
            "a formula has no `%`",
        ]
    );
    let names: Vec<String> = block.functions.iter().map(|function| function.name.to_string()).collect();
    assert_eq!(names, ["a", "b", "c"]);
}
