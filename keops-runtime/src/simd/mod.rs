//! Vectors of floats on each instruction set, and the choice among them at run time. The only module with `unsafe`.
//!
//! An algorithm is written once, as a [`Task`] over any [`Simd`] set, and compiled for each of them by [`dispatch`]:
//!
//! ```
//! use keops::simd::{Level, Rows, Simd, Task, Vector, dispatch};
//!
//! /// Σ_k x_k²
//! struct SumOfSquares<'a>(&'a [f32]);
//!
//! impl Task for SumOfSquares<'_> {
//!     type Output = f32;
//!
//!     #[inline(always)]
//!     fn run<S: Simd>(self, token: S) -> f32 {
//!         let mut sums = S::F32::splat(token, 0.0);
//!         for x in self.0.chunks_exact(S::F32::LANES) {
//!             let x = S::F32::load(token, x);
//!             sums = x.mul_add(x, sums);
//!         }
//!         let mut lanes = vec![0.0; S::F32::LANES];
//!         sums.store(&mut lanes);
//!         lanes.iter().sum()
//!     }
//! }
//!
//! for level in Level::ALL {
//!     assert_eq!(dispatch(level, SumOfSquares(&[2.0; 32])), 128.0);
//! }
//! ```
//!
//! Safety rests on three facts. The token of an instruction set is made only in a function compiled for that set, which
//! only `dispatch_for` (and through it [`dispatch`]) calls, once the processor is known to have it, or by [`on_baseline`],
//! where it is the set that all processors of the architecture have; a vector is made only from a token or from vectors of
//! the same set; and loads and stores take slices, whose length they check.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(all(target_arch = "x86_64", feature = "avx512"))]
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

pub(crate) use dispatch::dispatch_for;
pub use dispatch::{Level, Task, dispatch, on_baseline};
pub use pack::{Columns2, Columns4, Columns8, Pair, Twice};
pub use portable::{Lanes, Portable, Single};
pub use vector::{LanesInMemory, Rows, Simd, Vector};
