//! Every rule by an example, and all of them on random expressions.

mod algebra;
mod coordinates;
mod random;

use super::simplify;
use crate::ast::Kind;
use crate::ir::execute::{Inputs, execute};
use crate::ir::print::print;
use crate::ir::verify::verify;
use crate::ir::{
    Dim, Graph, NodeId, Op, Output, OutputKind, Program, Reduction, ReductionId, ReductionKind, Side, Source,
    Stage, StageKind, Variable,
};
use crate::ops::named;

/// The variables of all tests: name and dimension.
const VARIABLES: [(&str, usize); 5] = [("x", 3), ("y", 3), ("s", 1), ("t", 1), ("u", 4)];

/// An empty graph with the variables, and their nodes.
fn variables() -> (Graph, [NodeId; 5]) {
    let mut graph = Graph::default();
    let mut number = 0;
    let nodes = VARIABLES.map(|(name, dim)| {
        number += 1;
        let dim = Dim::literal(dim);
        graph.declare(Variable {
            name: name.into(),
            kind: Kind::I,
            dim,
            source: Source::Argument(number - 1),
        })
    });
    (graph, nodes)
}

/// A program that yields these values for each i.
fn program(graph: Graph, values: &[NodeId]) -> Program {
    let output =
        |&node: &NodeId| Output { nodes: vec![node], dim: graph.dim(node).clone(), kind: OutputKind::Rows };
    let outputs: Vec<Output> = values.iter().map(output).collect();
    let results = (0..outputs.len()).map(|k| vec![(0, k)]).collect();
    let stages = vec![Stage { kind: StageKind::Reduce, keep: Side::I, outputs }];
    Program { graph, reductions: vec![], stages, results, fast_maths: false }
}

type Build = fn(&mut Graph, [NodeId; 5]) -> NodeId;

/// Simplifying `left` must give `right` as it stands.
fn becomes(left: Build, right: Build) {
    let text = |build: Build, simplified: bool| {
        let (mut graph, nodes) = variables();
        let root = build(&mut graph, nodes);
        let program = program(graph, &[root]);
        assert_eq!(verify(&program), Ok(()));
        let program = if simplified { simplify(program) } else { program };
        assert_eq!(verify(&program), Ok(()));
        print(&program)
    };
    assert_eq!(text(left, true), text(right, false));
    assert_eq!(text(right, true), text(right, false), "the right side is not simple yet");
}

fn stays(build: Build) {
    becomes(build, build);
}

fn c(g: &mut Graph, n: i64) -> NodeId {
    g.integer(n)
}

fn multiple(g: &mut Graph, n: i64, a: NodeId) -> NodeId {
    let n = g.integer(n);
    g.mul(vec![n, a])
}

fn map(g: &mut Graph, name: &str, args: &[NodeId]) -> NodeId {
    g.map(named(name), args.to_vec())
}

fn d(n: usize) -> Dim {
    Dim::literal(n)
}

#[test]
fn a_long_sum_is_one_step() {
    let (mut g, [x, .., t, _]) = variables();
    let mut terms = vec![];
    for k in 0..4000 {
        let c = g.integer(k % 7 + 1);
        terms.push(g.mul(vec![c, if k % 2 == 0 { x } else { t }, c]));
    }
    let sum = g.add(terms);
    let simplified = simplify(program(g, &[sum]));
    let root = simplified.stages[0].outputs[0].nodes[0];
    assert_eq!(simplified.graph.args(root).len(), 4000);
}

#[test]
fn a_deep_formula_does_not_recurse() {
    let (mut g, [x, _, s, _, _]) = variables();
    let mut value = x;
    for _ in 0..4000 {
        let product = g.mul(vec![s, value]);
        value = g.add(vec![product, x]);
    }
    let last = g.extract(value, 2, &Dim::literal(1));
    let simplified = simplify(program(g, &[last]));
    let graph = &simplified.graph;
    let vectors = (0..graph.len()).filter(|&id| !graph.dim(NodeId(id as u32)).is_one());
    assert_eq!(vectors.count(), 3, "only the variables are vectors still");
}

#[test]
fn what_is_not_needed_is_dropped() {
    let (mut g, [x, y, ..]) = variables();
    let kept = g.mul(vec![x, y]);
    g.power(kept, 7);
    let simplified = simplify(program(g, &[kept]));
    assert_eq!(simplified.graph.len(), VARIABLES.len() + 1);
}

#[test]
fn several_outputs_share_their_parts() {
    let (mut g, [x, y, ..]) = variables();
    let difference = g.sub(x, y);
    let squares = g.power(difference, 2);
    let total = g.sum(squares);
    let text = print(&simplify(program(g.clone(), &[difference, squares, total])));
    assert_eq!(text, print(&program(g, &[difference, squares, total])));
}

#[test]
fn reductions_keep_their_values() {
    // log Σⱼ exp(0 + 2 (x | y)) fill(t)[1] with a weight that simplifies to t.
    let mut graph = Graph::default();
    let mut declare = |name: &str, kind, dim, number| {
        let dim = Dim::literal(dim);
        graph.declare(Variable { name: name.into(), kind, dim, source: Source::Argument(number) })
    };
    let (x, y, t) = (declare("x", Kind::I, 2, 0), declare("y", Kind::J, 2, 1), declare("t", Kind::J, 1, 2));
    let (zero, dot) = (graph.integer(0), graph.dot(x, y));
    let exponent = graph.add(vec![zero, dot, dot]);
    let filled = graph.fill(t, &Dim::literal(3));
    let weight = graph.extract(filled, 1, &Dim::literal(1));
    let reduced = graph.intern(Op::Reduced(ReductionId(0)), vec![], Dim::literal(1));
    let mut before = program(graph, &[reduced]);
    before.reductions =
        vec![Reduction { kind: ReductionKind::LogSumExp, argument: exponent, weight: Some(weight) }];
    assert_eq!(verify(&before), Ok(()));
    let after = simplify(before.clone());
    assert_eq!(verify(&after), Ok(()));
    assert_eq!(after.reductions[0].weight, Some(t));
    let arguments = [vec![0.5, -1.0], vec![1.0, 2.0, 0.25, -0.5, 1.5, 0.0], vec![0.5, 2.0, 1.0]];
    let inputs = Inputs { m: 1, n: 3, arguments: &arguments };
    // All values are small fractions: the same sums in both.
    assert_eq!(execute(&before, &inputs), execute(&after, &inputs));
}
