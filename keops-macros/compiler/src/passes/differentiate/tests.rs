//! Gradients of whole functions against central differences of the functions, and the passes they take.

use super::*;
use crate::ir::Extreme;
use crate::ir::execute::{Inputs, Table, execute};
use crate::ops::named;

/// A function put together by hand, with one stage.
struct Sketch {
    program: Program,
    outputs: Vec<Output>,
    keep: Side,
}

impl Sketch {
    fn new(keep: Side) -> Sketch {
        let program =
            Program { graph: Graph::default(), reductions: vec![], stages: vec![], results: vec![] };
        Sketch { program, outputs: vec![], keep }
    }

    fn argument(&mut self, name: &str, dim: usize) -> NodeId {
        let source = Source::Argument(self.program.graph.variables().len());
        let kind = match name.rsplit_once('_') {
            Some((_, "i")) => Kind::I,
            Some((_, "j")) => Kind::J,
            _ => Kind::Parameter,
        };
        self.program.graph.declare(Variable { name: name.to_string(), kind, dim: Dim::literal(dim), source })
    }

    fn graph(&mut self) -> &mut Graph {
        &mut self.program.graph
    }

    fn map(&mut self, name: &str, args: &[NodeId]) -> NodeId {
        self.program.graph.map(named(name), args.to_vec())
    }

    /// exp(−|x − y|² / s²)
    fn gaussian(&mut self, x: NodeId, y: NodeId, s: NodeId) -> NodeId {
        let distance = self.distance(x, y);
        let width = self.graph().power(s, 2);
        let ratio = self.graph().div(distance, width);
        let exponent = self.graph().neg(ratio);
        self.map("Exp", &[exponent])
    }

    /// |x − y|²
    fn distance(&mut self, x: NodeId, y: NodeId) -> NodeId {
        let difference = self.graph().sub(x, y);
        let square = self.graph().power(difference, 2);
        self.graph().sum(square)
    }

    fn reduce(&mut self, kind: ReductionKind, argument: NodeId, weight: Option<NodeId>) -> NodeId {
        let graph = &mut self.program.graph;
        let weight_dim = weight.map(|weight| graph.dim(weight));
        let dim = (reduction::row(kind).dim)(kind, graph.dim(argument), weight_dim);
        self.program.reductions.push(Reduction { kind, argument, weight });
        let id = ReductionId(self.program.reductions.len() as u32 - 1);
        graph.intern(Op::Reduced(id), vec![], dim)
    }

    fn sum(&mut self, argument: NodeId) -> NodeId {
        self.reduce(ReductionKind::Sum, argument, None)
    }

    fn output(&mut self, node: NodeId, kind: OutputKind) {
        let dim = self.program.graph.dim(node).clone();
        self.outputs.push(Output { nodes: vec![node], dim, kind });
    }

    /// The function with the outputs so far, and then this one, as results.
    fn returns(mut self, node: NodeId) -> Program {
        self.output(node, OutputKind::Rows);
        let results = (0..self.outputs.len()).map(|output| vec![(0, output)]).collect();
        let stage = Stage { kind: StageKind::Reduce, keep: self.keep, outputs: self.outputs };
        Program { stages: vec![stage], results, ..self.program }
    }
}

/// Numbers in (−1, 1), the same in every run.
fn draw(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1u64 << 52) as f64 - 1.0
}

const M: usize = 4;
const N: usize = 5;

fn rows(kind: Kind) -> usize {
    match kind {
        Kind::I => M,
        Kind::J => N,
        Kind::Parameter => 1,
    }
}

/// Random rows for each argument; parameters lie in (1, 2), away from the poles of 1 / s. The start of the sequence is
/// one for which no best and second best value are as close as the steps of the differences move them.
fn arguments(program: &Program) -> Vec<Vec<f64>> {
    let mut state = 11;
    let row = |variable: &Variable| {
        let len = rows(variable.kind) * variable.dim.value().unwrap();
        let offset = if variable.kind == Kind::Parameter { 1.5 } else { 0.0 };
        let scale = if variable.kind == Kind::Parameter { 0.5 } else { 1.0 };
        (0..len).map(|_| offset + scale * draw(&mut state)).collect()
    };
    program.graph.variables().iter().map(row).collect()
}

fn run(program: &Program, arguments: &[Vec<f64>]) -> Vec<Table> {
    execute(program, &Inputs { m: M, n: N, arguments })
}

