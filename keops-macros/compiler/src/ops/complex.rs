//! Complex numbers as interleaved pairs: a vector of n complex numbers has 2n coordinates re, im, re, im, …

use super::dims::{in_range, length, single};
use super::{Operand, Operation, Slot, Wrong, apply};
use crate::ast::LARGEST_DIM;
use crate::ir::{Dim, Graph, NodeId};

/// What the rows take, and which operators are right for it.
pub(super) const ABOUT: &str = "\
n complex numbers are a vector of 2n coordinates, real and imaginary parts in turn: re z₀, im z₀, re z₁, im z₁, … So
`z[0..2]` is the first of them. `z + w` and `z - w` of equal dimensions, `-z`, and `s * z` and `z / s` with a real number s of
dimension 1 are right as they are. But `z * w`, `z / w`, `z^2` and functions such as `Exp(z)` work on each coordinate by itself:
**they are not the complex ones**, which are `ComplexMult(z, w)`, `ComplexDivide(z, w)`, `ComplexMult(z, z)` and `ComplexExp(z)`.
`z | w` is a real number, the real part of the sum of all zₖ times the conjugate of wₖ. `z + s` adds s to imaginary parts too; a
real number is added by `ComplexAdd(z, Real2Complex(s))`.
";

pub(super) static ROWS: &[Operation] = &[
    Operation {
        name: "Real2Complex",
        aliases: &["real2complex"],
        operands: &[("f", Slot::Formula)],
        doc: "f + 0i: the n real numbers as n complex ones.",
        example: "Real2Complex(x_i)",
        expand: |g, args| placed(g, args, 0),
    },
    Operation {
        name: "Imag2Complex",
        aliases: &["imag2complex"],
        operands: &[("f", Slot::Formula)],
        doc: "0 + f i: the n real numbers as n imaginary ones.",
        example: "Imag2Complex(x_i)",
        expand: |g, args| placed(g, args, 1),
    },
    Operation {
        name: "ComplexReal",
        aliases: &["real"],
        operands: &[("z", Slot::Formula)],
        doc: "re z, the n real parts of n complex numbers.",
        example: "ComplexReal(u_i)",
        expand: |g, args| Ok(parts(g, args, 0)?.re),
    },
    Operation {
        name: "ComplexImag",
        aliases: &["imag"],
        operands: &[("z", Slot::Formula)],
        doc: "im z, the n imaginary parts of n complex numbers.",
        example: "ComplexImag(u_i)",
        expand: |g, args| Ok(parts(g, args, 0)?.im),
    },
    Operation {
        name: "ComplexSquareAbs",
        aliases: &[],
        operands: &[("z", Slot::Formula)],
        doc: "|z|² of each of n complex numbers.",
        example: "ComplexSquareAbs(u_i)",
        expand: |g, args| {
            let z = parts(g, args, 0)?;
            Ok(squared_modulus(g, z))
        },
    },
    Operation {
        name: "ComplexAbs",
        aliases: &[],
        operands: &[("z", Slot::Formula)],
        doc: "|z| of each of n complex numbers; its gradient at 0 is 0.",
        example: "ComplexAbs(u_i)",
        expand: |g, args| {
            let z = parts(g, args, 0)?;
            let squared = squared_modulus(g, z);
            Ok(apply(g, "Sqrt", &[squared]))
        },
    },
    Operation {
        name: "ComplexAngle",
        aliases: &["angle"],
        operands: &[("z", Slot::Formula)],
        doc: "The angle in [−π, π] of each of n complex numbers; 0 at 0.",
        example: "ComplexAngle(u_i)",
        expand: |g, args| {
            let z = parts(g, args, 0)?;
            Ok(apply(g, "Atan2", &[z.im, z.re]))
        },
    },
    Operation {
        name: "Conj",
        aliases: &["conj"],
        operands: &[("z", Slot::Formula)],
        doc: "The conjugate re z − i im z.",
        example: "Conj(u_i)",
        expand: |g, args| {
            let z = parts(g, args, 0)?;
            let conjugate = conjugate(g, z);
            Ok(interleave(g, conjugate))
        },
    },
    Operation {
        name: "ComplexExp",
        aliases: &[],
        operands: &[("z", Slot::Formula)],
        doc: "e^z = e^(re z) (cos im z + i sin im z).",
        example: "ComplexExp(u_i)",
        expand: |g, args| {
            let z = parts(g, args, 0)?;
            let modulus = apply(g, "Exp", &[z.re]);
            let direction = on_circle(g, z.im);
            let [re, im] = [direction.re, direction.im].map(|part| g.mul(vec![modulus, part]));
            Ok(interleave(g, Complex { re, im }))
        },
    },
    Operation {
        name: "ComplexExp1j",
        aliases: &["exp1j"],
        operands: &[("f", Slot::Formula)],
        doc: "e^(i f) = cos f + i sin f of n real numbers.",
        example: "ComplexExp1j(x_i)",
        expand: |g, args| {
            let direction = on_circle(g, args[0].value());
            Ok(interleave(g, direction))
        },
    },
    Operation {
        name: "ComplexAdd",
        aliases: &[],
        operands: &[("z", Slot::Formula), ("w", Slot::Formula)],
        doc: "z + w of n complex numbers each, or of one and n.",
        example: "ComplexAdd(u_i, v_j)",
        expand: |g, args| {
            let (z, w) = pair(g, args)?;
            let (re, im) = (g.add(vec![z.re, w.re]), g.add(vec![z.im, w.im]));
            Ok(interleave(g, Complex { re, im }))
        },
    },
    Operation {
        name: "ComplexSubtract",
        aliases: &[],
        operands: &[("z", Slot::Formula), ("w", Slot::Formula)],
        doc: "z − w of n complex numbers each, or of one and n.",
        example: "ComplexSubtract(u_i, v_j)",
        expand: |g, args| {
            let (z, w) = pair(g, args)?;
            let (re, im) = (g.sub(z.re, w.re), g.sub(z.im, w.im));
            Ok(interleave(g, Complex { re, im }))
        },
    },
    Operation {
        name: "ComplexMult",
        aliases: &["ComplexScal"],
        operands: &[("z", Slot::Formula), ("w", Slot::Formula)],
        doc: "z w of n complex numbers each, or of one and n.",
        example: "ComplexMult(u_i, v_j)",
        expand: |g, args| {
            let (z, w) = pair(g, args)?;
            let product = product(g, z, w);
            Ok(interleave(g, product))
        },
    },
    Operation {
        name: "ComplexDivide",
        aliases: &[],
        operands: &[("z", Slot::Formula), ("w", Slot::Formula)],
        doc: "z / w of n complex numbers each, or of one and n: z times the conjugate of w over |w|².",
        example: "ComplexDivide(u_i, v_j)",
        expand: |g, args| {
            let (z, w) = pair(g, args)?;
            let squared = squared_modulus(g, w);
            let conjugate = conjugate(g, w);
            let product = product(g, z, conjugate);
            let [re, im] = [product.re, product.im].map(|part| g.div(part, squared));
            Ok(interleave(g, Complex { re, im }))
        },
    },
    Operation {
        name: "ComplexRealScal",
        aliases: &[],
        operands: &[("f", Slot::Formula), ("z", Slot::Formula)],
        doc: "f z for a real number f and n complex ones, in either order.",
        example: "ComplexRealScal(s, u_i)",
        expand: |g, args| {
            let (scalar, vector) = if g.dim(args[0].value()).is_one() { (0, 1) } else { (1, 0) };
            parts(g, args, vector)?;
            let scalar = single(g, args, scalar)?;
            Ok(g.mul(vec![scalar, args[vector].value()]))
        },
    },
    Operation {
        name: "ComplexSum",
        aliases: &[],
        operands: &[("z", Slot::Formula)],
        doc: "Σₖ zₖ, one complex number.",
        example: "ComplexSum(u_i)",
        expand: |g, args| {
            let z = parts(g, args, 0)?;
            let sums = [z.re, z.im].map(|part| g.sum(part));
            Ok(g.concat(sums.to_vec()))
        },
    },
    Operation {
        name: "ComplexSumT",
        aliases: &[],
        operands: &[("z", Slot::Formula), ("n", Slot::Integer)],
        doc: "One complex number repeated to n coordinates, n even.",
        example: "ComplexSumT(ComplexSum(u_i), 4)",
        expand: |g, args| {
            let two = Dim::literal(2);
            if *g.dim(args[0].value()) != two {
                return Err(Wrong::Must(0, two, "one complex number"));
            }
            let n = in_range(args, 1, 2, LARGEST_DIM)?;
            if n % 2 != 0 {
                return Err(Wrong::Axes(1, "it must be even: a complex number has two coordinates"));
            }
            let z = parts(g, args, 0)?;
            let half = Dim::literal(n as usize / 2);
            let [re, im] = [z.re, z.im].map(|part| g.fill(part, &half));
            Ok(interleave(g, Complex { re, im }))
        },
    },
];

