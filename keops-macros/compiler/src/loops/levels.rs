//! On what a node depends: nothing but parameters, the row, the column, or the pair.

use crate::ast::Kind;
use crate::ir::{Graph, NodeId, Op, Side};
use std::collections::HashMap;

/// What a value depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Parameters and constants: one value per call.
    Parameter,
    /// The kept point: one value per row.
    Row,
    /// The point reduced over: one value per column.
    Column,
    /// Both.
    Pair,
}

impl Level {
    /// The level of a value that depends on both.
    pub(crate) fn join(self, other: Level) -> Level {
        match (self, other) {
            (Level::Parameter, l) | (l, Level::Parameter) => l,
            (a, b) if a == b => a,
            _ => Level::Pair,
        }
    }
}

/// The levels of a graph's nodes, computed as they are asked for.
#[derive(Debug)]
pub(crate) struct Levels {
    keep: Side,
    known: HashMap<NodeId, Level>,
}

impl Levels {
    pub(crate) fn new(keep: Side) -> Self {
        Levels { keep, known: HashMap::new() }
    }

    /// The level of a node. Iterative: graphs may be thousands of nodes deep.
    pub(crate) fn of(&mut self, graph: &Graph, node: NodeId) -> Level {
        let mut pending = vec![node];
        while let Some(&n) = pending.last() {
            if self.known.contains_key(&n) {
                pending.pop();
                continue;
            }
            let missing: Vec<NodeId> =
                graph.args(n).iter().copied().filter(|a| !self.known.contains_key(a)).collect();
            if missing.is_empty() {
                let own = match graph.op(n) {
                    Op::Variable(v) => self.of_kind(graph.variable(*v).kind),
                    Op::Reduced(_) | Op::Count => Level::Row,
                    _ => Level::Parameter,
                };
                let level = graph.args(n).iter().fold(own, |level, a| level.join(self.known[a]));
                self.known.insert(n, level);
                pending.pop();
            } else {
                pending.extend(missing);
            }
        }
        self.known[&node]
    }

    fn of_kind(&self, kind: Kind) -> Level {
        match (kind, self.keep) {
            (Kind::Parameter, _) => Level::Parameter,
            (Kind::I, Side::I) | (Kind::J, Side::J) => Level::Row,
            (Kind::I, Side::J) | (Kind::J, Side::I) => Level::Column,
        }
    }
}
