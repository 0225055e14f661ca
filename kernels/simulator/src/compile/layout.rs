//! Places of variables in a piece of memory.

use crate::program::odd_multiple;
use crate::ptx::Variable;

/// Variables one after the other, each at a multiple of its alignment, as ptxas counts their bytes.
#[derive(Debug, Default)]
pub(crate) struct Layout(u64);

impl Layout {
    /// The offset of a further variable.
    pub(crate) fn place(&mut self, variable: &Variable) -> u64 {
        let offset = self.0.next_multiple_of(variable.alignment as u64);
        self.0 = offset + variable.bytes as u64;
        offset
    }

    /// Bytes used so far.
    pub(crate) fn bytes(&self) -> usize {
        self.0 as usize
    }
}

/// Variables one after the other, none of which is better aligned than it is declared: each is at an odd multiple of
/// its alignment, so that an access which needs more is found.
#[derive(Debug, Default)]
pub(crate) struct Apart {
    /// What the variables take on a device.
    counted: Layout,
    end: u64,
}

impl Apart {
    /// The offset of a further variable.
    pub(crate) fn place(&mut self, variable: &Variable) -> u64 {
        self.counted.place(variable);
        let offset = odd_multiple(self.end, variable.alignment as u64);
        self.end = offset + variable.bytes as u64;
        offset
    }

    /// Bytes that the variables take on a device.
    pub(crate) fn bytes(&self) -> usize {
        self.counted.bytes()
    }

    /// Bytes that they take here.
    pub(crate) fn extent(&self) -> usize {
        self.end as usize
    }
}
