//! Every mistake in a body: one error, in the right place, with the right sentence.

use super::{around, read, refused};

#[track_caller]
fn all_refused(table: &[(&str, &str, &str)]) {
    for (formula, at, fragment) in table {
        refused(&around(formula), at, fragment);
    }
}

#[test]
fn statements() {
    refused("fn f(s: Pm<1>) -> Vi<1> { }", "{ }", "the formula is empty");
    all_refused(&[
        ("let a = 1;", "}", "the body ends without a result"),
        ("let a = 1", "}", "the body ends without a result"),
        ("a + b;", ";", "the result is followed by `;`"),
        ("#[a] let b = 1; b", "#[a]", "attributes and doc comments cannot stand inside"),
        ("/// text\n a", "/// text", "write a comment with `//`"),
        ("let a = 1;; a", ";", "a `;` ends nothing here"),
        ("a; + b", ";", "this `;` cuts an expression in two"),
        ("let a = b; ^2; a", ";", "this `;` cuts an expression in two"),
        ("a + b; c", "a + b", "this value is not used"),
        ("a + b let c = 1; c", "a + b", "this value is not used"),
        ("let d = a - b let e = 2; e", "b", "a `;` is missing after the value of `d`"),
        ("let d = a - b Exp(d)", "b", "a `;` is missing after the value of `d`"),
        ("let d = a - b, Exp(d)", ",", "a `;` is missing after the value of `d`"),
        ("let d = a - b, let e = 2; d * e", ",", "a `;` is missing after the value of `d`"),
        ("let d = a - b, e = 2; d * e", ",", "a `;` is missing after the value of `d`"),
        ("let d = a, b; d", ",", "a `;` is missing after the value of `d`"),
        ("let mut d = a; d += b, Exp(d)", ",", "a `;` is missing after the value of `d`"),
        ("let d = a b; d", "b", "expected an operator before `b`"),
        ("a, b", ",", "several results stand in parentheses"),
        ("a = 1; a", "a =", "`a` cannot change"),
        ("let d = a; d = 1; d", "d =", "`d` cannot change"),
        ("let d = a; d += b; d", "d +=", "`let d = d + …;` here"),
        ("let mut d = a; d ^= 2; d", "d ^=", "write `d = d ^ …;`"),
        ("let mut d = a; d += ; d", "+=", "expected an expression after `+=`"),
        ("let mut d = a; d += a b; d", "b", "expected an operator before `b`"),
        ("let mut = a; a", "=", "expected a name after `let`, found `=`"),
        ("let (a, b) = c; a", "(a, b)", "expected a name after `let`, found `(…)`"),
        ("let = 1; a", "=", "expected a name after `let`, found `=`"),
        ("let fn = 1; a", "fn", "`fn` cannot be a name"),
        ("let a: f32 = 1; a", ": f32", "`a` cannot have a type"),
        ("let a: [f32; 3] = 1; a", ": [f32; 3]", "`a` cannot have a type"),
        ("let a; a", "a", "`a` has no value"),
        ("let a = ; a", "=", "expected an expression after `=`"),
        ("let a = for k in 0..3 { }; a", "for", "`for` cannot stand inside an expression"),
        ("while a { b } c", "while", "a formula has no `while`"),
        ("let a = loop { }; a", "loop", "a formula has no `loop`"),
        ("return a", "return", "a formula has no `return`"),
        ("return a;", "return", "a formula has no `return`"),
        ("let a = { let b = 1; b }; a", "{ let b = 1; b }", "a formula has no inner blocks"),
        ("let a = let b = 1; a", "let", "`let` cannot stand inside an expression"),
        ("a { b }", "{ b }", "a formula has no inner blocks"),
    ]);
}

