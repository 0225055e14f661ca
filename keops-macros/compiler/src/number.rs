//! Constants of a formula: exact rationals while they fit, floats otherwise.

use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A constant. `1/2` is a half exactly, `0.1` is one tenth; what does not fit two 64-bit integers is a float.
///
/// Invariant: `den > 0`, the fraction is reduced, and a `Float` is no fraction that fits; so equal values are equal
/// structures, and structural equality and hashing are those of the value.
///
/// Arithmetic is exact where the result fits and falls back to f64 otherwise. A result beyond f64, or one that does not
/// exist (the reciprocal of zero), is a float that is not finite: see [`Number::is_finite`].
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// `num / den`, reduced.
    Rational {
        /// Numerator.
        num: i64,
        /// Denominator, positive.
        den: i64,
    },
    /// A float that is no fraction of two 64-bit integers.
    Float(f64),
}

impl Number {
    /// An integer.
    pub fn integer(value: i64) -> Number {
        Number::Rational { num: value, den: 1 }
    }

    /// The fraction num / den; not finite if `den` is 0.
    pub fn rational(num: i64, den: i64) -> Number {
        Number::fraction(num.into(), den.into())
    }

    /// Exactly the value of a float: 0.5 is a half, but `0.1f64` is not one tenth.
    pub fn from_f64(x: f64) -> Number {
        if x == 0.0 {
            return Number::integer(0);
        }
        if !x.is_finite() {
            return Number::Float(x);
        }
        // x = mantissa · 2^exponent; dropping the trailing zeros leaves an odd mantissa, so the fraction is reduced.
        let bits = x.to_bits();
        let biased = (bits >> 52 & 0x7ff) as i32;
        let fraction = (bits & ((1 << 52) - 1)) as i64;
        let (mantissa, exponent) =
            if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
        let zeros = mantissa.trailing_zeros();
        let (odd, exponent) = (mantissa >> zeros, exponent + zeros as i32);
        let signed = if x < 0.0 { -odd } else { odd };
        match exponent {
            0..=63 => match i64::try_from(i128::from(signed) << exponent) {
                Ok(num) => Number::Rational { num, den: 1 },
                Err(_) => Number::Float(x),
            },
            -62..=-1 => Number::Rational { num: signed, den: 1 << -exponent },
            _ => Number::Float(x),
        }
    }

