//! Constants of a formula: exact rationals while they fit, floats otherwise.

/// A constant. `1/2` is a half exactly, `0.1` is one tenth; what does not fit two 64-bit integers is a float.
///
/// Invariant of `Rational`: `den > 0` and the fraction is reduced; so equal values are equal structures.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// `num / den`, reduced.
    Rational {
        /// Numerator.
        num: i64,
        /// Denominator, positive.
        den: i64,
    },
    /// A finite float that is no small fraction.
    Float(f64),
}

impl Number {
    /// An integer.
    pub fn integer(value: i64) -> Number {
        Number::Rational { num: value, den: 1 }
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
