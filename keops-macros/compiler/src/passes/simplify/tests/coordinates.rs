//! Left sides and right sides of the rules across coordinates.

use super::{becomes, c, d, map, multiple, stays};
use crate::ir::{Contraction, Extreme};

#[test]
fn sums_of_coordinates() {
    becomes(
        |g, [_, _, s, ..]| {
            let filled = g.fill(s, &d(3));
            g.sum(filled)
        },
        |g, [_, _, s, ..]| multiple(g, 3, s),
    );
    becomes(
        |g, [x, y, s, ..]| {
            let two = c(g, 2);
            let product = g.mul(vec![two, x, s, y]);
            g.sum(product)
        },
        |g, [x, y, s, ..]| {
            let (two, dot) = (c(g, 2), g.dot(x, y));
            g.mul(vec![two, s, dot])
        },
    );
    becomes(
        |g, [x, ..]| {
            let padded = g.pad(x, 1, 1, &d(5));
            g.sum(padded)
        },
        |g, [x, ..]| g.sum(x),
    );
}

#[test]
fn slices() {
    becomes(
        |g, [_, _, _, _, u]| {
            let inner = g.extract(u, 1, &d(3));
            g.extract_step(inner, 0, 2, &d(2))
        },
        |g, [_, _, _, _, u]| g.extract_step(u, 1, 2, &d(2)),
    );
    becomes(
        |g, [x, _, s, _, u]| {
            let all = g.concat(vec![x, s, u]);
            g.extract(all, 2, &d(4))
        },
        |g, [x, _, s, _, u]| {
            let (last, first) = (g.extract(x, 2, &d(1)), g.extract(u, 0, &d(2)));
            g.concat(vec![last, s, first])
        },
    );
    // Every second coordinate of (x₀, x₁, x₂, s, u₀, u₁, u₂, u₃) from the second on
    becomes(
        |g, [x, _, s, _, u]| {
            let all = g.concat(vec![x, s, u]);
            g.extract_step(all, 1, 2, &d(4))
        },
        |g, [x, _, s, _, u]| {
            let (first, last) = (g.extract(x, 1, &d(1)), g.extract_step(u, 1, 2, &d(2)));
            g.concat(vec![first, s, last])
        },
    );
    // (0, x₀, 0, x₁, 0, x₂, 0): the slice of all the odd places, of the even ones, and of places 3 to 6
    becomes(
        |g, [x, ..]| {
            let padded = g.pad(x, 1, 2, &d(7));
            g.extract_step(padded, 1, 2, &d(3))
        },
        |_, [x, ..]| x,
    );
    becomes(
        |g, [x, ..]| {
            let padded = g.pad(x, 1, 2, &d(7));
            g.extract_step(padded, 0, 2, &d(4))
        },
        |g, _| g.zeros(&d(4)),
    );
    becomes(
        |g, [x, ..]| {
            let padded = g.pad(x, 1, 2, &d(7));
            g.extract(padded, 3, &d(4))
        },
        |g, [x, ..]| {
            let taken = g.extract(x, 1, &d(2));
            g.pad(taken, 0, 2, &d(4))
        },
    );
    becomes(
        |g, [_, _, s, ..]| {
            let filled = g.fill(s, &d(3));
            g.extract(filled, 1, &d(2))
        },
        |g, [_, _, s, ..]| g.fill(s, &d(2)),
    );
    becomes(
        |g, [x, ..]| {
            let padded = g.pad(x, 1, 1, &d(5));
            g.pad(padded, 2, 3, &d(15))
        },
        |g, [x, ..]| g.pad(x, 5, 3, &d(15)),
    );
}

#[test]
fn slices_move_before_arithmetic() {
    // (exp(s x) + y)[1] → exp(s x[1]) + y[1]
    becomes(
        |g, [x, y, s, ..]| {
            let product = g.mul(vec![s, x]);
            let exp = map(g, "Exp", &[product]);
            let sum = g.add(vec![exp, y]);
            g.extract(sum, 1, &d(1))
        },
        |g, [x, y, s, ..]| {
            let (x, y) = (g.extract(x, 1, &d(1)), g.extract(y, 1, &d(1)));
            let product = g.mul(vec![s, x]);
            let exp = map(g, "Exp", &[product]);
            g.add(vec![exp, y])
        },
    );
    // Wanted whole as well, or in slices that overlap: computed once.
    stays(|g, [x, ..]| {
        let exp = map(g, "Exp", &[x]);
        let first = g.extract(exp, 0, &d(1));
        g.mul(vec![first, exp])
    });
    stays(|g, [x, ..]| {
        let exp = map(g, "Exp", &[x]);
        let (a, b) = (g.extract(exp, 1, &d(2)), g.extract(exp, 0, &d(2)));
        g.sub(a, b)
    });
}

