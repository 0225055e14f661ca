//! Many checks in one program: all of them run, and all that fail are reported.

use crate::compare::Report;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The checks of a program, one for each formula.
#[derive(Debug, Default)]
pub struct Checks {
    /// All together, without what is vague.
    report: Report,
    passed: usize,
    failed: usize,
    /// The formulas of which more than half is undecided.
    vague: Vec<&'static str>,
}

impl Checks {
    /// None so far.
    pub fn new() -> Checks {
        Checks::default()
    }

    /// Runs the check of a formula; if it panics, its message goes to the error stream.
    pub fn run(&mut self, name: &'static str, check: impl FnOnce() -> Report) {
        match catch_unwind(AssertUnwindSafe(check)) {
            Ok(report) => {
                self.passed += 1;
                if report.decides(2) {
                    self.report = self.report.and(report);
                } else {
                    self.vague.push(name);
                }
            }
            Err(_) => self.failed += 1,
        }
    }

    /// Prints what was compared.
    ///
    /// # Panics
    /// If a check failed, or if so much was undecided, of more than one formula in ten or of the others together, that the rest says little.
    pub fn finish(self) {
        let Report { compared, undecided, indices, tied, worst } = self.report;
        println!(
            "{} formulas: {compared} values, {undecided} undecided, largest error {worst:.2} of its bound; {indices} indices, {tied} tied; vague: {:?}",
            self.passed, self.vague
        );
        assert!(self.failed == 0, "{} of {} checks failed", self.failed, self.failed + self.passed);
        assert!(self.vague.len() * 10 <= self.passed, "too many formulas are vague: {:?}", self.vague);
        self.report.decided();
    }
}