#[test]
fn operators() {
    all_refused(&[
        ("a +", "+", "expected an expression after `+`"),
        ("a **", "**", "expected an expression after `**`"),
        ("a ^ - ", "-", "expected an expression after `-`"),
        ("f(a *, b)", "*", "expected an expression after `*`"),
        ("f(a,, b)", ",", "expected an expression after `,`"),
        ("f(, a)", "(", "expected an expression after `(`"),
        ("f(axis=)", "=", "expected an expression after `=`"),
        ("[1,, 2]", ",", "expected an expression after `,`"),
        ("() * a", "()", "the parentheses are empty"),
        ("(-) * a", "-", "expected an expression after `-`"),
        ("a * *b", "* *", "`* *` is no operator"),
        ("a < b < c", "a < b < c", "comparisons cannot be chained"),
        ("a < b == c > d", "a < b == c", "comparisons cannot be chained"),
        (
            "2 a",
            "a",
            "expected an operator before `a`\nrule: a product is written with `*`\nhelp: write `… * a`",
        ),
        (
            "f(a b)",
            "b",
            "expected an operator before `b`\n\
             rule: a product is written with `*`, and operands of a call with commas between them\n\
             help: write `… * b` or `…, b`",
        ),
        ("fn g(a) = a; g(a)", "fn", "`fn` is no value"),
        ("2 (a + b)", "(a + b)", "expected an operator before `(…)`"),
        ("a 2", "2", "expected an operator before `2`"),
        ("(a)(b)", "(b)", "expected an operator before `(…)`"),
        ("* a", "*", "`*` has no left operand"),
        ("+ a", "+", "`+` has no left operand"),
        ("a / + b", "+", "`+` has no left operand"),
        ("a + / b", "/", "`/` has no left operand"),
        ("< a", "<", "`<` has no left operand"),
        ("^2", "^", "`^` has no left operand"),
        (".sum()", ".", "`.` has no left operand"),
    ]);
}

#[test]
fn habits_of_other_languages() {
    all_refused(&[
        ("&a", "&", "a formula has no `&`"),
        ("f(&a)", "&", "a formula has no `&`"),
        ("!a", "!", "a formula has no `!`"),
        ("~a", "~", "a formula has no `~`"),
        ("not a", "not", "a formula has no `not`"),
        ("a && b", "&&", "a formula has no `&&`"),
        ("a & b", "&", "a formula has no `&`"),
        ("a and b", "and", "a formula has no `and`"),
        ("a || b", "||", "a formula has no `||`"),
        ("a or b", "or", "a formula has no `or`"),
        ("a % b", "%", "write `Mod(a, b, 0)`"),
        ("a @ b", "@", "MatVecMult"),
        ("a << b", "<<", "a formula has no `<<`"),
        ("a >> b", ">>", "a formula has no `>>`"),
        ("a =< b", "=<", "write `a <= b`"),
        ("a => b", "=>", "write `a >= b`"),
        ("a <> b", "<>", "write `a != b`"),
        ("f(a = b = c)", "=", "`=` cannot stand inside an expression"),
        ("(a = b)", "=", "`=` cannot stand inside an expression"),
        ("f(a += b)", "+=", "`+=` cannot stand inside an expression"),
        ("a as f32", "as", "a formula has no `as`"),
        ("a?", "?", "a formula has no `?`"),
        ("a ? b : c", "?", "Where(x < y, a, b)"),
        ("if a < b { a } else { b }", "if", "a formula has no `if`"),
        ("a if b else c", "if", "a formula has no `if`"),
        ("match a { _ => b }", "match", "a formula has no `match`"),
        ("|a| a + 1", "|", "a formula has no closures"),
        ("|| a", "||", "a formula has no closures"),
        ("move |a| a", "move", "a formula has no closures"),
        ("f(lambda a: a)", "lambda", "a formula has no closures"),
        ("unsafe { a }", "unsafe", "a formula has no inner blocks"),
        ("f32::exp(a)", "f32::exp", "a formula has no paths"),
        ("a.sum::<f32>()", "::", "a formula has no paths"),
        ("::a", "::", "a formula has no paths"),
        ("vec![a]", "vec", "`vec!` cannot be used in a formula"),
        ("exp!(a)", "exp", "write an operation, as in `exp(…)`"),
        ("\"a\"", "\"a\"", "is no number"),
        ("'a'", "'a'", "is no number"),
        ("b\"a\"", "b\"a\"", "is no number"),
        ("true", "true", "write `1`"),
        ("false", "false", "write `0`"),
        ("0..3", "..", "a range cannot stand here"),
        ("..3", "..", "a range cannot stand here"),
        ("f(a: b)", ":", "`:` cannot stand here"),
        (": a", ":", "`:` cannot stand here"),
        ("self.a", "self", "`self` is no value"),
        ("a + _", "_", "`_` is no value"),
        ("S { a: 1 }", "{ a: 1 }", "a formula has no inner blocks"),
        ("f(a; b)", ";", "unexpected `;`"),
        ("a -> b", "->", "unexpected `->`"),
        ("$a", "$", "unexpected `$`"),
        ("a struct", "struct", "unexpected `struct`"),
    ]);
}