#[test]
fn complex_numbers_come_apart() {
    // re(z · w) for interleaved z = u and w = u: u₀² − u₁², u₂² − u₃²
    becomes(
        |g, [_, _, _, _, u]| {
            let (re, im) = (g.extract_step(u, 0, 2, &d(2)), g.extract_step(u, 1, 2, &d(2)));
            let (rr, ii, ri) = (g.mul(vec![re, re]), g.mul(vec![im, im]), g.mul(vec![re, im]));
            let (real, imaginary) = (g.sub(rr, ii), g.add(vec![ri, ri]));
            let parts = [g.pad(real, 0, 2, &d(4)), g.pad(imaginary, 1, 2, &d(4))];
            let product = g.add(parts.to_vec());
            g.extract_step(product, 0, 2, &d(2))
        },
        |g, [_, _, _, _, u]| {
            let (re, im) = (g.extract_step(u, 0, 2, &d(2)), g.extract_step(u, 1, 2, &d(2)));
            let (rr, ii) = (g.power(re, 2), g.power(im, 2));
            g.sub(rr, ii)
        },
    );
}

#[test]
fn concatenations() {
    becomes(
        |g, [x, y, s, ..]| {
            let inner = g.concat(vec![y, s]);
            g.concat(vec![x, inner])
        },
        |g, [x, y, s, ..]| g.concat(vec![x, y, s]),
    );
    becomes(
        |g, [_, _, s, _, u]| {
            let parts = [g.extract(u, 0, &d(1)), g.extract(u, 1, &d(2)), s, g.extract(u, 3, &d(1))];
            g.concat(parts.to_vec())
        },
        |g, [_, _, s, _, u]| {
            let parts = [g.extract(u, 0, &d(3)), s, g.extract(u, 3, &d(1))];
            g.concat(parts.to_vec())
        },
    );
    becomes(
        |g, [_, _, _, _, u]| {
            let parts = [0, 1, 2, 3].map(|k| g.extract(u, k, &d(1)));
            g.concat(parts.to_vec())
        },
        |_, [_, _, _, _, u]| u,
    );
    becomes(
        |g, [x, _, s, ..]| {
            let filled = g.fill(s, &d(2));
            g.concat(vec![x, s, filled])
        },
        |g, [x, _, s, ..]| {
            let filled = g.fill(s, &d(3));
            g.concat(vec![x, filled])
        },
    );
}

#[test]
fn tensors_and_positions() {
    fn matrix() -> Contraction {
        Contraction {
            left: vec![1, 3],
            right: vec![3],
            left_axes: vec![1],
            right_axes: vec![0],
            order: vec![0],
        }
    }
    becomes(
        |g, [x, y, s, ..]| {
            let scaled = g.mul(vec![s, y]);
            g.contract(matrix(), x, scaled)
        },
        |g, [x, y, s, ..]| {
            let product = g.contract(matrix(), x, y);
            g.mul(vec![s, product])
        },
    );
    becomes(
        |g, [x, ..]| {
            let zeros = g.zeros(&d(3));
            g.contract(matrix(), x, zeros)
        },
        |g, _| c(g, 0),
    );
    becomes(
        |g, [x, ..]| {
            let two = c(g, 2);
            let hot = g.one_hot(two, &d(3));
            g.dot(x, hot)
        },
        |g, [x, ..]| g.extract(x, 2, &d(1)),
    );
    becomes(
        |g, _| {
            let three = c(g, 3);
            g.one_hot(three, &d(3))
        },
        |g, _| g.zeros(&d(3)),
    );
    stays(|g, [x, ..]| g.position(Extreme::Max, x));
}