    /// A decimal literal such as `12`, `0.1`, `1.`, `2.5e-3` or `1_000`; exact if it fits.
    /// `None` if it is none, or if it is too large or too small for f64 (`1e999`, `1e-999`).
    pub fn parse(text: &str) -> Option<Number> {
        let text: String = text.chars().filter(|&c| c != '_').collect();
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text.as_str(), 0),
        };
        let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{decimals}");
        if whole.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        // Trailing zeros say nothing; without them 1.000…0 with forty zeros is exact too.
        let significant = digits.trim_end_matches('0');
        let scale = i64::from(exponent) - decimals.len() as i64 + (digits.len() - significant.len()) as i64;
        if significant.is_empty() {
            return Some(Number::integer(0));
        }
        let exact = significant.parse::<i64>().ok().and_then(|n| {
            let power = 10_i64.checked_pow(u32::try_from(scale.unsigned_abs()).ok()?)?;
            Some(if scale < 0 { (n.into(), power.into()) } else { (i128::from(n) * i128::from(power), 1) })
        });
        let value = match exact {
            Some((num, den)) => Number::fraction(num, den),
            None => Number::from_f64(text.parse().ok()?),
        };
        (value.is_finite() && !value.is_zero()).then_some(value)
    }

    /// 1 / a; not finite for a = 0.
    pub fn reciprocal(self) -> Number {
        match self {
            Number::Rational { num, den } => Number::rational(den, num),
            Number::Float(x) => Number::from_f64(1.0 / x),
        }
    }

    /// aⁿ, exact where it fits; 1 for n = 0.
    pub fn powi(self, n: i32) -> Number {
        let (base, n_times) = (if n < 0 { self.reciprocal() } else { self }, n.unsigned_abs());
        match base {
            Number::Float(x) => Number::from_f64(x.powf(n_times.into())),
            Number::Rational { num, den } => match (num.checked_pow(n_times), den.checked_pow(n_times)) {
                // Powers of a reduced fraction are reduced.
                (Some(num), Some(den)) => Number::Rational { num, den },
                _ => Number::from_f64(self.to_f64().powf(n.into())),
            },
        }
    }

    /// aᵇ, exact where it is a fraction that fits (`(4/9)^(1/2)` is 2/3); not finite where it is no real number.
    pub fn pow(self, exponent: Number) -> Number {
        let float = || Number::from_f64(self.to_f64().powf(exponent.to_f64()));
        let Number::Rational { num: p, den: q } = exponent else { return float() };
        let (Ok(p), Ok(q)) = (i32::try_from(p), u32::try_from(q)) else { return float() };
        match self {
            _ if q == 1 => self.powi(p),
            Number::Rational { num, den } => match (root(num, q), root(den, q)) {
                (Some(num), Some(den)) => Number::rational(num, den).powi(p),
                _ => float(),
            },
            Number::Float(_) => float(),
        }
    }

    /// The nearest f64.
    pub fn to_f64(self) -> f64 {
        let (num, den) = match self {
            Number::Rational { num, den } => (num, den as u128),
            Number::Float(x) => return x,
        };
        // A quotient of at least 64 bits, with a last bit that tells whether a remainder was left, rounds as the exact
        // value does.
        let magnitude = u128::from(num.unsigned_abs());
        let shift = (64 + magnitude.leading_zeros()).saturating_sub(den.leading_zeros());
        let scaled = magnitude << shift;
        let quotient = (scaled / den) | u128::from(scaled % den != 0);
        let value = quotient as f64 * 0.5_f64.powi(shift as i32);
        if num < 0 { -value } else { value }
    }

    /// The value, if it is an integer of 64 bits.
    pub fn as_integer(self) -> Option<i64> {
        match self {
            Number::Rational { num, den: 1 } => Some(num),
            _ => None,
        }
    }

    /// Whether it is 0.
    pub fn is_zero(self) -> bool {
        self.as_integer() == Some(0)
    }

    /// Whether it is 1.
    pub fn is_one(self) -> bool {
        self.as_integer() == Some(1)
    }

    /// Whether it is −1.
    pub fn is_minus_one(self) -> bool {
        self.as_integer() == Some(-1)
    }

    /// Whether it is a number at all: false for the result of an overflow, of `1/0` or of `(-1)^(1/2)`.
    pub fn is_finite(self) -> bool {
        match self {
            Number::Rational { .. } => true,
            Number::Float(x) => x.is_finite(),
        }
    }

    /// The product, if it can stand for the two in a product with others: `None` where it alone would be infinite, or 0, or in
    /// `f32` although they are not.
    pub fn joined(self, other: Number) -> Option<Number> {
        let product = self * other;
        let in_single =
            |n: Number| n.is_zero() || (2f64.powi(-126)..=2f64.powi(127)).contains(&n.to_f64().abs());
        let vanished = product.is_zero() && !self.is_zero() && !other.is_zero();
        let leaves = in_single(self) && in_single(other) && !in_single(product);
        (product.is_finite() && !vanished && !leaves).then_some(product)
    }

    /// As few numbers as can stand for these in a product, without 1.
    pub fn joined_all(numbers: &[Number]) -> Vec<Number> {
        let mut joined: Vec<Number> = vec![];
        for &number in numbers {
            match joined.iter_mut().find_map(|other| other.joined(number).map(|product| (other, product))) {
                Some((other, product)) => *other = product,
                None => joined.push(number),
            }
        }
        joined.retain(|number| !number.is_one());
        joined
    }

    /// −1, 0 or 1; 0 for NaN.
    pub fn sign(self) -> i32 {
        match self {
            Number::Rational { num, .. } => num.signum() as i32,
            Number::Float(x) => i32::from(x > 0.0) - i32::from(x < 0.0),
        }
    }

    /// num / den reduced, as a fraction if it fits.
    fn fraction(num: i128, den: i128) -> Number {
        if den == 0 {
            return Number::Float(num as f64 / 0.0);
        }
        let (num, den) = if den < 0 { (-num, -den) } else { (num, den) };
        let divisor = gcd(num.unsigned_abs(), den.unsigned_abs()) as i128;
        match (i64::try_from(num / divisor), i64::try_from(den / divisor)) {
            (Ok(num), Ok(den)) => Number::Rational { num, den },
            _ => Number::from_f64(num as f64 / den as f64),
        }
    }
}

