//! Algebra: the same values from fewer and cheaper operations.
//!
//! Rules rewrite one node whose arguments are simplified already, sweep after sweep until nothing changes. Afterwards no
//! rule applies, constants are folded and stand first in products, and the graph holds only what the program needs.
//!
//! A rule keeps the value up to rounding, and never the order of a sum's terms: no term is moved past another, no
//! difference of squares becomes a product, since rounding near cancellation depends on it. Where a result does not depend
//! on an operand any more (0·x, x − x), neither does it on a NaN or an infinity in it.

mod builder;
mod coordinates;
mod function;
mod product;
mod slices;
mod terms;

use crate::ir::{Graph, NodeId, Op, Output, Program, Reduction, Stage};
use builder::Builder;

/// The simplified program.
pub fn simplify(program: Program) -> Program {
    let mut program = program;
    for _ in 0..SWEEPS {
        let narrowed = slices::narrow(&program);
        let swept = sweep(narrowed.as_ref().unwrap_or(&program));
        if same(&program, &swept) {
            break;
        }
        program = swept;
    }
    program
}

/// More sweeps than any formula was seen to need; each of them leaves a right program.
const SWEEPS: usize = 64;

/// Rebuilds what the program needs, arguments first, every node by the rules. Those for products that ask how often a
/// factor is used are applied here: the graph under construction does not know yet.
fn sweep(program: &Program) -> Program {
    let old = &program.graph;
    let mut builder = Builder::new(old.variables());
    let roots = program.roots();
    let uses = uses(old, &roots);
    let mut new: Vec<Option<NodeId>> = vec![None; old.len()];
    for id in old.reachable(&roots) {
        let node = old.node(id);
        let translate = |a: &NodeId| new[a.0 as usize].expect("arguments precede nodes");
        let args = if node.op == Op::Mul {
            let used_once = |a: NodeId| uses[a.0 as usize] == 1;
            let factors: Vec<(NodeId, bool)> =
                node.args.iter().map(|a| (translate(a), used_once(*a))).collect();
            let merged = product::merge_exponentials(&mut builder, &factors);
            product::flatten(&builder.graph, &merged)
        } else {
            node.args.iter().map(translate).collect()
        };
        new[id.0 as usize] = Some(builder.rebuild(node, args));
    }
    translate(program, builder.graph, |id| new[id.0 as usize].expect("roots are reachable"))
}

/// How often each node is an argument or a root.
fn uses(graph: &Graph, roots: &[NodeId]) -> Vec<usize> {
    let mut uses = vec![0; graph.len()];
    roots.iter().for_each(|root| uses[root.0 as usize] += 1);
    for id in graph.reachable(roots) {
        graph.args(id).iter().for_each(|a| uses[a.0 as usize] += 1);
    }
    uses
}

/// The program over another graph.
fn translate(program: &Program, graph: Graph, new: impl Fn(NodeId) -> NodeId) -> Program {
    let reduction =
        |r: &Reduction| Reduction { kind: r.kind, argument: new(r.argument), weight: r.weight.map(&new) };
    let output = |o: &Output| Output { nodes: o.nodes.iter().map(|&n| new(n)).collect(), ..o.clone() };
    let stage = |s: &Stage| Stage { outputs: s.outputs.iter().map(output).collect(), ..s.clone() };
    Program {
        reductions: program.reductions.iter().map(reduction).collect(),
        stages: program.stages.iter().map(stage).collect(),
        results: program.results.clone(),
        graph,
        fast_maths: program.fast_maths,
    }
}

/// Whether two programs that differ in their nodes only have the same.
fn same(a: &Program, b: &Program) -> bool {
    let nodes = |p: &Program| {
        (0..p.graph.len()).map(|id| p.graph.node(NodeId(id as u32)).clone()).collect::<Vec<_>>()
    };
    a.roots() == b.roots() && nodes(a) == nodes(b)
}

#[cfg(test)]
mod tests;
