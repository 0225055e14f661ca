//! Tests of the parser: what is read, and what is refused where.

mod bad_declarations;
mod bad_formulas;
mod closures;
mod declarations;
mod dimensions;
mod expressions;
mod fuzz;
mod helpers;
mod limits;
mod loops;
mod random;
mod round_trip;

use crate::ast::{Block, Call, Expr, ExprKind, Factor, Place, Sign};
use crate::error::Errors;
use proc_macro2::TokenStream;

/// An error as tests see it: the source text it underlines, and its message.
#[derive(Debug)]
struct Fault {
    at: String,
    message: String,
}

/// Reads a block.
fn read(source: &str) -> (Block, Vec<Fault>) {
    let tokens: TokenStream = source.parse().unwrap_or_else(|_| panic!("not tokens: {source}"));
    read_tokens(tokens, source)
}

fn read_tokens(tokens: TokenStream, source: &str) -> (Block, Vec<Fault>) {
    let mut errors = Errors::new();
    let block = super::block(tokens, &mut errors);
    let found = errors.finish().err().map(|rejected| rejected.errors().to_vec()).unwrap_or_default();
    let faults =
        found.into_iter().map(|error| Fault { at: text(error.place, source), message: error.message });
    (block, faults.collect())
}

/// The source text of a place. (Ranges count characters.)
fn text(place: Place, source: &str) -> String {
    let (first, last) = (place.first.byte_range(), place.last.byte_range());
    source.get(first.start..last.end).map_or_else(|| format!("{first:?} to {last:?}"), str::to_string)
}

/// Reads a block that must be sound.
fn block(source: &str) -> Block {
    let (block, faults) = read(source);
    assert!(faults.is_empty(), "{source}\n{faults:#?}");
    block
}

/// A function around a body.
fn around(body: &str) -> String {
    format!("fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {{ {body} }}")
}

/// The shape of a formula that must be sound.
fn shape_of(formula: &str) -> String {
    let block = block(&around(formula));
    shape(&block.functions[0].body.as_ref().expect("a body").result)
}

/// An expression with all its structure and no places: prefix form, all parentheses written.
fn shape(e: &Expr) -> String {
    let all = |parts: &[Expr]| parts.iter().map(|part| format!(" {}", shape(part))).collect::<String>();
    match &e.kind {
        ExprKind::Number(number) => format!("{number}"),
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Negate(e) => format!("(neg {})", shape(e)),
        ExprKind::Sum(terms) => {
            let sign = |sign: &Sign| if *sign == Sign::Plus { '+' } else { '-' };
            let terms = terms.iter().map(|(s, e)| format!(" {}{}", sign(s), shape(e)));
            format!("(sum{})", terms.collect::<String>())
        }
        ExprKind::Product(factors) => {
            let position = |factor: &Factor| if *factor == Factor::Times { '*' } else { '/' };
            let factors = factors.iter().map(|(p, e)| format!(" {}{}", position(p), shape(e)));
            format!("(prod{})", factors.collect::<String>())
        }
        ExprKind::Power(base, exponent) => format!("(^ {} {})", shape(base), shape(exponent)),
        ExprKind::Dot(a, b) => format!("(| {} {})", shape(a), shape(b)),
        ExprKind::Compare(which, a, b) => format!("({which} {} {})", shape(a), shape(b)),
        ExprKind::Call(Call { name, receiver, arguments, named, .. }) => {
            let receiver = receiver.as_ref().map(|e| format!("{}.", shape(e))).unwrap_or_default();
            let named: String = named.iter().map(|(name, e)| format!(" {name}={}", shape(e))).collect();
            format!("({receiver}{name}{}{named})", all(arguments))
        }
        ExprKind::Coordinate(e, k) => format!("{}[{}]", shape(e), k.value),
        ExprKind::Slice(e, from, to) => {
            let end =
                |bound: &Option<crate::ast::Bound>| bound.map(|b| b.value.to_string()).unwrap_or_default();
            format!("{}[{}..{}]", shape(e), end(from), end(to))
        }
        ExprKind::List(parts) => format!("(list{})", all(parts)),
        ExprKind::Tuple(parts) => format!("(tuple{})", all(parts)),
        ExprKind::Error => "error".into(),
    }
}

/// Checks that a block has exactly one error, at this text, with this in its message.
#[track_caller]
fn refused(source: &str, at: &str, fragment: &str) {
    let (_, faults) = read(source);
    let [fault] = faults.as_slice() else { panic!("{source}\nexpected one error, got {faults:#?}") };
    assert!(fault.message.contains(fragment), "{source}\nwanted: {fragment}\ngot: {}", fault.message);
    assert_eq!(fault.at, at, "{source}\n{}", fault.message);
    let lines: Vec<&str> = fault.message.lines().collect();
    let [wrong, rule, help] = lines.as_slice() else { panic!("three lines: {}", fault.message) };
    assert!(rule.starts_with("rule: ") && help.starts_with("help: "), "{}", fault.message);
    assert!(!wrong.starts_with(char::is_uppercase) && !wrong.ends_with('.'), "{}", fault.message);
}
