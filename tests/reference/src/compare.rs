//! What a generated function returned, against what the reference evaluator says.

use crate::evaluate::{Choice, Output, Vector};
use crate::precision::{Num, Precision};

/// How many times its bound an error may be. The bound counts roundings of single operations as they are written; a
/// compiler may reassociate a product, hoist a reciprocal or fold a constant, which costs about as many again.
pub const SLACK: f64 = 3.0;

/// The part of a result's largest number that the bound of one in it may be. A bound above that is as high as the jump that
/// makes it, or leaves no digit.
pub const VAGUE: f64 = 0.1;

/// A result of a generated function, a row for each kept point.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Numbers.
    Values(Vec<Vec<f64>>),
    /// Indices.
    Indices(Vec<Vec<usize>>),
}

/// What a generated function may return: rows of numbers or of indices, one row (the gradient in a parameter), or a
/// tuple of them.
pub trait Answers {
    /// The results in order.
    fn answers(self) -> Vec<Answer>;
}

macro_rules! rows_are_answers {
    ($($t:ty => $variant:ident, $convert:expr;)*) => {$(
        impl Answers for Vec<$t> {
            fn answers(self) -> Vec<Answer> {
                vec![Answer::$variant(self.into_iter().map(|x| vec![$convert(x)]).collect())]
            }
        }
        impl<const D: usize> Answers for Vec<[$t; D]> {
            fn answers(self) -> Vec<Answer> {
                vec![Answer::$variant(self.into_iter().map(|row| row.map($convert).to_vec()).collect())]
            }
        }
    )*};
}
rows_are_answers! {
    f32 => Values, f64::from;
    f64 => Values, std::convert::identity;
    usize => Indices, std::convert::identity;
}

macro_rules! sums_are_answers {
    ($($t:ty)*) => {$(
        impl Answers for $t {
            fn answers(self) -> Vec<Answer> {
                vec![self].answers()
            }
        }
        impl<const D: usize> Answers for [$t; D] {
            fn answers(self) -> Vec<Answer> {
                vec![self].answers()
            }
        }
    )*};
}
sums_are_answers! { f32 f64 }

macro_rules! tuples_are_answers {
    ($($($t:ident)*;)*) => {$(
        impl<$($t: Answers),*> Answers for ($($t,)*) {
            fn answers(self) -> Vec<Answer> {
                #[expect(non_snake_case, reason = "the variables are named after their types")]
                let ($($t,)*) = self;
                [$($t.answers()),*].concat()
            }
        }
    )*};
}
tuples_are_answers! { A B; A B C; A B C D; A B C D E; A B C D E F; A B C D E F G; A B C D E F G H; }

/// What a call returned, without its types.
pub fn told<A: Answers, E: std::fmt::Display>(got: Result<A, E>) -> Result<Vec<Answer>, String> {
    got.map(Answers::answers).map_err(|error| error.to_string())
}

/// How a comparison went.
#[derive(Clone, Copy, Debug, Default)]
pub struct Report {
    /// Numbers compared.
    pub compared: usize,
    /// Numbers of which the comparison says little, since the bound is above a [`VAGUE`] part of the result's largest number:
    /// next to a jump, where nearly all is cancelled, or out of the type's range.
    pub undecided: usize,
    /// Indices compared.
    pub indices: usize,
    /// Indices for which rounding allows several points: ties of values that are not exact.
    pub tied: usize,
    /// The largest error in units of its bound; at most [`SLACK`].
    pub worst: f64,
}

impl Report {
    /// Both together.
    pub fn and(self, other: Report) -> Report {
        Report {
            compared: self.compared + other.compared,
            undecided: self.undecided + other.undecided,
            indices: self.indices + other.indices,
            tied: self.tied + other.tied,
            worst: self.worst.max(other.worst),
        }
    }

    /// Whether no more than one number in `n` is undecided, and no more than one index in `n` tied, so that the comparison
    /// says something.
    pub fn decides(&self, n: usize) -> bool {
        self.undecided * n <= self.compared && self.tied * n <= self.indices
    }

