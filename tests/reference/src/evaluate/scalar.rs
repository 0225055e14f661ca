//! Scalar functions: one to three numbers in, one out, applied coordinate by coordinate.

use super::fast::{Slack, slack};
use super::special::{digamma, erf, erfc, ln_gamma, spherical_bessel};
use crate::precision::{Num, Precision};
use std::f64::consts::{LOG2_E, PI};

/// A scalar function with what its evaluation may cost in accuracy.
pub(crate) struct Scalar {
    /// The number of arguments.
    pub(crate) arity: usize,
    /// The roundings of a good implementation, in units of eps, on the result.
    roundings: f64,
    /// The roundings of the first argument that an implementation may make before the function is applied.
    argument: f64,
    /// The roundings of terms of size 1/max(|x|, 1) that cancel.
    cancels: f64,
    /// Whether it is arithmetic with a jump, which is exact where operands and value are short: a quotient of integers that
    /// is an integer is no less, and the jump there is none between neighbouring numbers.
    jumps: bool,
    f: fn(&[f64]) -> f64,
    /// What a cheaper variant may err more.
    slack: Option<Slack>,
}

impl Scalar {
    /// The value with its bound.
    pub(crate) fn apply(&self, precision: &Precision, args: &[Num]) -> Num {
        let centre: Vec<f64> = args.iter().map(|a| a.value).collect();
        if self.jumps
            && let Some(value) = precision.of_short(args, (self.f)(&centre))
        {
            return value;
        }
        let mut args = args.to_vec();
        args[0].error += self.argument * precision.eps * args[0].value.abs();
        let value = precision.map(&args, self.roundings, self.f);
        // Zeros of a difference of larger terms are found to the terms' roundings only.
        let cancelled = self.cancels / args[0].value.abs().max(1.0);
        let slack = self.slack.filter(|_| precision.fast).map_or(0.0, |slack| slack(&centre, value.value));
        Num { error: value.error + (cancelled + slack) * precision.eps, ..value }
    }
}

/// The function of this (normalised) name.
pub(crate) fn scalar(name: &str) -> Option<Scalar> {
    accurate(name).map(|function| Scalar { slack: slack(name), ..function })
}

