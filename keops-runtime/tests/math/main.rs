//! The vector functions against references, with the bounds that are stated for them. `cargo bench --bench maths` does
//! the same on all f32.

mod arguments;
mod binary;
mod double;
mod errors;
mod evaluate;
mod functions;
mod oracle;
mod pairs;
mod reduction;
mod special;

use arguments::{ARGUMENTS, sample};
use binary::{Function2, Visit2, for_all2};
use errors::{Errors, Reference};
use evaluate::Function;
use functions::{Visit, for_all};

/// Complaints about errors in f32 on every so many-th of all bit patterns.
struct Sweep {
    stride: usize,
    complaints: Vec<String>,
}

impl Visit for Sweep {
    fn visit<F: Function>(&mut self) {
        self.complaints.extend(Errors::on_patterns::<F>(self.stride, self.stride).complaints(
            F::NAME,
            F::BOUND,
            F::MAY_DIFFER,
        ));
    }
}

/// Complaints about errors in f64 on given numbers.
struct Check<'a> {
    arguments: &'a [f64],
    complaints: Vec<String>,
}

impl Visit for Check<'_> {
    fn visit<F: Function>(&mut self) {
        let errors = Errors::on::<F>(self.arguments, Reference::Exact);
        self.complaints.extend(errors.complaints(F::NAME, F::BOUND, F::MAY_DIFFER));
    }
}

fn none(complaints: &[String]) {
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn f32_errors_are_within_their_bounds() {
    let mut sweep = Sweep { stride: 257, complaints: Vec::new() };
    for_all(&mut sweep);
    none(&sweep.complaints);
}

#[test]
fn f64_errors_are_within_their_bounds() {
    let mut check = Check { arguments: &sample(100_000), complaints: Vec::new() };
    for_all(&mut check);
    none(&check.complaints);
}

#[test]
fn special_arguments_give_what_the_standard_library_gives() {
    let mut check = Check { arguments: &ARGUMENTS, complaints: Vec::new() };
    for_all(&mut check);
    none(&check.complaints);
}

/// Complaints about the reference in two `f64`, from stored values, and how many there were.
#[derive(Default)]
struct Stored {
    complaints: Vec<String>,
    count: usize,
}

impl Visit for Stored {
    fn visit<F: Function>(&mut self) {
        for &(_, x, [high, low]) in oracle::VALUES.iter().filter(|(name, ..)| *name == F::NAME) {
            let exact = F::exact(x);
            let error = ((exact.hi - high) + (exact.lo - low)).abs();
            // A ten-thousandth of an ulp would do; sums of two are good to 2⁻¹⁰⁰ or so. The least number is for values
            // whose second part is subnormal.
            let bound = F::scale(x, high).abs() * 2f64.powi(-90) + f64::from_bits(1);
            if error > bound || error.is_nan() {
                self.complaints
                    .push(format!("{}({x:?}) is {exact:?} and not {high:?} + {low:?}: {error:e}", F::NAME));
            }
            self.count += 1;
        }
    }
}

#[test]
fn the_reference_in_two_f64_has_its_values() {
    let mut stored = Stored::default();
    for_all(&mut stored);
    none(&stored.complaints);
    assert_eq!(stored.count, oracle::VALUES.len(), "every row names a function");
}

/// Compares the bounds with those that the documentation states.
struct Documented;

impl Documented {
    /// The first number of ulp that is stated for a function; none where results are exact.
    fn bound(name: &str) -> f64 {
        let lines = include_str!("../../src/math/mod.rs").lines().map(str::trim);
        let mut words = String::new();
        for line in lines {
            match line.strip_prefix("/// ") {
                Some(text) => words.extend([text, " "]),
                None if line.starts_with(&format!("{name}(")) => break,
                None => words.clear(),
            }
        }
        match words.split_once(" ulp") {
            Some((before, _)) => {
                before.rsplit(' ').next().and_then(|n| n.parse().ok()).expect("a number of ulp")
            }
            None if words.contains("correctly rounded") => 0.5,
            None => 0.0,
        }
    }
}

impl Visit for Documented {
    fn visit<F: Function>(&mut self) {
        assert_eq!(Documented::bound(F::NAME), F::BOUND, "{}", F::NAME);
    }
}

impl Visit2 for Documented {
    fn visit<F: Function2>(&mut self) {
        assert_eq!(Documented::bound(F::NAME), F::BOUND, "{}", F::NAME);
    }
}

#[test]
fn bounds_are_those_of_the_documentation() {
    for_all(&mut Documented);
    for_all2(&mut Documented);
}
