//! The loop program: what is computed once, per row, per column and per pair; where the pair loop is cut; what is
//! summed where. Both back ends print the same loop program.
//!
//! A *row* is a point of the side that a stage keeps, a *column* one of the side it reduces over.

mod accumulators;
mod compute;
mod index;
mod kernel;
mod levels;
mod lower;
mod phases;
mod plan;
mod print;
mod regroup;
mod statement;
#[cfg(test)]
mod tests;
mod values;

pub use index::{Index, LoopVar};
pub use kernel::{Accumulator, AccumulatorKind, Bank, Gather, Kernel, OutputSlot, Phase, Tail};
pub use lower::{lower_gather, lower_reduce};
pub use statement::{Expr, Part, Place, Slot, Statement, Temp};

/// Up to this many coordinates are written out one by one; longer vectors are looped over.
pub const UNROLLED: usize = 8;
