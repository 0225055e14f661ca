//! Absolute value and sign, and rounding to integers.

use super::{apply, flat};
use crate::ops::{Edge, ScalarFunction, Sign};

const INF: f64 = f64::INFINITY;

pub(super) static ROWS: &[ScalarFunction] = &[
    ScalarFunction {
        name: "Abs",
        aliases: &["abs"],
        arguments: &["x"],
        doc: "|x|; its slope at 0 is 0.",
        rust: "abs",
        cost: 1,
        fast: None,
        sign: Sign::NonNegative,
        derivative: |g, x, _| Some(apply(g, "Sign", x)),
        domain: &[(0.1, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[0.0] },
            Edge { at: &[-2.0], value: 2.0, slope: &[-1.0] },
            Edge { at: &[-INF], value: INF, slope: &[-1.0] },
        ],
        reference: |x| x[0].abs(),
    },
    ScalarFunction {
        name: "Sign",
        aliases: &["sign"],
        arguments: &["x"],
        doc: "−1, 0 or 1: the sign of x; 0 at 0.",
        rust: "sign",
        cost: 4,
        fast: None,
        sign: Sign::Any,
        derivative: flat,
        domain: &[(0.1, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[0.0] },
            Edge { at: &[-2.0], value: -1.0, slope: &[0.0] },
            Edge { at: &[INF], value: 1.0, slope: &[0.0] },
        ],
        reference: |x| if x[0] == 0.0 { 0.0 } else { x[0].signum() },
    },
    ScalarFunction {
        name: "Step",
        aliases: &["step"],
        arguments: &["x"],
        doc: "0 for x < 0 and 1 otherwise; 1 at 0.",
        rust: "step",
        cost: 2,
        fast: None,
        sign: Sign::NonNegative,
        derivative: flat,
        domain: &[(0.1, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: 1.0, slope: &[0.0] },
            Edge { at: &[-0.0], value: 1.0, slope: &[0.0] },
            Edge { at: &[-2.0], value: 0.0, slope: &[0.0] },
        ],
        reference: |x| if x[0] < 0.0 { 0.0 } else { 1.0 },
    },
    ScalarFunction {
        name: "ReLU",
        aliases: &["relu"],
        arguments: &["x"],
        doc: "0 for x < 0 and x otherwise; its slope at 0 is 1.",
        rust: "relu",
        cost: 1,
        fast: None,
        sign: Sign::NonNegative,
        derivative: |g, x, _| {
            let (one, zero) = (g.integer(1), g.integer(0));
            Some(apply(g, "IfElse", &[x[0], one, zero]))
        },
        domain: &[(0.1, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[-2.0], value: 0.0, slope: &[0.0] },
            Edge { at: &[INF], value: INF, slope: &[1.0] },
        ],
        reference: |x| if x[0] < 0.0 { 0.0 } else { x[0] },
    },
    ScalarFunction {
        name: "Floor",
        aliases: &["floor"],
        arguments: &["x"],
        doc: "The largest integer ≤ x.",
        rust: "floor",
        cost: 1,
        fast: None,
        sign: Sign::Any,
        derivative: flat,
        domain: &[(0.1, 0.9)],
        edges: &[
            Edge { at: &[2.0], value: 2.0, slope: &[0.0] },
            Edge { at: &[-1.5], value: -2.0, slope: &[0.0] },
            Edge { at: &[1e300], value: 1e300, slope: &[0.0] },
        ],
        reference: |x| x[0].floor(),
    },
    ScalarFunction {
        name: "Ceil",
        aliases: &["ceil"],
        arguments: &["x"],
        doc: "The smallest integer ≥ x.",
        rust: "ceil",
        cost: 3,
        fast: None,
        sign: Sign::Any,
        derivative: flat,
        domain: &[(0.1, 0.9)],
        edges: &[
            Edge { at: &[2.0], value: 2.0, slope: &[0.0] },
            Edge { at: &[-1.5], value: -1.0, slope: &[0.0] },
        ],
        reference: |x| x[0].ceil(),
    },
    ScalarFunction {
        name: "Trunc",
        aliases: &["trunc"],
        arguments: &["x"],
        doc: "x without its fractional part: rounded toward 0.",
        rust: "trunc",
        cost: 1,
        fast: None,
        sign: Sign::Any,
        derivative: flat,
        domain: &[(0.1, 0.9)],
        edges: &[
            Edge { at: &[1.5], value: 1.0, slope: &[0.0] },
            Edge { at: &[-1.5], value: -1.0, slope: &[0.0] },
        ],
        reference: |x| x[0].trunc(),
    },
    ScalarFunction {
        name: "RoundToInteger",
        aliases: &["round_to_integer"],
        arguments: &["x"],
        doc: "The integer nearest to x, halves away from zero. (`Round` rounds to decimals.)",
        rust: "round",
        cost: 6,
        fast: None,
        sign: Sign::Any,
        derivative: flat,
        domain: &[(0.6, 1.4)],
        edges: &[
            Edge { at: &[0.5], value: 1.0, slope: &[0.0] },
            Edge { at: &[-0.5], value: -1.0, slope: &[0.0] },
            Edge { at: &[2.5], value: 3.0, slope: &[0.0] },
            Edge { at: &[0.49999999999999994], value: 0.0, slope: &[0.0] },
        ],
        reference: |x| x[0].round(),
    },
    ScalarFunction {
        name: "RoundToFraction",
        aliases: &["round_to_fraction"],
        arguments: &["x", "s"],
        doc: "The multiple of 1/s nearest to x, halves away from zero: x s rounded to an integer, divided by s. (`Round` rounds to decimals.)",
        rust: "round_to",
        cost: 12,
        fast: None,
        sign: Sign::Any,
        derivative: |g, args, k| match k {
            0 => None,
            _ => {
                let value = apply(g, "RoundToFraction", args);
                let slope = g.div(value, args[1]);
                Some(g.neg(slope))
            }
        },
        domain: &[(0.31, 0.69), (2.0, 2.1)],
        edges: &[
            Edge { at: &[2.345, 10.0], value: 2.3, slope: &[0.0, -0.23] },
            Edge { at: &[0.25, 10.0], value: 0.3, slope: &[0.0, -0.03] },
            Edge { at: &[-0.125, 4.0], value: -0.25, slope: &[0.0, 0.0625] },
        ],
        reference: |x| (x[0] * x[1]).round() / x[1],
    },
];
