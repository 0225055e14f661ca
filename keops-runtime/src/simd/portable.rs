//! Vectors as plain arrays, for processors without an instruction set of their own here, and for single numbers.

use std::marker::PhantomData;

use super::Level;
use super::pack::Columns4;
use super::vector::{LanesInMemory, Rows, Simd, Vector};

/// No instruction set in particular: arrays of 128 bits and plain loops, left to the compiler to vectorise.
#[derive(Clone, Copy, Debug)]
pub struct Portable;

impl Simd for Portable {
    type F32 = Lanes<Portable, f32, 4>;
    type F64 = Lanes<Portable, f64, 2>;
    type Wide<V: Rows<Token = Self>> = V;
    type Columns<V: Rows<Token = Self>> = Columns4<V>;
    const LEVEL: Level = Level::Portable;
    const FUSED: bool = false;
}

/// One number at a time: evaluates what depends on no point (expressions of parameters alone) with the code that
/// evaluates vectors.
#[derive(Clone, Copy, Debug)]
pub struct Single;

impl Simd for Single {
    type F32 = Lanes<Single, f32, 1>;
    type F64 = Lanes<Single, f64, 1>;
    type Wide<V: Rows<Token = Self>> = V;
    type Columns<V: Rows<Token = Self>> = Columns4<V>;
    const LEVEL: Level = Level::Portable;
    const FUSED: bool = false;

    #[inline(never)]
    fn apart<R>(work: impl FnOnce() -> R) -> R {
        work()
    }
}

/// `N` numbers in an array.
#[derive(Clone, Copy, Debug)]
pub struct Lanes<S, E, const N: usize> {
    lanes: [E; N],
    token: PhantomData<S>,
}

impl<S, E, const N: usize> Lanes<S, E, N> {
    #[inline(always)]
    fn new(lanes: [E; N]) -> Self {
        Lanes { lanes, token: PhantomData }
    }
}

impl<S, E: Copy> Lanes<S, E, 1> {
    /// The number.
    #[inline(always)]
    pub fn value(self) -> E {
        self.lanes[0]
    }
}

/// The array of a value per lane, computed from the lanes of arrays of `N`. A `while` loop, because iterators leave calls
/// behind where the optimiser gives up early.
macro_rules! per_lane {
    ($($x:ident in $array:expr),+ => $value:expr) => {{
        let mut out = [Default::default(); N];
        let mut lane = 0;
        while lane < N {
            $(let $x = $array[lane];)+
            out[lane] = $value;
            lane += 1;
        }
        out
    }};
}

/// Methods from a formula for one lane.
macro_rules! lane_methods {
    ($($method:ident($x:ident $(, $y:ident)*) => $value:expr;)+) => {$(
        #[inline(always)]
        fn $method(self $(, $y: Self)*) -> Self {
            Lanes::new(per_lane!($x in self.lanes $(, $y in $y.lanes)* => $value))
        }
    )+};
}

/// Comparisons, to masks whose lanes are all ones or all zeros: such masks vectorise, `bool`s do not.
macro_rules! lane_comparisons {
    ($bits:ty: $($method:ident($x:ident, $y:ident) => $truth:expr;)+) => {$(
        #[inline(always)]
        fn $method(self, b: Self) -> [$bits; N] {
            per_lane!($x in self.lanes, $y in b.lanes => if $truth { <$bits>::MAX } else { 0 })
        }
    )+};
}

