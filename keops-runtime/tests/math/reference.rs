//! Errors of the references in f32, which are in f64, against those in two f64: in ulp of f32.

use crate::binary::{Function2, rounded};
use crate::double::Double;
use crate::evaluate::{Function, ulp};

/// Prime, so that every exponent comes with many significands.
const STRIDE: usize = 65537;

/// The largest error of the reference on every 65537th bit pattern.
pub(crate) fn error<F: Function>() -> f64 {
    let patterns = (0..1_u64 << 32).step_by(STRIDE).map(|bits| f64::from(f32::from_bits(bits as u32)));
    let points: Vec<f64> = patterns.filter(|&x| F::takes(x)).collect();
    let values = F::values(&points);
    let errors =
        points.iter().zip(values).map(|(&x, value)| in_ulp(value, || F::exact(x), F::scale(x, value)));
    errors.fold(0.0, f64::max)
}

/// The largest error of the reference on pairs, rounded to f32.
pub(crate) fn error_on_pairs<F: Function2>(pairs: &[(f64, f64)]) -> f64 {
    let errors = rounded::<f32>(pairs).into_iter().map(|(x, y)| {
        let (x, y) = (f64::from(x), f64::from(y));
        let value = F::value(x, y);
        in_ulp(value, || F::exact(x.into(), y.into()), value)
    });
    errors.fold(0.0, f64::max)
}

/// The error of a value; 0 where it is NaN, 0 or beyond all f32, which has to be met exactly.
fn in_ulp(value: f64, exact: impl Fn() -> Double, scale: f64) -> f64 {
    if value == 0.0 || value.is_nan() || value.abs() > f64::from(f32::MAX) {
        return 0.0;
    }
    let exact = exact();
    ((value - exact.hi) - exact.lo).abs() / ulp::<f32>(scale)
}
