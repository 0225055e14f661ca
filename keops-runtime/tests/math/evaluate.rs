//! Evaluation of vector functions on slices, and their errors in ulp.

use keops::Real;
use keops::simd::{Level, Rows, Simd, Task, Vector, dispatch};

use crate::double::Double;

/// What is known of f(−x) from mathematics.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Symmetry {
    /// Nothing.
    None,
    /// It is f(x).
    Even,
    /// It is −f(x).
    Odd,
}

/// Types in which instruction sets of the same arithmetic may have other bits than one another.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum MayDiffer {
    Nowhere,
    /// By tables that one set has room for (see [`Vector::lookup`]).
    InF64,
    /// Also by instructions that one set has (see [`Vector::SCALES`]).
    InBoth,
}

/// A vector function of one argument, with references and the bound that is stated for it.
pub(crate) trait Function {
    /// Its name.
    const NAME: &'static str;
    /// The bound on the error, in ulp.
    const BOUND: f64;
    /// Results below this multiple of the least normal number may be 0.
    const FLUSHED: f64 = 0.0;
    /// The function.
    fn apply<V: Vector>(x: V) -> V;
    /// Where results may have other bits on one set with fused multiply-add than on another.
    const MAY_DIFFER: MayDiffer = MayDiffer::Nowhere;
    /// What is known of f(−x).
    const SYMMETRY: Symmetry = Symmetry::None;
    /// The value to some 16 digits: the reference in f32, and for special points.
    fn value(x: f64) -> f64;
    /// The values at many points.
    fn values(at: &[f64]) -> Vec<f64> {
        at.iter().map(|&x| Self::value(x)).collect()
    }
    /// The value to some 30 digits: the reference in f64.
    fn exact(x: f64) -> Double;
    /// The number whose ulp is the unit of the error at x, where the value is `value`.
    fn scale(_x: f64, value: f64) -> f64 {
        value
    }
    /// Whether the function promises anything at x.
    fn takes(_x: f64) -> bool {
        true
    }
}

struct Evaluation<'a, F, T> {
    function: std::marker::PhantomData<F>,
    from: &'a [T],
    to: &'a mut [T],
}

impl<F: Function, T: Real> Task for Evaluation<'_, F, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        let lanes = <T::Vector<S> as Rows>::LANES;
        let mut first = 0;
        while first < self.from.len() {
            F::apply(T::Vector::<S>::load(token, &self.from[first..])).store(&mut self.to[first..]);
            first += lanes;
        }
    }
}

/// Computes F of every number.
pub(crate) fn evaluate<F: Function, T: Real>(level: Level, from: &[T]) -> Vec<T> {
    // Whole vectors on every level, the longest being sixteen lanes.
    let mut padded = from.to_vec();
    padded.resize(from.len().next_multiple_of(16), T::default());
    let mut to = padded.clone();
    dispatch(level, Evaluation::<F, T> { function: std::marker::PhantomData, from: &padded, to: &mut to });
    to.truncate(from.len());
    to
}

/// The levels that this processor has, the best first.
pub(crate) fn levels() -> impl Iterator<Item = Level> {
    // On x86-64 plain arrays are only in the library's own tests; elsewhere SSE2 is not available.
    let arrays = |&level: &Level| level != Level::Portable || !Level::Sse2.is_available();
    Level::ALL.into_iter().rev().filter(|level| level.is_available()).filter(arrays)
}

struct AsksFused;

impl Task for AsksFused {
    type Output = bool;
    #[inline(always)]
    fn run<S: Simd>(self, _token: S) -> bool {
        S::FUSED
    }
}

/// Whether the level's multiply-add rounds once. Levels that agree in this have the same results
/// (but for [`Function::MAY_DIFFER`]).
pub(crate) fn is_fused(level: Level) -> bool {
    dispatch(level, AsksFused)
}

/// The layout of a float.
pub(crate) trait Format: Real {
    /// Bits of the significand that are stored.
    const FRACTION: i32;
    /// The exponent of the least normal number.
    const LEAST_EXPONENT: i32;
    /// Whether it is the same number to the bit, or both are NaN.
    fn same(self, other: Self) -> bool;
    /// The nearest number.
    fn nearest(x: f64) -> Self {
        Self::from_f64(x)
    }
}

macro_rules! impl_format {
    ($float:ident, $fraction:literal, $least_exponent:literal) => {
        impl Format for $float {
            const FRACTION: i32 = $fraction;
            const LEAST_EXPONENT: i32 = $least_exponent;
            fn same(self, other: Self) -> bool {
                self.to_bits() == other.to_bits() || self.is_nan() && other.is_nan()
            }
        }
    };
}

impl_format!(f32, 23, -126);
impl_format!(f64, 52, -1022);

/// 2ⁿ for −1074 ≤ n ≤ 1023.
fn power_of_two(n: i32) -> f64 {
    f64::from_bits(if n < -1022 { 1 << (n + 1074) } else { ((n + 1023) as u64) << 52 })
}

/// The least normal number.
pub(crate) fn least_normal<T: Format>() -> f64 {
    power_of_two(T::LEAST_EXPONENT)
}

/// The distance of the floats of type T around x.
pub(crate) fn ulp<T: Format>(x: f64) -> f64 {
    let exponent = (x.to_bits() >> 52) as i32 & 0x7ff;
    power_of_two((exponent - 1023).clamp(T::LEAST_EXPONENT, 1 - T::LEAST_EXPONENT) - T::FRACTION)
}

/// The distance of `result` from `exact` in ulp of `scale`; infinite if `result` is of another class than `value`, which
/// is `exact` in short: NaN, ±0, or beyond the largest number. An infinity counts as the power of two that comes next.
pub(crate) fn distance<T: Format>(result: T, value: f64, exact: Double, scale: f64) -> f64 {
    let result = result.to_f64();
    let unless = |right: bool| if right { 0.0 } else { f64::INFINITY };
    if value.is_nan() || result.is_nan() {
        return unless(value.is_nan() && result.is_nan());
    }
    // Halved, since it overflows an f64 otherwise.
    let half_end = power_of_two(-T::LEAST_EXPONENT + 1);
    if value == 0.0 || value.abs() / 2.0 >= half_end {
        return unless(result.to_bits() == T::nearest(value).to_f64().to_bits());
    }
    let unit = ulp::<T>(scale);
    if result.is_infinite() {
        return ((half_end.copysign(result) - exact.hi / 2.0) / unit * 2.0).abs();
    }
    let error = ((result - exact.hi) / unit - exact.lo / unit).abs();
    // So that a reference without a value is found out.
    if error.is_nan() { f64::INFINITY } else { error }
}

/// Whether the error may be more than `bound`: a quick look that decides for almost all results.
pub(crate) fn may_exceed<T: Format>(bound: f64, result: T, value: f64, scale: f64) -> bool {
    let error = (result.to_f64() - value).abs();
    // Infinite and undefined differences are looked at, and zeros, which have signs.
    error > bound * ulp::<T>(scale) || error.is_nan() || value == 0.0
}
