//! The arithmetic that the loops by hand use, in `f32` or `f64`.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// `f32` or `f64`.
pub trait Number:
    Copy
    + Send
    + Sync
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + 'static
{
    /// The name of the type in NumPy.
    const NUMPY: &'static str;
    /// +∞
    const INFINITY: Self;
    /// The nearest number.
    fn from_f64(x: f64) -> Self;
    /// The same number.
    fn to_f64(self) -> f64;
    /// e^self
    fn exp(self) -> Self;
    /// The natural logarithm.
    fn ln(self) -> Self;
    /// The bytes in memory, on a little-endian machine.
    fn bytes(self) -> Vec<u8>;
}

macro_rules! number {
    ($type:ident, $numpy:literal) => {
        impl Number for $type {
            const NUMPY: &'static str = $numpy;
            const INFINITY: $type = $type::INFINITY;
            #[inline]
            fn from_f64(x: f64) -> $type {
                x as $type
            }
            #[inline]
            fn to_f64(self) -> f64 {
                self.into()
            }
            #[inline]
            fn exp(self) -> $type {
                $type::exp(self)
            }
            #[inline]
            fn ln(self) -> $type {
                $type::ln(self)
            }
            fn bytes(self) -> Vec<u8> {
                self.to_le_bytes().into()
            }
        }
    };
}

number!(f32, "<f4");
number!(f64, "<f8");
