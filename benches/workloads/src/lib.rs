//! The workloads of the benches: formulas, data, the loops one would write by hand, and what they are measured with.

pub mod assembly;
pub mod check;
pub mod clock;
pub mod cloud;
pub mod formulas;
pub mod job;
pub mod limits;
pub mod naive;
pub mod number;
mod prepare;
mod table;

pub use table::{Goals, Workload, by_dimension, by_size, chosen, workloads};
