//! Printing and reading again gives the same AST.

use super::random::{Random, formula};
use super::{around, block, shape, shape_of};
use crate::ast::{Expr, ExprKind, Factor, Function, Place, Sign};
use crate::number::Number;
use proc_macro2::Span;

/// A function with all its structure and no places.
fn structure(function: &Function) -> String {
    let body = function.body.as_ref().expect("a body");
    let lets: Vec<String> = body.lets.iter().map(|l| format!("{}={}", l.name, shape(&l.value))).collect();
    let gradients = function.gradients.as_ref().map(ToString::to_string);
    let arguments: Vec<String> = function.arguments.iter().map(ToString::to_string).collect();
    let results: Vec<String> = function.results.iter().map(ToString::to_string).collect();
    let attributes: Vec<String> = function.attributes.iter().map(ToString::to_string).collect();
    let head = format!("{attributes:?} {gradients:?} {} {}", function.visibility, function.name);
    let dimensions: Vec<_> = function.dimensions.iter().map(|d| (d.name.to_string(), &d.instances)).collect();
    format!("{head} {dimensions:?} {arguments:?} {results:?} {lets:?} {}", shape(&body.result))
}

#[test]
fn whole_blocks() {
    let source = "
        /// A \"doc\" comment.
        #[inline] #[grad] pub(crate) fn f(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> (Vi<10>, Vi<10, usize>) {
            let d = x_i - y_j;
            let k = Exp(-(d | d) / s^2);
            (k.kmin(10, axis=1), ArgKMin_j(k, 10))
        }
        #[grad(x_i, s)] fn g(x_i: Vi<3>, s: Pm<1>) -> Vj<1> { x_i[0] * s }
        #[instances(E = 5)] #[instances(D = 64, 1..=4, 7, 8)]
        fn h<const D: usize, const E: usize>(x_i: Vi<D>, y_j: Vj<E>) -> (Vi<D>, Vi<1>) { (x_i, y_j / D) }";
    let first = block(source);
    let text = first.to_string();
    let second = block(&text);
    assert_eq!(second.to_string(), text);
    for (a, b) in first.functions.iter().zip(&second.functions) {
        assert_eq!(structure(a), structure(b), "{text}");
    }
}

#[test]
fn printed_formulas_have_no_needless_parentheses() {
    for (written, printed) in [
        ("-SqDist(x, y)/s^2", "-SqDist(x, y) / s^2"),
        ("((a)+(b*c))", "a + b * c"),
        ("(a+b)*c", "(a + b) * c"),
        ("(a|b)|(c<d)", "a | b | (c < d)"),
        ("(-a)^(-b)", "(-a)^-b"),
        ("(a^b)^c^d", "(a^b)^c^d"),
        ("(-a).abs()[0:2]", "(-a).abs()[0..2]"),
        ("f(a,axis=-1)", "f(a, axis=-1)"),
        ("(2).sum() + 0.1", "(2).sum() + 0.1"),
        ("1e300 * 1e-3", "1e300 * 0.001"),
        ("where(i<j,-Inf,(Inf))", "where(i < j, -Inf, Inf)"),
    ] {
        let block = block(&around(written));
        assert_eq!(block.functions[0].body.as_ref().unwrap().result.to_string(), printed);
    }
}

#[test]
fn random_formulas() {
    let mut random = Random(1);
    for _ in 0..5_000 {
        let depth = random.below(6);
        let written = formula(&mut random, depth);
        let first = block(&around(&written));
        let printed = first.functions[0].body.as_ref().unwrap().result.to_string();
        assert_eq!(shape_of(&printed), shape_of(&written), "\nwritten {written}\nprinted {printed}");
    }
}

/// Numbers that no literal spells are printed as expressions of the same value.
#[test]
fn numbers_of_any_kind() {
    let expr = |kind| Expr { kind, place: Place::of(Span::call_site()) };
    let number = |number| expr(ExprKind::Number(number));
    for (value, printed) in [
        (Number::rational(1, 3), "1/3"),
        (Number::integer(-2), "-2"),
        (Number::rational(-1, 4), "-0.25"),
        (Number::rational(1_234_567_890_123_456_789, 10), "1234567890123456789e-1"),
        (Number::from_f64(0.1), "3602879701896397/36028797018963968"),
        (Number::from_f64(1e300), "1e300"),
    ] {
        assert_eq!(number(value).to_string(), printed);
    }
    let third = number(Number::rational(1, 3));
    let power = expr(ExprKind::Power(third.clone().into(), number(Number::integer(2)).into()));
    assert_eq!(power.to_string(), "(1/3)^2");
    let sum =
        expr(ExprKind::Sum(vec![(Sign::Minus, third.clone()), (Sign::Plus, number(Number::integer(-1)))]));
    assert_eq!(sum.to_string(), "-1/3 + -1");
    let product = expr(ExprKind::Product(vec![(Factor::Over, third)]));
    assert_eq!(product.to_string(), "1 / (1/3)");
}
