//! Operations that are recurrences over the coordinates of vectors, written out: B-splines and soft dynamic time warping.

use super::dims::{in_range, length, single};
use super::{Operation, Slot, Wrong, apply};
use crate::ir::{Dim, Graph, NodeId};

pub(super) static ROWS: &[Operation] = &[
    Operation {
        name: "BSpline",
        aliases: &["bspline"],
        operands: &[("knots", Slot::Formula), ("x", Slot::Formula), ("k", Slot::Integer)],
        doc: "The K − k − 1 basis splines of degree k over K knots t₀ ≤ t₁ ≤ …, at the number x; knots may be equal. All are \
              0 where x is below the first knot, or is the last one or beyond.",
        example: "BSpline(v_j, s, 1)",
        expand: |g, args| {
            let knots = length(g, args, 0)?;
            if knots < 2 {
                return Err(Wrong::Length(0, "there are at least two knots"));
            }
            let x = single(g, args, 1)?;
            let degree = in_range(args, 2, 0, knots as i64 - 2)?;
            Ok(basis_splines(g, args[0].value(), knots, x, degree as usize))
        },
    },
    Operation {
        name: "SoftDTW_SqDist",
        aliases: &["softdtw_sqdist"],
        operands: &[("x", Slot::Formula), ("y", Slot::Formula), ("gamma", Slot::Formula)],
        doc: "Soft dynamic time warping between the series x and y: −γ log Σ exp(−c/γ) over all ways to walk both from the \
              first to the last coordinate, where c is the sum of the (xₐ − y_b)² on the way and γ > 0 a number. The product of \
              the lengths is at most 100.",
        example: "SoftDTW_SqDist(x_i, y_j, s)",
        expand: |g, args| {
            let (m, n, gamma) = (length(g, args, 0)?, length(g, args, 1)?, single(g, args, 2)?);
            if m * n > MOST_CELLS {
                return Err(Wrong::Length(1, "the product of the lengths of `x` and `y` is at most 100"));
            }
            Ok(soft_time_warping(g, [args[0].value(), args[1].value()], [m, n], gamma))
        },
    },
];

/// Pairs of coordinates of two series, each of which is code with three exponentials: two series of 8 with a gradient take
/// rustc 9 s, two of 12 without one a minute.
const MOST_CELLS: usize = 100;

/// The recursion of Cox and de Boor, for all splines of a degree at once: from B₀ = [t_l ≤ x < t_(l+1)],
/// B_k,l = (x − t_l) / (t_(l+k) − t_l) B_(k−1),l + (t_(l+k+1) − x) / (t_(l+k+1) − t_(l+1)) B_(k−1),(l+1), where a quotient by 0 is 0.
fn basis_splines(g: &mut Graph, t: NodeId, knots: usize, x: NodeId, degree: usize) -> NodeId {
    let part = |g: &mut Graph, f, start, len| g.extract(f, start, &Dim::literal(len));
    let (from, to) = (part(g, t, 0, knots - 1), part(g, t, 1, knots - 1));
    let (after, before) = (apply(g, "LessOrEqual", &[from, x]), apply(g, "LessThan", &[x, to]));
    let mut basis = g.mul(vec![after, before]);
    let beyond = g.sub(x, t);
    for k in 1..=degree {
        // What lies over k knots: one more of them than there are splines of degree k.
        let spans = knots - k;
        let (from, to) = (part(g, t, 0, spans), part(g, t, k, spans));
        let width = g.sub(to, from);
        let (zero, one) = (g.integer(0), g.integer(1));
        let empty = apply(g, "Equal", &[width, zero]);
        let full = g.sub(one, empty);
        let divisor = g.add(vec![width, empty]);
        let scale = g.div(full, divisor);
        let weighted = g.mul(vec![basis, scale]);
        let (rising, falling) = (part(g, weighted, 0, spans - 1), part(g, weighted, 1, spans - 1));
        let (risen, left) = (part(g, beyond, 0, spans - 1), part(g, beyond, k + 1, spans - 1));
        let (up, down) = (g.mul(vec![risen, rising]), g.mul(vec![left, falling]));
        basis = g.sub(up, down);
    }
    basis
}