    /// The same report.
    ///
    /// # Panics
    /// If more than one number in 20 is undecided, or more than one index in 20 tied.
    #[track_caller]
    pub fn decided(self) -> Report {
        assert!(self.decides(20), "too much is undecided: {self:?}");
        self
    }

    /// Whether a number of a result is within its bound; `scale` is the result's largest number.
    fn number(&mut self, expected: &Num, got: f64, scale: f64, precision: &Precision) -> bool {
        self.compared += 1;
        self.undecided += usize::from(expected.error > VAGUE * scale);
        if !expected.is_decided() {
            return true;
        }
        if expected.value.is_nan() || expected.value.is_infinite() {
            return expected.value == got || (expected.value.is_nan() && got.is_nan());
        }
        let error = (got - expected.value).abs();
        self.worst = self.worst.max(error / (expected.error + precision.tiny));
        error <= SLACK * (expected.error + precision.tiny)
    }

    fn choice(&mut self, expected: &Choice, got: usize) -> bool {
        self.indices += 1;
        self.tied += usize::from(!expected.rivals.is_empty());
        expected.index == got || expected.rivals.contains(&got)
    }
}

/// Compares results row by row; the error lists the first few differences.
pub fn compare(expected: &[Output], got: &[Answer], precision: &Precision) -> Result<Report, String> {
    let mut report = Report::default();
    let mut wrong = vec![];
    if expected.len() != got.len() {
        return Err(format!("{} results instead of {}", got.len(), expected.len()));
    }
    for (number, pair) in expected.iter().zip(got).enumerate() {
        let place = |row: usize, k: usize| format!("result {number}, row {row}, coordinate {k}");
        match pair {
            (Output::Values(expected), Answer::Values(got)) => {
                same_shape(expected, got)?;
                let scale = scale(expected);
                each(expected, got, |row, k, e, &g| {
                    if !report.number(e, g, scale, precision) {
                        wrong.push(format!(
                            "{}: {g:e} instead of {:e} ± {:.1e}",
                            place(row, k),
                            e.value,
                            e.error
                        ));
                    }
                });
            }
            (Output::Indices(expected), Answer::Indices(got)) => {
                same_shape(expected, got)?;
                each(expected, got, |row, k, e, &g| {
                    if !report.choice(e, g) {
                        wrong.push(format!("{}: point {g} instead of {e:?}", place(row, k)));
                    }
                });
            }
            _ => return Err(format!("result {number}: indices where values belong, or the reverse")),
        }
    }
    if wrong.is_empty() {
        Ok(report)
    } else {
        Err(format!("{} differences:\n  {}", wrong.len(), first(&wrong)))
    }
}

/// Compares a gradient with its differences: `relative` of the largest entry of the array on top of ten times their own
/// errors. Entries whose own errors are larger than the former are undecided: near a kink differences say nothing.
pub fn compare_gradient(expected: &[Vector], got: &[Vec<f64>], relative: f64) -> Result<Report, String> {
    same_shape(expected, got)?;
    let allowed = relative * scale(expected);
    let mut report = Report::default();
    let mut wrong = vec![];
    each(expected, got, |row, k, e, g| {
        report.compared += 1;
        report.undecided += usize::from(e.error.is_nan() || e.error > allowed);
        let error = (g - e.value).abs();
        if error.is_nan() || error > allowed + 10.0 * e.error {
            wrong
                .push(format!("row {row}, coordinate {k}: {g:e} instead of {:e} ± {:.1e}", e.value, e.error));
        }
    });
    if wrong.is_empty() {
        Ok(report)
    } else {
        Err(format!("{} differences:\n  {}", wrong.len(), first(&wrong)))
    }
}

/// The largest finite number of a result, at least 1e-3: the results here are of the order of 1, and zeros have bounds too.
fn scale(values: &[Vector]) -> f64 {
    values.iter().flatten().map(|x| x.value.abs()).filter(|x| x.is_finite()).fold(1e-3, f64::max)
}

