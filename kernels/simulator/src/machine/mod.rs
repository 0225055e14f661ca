//! The simulated device: memory, and grids of blocks of warps that run a program.
//!
//! A warp runs in lockstep: an instruction at a time, on all lanes that are at it. Where lanes part at a
//! branch, those with the lowest step run first, so that they meet again at the end of a branch or loop. The
//! warps of a block run one after the other, each up to the next barrier; blocks run in order. Every access
//! to memory is checked against bounds, alignment, what has been written, and what other threads did without
//! a barrier in between.

mod access;
mod block;
mod diagnosis;
mod launch;
mod local;
mod memory;
mod shadow;
mod shared;
mod warp;

pub use diagnosis::{Cause, Diagnosis};
pub use launch::Statistics;
pub(crate) use launch::{Checks, Launch, Scale};
pub(crate) use memory::Memory;
