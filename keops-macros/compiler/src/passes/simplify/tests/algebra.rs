//! Left sides and right sides of the rules for products, powers, terms and functions.

use super::{becomes, c, d, map, multiple, program, simplify, stays, variables};
use crate::ast::Kind;
use crate::ir::print::print;
use crate::ir::{Source, Variable};
use crate::number::Number;

#[test]
fn constants() {
    // 2/3 − 1 → −1/3
    becomes(
        |g, _| {
            let (two, three, one) = (c(g, 2), c(g, 3), c(g, 1));
            let quotient = g.div(two, three);
            g.sub(quotient, one)
        },
        |g, _| g.constant(Number::rational(-1, 3)),
    );
    // 1/0 and log 0 are left to the data's arithmetic.
    stays(|g, _| {
        let zero = c(g, 0);
        g.power(zero, -1)
    });
    stays(|g, _| {
        let zero = c(g, 0);
        map(g, "Log", &[zero])
    });
    becomes(
        |g, _| {
            let zero = c(g, 0);
            map(g, "Exp", &[zero])
        },
        |g, _| c(g, 1),
    );
}

#[test]
fn products() {
    // 0 · x → 0
    becomes(|g, [x, ..]| multiple(g, 0, x), |g, _| g.zeros(&d(3)));
    // −(−x) → x
    becomes(
        |g, [x, ..]| {
            let minus = g.neg(x);
            g.neg(minus)
        },
        |_, [x, ..]| x,
    );
    // x · 2 · y · (3 · s) → 6 · x · y · s
    becomes(
        |g, [x, y, s, ..]| {
            let (two, inner) = (c(g, 2), multiple(g, 3, s));
            g.mul(vec![x, two, y, inner])
        },
        |g, [x, y, s, ..]| {
            let six = c(g, 6);
            g.mul(vec![six, x, y, s])
        },
    );
    // 1/2 · x · 2 → x
    becomes(
        |g, [x, ..]| {
            let (half, two) = (g.constant(Number::rational(1, 2)), c(g, 2));
            g.mul(vec![half, x, two])
        },
        |_, [x, ..]| x,
    );
    // fill(s) · x → s · x, fill(s) · fill(t) → fill(s · t)
    becomes(
        |g, [x, _, s, ..]| {
            let filled = g.fill(s, &d(3));
            g.mul(vec![filled, x])
        },
        |g, [x, _, s, ..]| g.mul(vec![s, x]),
    );
    becomes(
        |g, [_, _, s, t, _]| {
            let (a, b) = (g.fill(s, &d(3)), g.fill(t, &d(3)));
            g.mul(vec![a, b])
        },
        |g, [_, _, s, t, _]| {
            let product = g.mul(vec![s, t]);
            g.fill(product, &d(3))
        },
    );
    // pad(s) · x → pad(s · x[1])
    becomes(
        |g, [x, _, s, ..]| {
            let padded = g.pad(s, 1, 1, &d(3));
            g.mul(vec![x, padded])
        },
        |g, [x, _, s, ..]| {
            let coordinate = g.extract(x, 1, &d(1));
            let product = g.mul(vec![coordinate, s]);
            g.pad(product, 1, 1, &d(3))
        },
    );
}

#[test]
fn nested_products_are_flattened_unless_shared() {
    becomes(
        |g, [x, y, s, ..]| {
            let inner = g.mul(vec![y, s]);
            g.mul(vec![x, inner])
        },
        |g, [x, y, s, ..]| g.mul(vec![x, y, s]),
    );
    stays(|g, [x, y, s, ..]| {
        let inner = g.mul(vec![y, s]);
        let (one, other) = (g.mul(vec![x, inner]), map(g, "Sin", &[inner]));
        g.concat(vec![one, other])
    });
}

