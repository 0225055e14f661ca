//! Values at special arguments of functions that the standard library lacks.

use crate::evaluate::{Format, Function, evaluate, levels};
use crate::functions::{Visit, for_all};

/// Functions by name, arguments, and values to the bit, in f32 and f64.
const VALUES: [(&str, f64, f64); 50] = [
    ("erf", 0.0, 0.0),
    ("erf", -0.0, -0.0),
    ("erf", f64::INFINITY, 1.0),
    ("erf", f64::NEG_INFINITY, -1.0),
    ("erf", f64::NAN, f64::NAN),
    ("erfc", 0.0, 1.0),
    ("erfc", f64::INFINITY, 0.0),
    ("erfc", f64::NEG_INFINITY, 2.0),
    ("erfc", f64::NAN, f64::NAN),
    ("sinc", 0.0, 1.0),
    ("sinc", -0.0, 1.0),
    ("sinc", 1e-40, 1.0),
    ("sinc", 3.0, -0.0),
    ("sinc", 16777216.0, 0.0),
    ("sinc", f64::INFINITY, f64::NAN),
    ("sinc", f64::NAN, f64::NAN),
    ("sinxdivx", 0.0, 1.0),
    ("sinxdivx", 1e-40, 1.0),
    ("sinxdivx", f64::INFINITY, f64::NAN),
    ("spherical_j1", 0.0, 0.0),
    ("spherical_j1", -0.0, -0.0),
    ("spherical_j1", f64::NAN, f64::NAN),
    ("spherical_j1_over_x", 0.0, 1.0 / 3.0),
    ("spherical_j1_over_x", f64::NAN, f64::NAN),
    ("spherical_j2_over_x", 0.0, 0.0),
    ("spherical_j2_over_x", -0.0, -0.0),
    ("spherical_j2_over_x", f64::NAN, f64::NAN),
    ("softplus", f64::NEG_INFINITY, 0.0),
    ("softplus", f64::INFINITY, f64::INFINITY),
    ("softplus", f64::NAN, f64::NAN),
    ("sigmoid", f64::NEG_INFINITY, 0.0),
    ("sigmoid", f64::INFINITY, 1.0),
    ("sigmoid", 0.0, 0.5),
    ("sigmoid", f64::NAN, f64::NAN),
    ("rsqrt", 0.0, 0.0),
    ("rsqrt", f64::INFINITY, 0.0),
    ("rsqrt", -1.0, f64::NAN),
    ("xlogx", 0.0, 0.0),
    ("xlogx", 1.0, 0.0),
    ("xlogx", -1.0, f64::NAN),
    ("sign", -0.0, -0.0),
    ("step", f64::NAN, 1.0),
    ("relu", f64::NAN, f64::NAN),
    ("exp_nonpositive", 0.0, 1.0),
    ("exp_nonpositive", f64::NEG_INFINITY, 0.0),
    ("exp_nonpositive", -707.71, 0.0),
    ("exp_nonpositive", f64::NAN, f64::NAN),
    ("exp2_nonpositive", -1.0, 0.5),
    ("exp2_nonpositive", -1021.01, 0.0),
    ("exp2_nonpositive", f64::NAN, f64::NAN),
];

/// Compares F with its rows of [`VALUES`] on all levels, and counts the rows.
struct Values(usize);

impl Values {
    fn compare<F: Function, T: Format>() {
        for &(_, x, value) in VALUES.iter().filter(|(name, ..)| *name == F::NAME) {
            for level in levels() {
                let result = evaluate::<F, T>(level, &[T::nearest(x)])[0].to_f64();
                let value = T::nearest(value).to_f64();
                let same = result.to_bits() == value.to_bits() || result.is_nan() && value.is_nan();
                assert!(same, "{}({x}) in {} on {level:?} is {result}, not {value}", F::NAME, T::NAME);
            }
        }
    }
}

impl Visit for Values {
    fn visit<F: Function>(&mut self) {
        Values::compare::<F, f32>();
        Values::compare::<F, f64>();
        self.0 += VALUES.iter().filter(|(name, ..)| *name == F::NAME).count();
    }
}

#[test]
fn functions_have_their_values_at_special_points() {
    let mut values = Values(0);
    for_all(&mut values);
    assert_eq!(values.0, VALUES.len(), "every row names a function");
}

/// Asserts the results of one function on all levels, to the bit.
struct Expect {
    name: &'static str,
    in_f32: &'static [(f32, f32)],
    in_f64: &'static [(f64, f64)],
}

impl Visit for Expect {
    fn visit<F: Function>(&mut self) {
        if F::NAME != self.name {
            return;
        }
        for level in levels() {
            for &(x, value) in self.in_f32 {
                assert_eq!(evaluate::<F, f32>(level, &[x]), [value], "{}({x}) on {level:?}", F::NAME);
            }
            for &(x, value) in self.in_f64 {
                assert_eq!(evaluate::<F, f64>(level, &[x]), [value], "{}({x}) on {level:?}", F::NAME);
            }
        }
    }
}

/// Results down to twice the least normal number, then 0.
#[test]
fn exponentials_flush_below_twice_the_least_normal_number() {
    for_all(&mut Expect {
        name: "exp2_nonpositive",
        in_f32: &[(-125.0, 2.0 * f32::MIN_POSITIVE), (-125.01, 0.0), (-1e30, 0.0)],
        in_f64: &[(-1021.0, 2.0 * f64::MIN_POSITIVE), (-1021.01, 0.0), (-1e300, 0.0)],
    });
}

/// The closest of all f32, and of all f64, to a multiple of π/2. (glibc 2.36 is off by 8 ulp at the second.)
#[test]
fn reduction_by_half_pi_holds_where_it_is_hardest() {
    for_all(&mut Expect {
        name: "cos",
        in_f32: &[(16367173.0 * (1_u128 << 72) as f32, -1.614_769_8e-9)],
        in_f64: &[(5.319372648326541e255, -4.687165924254628e-19)],
    });
}
