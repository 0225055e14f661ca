//! Points and parameters for a formula: drawn from a seed, exact in `f32`.

use crate::random::Random;
use keops_compiler::ast::{Argument, Function, Kind};
use std::collections::BTreeMap;

/// The sizes of a test and where its data are drawn from.
#[derive(Clone, Debug)]
pub struct Setup {
    /// M, the number of i-points.
    pub m: usize,
    /// N, the number of j-points.
    pub n: usize,
    /// The seed of the data.
    pub seed: u64,
    /// Intervals of single arguments. The others lie in (−1, 1) if they are points, in (0.5, 1.5) if parameters.
    pub ranges: Vec<(String, f64, f64)>,
    /// Whether the data are multiples of 1/4: then many values tie, and sums of them are exact.
    pub quarters: bool,
}

impl Setup {
    /// M and N points, everything else as usual.
    pub fn sizes(m: usize, n: usize) -> Setup {
        Setup { m, n, seed: 1, ranges: vec![], quarters: false }
    }

    /// The same with another interval for one argument.
    pub fn range(mut self, argument: &str, low: f64, high: f64) -> Setup {
        self.ranges.push((argument.to_string(), low, high));
        self
    }

    /// The same with another seed.
    pub fn seed(mut self, seed: u64) -> Setup {
        self.seed = seed;
        self
    }

    /// The same with multiples of 1/4.
    pub fn quarters(mut self) -> Setup {
        self.quarters = true;
        self
    }

    fn interval(&self, argument: &str, kind: Kind) -> (f64, f64) {
        let usual = if kind == Kind::Parameter { (0.5, 1.5) } else { (-1.0, 1.0) };
        self.ranges
            .iter()
            .rev()
            .find(|(name, ..)| name == argument)
            .map_or(usual, |&(_, low, high)| (low, high))
    }
}

/// The rows of every argument, M for a `Vi`, N for a `Vj`, one for a `Pm`.
#[derive(Clone, Debug)]
pub struct Data {
    /// M
    pub m: usize,
    /// N
    pub n: usize,
    rows: BTreeMap<String, Vec<Vec<f64>>>,
}

impl Data {
    /// Data for the arguments of a function. The numbers of an argument do not depend on the other arguments, and those
    /// of a smaller set are the first of a larger one.
    pub fn random(function: &Function, setup: &Setup) -> Data {
        let mut data = Data { m: setup.m, n: setup.n, rows: BTreeMap::new() };
        for argument in &function.arguments {
            let name = argument.name.to_string();
            let (low, high) = setup.interval(&name, argument.kind);
            let mut random =
                Random::new(setup.seed ^ name.bytes().fold(0u64, |h, b| h.wrapping_mul(131) + u64::from(b)));
            let mut number = || {
                let x = low + (high - low) * random.unit();
                let x = if setup.quarters { (x * 4.0).round() / 4.0 } else { x };
                f64::from(x as f32)
            };
            let dim = coordinates(argument);
            let rows = data.count(argument.kind);
            data.rows.insert(name, (0..rows).map(|_| (0..dim).map(|_| number()).collect()).collect());
        }
        data
    }

    /// One row of ones for every argument.
    pub(crate) fn ones(function: &Function) -> Data {
        let row = |a: &Argument| vec![vec![1.0; coordinates(a)]];
        Data { m: 1, n: 1, rows: function.arguments.iter().map(|a| (a.name.to_string(), row(a))).collect() }
    }

    /// How many rows an argument of this kind has.
    fn count(&self, kind: Kind) -> usize {
        match kind {
            Kind::I => self.m,
            Kind::J => self.n,
            Kind::Parameter => 1,
        }
    }

    /// One row of an argument.
    pub fn row(&self, argument: &str, row: usize) -> &[f64] {
        &self.rows_of(argument)[row]
    }

    /// One row of an argument, to be changed. The numbers should stay exact in `f32`.
    pub fn row_mut(&mut self, argument: &str, row: usize) -> &mut [f64] {
        &mut self.rows.get_mut(argument).unwrap_or_else(|| panic!("no argument {argument}"))[row]
    }

    /// All rows of an argument.
    pub fn rows_of(&self, argument: &str) -> &[Vec<f64>] {
        self.rows.get(argument).unwrap_or_else(|| panic!("no argument {argument}"))
    }

    /// The rows of an argument as a generated function takes them.
    pub fn points<T: Scalar, const D: usize>(&self, argument: &str) -> Vec<[T; D]> {
        self.rows_of(argument).iter().map(|row| std::array::from_fn(|k| T::from_f64(row[k]))).collect()
    }

    /// The only row of a parameter.
    pub fn parameter<T: Scalar, const D: usize>(&self, argument: &str) -> [T; D] {
        self.points(argument)[0]
    }
}

/// The number of coordinates of an argument.
fn coordinates(argument: &Argument) -> usize {
    let dim = argument.dim.as_ref().expect("the declaration has no error");
    dim.number().expect("a function of parameters has data for its instances only")
}

/// `f32` and `f64`.
pub trait Scalar: Copy {
    /// The rounding of this type.
    const PRECISION: crate::precision::Precision;
    /// The nearest number of this type.
    fn from_f64(x: f64) -> Self;
    /// The same number in f64.
    fn to_f64(self) -> f64;
}

impl Scalar for f32 {
    const PRECISION: crate::precision::Precision = crate::precision::Precision::F32;
    fn from_f64(x: f64) -> f32 {
        x as f32
    }
    fn to_f64(self) -> f64 {
        self.into()
    }
}

impl Scalar for f64 {
    const PRECISION: crate::precision::Precision = crate::precision::Precision::F64;
    fn from_f64(x: f64) -> f64 {
        x
    }
    fn to_f64(self) -> f64 {
        self
    }
}
