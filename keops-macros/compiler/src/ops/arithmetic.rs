//! Arithmetic, powers, and constants as operations.

use super::dims::{broadcast, equal, in_range};
use super::{Operand, Operation, Slot, Wrong, apply, choose, constant_value, named, scalar};
use crate::ast::LARGEST_DIM;
use crate::ir::{Dim, Graph, NodeId, Op};
use crate::number::Number;
use std::collections::BTreeSet;

pub(super) static ROWS: &[Operation] = &[
    Operation {
        name: "Add",
        aliases: &["add"],
        operands: &[("f", Slot::Formula), ("g", Slot::Formula)],
        doc: "f + g, coordinate by coordinate; also written `f + g`.",
        example: "Add(x_i, y_j)",
        expand: |g, args| {
            let values = broadcast(g, args)?;
            Ok(g.add(values))
        },
    },
    Operation {
        name: "Subtract",
        aliases: &["subtract"],
        operands: &[("f", Slot::Formula), ("g", Slot::Formula)],
        doc: "f − g, coordinate by coordinate; also written `f - g`.",
        example: "Subtract(x_i, y_j)",
        expand: |g, args| {
            let values = broadcast(g, args)?;
            Ok(g.sub(values[0], values[1]))
        },
    },
    Operation {
        name: "Mult",
        aliases: &["mult", "multiply"],
        operands: &[("f", Slot::Formula), ("g", Slot::Formula)],
        doc: "f · g, coordinate by coordinate; also written `f * g`.",
        example: "Mult(x_i, b_j)",
        expand: |g, args| {
            let values = broadcast(g, args)?;
            Ok(g.mul(values))
        },
    },
    Operation {
        name: "Divide",
        aliases: &["divide"],
        operands: &[("f", Slot::Formula), ("g", Slot::Formula)],
        doc: "f / g, coordinate by coordinate; also written `f / g`.",
        example: "Divide(x_i, s)",
        expand: |g, args| {
            let values = broadcast(g, args)?;
            Ok(g.div(values[0], values[1]))
        },
    },
    Operation {
        name: "Minus",
        aliases: &["minus"],
        operands: &[("f", Slot::Formula)],
        doc: "−f; also written `-f`.",
        example: "Minus(x_i)",
        expand: |g, args| Ok(g.neg(args[0].value())),
    },
    Operation {
        name: "Inv",
        aliases: &["inv"],
        operands: &[("f", Slot::Formula)],
        doc: "1 / f, coordinate by coordinate.",
        example: "Inv(s)",
        expand: |g, args| Ok(g.power(args[0].value(), -1)),
    },
    Operation {
        name: "Square",
        aliases: &["square"],
        operands: &[("f", Slot::Formula)],
        doc: "f², coordinate by coordinate.",
        example: "Square(x_i)",
        expand: |g, args| Ok(g.power(args[0].value(), 2)),
    },
    Operation {
        name: "Pow",
        aliases: &["power", "pow"],
        operands: &[("f", Slot::Formula), ("m", Slot::Formula)],
        doc: "fᵐ, coordinate by coordinate; also written `f^m`. An integer m is repeated multiplication, 1/2 is `Sqrt`, −1/2 is `Rsqrt`, and every other exponent is `Powf`.",
        example: "Pow(x_i, 3)",
        expand: |g, args| {
            let values = broadcast(g, args)?;
            Ok(power(g, values[0], values[1]))
        },
    },
    Operation {
        name: "Scalprod",
        aliases: &["scalprod", "dot"],
        operands: &[("f", Slot::Formula), ("g", Slot::Formula)],
        doc: "Σₖ fₖ gₖ, the dot product of two vectors of equal dimension; also written `f | g`.",
        example: "Scalprod(x_i, y_j)",
        expand: |g, args| {
            equal(g, args, 0, 1)?;
            Ok(g.dot(args[0].value(), args[1].value()))
        },
    },
    Operation {
        name: "Round",
        aliases: &["round"],
        operands: &[("f", Slot::Formula), ("d", Slot::IntegerOr(0))],
        doc: "f rounded to d decimals, halves away from zero; d may be negative and is 0 if left out.",
        example: "Round(x_i, 2)",
        expand: |g, args| {
            // 10¹⁸ is the largest power of ten of 64 bits, so that it is exact.
            let decimals = in_range(args, 1, -18, 18)?;
            let x = args[0].value();
            let scale = Number::integer(10).powi(decimals.unsigned_abs() as i32);
            let scale = g.constant(scale);
            Ok(match decimals.signum() {
                0 => apply(g, "RoundToInteger", &[x]),
                // A product with 1/10 would not be the number nearest to the decimal.
                1 => apply(g, "RoundToFraction", &[x, scale]),
                _ => {
                    let scaled = g.div(x, scale);
                    let rounded = apply(g, "RoundToInteger", &[scaled]);
                    g.mul(vec![scale, rounded])
                }
            })
        },
    },
    Operation {
        name: "Mod",
        aliases: &["mod"],
        operands: &[("f", Slot::Formula), ("n", Slot::Formula), ("offset", Slot::FormulaOr(0))],
        doc: "f − n ⌊(f − offset) / n⌋: f moved by a multiple of n into [offset, offset + n); the offset is 0 if left out.",
        example: "Mod(x_i, s, 1)",
        expand: |g, args| {
            let values = broadcast(g, args)?;
            Ok(apply(g, "Modulo", &values))
        },
    },
    Operation {
        name: "ClampInt",
        aliases: &["clampint"],
        operands: &[("f", Slot::Formula), ("a", Slot::Integer), ("b", Slot::Integer)],
        doc: "f kept within the integers a and b, coordinate by coordinate; see `Clamp`.",
        example: "ClampInt(x_i, 0, 1)",
        expand: |g, args| {
            let (a, b) = (g.integer(args[1].integer()), g.integer(args[2].integer()));
            Ok(apply(g, "Clamp", &[args[0].value(), a, b]))
        },
    },
    Operation {
        name: "DiffClampInt",
        aliases: &["diffclampint"],
        operands: &[("f", Slot::Formula), ("a", Slot::Integer), ("b", Slot::Integer)],
        doc: "1 where a ≤ f ≤ b, else 0, coordinate by coordinate: the derivative of `ClampInt`.",
        example: "DiffClampInt(x_i, 0, 1)",
        expand: |g, args| {
            let (a, b) = (g.integer(args[1].integer()), g.integer(args[2].integer()));
            let above = apply(g, "LessOrEqual", &[a, args[0].value()]);
            let below = apply(g, "LessOrEqual", &[args[0].value(), b]);
            Ok(g.mul(vec![above, below]))
        },
    },
    Operation {
        name: "GreaterThan",
        aliases: &["greater_than"],
        operands: &[("f", Slot::Formula), ("g", Slot::Formula)],
        doc: "1 where f > g, else 0, coordinate by coordinate; also written `f > g`.",
        example: "GreaterThan(x_i, y_j)",
        expand: |g, args| {
            let values = broadcast(g, args)?;
            Ok(apply(g, "LessThan", &[values[1], values[0]]))
        },
    },
    Operation {
        name: "GreaterOrEqual",
        aliases: &["greater_or_equal"],
        operands: &[("f", Slot::Formula), ("g", Slot::Formula)],
        doc: "1 where f ≥ g, else 0, coordinate by coordinate; also written `f >= g`.",
        example: "GreaterOrEqual(x_i, y_j)",
        expand: |g, args| {
            let values = broadcast(g, args)?;
            Ok(apply(g, "LessOrEqual", &[values[1], values[0]]))
        },
    },
    Operation {
        name: "Where",
        aliases: &["where"],
        operands: &[("c", Slot::Formula), ("f", Slot::Formula), ("g", Slot::Formula)],
        doc: "f where c ≠ 0, else g, coordinate by coordinate; c is mostly a comparison, as in `Where(j <= i, f, -Inf)`.",
        example: "Where(x_i < y_j, x_i, b_j)",
        expand: |g, args| {
            let values = broadcast(g, args)?;
            let (c, f, other) = (values[0], values[1], values[2]);
            // A comparison is its own size.
            let size = if is_comparison(g, c) { c } else { apply(g, "Abs", &[c]) };
            Ok(choose(g, size, f, other))
        },
    },
    Operation {
        name: "IntCst",
        aliases: &[],
        operands: &[("n", Slot::Integer)],
        doc: "The integer n, of dimension 1; a literal is the same.",
        example: "IntCst(2)",
        expand: |g, args| Ok(g.integer(args[0].integer())),
    },
    Operation {
        name: "RatCst",
        aliases: &[],
        operands: &[("p", Slot::Integer), ("q", Slot::Integer)],
        doc: "The fraction p / q, of dimension 1; `p/q` is the same.",
        example: "RatCst(1, 2)",
        expand: |g, args| {
            let denominator = not_zero(args, 1)?;
            Ok(g.constant(Number::rational(args[0].integer(), denominator)))
        },
    },
    Operation {
        name: "IntInv",
        aliases: &[],
        operands: &[("n", Slot::Integer)],
        doc: "The fraction 1 / n, of dimension 1; `1/n` is the same.",
        example: "IntInv(3)",
        expand: |g, args| {
            let denominator = not_zero(args, 0)?;
            Ok(g.constant(Number::rational(1, denominator)))
        },
    },
    Operation {
        name: "Zero",
        aliases: &[],
        operands: &[("n", Slot::Integer)],
        doc: "A vector of n zeros.",
        example: "Zero(3)",
        expand: |g, args| {
            let dim = in_range(args, 0, 1, LARGEST_DIM)?;
            Ok(g.zeros(&Dim::literal(dim as usize)))
        },
    },
];

