//! Squared distances between the two sides, as the passes find them that rewrite them where a function allows it.

use crate::ast::Kind;
use crate::ir::{Graph, NodeId, Op};

/// x and y, if the node is Σ (x + y)² with x of one side and y of the other (a difference has y = −1 · y').
pub(super) fn distance(graph: &Graph, id: NodeId) -> Option<(NodeId, NodeId)> {
    let inner = |id: NodeId, op: &Op| if graph.op(id) == op { graph.args(id).first().copied() } else { None };
    let square = inner(id, &Op::Sum)?;
    let difference = inner(square, &Op::Power(2))?;
    let (Op::Add, &[x, y]) = (graph.op(difference), graph.args(difference)) else { return None };
    let sides = (sides(graph, x), sides(graph, y));
    let opposite = matches!(sides, ((true, false), (false, true)) | ((false, true), (true, false)));
    (opposite && graph.dim(x) == graph.dim(y)).then_some((x, y))
}

/// Whether the value depends on i, and on j.
pub(super) fn sides(graph: &Graph, id: NodeId) -> (bool, bool) {
    let uses = |kind| {
        let is = |n: NodeId| matches!(graph.op(n), Op::Variable(v) if graph.variable(*v).kind == kind);
        graph.reachable(&[id]).into_iter().any(is)
    };
    (uses(Kind::I), uses(Kind::J))
}
