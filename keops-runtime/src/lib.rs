//! Reductions over pairs of points, r_i = Reduce_j F(x_i, y_j, p), from formulas compiled with the program.

pub mod engine;
pub mod reduction;
pub mod error;
pub mod math;
pub mod memory;
pub mod points;
pub mod real;
pub mod simd;

pub use error::Error;
pub use keops_macros::keops;
pub use memory::{Element, Formula, Host, Memory};
pub use points::{Parameter, Points};
pub use real::Real;

/// The README, so that its example is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;
