//! Every method of every vector type against one number at a time, lane by lane.
//!
//! The numbers are all pairs of special values (signed zeros, denormals, ties, the ends of the integers, infinities, NaN
//! with payloads) and random bit patterns. Results must have the model's bits; only a NaN that arithmetic makes may have
//! any payload, which IEEE 754 leaves open.

mod model;

use model::{Flat, Model, operands, specials};

use super::pack::{Columns4, Twice};
use super::portable::{Portable, Single};
use super::vector::{Rows, Simd, Vector};
use super::{Level, Task, dispatch};
use crate::real::Real;
use std::io::Write as _;

/// What makes two results the same.
#[derive(Clone, Copy)]
enum Same {
    /// All bits.
    Bits,
    /// All bits, but one NaN is as good as another.
    Number,
}

use Same::{Bits, Number};

fn assert_lanes<E: Model>(what: &str, same: Same, inputs: &[&[E]], got: &[E], expected: &[E]) {
    assert_eq!(got.len(), expected.len(), "{what}: lanes");
    for lane in 0..got.len() {
        let (got, expected) = (got[lane], expected[lane]);
        let nan = matches!(same, Number) && got.is_nan() && expected.is_nan();
        let operands: Vec<_> =
            inputs.iter().map(|x| format!("{:?} = {:#x}", x[lane], x[lane].bits())).collect();
        assert!(
            nan || got.bits() == expected.bits(),
            "{what} of ({}) in lane {lane}: {got:?} = {:#x}, not {expected:?} = {:#x}",
            operands.join(", "),
            got.bits(),
            expected.bits(),
        );
    }
}

/// One vector's worth of numbers after the other; the last one is filled up from the front.
fn chunks<E: Model>(numbers: &[E], lanes: usize) -> Vec<Vec<E>> {
    let chunk = |k: usize| (0..lanes).map(|lane| numbers[(k * lanes + lane) % numbers.len()]).collect();
    (0..numbers.len().div_ceil(lanes)).map(chunk).collect()
}

/// Compares methods of vectors `V` with the same for one number.
struct Against<V: Vector> {
    token: V::Token,
    /// Three operands for each method, in pieces of one vector.
    operands: [Vec<Vec<V::Elem>>; 3],
}

