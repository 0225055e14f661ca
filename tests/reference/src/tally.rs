//! Many checks in one program: all of them run, and all that fail are reported.

use crate::compare::Report;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The checks of a program.
#[derive(Debug, Default)]
pub struct Checks {
    report: Report,
    passed: usize,
    failed: usize,
}

impl Checks {
    /// None so far.
    pub fn new() -> Checks {
        Checks::default()
    }

    /// Runs a check; if it panics, its message goes to the error stream.
    pub fn run(&mut self, check: impl FnOnce() -> Report) {
        match catch_unwind(AssertUnwindSafe(check)) {
            Ok(report) => {
                self.report = self.report.and(report);
                self.passed += 1;
            }
            Err(_) => self.failed += 1,
        }
    }

    /// Prints what was compared.
    ///
    /// # Panics
    /// If a check failed, or if so many values were undecided that the others say little.
    pub fn finish(self) {
        let Report { compared, undecided, indices, tied, worst } = self.report;
        println!(
            "{} formulas: {compared} values, {undecided} undecided, largest error {worst:.2} of its bound; {indices} indices, {tied} tied",
            self.passed
        );
        assert!(self.failed == 0, "{} of {} checks failed", self.failed, self.failed + self.passed);
        assert!(undecided * 20 <= compared, "{undecided} of {compared} values are undecided");
    }
}
