//! Gradients of whole functions against central differences of the functions, and the passes they take.

mod all_pairs;
mod chosen;
mod edges;
mod mixed;

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
        let program = Program {
            graph: Graph::default(),
            reductions: vec![],
            stages: vec![],
            results: vec![],
            fast_maths: false,
        };
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
        let gradient = gradient(program, VariableId(v as u32), &[]);
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
