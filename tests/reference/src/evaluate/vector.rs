//! Operations on the coordinates of one value: norms, selections, small dynamic programs.

use super::scalar::scalar;
use super::tensor;
use super::{Operands, Vector};
use crate::precision::{Num, Precision};

/// The operation of this (normalised) name, if it is one of this family.
pub(crate) fn vector(name: &str, o: &Operands) -> Option<Vector> {
    let p = o.precision();
    let one = |n: Num| Some(vec![n]);
    match name {
        "sum" => one(p.sum(&o.value(0))),
        "sumt" => Some(vec![o.number(0); o.natural(1)]),
        "max" | "min" | "argmax" | "argmin" => one(extreme(p, &o.value(0), name)),
        "elem" => one(o.value(0)[o.natural(1)]),
        "elemt" => {
            let mut all = vec![Num::exact(0.0); o.natural(1)];
            all[o.natural(2)] = o.number(0);
            Some(all)
        }
        "extract" => {
            let (start, len) = (o.natural(1), o.natural(2));
            Some(o.value(0)[start..start + len].to_vec())
        }
        "extractt" => {
            let part = o.value(0);
            let mut all = vec![Num::exact(0.0); o.natural(2)];
            all[o.natural(1)..o.natural(1) + part.len()].copy_from_slice(&part);
            Some(all)
        }
        "concat" | "cat" | "concatenate" => Some((0..o.len()).flat_map(|k| o.value(k)).collect()),
        "onehot" => Some(one_hot(p, o.number(0), o.natural(1))),
        "zero" => Some(vec![Num::exact(0.0); o.natural(0)]),
        "intcst" => one(p.literal(o.integer(0) as f64)),
        "intinv" => one(p.literal(1.0 / o.integer(0) as f64)),
        "ratcst" => one(p.literal(o.integer(0) as f64 / o.integer(1) as f64)),
        "scalprod" | "dot" => one(dot(p, &o.value(0), &o.value(1))),
        "sqnorm2" => one(sqnorm(p, &o.value(0))),
        "norm2" | "norm" => one(root(p, sqnorm(p, &o.value(0)))),
        "normalize" => Some(normalize(p, &o.value(0))),
        "sqdist" => one(square_distance(o)),
        // LazyTensor's weights come last: x.weightedsqnorm(s), x.weightedsqdist(y, s).
        "weightedsqnorm" if o.is_lazy() => one(weighted(p, &o.value(1), &o.value(0))),
        "sqnormiso" | "sqnormdiag" | "symsqnorm" | "weightedsqnorm" => {
            one(weighted(p, &o.value(0), &o.value(1)))
        }
        "weightedsqdist" if o.is_lazy() => {
            one(weighted(p, &o.value(2), &difference(p, &o.value(0), &o.value(1))))
        }
        "weightedsqdist" => one(weighted(p, &o.value(0), &difference(p, &o.value(1), &o.value(2)))),
        "bspline" => Some(b_spline(p, &o.value(0), o.number(1), o.natural(2))),
        "softdtwsqdist" => one(soft_dtw(p, &o.value(0), &o.value(1), o.number(2))),
        "factorize" => Some(o.value(0)),
        _ => None,
    }
}

/// ⟨a, b⟩
pub(crate) fn dot(p: &Precision, a: &[Num], b: &[Num]) -> Num {
    let products: Vec<Num> = a.iter().zip(b).map(|(a, b)| p.mul(*a, *b)).collect();
    p.sum(&products)
}

/// |f|²; a square is computed from one number, so its error box has one side.
fn sqnorm(p: &Precision, f: &[Num]) -> Num {
    let squares: Vec<Num> = f.iter().map(|x| p.map(&[*x], 1.0, |x| x[0] * x[0])).collect();
    p.sum(&squares)
}

/// The root of a sum of squares, which rounding never makes negative.
fn root(p: &Precision, square: Num) -> Num {
    p.map(&[square], 2.0, |x| x[0].max(0.0).sqrt())
}

/// |f − g|²; a function that allows dot products gets |f|² + |g|² − 2 f·g, with the roundings of these, one that allows
/// scaled distances those of its coordinates before they are subtracted.
fn square_distance(o: &Operands) -> Num {
    let (p, f, g) = (o.precision(), o.value(0), o.value(1));
    let distance = sqnorm(p, &difference(p, &f, &g));
    if o.allows_scaled_distances() {
        let of_coordinates = super::broadcast(&[&f, &g]).iter().fold(0.0, |sum, pair| {
            let (a, b) = (pair[0].value, pair[1].value);
            sum + (a - b).abs() * (a.abs() + b.abs())
        });
        // The scale is a root, then a product: two roundings of each coordinate, doubled by the square.
        return Num { error: distance.error + 4.0 * p.eps * of_coordinates, ..distance };
    }
    if !o.allows_dot_products() {
        return distance;
    }
    let terms = sqnorm(p, &f).value + sqnorm(p, &g).value;
    let roundings = 2.0 + (f.len() as f64).sqrt();
    Num { error: distance.error + roundings * p.eps * terms, ..distance }
}