impl<V: Flat> Against<V>
where
    V::Elem: Model,
{
    fn one(&self, what: &str, same: Same, method: fn(V) -> V, model: &dyn Fn(V::Elem) -> V::Elem) {
        self.three(what, same, &|a, _, _| method(a), &|a, _, _| model(a));
    }

    fn two(
        &self,
        what: &str,
        same: Same,
        method: &dyn Fn(V, V) -> V,
        model: &dyn Fn(V::Elem, V::Elem) -> V::Elem,
    ) {
        self.three(what, same, &|a, b, _| method(a, b), &|a, b, _| model(a, b));
    }

    /// All take functions behind pointers: a copy of this for each method would take a minute to compile.
    fn three(
        &self,
        what: &str,
        same: Same,
        method: &dyn Fn(V, V, V) -> V,
        model: &dyn Fn(V::Elem, V::Elem, V::Elem) -> V::Elem,
    ) {
        let [a, b, c] = &self.operands;
        for ((a, b), c) in a.iter().zip(b).zip(c) {
            let [x, y, z] = [a, b, c].map(|numbers| V::read(self.token, numbers));
            let expected: Vec<_> = (0..V::NUMBERS).map(|lane| model(a[lane], b[lane], c[lane])).collect();
            assert_lanes(what, same, &[a, b, c], &method(x, y, z).write(), &expected);
        }
    }

    fn constants(&self) {
        for x in specials::<V::Elem>() {
            let all = vec![x; V::NUMBERS];
            let other = V::splat(self.token, V::Elem::from_f64(7.0));
            assert_lanes("splat", Bits, &[&all], &V::splat(self.token, x).write(), &all);
            assert_lanes("set", Bits, &[&all], &other.set(x).write(), &all);
            // A vector of `f32` takes the low half alone.
            let bits = x.bits() | (0x8765_4321_u64 << 32 & !V::Elem::ALL_BITS);
            assert_lanes("set_bits", Bits, &[&all], &other.set_bits(bits).write(), &all);
        }
    }

    fn arithmetic(&self) {
        self.one("read and write", Bits, |a| a, &|a| a);
        self.two("add", Number, &V::add, &|a, b| a + b);
        self.two("sub", Number, &V::sub, &|a, b| a - b);
        self.two("mul", Number, &V::mul, &|a, b| a * b);
        self.two("div", Number, &V::div, &|a, b| a / b);
        if V::Token::FUSED {
            self.three("mul_add", Number, &V::mul_add, &V::Elem::fused);
            self.three("neg_mul_add", Number, &V::neg_mul_add, &|a, b, c| (-a).fused(b, c));
            let step = |a: V::Elem, b: V::Elem, c| (a - b).fused(a - b, c);
            self.three("add_squared_difference", Number, &V::add_squared_difference, &step);
        } else {
            self.three("mul_add", Number, &V::mul_add, &|a, b, c| a * b + c);
            self.three("neg_mul_add", Number, &V::neg_mul_add, &|a, b, c| c - a * b);
            let step = |a: V::Elem, b: V::Elem, c| (a - b) * (a - b) + c;
            self.three("add_squared_difference", Number, &V::add_squared_difference, &step);
        }
        let sign = V::Elem::from_f64(-0.0).bits();
        self.one("neg", Bits, V::neg, &|a| V::Elem::from_bits(a.bits() ^ sign));
        self.one("abs", Bits, V::abs, &|a| V::Elem::from_bits(a.bits() & !sign));
        self.one("sqrt", Number, V::sqrt, &V::Elem::square_root);
        // Not the comparison that the code makes: of zeros of either sign, as of NaN, the second one.
        self.two("min", Number, &V::min, &|a, b| if a.is_nan() || b.is_nan() || a >= b { b } else { a });
        self.two("max", Number, &V::max, &|a, b| if a.is_nan() || b.is_nan() || a <= b { b } else { a });
        self.one("floor", Number, V::floor, &V::Elem::rounded_down);
        self.one("round_even", Number, V::round_even, &V::Elem::rounded_to_even);
        self.one("trunc", Number, V::trunc, &V::Elem::truncated);
    }

    fn bits(&self) {
        self.two("bit_and", Bits, &V::bit_and, &|a, b| V::Elem::from_bits(a.bits() & b.bits()));
        self.two("bit_or", Bits, &V::bit_or, &|a, b| V::Elem::from_bits(a.bits() | b.bits()));
        self.two("bit_xor", Bits, &V::bit_xor, &|a, b| V::Elem::from_bits(a.bits() ^ b.bits()));
        self.two("int_add", Bits, &V::int_add, &|a, b| V::Elem::from_bits(a.bits().wrapping_add(b.bits())));
        self.two("int_sub", Bits, &V::int_sub, &|a, b| V::Elem::from_bits(a.bits().wrapping_sub(b.bits())));
        self.one("shift_left by 0", Bits, V::shift_left::<0>, &|a| a);
        self.one("shift_left by 23", Bits, V::shift_left::<23>, &|a| V::Elem::from_bits(a.bits() << 23));
        self.one("shift_right by 1", Bits, V::shift_right::<1>, &|a| V::Elem::from_bits(a.bits() >> 1));
        self.one("shift_right by 31", Bits, V::shift_right::<31>, &|a| V::Elem::from_bits(a.bits() >> 31));
    }

    /// Masks are seen through `select`, between a pattern of bits (a signalling NaN) and a number.
    fn comparisons(&self) {
        let yes_bits = V::Elem::INFINITY.bits() | 9;
        let chosen = |mask: V::Mask| {
            let no = V::splat(self.token, V::Elem::from_f64(-2.0));
            V::select(mask, no.set_bits(yes_bits), no)
        };
        let expected =
            |truth: bool| if truth { V::Elem::from_bits(yes_bits) } else { V::Elem::from_f64(-2.0) };

        self.two("lt", Bits, &|a, b| chosen(a.lt(b)), &|a, b| expected(a < b));
        self.two("not_lt", Bits, &|a, b| chosen(a.not_lt(b)), &|a, b| {
            expected(a >= b || a.is_nan() || b.is_nan())
        });
        self.two("le", Bits, &|a, b| chosen(a.le(b)), &|a, b| expected(a <= b));
        self.two("eq", Bits, &|a, b| chosen(a.eq(b)), &|a, b| expected(a == b));
        self.two("ne", Bits, &|a, b| chosen(a.ne(b)), &|a, b| expected(a != b));
        let both = |a: V, b: V, c: V| chosen(V::mask_and(a.lt(b), b.lt(c)));
        self.three("mask_and", Bits, &both, &|a, b, c| expected(a < b && b < c));
        let either = |a: V, b: V, c: V| chosen(V::mask_or(a.lt(b), b.lt(c)));
        self.three("mask_or", Bits, &either, &|a, b, c| expected(a < b || b < c));
        self.two("mask_not", Bits, &|a, b| chosen(V::mask_not(a.eq(b))), &|a, b| expected(a != b));
        let choice = |a: V, b: V, c: V| V::select(a.le(b), b, c);
        self.three("select", Bits, &choice, &|a, b, c| if a <= b { b } else { c });
        let zero = V::Elem::from_f64(0.0);
        self.two("keep", Bits, &|a, b| a.keep(a.ne(b)), &|a, b| if a != b { a } else { zero });
    }

    /// What only some sets have instructions for.
    fn by_instructions(&self) {
        for &table in V::Elem::TABLES {
            if V::LOOKS_UP {
                let entry = |a: V::Elem| table[(a.bits() % table.len() as u64) as usize];
                self.two("lookup", Bits, &|a, _| a.lookup(table), &|a, _| entry(a));
            }
        }
        if V::SCALES {
            // What becomes of ±∞ and NaN as exponents is promised to nobody.
            let [low, high] = [-1e4, 1e4].map(V::Elem::from_f64);
            let within = |b: V| b.max(b.set(low)).min(b.set(high));
            self.two("scale", Number, &|a, b| a.scale(within(b)), &V::Elem::times_power_of_2);
            // Nor what becomes of them here, nor the sign of zeros.
            let finite = |a: V::Elem| match () {
                () if a > high => high,
                () if a >= low => a,
                () => low,
            };
            let unsigned = |a: V| a.add(a.set(V::Elem::from_f64(0.0)));
            let sum = |a, b| unsigned(within(a).add_down(within(b)));
            self.two("add_down", Bits, &sum, &|a, b| finite(a).sum_rounded_down(finite(b)));
            let rest = |a: V, _| unsigned(within(a).above_step());
            self.two("above_step", Bits, &rest, &|a, _| finite(a).above_step());
        }
    }

    /// What comes back from memory, in the order of the results.
    fn calls(&self) {
        fn work<E: Model>(_: Level, x: &[E], [same, twice, least]: [&mut [E]; 3]) {
            for (k, &x) in x.iter().enumerate() {
                (same[k], twice[k], least[k]) = (x, x + x, E::from_f64(f64::from(k == 0)));
            }
        }
        let result = |k: usize| move |a: V| a.by_a_call(work::<V::Elem>)[k];
        self.two("by_a_call", Bits, &|a, _| result(0)(a), &|a, _| a);
        self.two("by_a_call", Number, &|a, _| result(1)(a), &|a, _| a + a);
        let lowest = V::splat(self.token, V::Elem::from_f64(7.0)).by_a_call(work::<V::Elem>)[2].write();
        let registers = lowest.iter().filter(|&&x| x == V::Elem::from_f64(1.0)).count();
        assert!(lowest[0] == V::Elem::from_f64(1.0) && V::NUMBERS % registers == 0, "{lowest:?}");
    }

    /// `any` sees each lane alone, and nothing where there is nothing.
    fn any(&self) {
        let [one, two, three] = [1.0, 2.0, 3.0].map(V::Elem::from_f64);
        for lane in 0..V::NUMBERS {
            let mut numbers = vec![one; V::NUMBERS];
            numbers[lane] = three;
            let x = V::read(self.token, &numbers);
            assert!(V::any(x.set(two).lt(x)), "any in lane {lane}");
            assert!(!V::any(x.set(three).lt(x)), "any of nothing in lane {lane}");
            assert!(V::any(V::mask_not(x.ne(x.set(three)))), "any of mask_not in lane {lane}");
        }
        let all = V::splat(self.token, one);
        assert!(!V::any(V::mask_not(all.eq(all))), "any of the opposite of all");
    }
}

