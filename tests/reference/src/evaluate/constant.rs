//! Literals, and the expressions of literals that may stand where a literal is asked for.

use keops_compiler::ast::{Expr, ExprKind, Factor, Sign};
use keops_compiler::number::Number;

/// The nearest f64 of a literal.
pub(crate) fn number(n: &Number) -> f64 {
    match *n {
        Number::Rational { num, den } => num as f64 / den as f64,
        Number::Float(x) => x,
    }
}

/// The value of an expression without names and calls.
pub(crate) fn constant(e: &Expr) -> Option<f64> {
    match &e.kind {
        ExprKind::Number(n) => Some(number(n)),
        ExprKind::Negate(f) => Some(-constant(f)?),
        ExprKind::Power(base, exponent) => Some(constant(base)?.powf(constant(exponent)?)),
        ExprKind::Sum(terms) => terms.iter().try_fold(0.0, |sum, (sign, f)| match sign {
            Sign::Plus => Some(sum + constant(f)?),
            Sign::Minus => Some(sum - constant(f)?),
        }),
        ExprKind::Product(factors) => factors.iter().try_fold(1.0, |product, (place, f)| match place {
            Factor::Times => Some(product * constant(f)?),
            Factor::Over => Some(product / constant(f)?),
        }),
        _ => None,
    }
}

/// The value of an integer literal, possibly negative.
pub(crate) fn integer(e: &Expr) -> i64 {
    let value = constant(e).unwrap_or_else(|| panic!("{e:?} is no literal"));
    assert_eq!(value.fract(), 0.0, "{value} is no integer");
    value as i64
}