#[test]
fn powers() {
    // x · y · x → x² · y, and x² · x³ → x⁵
    becomes(
        |g, [x, y, ..]| g.mul(vec![x, y, x]),
        |g, [x, y, ..]| {
            let square = g.power(x, 2);
            g.mul(vec![square, y])
        },
    );
    becomes(
        |g, [x, ..]| {
            let (a, b) = (g.power(x, 2), g.power(x, 3));
            g.mul(vec![a, b])
        },
        |g, [x, ..]| g.power(x, 5),
    );
    becomes(
        |g, [x, ..]| {
            let reciprocal = g.power(x, -1);
            g.mul(vec![reciprocal, reciprocal])
        },
        |g, [x, ..]| g.power(x, -2),
    );
    // x · x⁻¹ is not 1 at 0.
    stays(|g, [x, ..]| g.div(x, x));
    becomes(
        |g, [x, ..]| {
            let square = g.power(x, 2);
            g.power(square, -3)
        },
        |g, [x, ..]| g.power(x, -6),
    );
    becomes(
        |g, [x, ..]| {
            let reciprocal = g.power(x, -1);
            g.power(reciprocal, -1)
        },
        |_, [x, ..]| x,
    );
    // (−x)² → x², (2 x y)⁻¹ → 1/2 (x y)⁻¹
    becomes(
        |g, [x, ..]| {
            let minus = g.neg(x);
            g.power(minus, 2)
        },
        |g, [x, ..]| g.power(x, 2),
    );
    becomes(
        |g, [x, y, ..]| {
            let two = c(g, 2);
            let product = g.mul(vec![two, x, y]);
            g.power(product, -1)
        },
        |g, [x, y, ..]| {
            let half = g.constant(Number::rational(1, 2));
            let product = g.mul(vec![x, y]);
            let reciprocal = g.power(product, -1);
            g.mul(vec![half, reciprocal])
        },
    );
    // |x|⁴ → x⁴ and √(x²) → |x|
    becomes(
        |g, [x, ..]| {
            let abs = map(g, "Abs", &[x]);
            g.power(abs, 4)
        },
        |g, [x, ..]| g.power(x, 4),
    );
    becomes(
        |g, [x, ..]| {
            let square = g.power(x, 2);
            map(g, "Sqrt", &[square])
        },
        |g, [x, ..]| map(g, "Abs", &[x]),
    );
}

#[test]
fn terms() {
    becomes(
        |g, [x, y, ..]| {
            let zero = c(g, 0);
            g.add(vec![x, zero, y])
        },
        |g, [x, y, ..]| g.add(vec![x, y]),
    );
    // 0 of dimension 3 plus a number is three numbers.
    becomes(
        |g, [_, _, s, ..]| {
            let zeros = g.zeros(&d(3));
            g.add(vec![zeros, s])
        },
        |g, [_, _, s, ..]| g.fill(s, &d(3)),
    );
    becomes(
        |g, [x, ..]| {
            let (one, two) = (c(g, 1), c(g, 2));
            g.add(vec![one, two, x])
        },
        |g, [x, ..]| {
            let three = c(g, 3);
            g.add(vec![three, x])
        },
    );
    // x − x → 0, 2 x + 3 x → 5 x
    becomes(|g, [x, ..]| g.sub(x, x), |g, _| g.zeros(&d(3)));
    becomes(
        |g, [x, ..]| {
            let (a, b) = (multiple(g, 2, x), multiple(g, 3, x));
            g.add(vec![a, b])
        },
        |g, [x, ..]| multiple(g, 5, x),
    );
    // s y + x − x − s y → 0
    becomes(
        |g, [x, y, s, ..]| {
            let product = g.mul(vec![s, y]);
            let (a, b) = (g.neg(x), g.neg(product));
            g.add(vec![product, x, a, b])
        },
        |g, _| g.zeros(&d(3)),
    );
    // fill(s) + x → s + x
    becomes(
        |g, [x, _, s, ..]| {
            let filled = g.fill(s, &d(3));
            g.add(vec![filled, x])
        },
        |g, [x, _, s, ..]| g.add(vec![s, x]),
    );
}

