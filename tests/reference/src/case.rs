//! One formula on one set of data: the macro's function against the reference evaluator.

use crate::compare::{Answer, Report, compare, compare_gradient};
use crate::data::{Data, Scalar, Setup};
use crate::evaluate::{Undefined, evaluate, gradient, gradient_along};
use crate::precision::{Num, Precision};
use crate::random::Random;
use keops_compiler::ast::{Function, Let};
use proc_macro2::Ident;

/// A formula with data.
pub struct Case {
    text: &'static str,
    function: Function,
    setup: Setup,
    /// The data, which a test may change before it calls the function.
    pub data: Data,
}

impl Case {
    /// The formula of this text with random data.
    pub fn new(text: &'static str, setup: &Setup) -> Case {
        Case::with_dimensions(text, &[], setup)
    }

    /// The same of a formula whose dimension parameters have these values.
    pub fn with_dimensions(text: &'static str, dimensions: &[usize], setup: &Setup) -> Case {
        let function = instance(crate::function(text), dimensions);
        let data = Data::random(&function, setup);
        Case { text, function, setup: setup.clone(), data }
    }

    /// Whether the results are the right ones.
    ///
    /// # Panics
    /// If they are not, with the formula, the seed and the first differences.
    pub fn judge(&self, got: Result<Vec<Answer>, String>, precision: &Precision) -> Report {
        let expected = evaluate(&self.function, &self.data, *precision);
        let verdict = match (expected, got) {
            (Ok(expected), Ok(got)) => compare(&expected, &got, precision),
            // Both errors of reductions over too few points say so, and no other does.
            (Err(Undefined), Err(error)) if error.contains("pass at least") => Ok(Report::default()),
            (Err(Undefined), Err(error)) => Err(format!("another error than of too few points: {error}")),
            (Err(Undefined), Ok(_)) => Err("a value where there is none".to_string()),
            (Ok(_), Err(error)) => Err(format!("an error where there is a value: {error}")),
        };
        verdict.unwrap_or_else(|problem| self.fail(precision.name, &problem))
    }

    /// Seeds of a gradient: `count` rows of D numbers, the same for every scalar type.
    pub fn seed<T: Scalar, const D: usize>(&self, output: usize, count: usize) -> Vec<[T; D]> {
        let mut random = Random::new(self.setup.seed ^ (0x5eed + output as u64));
        let mut number = || T::from_f64(f64::from((2.0 * random.unit() - 1.0) as f32));
        (0..count).map(|_| std::array::from_fn(|_| number())).collect()
    }

    /// Whether a gradient of Σ ⟨seeds, results⟩ is the right one.
    ///
    /// # Panics
    /// If it is not.
    pub fn judge_gradient(
        &self,
        argument: &str,
        seeds: &[Vec<Vec<f64>>],
        got: Result<Vec<Answer>, String>,
        precision: &Precision,
    ) -> Report {
        let got = self.rows_of_gradient(got);
        let expected = gradient(&self.function, &self.data, seeds, argument);
        compare_gradient(&expected, &got, tolerance(precision))
            .unwrap_or_else(|problem| self.fail(&format!("gradient in {argument}"), &problem))
    }

    /// Whether a gradient has the right product with one random direction of all its entries: where there are many, one
    /// difference tells of all of them.
    ///
    /// # Panics
    /// If it has not.
    pub fn judge_gradient_along(
        &self,
        argument: &str,
        seeds: &[Vec<Vec<f64>>],
        got: Result<Vec<Answer>, String>,
        precision: &Precision,
    ) -> Report {
        let got = self.rows_of_gradient(got);
        let mut random = Random::new(self.setup.seed ^ 0xd14);
        let direction: Vec<Vec<f64>> =
            got.iter().map(|row| row.iter().map(|_| 2.0 * random.unit() - 1.0).collect()).collect();
        let terms = got.iter().flatten().zip(direction.iter().flatten()).map(|(g, d)| Num::exact(g * d));
        let product = Precision::F64.sum(&terms.collect::<Vec<_>>()).value;
        let expected = gradient_along(&self.function, &self.data, seeds, argument, &direction);
        compare_gradient(&[vec![expected]], &[vec![product]], tolerance(precision)).unwrap_or_else(
            |problem| self.fail(&format!("gradient in {argument} along a direction"), &problem),
        )
    }

    fn rows_of_gradient(&self, got: Result<Vec<Answer>, String>) -> Vec<Vec<f64>> {
        let mut got = got.unwrap_or_else(|e| self.fail("gradient", &e));
        match (got.pop(), &got[..]) {
            (Some(Answer::Values(rows)), []) => rows,
            _ => panic!("a gradient is one array of numbers"),
        }
    }

    fn fail(&self, what: &str, problem: &str) -> ! {
        let Setup { m, n, seed, .. } = self.setup;
        panic!("\n{}\nM = {m}, N = {n}, seed {seed}, {what}: {problem}\n", self.text)
    }
}

/// How much a gradient may err, relative to its largest entry. In `f32` by a few roundings, magnified by the conditioning of
/// the formulas: below a hundred. In `f64` by what the differences do, which are exact to ten digits.
fn tolerance(precision: &Precision) -> f64 {
    if precision.eps == Precision::F32.eps { 100.0 * precision.eps } else { 1e-9 }
}

/// The function with numbers for its dimension parameters, written where their names stand.
fn instance(function: Function, dimensions: &[usize]) -> Function {
    let mut function = function.instance(dimensions);
    if let Some(body) = &mut function.body {
        let numbers: Vec<Let> = body.lets.drain(..dimensions.len()).collect();
        let number = |name: &Ident| numbers.iter().find(|l| l.name == *name).map(|l| &l.value);
        body.lets.iter_mut().for_each(|l| l.value = l.value.with(&number));
        body.result = body.result.with(&number);
    }
    function
}

/// Checks a formula on a few shapes: one row, fewer points than a tile holds, more than that.
///
/// # Panics
/// If a result is wrong, or if so much is undecided that the test says little.
pub fn usual_sizes(check: impl Fn(&Setup) -> Report) {
    let mut shapes = vec![(1, 16), (5, 40), (19, 70)];
    if cfg!(feature = "device") {
        // More columns than a tile has, more rows than a block has.
        shapes.extend([(3, 530), (530, 9)]);
    }
    let reports = shapes.iter().zip(1..).map(|(&(m, n), seed)| check(&Setup::sizes(m, n).seed(seed)));
    reports.fold(Report::default(), Report::and).decided();
}