/// Compares the gradient in every argument with differences, and returns the gradients.
///
/// The steps of 10⁻³, extrapolated, leave errors near 10⁻¹² times the higher derivatives, 10⁻⁷ leaves room for these.
fn check(program: &Program) -> Vec<Program> {
    let inputs = arguments(program);
    let values = |inputs: &[Vec<f64>]| -> Vec<Vec<f64>> {
        let results = run(program, inputs);
        results.into_iter().filter(|r| matches!(r, Table::Numbers(_))).map(|r| r.numbers().to_vec()).collect()
    };
    let mut state = 99;
    let seeds: Vec<Vec<f64>> =
        values(&inputs).iter().map(|result| result.iter().map(|_| draw(&mut state)).collect()).collect();
    let loss = |inputs: &[Vec<f64>]| -> f64 {
        let results = values(inputs);
        results.iter().flatten().zip(seeds.iter().flatten()).map(|(r, e)| r * e).sum()
    };
    let mut gradients = Vec::new();
    for v in 0..inputs.len() {
        let gradient = gradient(program, VariableId(v as u32));
        let all = [inputs.clone(), seeds.clone()].concat();
        let found = run(&gradient, &all);
        assert_eq!(found.len(), 1);
        let found = found[0].numbers();
        assert_eq!(found.len(), inputs[v].len());
        for k in 0..found.len() {
            let difference = |step: f64| {
                let mut moved = [inputs.clone(), inputs.clone()];
                moved[0][v][k] += step;
                moved[1][v][k] -= step;
                (loss(&moved[0]) - loss(&moved[1])) / (2.0 * step)
            };
            let expected = (4.0 * difference(5e-4) - difference(1e-3)) / 3.0;
            let name = &program.graph.variables()[v].name;
            assert!(
                (found[k] - expected).abs() <= 1e-7 * (1.0 + expected.abs()),
                "{name}, {k}: {} instead of {expected}",
                found[k]
            );
        }
        gradients.push(gradient);
    }
    gradients
}

/// The stages of each gradient: how many, and what the first one saves.
fn saved(gradients: &[Program]) -> Vec<usize> {
    let count = |gradient: &Program| {
        let saved = |v: &&Variable| matches!(v.source, Source::Saved { .. });
        gradient.graph.variables().iter().filter(saved).count()
    };
    gradients.iter().map(count).collect()
}

fn passes(gradients: &[Program]) -> Vec<usize> {
    gradients.iter().map(|gradient| gradient.stages.len()).collect()
}

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
fn chosen_values_of_a_vector() {
    let (min, max) = (Extreme::Min, Extreme::Max);
    for kind in [
        ReductionKind::Extreme(min),
        ReductionKind::Extreme(max),
        ReductionKind::Best { extreme: min, count: 3 },
        ReductionKind::Best { extreme: max, count: 2 },
    ] {
        for keep in [Side::I, Side::J] {
            let mut f = Sketch::new(keep);
            let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
            let difference = f.graph().sub(x, y);
            let square = f.graph().power(difference, 2);
            let scaled = f.graph().mul(vec![s, square]);
            let value = f.reduce(kind, scaled, None);
            let gradients = check(&f.returns(value));
            assert_eq!(passes(&gradients), [2, 2, 2]);
            assert_eq!(saved(&gradients), [0, 0, 0]);
        }
    }
}

#[test]
fn a_function_of_chosen_values() {
    let mut f = Sketch::new(Side::I);
    let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
    let distance = f.distance(x, y);
    let smallest = f.reduce(ReductionKind::Best { extreme: Extreme::Min, count: 2 }, distance, None);
    let root = f.map("Sqrt", &[smallest]);
    let scaled = f.graph().mul(vec![root, s]);
    let total = f.graph().sum(scaled);
    let gradients = check(&f.returns(total));
    // The parameter is outside of the reduction: nothing is gathered.
    assert_eq!(passes(&gradients), [2, 2, 1]);
}