/// Lanes with bits of their own (infinity and NaN with payloads) end where they belong, in both vectors.
fn exchanges<V: Rows, const BY: usize>(token: V::Token)
where
    V::Elem: Model,
{
    let number = |lane: usize| V::Elem::from_bits(V::Elem::INFINITY.bits() + lane as u64);
    let [a, b]: [Vec<_>; 2] = [0, V::LANES].map(|first| (first..first + V::LANES).map(number).collect());
    let (first, second) = V::load(token, &a).exchange::<BY>(V::load(token, &b));
    let lower = |lane: usize| lane & BY == 0;
    let expected: Vec<_> = (0..V::LANES).map(|k| if lower(k) { a[k] } else { b[k - BY] }).collect();
    assert_lanes("exchange", Bits, &[&a, &b], &first.write(), &expected);
    let expected: Vec<_> = (0..V::LANES).map(|k| if lower(k) { a[k + BY] } else { b[k] }).collect();
    assert_lanes("exchange", Bits, &[&a, &b], &second.write(), &expected);
}

fn exchanges_of_all_sizes<V: Rows>(token: V::Token)
where
    V::Elem: Model,
{
    let tests =
        [exchanges::<V, 1>, exchanges::<V, 2>, exchanges::<V, 4>, exchanges::<V, 8>, exchanges::<V, 16>];
    tests.iter().take(V::LANES.ilog2() as usize).for_each(|test| test(token));
}