macro_rules! impl_lanes {
    ($float:ident, $bits:ident) => {
        impl<S: Simd, const N: usize> Vector for Lanes<S, $float, N> {
            type Elem = $float;
            type Token = S;
            type Mask = [$bits; N];

            #[inline(always)]
            fn splat(_: S, x: $float) -> Self {
                Lanes::new([x; N])
            }
            #[inline(always)]
            fn set(self, x: $float) -> Self {
                Lanes::new([x; N])
            }
            #[inline(always)]
            fn set_bits(self, bits: u64) -> Self {
                Lanes::new([$float::from_bits(bits as $bits); N])
            }

            lane_methods! {
                add(x, y) => x + y;
                sub(x, y) => x - y;
                mul(x, y) => x * y;
                div(x, y) => x / y;
                // The library's fused function is a call where the processor has no such instruction: sixty times slower.
                mul_add(x, y, z) => x * y + z;
                neg_mul_add(x, y, z) => z - x * y;
                neg(x) => -x;
                abs(x) => x.abs();
                sqrt(x) => x.sqrt();
                min(x, y) => if x < y { x } else { y };
                max(x, y) => if x > y { x } else { y };
                floor(x) => x.floor();
                round_even(x) => x.round_ties_even();
                trunc(x) => x.trunc();
                bit_and(x, y) => $float::from_bits(x.to_bits() & y.to_bits());
                bit_or(x, y) => $float::from_bits(x.to_bits() | y.to_bits());
                bit_xor(x, y) => $float::from_bits(x.to_bits() ^ y.to_bits());
                int_add(x, y) => $float::from_bits(x.to_bits().wrapping_add(y.to_bits()));
                int_sub(x, y) => $float::from_bits(x.to_bits().wrapping_sub(y.to_bits()));
            }

            lane_comparisons! {
                $bits:
                lt(x, y) => x < y;
                not_lt(x, y) => x.partial_cmp(&y) != Some(std::cmp::Ordering::Less);
                le(x, y) => x <= y;
                eq(x, y) => x == y;
                ne(x, y) => x != y;
            }

            #[inline(always)]
            fn mask_and(a: Self::Mask, b: Self::Mask) -> Self::Mask {
                per_lane!(x in a, y in b => x & y)
            }
            #[inline(always)]
            fn mask_or(a: Self::Mask, b: Self::Mask) -> Self::Mask {
                per_lane!(x in a, y in b => x | y)
            }
            #[inline(always)]
            fn mask_not(a: Self::Mask) -> Self::Mask {
                per_lane!(x in a => !x)
            }
            #[inline(always)]
            fn any(mask: Self::Mask) -> bool {
                let mut any = 0;
                let mut lane = 0;
                while lane < N {
                    any |= mask[lane];
                    lane += 1;
                }
                any != 0
            }
            #[inline(always)]
            fn select(mask: Self::Mask, a: Self, b: Self) -> Self {
                Lanes::new(per_lane!(m in mask, x in a.lanes, y in b.lanes =>
                    $float::from_bits((x.to_bits() & m) | (y.to_bits() & !m))))
            }
            #[inline(always)]
            fn keep(self, mask: Self::Mask) -> Self {
                Lanes::new(per_lane!(m in mask, x in self.lanes => $float::from_bits(x.to_bits() & m)))
            }

            #[inline(always)]
            fn shift_left<const BY: i32>(self) -> Self {
                const { assert!(0 <= BY && BY < $bits::BITS as i32, "shift within the lane") }
                Lanes::new(per_lane!(x in self.lanes => $float::from_bits(x.to_bits() << BY)))
            }
            #[inline(always)]
            fn shift_right<const BY: i32>(self) -> Self {
                const { assert!(0 <= BY && BY < $bits::BITS as i32, "shift within the lane") }
                Lanes::new(per_lane!(x in self.lanes => $float::from_bits(x.to_bits() >> BY)))
            }

            #[inline(always)]
            fn by_a_call(self, work: LanesInMemory<$float>) -> [Self; 3] {
                let (mut a, mut b, mut c) = (self.lanes, self.lanes, self.lanes);
                work(S::LEVEL, &self.lanes, [&mut a, &mut b, &mut c]);
                [Lanes::new(a), Lanes::new(b), Lanes::new(c)]
            }
        }

        impl<S: Simd, const N: usize> Rows for Lanes<S, $float, N> {
            const LANES: usize = N;

            #[inline(always)]
            fn load(_: S, from: &[$float]) -> Self {
                let from = &from[..N];
                Lanes::new(per_lane!(x in from => x))
            }
            #[inline(always)]
            fn store(self, to: &mut [$float]) {
                to[..N].copy_from_slice(&self.lanes);
            }
            #[inline(always)]
            fn exchange<const BY: usize>(self, b: Self) -> (Self, Self) {
                assert!(BY.is_power_of_two() && BY < N, "no blocks of {BY} lanes in a vector of {N}");
                let (mut first, mut second) = (self, b);
                let mut lane = 0;
                while lane < N {
                    if lane & BY == 0 {
                        first.lanes[lane + BY] = b.lanes[lane];
                        second.lanes[lane] = self.lanes[lane + BY];
                    }
                    lane += 1;
                }
                (first, second)
            }
        }
    };
}

impl_lanes!(f32, u32);
impl_lanes!(f64, u64);