#[test]
fn sums_times_chosen_values() {
    let mut f = Sketch::new(Side::I);
    let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
    let kernel = f.gaussian(x, y, s);
    let distance = f.distance(x, y);
    let scaled = f.graph().mul(vec![s, distance]);
    let (sum, min) = (f.sum(kernel), f.reduce(ReductionKind::Extreme(Extreme::Min), scaled, None));
    let max = f.reduce(ReductionKind::Extreme(Extreme::Max), kernel, None);
    let product = f.graph().mul(vec![sum, min, max]);
    let gradients = check(&f.returns(product));
    for gradient in &gradients {
        assert_eq!(gradient.results[0].len(), 3, "all pairs, the smallest, the largest");
    }
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

/// A reduction of each kind with two coordinates, of formulas in x, y and s.
fn of_each_kind(f: &mut Sketch, x: NodeId, y: NodeId, s: NodeId, kind: usize) -> NodeId {
    let product = f.graph().mul(vec![x, y, s]);
    let (dot, sine) = (f.graph().sum(product), f.map("Sin", &[product]));
    let extreme = Extreme::Max;
    match kind {
        0 => f.sum(sine),
        1 => f.reduce(ReductionKind::LogSumExp, sine, None),
        2 => {
            let weight = f.map("Exp", &[sine]);
            f.reduce(ReductionKind::LogSumExp, dot, Some(weight))
        }
        3 => f.reduce(ReductionKind::SumSoftMaxWeight, dot, Some(sine)),
        4 => f.reduce(ReductionKind::Extreme(extreme), sine, None),
        _ => f.reduce(ReductionKind::Best { extreme, count: 2 }, dot, None),
    }
}

#[test]
fn any_two_reductions_in_one_expression() {
    for (first, second) in (0..36).map(|n| (n / 6, n % 6)) {
        for keep in [Side::I, Side::J] {
            let mut f = Sketch::new(keep);
            let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
            let one = of_each_kind(&mut f, x, y, s, first);
            let shifted = f.graph().add(vec![y, s]);
            let two = of_each_kind(&mut f, x, shifted, s, second);
            // tanh(R) R' + x R'_0, or with y where the rows are those of y.
            let tanh = f.map("Tanh", &[one]);
            let kept = if keep == Side::I { x } else { y };
            let coordinate = f.graph().extract(two, 0, &Dim::literal(1));
            let outside = f.graph().mul(vec![kept, coordinate]);
            let product = f.graph().mul(vec![tanh, two]);
            let result = f.graph().add(vec![product, outside]);
            check(&f.returns(result));
        }
    }
}

#[test]
fn several_results_and_indices() {
    let mut f = Sketch::new(Side::I);
    let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
    let distance = f.distance(x, y);
    let scaled = f.graph().mul(vec![s, distance]);
    let extreme = Extreme::Min;
    let smallest = f.reduce(ReductionKind::Best { extreme, count: 2 }, scaled, None);
    let indices = f.reduce(ReductionKind::BestPosition { extreme, count: 2 }, scaled, None);
    let kernel = f.gaussian(x, y, s);
    let sum = f.sum(kernel);
    f.output(smallest, OutputKind::Rows);
    f.output(indices, OutputKind::Indices);
    let gradients = check(&f.returns(sum));
    let seeds: Vec<(&str, usize)> = gradients[0].graph.variables()[3..5]
        .iter()
        .map(|seed| (seed.name.as_str(), seed.dim.value().unwrap()))
        .collect();
    assert_eq!(seeds, [("e_1", 2), ("e_2", 1)]);
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

#[test]
fn an_argument_that_is_not_used_has_gradient_zero() {
    let mut f = Sketch::new(Side::I);
    let (x, _) = (f.argument("x_i", 2), f.argument("y_j", 3));
    f.argument("s", 2);
    let sum = f.sum(x);
    let gradients = check(&f.returns(sum));
    assert!(gradients[1].reductions.is_empty() && gradients[2].reductions.is_empty());
    assert_eq!(gradients[2].stages[0].outputs[0].kind, OutputKind::Total);
}

#[test]
fn a_seed_is_renamed_where_its_name_is_taken() {
    let mut f = Sketch::new(Side::I);
    let (x, y) = (f.argument("x_i", 1), f.argument("y_j", 1));
    let e = f.argument("e", 1);
    let product = f.graph().mul(vec![x, y, e]);
    let sum = f.sum(product);
    let gradients = check(&f.returns(sum));
    assert_eq!(gradients[0].graph.variables()[3].name, "seed");
}

/// f where `mask` is 0, −inf elsewhere.
fn masked(f: &mut Sketch, value: NodeId, mask: NodeId) -> NodeId {
    let huge = f.graph().constant(crate::number::Number::from_f64(-1e300));
    let infinite = f.graph().mul(vec![huge, mask]);
    f.graph().add(vec![value, infinite])
}

#[test]
fn rows_with_nothing_but_minus_infinity_have_gradient_zero() {
    for kind in [ReductionKind::LogSumExp, ReductionKind::SumSoftMaxWeight] {
        let mut f = Sketch::new(Side::I);
        let (x, y, mask) = (f.argument("x_i", 1), f.argument("y_j", 1), f.argument("mask_i", 1));
        let product = f.graph().mul(vec![x, y]);
        let exponent = masked(&mut f, product, mask);
        let weight = (kind == ReductionKind::SumSoftMaxWeight).then_some(y);
        let value = f.reduce(kind, exponent, weight);
        let program = f.returns(value);
        let mut inputs = arguments(&program);
        // 10³⁰⁰ times this overflows: the whole row is −inf.
        inputs[2] = vec![0.0, 1e30, 0.0, 0.0];
        let seeds = vec![1.0, 1.0, 1.0, 1.0];
        for v in [0, 1] {
            let found =
                run(&gradient(&program, VariableId(v)), &[inputs.clone(), vec![seeds.clone()]].concat());
            let found = found[0].numbers();
            assert!(found.iter().all(|number| number.is_finite()), "{found:?}");
            if v == 0 {
                assert_eq!(found[1], 0.0);
                assert_ne!(found[0], 0.0);
            }
        }
    }
}

#[test]
fn nothing_chosen_contributes_nothing() {
    let mut f = Sketch::new(Side::I);
    let (x, y) = (f.argument("x_i", 1), f.argument("y_j", 1));
    let product = f.graph().mul(vec![x, y]);
    let best = f.reduce(ReductionKind::Best { extreme: Extreme::Max, count: 3 }, product, None);
    let program = f.returns(best);
    // N = 2 < K, and one row of x is NaN: only the pairs there are count.
    let inputs = [vec![1.0, f64::NAN], vec![2.0, 5.0], vec![1.0, 10.0, 100.0, 1.0, 10.0, 100.0]];
    let gradient_in_y = gradient(&program, VariableId(1));
    let found = execute(&gradient_in_y, &Inputs { m: 2, n: 2, arguments: &inputs });
    assert_eq!(found[0].numbers(), [10.0, 1.0]);
}

#[test]
fn over_no_points_gradients_are_zero() {
    // Each of them is infinite, NaN or an error over no points.
    let results: [fn(&mut Sketch, NodeId, NodeId) -> NodeId; 6] = [
        |f, kernel, _| f.reduce(ReductionKind::Extreme(Extreme::Min), kernel, None),
        |f, kernel, _| f.reduce(ReductionKind::LogSumExp, kernel, None),
        |f, kernel, y| f.reduce(ReductionKind::SumSoftMaxWeight, kernel, Some(y)),
        |f, kernel, _| {
            let (sum, count) = (f.sum(kernel), f.graph().intern(Op::Count, vec![], Dim::literal(1)));
            f.graph().div(sum, count)
        },
        |f, kernel, y| {
            let product = f.graph().mul(vec![kernel, y]);
            let (above, below) = (f.sum(product), f.sum(kernel));
            f.graph().div(above, below)
        },
        |f, kernel, y| {
            let product = f.graph().mul(vec![kernel, y]);
            let sum = f.sum(product);
            let square = f.graph().dot(sum, sum);
            f.map("Log", &[square])
        },
    ];
    for result in results {
        let mut f = Sketch::new(Side::I);
        let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
        let kernel = f.gaussian(x, y, s);
        let value = result(&mut f, kernel, y);
        let dim = f.graph().dim(value).value().unwrap();
        let program = f.returns(value);
        for (m, n) in [(3, 0), (0, 3), (0, 0)] {
            let all = [m * 2, n * 2, 1, m * dim].map(|len| vec![1.0; len]);
            for (v, len) in [m * 2, n * 2, 1].into_iter().enumerate() {
                let gradient = gradient(&program, VariableId(v as u32));
                let found = execute(&gradient, &Inputs { m, n, arguments: &all });
                assert_eq!(found[0].numbers(), vec![0.0; len]);
            }
        }
    }
}