/// Real and imaginary parts of n complex numbers.
#[derive(Clone, Copy)]
struct Complex {
    re: NodeId,
    im: NodeId,
}

/// The parts of a formula operand, which must have an even dimension.
fn parts(g: &mut Graph, args: &[Operand], k: usize) -> Result<Complex, Wrong> {
    let n = length(g, args, k)?;
    if n % 2 != 0 {
        return Err(Wrong::Odd(k));
    }
    let half = Dim::literal(n / 2);
    let mut part = |start| g.extract_step(args[k].value(), start, 2, &half);
    Ok(Complex { re: part(0), im: part(1) })
}

/// The parts of two operands with as many complex numbers, or one.
fn pair(g: &mut Graph, args: &[Operand]) -> Result<(Complex, Complex), Wrong> {
    let (z, w) = (parts(g, args, 0)?, parts(g, args, 1)?);
    let fits = g.dim(z.re) == g.dim(w.re) || g.dim(z.re).is_one() || g.dim(w.re).is_one();
    fits.then_some((z, w)).ok_or(Wrong::Broadcast(0, 1))
}

/// re, im, re, im, …
fn interleave(g: &mut Graph, z: Complex) -> NodeId {
    let total = g.dim(z.re) + g.dim(z.im);
    let (re, im) = (g.pad(z.re, 0, 2, &total), g.pad(z.im, 1, 2, &total));
    g.add(vec![re, im])
}

