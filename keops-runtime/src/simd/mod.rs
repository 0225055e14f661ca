//! Vectors of floats on each instruction set, and the choice among them at run time. The only module with `unsafe`.

mod portable;
mod vector;

pub use portable::{Lanes, Portable, Single};
pub use vector::{Rows, Simd, Vector};
