//! Reference: unevaluated sums of two `f64`, good to some 30 digits, with functions by their series.

use std::ops::{Add, Div, Mul, Neg, Sub};

use crate::reduction::by_half_pi;

/// hi + lo with |lo| ≤ ½ ulp of hi.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Double {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

pub(crate) const PI: Double = Double { hi: std::f64::consts::PI, lo: 1.2246467991473532e-16 };
const LN_2: Double = Double { hi: std::f64::consts::LN_2, lo: 2.3190468138462996e-17 };
const LN_10: Double = Double { hi: std::f64::consts::LN_10, lo: -2.1707562233822494e-16 };
/// 2/√π
const ERF_SLOPE: Double = Double { hi: std::f64::consts::FRAC_2_SQRT_PI, lo: 1.533545961316588e-17 };
/// π/2 in three parts.
const HALF_PI: [f64; 3] = [std::f64::consts::FRAC_PI_2, 6.123233995736766e-17, -1.4973849048591698e-33];

fn two_sum(a: f64, b: f64) -> Double {
    let hi = a + b;
    let from_b = hi - a;
    Double { hi, lo: (a - (hi - from_b)) + (b - from_b) }
}

impl From<f64> for Double {
    fn from(x: f64) -> Double {
        Double { hi: x, lo: 0.0 }
    }
}

impl Neg for Double {
    type Output = Double;
    fn neg(self) -> Double {
        Double { hi: -self.hi, lo: -self.lo }
    }
}

impl<T: Into<Double>> Add<T> for Double {
    type Output = Double;
    fn add(self, b: T) -> Double {
        let b = b.into();
        let (high, low) = (two_sum(self.hi, b.hi), two_sum(self.lo, b.lo));
        let high = two_sum(high.hi, high.lo + low.hi);
        two_sum(high.hi, high.lo + low.lo)
    }
}

impl<T: Into<Double>> Sub<T> for Double {
    type Output = Double;
    fn sub(self, b: T) -> Double {
        self + -b.into()
    }
}

impl<T: Into<Double>> Mul<T> for Double {
    type Output = Double;
    fn mul(self, b: T) -> Double {
        let b = b.into();
        let product = self.hi * b.hi;
        let lost = self.hi.mul_add(b.hi, -product);
        two_sum(product, lost + (self.hi * b.lo + self.lo * b.hi))
    }
}

impl<T: Into<Double>> Div<T> for Double {
    type Output = Double;
    fn div(self, b: T) -> Double {
        let b = b.into();
        let first = self.hi / b.hi;
        let rest = self - b * first;
        let second = rest.hi / b.hi;
        let rest = rest - b * second;
        two_sum(first, second) + rest.hi / b.hi
    }
}

/// Σ terms, term k + 1 from term k by `next(k, term)`, until they no longer count.
fn series(first: Double, next: impl Fn(f64, Double) -> Double) -> Double {
    let (mut sum, mut term, mut k) = (first, first, 1.0);
    while term.hi.abs() > 1e-34 * sum.hi.abs() {
        term = next(k, term);
        sum = sum + term;
        k += 1.0;
    }
    sum
}

impl Double {
    fn times_power_of_two(self, n: i32) -> Double {
        // In two steps, for results at the ends of the range.
        let (half, rest) = (2f64.powi(n / 2), 2f64.powi(n - n / 2));
        Double { hi: self.hi * half * rest, lo: self.lo * half * rest }
    }

    pub(crate) fn sqrt(self) -> Double {
        if self.hi <= 0.0 {
            return self.hi.sqrt().into();
        }
        // So that the square of the root does not lose bits.
        if self.hi < 1e-200 {
            return self.times_power_of_two(600).sqrt().times_power_of_two(-300);
        }
        let root = self.hi.sqrt();
        let rest = self - Double::from(root) * root;
        two_sum(root, rest.hi / (2.0 * root))
    }

