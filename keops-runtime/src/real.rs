//! The two scalar types, `f32` and `f64`.

use crate::engine::{self, Bound, Columns, ErasedKernel, Neighbours, Out, Tiles};
use crate::error::Error;
use crate::memory::{self, Formula, Host, Results};
use crate::options::Options;
use crate::points::{Index, Pairs, View};
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
    /// The indices 0 to 15, as bit patterns.
    const LANE_INDICES: &'static [Self];
    /// The nearest number.
    fn from_f64(x: f64) -> Self;
    /// The same number.
    fn to_f64(self) -> f64;
    /// An index as a bit pattern, to travel in a lane: 32 bits in `f32`, 64 in `f64`.
    fn from_index(index: usize) -> Self;
    /// The index in a bit pattern.
    fn to_index(self) -> usize;
    /// The bits; the upper half is 0 in `f32`.
    fn bits(self) -> u64;
    /// The number with these bits, the lower half of them in `f32`.
    fn from_bits(bits: u64) -> Self;
    /// Runs a kernel over all pairs ([`crate::engine::run`]). It is here, like all that follows, so that it is compiled
    /// with this crate and not with every program.
    fn run(
        kernel: &dyn ErasedKernel<Self>,
        pairs: Pairs<'_>,
        kept: Index,
        outputs: &mut [Out<'_, Self>],
    ) -> Result<(), Error>;
    /// Orders points for a search ([`Neighbours::new`]).
    fn neighbours<'a>(
        rows: &'a [Self],
        columns: &'a [Self],
        dim: usize,
        reorder: bool,
    ) -> Result<Neighbours<'a, Self>, Error>;
    /// Runs a kernel over the pairs that matter ([`Neighbours::run`]).
    fn run_neighbours(
        neighbours: &Neighbours<'_, Self>,
        kernel: &dyn ErasedKernel<Self>,
        bounds: &[Bound<'_, Self>],
        pairs: Pairs<'_>,
        kept: Index,
        outputs: &mut [Out<'_, Self>],
    ) -> Result<(), Error>;
    /// Evaluates a formula on slices ([`crate::memory::Memory::evaluate`]).
    fn evaluate(
        formula: &dyn Formula<Self>,
        arguments: &[View<'_, Self>],
        options: Options<'_>,
        results: Results<'_, '_, Self, Host>,
    ) -> Result<(), Error>;
    /// Reads points into a bank ([`crate::engine::transpose`]).
    fn transpose(points: &[Self], dim: usize, first: usize, lanes: usize, bank: &mut [Self]);
    /// The next tile, if there is one for these accumulators.
    fn next_tile<'t>(tiles: &'t mut Tiles<'_, Self>, state: &mut [Self]) -> Option<Columns<'t, Self, false>>;
}

/// A scalar type, whose indices travel in the bits of `$bits`, and whose vectors are `Simd::$vectors`.
macro_rules! impl_real {
    ($float:ident, $bits:ident, $vectors:ident) => {
        impl Real for $float {
            type Vector<S: Simd> = S::$vectors;
            const NAME: &'static str = stringify!($float);
            const MAX: $float = $float::MAX;
            const INFINITY: $float = $float::INFINITY;
            const EPSILON: f64 = $float::EPSILON as f64;
            const MIN_POSITIVE: f64 = $float::MIN_POSITIVE as f64;
            const LANE_INDICES: &'static [$float] = &{
                let mut indices = [0.0; 16];
                let mut lane = 0;
                while lane < 16 {
                    indices[lane] = $float::from_bits(lane as $bits);
                    lane += 1;
                }
                indices
            };
            #[inline(always)]
            fn from_f64(x: f64) -> $float {
                x as $float
            }
            #[inline(always)]
            fn to_f64(self) -> f64 {
                self as f64
            }
            #[inline(always)]
            fn from_index(index: usize) -> $float {
                $float::from_bits(index as $bits)
            }
            #[inline(always)]
            fn to_index(self) -> usize {
                self.to_bits() as usize
            }
            fn bits(self) -> u64 {
                self.to_bits() as u64
            }
            fn from_bits(bits: u64) -> $float {
                $float::from_bits(bits as $bits)
            }
            fn run(
                kernel: &dyn ErasedKernel<Self>,
                pairs: Pairs<'_>,
                kept: Index,
                outputs: &mut [Out<'_, Self>],
            ) -> Result<(), Error> {
                engine::run_here(kernel, pairs, kept, outputs)
            }
            fn neighbours<'a>(
                rows: &'a [Self],
                columns: &'a [Self],
                dim: usize,
                reorder: bool,
            ) -> Result<Neighbours<'a, Self>, Error> {
                engine::order_here(rows, columns, dim, reorder)
            }
            fn run_neighbours(
                neighbours: &Neighbours<'_, Self>,
                kernel: &dyn ErasedKernel<Self>,
                bounds: &[Bound<'_, Self>],
                pairs: Pairs<'_>,
                kept: Index,
                outputs: &mut [Out<'_, Self>],
            ) -> Result<(), Error> {
                engine::run_neighbours_here(neighbours, kernel, bounds, pairs, kept, outputs)
            }
            fn evaluate(
                formula: &dyn Formula<Self>,
                arguments: &[View<'_, Self>],
                options: Options<'_>,
                results: Results<'_, '_, Self, Host>,
            ) -> Result<(), Error> {
                memory::evaluate_here(formula, arguments, options, results)
            }
            fn transpose(points: &[Self], dim: usize, first: usize, lanes: usize, bank: &mut [Self]) {
                engine::transpose_here(points, dim, first, lanes, bank);
            }
            fn next_tile<'t>(
                tiles: &'t mut Tiles<'_, Self>,
                state: &mut [Self],
            ) -> Option<Columns<'t, Self, false>> {
                tiles.next(state)
            }
        }
    };
}

impl_real!(f32, u32, F32);
impl_real!(f64, u64, F64);