impl Add for Number {
    type Output = Number;
    fn add(self, other: Number) -> Number {
        match (self, other) {
            (Number::Rational { num: a, den: b }, Number::Rational { num: c, den: d }) => {
                let [a, b, c, d] = [a, b, c, d].map(i128::from);
                // Each product is below 2^126, so the sum is below 2^127.
                Number::fraction(a * d + c * b, b * d)
            }
            _ => Number::from_f64(self.to_f64() + other.to_f64()),
        }
    }
}

impl Sub for Number {
    type Output = Number;
    fn sub(self, other: Number) -> Number {
        self + -other
    }
}

impl Mul for Number {
    type Output = Number;
    fn mul(self, other: Number) -> Number {
        match (self, other) {
            (Number::Rational { num: a, den: b }, Number::Rational { num: c, den: d }) => {
                let [a, b, c, d] = [a, b, c, d].map(i128::from);
                Number::fraction(a * c, b * d)
            }
            _ => Number::from_f64(self.to_f64() * other.to_f64()),
        }
    }
}

impl Div for Number {
    type Output = Number;
    fn div(self, other: Number) -> Number {
        match (self, other) {
            (Number::Rational { num: a, den: b }, Number::Rational { num: c, den: d }) => {
                let [a, b, c, d] = [a, b, c, d].map(i128::from);
                Number::fraction(a * d, b * c)
            }
            _ => Number::from_f64(self.to_f64() / other.to_f64()),
        }
    }
}

impl Neg for Number {
    type Output = Number;
    fn neg(self) -> Number {
        match self {
            Number::Rational { num, den } => Number::fraction(-i128::from(num), den.into()),
            Number::Float(x) => Number::from_f64(-x),
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        match (self, other) {
            (Number::Rational { num: a, den: b }, Number::Rational { num: c, den: d }) => (a, b) == (c, d),
            (Number::Float(a), Number::Float(b)) => a.to_bits() == b.to_bits(),
            _ => false,
        }
    }
}
impl Eq for Number {}
impl std::hash::Hash for Number {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        match self {
            Number::Rational { num, den } => (num, den).hash(state),
            Number::Float(x) => x.to_bits().hash(state),
        }
    }
}

impl fmt::Display for Number {
    /// `3`, `-1/2`, `Inf`, or the shortest decimal that names the float; a fraction as the exact `num/den`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Number::Rational { num, den: 1 } => write!(f, "{num}"),
            Number::Rational { num, den } => write!(f, "{num}/{den}"),
            Number::Float(x) if x.is_infinite() => write!(f, "{}Inf", if *x < 0.0 { "-" } else { "" }),
            Number::Float(x) => write!(f, "{x:?}"),
        }
    }
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// The q-th root of n, if both are natural numbers. Odd roots of negative numbers are none, as in `f64::powf`.
fn root(n: i64, q: u32) -> Option<i64> {
    let estimate = (n as f64).powf(1.0 / f64::from(q)).round() as i64;
    // The estimate may be one off where n has more bits than an f64. (For a negative n it is 0 and fails the test.)
    (estimate - 1..=estimate + 1).find(|r| *r >= 0 && r.checked_pow(q) == Some(n))
}

#[cfg(test)]
mod tests;