    pub(crate) fn cbrt(self) -> Double {
        // So that its cube neither overflows nor loses bits.
        if self.hi.is_finite() && self.hi != 0.0 && !(1e-200..1e200).contains(&self.hi.abs()) {
            let n = if self.hi.abs() > 1.0 { 600 } else { -600 };
            return self.times_power_of_two(-n).cbrt().times_power_of_two(n / 3);
        }
        let root = Double::from(self.hi.cbrt());
        root - (root * root * root - self) / (root * root * 3.0)
    }

    pub(crate) fn expm1(self) -> Double {
        if self.hi.abs() > 0.5 {
            return self.exp() - 1.0;
        }
        series(self, |k, term| term * self / (k + 1.0))
    }

    pub(crate) fn exp(self) -> Double {
        if self.hi < -800.0 || self.hi > 800.0 {
            return self.hi.exp().into();
        }
        let n = (self.hi / LN_2.hi).round();
        let reduced = (self - LN_2 * n) * 0.00390625;
        let mut result = reduced.expm1();
        for _ in 0..8 {
            result = result * result + result * 2.0;
        }
        (result + 1.0).times_power_of_two(n as i32)
    }

    pub(crate) fn exp2(self) -> Double {
        let n = self.hi.clamp(-1100.0, 1100.0).round();
        ((self - n) * LN_2).exp().times_power_of_two(n as i32)
    }

    pub(crate) fn ln_1p(self) -> Double {
        if self.hi.abs() > 0.1 {
            return (self + 1.0).ln();
        }
        let s = self / (self + 2.0);
        let square = s * s;
        let (mut sum, mut power, mut k) = (s, s, 3.0);
        while power.hi.abs() > 1e-34 * sum.hi.abs() {
            power = power * square;
            sum = sum + power / k;
            k += 2.0;
        }
        sum * 2.0
    }

    pub(crate) fn ln(self) -> Double {
        if (self.hi - 1.0).abs() < 0.1 {
            return (self - 1.0).ln_1p();
        }
        // Scaled, so that a subnormal argument has all its bits.
        let n = self.hi.log2().round().clamp(-1000.0, 1000.0);
        let m = self.times_power_of_two(-n as i32);
        let guess = Double::from(m.hi.ln());
        let power = guess.exp();
        guess + (m - power) / (m + power) * 2.0 + LN_2 * n
    }

    pub(crate) fn log2(self) -> Double {
        self.ln() / LN_2
    }

    pub(crate) fn log10(self) -> Double {
        self.ln() / LN_10
    }

    pub(crate) fn sin_cos(self) -> (Double, Double) {
        // Up to here the three parts of π/2 give a remainder of two parts.
        let (r, n) = if self.hi.abs() < 1e7 {
            let n = (self.hi / HALF_PI[0]).round();
            (HALF_PI.iter().fold(self, |r, &piece| r - Double::from(n) * piece), n.rem_euclid(4.0) as u8)
        } else {
            let (r, n) = by_half_pi(self.hi.abs());
            if self.hi < 0.0 { (-r, (4 - n) % 4) } else { (r, n) }
        };
        let square = r * r;
        let sin = series(r, |k, term| -(term * square) / (2.0 * k * (2.0 * k + 1.0)));
        let cos = series(1.0.into(), |k, term| -(term * square) / (2.0 * k * (2.0 * k - 1.0)));
        match n {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        }
    }

    pub(crate) fn atan(self) -> Double {
        if self.hi.abs() > 1.0 {
            let right_angle = PI * 0.5f64.copysign(self.hi);
            if self.hi.is_infinite() {
                return right_angle;
            }
            return right_angle - (Double::from(1.0) / self).atan();
        }
        let guess = Double::from(self.hi.atan());
        let (sin, cos) = guess.sin_cos();
        guess + (self * cos - sin) / (self * sin + cos)
    }

