//! The functions of two arguments, with their references and bounds, and their errors on pairs.

use keops::Real;
use keops::math::Functions;
use keops::simd::{Level, Rows, Simd, Task, Vector, dispatch};

use crate::arguments::Random;
use crate::double::{Double, PI};
use crate::errors::{Errors, Reference};
use crate::evaluate::{Format, MayDiffer, distance, least_normal};

/// A function of two arguments, with references.
pub(crate) trait Function2 {
    /// Its name.
    const NAME: &'static str;
    /// The bound on the error, in ulp.
    const BOUND: f64;
    /// Where results may have other bits on one set with fused multiply-add than on another.
    const MAY_DIFFER: MayDiffer = MayDiffer::Nowhere;
    /// The function.
    fn apply<V: Vector>(x: V, y: V) -> V;
    /// The value to some 16 digits.
    fn value(x: f64, y: f64) -> f64;
    /// The value to some 30 digits.
    fn exact(x: Double, y: Double) -> Double;
    /// How many ulp are the unit of the error.
    fn unit(_x: f64, _y: f64) -> f64 {
        1.0
    }
    /// Whether the function promises anything at the pair, in a type with this least normal number.
    fn takes(_x: f64, _y: f64, _least_normal: f64) -> bool {
        true
    }
    /// Pseudo-random pairs on which the function varies.
    fn sample(count: usize) -> Vec<(f64, f64)>;
}

/// What is done with each function of two arguments.
pub(crate) trait Visit2 {
    /// Does it with F.
    fn visit<F: Function2>(&mut self);
}

/// Visits every function of two arguments.
pub(crate) fn for_all2(visitor: &mut impl Visit2) {
    visitor.visit::<Pow>();
    visitor.visit::<Atan2>();
    visitor.visit::<Hypot>();
    visitor.visit::<FastPow>();
    visitor.visit::<FastHypot>();
}

pub(crate) struct Pow;
impl Function2 for Pow {
    const NAME: &'static str = "pow";
    const MAY_DIFFER: MayDiffer = MayDiffer::InF64;
    const BOUND: f64 = 4.0;
    #[inline(always)]
    fn apply<V: Vector>(x: V, y: V) -> V {
        V::Elem::pow(x, y)
    }
    fn value(x: f64, y: f64) -> f64 {
        x.powf(y)
    }
    fn exact(x: Double, y: Double) -> Double {
        (x.ln() * y).exp()
    }
    fn sample(count: usize) -> Vec<(f64, f64)> {
        let mut random = Random(2);
        let mut pair = |k: usize| {
            let log = random.signed() * [1e-4, 0.3, 4.0, 80.0][k % 4];
            // So that powers reach from one end of the range of f32 to the other, and of f64 for the last of four.
            let range = if k % 4 == 3 { 700.0 } else { 87.0 };
            (log.exp(), random.signed() * range / log.abs())
        };
        (0..count).map(&mut pair).collect()
    }
}

pub(crate) struct Atan2;
impl Function2 for Atan2 {
    const NAME: &'static str = "atan2";
    const BOUND: f64 = 2.0;
    #[inline(always)]
    fn apply<V: Vector>(y: V, x: V) -> V {
        V::Elem::atan2(y, x)
    }
    fn value(y: f64, x: f64) -> f64 {
        y.atan2(x)
    }
    fn exact(y: Double, x: Double) -> Double {
        let angle = (y.abs() / x.abs()).atan();
        let angle = if x.hi < 0.0 { PI - angle } else { angle };
        if y.hi < 0.0 { -angle } else { angle }
    }
    fn sample(count: usize) -> Vec<(f64, f64)> {
        of_all_sizes(count)
    }
}

pub(crate) struct Hypot;
impl Function2 for Hypot {
    const NAME: &'static str = "hypot";
    const BOUND: f64 = 2.0;
    #[inline(always)]
    fn apply<V: Vector>(x: V, y: V) -> V {
        V::Elem::hypot(x, y)
    }
    fn value(x: f64, y: f64) -> f64 {
        x.hypot(y)
    }
    fn exact(x: Double, y: Double) -> Double {
        (x * x + y * y).sqrt()
    }
    fn sample(count: usize) -> Vec<(f64, f64)> {
        of_all_sizes(count)
    }
}