/// The function without what a cheaper variant may err more.
fn accurate(name: &str) -> Option<Scalar> {
    let of = |arity, roundings, f: fn(&[f64]) -> f64| {
        Some(Scalar { arity, roundings, argument: 0.0, cancels: 0.0, jumps: false, f, slack: None })
    };
    let exact = |f| of(1, 0.0, f);
    let near = |f| of(1, 2.0, f);
    // Implementations reduce exponents by log2(e), so the argument is rounded once more.
    let scaled = |f| of(1, 3.0, f).map(|function| Scalar { argument: 2.0, ..function });
    let of_two = |f| of(2, 2.0, f);
    let chosen = |f| of(2, 0.0, f);
    let of_three = |f| of(3, 0.0, f);
    let bessel = |f| of(1, 2.0, f).map(|function| Scalar { cancels: 2.0, ..function });
    let stairs =
        |arity, f| of(arity, 2.0, f).map(|function| Scalar { argument: 2.0, jumps: true, ..function });
    match name {
        "minus" | "neg" => exact(|x| -x[0]),
        "inv" => near(|x| 1.0 / x[0]),
        "square" => near(|x| x[0] * x[0]),
        "sqrt" => near(|x| x[0].sqrt()),
        "rsqrt" => near(|x| if x[0] == 0.0 { 0.0 } else { 1.0 / x[0].sqrt() }),
        "cbrt" => near(|x| x[0].cbrt()),
        "abs" => exact(|x| x[0].abs()),
        "sign" => exact(|x| if x[0] == 0.0 { 0.0 } else { x[0].signum() }),
        "step" => exact(|x| if x[0] < 0.0 { 0.0 } else { 1.0 }),
        "relu" => exact(|x| if x[0] < 0.0 { 0.0 } else { x[0] }),
        "floor" => exact(|x| x[0].floor()),
        "ceil" => exact(|x| x[0].ceil()),
        "roundtointeger" => exact(|x| x[0].round()),
        "trunc" => exact(|x| x[0].trunc()),
        "exp" => scaled(|x| x[0].exp()),
        "exp2" => scaled(|x| x[0].exp2()),
        "exp10" => scaled(|x| 10f64.powf(x[0])),
        "expm1" => scaled(|x| x[0].exp_m1()),
        "log" | "ln" => near(|x| x[0].ln()),
        "log2" => near(|x| x[0].log2()),
        "log10" => near(|x| x[0].log10()),
        "log1p" => near(|x| x[0].ln_1p()),
        "xlogx" => near(|x| if x[0] == 0.0 { 0.0 } else { x[0] * x[0].ln() }),
        "sin" => near(|x| x[0].sin()),
        "cos" => near(|x| x[0].cos()),
        "tan" => near(|x| x[0].tan()),
        "asin" | "arcsin" => near(|x| x[0].asin()),
        "acos" | "arccos" => near(|x| x[0].acos()),
        "atan" | "arctan" => near(|x| x[0].atan()),
        "sinh" => scaled(|x| x[0].sinh()),
        "cosh" => scaled(|x| x[0].cosh()),
        "tanh" => scaled(|x| x[0].tanh()),
        "asinh" | "arcsinh" => near(|x| x[0].asinh()),
        "acosh" | "arccosh" => near(|x| x[0].acosh()),
        "atanh" | "arctanh" => near(|x| x[0].atanh()),
        "sinxdivx" => near(|x| spherical_bessel(0, x[0])),
        "sphericalj1" => bessel(|x| spherical_bessel(1, x[0])),
        "sphericalj1overx" => bessel(|x| over(spherical_bessel(1, x[0]), x[0], 1.0 / 3.0)),
        "sphericalj2overx" => bessel(|x| over(spherical_bessel(2, x[0]), x[0], 0.0)),
        // sin(πx): the product πx is rounded before the sine.
        "sinc" => scaled(|x| spherical_bessel(0, PI * x[0])),
        "erf" => scaled(|x| erf(x[0])),
        "erfc" => scaled(|x| erfc(x[0])),
        "lgamma" | "loggamma" | "gammaln" => near(|x| ln_gamma(x[0])),
        "digamma" => near(|x| digamma(x[0])),
        "sigmoid" => scaled(|x| 1.0 / (1.0 + (-x[0]).exp())),
        "logsigmoid" => scaled(|x| -softplus(-x[0])),
        "softplus" => scaled(|x| softplus(x[0])),
        "atan2" | "arctan2" => of_two(|x| x[0].atan2(x[1])),
        "hypot" => of_two(|x| x[0].hypot(x[1])),
        "add" => of_two(|x| x[0] + x[1]),
        "subtract" | "sub" => of_two(|x| x[0] - x[1]),
        "mult" | "mul" => of_two(|x| x[0] * x[1]),
        "divide" | "div" => of_two(|x| x[0] / x[1]),
        "equal" | "eq" => chosen(|x| f64::from(x[0] == x[1])),
        "notequal" | "ne" => chosen(|x| f64::from(x[0] != x[1])),
        "lessthan" | "lt" => chosen(|x| f64::from(x[0] < x[1])),
        "lessorequal" | "le" => chosen(|x| f64::from(x[0] <= x[1])),
        "greaterthan" | "gt" => chosen(|x| f64::from(x[0] > x[1])),
        "greaterorequal" | "ge" => chosen(|x| f64::from(x[0] >= x[1])),
        "maximum" => chosen(|x| x[0].max(x[1])),
        "minimum" => chosen(|x| x[0].min(x[1])),
        "clamp" | "clampint" => of_three(|x| match () {
            _ if x[0] < x[1] => x[1],
            _ if x[0] > x[2] => x[2],
            _ => x[0],
        }),
        "diffclampint" => of_three(|x| f64::from(x[1] <= x[0] && x[0] <= x[2])),
        "ifelse" => of_three(|x| if x[0] >= 0.0 { x[1] } else { x[2] }),
        "where" => of_three(|x| if x[0] != 0.0 { x[1] } else { x[2] }),
        "mod" | "modulo" => stairs(3, |x| x[0] - x[1] * ((x[0] - x[2]) / x[1]).floor()),
        "roundtofraction" => stairs(2, |x| (x[0] * x[1]).round() / x[1]),
        "round" => stairs(2, |x| (x[0] * 10f64.powf(x[1])).round() / 10f64.powf(x[1])),
        _ => None,
    }
}