/// n real numbers as the real (0) or imaginary (1) parts of complex ones.
fn placed(g: &mut Graph, args: &[Operand], part: usize) -> Result<NodeId, Wrong> {
    let f = args[0].value();
    let total = g.dim(f) + g.dim(f);
    Ok(g.pad(f, part, 2, &total))
}

/// cos f + i sin f
fn on_circle(g: &mut Graph, f: NodeId) -> Complex {
    Complex { re: apply(g, "Cos", &[f]), im: apply(g, "Sin", &[f]) }
}

fn conjugate(g: &mut Graph, z: Complex) -> Complex {
    Complex { re: z.re, im: g.neg(z.im) }
}

fn squared_modulus(g: &mut Graph, z: Complex) -> NodeId {
    let squares = [z.re, z.im].map(|part| g.power(part, 2));
    g.add(squares.to_vec())
}

fn product(g: &mut Graph, z: Complex, w: Complex) -> Complex {
    let mut term = |a, b| g.mul(vec![a, b]);
    let (rr, ii, ri, ir) = (term(z.re, w.re), term(z.im, w.im), term(z.re, w.im), term(z.im, w.re));
    Complex { re: g.sub(rr, ii), im: g.add(vec![ri, ir]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::testing::evaluate_operation;
    use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

    /// 3 + 4i and 2i.
    const U: &[f64] = &[3.0, 4.0, 0.0, 2.0];
    /// 1 + i and 2 − i.
    const V: &[f64] = &[1.0, 1.0, 2.0, -1.0];

    fn value(name: &str, values: &[&[f64]]) -> Result<Vec<f64>, Wrong> {
        evaluate_operation(name, values, &[])
    }

    #[test]
    fn unary_operations() {
        for (name, expected) in [
            ("ComplexReal", vec![3.0, 0.0]),
            ("ComplexImag", vec![4.0, 2.0]),
            ("ComplexAbs", vec![5.0, 2.0]),
            ("ComplexSquareAbs", vec![25.0, 4.0]),
            ("ComplexAngle", vec![4.0_f64.atan2(3.0), FRAC_PI_2]),
            ("Conj", vec![3.0, -4.0, 0.0, -2.0]),
            ("ComplexSum", vec![3.0, 6.0]),
            (
                "ComplexExp",
                vec![3_f64.exp() * 4_f64.cos(), 3_f64.exp() * 4_f64.sin(), 2_f64.cos(), 2_f64.sin()],
            ),
        ] {
            assert_eq!(value(name, &[U]), Ok(expected), "{name}");
        }
        assert_eq!(value("Real2Complex", &[&[1.0, 2.0]]), Ok(vec![1.0, 0.0, 2.0, 0.0]));
        assert_eq!(value("Imag2Complex", &[&[1.0, 2.0]]), Ok(vec![0.0, 1.0, 0.0, 2.0]));
        assert_eq!(value("ComplexExp1j", &[&[FRAC_PI_4]]), Ok(vec![FRAC_PI_4.cos(), FRAC_PI_4.sin()]));
        let repeated = evaluate_operation("ComplexSumT", &[&[1.0, 2.0]], &[Operand::Integer(4)]);
        assert_eq!(repeated, Ok(vec![1.0, 2.0, 1.0, 2.0]));
    }

    #[test]
    fn binary_operations() {
        assert_eq!(value("ComplexAdd", &[U, V]), Ok(vec![4.0, 5.0, 2.0, 1.0]));
        assert_eq!(value("ComplexSubtract", &[U, V]), Ok(vec![2.0, 3.0, -2.0, 3.0]));
        assert_eq!(value("ComplexMult", &[U, V]), Ok(vec![-1.0, 7.0, 2.0, 4.0]));
        // (3 + 4i) / (1 + i) = (7 + i) / 2, 2i / (2 − i) = (−2 + 4i) / 5.
        let fifth = 1.0 / 5.0;
        assert_eq!(value("ComplexDivide", &[U, V]), Ok(vec![3.5, 0.5, -2.0 * fifth, 4.0 * fifth]));
        assert_eq!(value("ComplexMult", &[&[0.0, 1.0], U]), Ok(vec![-4.0, 3.0, -2.0, 0.0]));
        for args in [[&[2.0] as &[f64], U], [U, &[2.0]]] {
            assert_eq!(value("ComplexRealScal", &args), Ok(vec![6.0, 8.0, 0.0, 4.0]));
        }
    }

    #[test]
    fn dimensions_are_checked() {
        assert_eq!(value("ComplexAbs", &[&[1.0, 2.0, 3.0]]), Err(Wrong::Odd(0)));
        assert_eq!(value("ComplexMult", &[U, &[1.0; 3]]), Err(Wrong::Odd(1)));
        assert_eq!(value("ComplexMult", &[U, &[1.0; 6]]), Err(Wrong::Broadcast(0, 1)));
        assert_eq!(value("ComplexRealScal", &[U, U]), Err(Wrong::NotScalar(1)));
        assert_eq!(value("ComplexRealScal", &[&[1.0], &[1.0]]), Err(Wrong::Odd(1)));
    }
}
