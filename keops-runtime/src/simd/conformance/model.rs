//! One number at a time, the numbers to try, and the way in and out of vectors.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::real::Real;
use crate::simd::pack::{Columns2, Pair};
use crate::simd::vector::{Rows, Vector};

/// What vectors do, done to one number by the standard library.
pub(super) trait Model:
    Real + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// The bits of a number, all ones.
    const ALL_BITS: u64;
    /// Bits of the fraction, the hidden one included.
    const DIGITS: u32;
    /// The distance from 1 to the next number.
    const EPSILON: Self;
    /// The least number with all its digits.
    const LEAST_NORMAL: Self;
    /// Tables for [`Vector::lookup`].
    const TABLES: &'static [&'static [Self]];

    fn is_nan(self) -> bool;
    fn fused(self, b: Self, c: Self) -> Self;
    fn square_root(self) -> Self;
    fn rounded_down(self) -> Self;
    fn rounded_to_even(self) -> Self;
    fn truncated(self) -> Self;
    /// self · 2^⌊n⌋, rounded once; n is −10⁴ for NaN, and no further from 0.
    fn times_power_of_2(self, n: Self) -> Self;
    /// self + b, rounded towards −∞, for finite numbers; a zero is +0.
    fn sum_rounded_down(self, b: Self) -> Self;
    /// self − ⌊S · self⌋ / S with S of [`Vector::above_step`], rounded towards −∞, for finite numbers; a zero is +0.
    fn above_step(self) -> Self;
}

macro_rules! impl_model {
    ($float:ident, $bits:ident, $steps:literal, $tables:expr) => {
        impl Model for $float {
            const ALL_BITS: u64 = $bits::MAX as u64;
            const DIGITS: u32 = $float::MANTISSA_DIGITS;
            const EPSILON: $float = $float::EPSILON;
            const LEAST_NORMAL: $float = $float::MIN_POSITIVE;
            const TABLES: &'static [&'static [$float]] = $tables;

            fn is_nan(self) -> bool {
                self.is_nan()
            }
            fn fused(self, b: $float, c: $float) -> $float {
                self.mul_add(b, c)
            }
            fn square_root(self) -> $float {
                self.sqrt()
            }
            fn rounded_down(self) -> $float {
                self.floor()
            }
            fn rounded_to_even(self) -> $float {
                self.round_ties_even()
            }
            fn truncated(self) -> $float {
                self.trunc()
            }
            fn sum_rounded_down(self, b: $float) -> $float {
                let sum = self + b;
                let of_b = sum - self;
                let lost = (self - (sum - of_b)) + (b - of_b);
                (if lost < 0.0 { sum.next_down() } else { sum }) + 0.0
            }
            fn above_step(self) -> $float {
                self.sum_rounded_down(-(self * $steps).floor() / $steps)
            }
            fn times_power_of_2(self, n: $float) -> $float {
                if self == 0.0 || !self.is_finite() {
                    return self;
                }
                // A number of ordinary size times a power of 2 that is written as two factors: the first product is exact.
                let (mut number, mut exponent) = (self, n.max(-1e4).min(1e4).floor() as i32);
                for (from, to, factor, power) in [(0.0, 1.0, 2.0, -1), (2.0, $float::INFINITY, 0.5, 1)] {
                    while (from..to).contains(&number.abs()) {
                        (number, exponent) = (number * factor, exponent + power);
                    }
                }
                let (low, high) = (2 * $float::MIN_EXP, 2 * $float::MAX_EXP);
                let exponent = exponent.clamp(low, high);
                let factor = |power: i32| $float::from_f64(2f64.powi(power));
                number * factor(exponent / 2) * factor(exponent - exponent / 2)
            }
        }
    };
}

impl_model!(
    f32,
    u32,
    8.0,
    &[
        &[1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7],
        &[1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5, 12.5, 13.5, 14.5, 15.5, 16.5]
    ]
);
impl_model!(
    f64,
    u64,
    16.0,
    &[&[1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5, 12.5, 13.5, 14.5, 15.5, 16.5]]
);

