//! Runs steps one after the other and sums up.

use crate::steps::{Step, root};
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// What a line begins with that says that something is not tested here.
pub(crate) const SKIPPED: &str = "SKIPPED: ";

/// Runs all steps, also after one has failed, printing each command and its time; the last line sums up.
pub(crate) fn run(steps: &[Step]) -> ExitCode {
    let start = Instant::now();
    let mut tests = Tests::default();
    let (mut failed, mut skipped) = (Vec::new(), Vec::new());
    for step in steps {
        if let Some(reason) = step.skip {
            println!("\n> {}\n{SKIPPED}{reason}", step.name);
            skipped.push(step.name);
            continue;
        }
        let (mut passed, skips) = (true, tests.skips);
        for arguments in &step.commands {
            passed &= cargo(arguments, step, &mut tests);
        }
        if !passed {
            failed.push(step.name);
        } else if tests.skips > skips {
            skipped.push(step.name);
        }
    }
    println!("\n{}", summary(steps.len(), &failed, &skipped, tests, start.elapsed()));
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs `cargo`, passing its output on, and counts the tests in it.
fn cargo(arguments: &[String], step: &Step, tests: &mut Tests) -> bool {
    let settings: String =
        step.environment.iter().map(|(name, value)| format!("{name}=\"{value}\" ")).collect();
    let command = format!("{settings}cargo {}", arguments.join(" "));
    println!("\n> {command}");
    let start = Instant::now();
    let mut printed = step.prints.is_none();
    let mut passed = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .envs(step.environment.iter().map(|(name, value)| (name, value)))
        .current_dir(root())
        .stdout(Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
                let line = line?;
                println!("{line}");
                tests.count(&line);
                printed |= step.prints.is_some_and(|text| line.contains(text));
            }
            child.wait()
        })
        .is_ok_and(|status| status.success());
    if let Some(text) = step.prints.filter(|_| !printed) {
        println!("> nothing about {text:?} was printed");
        passed = false;
    }
    println!("> {command}: {} in {}", if passed { "passed" } else { "FAILED" }, show(start.elapsed()));
    passed
}

/// How many tests there were, and how often it was said that something is skipped.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Tests {
    passed: usize,
    failed: usize,
    ignored: usize,
    skips: usize,
}

impl Tests {
    /// Reads a line such as `test result: ok. 21 passed; 0 failed; 1 ignored; …`.
    fn count(&mut self, line: &str) {
        self.skips += usize::from(line.starts_with(SKIPPED));
        let Some((_, counts)) = line.strip_prefix("test result: ").and_then(|rest| rest.split_once(". "))
        else {
            return;
        };
        for part in counts.split("; ") {
            let Some((number, what)) = part.split_once(' ') else { continue };
            let number: usize = number.parse().unwrap_or(0);
            match what {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }
}

fn summary(steps: usize, failed: &[&str], skipped: &[&str], tests: Tests, time: Duration) -> String {
    let Tests { passed, failed: broken, ignored, .. } = tests;
    let time = show(time);
    let tests = format!("{passed} tests passed, {broken} failed, {ignored} ignored");
    let of_steps = |these: &[&str], what: &str| {
        (!these.is_empty()).then(|| format!("{} of {steps} steps {what} ({})", these.len(), these.join(", ")))
    };
    let unusual: Vec<String> =
        [of_steps(failed, "FAILED"), of_steps(skipped, "SKIPPED")].into_iter().flatten().collect();
    if unusual.is_empty() {
        format!("all {steps} steps passed in {time}; {tests}")
    } else {
        format!("{} in {time}; {tests}", unusual.join(", "))
    }
}

fn show(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f64())
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_results_are_added_up() {
        let mut tests = Tests::default();
        tests.count(
            "test result: ok. 21 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
        );
        tests.count("test points::tests::a ... ok");
        tests.count("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 4 filtered out; finished in 1.20s");
        tests.count("SKIPPED: no kernel was compiled");
        tests.count("> xtask cuda test: passed; nothing was SKIPPED: all is well");
        assert_eq!(tests, Tests { passed: 24, failed: 2, ignored: 1, skips: 1 });
    }

    #[test]
    fn the_summary_names_what_failed_and_what_was_skipped() {
        let tests = Tests { passed: 4, failed: 1, ignored: 0, skips: 1 };
        let time = Duration::from_secs(75);
        assert_eq!(
            summary(6, &["clippy", "test"], &[], tests, time),
            "2 of 6 steps FAILED (clippy, test) in 1 min 15 s; 4 tests passed, 1 failed, 0 ignored"
        );
        assert_eq!(
            summary(6, &["test"], &["cuda"], tests, time),
            "1 of 6 steps FAILED (test), 1 of 6 steps SKIPPED (cuda) in 1 min 15 s; 4 tests passed, 1 failed, 0 ignored"
        );
        let tests = Tests { failed: 0, ..tests };
        assert_eq!(
            summary(6, &[], &["cuda"], tests, time),
            "1 of 6 steps SKIPPED (cuda) in 1 min 15 s; 4 tests passed, 0 failed, 0 ignored"
        );
        assert_eq!(
            summary(6, &[], &[], tests, time),
            "all 6 steps passed in 1 min 15 s; 4 tests passed, 0 failed, 0 ignored"
        );
    }
}
