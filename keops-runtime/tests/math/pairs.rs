//! Functions of two and three arguments, and integer powers.

use keops::Real;
use keops::math::Functions;
use keops::simd::{Lanes, Level, Rows, Simd, Single, Task, Vector, dispatch};

use crate::Random;
use crate::double::{Double, PI};
use crate::evaluate::{Format, distance, levels};
use crate::special::ARGUMENTS;

/// A function of two arguments, with references.
trait Function2 {
    /// The function.
    fn apply<V: Vector>(x: V, y: V) -> V;
    /// The value to some 16 digits.
    fn value(x: f64, y: f64) -> f64;
    /// The value to some 30 digits.
    fn exact(x: Double, y: Double) -> Double;
}

struct Pow;
impl Function2 for Pow {
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
}

struct Atan2;
impl Function2 for Atan2 {
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
}

struct Hypot;
impl Function2 for Hypot {
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

/// Asserts that the error of F is at most `bound` at each pair, rounded to T, with references rounded to T's range.
fn check<F: Function2, T: Format>(level: Level, pairs: &[(f64, f64)], bound: f64, exact: bool) {
    let size = pairs.len().next_multiple_of(16);
    let pad = |number: fn(&(f64, f64)) -> f64| -> Vec<T> {
        (0..size).map(|k| T::from_f64(pairs.get(k).map_or(1.0, number))).collect()
    };
    let (x, y) = (pad(|pair| pair.0), pad(|pair| pair.1));
    let results = dispatch(level, Evaluation::<F, T> { function: std::marker::PhantomData, x: &x, y: &y });
    for ((x, y), result) in x.into_iter().zip(y).zip(results) {
        let (x, y) = (x.to_f64(), y.to_f64());
        let value = F::value(x, y);
        let reference = if exact { F::exact(x.into(), y.into()) } else { value.into() };
        let error = distance(result, value, reference, value);
        let name = std::any::type_name::<F>();
        assert!(error <= bound, "{name}({x:e}, {y:e}) in {} on {level:?} is {result}: {error} ulp", T::NAME);
    }
}

/// Checks F on the pairs, with the exact reference in f64.
fn check_all<F: Function2>(pairs: &[(f64, f64)], bound: f64) {
    for level in levels() {
        check::<F, f32>(level, pairs, bound, false);
        check::<F, f64>(level, pairs, bound, true);
    }
}

/// Checks F on all pairs of special arguments. The standard library's own errors count.
fn check_special<F: Function2>(bound: f64) {
    let pairs: Vec<_> = ARGUMENTS.iter().flat_map(|&x| ARGUMENTS.iter().map(move |&y| (x, y))).collect();
    for level in levels() {
        check::<F, f32>(level, &pairs, bound, false);
        check::<F, f64>(level, &pairs, bound + 1.0, false);
    }
}

#[test]
fn powers() {
    let mut random = Random(2);
    let mut pairs = Vec::new();
    for k in 0..10_000 {
        let log = random.signed() * [1e-4, 0.3, 4.0, 80.0][k % 4];
        // So that powers reach from one end of the range of f32 to the other, and of f64 for the last of four.
        let range = if k % 4 == 3 { 700.0 } else { 87.0 };
        pairs.push((log.exp(), random.signed() * range / log.abs()));
    }
    check_all::<Pow>(&pairs, 4.0);
    check_special::<Pow>(4.0);
    let integers: Vec<_> =
        (-20..20).flat_map(|x| (-9..10).map(move |y| (f64::from(x) / 2.0, f64::from(y)))).collect();
    for level in levels() {
        check::<Pow, f32>(level, &integers, 4.0, false);
        check::<Pow, f64>(level, &integers, 4.0, false);
    }
}

/// Pairs whose quotients are of all sizes.
fn pairs_of_all_sizes() -> Vec<(f64, f64)> {
    let mut random = Random(3);
    let mut number =
        |k: u32| random.signed() * 2f64.powi((random.bits() % 24) as i32 * i32::from(k.is_multiple_of(2)));
    (0..10_000).map(|k| (number(k), number(k / 2))).collect()
}

#[test]
fn angles() {
    check_all::<Atan2>(&pairs_of_all_sizes(), 2.0);
    check_special::<Atan2>(2.0);
}

#[test]
fn hypotenuses() {
    check_all::<Hypot>(&pairs_of_all_sizes(), 2.0);
    check_special::<Hypot>(2.0);
}

fn single(x: f64) -> Lanes<Single, f64, 1> {
    Lanes::splat(Single, x)
}

#[test]
fn integer_powers() {
    for n in -12..13_i32 {
        for x in [0.3, -1.7, 2.0, 11.5] {
            let exact = (0..n.abs()).fold(Double::from(1.0), |product, _| product * x);
            let exact = if n < 0 { Double::from(1.0) / exact } else { exact };
            let result = <f64 as Functions>::power(single(x), n).value();
            let error = distance(result, exact.to_f64(), exact, exact.to_f64());
            assert!(error <= f64::from(n.abs()), "{x}^{n} is {result}: {error} ulp");
        }
    }
    assert_eq!(<f64 as Functions>::power(single(0.0), 0).value(), 1.0);
    assert_eq!(<f64 as Functions>::power(single(0.0), -1).value(), f64::INFINITY);
    assert_eq!(<f64 as Functions>::power(single(-0.0), 3).value().to_bits(), (-0.0_f64).to_bits());
    assert_eq!(<f64 as Functions>::power(single(1.0), i32::MIN).value(), 1.0);
}

#[test]
fn comparisons_and_choices() {
    let nan = f64::NAN;
    for (x, y) in
        [(1.0, 2.0), (2.0, 1.0), (1.0, 1.0), (0.0, -0.0), (nan, 1.0), (1.0, nan), (-f64::INFINITY, 5.0)]
    {
        let [a, b] = [single(x), single(y)];
        assert_eq!(<f64 as Functions>::less(a, b).value(), f64::from(x < y), "{x} < {y}");
        assert_eq!(<f64 as Functions>::less_equal(a, b).value(), f64::from(x <= y), "{x} <= {y}");
        assert_eq!(<f64 as Functions>::equal(a, b).value(), f64::from(x == y), "{x} == {y}");
        assert_eq!(<f64 as Functions>::not_equal(a, b).value(), f64::from(x != y), "{x} != {y}");
        assert_eq!(<f64 as Functions>::maximum(a, b).value(), x.max(y), "maximum of {x} and {y}");
        assert_eq!(<f64 as Functions>::minimum(a, b).value(), x.min(y), "minimum of {x} and {y}");
    }
    for (condition, picked) in [(1.0, 7.0), (0.0, 7.0), (-0.0, 7.0), (-1e-300, 8.0), (nan, 8.0)] {
        assert_eq!(
            <f64 as Functions>::if_else(single(condition), single(7.0), single(8.0)).value(),
            picked,
            "{condition}"
        );
    }
    for (x, clamped) in [(-3.0, -1.0), (0.5, 0.5), (2.0, 1.0), (f64::INFINITY, 1.0)] {
        assert_eq!(<f64 as Functions>::clamp(single(x), single(-1.0), single(1.0)).value(), clamped, "{x}");
    }
    assert!(<f64 as Functions>::clamp(single(nan), single(-1.0), single(1.0)).value().is_nan());
    // x modulo 3, in [offset, offset + 3)
    for (x, offset, rest) in
        [(7.5, 0.0, 1.5), (-1.0, 0.0, 2.0), (3.0, 0.0, 0.0), (7.5, -2.0, -1.5), (1.0, 1.0, 1.0)]
    {
        assert_eq!(
            <f64 as Functions>::modulo(single(x), single(3.0), single(offset)).value(),
            rest,
            "{x} from {offset}"
        );
    }
}
