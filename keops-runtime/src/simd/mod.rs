//! Vectors of floats on each instruction set, and the choice among them at run time. The only module with `unsafe`.

mod vector;

pub use vector::{Rows, Simd, Vector};
