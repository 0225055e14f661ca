//! Special points of scalar functions: values and slopes that the tables promise.

use crate::case::Case;
use crate::compare::{Answer, Report};
use crate::data::{Data, Setup};
use crate::precision::Precision;

/// Points in the variables of a formula `f(x_i, …, one_j)`, and what is promised there. The first result of the formula
/// is the value, the second the value as it is computed in the loop over pairs, the third and following ones are the
/// derivatives in the variables.
pub struct Special {
    /// Each variable's name and its coordinate of every point.
    pub points: Vec<(&'static str, Vec<f64>)>,
    /// The value at every point.
    pub value: Vec<f64>,
    /// For each variable, the derivative at every point; NaN where none is promised.
    pub slopes: Vec<Vec<f64>>,
}

/// A compiled formula in one precision.
type Compiled = fn(&Data) -> Result<Vec<Answer>, String>;

impl Special {
    /// Whether a compiled formula keeps the promises in both precisions.
    ///
    /// # Panics
    /// If it does not.
    pub fn check(&self, text: &'static str, single: Compiled, double: Compiled) -> Report {
        let mut case = Case::new(text, &Setup::sizes(self.value.len(), 1).range("one_j", 1.0, 1.0));
        for (name, coordinates) in &self.points {
            for (row, x) in coordinates.iter().enumerate() {
                case.data.row_mut(name, row)[0] = *x;
            }
        }
        let mut report = Report::default();
        for (compiled, precision) in [(single, Precision::F32), (double, Precision::F64)] {
            let got = compiled(&case.data).unwrap_or_else(|error| panic!("{error}\n{text}"));
            self.compare(text, &got[0], &self.value, &precision, What::Value, &mut report);
            self.compare(text, &got[1], &self.value, &precision, What::ValueOfPairs, &mut report);
            for (slope, got) in self.slopes.iter().zip(&got[2..]) {
                self.compare(text, got, slope, &precision, What::Slope, &mut report);
            }
        }
        report
    }

    fn compare(
        &self,
        text: &str,
        got: &Answer,
        wanted: &[f64],
        p: &Precision,
        what: What,
        report: &mut Report,
    ) {
        let Answer::Values(got) = got else { panic!("a value is no index") };
        for (row, (got, &wanted)) in got.iter().zip(wanted).enumerate() {
            let point: Vec<f64> = self.points.iter().map(|(_, coordinates)| coordinates[row]).collect();
            // A point between two numbers of the type is another point there, and a value may be out of its range.
            let exact = |x: f64| p.eps < Precision::F32.eps || x.is_nan() || f64::from(x as f32) == x;
            let in_range = wanted == 0.0 || !wanted.is_finite() || (p.tiny..p.max).contains(&wanted.abs());
            if !point.iter().all(|x| exact(*x)) || !in_range || (what == What::Slope && wanted.is_nan()) {
                continue;
            }
            report.compared += 1;
            let own = 8.0 * p.eps * wanted.abs();
            let tolerance = match what {
                // The function's own rounding.
                What::Value => own,
                // In the loop over pairs arguments may be rescaled, as exponents are to base 2: two roundings of them.
                What::ValueOfPairs => own + 2.0 * p.eps * self.moved(row, &point),
                // An expression of a few more, with cancellation.
                What::Slope => 64.0 * p.eps * (1.0 + wanted.abs()),
            };
            let got = got[0];
            let right = got == wanted
                || (wanted.is_nan() && got.is_nan())
                || (wanted.is_finite() && (got - wanted).abs() <= tolerance + p.tiny);
            assert!(right, "{what:?} at {point:?} in {}: {got:e} instead of {wanted:e}\n{text}", p.name);
        }
    }

    /// Σ |xₖ ∂f/∂xₖ|: how far the value moves with its arguments' relative errors, as far as slopes are promised.
    fn moved(&self, row: usize, point: &[f64]) -> f64 {
        let terms = point.iter().zip(&self.slopes).map(|(x, slope)| (x * slope[row]).abs());
        terms.filter(|term| term.is_finite()).sum()
    }
}

/// Which of the promises a result is held to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum What {
    Value,
    ValueOfPairs,
    Slope,
}
