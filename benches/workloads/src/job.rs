//! A workload on its data: what is timed, and how its answer is judged.

use crate::check::largest;
use crate::number::Number;
use std::fmt::{self, Debug, Formatter};

/// What a run returns.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Numbers in single precision, row after row.
    Single(Vec<f32>),
    /// Numbers in double precision.
    Double(Vec<f64>),
    /// Numbers of columns.
    Indices(Vec<usize>),
}

impl Answer {
    /// The numbers.
    pub fn numbers(&self) -> Vec<f64> {
        match self {
            Answer::Single(v) => v.iter().map(|&x| x.into()).collect(),
            Answer::Double(v) => v.clone(),
            Answer::Indices(v) => v.iter().map(|&i| i as f64).collect(),
        }
    }

    /// The indices; those that are not indices are beyond any number of columns.
    pub fn indices(&self) -> Vec<usize> {
        match self {
            Answer::Indices(v) => v.clone(),
            Answer::Single(_) | Answer::Double(_) => vec![usize::MAX],
        }
    }

    /// An answer as raw little-endian numbers: of NumPy's type `f4`, `f8` or `i8`.
    pub fn from_bytes(bytes: &[u8], numpy: &str) -> Option<Answer> {
        fn chunks<const K: usize>(bytes: &[u8]) -> impl Iterator<Item = [u8; K]> {
            bytes.chunks_exact(K).filter_map(|c| c.try_into().ok())
        }
        match numpy {
            "f4" => Some(Answer::Single(chunks(bytes).map(f32::from_le_bytes).collect())),
            "f8" => Some(Answer::Double(chunks(bytes).map(f64::from_le_bytes).collect())),
            // A negative index, "nothing found", is beyond any number of columns.
            "i8" => Some(Answer::Indices(chunks(bytes).map(|c| u64::from_le_bytes(c) as usize).collect())),
            _ => None,
        }
    }
}

impl From<Vec<f32>> for Answer {
    fn from(v: Vec<f32>) -> Answer {
        Answer::Single(v)
    }
}

impl From<Vec<f64>> for Answer {
    fn from(v: Vec<f64>) -> Answer {
        Answer::Double(v)
    }
}

impl From<Vec<usize>> for Answer {
    fn from(v: Vec<usize>) -> Answer {
        Answer::Indices(v)
    }
}

impl<T, const D: usize> From<Vec<[T; D]>> for Answer
where
    Answer: From<Vec<T>>,
{
    fn from(v: Vec<[T; D]>) -> Answer {
        v.into_flattened().into()
    }
}

/// An argument, as other programs read it.
#[derive(Clone, Debug)]
pub struct Array {
    /// Its name.
    pub name: &'static str,
    /// The name of its scalar type in NumPy.
    pub numpy: &'static str,
    /// Numbers per row.
    pub dim: usize,
    /// Raw numbers, row after row.
    pub bytes: Vec<u8>,
}

impl Array {
    /// Rows of D numbers.
    pub fn new<T: Number, const D: usize>(name: &'static str, rows: &[[T; D]]) -> Array {
        let bytes = rows.as_flattened().iter().flat_map(|v| v.bytes()).collect();
        Array { name, numpy: T::NUMPY, dim: D, bytes }
    }

    /// One row.
    pub fn row<T: Number>(name: &'static str, row: &[T]) -> Array {
        Array { name, numpy: T::NUMPY, dim: row.len(), bytes: row.iter().flat_map(|v| v.bytes()).collect() }
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        let size = if self.numpy.ends_with('8') { 8 } else { 4 };
        self.bytes.len() / size / self.dim
    }
}

/// Something that can be run again and again.
pub type Run = Box<dyn Fn() -> Answer>;

/// A workload on its data.
pub struct Job {
    /// The arguments.
    pub arrays: Vec<Array>,
    /// The formula as `keops!` compiles it.
    pub ours: Run,
    /// The loop by hand, on one thread, over some of the rows: all are `.1` times as many.
    pub naive: Option<(Run, f64)>,
    /// How far an answer is off, on a sample of rows: the largest error relative to the largest value in `f64`; of
    /// indices, the largest difference of a squared distance from the one that belongs in its place, relative to that.
    pub error: Box<dyn Fn(&Answer) -> f64>,
}

impl Debug for Job {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job").field("arrays", &self.arrays).finish_non_exhaustive()
    }
}

/// The largest |answer - reference| / max |reference| over rows 0, stride, 2·stride, … of `dim` numbers.
pub fn relative_error(answer: &[f64], reference: &[f64], dim: usize, stride: usize) -> f64 {
    let size = reference.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    let rows = answer.chunks(dim).step_by(stride).flatten();
    let mut count = 0;
    let worst = largest(rows.zip(reference).map(|(a, r)| {
        count += 1;
        (a - r).abs() / size
    }));
    if count == reference.len() { worst } else { f64::INFINITY }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_relative_to_the_largest_value() {
        assert_eq!(relative_error(&[1.0, 0.0, 9.0, 2.5], &[1.0, 2.0], 1, 3), 0.25);
        assert_eq!(relative_error(&[1.0, 2.0, 3.0, 5.0], &[1.0, 2.0, 3.0, 4.0], 2, 1), 0.25);
        assert_eq!(relative_error(&[f64::NAN, 1.0], &[1.0, 1.0], 1, 1), f64::INFINITY);
        assert_eq!(relative_error(&[1.0], &[1.0, 1.0], 1, 1), f64::INFINITY);
    }

    #[test]
    fn answers_are_read_back() {
        let bytes: Vec<u8> = [1.5f32, -2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
        assert_eq!(Answer::from_bytes(&bytes, "f4").unwrap().numbers(), [1.5, -2.0]);
        let bytes: Vec<u8> = [3i64, -1].iter().flat_map(|v| v.to_le_bytes()).collect();
        assert_eq!(Answer::from_bytes(&bytes, "i8").unwrap().indices(), [3, usize::MAX]);
        assert!(Answer::from_bytes(&bytes, "i4").is_none());
    }

    #[test]
    fn arrays_know_their_rows() {
        assert_eq!(Array::new("x", &[[1.0f32, 2.0, 3.0]; 5]).rows(), 5);
        assert_eq!(Array::row("s", &[1.0f64, 2.0]).rows(), 1);
    }
}
