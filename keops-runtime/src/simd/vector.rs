//! What a vector of floats can do, on every instruction set alike.

use super::Level;
use super::pack::Pair;
use crate::real::Real;

/// An instruction set that the processor is known to have: the proof is the value itself, which only
/// [`crate::simd::dispatch`] and [`crate::simd::on_baseline`] hand out (but [`Portable`](crate::simd::Portable) and
/// [`Single`](crate::simd::Single), which need no proof). From it vectors are made; from vectors, further vectors.
pub trait Simd: Copy + Send + Sync + 'static {
    /// Vectors of `f32`.
    type F32: Rows<Elem = f32, Token = Self>;
    /// Vectors of `f64`.
    type F64: Rows<Elem = f64, Token = Self>;
    /// Two vectors of rows worked on together, which hides latency, where there are registers for it; one where there are
    /// not.
    type Wide<V: Rows<Token = Self>>: Rows<Elem = V::Elem, Token = Self>;
    /// The columns that go together with `Wide` rows where coordinates are looped over: a row's coordinate is loaded once
    /// for all of them, and their sums hide each other's latency. As many as there are registers for. A kernel that takes one
    /// vector of rows on every set takes [`Columns8`](crate::simd::Columns8) instead.
    type Columns<V: Rows<Token = Self>>: Pair<Elem = V::Elem, Token = Self, Row = V>;
    /// The level at which [`crate::simd::dispatch`] works on it.
    const LEVEL: Level;
    /// Whether [`Vector::mul_add`] rounds once.
    const FUSED: bool;
    /// Whether lanes are columns, and not rows, in kernels of which both can be made. So it is on one set, which then takes
    /// calls with few rows, on processors that have a better one too; there is no instance for them beside it.
    const COLUMNS_IN_LANES: bool = false;

    /// Does work that many formulas have in common. On a set that all code is compiled for, and that a better one usually
    /// stands in for, it is a call: compiled once for a program and not once for each formula. Elsewhere it is inlined,
    /// and the closure must be `#[inline(always)]` like everything on vectors.
    #[inline(always)]
    fn apart<R>(work: impl FnOnce() -> R) -> R {
        work()
    }
}

/// Floats side by side, or several such vectors worked on together (breadth first, which hides latency).
///
/// Every method is lane by lane and must be `#[inline(always)]`: an intrinsic that is not inlined into the dispatched
/// function becomes a call and costs thirty times as much.
pub trait Vector: Copy {
    /// The type of a lane.
    type Elem: Real;
    /// The instruction set.
    type Token: Simd;
    /// The result of a comparison, one truth value per lane.
    type Mask: Copy;

    /// The same number in every lane.
    fn splat(token: Self::Token, x: Self::Elem) -> Self;
    /// The same number in every lane, on the instruction set of `self`.
    fn set(self, x: Self::Elem) -> Self;
    /// The same bit pattern in every lane (the low 32 bits in a vector of `f32`).
    fn set_bits(self, bits: u64) -> Self;

    /// self + b
    fn add(self, b: Self) -> Self;
    /// self − b
    fn sub(self, b: Self) -> Self;
    /// self · b
    fn mul(self, b: Self) -> Self;
    /// self / b, correctly rounded
    fn div(self, b: Self) -> Self;
    /// self · b + c: one rounding where the set has a fused instruction, two elsewhere
    fn mul_add(self, b: Self, c: Self) -> Self;
    /// c − self · b, rounded like `mul_add`
    fn neg_mul_add(self, b: Self, c: Self) -> Self;
    /// c + (self − b)², rounded like `mul_add`: a step of a squared distance. Several vectors worked on together take it one
    /// after another, and so hold fewer differences at a time than registers have room for.
    #[inline(always)]
    fn add_squared_difference(self, b: Self, c: Self) -> Self {
        let difference = self.sub(b);
        difference.mul_add(difference, c)
    }
    /// −self
    fn neg(self) -> Self;
    /// |self|
    fn abs(self) -> Self;
    /// √self, correctly rounded
    fn sqrt(self) -> Self;
    /// The smaller; `b` where they are equal (zeros of either sign are) or either is NaN. So `x.min(best)` skips a NaN in x, and `limit.min(x)` keeps it.
    fn min(self, b: Self) -> Self;
    /// The larger; `b` where they are equal or either is NaN.
    fn max(self, b: Self) -> Self;
    /// The largest integer ≤ self; NaN, ±∞ and ±0 are kept.
    fn floor(self) -> Self;
    /// The nearest integer, ties to even; NaN, ±∞ and ±0 are kept.
    fn round_even(self) -> Self;
    /// The integer part, towards zero; NaN, ±∞ and ±0 are kept.
    fn trunc(self) -> Self;

