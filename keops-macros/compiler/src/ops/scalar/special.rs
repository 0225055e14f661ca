//! Error functions, and sin(x)/x with what its derivatives need.
//!
//! sin(x)/x is the spherical Bessel function j₀. Its derivatives stay within j₀, j₁, j₁/x and j₂/x, each of them smooth at
//! 0, where quotients of sines and powers of x cancel or are 0/0:
//! j₀′ = −j₁, j₁′ = j₀ − 2 j₁/x, (j₁/x)′ = −j₂/x, (j₂/x)′ = j₁/x − 4 (j₂/x)/x.
//! Only the last rule divides by x; its value and slope at 0 are put in by hand. So all derivatives of j₀ up to the fifth
//! are right everywhere, and those beyond everywhere but at 0 itself.

use super::{apply, nonzero, scaled};
use crate::number::Number;
use crate::ops::{Edge, ScalarFunction, Sign};
use std::f64::consts::{FRAC_2_SQRT_PI, PI};

const INF: f64 = f64::INFINITY;

pub(super) static ROWS: &[ScalarFunction] = &[
    ScalarFunction {
        name: "Erf",
        aliases: &["erf"],
        arguments: &["x"],
        doc: "2/√π ∫₀ˣ exp(−t²) dt, the error function.",
        rust: "erf",
        cost: 73,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| {
            let square = g.power(x[0], 2);
            let exponent = g.neg(square);
            let bell = apply(g, "Exp", &[exponent]);
            Some(scaled(g, Number::from_f64(FRAC_2_SQRT_PI), bell))
        },
        domain: &[(-3.0, 3.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[FRAC_2_SQRT_PI] },
            Edge { at: &[INF], value: 1.0, slope: &[0.0] },
            Edge { at: &[-INF], value: -1.0, slope: &[0.0] },
        ],
        reference: |x| erf(x[0]),
    },
    ScalarFunction {
        name: "Erfc",
        aliases: &["erfc"],
        arguments: &["x"],
        doc: "1 − erf x, the complementary error function, accurate where it is small.",
        rust: "erfc",
        cost: 74,
        fast: None,
        sign: Sign::NonNegative,
        derivative: |g, x, _| {
            let square = g.power(x[0], 2);
            let exponent = g.neg(square);
            let bell = apply(g, "Exp", &[exponent]);
            Some(scaled(g, Number::from_f64(-FRAC_2_SQRT_PI), bell))
        },
        domain: &[(-3.0, 3.0)],
        edges: &[
            Edge { at: &[0.0], value: 1.0, slope: &[-FRAC_2_SQRT_PI] },
            Edge { at: &[INF], value: 0.0, slope: &[0.0] },
            Edge { at: &[-INF], value: 2.0, slope: &[0.0] },
        ],
        reference: |x| erfc(x[0]),
    },
    ScalarFunction {
        name: "Sinc",
        aliases: &["sinc"],
        arguments: &["x"],
        doc: "sin(πx) / (πx); 1 at 0, with slope 0.",
        rust: "sinc",
        cost: 40,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| {
            let pi = Number::from_f64(PI);
            let angle = scaled(g, pi, x[0]);
            let slope = apply(g, "SphericalJ1", &[angle]);
            Some(scaled(g, -pi, slope))
        },
        domain: &[(-3.0, 3.0)],
        edges: &[
            Edge { at: &[0.0], value: 1.0, slope: &[0.0] },
            Edge { at: &[1.0], value: 0.0, slope: &[-1.0] },
            Edge { at: &[-2.0], value: 0.0, slope: &[-0.5] },
        ],
        reference: |x| match x[0] {
            0.0 => 1.0,
            x => {
                let whole = x.round();
                let sine = (PI * (x - whole)).sin();
                (if whole % 2.0 == 0.0 { sine } else { -sine }) / (PI * x)
            }
        },
    },
    ScalarFunction {
        name: "SinXDivX",
        aliases: &["sinxdivx"],
        arguments: &["x"],
        doc: "sin(x) / x; 1 at 0, with slope 0.",
        rust: "sinxdivx",
        cost: 40,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| {
            let next = apply(g, "SphericalJ1", x);
            Some(g.neg(next))
        },
        domain: &[(-6.0, 6.0)],
        edges: &[Edge { at: &[0.0], value: 1.0, slope: &[0.0] }],
        reference: |x| bessel_over_power(0, x[0]),
    },
    ScalarFunction {
        name: "SphericalJ1",
        aliases: &["spherical_j1"],
        arguments: &["x"],
        doc: "(sin x − x cos x) / x², the spherical Bessel function j₁; 0 at 0, with slope 1/3. −j₁ is the derivative of sin(x)/x.",
        rust: "spherical_j1",
        cost: 60,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| {
            let previous = apply(g, "SinXDivX", x);
            let quotient = apply(g, "SphericalJ1OverX", x);
            let twice = scaled(g, Number::integer(-2), quotient);
            Some(g.add(vec![previous, twice]))
        },
        domain: &[(-6.0, 6.0)],
        edges: &[Edge { at: &[0.0], value: 0.0, slope: &[1.0 / 3.0] }],
        reference: |x| x[0] * bessel_over_power(1, x[0]),
    },
    ScalarFunction {
        name: "SphericalJ1OverX",
        aliases: &["spherical_j1_over_x"],
        arguments: &["x"],
        doc: "j₁(x) / x for the spherical Bessel function j₁; 1/3 at 0, with slope 0.",
        rust: "spherical_j1_over_x",
        cost: 60,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| {
            let next = apply(g, "SphericalJ2OverX", x);
            Some(g.neg(next))
        },
        domain: &[(-6.0, 6.0)],
        edges: &[Edge { at: &[0.0], value: 1.0 / 3.0, slope: &[0.0] }],
        reference: |x| bessel_over_power(1, x[0]),
    },
    ScalarFunction {
        name: "SphericalJ2OverX",
        aliases: &["spherical_j2_over_x"],
        arguments: &["x"],
        doc: "j₂(x) / x for the spherical Bessel function j₂; 0 at 0, with slope 1/15.",
        rust: "spherical_j2_over_x",
        cost: 60,
        fast: None,
        sign: Sign::Any,
        derivative: |g, x, _| {
            // (j₂/x)/x is 1/15 at 0, where numerator and denominator are replaced by 1/15 and 1.
            let zero = g.integer(0);
            let at_zero = apply(g, "Equal", &[x[0], zero]);
            let limit = scaled(g, Number::rational(1, 15), at_zero);
            let value = apply(g, "SphericalJ2OverX", x);
            let numerator = g.add(vec![value, limit]);
            let denominator = nonzero(g, x[0]);
            let quotient = g.div(numerator, denominator);
            let quotient = scaled(g, Number::integer(-4), quotient);
            let previous = apply(g, "SphericalJ1OverX", x);
            Some(g.add(vec![previous, quotient]))
        },
        domain: &[(-6.0, 6.0)],
        edges: &[
            Edge { at: &[0.0], value: 0.0, slope: &[1.0 / 15.0] },
            Edge { at: &[1e-30], value: 1e-30 / 15.0, slope: &[1.0 / 15.0] },
        ],
        reference: |x| x[0] * bessel_over_power(2, x[0]),
    },
];

