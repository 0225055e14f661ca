//! Evaluation of vector functions on slices, and their errors in ulp.

use keops::Real;
use keops::simd::{Level, Rows, Simd, Task, Vector, dispatch};

use crate::double::Double;

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
    /// The value to some 16 digits: the reference in f32, and for special points.
    fn value(x: f64) -> f64;
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

/// The levels that this processor has.
pub(crate) fn levels() -> impl Iterator<Item = Level> {
    Level::ALL.into_iter().filter(|level| level.is_available())
}

/// The layout of a float.
pub(crate) trait Format: Real {
    /// Bits of the significand that are stored.
    const FRACTION: i32;
    /// The exponent of the least normal number.
    const LEAST_EXPONENT: i32;
    /// The nearest number.
    fn nearest(x: f64) -> Self {
        Self::from_f64(x)
    }
}

impl Format for f32 {
    const FRACTION: i32 = 23;
    const LEAST_EXPONENT: i32 = -126;
}

impl Format for f64 {
    const FRACTION: i32 = 52;
    const LEAST_EXPONENT: i32 = -1022;
}

/// 2ⁿ for −1074 ≤ n ≤ 1023.
fn power_of_two(n: i32) -> f64 {
    f64::from_bits(if n < -1022 { 1 << (n + 1074) } else { ((n + 1023) as u64) << 52 })
}

/// The distance of the floats of type T around x.
fn ulp<T: Format>(x: f64) -> f64 {
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
    ((result - exact.hi) / unit - exact.lo / unit).abs()
}

/// The largest error found, and where.
#[derive(Clone, Copy)]
pub(crate) struct Worst<T> {
    /// The error in ulp.
    pub(crate) error: f64,
    /// The argument.
    pub(crate) at: T,
    /// The result there.
    pub(crate) result: T,
}

impl<T: Format> Worst<T> {
    /// No error yet.
    pub(crate) fn none() -> Self {
        Worst { error: 0.0, at: T::default(), result: T::default() }
    }

    /// The worse of the two.
    pub(crate) fn or(self, other: Self) -> Self {
        if other.error > self.error { other } else { self }
    }

    /// Takes in the errors of F on `arguments`; `exact` gives the reference, from x and F::value(x).
    pub(crate) fn look<F: Function>(&mut self, level: Level, arguments: &[T], exact: fn(f64, f64) -> Double) {
        for (&at, result) in arguments.iter().zip(evaluate::<F, T>(level, arguments)) {
            let x = at.to_f64();
            let value = F::value(x);
            let flushed = value.abs() < F::FLUSHED * power_of_two(T::LEAST_EXPONENT);
            if !F::takes(x) || flushed && result.to_f64() == 0.0 {
                continue;
            }
            let error = distance(result, value, exact(x, value), F::scale(x, value));
            if error > self.error {
                *self = Worst { error, at, result };
            }
        }
    }

    /// What to say if the error is larger than F's bound.
    pub(crate) fn complaint<F: Function>(&self, level: Level) -> Option<String> {
        let Worst { error, at, result } = self;
        (*error > F::BOUND).then(|| {
            let (name, level) = (F::NAME, level.name());
            format!(
                "{name}({at:?}) in {} on {level} is {result:?}: {error:.4} ulp, bound {}",
                T::NAME,
                F::BOUND
            )
        })
    }
}