#[test]
fn the_order_of_terms_is_kept() {
    // x + y − x: what is lost of x by adding y is meant to be lost.
    stays(|g, [x, y, ..]| {
        let minus = g.neg(x);
        g.add(vec![x, y, minus])
    });
    // x + (y + s) and x + 1 + 2
    stays(|g, [x, y, s, ..]| {
        let inner = g.add(vec![y, s]);
        g.add(vec![x, inner])
    });
    stays(|g, [x, ..]| {
        let (one, two) = (c(g, 1), c(g, 2));
        g.add(vec![x, one, two])
    });
    // Σ (x − y)² is not taken apart.
    stays(|g, [x, y, ..]| {
        let difference = g.sub(x, y);
        let square = g.power(difference, 2);
        g.sum(square)
    });
}

#[test]
fn exponentials_are_merged_where_that_saves_one() {
    becomes(
        |g, [x, y, s, ..]| {
            let (a, b) = (map(g, "Exp", &[x]), map(g, "Exp", &[y]));
            g.mul(vec![a, s, b])
        },
        |g, [x, y, s, ..]| {
            let sum = g.add(vec![x, y]);
            let exp = map(g, "Exp", &[sum]);
            g.mul(vec![exp, s])
        },
    );
    stays(|g, [x, y, s, ..]| {
        let (a, b) = (map(g, "Exp", &[x]), map(g, "Exp", &[y]));
        let product = g.mul(vec![a, s, b]);
        g.add(vec![product, a])
    });
    // exp(x) exp(z) for a z that changes with j: both are computed outside the loop over pairs.
    let (mut graph, [x, ..]) = variables();
    let source = Source::Argument(5);
    let z = graph.declare(Variable { name: "z".into(), kind: Kind::J, dim: d(3), source });
    let (a, b) = (map(&mut graph, "Exp", &[x]), map(&mut graph, "Exp", &[z]));
    let product = graph.mul(vec![a, b]);
    let before = program(graph, &[product]);
    assert_eq!(print(&simplify(before.clone())), print(&before));
}

#[test]
fn functions() {
    becomes(
        |g, [x, ..]| {
            let three = c(g, 3);
            map(g, "Powf", &[x, three])
        },
        |g, [x, ..]| g.power(x, 3),
    );
    becomes(
        |g, [x, ..]| {
            let half = g.constant(Number::rational(1, 2));
            map(g, "Powf", &[x, half])
        },
        |g, [x, ..]| {
            let half = g.constant(Number::rational(1, 2));
            map(g, "Powf", &[x, half])
        },
    );
    becomes(
        |g, [x, ..]| {
            let two = c(g, 2);
            map(g, "Powf", &[two, x])
        },
        |g, [x, ..]| map(g, "Exp2", &[x]),
    );
    becomes(
        |g, [x, _, s, ..]| {
            let zero = c(g, 0);
            map(g, "IfElse", &[zero, s, x])
        },
        |g, [_, _, s, ..]| g.fill(s, &d(3)),
    );
    becomes(
        |g, [x, _, s, t, _]| {
            let minus = c(g, -1);
            let inner = map(g, "IfElse", &[minus, s, t]);
            map(g, "IfElse", &[x, inner, t])
        },
        |g, [_, _, _, t, _]| g.fill(t, &d(3)),
    );
    // |−2 x²| → 2 x²
    becomes(
        |g, [x, ..]| {
            let square = g.power(x, 2);
            let product = multiple(g, -2, square);
            map(g, "Abs", &[product])
        },
        |g, [x, ..]| {
            let square = g.power(x, 2);
            multiple(g, 2, square)
        },
    );
    becomes(
        |g, [x, _, s, ..]| {
            let filled = g.fill(s, &d(3));
            map(g, "Maximum", &[x, filled])
        },
        |g, [x, _, s, ..]| map(g, "Maximum", &[x, s]),
    );
}
