//! Loop program to Rust.
//!
//! The generated code names everything of the runtime by its path from the root and holds no `unsafe`: it calls safe
//! functions of `keops`, which choose the instruction set.

mod body;
mod device;
mod function;
mod gather;
mod instances;
mod kernel;
mod neighbours;
mod phase;
mod signature;
mod statements;
mod table;

pub use function::{Demand, Function, function};
pub use instances::Instance;
pub(crate) use signature::allowed;
pub use signature::{Parameter, Returned, Signature};