/// aᵇ for an exponent that is no literal, as exp2(b log2 a): the logarithm's rounding is magnified by b log2 a.
pub(crate) fn power(precision: &Precision, base: Num, exponent: Num) -> Num {
    let magnified = (exponent.value * base.value.abs().log2() / LOG2_E).abs();
    let magnified = if magnified.is_finite() { magnified } else { 0.0 };
    let value = precision.map(&[base, exponent], 4.0 + 2.0 * magnified, |x| x[0].powf(x[1]));
    let slack = slack("powf").filter(|_| precision.fast);
    let slack = slack.map_or(0.0, |slack| slack(&[base.value, exponent.value], value.value));
    Num { error: value.error + slack * precision.eps, ..value }
}

/// y / x, with its limit at 0.
fn over(y: f64, x: f64, limit: f64) -> f64 {
    if x == 0.0 { limit } else { y / x }
}

/// log(1 + eˣ) without overflow.
fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str, args: &[f64]) -> f64 {
        let args: Vec<Num> = args.iter().map(|&x| Num::exact(x)).collect();
        scalar(name).unwrap_or_else(|| panic!("no {name}")).apply(&Precision::F64, &args).value
    }

    #[test]
    fn special_points() {
        assert_eq!(value("rsqrt", &[0.0]), 0.0);
        assert_eq!(value("sign", &[-0.0]), 0.0);
        assert_eq!(value("step", &[0.0]), 1.0);
        assert_eq!(value("xlogx", &[0.0]), 0.0);
        assert_eq!(value("sinxdivx", &[0.0]), 1.0);
        assert_eq!(value("ifelse", &[-0.0, 2.0, 3.0]), 2.0);
        assert_eq!(value("ifelse", &[f64::NAN, 2.0, 3.0]), 3.0);
        assert_eq!(value("round", &[2.5, 0.0]), 3.0);
        assert_eq!(value("round", &[-1.25, 1.0]), -1.3);
        assert_eq!(value("mod", &[-1.0, 3.0, 0.0]), 2.0);
        assert_eq!(value("mod", &[5.5, 2.0, 1.0]), 1.5);
        assert_eq!(value("clamp", &[5.0, -1.0, 2.0]), 2.0);
    }

    #[test]
    fn stairs_of_integers_are_exact_at_their_jumps() {
        let error = |name, args: &[f64]| {
            let args: Vec<Num> = args.iter().map(|&x| Num::exact(x)).collect();
            scalar(name).unwrap().apply(&Precision::F32, &args).error
        };
        assert_eq!(error("mod", &[21.0, 7.0, 0.0]), 0.0);
        assert_eq!(error("round", &[2.5, 0.0]), 0.0);
        // 21.1 is no number of few places, and what is near a jump is as uncertain as the jump is high.
        assert!(error("mod", &[21.1, 7.0, 0.0]) > 0.0);
        let near = [Num { value: 21.0, error: 1e-6 }, Num::exact(7.0), Num::exact(0.0)];
        assert!(scalar("mod").unwrap().apply(&Precision::F32, &near).error >= 6.0);
    }

    #[test]
    fn powers_far_from_one_have_wide_bounds() {
        let p = Precision::F32;
        let near = power(&p, Num::exact(1.5), Num::exact(2.5));
        let far = power(&p, Num::exact(1000.0), Num::exact(5.0));
        assert!(far.error / far.value > 5.0 * near.error / near.value);
    }
}
