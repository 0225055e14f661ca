//! Slices taken before the arithmetic instead of after it: (x + y)[1] → x[1] + y[1], so that the other coordinates are
//! not computed. Only where every use of the vector is a slice and the slices together are no longer than it is: then
//! nothing is computed twice.

use super::translate;
use crate::ir::{Dim, Graph, NodeId, Op, Program};
use std::collections::{BTreeMap, BTreeSet};

/// Coordinates start, start + step, …, as many as given.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Slice {
    start: usize,
    step: usize,
    len: usize,
}

/// What the rest of the program wants of a node.
#[derive(Clone, Default)]
struct Wanted {
    /// All of it.
    whole: bool,
    /// Or these parts.
    slices: BTreeSet<Slice>,
}

/// The program with slices moved to the arguments of pointwise operations; `None` if there is none to move.
pub(super) fn narrow(program: &Program) -> Option<Program> {
    let old = &program.graph;
    let roots = program.roots();
    let needed: Vec<NodeId> = old.reachable(&roots).into_iter().collect();
    let wanted = wanted(old, &roots, &needed);
    let is_sliced = |id: NodeId| !wanted[id.0 as usize].whole;
    if !needed.iter().any(|&id| is_sliced(id)) {
        return None;
    }
    let mut graph = Graph::default();
    old.variables().iter().for_each(|variable| _ = graph.declare(variable.clone()));
    let mut whole: BTreeMap<NodeId, NodeId> = BTreeMap::new();
    let mut sliced: BTreeMap<(NodeId, Slice), NodeId> = BTreeMap::new();
    for &id in &needed {
        let node = old.node(id);
        let part =
            |graph: &mut Graph, of: NodeId, slice: Slice, sliced: &BTreeMap<(NodeId, Slice), NodeId>| {
                if is_sliced(of) {
                    return sliced[&(of, slice)];
                }
                graph.extract_step(whole[&of], slice.start, slice.step, &Dim::literal(slice.len))
            };
        if is_sliced(id) {
            for &slice in &wanted[id.0 as usize].slices {
                let mut args = vec![];
                for &a in &node.args {
                    args.push(if old.dim(a).is_one() {
                        whole[&a]
                    } else {
                        part(&mut graph, a, slice, &sliced)
                    });
                }
                let new = graph.intern(node.op.clone(), args, Dim::literal(slice.len));
                sliced.insert((id, slice), new);
            }
            continue;
        }
        let new = match (own_slice(old, id), &node.args[..]) {
            (Some(slice), &[of]) => part(&mut graph, of, slice, &sliced),
            _ => {
                let args = node.args.iter().map(|a| whole[a]).collect();
                graph.intern(node.op.clone(), args, node.dim.clone())
            }
        };
        whole.insert(id, new);
    }
    Some(translate(program, graph, |id| whole[&id]))
}

/// What is wanted of each node, users before arguments. A node that cannot be sliced is wanted whole.
fn wanted(graph: &Graph, roots: &[NodeId], needed: &[NodeId]) -> Vec<Wanted> {
    let mut wanted = vec![Wanted::default(); graph.len()];
    roots.iter().for_each(|root| wanted[root.0 as usize].whole = true);
    for &id in needed.iter().rev() {
        let node = graph.node(id);
        let own = &mut wanted[id.0 as usize];
        let total: usize = own.slices.iter().map(|slice| slice.len).sum();
        let pointwise = matches!(node.op, Op::Add | Op::Mul | Op::Power(_) | Op::Map(_));
        own.whole |= !pointwise || node.dim.value().is_none_or(|dim| total > dim);
        let own = own.clone();
        let slice = own_slice(graph, id);
        for &a in &node.args {
            let argument = &mut wanted[a.0 as usize];
            match slice {
                Some(slice) => _ = argument.slices.insert(slice),
                None if own.whole || graph.dim(a).is_one() => argument.whole = true,
                None => argument.slices.extend(&own.slices),
            }
        }
    }
    wanted
}

/// The coordinates that an `Extract` takes of its argument.
fn own_slice(graph: &Graph, id: NodeId) -> Option<Slice> {
    match *graph.op(id) {
        Op::Extract { start, step } => {
            let len = graph.dim(id).value()?;
            // The step of a single coordinate means nothing.
            Some(Slice { start, step: if len == 1 { 1 } else { step }, len })
        }
        _ => None,
    }
}
