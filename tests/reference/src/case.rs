//! One formula on one set of data: the macro's function against the reference evaluator.

use crate::compare::{Answer, Report, compare, compare_gradient};
use crate::data::{Data, Scalar, Setup};
use crate::evaluate::{Undefined, evaluate, gradient};
use crate::precision::Precision;
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
            (Err(Undefined), Err(_)) => Ok(Report::default()),
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

    /// Whether a gradient of Σ ⟨seeds, results⟩ is the right one, to `relative` of its largest entry.
    ///
    /// # Panics
    /// If it is not.
    pub fn judge_gradient(
        &self,
        argument: &str,
        seeds: &[Vec<Vec<f64>>],
        got: Result<Vec<Answer>, String>,
        relative: f64,
    ) {
        let got = got.unwrap_or_else(|e| self.fail("gradient", &e));
        let [Answer::Values(got)] = &got[..] else { panic!("a gradient is one array of numbers") };
        let expected = gradient(&self.function, &self.data, seeds, argument);
        if let Err(problem) = compare_gradient(&expected, got, relative) {
            self.fail(&format!("gradient in {argument}"), &problem);
        }
    }

    fn fail(&self, what: &str, problem: &str) -> ! {
        let Setup { m, n, seed, .. } = self.setup;
        panic!("\n{}\nM = {m}, N = {n}, seed {seed}, {what}: {problem}\n", self.text)
    }
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
/// If a result is wrong, or if so many values are undecided that the test says little.
pub fn usual_sizes(check: impl Fn(&Setup) -> Report) {
    let mut shapes = vec![(1, 16), (5, 40), (19, 70)];
    if cfg!(feature = "device") {
        // More columns than a tile has, more rows than a block has.
        shapes.extend([(3, 530), (530, 9)]);
    }
    let reports = shapes.iter().zip(1..).map(|(&(m, n), seed)| check(&Setup::sizes(m, n).seed(seed)));
    let report = reports.fold(Report::default(), Report::and);
    assert!(report.undecided * 20 <= report.compared, "too many values are undecided: {report:?}");
}