    pub(crate) fn asin(self) -> Double {
        if self.hi.abs() > 0.5 {
            let right_angle = PI * 0.5f64.copysign(self.hi);
            let half = ((-self.abs() + 1.0) * 0.5).sqrt().asin() * 2.0f64.copysign(self.hi);
            return right_angle - half;
        }
        (self / (-(self * self) + 1.0).sqrt()).atan()
    }

    pub(crate) fn acos(self) -> Double {
        if self.hi > 0.5 {
            return ((-self + 1.0) * 0.5).sqrt().asin() * 2.0;
        }
        PI * 0.5 - self.asin()
    }

    pub(crate) fn abs(self) -> Double {
        if self.hi < 0.0 { -self } else { self }
    }

    pub(crate) fn sinh(self) -> Double {
        if self.hi.abs() < 0.5 {
            let square = self * self;
            return series(self, |k, term| term * square / (2.0 * k * (2.0 * k + 1.0)));
        }
        // Halved first, since sinh is finite for a little more than exp is.
        let half = (self.abs() - LN_2).exp();
        let size = half - Double::from(0.25) / half;
        if self.hi < 0.0 { -size } else { size }
    }

    pub(crate) fn cosh(self) -> Double {
        let half = (self.abs() - LN_2).exp();
        half + Double::from(0.25) / half
    }

    pub(crate) fn tanh(self) -> Double {
        if self.hi.abs() > 40.0 {
            return 1f64.copysign(self.hi).into();
        }
        let e = (self * 2.0).expm1();
        e / (e + 2.0)
    }

    pub(crate) fn asinh(self) -> Double {
        let size = self.abs();
        let log = if size.hi > 1e30 {
            size.ln() + LN_2
        } else {
            let square = size * size;
            (size + square / ((square + 1.0).sqrt() + 1.0)).ln_1p()
        };
        if self.hi < 0.0 { -log } else { log }
    }

    pub(crate) fn acosh(self) -> Double {
        if self.hi > 1e30 {
            return self.ln() + LN_2;
        }
        let t = self - 1.0;
        (t + (t * t + t * 2.0).sqrt()).ln_1p()
    }

    pub(crate) fn atanh(self) -> Double {
        (self * 2.0 / (-self + 1.0)).ln_1p() * 0.5
    }

    pub(crate) fn erf(self) -> Double {
        if self.hi.abs() > 6.0 {
            return 1f64.copysign(self.hi).into();
        }
        let square = self * self;
        let sum = series(self, |k, term| term * square * 2.0 / (2.0 * k + 1.0));
        ERF_SLOPE * (-square).exp() * sum
    }

    pub(crate) fn erfc(self) -> Double {
        if self.hi < 2.0 {
            return -self.erf() + 1.0;
        }
        // 1 / (x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), from the inside out
        let fraction = (1..240).rev().fold(self, |inner, k| self + Double::from(0.5 * f64::from(k)) / inner);
        ERF_SLOPE * 0.5 * (-(self * self)).exp() / fraction
    }

    /// j₁(x), j₁(x)/x and j₂(x)/x
    pub(crate) fn spherical(self) -> [Double; 3] {
        let square = self * self;
        if self.hi.abs() < 6.0 {
            let sum = |first: f64, step: f64| {
                series(Double::from(1.0) / first, |k, term| -(term * square) / (2.0 * k * (2.0 * k + step)))
            };
            return [sum(3.0, 3.0) * self, sum(3.0, 3.0), sum(15.0, 5.0) * self];
        }
        let (sin, cos) = self.sin_cos();
        let j0 = sin / self;
        let j1 = (j0 - cos) / self;
        [j1, j1 / self, (j1 / self * 3.0 - j0) / self]
    }

    /// sin(πx)/(πx)
    pub(crate) fn sinc(self) -> Double {
        if self.hi == 0.0 {
            return 1.0.into();
        }
        let n = self.hi.round_ties_even();
        let (sin, _) = ((self - n) * PI).sin_cos();
        (if n.rem_euclid(2.0) == 1.0 { -sin } else { sin }) / (self * PI)
    }
}
