//! Complex vectors as interleaved pairs (re, im).

use super::scalar::scalar;
use super::{Operands, Vector};
use crate::precision::{Num, Precision};

/// The operation of this (normalised) name, if it is one of this family.
pub(crate) fn complex(name: &str, o: &Operands) -> Option<Vector> {
    let p = o.precision();
    let zero = Num::exact(0.0);
    Some(match name {
        "real2complex" => o.value(0).iter().flat_map(|x| [*x, zero]).collect(),
        "imag2complex" => o.value(0).iter().flat_map(|x| [zero, *x]).collect(),
        "complexreal" | "real" => o.value(0).chunks(2).map(|z| z[0]).collect(),
        "compleximag" | "imag" => o.value(0).chunks(2).map(|z| z[1]).collect(),
        "complexabs" => o.value(0).chunks(2).map(|z| p.map(z, 3.0, |z| z[0].hypot(z[1]))).collect(),
        "complexsquareabs" => {
            o.value(0).chunks(2).map(|z| p.map(z, 2.0, |z| z[0] * z[0] + z[1] * z[1])).collect()
        }
        "complexangle" | "angle" => {
            o.value(0).chunks(2).map(|z| p.map(z, 2.0, |z| z[1].atan2(z[0]))).collect()
        }
        "conj" => o.value(0).chunks(2).flat_map(|z| [z[0], p.neg(z[1])]).collect(),
        "complexexp" => o.value(0).chunks(2).flat_map(|z| exp(p, z[0], z[1])).collect(),
        "complexexp1j" | "exp1j" => o.value(0).iter().flat_map(|x| exp(p, zero, *x)).collect(),
        "complexadd" => pairwise(o, |a, b| [p.add(a[0], b[0]), p.add(a[1], b[1])]),
        "complexsubtract" => pairwise(o, |a, b| [p.add(a[0], p.neg(b[0])), p.add(a[1], p.neg(b[1]))]),
        "complexmult" => pairwise(o, |a, b| product(p, a, b)),
        "complexdivide" => pairwise(o, |a, b| quotient(p, a, b)),
        "complexrealscal" => {
            let (f, g) = (o.value(0), o.value(1));
            let (scalar, vector) = if f.len() == 1 { (f[0], g) } else { (g[0], f) };
            vector.iter().map(|z| p.mul(scalar, *z)).collect()
        }
        "complexsum" => {
            let f = o.value(0);
            let part = |k: usize| -> Vector { f.iter().skip(k).step_by(2).copied().collect() };
            vec![p.sum(&part(0)), p.sum(&part(1))]
        }
        // The number is that of coordinates, two for each copy.
        "complexsumt" => o.value(0).repeat(o.natural(1) / 2),
        _ => return None,
    })
}

/// A function of two complex numbers for each pair of coordinates; one complex number broadcasts.
fn pairwise(o: &Operands, f: impl Fn(&[Num], &[Num]) -> [Num; 2]) -> Vector {
    let (a, b) = (o.value(0), o.value(1));
    let n = a.len().max(b.len()) / 2;
    let pick = |v: &[Num], k: usize| -> [Num; 2] {
        let k = if v.len() == 2 { 0 } else { k };
        [v[2 * k], v[2 * k + 1]]
    };
    (0..n).flat_map(|k| f(&pick(&a, k), &pick(&b, k))).collect()
}

fn exp(p: &Precision, re: Num, im: Num) -> [Num; 2] {
    let part = |name| scalar(name).expect("exp, cos and sin are in the table");
    let modulus = part("exp").apply(p, &[re]);
    [p.mul(modulus, part("cos").apply(p, &[im])), p.mul(modulus, part("sin").apply(p, &[im]))]
}

fn product(p: &Precision, a: &[Num], b: &[Num]) -> [Num; 2] {
    let re = p.sum(&[p.mul(a[0], b[0]), p.neg(p.mul(a[1], b[1]))]);
    let im = p.sum(&[p.mul(a[0], b[1]), p.mul(a[1], b[0])]);
    [re, im]
}

/// a b̄ / |b|²
fn quotient(p: &Precision, a: &[Num], b: &[Num]) -> [Num; 2] {
    let square = p.map(b, 2.0, |z| z[0] * z[0] + z[1] * z[1]);
    product(p, a, &[b[0], p.neg(b[1])]).map(|part| p.div(part, square))
}