/// Numbers at which something special happens, of both signs.
pub(super) fn specials<E: Model>() -> Vec<E> {
    let number = E::from_f64;
    let [half, one, ulp] = [number(0.5), number(1.0), <E as Model>::EPSILON];
    // From here on every number is an integer.
    let integers = number((1_u64 << (E::DIGITS - 1)) as f64);
    let least = E::from_bits(1);
    let infinity = E::INFINITY.bits();
    let mut sizes =
        vec![number(0.0), least, E::LEAST_NORMAL - least, E::LEAST_NORMAL, ulp, E::MAX, E::INFINITY];
    sizes.extend([half - ulp * half, half, half + ulp, one - ulp * half, one, one + ulp]);
    sizes.extend([0.25, 0.75, 1.5, 2.5, 3.5, 1e6 + 0.5, 2_147_483_648.0, 1e30].map(number));
    sizes.extend([integers * half - half, integers * half + half, integers - one, integers - half]);
    sizes.extend([integers, integers + one, integers + integers + number(2.0)]);
    // NaN as arithmetic makes it, with a payload, and signalling.
    let quiet = infinity | (1 << (E::DIGITS - 2));
    sizes.extend([quiet, quiet | 5, infinity | 9].map(E::from_bits));
    let sign = number(-0.0).bits();
    sizes.iter().flat_map(|&x| [x, E::from_bits(x.bits() ^ sign)]).collect()
}

/// Three operands: all pairs of special values with a third one, random bits, and random numbers of ordinary size.
pub(super) fn operands<E: Model>() -> [Vec<E>; 3] {
    let specials = specials::<E>();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    // Marsaglia's shifts: any state but 0 comes up once in 2⁶⁴ − 1.
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let [mut a, mut b, mut c] = [vec![], vec![], vec![]];
    for &x in &specials {
        for &y in &specials {
            a.push(x);
            b.push(y);
            c.push(specials[(random() >> 32) as usize % specials.len()]);
        }
    }
    let exponent = E::INFINITY.bits();
    let one = E::from_f64(1.0).bits();
    for _ in 0..2048 {
        for column in [&mut a, &mut b, &mut c] {
            column.push(E::from_bits(random()));
        }
        for column in [&mut a, &mut b, &mut c] {
            // Any sign and digits, and the exponent of 1 with its lowest bits changed.
            let bits = random();
            column.push(E::from_bits((bits & !exponent) | (one ^ (bits & exponent & (exponent >> 4)))));
        }
    }
    [a, b, c]
}

/// Numbers in and out of a vector, whatever its parts are: lane by lane, column by column.
pub(super) trait Flat: Vector {
    /// Numbers in it.
    const NUMBERS: usize;
    fn read(token: Self::Token, from: &[Self::Elem]) -> Self;
    fn write(self) -> Vec<Self::Elem>;
}

impl<V: Rows> Flat for V {
    const NUMBERS: usize = V::LANES;

    fn read(token: V::Token, from: &[V::Elem]) -> V {
        V::load(token, from)
    }
    fn write(self) -> Vec<V::Elem> {
        let mut out = vec![V::Elem::default(); V::LANES];
        self.store(&mut out);
        out
    }
}

/// A block of columns cannot be loaded: each column is made with `from_row`, and put in its place by a mask, which
/// `from_columns` makes.
impl<P: Pair<Elem: Model>> Flat for Columns2<P> {
    const NUMBERS: usize = Self::COLUMNS * P::Row::LANES;

    fn read(token: P::Token, from: &[P::Elem]) -> Self {
        let number = |c: usize| P::Elem::from_f64(c as f64);
        let numbers = Self::from_columns(token, 10, |j| number(j - 10));
        let mut out = numbers;
        for c in 0..Self::COLUMNS {
            let column = Self::from_row(P::Row::load(token, &from[c * P::Row::LANES..]));
            out = Self::select(numbers.eq(numbers.set(number(c))), column, out);
        }
        out
    }
    fn write(self) -> Vec<P::Elem> {
        // One place more than needed, which must be left alone.
        let rest = self.column(0).set(P::Elem::from_f64(77.0));
        let mut columns = vec![rest; Self::COLUMNS + 1];
        self.spread(&mut columns);
        let bits = |row: P::Row| row.write().into_iter().map(Real::bits).collect::<Vec<_>>();
        assert_eq!(bits(columns[Self::COLUMNS]), bits(rest), "beyond the columns");
        columns.truncate(Self::COLUMNS);
        for (c, &column) in columns.iter().enumerate() {
            assert_eq!(bits(column), bits(self.column(c)), "column {c} spread and by itself");
        }
        columns.into_iter().flat_map(Flat::write).collect()
    }
}
