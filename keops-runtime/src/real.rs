//! The two scalar types, `f32` and `f64`.

use crate::engine::{self, Bound, ErasedKernel, Neighbours, Out};
use crate::error::Error;
use crate::simd::{Rows, Simd};

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

/// A scalar that formulas are evaluated in: `f32` or `f64`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a scalar that a formula can be evaluated in",
    label = "formulas take `f32` or `f64`",
    note = "convert the data first, for instance with `.map(|v| v as f32)`"
)]
pub trait Real:
    sealed::Sealed
    + Copy
    + Default
    + Send
    + Sync
    + PartialOrd
    + std::fmt::Debug
    + std::fmt::Display
    + 'static
    + crate::math::Functions
    + crate::memory::Element
{
    /// Vectors of this scalar on an instruction set.
    type Vector<S: Simd>: Rows<Elem = Self, Token = S>;
    /// The type's name, as in messages.
    const NAME: &'static str;
    /// Largest finite number.
    const MAX: Self;
    /// +∞
    const INFINITY: Self;
    /// The distance from 1 to the next larger number.
    const EPSILON: f64;
    /// Smallest positive number with a full significand.
    const MIN_POSITIVE: f64;
    /// The nearest number.
    fn from_f64(x: f64) -> Self;
    /// The same number.
    fn to_f64(self) -> f64;
    /// An index as a bit pattern, to travel in a lane: 32 bits in `f32`, 64 in `f64`.
    fn from_index(index: usize) -> Self;
    /// The index in a bit pattern.
    fn to_index(self) -> usize;
    /// Runs a kernel over all pairs ([`crate::engine::run`]); here, so that it is compiled with this crate and not with
    /// every program.
    fn run(kernel: &dyn ErasedKernel<Self>, rows: usize, columns: usize, outputs: &mut [Out<'_, Self>]);
    /// Orders points for a search ([`Neighbours::new`]); here for the same reason.
    fn neighbours(rows: &[Self], columns: &[Self], dim: usize) -> Result<Neighbours<Self>, Error>;
    /// Runs a kernel over the pairs that matter ([`Neighbours::run`]); here for the same reason.
    fn run_neighbours(
        neighbours: &Neighbours<Self>,
        kernel: &dyn ErasedKernel<Self>,
        bounds: &[Bound<'_, Self>],
        outputs: &mut [Out<'_, Self>],
    );
}

impl Real for f32 {
    type Vector<S: Simd> = S::F32;
    const NAME: &'static str = "f32";
    const MAX: f32 = f32::MAX;
    const INFINITY: f32 = f32::INFINITY;
    const EPSILON: f64 = f32::EPSILON as f64;
    const MIN_POSITIVE: f64 = f32::MIN_POSITIVE as f64;
    #[inline(always)]
    fn from_f64(x: f64) -> f32 {
        x as f32
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self.into()
    }
    #[inline(always)]
    fn from_index(index: usize) -> f32 {
        f32::from_bits(index as u32)
    }
    #[inline(always)]
    fn to_index(self) -> usize {
        self.to_bits() as usize
    }
    fn run(kernel: &dyn ErasedKernel<Self>, rows: usize, columns: usize, outputs: &mut [Out<'_, Self>]) {
        engine::run_here(kernel, rows, columns, outputs);
    }
    fn neighbours(rows: &[Self], columns: &[Self], dim: usize) -> Result<Neighbours<Self>, Error> {
        engine::order_here(rows, columns, dim)
    }
    fn run_neighbours(
        neighbours: &Neighbours<Self>,
        kernel: &dyn ErasedKernel<Self>,
        bounds: &[Bound<'_, Self>],
        outputs: &mut [Out<'_, Self>],
    ) {
        engine::run_neighbours_here(neighbours, kernel, bounds, outputs);
    }
}

impl Real for f64 {
    type Vector<S: Simd> = S::F64;
    const NAME: &'static str = "f64";
    const MAX: f64 = f64::MAX;
    const INFINITY: f64 = f64::INFINITY;
    const EPSILON: f64 = f64::EPSILON;
    const MIN_POSITIVE: f64 = f64::MIN_POSITIVE;
    #[inline(always)]
    fn from_f64(x: f64) -> f64 {
        x
    }
    #[inline(always)]
    fn to_f64(self) -> f64 {
        self
    }
    #[inline(always)]
    fn from_index(index: usize) -> f64 {
        f64::from_bits(index as u64)
    }
    #[inline(always)]
    fn to_index(self) -> usize {
        self.to_bits() as usize
    }
    fn run(kernel: &dyn ErasedKernel<Self>, rows: usize, columns: usize, outputs: &mut [Out<'_, Self>]) {
        engine::run_here(kernel, rows, columns, outputs);
    }
    fn neighbours(rows: &[Self], columns: &[Self], dim: usize) -> Result<Neighbours<Self>, Error> {
        engine::order_here(rows, columns, dim)
    }
    fn run_neighbours(
        neighbours: &Neighbours<Self>,
        kernel: &dyn ErasedKernel<Self>,
        bounds: &[Bound<'_, Self>],
        outputs: &mut [Out<'_, Self>],
    ) {
        engine::run_neighbours_here(neighbours, kernel, bounds, outputs);
    }
}
