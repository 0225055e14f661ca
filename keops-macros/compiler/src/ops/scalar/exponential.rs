//! Exponentials, logarithms, roots and powers.

use super::{apply, nonzero, scaled, shifted, subtracted_from};
use crate::number::Number;
use crate::ops::{Edge, Fast, ScalarFunction, Sign, power};
use std::f64::consts::{LN_2, LN_10, LOG2_E, LOG10_E};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

pub(super) static ROWS: &[ScalarFunction] = &[
    ScalarFunction {
        name: "Exp",
        aliases: &["exp"],
        arguments: &["x"],
        doc: "eˣ.",
        rust: "exp",
        cost: 21,
        fast: None,
        sign: Sign::NonNegative,
        derivative: |g, x, _| Some(apply(g, "Exp", x)),
        domain: &[(-5.0, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: 1.0, slope: &[1.0] },
            Edge { at: &[-INF], value: 0.0, slope: &[0.0] },
            Edge { at: &[INF], value: INF, slope: &[INF] },
        ],
        reference: |x| x[0].exp(),
    },
    ScalarFunction {
        name: "Exp2",
        aliases: &["exp2"],
        arguments: &["x"],
        doc: "2ˣ.",
        rust: "exp2",
        cost: 20,
        fast: None,
        sign: Sign::NonNegative,
        derivative: |g, x, _| {
            let value = apply(g, "Exp2", x);
            Some(scaled(g, Number::from_f64(LN_2), value))
        },
        domain: &[(-5.0, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: 1.0, slope: &[LN_2] },
            Edge { at: &[10.0], value: 1024.0, slope: &[1024.0 * LN_2] },
            Edge { at: &[-INF], value: 0.0, slope: &[0.0] },
        ],
        reference: |x| x[0].exp2(),
    },
    ScalarFunction {
        name: "Expm1",
        aliases: &["expm1"],
        arguments: &["x"],
        doc: "eˣ − 1, accurate near 0.",
        rust: "expm1",
        cost: 30,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| Some(apply(g, "Exp", x)),
        domain: &[(-5.0, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[1e-20], value: 1e-20, slope: &[1.0] },
            Edge { at: &[-INF], value: -1.0, slope: &[0.0] },
        ],
        reference: |x| x[0].exp_m1(),
    },
    ScalarFunction {
        name: "Log",
        aliases: &["log", "ln"],
        arguments: &["x"],
        doc: "log x, the natural logarithm; −∞ at 0.",
        rust: "log",
        cost: 25,
        fast: Fast::on_device("fast_log", "2⁻²² for ½ < x < 2, else 2⁻²¹·⁵ of the value"),
        sign: Sign::Any,
        derivative: |g, x, _| Some(g.power(x[0], -1)),
        domain: &[(0.1, 10.0)],
        edges: &[
            Edge { at: &[1.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[0.0], value: -INF, slope: &[INF] },
            Edge { at: &[INF], value: INF, slope: &[0.0] },
            Edge { at: &[-1.0], value: NAN, slope: &[NAN] },
        ],
        reference: |x| x[0].ln(),
    },
    ScalarFunction {
        name: "Log2",
        aliases: &["log2"],
        arguments: &["x"],
        doc: "log₂ x, the logarithm to base 2; −∞ at 0.",
        rust: "log2",
        cost: 35,
        fast: Fast::everywhere("fast_log2", (26, "2 ulp"), "2⁻²² for ½ < x < 2, else 2⁻²² of the value"),
        sign: Sign::Any,
        derivative: |g, x, _| {
            let reciprocal = g.power(x[0], -1);
            Some(scaled(g, Number::from_f64(LOG2_E), reciprocal))
        },
        domain: &[(0.1, 10.0)],
        edges: &[
            Edge { at: &[8.0], value: 3.0, slope: &[LOG2_E / 8.0] },
            Edge { at: &[0.0], value: -INF, slope: &[INF] },
            Edge { at: &[-1.0], value: NAN, slope: &[NAN] },
        ],
        reference: |x| x[0].log2(),
    },
    ScalarFunction {
        name: "Log10",
        aliases: &["log10"],
        arguments: &["x"],
        doc: "log₁₀ x, the logarithm to base 10; −∞ at 0.",
        rust: "log10",
        cost: 35,
        fast: Fast::everywhere("fast_log10", (26, "3 ulp"), "2⁻²² for ½ < x < 2, else 2⁻²¹·⁵ of the value"),
        sign: Sign::Any,
        derivative: |g, x, _| {
            let reciprocal = g.power(x[0], -1);
            Some(scaled(g, Number::from_f64(LOG10_E), reciprocal))
        },
        domain: &[(0.1, 10.0)],
        edges: &[
            Edge { at: &[1000.0], value: 3.0, slope: &[1.0 / (1000.0 * LN_10)] },
            Edge { at: &[0.0], value: -INF, slope: &[INF] },
            Edge { at: &[-1.0], value: NAN, slope: &[NAN] },
        ],
        reference: |x| x[0].log10(),
    },
    ScalarFunction {
        name: "Log1p",
        aliases: &["log1p"],
        arguments: &["x"],
        doc: "log(1 + x), accurate near 0; −∞ at −1.",
        rust: "log1p",
        cost: 30,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| {
            let one_plus = shifted(g, x[0], 1);
            Some(g.power(one_plus, -1))
        },
        domain: &[(-0.9, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[1e-20], value: 1e-20, slope: &[1.0] },
            Edge { at: &[-1.0], value: -INF, slope: &[INF] },
            Edge { at: &[-2.0], value: NAN, slope: &[NAN] },
        ],
        reference: |x| x[0].ln_1p(),
    },
    ScalarFunction {
        name: "XLogX",
        aliases: &["xlogx"],
        arguments: &["x"],
        doc: "x log x; 0 at 0, where the slope is −∞.",
        rust: "xlogx",
        cost: 29,
        fast: Fast::on_device("fast_xlogx", "2⁻²⁰·⁵ for ½ < x < 2, else 2⁻²¹ of the value"),
        sign: Sign::Any,
        derivative: |g, x, _| {
            let log = apply(g, "Log", x);
            Some(shifted(g, log, 1))
        },
        domain: &[(0.1, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[-INF] },
            Edge { at: &[1.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[-1.0], value: NAN, slope: &[NAN] },
        ],
        reference: |x| if x[0] == 0.0 { 0.0 } else { x[0] * x[0].ln() },
    },
    ScalarFunction {
        name: "Sqrt",
        aliases: &["sqrt"],
        arguments: &["x"],
        doc: "√x; its slope at 0 is taken as 0, so that a norm has gradient 0 at the origin.",
        rust: "sqrt",
        cost: 5,
        fast: Fast::on_device("fast_sqrt", "2⁻²³ of the value"),
        sign: Sign::NonNegative,
        derivative: |g, x, _| {
            let rsqrt = apply(g, "Rsqrt", x);
            Some(scaled(g, Number::rational(1, 2), rsqrt))
        },
        domain: &[(0.1, 10.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[0.0] },
            Edge { at: &[4.0], value: 2.0, slope: &[0.25] },
            Edge { at: &[INF], value: INF, slope: &[0.0] },
            Edge { at: &[-1.0], value: NAN, slope: &[NAN] },
        ],
        reference: |x| x[0].sqrt(),
    },
    ScalarFunction {
        name: "Rsqrt",
        aliases: &["rsqrt"],
        arguments: &["x"],
        doc: "1/√x; 0 at 0, with slope 0.",
        rust: "rsqrt",
        cost: 10,
        fast: Fast::on_device("fast_rsqrt", "2⁻²²·⁹ of the value"),
        sign: Sign::NonNegative,
        derivative: |g, x, _| {
            let rsqrt = apply(g, "Rsqrt", x);
            let cubed = g.power(rsqrt, 3);
            Some(scaled(g, Number::rational(-1, 2), cubed))
        },
        domain: &[(0.1, 10.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[0.0] },
            Edge { at: &[4.0], value: 0.5, slope: &[-1.0 / 16.0] },
            Edge { at: &[INF], value: 0.0, slope: &[0.0] },
            Edge { at: &[-1.0], value: NAN, slope: &[NAN] },
        ],
        reference: |x| if x[0] == 0.0 { 0.0 } else { 1.0 / x[0].sqrt() },
    },
    ScalarFunction {
        name: "Cbrt",
        aliases: &["cbrt"],
        arguments: &["x"],
        doc: "∛x, negative for negative x.",
        rust: "cbrt",
        cost: 42,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| {
            let root = apply(g, "Cbrt", x);
            let power = g.power(root, -2);
            Some(scaled(g, Number::rational(1, 3), power))
        },
        domain: &[(0.1, 10.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[INF] },
            Edge { at: &[-8.0], value: -2.0, slope: &[1.0 / 12.0] },
        ],
        reference: |x| x[0].cbrt(),
    },
    ScalarFunction {
        name: "Powf",
        aliases: &["powf"],
        arguments: &["x", "y"],
        doc: "xʸ for a real exponent; 1 for y = 0, and NaN for x < 0 unless y is an integer. The slope in y at x = 0 is 0. With a literal y it is `Pow`: for 1/2, `Sqrt`, whose slope at 0 is 0.",
        rust: "pow",
        cost: 51,
        fast: Fast::everywhere(
            "fast_pow",
            (41, "2 max(1, |y log₂ x|) ulp; 1 for y = 0, NaN for x < 0 and for 1^±∞"),
            "2 ulp and |y| max(1, |log₂ x|) 2⁻²² of the value; 1 for y = 0, NaN for x < 0 and for 1^±∞",
        ),
        sign: Sign::Any,
        derivative: |g, x, k| {
            let (base, exponent) = (x[0], x[1]);
            if k == 0 {
                let one_less = shifted(g, exponent, -1);
                let power = power(g, base, one_less);
                return Some(g.mul(vec![exponent, power]));
            }
            // xʸ log x tends to 0 with x for y > 0, where 0 · log 0 would be NaN.
            let guarded = nonzero(g, base);
            let log = apply(g, "Log", &[guarded]);
            let power = apply(g, "Powf", x);
            Some(g.mul(vec![power, log]))
        },
        domain: &[(0.2, 4.0), (-2.5, 2.5)],
        edges: &[
            Edge { at: &[0.0, 2.0], value: 0.0, slope: &[0.0, 0.0] },
            Edge { at: &[0.0, 1.0], value: 0.0, slope: &[1.0, 0.0] },
            Edge { at: &[0.0, 0.5], value: 0.0, slope: &[INF, 0.0] },
            Edge { at: &[0.0, 0.0], value: 1.0, slope: &[NAN, NAN] },
            Edge { at: &[0.0, -1.0], value: INF, slope: &[-INF, NAN] },
            Edge { at: &[-2.0, 3.0], value: -8.0, slope: &[12.0, NAN] },
            Edge { at: &[-2.0, 0.5], value: NAN, slope: &[NAN, NAN] },
            Edge { at: &[1.0, 7.0], value: 1.0, slope: &[7.0, 0.0] },
        ],
        reference: |x| x[0].powf(x[1]),
    },
    ScalarFunction {
        name: "Sigmoid",
        aliases: &["sigmoid"],
        arguments: &["x"],
        doc: "1 / (1 + e⁻ˣ), without overflow.",
        rust: "sigmoid",
        cost: 36,
        fast: Fast::everywhere(
            "fast_sigmoid",
            (25, "3 ulp; subnormal results may be 0"),
            "2⁻²¹ + |x| 2⁻²³ of the value",
        ),
        sign: Sign::NonNegative,
        derivative: |g, x, _| {
            let value = apply(g, "Sigmoid", x);
            let rest = subtracted_from(g, 1, value);
            Some(g.mul(vec![value, rest]))
        },
        domain: &[(-5.0, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.5, slope: &[0.25] },
            Edge { at: &[-INF], value: 0.0, slope: &[0.0] },
            Edge { at: &[INF], value: 1.0, slope: &[0.0] },
        ],
        reference: |x| 1.0 / (1.0 + (-x[0]).exp()),
    },
    ScalarFunction {
        name: "Softplus",
        aliases: &["softplus"],
        arguments: &["x"],
        doc: "log(1 + eˣ), without overflow.",
        rust: "softplus",
        cost: 52,
        fast: None,
        sign: Sign::NonNegative,
        derivative: |g, x, _| Some(apply(g, "Sigmoid", x)),
        domain: &[(-5.0, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: LN_2, slope: &[0.5] },
            Edge { at: &[-INF], value: 0.0, slope: &[0.0] },
            Edge { at: &[1000.0], value: 1000.0, slope: &[1.0] },
            Edge { at: &[INF], value: INF, slope: &[1.0] },
        ],
        reference: |x| x[0].max(0.0) + (-x[0].abs()).exp().ln_1p(),
    },
];
