//! Numbers with a running bound on the rounding error that an evaluation in `f32` or `f64` may make.
//!
//! Every value is computed in f64 and carries an absolute bound: the error that its operands bring along, found by
//! evaluating the operation at the corners of their error boxes, plus the operation's own rounding. So a tolerance is
//! never a guess: it grows exactly where the formula is ill-conditioned, and near a jump (`Floor`, `<`, the index of a
//! minimum) it becomes as high as the jump or infinite, which means that either side may be right.

/// The scalar type whose rounding errors are bounded.
#[derive(Clone, Copy, Debug)]
pub struct Precision {
    /// The type's name.
    pub name: &'static str,
    /// The distance from 1 to the next number; rounding to nearest errs by at most half of it.
    pub eps: f64,
    /// The smallest normal number: below it, absolute errors of this size are allowed.
    pub tiny: f64,
    /// The largest finite number.
    pub max: f64,
    /// Whether functions and quotients may be computed by cheaper variants.
    pub fast: bool,
}

/// A value and a bound on the absolute error of computing it; an infinite bound means undecided.
#[derive(Clone, Copy, Debug)]
pub struct Num {
    /// The value, computed in f64.
    pub value: f64,
    /// The bound.
    pub error: f64,
}

impl Num {
    /// A value without error.
    pub fn exact(value: f64) -> Num {
        Num { value, error: 0.0 }
    }

    /// Whether the bound says anything.
    pub fn is_decided(&self) -> bool {
        self.error.is_finite()
    }
}

impl Precision {
    /// Single precision.
    pub const F32: Precision = Precision {
        name: "f32",
        eps: f32::EPSILON as f64,
        tiny: f32::MIN_POSITIVE as f64,
        max: f32::MAX as f64,
        fast: false,
    };
    /// Double precision.
    pub const F64: Precision =
        Precision { name: "f64", eps: f64::EPSILON, tiny: f64::MIN_POSITIVE, max: f64::MAX, fast: false };

    /// A literal: exact if this precision has it.
    pub fn literal(&self, value: f64) -> Num {
        let nearest = if self.eps == Precision::F32.eps { f64::from(value as f32) } else { value };
        // In f64 the value is itself rounded where it is no dyadic fraction; small integers and halves are exact.
        let exact = nearest == value && (value.is_infinite() || (value * 1024.0).fract() == 0.0);
        Num { value, error: if exact { 0.0 } else { self.eps * value.abs() } }
    }

    /// A result whose operands contribute `error`, rounded `roundings` times.
    pub fn rounded(&self, value: f64, error: f64, roundings: f64) -> Num {
        if value.is_nan() || value.is_infinite() {
            return Num { value, error: if error.is_finite() { 0.0 } else { f64::INFINITY } };
        }
        // What is not rounded is as exact as its operands.
        let error =
            if roundings > 0.0 { error + roundings * self.eps * value.abs() + self.tiny } else { error };
        let overflows = value.abs() + error > self.max;
        Num { value, error: if overflows || error.is_nan() { f64::INFINITY } else { error } }
    }

    /// `f(args)`, rounded `roundings` times: evaluated at the arguments and at the corners of their error box.
    pub fn map(&self, args: &[Num], roundings: f64, f: impl Fn(&[f64]) -> f64) -> Num {
        let centre: Vec<f64> = args.iter().map(|a| a.value).collect();
        let value = f(&centre);
        let mut error = 0f64;
        let uncertain: Vec<usize> = (0..args.len()).filter(|&k| args[k].error > 0.0).collect();
        for corner in 0..1usize << uncertain.len() {
            let mut point = centre.clone();
            for (bit, &k) in uncertain.iter().enumerate() {
                point[k] += if corner >> bit & 1 == 1 { args[k].error } else { -args[k].error };
            }
            error = error.max(distance(f(&point), value));
        }
        self.rounded(value, error, roundings)
    }

    /// The value of a sum, a product or the like without error, if it and all operands are integers that this precision has,
    /// or all have few places behind the point: the numbers of points are, and comparisons of what is made of them are
    /// decided.
    pub fn of_short(&self, operands: &[Num], value: f64) -> Option<Num> {
        let is_short =
            |x: f64| [1.0, 4096.0].iter().any(|s| (x * s).fract() == 0.0 && (x * s).abs() <= 1.0 / self.eps);
        let exact = operands.iter().all(|x| x.error == 0.0 && is_short(x.value)) && is_short(value);
        exact.then(|| Num::exact(value))
    }

    /// a + b
    pub fn add(&self, a: Num, b: Num) -> Num {
        let short = self.of_short(&[a, b], a.value + b.value);
        short.unwrap_or_else(|| self.map(&[a, b], 1.0, |x| x[0] + x[1]))
    }

