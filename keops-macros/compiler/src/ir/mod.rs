//! The typed intermediate representation: a hash-consed graph of core operations, and the stages that reduce it.

mod dim;
pub mod evaluate;
pub mod execute;
mod graph;
mod op;
pub mod print;
mod program;
pub mod verify;

pub use dim::Dim;
pub use graph::{Graph, Node, NodeId};
pub use op::{Contraction, Extreme, Op};
pub use program::{
    Output, OutputKind, Program, Reduction, ReductionId, ReductionKind, ResultSum, Side, Source, Stage,
    StageKind, Variable, VariableId,
};
