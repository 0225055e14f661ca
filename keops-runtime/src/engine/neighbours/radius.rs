//! From the worst value that a row keeps to the distance beyond which no column can enter.
//!
//! A value is F(S), where S = |x − y|² is rounded and F is a chain of steps that are rounded too. The search knows a lower
//! bound B of the true |x − y|² over two boxes. It may pass over the boxes only if the *computed* F(S) exceeds the worst
//! kept value v for every pair in them: being equal is not enough, since then the lower index would win. So v is taken
//! back through the steps, each time to a number that is certainly not too small, and B is compared with the result. Where
//! the terms of a sum are 0 if the computed F(S) exceeds v, the same v serves. (Below 0 a limit need not be raised: F(S) is
//! at least 0, and exceeds it anyway.)
//!
//! With ε the distance from 1 to the next number and μ the smallest normal one, a rounded operation that should give
//! z ≥ 0 gives at least z (1 − ε/2) − μ: where it underflows it errs by less than μ, elsewhere by ε/2 of itself.

use super::{Bound, Limit, Step};
use crate::real::Real;

/// A squared distance beyond which no computed value is at or below the limit, which is `kept` if it is not fixed.
///
/// Infinite where nothing can be said: an entry is still free, a factor has the wrong sign, or a number overflowed.
pub(super) fn squared_radius<T: Real>(bound: &Bound<'_, T>, kept: T, dim: usize) -> f64 {
    let (mut limit, mut sign) = match (bound.limit, bound.negative) {
        (Limit::Fixed(limit), negative) => (limit.to_f64(), if negative { -1.0 } else { 1.0 }),
        (Limit::Kept(_), false) => (kept.to_f64(), 1.0),
        (Limit::Kept(_), true) => (-kept.to_f64(), -1.0),
    };
    for step in bound.steps.iter().rev() {
        // The factor is as the kernel has it: if it underflowed to 0, so do all values, and nothing is beyond.
        limit = match step {
            Step::Scale(factor) if sign * factor.to_f64() > 0.0 => {
                raised::<T>(limit, 0) / (sign * factor.to_f64())
            }
            // Not `max`, which would lose a NaN.
            Step::Root if sign > 0.0 && limit < 0.0 => 0.0,
            Step::Root if sign > 0.0 => raised::<T>(limit, 0).powi(2),
            Step::Scale(_) | Step::Root => return f64::INFINITY,
        };
        sign = 1.0;
    }
    let radius = raised::<T>(limit, dim);
    if sign < 0.0 || radius.is_nan() { f64::INFINITY } else { radius }
}

/// The limit made larger by more than what a chain of `operations` + 5 rounded operations loses, and by what they lose
/// to underflow.
///
/// For S: a difference and a square have 1.5 ε between them, the sum ε/2 per coordinate (fewer where multiplications and
/// additions are fused), and B may be too large by as much again, since it is computed in `f64` in a similar way. That is
/// below (dim + 5) ε; 2 (dim + 8) ε leaves room for the products of these errors and for the rounding of the limit itself.
fn raised<T: Real>(limit: f64, operations: usize) -> f64 {
    (limit + (operations + 1) as f64 * T::MIN_POSITIVE) * (1.0 + 2.0 * (operations + 8) as f64 * T::EPSILON)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(worst: f32, steps: &[Step<f32>]) -> f64 {
        squared_radius(&Bound { limit: Limit::Kept(0), negative: false, steps }, worst, 1)
    }

    fn fixed(limit: f32, negative: bool, steps: &[Step<f32>]) -> f64 {
        squared_radius(&Bound { limit: Limit::Fixed(limit), negative, steps }, 0.0, 1)
    }

    /// Whether no value at or below `worst` lies beyond the radius: the numbers just above it are tried.
    fn holds(worst: f32, steps: &[Step<f32>]) {
        let radius = kept(worst, steps);
        let mut s = (radius * (1.0 + 1e-7)) as f32;
        assert!(f64::from(s) > radius || s.is_infinite());
        for _ in 0..100 {
            let value = steps.iter().fold(s, |v, step| match step {
                Step::Scale(c) => v * c,
                Step::Root => v.sqrt(),
            });
            assert!(value > worst, "{worst} {steps:?}: {s} gives {value}");
            s = s.next_up();
        }
    }

    #[test]
    fn values_beyond_the_radius_are_worse() {
        let chains: [&[Step<f32>]; 6] = [
            &[],
            &[Step::Scale(3.7)],
            &[Step::Scale(1e-20)],
            &[Step::Root],
            &[Step::Scale(1e-30), Step::Root],
            &[Step::Root, Step::Scale(0.1), Step::Root],
        ];
        for steps in chains {
            for worst in [0.0, f32::from_bits(1), 1e-38, 1e-30, 0.7, 1.0, 12345.6] {
                holds(worst, steps);
            }
        }
    }

    #[test]
    fn the_radius_is_hardly_larger_than_it_must_be() {
        let close = |radius: f64, expected: f64| {
            // Three enlargements by at most 18 ε, of which a root doubles two.
            approx::assert_relative_eq!(radius, expected, max_relative = 1.1e-5);
        };
        close(kept(2.0, &[]), 2.0);
        close(kept(2.0, &[Step::Root]), 4.0);
        close(kept(2.0, &[Step::Root, Step::Scale(4.0)]), 0.25);
        close(fixed(2.0, false, &[Step::Scale(4.0)]), 0.5);
        // 2 − 4 S ≥ 0, and −S at least −2.
        close(fixed(2.0, true, &[Step::Scale(-4.0)]), 0.5);
        let bound = Bound { limit: Limit::Kept(0), negative: true, steps: &[Step::Scale(-1.0)] };
        close(squared_radius(&bound, -2.0f32, 1), 2.0);
    }

    #[test]
    fn nothing_is_beyond_a_free_entry_or_a_number_out_of_range() {
        assert_eq!(kept(f32::INFINITY, &[Step::Root]), f64::INFINITY);
        assert_eq!(kept(0.0, &[Step::Scale(1e-30 * 1e-30)]), f64::INFINITY);
        let bound = Bound { limit: Limit::Kept(0), negative: false, steps: &[Step::Root] };
        assert_eq!(squared_radius(&bound, 1e200, 3), f64::INFINITY);
    }

    #[test]
    fn nothing_is_beyond_where_a_factor_has_the_wrong_sign() {
        for limit in [-1.0, 0.0, 1.0, f32::NAN] {
            assert_eq!(fixed(limit, true, &[Step::Scale(2.0)]), f64::INFINITY);
            assert_eq!(fixed(limit, false, &[Step::Root, Step::Scale(-2.0)]), f64::INFINITY);
            assert_eq!(fixed(limit, false, &[Step::Scale(f32::NAN), Step::Root]), f64::INFINITY);
        }
        assert_eq!(fixed(f32::NAN, false, &[]), f64::INFINITY);
        assert_eq!(fixed(f32::NAN, true, &[Step::Root, Step::Scale(-1.0)]), f64::INFINITY);
        // ∞ / ∞ on the way.
        assert_eq!(fixed(f32::INFINITY, false, &[Step::Root, Step::Scale(f32::INFINITY)]), f64::INFINITY);
    }

    #[test]
    fn all_is_beyond_a_negative_limit() {
        assert!(fixed(-1.0, false, &[]) < 0.0);
        assert!(fixed(-1.0, true, &[Step::Scale(-3.0)]) < 0.0);
        // Less would be enough, but boxes that touch are looked into.
        assert!((0.0..1e-30).contains(&fixed(-1.0, true, &[Step::Root, Step::Scale(-3.0)])));
    }
}