/// The integer operand k, which something is divided by.
fn not_zero(args: &[Operand], k: usize) -> Result<i64, Wrong> {
    Some(args[k].integer()).filter(|n| *n != 0).ok_or(Wrong::Zero(k))
}

/// Whether a value is 1 or 0 by its operation: a comparison, or a product or power of them.
pub fn is_comparison(graph: &Graph, node: NodeId) -> bool {
    let comparisons = ["LessThan", "LessOrEqual", "Equal", "NotEqual"];
    // Factors are shared, so that a product may have more of them than can be counted.
    let (mut found, mut pending) = (BTreeSet::new(), vec![node]);
    while let Some(node) = pending.pop() {
        match graph.op(node) {
            Op::Map(f) if comparisons.contains(&scalar(*f).name) => {}
            Op::Mul | Op::Power(1..) if found.insert(node) => pending.extend(graph.args(node)),
            Op::Mul | Op::Power(1..) => {}
            _ => return false,
        }
    }
    true
}

/// base^exponent. An exponent that is a known integer gives a [`Power`](crate::ir::Op::Power) (1 for 0, the base for 1),
/// ±1/2 a `Sqrt` or `Rsqrt`, with their values at 0; every other exponent a `Powf`.
///
/// # Panics
/// If the dimensions do not broadcast.
pub fn power(graph: &mut Graph, base: NodeId, exponent: NodeId) -> NodeId {
    let known = constant_value(graph, exponent);
    if let Some(n) = known.and_then(Number::as_integer).and_then(|n| i32::try_from(n).ok()) {
        return graph.power(base, n);
    }
    let function = match known {
        Some(Number::Rational { num: 1, den: 2 }) => "Sqrt",
        Some(Number::Rational { num: -1, den: 2 }) => "Rsqrt",
        _ => return graph.map(named("Powf"), vec![base, exponent]),
    };
    apply(graph, function, &[base])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Op;
    use crate::ops::testing::{evaluate_operation, vectors};

    #[test]
    fn exponents_choose_the_operation() {
        let (mut g, x, _) = vectors(&[&[2.0, 3.0]]);
        let mut op = |num, den| {
            let exponent = g.constant(Number::rational(num, den));
            let node = power(&mut g, x[0], exponent);
            g.op(node).clone()
        };
        assert_eq!(op(3, 1), Op::Power(3));
        assert_eq!(op(-1, 1), Op::Power(-1));
        assert_eq!(op(0, 1), Op::Fill);
        assert!(matches!(op(1, 1), Op::Variable(_)));
        assert_eq!(op(1, 2), Op::Map(named("Sqrt")));
        assert_eq!(op(-1, 2), Op::Map(named("Rsqrt")));
        assert_eq!(op(3, 2), Op::Map(named("Powf")));
        assert_eq!(op(1 << 40, 1), Op::Map(named("Powf")));
    }

    #[test]
    fn a_negative_exponent_may_be_written_as_a_formula() {
        let (mut g, x, _) = vectors(&[&[2.0]]);
        let two = g.integer(2);
        let minus_two = g.neg(two);
        let node = power(&mut g, x[0], minus_two);
        assert_eq!(g.op(node), &Op::Power(-2));
    }

    #[test]
    fn arithmetic_has_its_meaning() {
        let x: &[&[f64]] = &[&[1.0, -2.0, 4.0], &[2.0]];
        for (name, expected) in [
            ("Add", [3.0, 0.0, 6.0]),
            ("Subtract", [-1.0, -4.0, 2.0]),
            ("Mult", [2.0, -4.0, 8.0]),
            ("Divide", [0.5, -1.0, 2.0]),
            ("GreaterThan", [0.0, 0.0, 1.0]),
            ("GreaterOrEqual", [0.0, 0.0, 1.0]),
        ] {
            assert_eq!(evaluate_operation(name, x, &[]), Ok(expected.to_vec()), "{name}");
        }
        assert_eq!(evaluate_operation("Mod", &[&[5.0, -1.0], &[3.0], &[1.0]], &[]), Ok(vec![2.0, 2.0]));
        let round = |x: f64, d: i64| evaluate_operation("Round", &[&[x]], &[Operand::Integer(d)]);
        assert_eq!(round(2.345, 1), Ok(vec![2.3]));
        assert_eq!(round(-2.5, 0), Ok(vec![-3.0]));
        assert_eq!(round(1249.0, -2), Ok(vec![1200.0]));
        assert_eq!(round(1.0, 19), Err(Wrong::Range(1, -18, 18)));
    }

    #[test]
    fn dimensions_are_checked() {
        assert_eq!(
            evaluate_operation("Add", &[&[1.0, 2.0], &[1.0, 2.0, 3.0]], &[]),
            Err(Wrong::Broadcast(0, 1))
        );
        assert_eq!(evaluate_operation("Scalprod", &[&[1.0], &[1.0, 2.0]], &[]), Err(Wrong::Equal(0, 1)));
        assert_eq!(evaluate_operation("Scalprod", &[&[3.0, 4.0], &[1.0, 2.0]], &[]), Ok(vec![11.0]));
        let fraction = |name: &str, integers: &[i64]| {
            let operands: Vec<Operand> = integers.iter().map(|n| Operand::Integer(*n)).collect();
            evaluate_operation(name, &[], &operands)
        };
        assert_eq!(fraction("IntInv", &[0]), Err(Wrong::Zero(0)));
        assert_eq!(fraction("RatCst", &[1, 0]), Err(Wrong::Zero(1)));
        assert_eq!(fraction("IntInv", &[-4]), Ok(vec![-0.25]));
        assert_eq!(fraction("RatCst", &[1, -4]), Ok(vec![-0.25]));
        assert_eq!(fraction("RatCst", &[i64::MIN, i64::MIN]), Ok(vec![1.0]));
    }
}
