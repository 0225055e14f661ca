//! Places of variables in a piece of memory.

use crate::ptx::Variable;

/// Variables one after the other, each at a multiple of its alignment.
#[derive(Debug, Default)]
pub(crate) struct Layout(u64);

impl Layout {
    /// The offset of a further variable.
    pub(crate) fn place(&mut self, variable: &Variable) -> u64 {
        let offset = self.0.next_multiple_of(variable.alignment.max(1) as u64);
        self.0 = offset + variable.bytes as u64;
        offset
    }

    /// Bytes used so far.
    pub(crate) fn bytes(&self) -> usize {
        self.0 as usize
    }
}