fn same_shape<A, B>(expected: &[Vec<A>], got: &[Vec<B>]) -> Result<(), String> {
    let shape = |rows: usize, dim: Option<usize>| format!("{rows} rows of {} numbers", dim.unwrap_or(0));
    let wanted = shape(expected.len(), expected.first().map(Vec::len));
    let found = shape(got.len(), got.first().map(Vec::len));
    if wanted == found { Ok(()) } else { Err(format!("{found} instead of {wanted}")) }
}

fn each<A, B>(expected: &[Vec<A>], got: &[Vec<B>], mut f: impl FnMut(usize, usize, &A, &B)) {
    for (row, (e, g)) in expected.iter().zip(got).enumerate() {
        e.iter().zip(g).enumerate().for_each(|(k, (e, g))| f(row, k, e, g));
    }
}

fn first(wrong: &[String]) -> String {
    wrong.iter().take(5).map(String::as_str).collect::<Vec<_>>().join("\n  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(value: f64, error: f64) -> Vec<Output> {
        vec![Output::Values(vec![vec![Num { value, error }]])]
    }

    #[test]
    fn the_bound_decides() {
        let p = Precision::F32;
        let close = |got: f64| compare(&values(1.0, 1e-6), &vec![got].answers(), &p);
        assert!(close(1.0 + 2.9e-6).is_ok());
        assert!(close(1.0 + 3.1e-6).is_err());
        assert!(close(f64::NAN).is_err());
        assert_eq!(compare(&values(1.0, f64::INFINITY), &vec![f64::NAN].answers(), &p).unwrap().undecided, 1);
        // As high as a jump: it is compared, and says little.
        assert_eq!(compare(&values(1.0, 1.0), &vec![2.0].answers(), &p).unwrap().undecided, 1);
        assert!(compare(&values(1.0, 1.0), &vec![9.0].answers(), &p).is_err());
        assert!(compare(&values(f64::INFINITY, 0.0), &vec![f64::MAX].answers(), &p).is_err());
        assert!(compare(&values(f64::NAN, 0.0), &vec![0.0].answers(), &p).is_err());
        assert!(compare(&values(f64::NAN, 0.0), &vec![f64::NAN].answers(), &p).is_ok());
    }

    #[test]
    fn shapes_and_kinds_must_agree() {
        let p = Precision::F64;
        assert!(compare(&values(1.0, 0.1), &vec![1.0, 1.0].answers(), &p).is_err());
        assert!(compare(&values(1.0, 0.1), &vec![[1.0, 1.0]].answers(), &p).is_err());
        assert!(compare(&values(1.0, 0.1), &vec![1usize].answers(), &p).is_err());
        assert!(compare(&values(1.0, 0.1), &(vec![1.0], vec![1.0]).answers(), &p).is_err());
    }

    #[test]
    fn an_index_may_be_a_rival() {
        let expected = [Output::Indices(vec![vec![Choice { index: 3, rivals: vec![5] }]])];
        let p = Precision::F32;
        assert!(compare(&expected, &vec![3usize].answers(), &p).is_ok());
        let report = compare(&expected, &vec![5usize].answers(), &p).unwrap();
        // All are tied: nothing is decided, although no number is undecided.
        assert!(!report.decides(20) && report.and(Report { indices: 19, ..Report::default() }).decides(20));
        assert!(compare(&expected, &vec![4usize].answers(), &p).is_err());
    }

    #[test]
    fn gradients_are_judged_by_their_largest_entry() {
        let expected = [vec![Num { value: 2.0, error: 1e-12 }, Num { value: 0.0, error: 1e-12 }]];
        assert!(compare_gradient(&expected, &[vec![2.0, 1e-6]], 1e-6).is_ok());
        assert!(compare_gradient(&expected, &[vec![2.0, 1e-5]], 1e-6).is_err());
        assert!(compare_gradient(&expected, &[vec![2.0, f64::NAN]], 1e-6).is_err());
        let kink = [vec![Num { value: 2.0, error: 0.5 }]];
        assert_eq!(compare_gradient(&kink, &[vec![1.0]], 1e-6).unwrap().undecided, 1);
    }
}
