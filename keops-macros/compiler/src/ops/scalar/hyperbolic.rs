//! Hyperbolic functions and their inverses.

use super::{apply, shifted, subtracted_from};
use crate::ops::{Edge, Fast, ScalarFunction, Sign};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

pub(super) static ROWS: &[ScalarFunction] = &[
    ScalarFunction {
        name: "Sinh",
        aliases: &["sinh"],
        arguments: &["x"],
        doc: "(eˣ − e⁻ˣ) / 2.",
        rust: "sinh",
        cost: 34,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| Some(apply(g, "Cosh", x)),
        domain: &[(-4.0, 4.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[1e-20], value: 1e-20, slope: &[1.0] },
            Edge { at: &[-INF], value: -INF, slope: &[INF] },
        ],
        reference: |x| x[0].sinh(),
    },
    ScalarFunction {
        name: "Cosh",
        aliases: &["cosh"],
        arguments: &["x"],
        doc: "(eˣ + e⁻ˣ) / 2.",
        rust: "cosh",
        cost: 24,
        fast: None,
        sign: Sign::NonNegative,
        derivative: |g, x, _| Some(apply(g, "Sinh", x)),
        domain: &[(-4.0, 4.0)],
        edges: &[
            Edge { at: &[0.0], value: 1.0, slope: &[0.0] },
            Edge { at: &[-INF], value: INF, slope: &[-INF] },
        ],
        reference: |x| x[0].cosh(),
    },
    ScalarFunction {
        name: "Tanh",
        aliases: &["tanh"],
        arguments: &["x"],
        doc: "sinh x / cosh x.",
        rust: "tanh",
        cost: 37,
        fast: Fast::on_device("fast_tanh", "2⁻¹¹ of the value"),
        sign: Sign::Any,
        derivative: |g, x, _| {
            let value = apply(g, "Tanh", x);
            let below = subtracted_from(g, 1, value);
            let above = shifted(g, value, 1);
            Some(g.mul(vec![below, above]))
        },
        domain: &[(-4.0, 4.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[1000.0], value: 1.0, slope: &[0.0] },
            Edge { at: &[-INF], value: -1.0, slope: &[0.0] },
        ],
        reference: |x| x[0].tanh(),
    },
    ScalarFunction {
        name: "Asinh",
        aliases: &["asinh", "arcsinh"],
        arguments: &["x"],
        doc: "log(x + √(x² + 1)), the inverse of sinh.",
        rust: "asinh",
        cost: 38,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| {
            let square = g.power(x[0], 2);
            let one_plus = shifted(g, square, 1);
            Some(apply(g, "Rsqrt", &[one_plus]))
        },
        domain: &[(-5.0, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[-INF], value: -INF, slope: &[0.0] },
        ],
        reference: |x| x[0].asinh(),
    },
    ScalarFunction {
        name: "Acosh",
        aliases: &["acosh", "arccosh"],
        arguments: &["x"],
        doc: "log(x + √(x² − 1)), the inverse of cosh; its slope at 1 is taken as 0.",
        rust: "acosh",
        cost: 36,
        fast: None,
        sign: Sign::NonNegative,
        derivative: |g, x, _| {
            let below = shifted(g, x[0], -1);
            let above = shifted(g, x[0], 1);
            let product = g.mul(vec![below, above]);
            Some(apply(g, "Rsqrt", &[product]))
        },
        domain: &[(1.1, 6.0)],
        edges: &[
            Edge { at: &[1.0], value: 0.0, slope: &[0.0] },
            Edge { at: &[0.5], value: NAN, slope: &[NAN] },
            Edge { at: &[INF], value: INF, slope: &[0.0] },
        ],
        reference: |x| x[0].acosh(),
    },
    ScalarFunction {
        name: "Atanh",
        aliases: &["atanh", "arctanh"],
        arguments: &["x"],
        doc: "½ log((1 + x) / (1 − x)), the inverse of tanh; ±∞ at ±1.",
        rust: "atanh",
        cost: 44,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| {
            let below = subtracted_from(g, 1, x[0]);
            let above = shifted(g, x[0], 1);
            let product = g.mul(vec![below, above]);
            Some(g.power(product, -1))
        },
        domain: &[(-0.9, 0.9)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[1.0], value: INF, slope: &[INF] },
            Edge { at: &[-1.0], value: -INF, slope: &[INF] },
            Edge { at: &[2.0], value: NAN, slope: &[NAN] },
        ],
        reference: |x| x[0].atanh(),
    },
];