fn normalize(p: &Precision, f: &[Num]) -> Vector {
    let rsqrt = scalar("rsqrt").expect("Rsqrt is in the table").apply(p, &[sqnorm(p, f)]);
    f.iter().map(|x| p.mul(*x, rsqrt)).collect()
}

fn difference(p: &Precision, a: &[Num], b: &[Num]) -> Vector {
    super::broadcast(&[a, b]).iter().map(|pair| p.add(pair[0], p.neg(pair[1]))).collect()
}

/// s|f|², Σ s_k f_k² or fᵀ S f, by the dimension of s.
fn weighted(p: &Precision, s: &[Num], f: &[Num]) -> Num {
    match s.len() {
        1 => p.mul(s[0], sqnorm(p, f)),
        n if n == f.len() => {
            let terms: Vec<Num> = s.iter().zip(f).map(|(s, x)| p.mul(*s, p.mul(*x, *x))).collect();
            p.sum(&terms)
        }
        _ => dot(p, f, &tensor::matrix_vector(p, s, f)),
    }
}

/// The largest or smallest coordinate or its position: NaN is skipped, the first of equals is taken.
fn extreme(p: &Precision, f: &[Num], name: &str) -> Num {
    let sign = if name.ends_with("max") { -1.0 } else { 1.0 };
    let key = |k: usize| sign * f[k].value;
    let mut best: Option<usize> = None;
    for k in (0..f.len()).filter(|&k| !f[k].value.is_nan()) {
        if best.is_none_or(|b| key(k) < key(b)) {
            best = Some(k);
        }
    }
    let Some(best) = best else {
        return Num::exact(if name.starts_with("arg") { 0.0 } else { sign * f64::INFINITY });
    };
    let rivals = (0..f.len()).filter(|&k| (f[k].value - f[best].value).abs() <= f[k].error + f[best].error);
    if name.starts_with("arg") {
        // A rival that is the same number of the same origin is a tie that both sides break alike.
        let doubtful = rivals.filter(|&k| k != best).any(|k| f[k].error > 0.0 || f[best].error > 0.0);
        return Num { value: best as f64, error: if doubtful { f64::INFINITY } else { 0.0 } };
    }
    let error = rivals.map(|k| f[k].error).fold(f[best].error, f64::max);
    p.rounded(f[best].value, error, 0.0)
}

fn one_hot(p: &Precision, f: Num, dim: usize) -> Vector {
    (0..dim).map(|k| p.map(&[f], 0.0, |x| f64::from((x[0] + 0.5).floor() == k as f64))).collect()
}

/// The B-spline basis functions of order k at x, by the recursion of Cox and de Boor.
fn b_spline(p: &Precision, knots: &[Num], x: Num, order: usize) -> Vector {
    let mut basis: Vector = knots
        .windows(2)
        .map(|t| p.map(&[x, t[0], t[1]], 0.0, |v| f64::from(v[1] <= v[0] && v[0] < v[2])))
        .collect();
    for k in 1..=order {
        basis = (0..basis.len() - 1)
            .map(|n| {
                let ramp = |from: usize, to: usize| {
                    p.map(&[x, knots[from], knots[to]], 3.0, |v| {
                        if v[2] == v[1] { 0.0 } else { (v[0] - v[1]) / (v[2] - v[1]) }
                    })
                };
                let (rise, fall) = (ramp(n, n + k), ramp(n + k + 1, n + 1));
                p.add(p.mul(rise, basis[n]), p.mul(fall, basis[n + 1]))
            })
            .collect();
    }
    basis
}

/// Soft dynamic time warping: r(a, b) = (x_a − y_b)² + softmin of r at the three predecessors,
/// softmin(u, v, w) = −γ log(e^(−u/γ) + e^(−v/γ) + e^(−w/γ)).
fn soft_dtw(p: &Precision, x: &[Num], y: &[Num], gamma: Num) -> Num {
    let far = Num::exact(f64::INFINITY);
    let mut row = vec![far; y.len() + 1];
    row[0] = Num::exact(0.0);
    for a in x {
        let mut next = vec![far];
        for (b, yb) in y.iter().enumerate() {
            let soft = soft_min(p, [row[b], row[b + 1], next[b]], gamma);
            let d = p.add(*a, p.neg(*yb));
            next.push(p.add(p.mul(d, d), soft));
        }
        row = next;
    }
    row[y.len()]
}

fn soft_min(p: &Precision, values: [Num; 3], gamma: Num) -> Num {
    let least = values.iter().map(|v| v.value).fold(f64::INFINITY, f64::min);
    let total: f64 = values.iter().map(|v| ((least - v.value) / gamma.value).exp()).sum();
    // softmin is 1-Lipschitz in the largest change of its arguments; its own roundings scale with γ.
    let error = values.iter().filter(|v| v.value.is_finite()).map(|v| v.error).fold(0.0, f64::max);
    let own = 8.0 * p.eps * (gamma.value.abs() + least.abs());
    p.rounded(least - gamma.value * total.ln(), error + own, 1.0)
}
