//! Reductions over pairs of points, r_i = Reduce_j F(x_i, y_j, p), from formulas compiled with the program.

pub mod math;
pub mod real;
pub mod simd;

pub use real::Real;
