//! Comparisons, which give 1 or 0, and functions that choose among their arguments.

use super::{apply, flat, mask, nonzero};
use crate::ops::{Edge, Fast, ScalarFunction, Sign};

const INF: f64 = f64::INFINITY;
const NAN: f64 = f64::NAN;

pub(super) static ROWS: &[ScalarFunction] = &[
    ScalarFunction {
        name: "LessThan",
        aliases: &["less_than"],
        arguments: &["x", "y"],
        doc: "1 where x < y, else 0; also written `x < y`.",
        rust: "less",
        cost: 1,
        fast: None,
        sign: Sign::NonNegative,
        derivative: flat,
        domain: &[(0.1, 1.0), (1.1, 2.0)],
        edges: &[
            Edge { at: &[1.0, 1.0], value: 0.0, slope: &[0.0, 0.0] },
            Edge { at: &[2.0, 1.0], value: 0.0, slope: &[0.0, 0.0] },
            Edge { at: &[NAN, 1.0], value: 0.0, slope: &[0.0, 0.0] },
        ],
        reference: |x| f64::from(x[0] < x[1]),
    },
    ScalarFunction {
        name: "LessOrEqual",
        aliases: &["less_or_equal"],
        arguments: &["x", "y"],
        doc: "1 where x ≤ y, else 0; also written `x <= y`.",
        rust: "less_equal",
        cost: 1,
        fast: None,
        sign: Sign::NonNegative,
        derivative: flat,
        domain: &[(0.1, 1.0), (1.1, 2.0)],
        edges: &[
            Edge { at: &[1.0, 1.0], value: 1.0, slope: &[0.0, 0.0] },
            Edge { at: &[2.0, 1.0], value: 0.0, slope: &[0.0, 0.0] },
            Edge { at: &[NAN, 1.0], value: 0.0, slope: &[0.0, 0.0] },
        ],
        reference: |x| f64::from(x[0] <= x[1]),
    },
    ScalarFunction {
        name: "Equal",
        aliases: &["equal"],
        arguments: &["x", "y"],
        doc: "1 where x = y, else 0; also written `x == y`.",
        rust: "equal",
        cost: 1,
        fast: None,
        sign: Sign::NonNegative,
        derivative: flat,
        domain: &[(0.1, 1.0), (1.1, 2.0)],
        edges: &[
            Edge { at: &[1.0, 1.0], value: 1.0, slope: &[0.0, 0.0] },
            Edge { at: &[0.0, -0.0], value: 1.0, slope: &[0.0, 0.0] },
            Edge { at: &[INF, INF], value: 1.0, slope: &[0.0, 0.0] },
            Edge { at: &[NAN, NAN], value: 0.0, slope: &[0.0, 0.0] },
        ],
        reference: |x| f64::from(x[0] == x[1]),
    },
    ScalarFunction {
        name: "NotEqual",
        aliases: &["not_equal"],
        arguments: &["x", "y"],
        doc: "1 where x ≠ y, else 0; also written `x != y`.",
        rust: "not_equal",
        cost: 1,
        fast: None,
        sign: Sign::NonNegative,
        derivative: flat,
        domain: &[(0.1, 1.0), (1.1, 2.0)],
        edges: &[
            Edge { at: &[1.0, 1.0], value: 0.0, slope: &[0.0, 0.0] },
            Edge { at: &[NAN, NAN], value: 1.0, slope: &[0.0, 0.0] },
        ],
        reference: |x| f64::from(x[0] != x[1]),
    },
    ScalarFunction {
        name: "Maximum",
        aliases: &["maximum"],
        arguments: &["x", "y"],
        doc: "The larger of x and y, a NaN skipped; where they are equal the slope goes to x.",
        rust: "maximum",
        cost: 2,
        fast: None,
        sign: Sign::Any,
        derivative: |g, args, k| {
            let (x, y) = (args[0], args[1]);
            let chosen =
                if k == 0 { apply(g, "LessOrEqual", &[y, x]) } else { apply(g, "LessThan", &[x, y]) };
            Some(mask(g, chosen))
        },
        domain: &[(0.1, 1.0), (1.1, 2.0)],
        edges: &[
            Edge { at: &[1.0, 1.0], value: 1.0, slope: &[1.0, 0.0] },
            Edge { at: &[2.0, 1.0], value: 2.0, slope: &[1.0, 0.0] },
            Edge { at: &[-INF, 1.0], value: 1.0, slope: &[0.0, 1.0] },
            Edge { at: &[NAN, 1.0], value: 1.0, slope: &[NAN, NAN] },
            Edge { at: &[1.0, NAN], value: 1.0, slope: &[NAN, NAN] },
        ],
        reference: |x| x[0].max(x[1]),
    },
    ScalarFunction {
        name: "Minimum",
        aliases: &["minimum"],
        arguments: &["x", "y"],
        doc: "The smaller of x and y, a NaN skipped; where they are equal the slope goes to x.",
        rust: "minimum",
        cost: 2,
        fast: None,
        sign: Sign::Any,
        derivative: |g, args, k| {
            let (x, y) = (args[0], args[1]);
            let chosen =
                if k == 0 { apply(g, "LessOrEqual", &[x, y]) } else { apply(g, "LessThan", &[y, x]) };
            Some(mask(g, chosen))
        },
        domain: &[(0.1, 1.0), (1.1, 2.0)],
        edges: &[
            Edge { at: &[1.0, 1.0], value: 1.0, slope: &[1.0, 0.0] },
            Edge { at: &[2.0, 1.0], value: 1.0, slope: &[0.0, 1.0] },
            Edge { at: &[INF, 1.0], value: 1.0, slope: &[0.0, 1.0] },
            Edge { at: &[NAN, 1.0], value: 1.0, slope: &[NAN, NAN] },
            Edge { at: &[1.0, NAN], value: 1.0, slope: &[NAN, NAN] },
        ],
        reference: |x| x[0].min(x[1]),
    },
    ScalarFunction {
        name: "Hypot",
        aliases: &["hypot"],
        arguments: &["x", "y"],
        doc: "√(x² + y²), without overflow; its slopes at the origin are 0.",
        rust: "hypot",
        cost: 20,
        fast: Fast::everywhere(
            "fast_hypot",
            (7, "2 ulp where x² + y² is a normal number"),
            "2⁻²² of the value where x² + y² is a normal number",
        ),
        sign: Sign::NonNegative,
        derivative: |g, args, k| {
            let value = apply(g, "Hypot", args);
            let denominator = nonzero(g, value);
            Some(g.div(args[k], denominator))
        },
        domain: &[(-3.0, 3.0), (0.2, 3.0)],
        edges: &[
            Edge { at: &[0.0, 0.0], value: 0.0, slope: &[0.0, 0.0] },
            Edge { at: &[3.0, 4.0], value: 5.0, slope: &[0.6, 0.8] },
            Edge { at: &[3e200, -4e200], value: 5e200, slope: &[0.6, -0.8] },
        ],
        reference: |x| x[0].hypot(x[1]),
    },
    ScalarFunction {
        name: "IfElse",
        aliases: &["ifelse"],
        arguments: &["c", "x", "y"],
        doc: "x where c ≥ 0, else y; a NaN in c picks y. (`Where` is for comparisons.)",
        rust: "if_else",
        cost: 2,
        fast: None,
        sign: Sign::Any,
        derivative: |g, args, k| {
            let (zero, one) = (g.integer(0), g.integer(1));
            match k {
                0 => None,
                1 => Some(apply(g, "IfElse", &[args[0], one, zero])),
                _ => Some(apply(g, "IfElse", &[args[0], zero, one])),
            }
        },
        domain: &[(0.1, 1.0), (-2.0, 2.0), (-2.0, 2.0)],
        edges: &[
            Edge { at: &[0.0, 2.0, 3.0], value: 2.0, slope: &[0.0, 1.0, 0.0] },
            Edge { at: &[-0.0, 2.0, 3.0], value: 2.0, slope: &[0.0, 1.0, 0.0] },
            Edge { at: &[-1.0, 2.0, 3.0], value: 3.0, slope: &[0.0, 0.0, 1.0] },
            Edge { at: &[-1.0, NAN, 3.0], value: 3.0, slope: &[0.0, 0.0, 1.0] },
            Edge { at: &[NAN, 2.0, 3.0], value: 3.0, slope: &[0.0, 0.0, 1.0] },
        ],
        reference: |x| if x[0] >= 0.0 { x[1] } else { x[2] },
    },
    ScalarFunction {
        name: "Clamp",
        aliases: &["clamp"],
        arguments: &["x", "a", "b"],
        doc: "x kept within [a, b]: a where x < a, else b where x > b; its slope in x is 1 at both ends.",
        rust: "clamp",
        cost: 2,
        fast: None,
        sign: Sign::Any,
        derivative: |g, args, k| {
            let (x, a, b) = (args[0], args[1], args[2]);
            let chosen = match k {
                1 => apply(g, "LessThan", &[x, a]),
                // Where b < x < a the value is a.
                _ => {
                    let above = apply(g, "LessOrEqual", &[a, x]);
                    let other =
                        if k == 0 { apply(g, "LessOrEqual", &[x, b]) } else { apply(g, "LessThan", &[b, x]) };
                    g.mul(vec![above, other])
                }
            };
            Some(mask(g, chosen))
        },
        domain: &[(-0.9, 0.9), (-2.0, -1.0), (1.0, 2.0)],
        edges: &[
            Edge { at: &[-1.0, -1.0, 1.0], value: -1.0, slope: &[1.0, 0.0, 0.0] },
            Edge { at: &[1.0, -1.0, 1.0], value: 1.0, slope: &[1.0, 0.0, 0.0] },
            Edge { at: &[-2.0, -1.0, 1.0], value: -1.0, slope: &[0.0, 1.0, 0.0] },
            Edge { at: &[2.0, -1.0, 1.0], value: 1.0, slope: &[0.0, 0.0, 1.0] },
            Edge { at: &[INF, -1.0, 1.0], value: 1.0, slope: &[0.0, 0.0, 1.0] },
            Edge { at: &[0.0, 1.0, -1.0], value: 1.0, slope: &[0.0, 1.0, 0.0] },
            Edge { at: &[2.0, 1.0, -1.0], value: -1.0, slope: &[0.0, 0.0, 1.0] },
            Edge { at: &[-2.0, 1.0, -1.0], value: 1.0, slope: &[0.0, 1.0, 0.0] },
        ],
        reference: |x| match () {
            _ if x[0] < x[1] => x[1],
            _ if x[0] > x[2] => x[2],
            _ => x[0],
        },
    },
    ScalarFunction {
        name: "Modulo",
        aliases: &["modulo"],
        arguments: &["x", "n", "offset"],
        doc: "x − n ⌊(x − offset) / n⌋: x moved by a multiple of n into [offset, offset + n). (In `Mod` the offset may be left out.)",
        rust: "modulo",
        cost: 9,
        fast: None,
        sign: Sign::Any,
        derivative: |g, args, k| match k {
            0 => Some(g.integer(1)),
            1 => {
                let from_offset = g.sub(args[0], args[2]);
                let turns = g.div(from_offset, args[1]);
                let whole = apply(g, "Floor", &[turns]);
                Some(g.neg(whole))
            }
            _ => None,
        },
        domain: &[(3.1, 3.9), (1.0, 1.03), (-0.05, 0.05)],
        edges: &[
            Edge { at: &[7.0, 3.0, 0.0], value: 1.0, slope: &[1.0, -2.0, 0.0] },
            Edge { at: &[-7.0, 3.0, 0.0], value: 2.0, slope: &[1.0, 3.0, 0.0] },
            Edge { at: &[7.0, 3.0, -1.0], value: 1.0, slope: &[1.0, -2.0, 0.0] },
            Edge { at: &[8.0, 3.0, -1.0], value: -1.0, slope: &[1.0, -3.0, 0.0] },
        ],
        reference: |x| x[0] - x[1] * ((x[0] - x[2]) / x[1]).floor(),
    },
];
