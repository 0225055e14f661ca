//! The formula compiler behind `keops!`: an ordinary library, no files, no environment, no CUDA.
//!
//! Data flows one way; the modules are listed in that order, and a module uses only what is above it.

/// Exact constants.
pub mod number;
/// What was written.
pub mod ast;
/// Did you mean: the nearest of the names that exist.
mod spelling;
/// What the user is told.
pub mod message;
/// The collector of errors, and the barrier after each stage.
pub mod error;
/// What a caller may ask for, and what it gets.
pub mod options;
/// Tokens to AST.
pub mod parse;
/// The typed graph and its stages.
pub mod ir;
/// The tables of operations and reductions: one row each.
pub mod ops;
/// Gradients of formulas.
pub mod adjoint;
/// AST to IR: names, dimensions, indices.
pub mod check;
/// IR to IR, in the order in which a function goes through it.
pub mod passes;
/// IR to a loop program.
pub mod loops;
/// Loop program to Rust.
pub mod backend;
/// A checked function through all passes, and its gradients.
mod compile;
/// The kernels of formulas, for build scripts.
pub mod device;
/// The whole way.
pub mod expand;

pub use expand::expand;
pub use options::{Device, Expansion, Options};
