//! Sums, log-sum-exps, soft-maxes and what is made of them.

use super::*;

#[test]
fn a_gaussian_sum_is_one_pass_in_every_argument() {
    let mut f = Sketch::new(Side::I);
    let (x, y) = (f.argument("x_i", 3), f.argument("y_j", 3));
    let (b, s) = (f.argument("b_j", 2), f.argument("s", 1));
    let kernel = f.gaussian(x, y, s);
    let product = f.graph().mul(vec![kernel, b]);
    let sum = f.sum(product);
    let gradients = check(&f.returns(sum));
    assert_eq!(passes(&gradients), [1, 1, 1, 1]);
    assert_eq!(saved(&gradients), [0, 0, 0, 0]);
    for gradient in &gradients {
        assert_eq!(gradient.reductions.len(), 1);
    }
    let sides: Vec<Side> = gradients.iter().map(|gradient| gradient.stages[0].keep).collect();
    assert_eq!(sides, [Side::I, Side::J, Side::J, Side::I]);
    assert_eq!(gradients[3].stages[0].outputs[0].kind, OutputKind::Total);
    let seed = gradients[0].graph.variables().last().unwrap();
    assert_eq!((seed.name.as_str(), seed.kind, seed.source), ("e", Kind::I, Source::Argument(4)));
    assert_eq!(seed.dim, Dim::literal(2));
}

#[test]
fn results_on_the_j_side() {
    let mut f = Sketch::new(Side::J);
    let (x, y) = (f.argument("x_i", 2), f.argument("y_j", 2));
    let (b, s) = (f.argument("b_i", 1), f.argument("s", 1));
    let kernel = f.gaussian(x, y, s);
    let product = f.graph().mul(vec![kernel, b]);
    let sum = f.sum(product);
    let gradients = check(&f.returns(sum));
    assert_eq!(passes(&gradients), [1, 1, 1, 1]);
    assert_eq!(gradients[0].graph.variables()[4].kind, Kind::J);
}

#[test]
fn log_sum_exp_of_a_vector() {
    let mut f = Sketch::new(Side::I);
    let (x, y, s) = (f.argument("x_i", 3), f.argument("y_j", 3), f.argument("s", 1));
    let product = f.graph().mul(vec![x, y]);
    let exponent = f.graph().div(product, s);
    let value = f.reduce(ReductionKind::LogSumExp, exponent, None);
    let gradients = check(&f.returns(value));
    assert_eq!(passes(&gradients), [2, 2, 2]);
    assert_eq!(saved(&gradients), [1, 1, 1]);
}

#[test]
fn log_sum_exp_with_a_weight() {
    let mut f = Sketch::new(Side::I);
    let (x, y, b) = (f.argument("x_i", 3), f.argument("y_j", 3), f.argument("b_j", 2));
    let exponent = f.graph().dot(x, y);
    let weight = f.graph().power(b, 2);
    let value = f.reduce(ReductionKind::LogSumExp, exponent, Some(weight));
    check(&f.returns(value));
}

#[test]
fn soft_max_attention() {
    for keep in [Side::I, Side::J] {
        let mut f = Sketch::new(keep);
        let (q, k, v) = match keep {
            Side::I => (f.argument("q_i", 3), f.argument("k_j", 3), f.argument("v_j", 2)),
            Side::J => (f.argument("q_j", 3), f.argument("k_i", 3), f.argument("v_i", 2)),
        };
        let t = f.argument("t", 1);
        let dot = f.graph().dot(q, k);
        let score = f.graph().div(dot, t);
        let value = f.reduce(ReductionKind::SumSoftMaxWeight, score, Some(v));
        let gradients = check(&f.returns(value));
        // In what belongs to the rows, the gradient is a soft-max as well.
        assert_eq!(passes(&gradients), [1, 2, 2, 1]);
        // The values' gradient needs the log-sum-exp only, that in k the mean of ⟨e, v⟩ as well.
        assert_eq!(saved(&gradients), [0, 2, 1, 0]);
    }
}

#[test]
fn a_quotient_of_sums() {
    let mut f = Sketch::new(Side::I);
    let (x, y) = (f.argument("x_i", 2), f.argument("y_j", 2));
    let (b, s) = (f.argument("b_j", 2), f.argument("s", 1));
    let kernel = f.gaussian(x, y, s);
    let product = f.graph().mul(vec![kernel, b]);
    let (above, below) = (f.sum(product), f.sum(kernel));
    let quotient = f.graph().div(above, below);
    let gradients = check(&f.returns(quotient));
    assert_eq!(passes(&gradients), [1, 2, 2, 1]);
}