fn conforms<V: Flat>(token: V::Token)
where
    V::Elem: Model,
{
    let against = Against::<V> { token, operands: operands().map(|numbers| chunks(&numbers, V::NUMBERS)) };
    against.constants();
    against.arithmetic();
    against.bits();
    against.comparisons();
    against.by_instructions();
    against.calls();
    against.any();
}

/// The vector types of an instruction set, and packs of them.
struct Conforms;

impl Task for Conforms {
    type Output = Level;
    fn run<S: Simd>(self, token: S) -> Level {
        conforms::<S::F32>(token);
        conforms::<S::F64>(token);
        conforms::<Twice<S::F32>>(token);
        conforms::<Columns4<Twice<S::F64>>>(token);
        exchanges_of_all_sizes::<S::F32>(token);
        exchanges_of_all_sizes::<S::F64>(token);
        exchanges_of_all_sizes::<Twice<S::F32>>(token);
        exchanges_of_all_sizes::<Twice<S::F64>>(token);
        S::LEVEL
    }
}

#[test]
fn portable() {
    assert_eq!(Conforms.run(Portable), Level::Portable);
}

#[test]
fn single() {
    assert_eq!(Conforms.run(Single), Level::Portable);
}

#[test]
fn sse2() {
    run_on(Level::Sse2);
}

#[test]
fn avx2() {
    run_on(Level::Avx2);
}

#[test]
fn avx512() {
    run_on(Level::Avx512);
}

/// A slice that is one number too short, to load from or to store to: both must panic, not touch what lies beyond.
struct TooShort {
    store: bool,
}

impl Task for TooShort {
    type Output = ();
    fn run<S: Simd>(self, token: S) {
        let mut numbers = [1.0; 64];
        let x = S::F32::load(token, &numbers);
        let short = &mut numbers[..S::F32::LANES - 1];
        if self.store { x.store(short) } else { drop(S::F32::load(token, short).write()) }
    }
}

#[test]
fn short_slices_are_refused() {
    for level in Level::ALL.into_iter().filter(|level| level.is_available()) {
        for store in [false, true] {
            let caught = std::panic::catch_unwind(|| dispatch(level, TooShort { store }));
            assert!(caught.is_err(), "{} store {store}", level.name());
        }
    }
}

/// Runs on the level, or says that this processor or this build lacks it.
fn run_on(level: Level) {
    if level.is_available() {
        assert_eq!(dispatch(level, Conforms), level);
    } else {
        let _ = writeln!(std::io::stderr(), "skipped: no {} here", level.name());
    }
}