/// jₙ(x)/xⁿ for n ≤ 2: the power series near 0, where the recurrence cancels, else the recurrence in n.
fn bessel_over_power(n: usize, x: f64) -> f64 {
    let square = x * x;
    if x.abs() > 3.0 {
        // gₖ = jₖ/xᵏ obeys gₖ₊₁ = ((2k + 1) gₖ − gₖ₋₁) / x², starting from g₀ and cos x in the place of g₋₁.
        let (mut previous, mut current) = (x.cos(), x.sin() / x);
        for k in 0..n {
            (previous, current) = (current, ((2 * k + 1) as f64 * current - previous) / square);
        }
        return current;
    }
    let mut term = 1.0 / (0..=n).map(|k| (2 * k + 1) as f64).product::<f64>();
    let mut sum = 0.0;
    for k in 1.. {
        sum += term;
        term *= -square / (2 * k * (2 * (n + k) + 1)) as f64;
        if term.abs() < 1e-17 * sum.abs() || term == 0.0 {
            break;
        }
    }
    sum
}

/// erf by its series of positive terms, 2/√π exp(−x²) Σ 2ᵏ x²ᵏ⁺¹ / (2k + 1)!!, or as 1 − erfc.
fn erf(x: f64) -> f64 {
    if x.abs() > 2.0 {
        return x.signum() * (1.0 - erfc(x.abs()));
    }
    let (mut term, mut sum) = (x, 0.0);
    for k in 1..100 {
        sum += term;
        term *= 2.0 * x * x / f64::from(2 * k + 1);
    }
    FRAC_2_SQRT_PI * (-x * x).exp() * sum
}

/// erfc by its continued fraction where it is small.
fn erfc(x: f64) -> f64 {
    if x < 1.0 {
        return 1.0 - erf(x);
    }
    if x > 30.0 {
        return if x.is_nan() { x } else { 0.0 };
    }
    // exp(−x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), from the inside out.
    let fraction = (1..400).rev().fold(x, |rest, k| x + f64::from(k) / 2.0 / rest);
    // The rounding error of x² would be multiplied by x² in the exponential.
    let square = x * x;
    let rest = x.mul_add(x, -square);
    0.5 * FRAC_2_SQRT_PI * (-square).exp() * (-rest).exp() / fraction
}
