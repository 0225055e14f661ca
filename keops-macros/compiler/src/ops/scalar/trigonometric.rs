//! Trigonometric functions and their inverses.

use super::{apply, scaled, shifted, subtracted_from};
use crate::ir::{Graph, NodeId};
use crate::number::Number;
use crate::ops::{Edge, Fast, ScalarFunction, Sign};
use std::f64::consts::{FRAC_PI_2, FRAC_PI_4, PI};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

/// 1/√(1 − x²), without cancellation near ±1; 0 at ±1, by the convention of `Rsqrt`.
fn inverse_sine_slope(g: &mut Graph, x: NodeId) -> NodeId {
    let below = subtracted_from(g, 1, x);
    let above = shifted(g, x, 1);
    let product = g.mul(vec![below, above]);
    apply(g, "Rsqrt", &[product])
}

pub(super) static ROWS: &[ScalarFunction] = &[
    ScalarFunction {
        name: "Sin",
        aliases: &["sin"],
        arguments: &["x"],
        doc: "sin x.",
        rust: "sin",
        cost: 40,
        fast: Fast::on_device("fast_sin", "2⁻²⁰·⁵ for |x| ≤ 2π, 2⁻¹⁴·⁷ for |x| ≤ 100π"),
        sign: Sign::Any,
        derivative: |g, x, _| Some(apply(g, "Cos", x)),
        domain: &[(-6.0, 6.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[FRAC_PI_2], value: 1.0, slope: &[NAN] },
            Edge { at: &[INF], value: NAN, slope: &[NAN] },
        ],
        reference: |x| x[0].sin(),
    },
    ScalarFunction {
        name: "Cos",
        aliases: &["cos"],
        arguments: &["x"],
        doc: "cos x.",
        rust: "cos",
        cost: 40,
        fast: Fast::on_device("fast_cos", "2⁻²⁰·⁵ for |x| ≤ 2π, 2⁻¹⁴·⁷ for |x| ≤ 100π"),
        sign: Sign::Any,
        derivative: |g, x, _| {
            let sine = apply(g, "Sin", x);
            Some(g.neg(sine))
        },
        domain: &[(-6.0, 6.0)],
        edges: &[
            Edge { at: &[0.0], value: 1.0, slope: &[0.0] },
            Edge { at: &[PI], value: -1.0, slope: &[NAN] },
            Edge { at: &[INF], value: NAN, slope: &[NAN] },
        ],
        reference: |x| x[0].cos(),
    },
    ScalarFunction {
        name: "Tan",
        aliases: &["tan"],
        arguments: &["x"],
        doc: "tan x.",
        rust: "tan",
        cost: 35,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| {
            let tangent = apply(g, "Tan", x);
            let square = g.power(tangent, 2);
            Some(shifted(g, square, 1))
        },
        domain: &[(-1.2, 1.2)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[INF], value: NAN, slope: &[NAN] },
        ],
        reference: |x| x[0].tan(),
    },
    ScalarFunction {
        name: "Asin",
        aliases: &["asin", "arcsin"],
        arguments: &["x"],
        doc: "arcsin x in [−π/2, π/2]; its slope at ±1 is taken as 0.",
        rust: "asin",
        cost: 21,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| Some(inverse_sine_slope(g, x[0])),
        domain: &[(-0.9, 0.9)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[1.0], value: FRAC_PI_2, slope: &[0.0] },
            Edge { at: &[-1.0], value: -FRAC_PI_2, slope: &[0.0] },
            Edge { at: &[1.5], value: NAN, slope: &[NAN] },
        ],
        reference: |x| x[0].asin(),
    },
    ScalarFunction {
        name: "Acos",
        aliases: &["acos", "arccos"],
        arguments: &["x"],
        doc: "arccos x in [0, π]; its slope at ±1 is taken as 0.",
        rust: "acos",
        cost: 27,
        fast: None,
        sign: Sign::NonNegative,
        derivative: |g, x, _| {
            let slope = inverse_sine_slope(g, x[0]);
            Some(g.neg(slope))
        },
        domain: &[(-0.9, 0.9)],
        edges: &[
            Edge { at: &[0.0], value: FRAC_PI_2, slope: &[-1.0] },
            Edge { at: &[1.0], value: 0.0, slope: &[0.0] },
            Edge { at: &[-1.0], value: PI, slope: &[0.0] },
            Edge { at: &[1.5], value: NAN, slope: &[NAN] },
        ],
        reference: |x| x[0].acos(),
    },
    ScalarFunction {
        name: "Atan",
        aliases: &["atan", "arctan"],
        arguments: &["x"],
        doc: "arctan x in [−π/2, π/2].",
        rust: "atan",
        cost: 37,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| {
            let square = g.power(x[0], 2);
            let one_plus = shifted(g, square, 1);
            Some(g.power(one_plus, -1))
        },
        domain: &[(-5.0, 5.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[1.0] },
            Edge { at: &[1.0], value: FRAC_PI_4, slope: &[0.5] },
            Edge { at: &[INF], value: FRAC_PI_2, slope: &[0.0] },
            Edge { at: &[-INF], value: -FRAC_PI_2, slope: &[0.0] },
        ],
        reference: |x| x[0].atan(),
    },
    ScalarFunction {
        name: "Atan2",
        aliases: &["atan2", "arctan2"],
        arguments: &["y", "x"],
        doc: "The angle in [−π, π] of the point (x, y) of the plane; 0 at the origin, with slopes 0.",
        rust: "atan2",
        cost: 48,
        fast: None,
        sign: Sign::Any,
        derivative: |g, args, k| {
            let (y, x) = (args[0], args[1]);
            let squares = [g.power(y, 2), g.power(x, 2)];
            let radius = g.add(squares.to_vec());
            // 1/(x² + y²), but 0 at the origin.
            let rsqrt = apply(g, "Rsqrt", &[radius]);
            let inverse = g.power(rsqrt, 2);
            if k == 0 {
                return Some(g.mul(vec![x, inverse]));
            }
            let product = g.mul(vec![y, inverse]);
            Some(scaled(g, Number::integer(-1), product))
        },
        domain: &[(-3.0, 3.0), (0.2, 3.0)],
        edges: &[
            Edge { at: &[0.0, 0.0], value: 0.0, slope: &[0.0, 0.0] },
            Edge { at: &[1.0, 0.0], value: FRAC_PI_2, slope: &[0.0, -1.0] },
            Edge { at: &[1.0, 1.0], value: FRAC_PI_4, slope: &[0.5, -0.5] },
            Edge { at: &[0.0, -1.0], value: PI, slope: &[-1.0, 0.0] },
            Edge { at: &[-1.0, -1.0], value: -3.0 * FRAC_PI_4, slope: &[-0.5, 0.5] },
        ],
        reference: |x| x[0].atan2(x[1]),
    },
];
