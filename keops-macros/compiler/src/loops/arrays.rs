//! Long values in local arrays.

use super::cost::{IN_ARRAYS, WORTH_AN_ARRAY, own};
use super::values::Values;
use super::{Index, Statement, Temp, UNROLLED};
use crate::ir::NodeId;

impl Values<'_> {
    /// A long value that is costly and read more than once is computed into a local array.
    pub(super) fn worth_an_array(&self, node: NodeId) -> bool {
        self.dim(node) > UNROLLED
            && own(self.graph, node) > WORTH_AN_ARRAY
            && (self.uses.get(&node).is_some_and(|n| *n > 1) || self.repeated.contains(&node))
            && self.scopes[0].variable.is_none()
            && (self.array_of(node).is_some() || self.in_arrays + self.dim(node) <= IN_ARRAYS)
    }

    /// The array that a value is in, where there is one.
    fn array_of(&self, node: NodeId) -> Option<usize> {
        let key = array_key(node);
        self.scopes.iter().find_map(|s| s.nodes.get(&key)).map(|Temp(array)| *array as usize)
    }

    /// The array of a value, filled here if there is none.
    pub(super) fn array(&mut self, node: NodeId) -> usize {
        if let Some(array) = self.array_of(node) {
            return array;
        }
        let (array, len, depth) = (self.arrays, self.dim(node), self.base_depth());
        self.arrays += 1;
        self.in_arrays += len;
        self.scopes[depth].nodes.insert(array_key(node), Temp(array as u32));
        self.scopes[depth].statements.push(Statement::Array { array, len });
        self.loop_at(depth, len, |this, index| {
            let value = this.compute(node, &index);
            this.push(Statement::StoreArray { array, index, value });
        });
        array
    }
}

/// Arrays are remembered under a coordinate that no value has.
fn array_key(node: NodeId) -> (NodeId, Index) {
    (node, Index::Const(usize::MAX))
}