    /// a · b
    pub fn mul(&self, a: Num, b: Num) -> Num {
        let short = self.of_short(&[a, b], a.value * b.value);
        short.unwrap_or_else(|| self.map(&[a, b], 1.0, |x| x[0] * x[1]))
    }

    /// a / b; two roundings, since a quotient may be computed with a hoisted reciprocal, and one more where it is an
    /// approximate one.
    pub fn div(&self, a: Num, b: Num) -> Num {
        self.map(&[a, b], if self.fast { 3.0 } else { 2.0 }, |x| x[0] / x[1])
    }

    /// −a
    pub fn neg(&self, a: Num) -> Num {
        Num { value: -a.value, error: a.error }
    }

    /// Σ terms. The bound of blocked summation: blocks of at most [`BLOCK`] terms are added in this precision, in any
    /// order, and √n of the n − 1 roundings survive in a sum of that many (they have no common sign); the blocks'
    /// totals are added in a higher precision or with compensation.
    pub fn sum(&self, terms: &[Num]) -> Num {
        let (mut value, mut carry, mut error, mut magnitude) = (0f64, 0f64, 0f64, 0f64);
        for t in terms {
            // Neumaier's compensated sum: the oracle's own rounding stays below one unit.
            let next = value + t.value;
            carry += if value.abs() >= t.value.abs() {
                (value - next) + t.value
            } else {
                (t.value - next) + value
            };
            value = next;
            error += t.error;
            magnitude += t.value.abs();
        }
        let value = if carry.is_finite() { value + carry } else { value };
        if terms.len() < 2 {
            return Num { value, error };
        }
        let growth = 1.0 + (terms.len().min(BLOCK) as f64).sqrt();
        let error = if value.is_finite() { error + growth * self.eps * magnitude } else { error };
        self.rounded(value, error, 1.0)
    }
}

/// The number of terms that are added in the data's own precision before a higher one takes over.
pub const BLOCK: usize = 64;

/// |a − b|, 0 for equal infinities and for two NaN, infinite if only one of them is NaN.
fn distance(a: f64, b: f64) -> f64 {
    if a == b || (a.is_nan() && b.is_nan()) {
        0.0
    } else if a.is_nan() || b.is_nan() {
        f64::INFINITY
    } else {
        (a - b).abs()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_exact_where_the_type_has_them() {
        assert_eq!(Precision::F32.literal(0.5).error, 0.0);
        assert!(Precision::F32.literal(0.1).error > 0.0);
        assert!(Precision::F64.literal(1.0 / 3.0).error > 0.0);
        assert_eq!(Precision::F32.literal(f64::INFINITY).error, 0.0);
    }

    #[test]
    fn bounds_cover_the_rounding_of_f32() {
        let p = Precision::F32;
        let (a, b) = (1.2345678f32, 9.8765e-3f32);
        let exact = (Num::exact(a.into()), Num::exact(b.into()));
        let product = p.mul(exact.0, exact.1);
        assert!((f64::from(a * b) - product.value).abs() <= product.error);
        // Cancellation keeps the absolute bound of what was subtracted.
        let difference = p.add(p.mul(exact.0, exact.1), p.neg(product));
        assert_eq!(difference.value, 0.0);
        assert!(difference.error >= 2.0 * product.error);
    }

    #[test]
    fn a_jump_inside_the_error_box_is_undecided_or_as_high_as_the_jump() {
        let p = Precision::F32;
        let near = Num { value: 1.0 + 1e-8, error: 1e-7 };
        assert_eq!(p.map(&[near], 0.0, |x| x[0].floor()).error, 1.0);
        let root = Num { value: 1e-9, error: 1e-7 };
        assert!(!p.map(&[root], 1.0, |x| x[0].sqrt()).is_decided());
    }

    #[test]
    fn overflow_of_the_type_is_undecided_and_infinities_are_exact() {
        let p = Precision::F32;
        assert!(!p.mul(Num::exact(1e30), Num::exact(1e30)).is_decided());
        assert_eq!(p.mul(Num::exact(f64::INFINITY), Num::exact(1e30)).error, 0.0);
    }

    #[test]
    fn integers_are_exact_as_far_as_the_type_has_them() {
        let (p, a) = (Precision::F32, Num::exact(8_388_607.0));
        assert_eq!(p.add(a, Num::exact(1.0)).error, 0.0);
        assert_eq!(p.mul(Num::exact(-3.0), Num::exact(7.0)).error, 0.0);
        assert!(p.add(a, Num::exact(0.5)).error > 0.0);
        assert!(p.mul(a, Num::exact(3.0)).error > 0.0);
    }

    #[test]
    fn sums_are_compensated() {
        let terms: Vec<Num> = [1e16, 1.0, -1e16, 1.0].map(Num::exact).to_vec();
        assert_eq!(Precision::F64.sum(&terms).value, 2.0);
        assert!(Precision::F64.sum(&[]).value == 0.0);
    }
}