    /// self < b (false if either is NaN)
    fn lt(self, b: Self) -> Self::Mask;
    /// not self < b (true if either is NaN); an instruction less than the opposite of `lt`
    fn not_lt(self, b: Self) -> Self::Mask;
    /// self ≤ b (false if either is NaN)
    fn le(self, b: Self) -> Self::Mask;
    /// self = b (false if either is NaN)
    fn eq(self, b: Self) -> Self::Mask;
    /// self ≠ b (true if either is NaN)
    fn ne(self, b: Self) -> Self::Mask;
    /// both
    fn mask_and(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// at least one
    fn mask_or(a: Self::Mask, b: Self::Mask) -> Self::Mask;
    /// the opposite
    fn mask_not(a: Self::Mask) -> Self::Mask;
    /// Whether any lane is true.
    fn any(mask: Self::Mask) -> bool;
    /// `a` where the mask is true, `b` elsewhere. Bits are copied unchanged (a NaN's payload, an index).
    fn select(mask: Self::Mask, a: Self, b: Self) -> Self;
    /// `self` where the mask is true, +0 elsewhere.
    fn keep(self, mask: Self::Mask) -> Self;

    /// Bitwise and.
    fn bit_and(self, b: Self) -> Self;
    /// Bitwise or.
    fn bit_or(self, b: Self) -> Self;
    /// Bitwise exclusive or.
    fn bit_xor(self, b: Self) -> Self;
    /// Each lane's bits as an unsigned integer, shifted left by N, 0 ≤ N < bits.
    fn shift_left<const N: i32>(self) -> Self;
    /// Each lane's bits as an unsigned integer, shifted right by N, 0 ≤ N < bits.
    fn shift_right<const N: i32>(self) -> Self;
    /// Each lane's bits as integers, added (wrapping).
    fn int_add(self, b: Self) -> Self;
    /// Each lane's bits as integers, subtracted (wrapping).
    fn int_sub(self, b: Self) -> Self;

    /// Whether the set has an instruction or two for [`Vector::lookup`]. A constant, so that nothing else is compiled.
    const LOOKS_UP: bool = false;
    /// The number of the table that the low bits of each lane count to, if [`Vector::LOOKS_UP`]; nothing in particular
    /// otherwise. Tables have 16 entries, or 8 in `f32`.
    ///
    /// # Panics
    /// If the table has another size; no test remains where the table is a constant.
    #[inline(always)]
    fn lookup(self, table: &'static [Self::Elem]) -> Self {
        let _ = table;
        self
    }

    /// Whether the set has an instruction for [`Vector::scale`], [`Vector::add_down`] and [`Vector::above_step`] each. None
    /// gives anything in particular otherwise.
    const SCALES: bool = false;
    /// self · 2^⌊n⌋, if [`Vector::SCALES`].
    #[inline(always)]
    fn scale(self, n: Self) -> Self {
        let _ = n;
        self
    }
    /// self + b, rounded towards −∞, if [`Vector::SCALES`].
    #[inline(always)]
    fn add_down(self, b: Self) -> Self {
        let _ = b;
        self
    }
    /// self − ⌊S · self⌋ / S with S = 8 in `f32` and 16 in `f64`, rounded towards −∞, if [`Vector::SCALES`].
    #[inline(always)]
    fn above_step(self) -> Self {
        self
    }

    /// Work on the lanes in memory, by a call: for what is long and rare, and is to be compiled once instead of with each
    /// formula. It is given the lanes of one register, and room for as many numbers for each result.
    fn by_a_call(self, work: LanesInMemory<Self::Elem>) -> [Self; 3];
}

/// Work on a register's lanes, at a level: reads them, and writes three numbers for each.
pub type LanesInMemory<E> = fn(Level, &[E], [&mut [E]; 3]);

/// A [`Vector`] whose lanes are consecutive rows in memory.
pub trait Rows: Vector {
    /// Lanes.
    const LANES: usize;
    /// The first `LANES` numbers of the slice.
    ///
    /// # Panics
    /// If the slice is shorter.
    fn load(token: Self::Token, from: &[Self::Elem]) -> Self;
    /// Writes the lanes to the first `LANES` places of the slice.
    ///
    /// # Panics
    /// If the slice is shorter.
    fn store(self, to: &mut [Self::Elem]);
    /// Of each 2·BY lanes, the upper BY of `self` exchanged with the lower BY of `b`, where BY < `LANES` is a power of two:
    /// the 2 × 2 blocks that two rows of a matrix hold, transposed.
    ///
    /// # Panics
    /// If BY is anything else; no test remains in the code.
    fn exchange<const BY: usize>(self, b: Self) -> (Self, Self);
}
