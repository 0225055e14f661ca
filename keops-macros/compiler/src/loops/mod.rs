//! The loop program: what is computed once, per row, per column and per pair; where the pair loop is cut; what is
//! summed where. Both back ends print the same loop program.
//!
//! A *row* is a point of the side that a stage keeps, a *column* one of the side it reduces over.

mod accumulators;
mod arithmetic;
mod arrays;
mod compute;
mod cost;
mod functions;
mod index;
mod kernel;
mod levels;
mod lower;
mod phases;
mod plan;
mod print;
mod regroup;
pub mod search;
mod statement;
#[cfg(test)]
mod tests;
mod values;

pub use arithmetic::Arithmetic;
pub use cost::UNROLLED;
pub use index::{Index, LoopVar};
pub use kernel::{Accumulator, AccumulatorKind, Bank, Gather, Kernel, OutputSlot, Phase, Tail};
pub use lower::{lower_gather, lower_reduce};
pub use statement::{Expr, Part, Place, Slot, Statement, Temp};

/// What a loop program is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Target {
    /// Vectors of rows on a processor: the loop over a tile's columns is cut into short loops, with values kept in the
    /// first-level cache between them.
    Host,
    /// A thread per few rows on a GPU: all phases run over a few columns at a time, with values kept in registers, so a
    /// cut is made only where a running maximum must be known first, and before long sums that need a number of the pair.
    Device,
}
