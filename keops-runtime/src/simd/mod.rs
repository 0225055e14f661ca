//! Vectors of floats on each instruction set, and the choice among them at run time. The only module with `unsafe`.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(all(target_arch = "x86_64", feature = "avx512"))]
#[clippy::msrv = "1.89"]
mod avx512;
#[cfg(test)]
mod conformance;
mod dispatch;
mod pack;
mod portable;
#[cfg(target_arch = "x86_64")]
mod sse2;
mod vector;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use dispatch::{Level, Task, dispatch};
pub use pack::{Columns2, Columns4, Pair, Twice};
pub use portable::{Lanes, Portable, Single};
pub use vector::{Rows, Simd, Vector};