pub(crate) struct FastPow;
impl Function2 for FastPow {
    const NAME: &'static str = "fast_pow";
    const MAY_DIFFER: MayDiffer = MayDiffer::InF64;
    const BOUND: f64 = 2.0;
    #[inline(always)]
    fn apply<V: Vector>(x: V, y: V) -> V {
        V::Elem::fast_pow(x, y)
    }
    fn value(x: f64, y: f64) -> f64 {
        Pow::value(x, y)
    }
    fn exact(x: Double, y: Double) -> Double {
        Pow::exact(x, y)
    }
    fn unit(x: f64, y: f64) -> f64 {
        (y * x.log2()).abs().max(1.0)
    }
    /// Positive numbers, and not 1 to a power that is infinite.
    fn takes(x: f64, y: f64, _: f64) -> bool {
        !(x < 0.0 || x == 0.0 && x.is_sign_negative()) && (x != 1.0 || y.is_finite())
    }
    fn sample(count: usize) -> Vec<(f64, f64)> {
        Pow::sample(count)
    }
}

pub(crate) struct FastHypot;
impl Function2 for FastHypot {
    const NAME: &'static str = "fast_hypot";
    const BOUND: f64 = 2.0;
    #[inline(always)]
    fn apply<V: Vector>(x: V, y: V) -> V {
        V::Elem::fast_hypot(x, y)
    }
    fn value(x: f64, y: f64) -> f64 {
        Hypot::value(x, y)
    }
    fn exact(x: Double, y: Double) -> Double {
        Hypot::exact(x, y)
    }
    /// Pairs whose squares have a sum that is normal.
    fn takes(x: f64, y: f64, least_normal: f64) -> bool {
        (least_normal..1.0 / least_normal).contains(&(x * x + y * y)) || x == 0.0 && y == 0.0
    }
    fn sample(count: usize) -> Vec<(f64, f64)> {
        Hypot::sample(count)
    }
}

/// Pairs whose quotients are of all sizes.
fn of_all_sizes(count: usize) -> Vec<(f64, f64)> {
    let mut random = Random(3);
    let mut number =
        |k: usize| random.signed() * 2f64.powi((random.bits() % 24) as i32 * i32::from(k.is_multiple_of(2)));
    (0..count).map(|k| (number(k), number(k / 2))).collect()
}

struct Evaluation<'a, F, T> {
    function: std::marker::PhantomData<F>,
    x: &'a [T],
    y: &'a [T],
}

impl<F: Function2, T: Real> Task for Evaluation<'_, F, T> {
    type Output = Vec<T>;
    #[inline(always)]
    fn run<S: Simd>(self, token: S) -> Vec<T> {
        let mut results = self.x.to_vec();
        let mut first = 0;
        while first < self.x.len() {
            let x = T::Vector::<S>::load(token, &self.x[first..]);
            let y = T::Vector::<S>::load(token, &self.y[first..]);
            F::apply(x, y).store(&mut results[first..]);
            first += <T::Vector<S> as Rows>::LANES;
        }
        results
    }
}

/// The pairs in T.
pub(crate) fn rounded<T: Format>(pairs: &[(f64, f64)]) -> Vec<(T, T)> {
    pairs.iter().map(|&(x, y)| (T::nearest(x), T::nearest(y))).collect()
}

/// The errors of F on pairs, rounded to T.
pub(crate) fn errors_on_pairs<F: Function2, T: Format>(
    pairs: &[(f64, f64)],
    reference: Reference,
) -> Errors<T, (T, T)> {
    let pairs = rounded::<T>(pairs);
    let size = pairs.len().next_multiple_of(16);
    let one = T::nearest(1.0);
    let pad = |number: fn(&(T, T)) -> T| -> Vec<T> {
        (0..size).map(|k| pairs.get(k).map_or(one, number)).collect()
    };
    let (x, y) = (pad(|pair| pair.0), pad(|pair| pair.1));
    let mut errors = Errors::none();
    let results = errors.evaluate(|level: Level| {
        dispatch(level, Evaluation::<F, T> { function: std::marker::PhantomData, x: &x, y: &y })
    });
    for (found, results) in errors.0.iter_mut().zip(results) {
        for (k, &at) in pairs.iter().enumerate() {
            let (x, y) = (at.0.to_f64(), at.1.to_f64());
            let value = F::value(x, y);
            if !F::takes(x, y, least_normal::<T>()) {
                continue;
            }
            let exact = match reference {
                Reference::Value => value.into(),
                Reference::Exact => F::exact(x.into(), y.into()),
            };
            for result in results.at(k) {
                found.see(distance(result, value, exact, value) / F::unit(x, y), at, result);
            }
        }
    }
    errors
}