/// The least sum of costs h(a, b) up to a pair, and q(a, b) = Σ exp((h(a, b) − c)/γ) over the ways there, of costs c. From the
/// predecessors p, with m the least h(p), h(a, b) = m + (xₐ − y_b)² and q(a, b) = Σ q(p) exp((m − h(p))/γ). The value is
/// h − γ log q of the last pair. No term of q is more than 1, and that of the least way is 1: nothing overflows or vanishes.
fn soft_time_warping(g: &mut Graph, series: [NodeId; 2], [m, n]: [usize; 2], gamma: NodeId) -> NodeId {
    let one = g.integer(1);
    let scale = g.div(one, gamma);
    let [x, y] = series;
    let mut above: Vec<[NodeId; 2]> = vec![];
    for a in 0..m {
        let x = g.extract(x, a, &Dim::literal(1));
        let mut row: Vec<[NodeId; 2]> = vec![];
        for b in 0..n {
            let y = g.extract(y, b, &Dim::literal(1));
            let difference = g.sub(x, y);
            let cost = g.power(difference, 2);
            let left = b.checked_sub(1);
            let before = [above.get(b), left.map(|b| &row[b]), left.and_then(|b| above.get(b))];
            let before: Vec<[NodeId; 2]> = before.into_iter().flatten().copied().collect();
            let [least, ways] = match before[..] {
                [] => {
                    row.push([cost, one]);
                    continue;
                }
                [only] => only,
                _ => softmin(g, &before, scale),
            };
            row.push([g.add(vec![cost, least]), ways]);
        }
        above = row;
    }
    let [least, ways] = above[n - 1];
    let logarithm = apply(g, "Log", &[ways]);
    let soft = g.mul(vec![gamma, logarithm]);
    g.sub(least, soft)
}

/// The least of some h, and Σ q exp((least − h)/γ).
fn softmin(g: &mut Graph, before: &[[NodeId; 2]], scale: NodeId) -> [NodeId; 2] {
    let all = before.iter().map(|[h, _]| *h);
    let least = all.reduce(|a, b| apply(g, "Minimum", &[a, b])).expect("there are some");
    let terms = before.iter().map(|&[h, q]| {
        let excess = g.sub(least, h);
        let exponent = g.mul(vec![excess, scale]);
        let weight = apply(g, "Exp", &[exponent]);
        g.mul(vec![q, weight])
    });
    let terms: Vec<NodeId> = terms.collect();
    [least, g.add(terms)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::Operand;
    use crate::ops::testing::evaluate_operation;

    fn splines(knots: &[f64], x: f64, degree: i64) -> Result<Vec<f64>, Wrong> {
        evaluate_operation("BSpline", &[knots, &[x]], &[Operand::Integer(degree)])
    }

    #[test]
    fn splines_of_degree_0_are_indicators_and_of_degree_1_hats() {
        assert_eq!(splines(&[0.0, 1.0, 2.0], 1.0, 0), Ok(vec![0.0, 1.0]));
        assert_eq!(splines(&[0.0, 1.0, 2.0], 2.0, 0), Ok(vec![0.0, 0.0]));
        assert_eq!(splines(&[0.0, 1.0, 2.0, 4.0], 1.5, 1), Ok(vec![0.5, 0.5]));
        assert_eq!(splines(&[0.0, 1.0, 2.0, 4.0], 3.0, 1), Ok(vec![0.0, 0.5]));
    }

    #[test]
    fn cubic_splines_over_equal_knots_are_bernstein_polynomials() {
        let (knots, x) = ([0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0], 0.25f64);
        let y = 1.0 - x;
        let bernstein = vec![y * y * y, 3.0 * x * y * y, 3.0 * x * x * y, x * x * x];
        assert_eq!(splines(&knots, x, 3), Ok(bernstein));
    }

    #[test]
    fn knots_and_degrees_are_checked() {
        assert!(matches!(splines(&[0.0], 0.0, 0), Err(Wrong::Length(0, _))));
        assert_eq!(splines(&[0.0, 1.0, 2.0], 0.0, 2), Err(Wrong::Range(2, 0, 1)));
        assert_eq!(splines(&[0.0, 1.0, 2.0], 0.0, -1), Err(Wrong::Range(2, 0, 1)));
    }

    fn warping(x: &[f64], y: &[f64], gamma: f64) -> Result<f64, Wrong> {
        evaluate_operation("SoftDTW_SqDist", &[x, y, &[gamma]], &[]).map(|value| value[0])
    }

    #[test]
    fn the_ways_through_two_by_two_are_three() {
        // Costs 0, 1, 1, 0: through the corner for 0, around it for 1.
        let (gamma, value) = (0.5f64, warping(&[0.0, 1.0], &[0.0, 1.0], 0.5).unwrap());
        let expected = -gamma * (1.0 + 2.0 * (-1.0 / gamma).exp()).ln();
        assert!((value - expected).abs() < 1e-15, "{value} {expected}");
        // A small γ leaves the cheapest way, however much the others cost.
        assert_eq!(warping(&[0.0, 5.0, 9.0], &[0.0, 0.0, 5.0, 9.0], 1e-3), Ok(0.0));
        assert_eq!(warping(&[3.0], &[1.0, 2.0], 1.0), Ok(5.0));
    }

    #[test]
    fn long_series_are_refused() {
        assert!(matches!(warping(&[0.0; 17], &[0.0; 6], 1.0), Err(Wrong::Length(1, _))));
    }
}