#[test]
fn numbers() {
    all_refused(&[
        ("1.0f32 * a", "1.0f32", "leave out `f32`: write `1.0`"),
        ("1_f64", "1_f64", "leave out `f64`: write `1`"),
        ("3usize", "3usize", "leave out `usize`"),
        ("2x + 1", "2x", "write `2 * x`"),
        ("0xff", "0xff", "`0xff` is no decimal number"),
        ("1e999 * a", "1e999", "`1e999` cannot be represented"),
        ("1e-999 * a", "1e-999", "`1e-999` cannot be represented"),
        ("a + .5", ".5", "write `0.5`"),
    ]);
}

#[test]
fn methods_and_arguments() {
    all_refused(&[
        ("a.0", "0", "write `[0]`"),
        ("a.5 * b", "5", "write `[5]`"),
        ("a.0.1", "0.1", "write `[0][1]`"),
        ("a.", ".", "expected a method after `.`, found `}`"),
        ("a.(b)", "(b)", "expected a method after `.`, found `(…)`"),
        ("f(axis=1, a)", "a", "an argument without a name follows one with a name"),
        ("f(a, axis=1, axis=0)", "axis", "`axis` is given twice"),
    ]);
}

#[test]
fn brackets() {
    all_refused(&[
        ("a[]", "[]", "the brackets are empty"),
        ("a[k]", "k", "`k` is no integer literal"),
        ("a[k+1..2]", "k+1", "`k+1` is no integer literal"),
        ("a[0 1]", "0 1", "`0 1` is no integer literal"),
        ("a[1.0]", "1.0", "`1.0` is no integer literal"),
        ("a[1.]", "1.", "`1.` is no integer literal"),
        ("a[2usize]", "2usize", "`2usize` is no integer literal"),
        ("a[-1]", "-1", "coordinate -1 is negative"),
        ("a[:-1]", "-1", "coordinate -1 is negative"),
        ("a[99999999999999999999]", "99999999999999999999", "is too large"),
        ("a[0..=2]", "..=", "`..=` cannot be used here"),
        ("a[0...2]", "...", "`...` cannot be used here"),
        ("a[0:4:2]", ":", "a slice has no step"),
        ("a[::2]", "::", "a slice has no step"),
        ("a[0, 1]", ",", "the brackets hold more than one coordinate"),
        ("a[0..1, 2]", ",", "the brackets hold more than one coordinate"),
    ]);
}

/// An expression in error is given up within its own brackets: what surrounds it is read on.
#[test]
fn independent_mistakes_are_all_found() {
    let (_, faults) =
        read(&around("let a = Exp(x %% 2) * f(1e999, &b, c d); let e = 2f32 * g(h[-1]); e + (1 2)"));
    let places: Vec<&str> = faults.iter().map(|fault| fault.at.as_str()).collect();
    assert_eq!(places, ["%", "1e999", "&", "d", "2f32", "-1", "2"], "{faults:#?}");
}