#[test]
fn a_second_pass_is_cheaper_than_many_sums() {
    for (dim, expected) in [(5, 1), (6, 2)] {
        let mut f = Sketch::new(Side::I);
        let (x, y) = (f.argument("x_i", dim), f.argument("y_j", dim));
        let product = f.graph().mul(vec![x, y]);
        let dot = f.graph().sum(product);
        let powers = [1, 2, 3].map(|n| f.graph().power(dot, n));
        let sums = powers.map(|power| f.sum(power));
        let result = f.graph().mul(sums.to_vec());
        let gradients = check(&f.returns(result));
        assert_eq!(passes(&gradients), [expected, 2]);
    }
}

#[test]
fn sums_with_the_same_seed_are_one_sum() {
    let mut f = Sketch::new(Side::I);
    let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
    let (kernel, distance) = (f.gaussian(x, y, s), f.distance(x, y));
    let (one, two) = (f.sum(kernel), f.sum(distance));
    let result = f.graph().sub(one, two);
    for gradient in check(&f.returns(result)) {
        assert_eq!((gradient.stages.len(), gradient.reductions.len()), (1, 1));
    }
}

#[test]
fn log_sum_exp_of_a_number() {
    let mut f = Sketch::new(Side::I);
    let (x, y, s) = (f.argument("x_i", 3), f.argument("y_j", 3), f.argument("s", 1));
    let distance = f.distance(x, y);
    let exponent = f.graph().div(distance, s);
    let exponent = f.graph().neg(exponent);
    let value = f.reduce(ReductionKind::LogSumExp, exponent, None);
    let square = f.graph().power(value, 2);
    let gradients = check(&f.returns(square));
    assert_eq!(passes(&gradients), [1, 2, 1]);
}

#[test]
fn what_stands_outside_of_the_reductions() {
    let mut f = Sketch::new(Side::I);
    let (x, y) = (f.argument("x_i", 2), f.argument("y_j", 2));
    let (c, s) = (f.argument("c_i", 1), f.argument("s", 1));
    let kernel = f.gaussian(x, y, s);
    let product = f.graph().mul(vec![kernel, y]);
    let (above, below) = (f.sum(product), f.sum(kernel));
    // s Σ k y / Σ k − x + sin(c) Σ k
    let mean = f.graph().div(above, below);
    let mean = f.graph().mul(vec![s, mean]);
    let sine = f.map("Sin", &[c]);
    let extra = f.graph().mul(vec![sine, below]);
    let shift = f.graph().sub(mean, x);
    let result = f.graph().add(vec![shift, extra]);
    let gradients = check(&f.returns(result));
    // c_i is not in the formula: its gradient is cos(c) Σ k, without anything saved.
    assert_eq!(passes(&gradients)[2], 1);
}

#[test]
fn a_mean() {
    let mut f = Sketch::new(Side::I);
    let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
    let kernel = f.gaussian(x, y, s);
    let sum = f.sum(kernel);
    let count = f.graph().intern(Op::Count, vec![], Dim::literal(1));
    let mean = f.graph().div(sum, count);
    let gradients = check(&f.returns(mean));
    // Kept on the other side, N would be M: there e / N is saved.
    assert_eq!(passes(&gradients), [1, 2, 1]);
    assert_eq!(saved(&gradients), [0, 1, 0]);
}

#[test]
fn the_norm_of_a_sum() {
    let mut f = Sketch::new(Side::I);
    let (x, y, s) = (f.argument("x_i", 3), f.argument("y_j", 3), f.argument("s", 1));
    let kernel = f.gaussian(x, y, s);
    let product = f.graph().mul(vec![kernel, y]);
    let sum = f.sum(product);
    let square = f.graph().dot(sum, sum);
    let norm = f.map("Sqrt", &[square]);
    check(&f.returns(norm));
}

#[test]
fn a_total_over_both_sides() {
    let mut f = Sketch::new(Side::I);
    let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
    let kernel = f.gaussian(x, y, s);
    let sum = f.sum(kernel);
    let mut program = f.returns(sum);
    program.stages[0].outputs[0].kind = OutputKind::Total;
    let gradients = check(&program);
    assert_eq!(passes(&gradients), [1, 1, 1]);
    assert_eq!(gradients[1].graph.variables()[3].kind, Kind::Parameter);
}
