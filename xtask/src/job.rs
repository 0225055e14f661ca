//! Runs steps one after the other and sums up.

use crate::steps::{Step, root};
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// Runs all steps, also after one has failed, printing each command and its time; the last line sums up.
pub(crate) fn run(steps: &[Step]) -> ExitCode {
    let start = Instant::now();
    let mut tests = Tests::default();
    let mut failed = Vec::new();
    for step in steps {
        let mut passed = true;
        for arguments in &step.commands {
            passed &= cargo(arguments, step.environment, &mut tests);
        }
        if !passed {
            failed.push(step.name);
        }
    }
    println!("\n{}", summary(steps.len(), &failed, tests, start.elapsed()));
    if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs `cargo`, passing its output on, and counts the tests in it.
fn cargo(arguments: &[String], environment: Option<(&str, &str)>, tests: &mut Tests) -> bool {
    let setting = environment.map(|(name, value)| format!("{name}=\"{value}\" ")).unwrap_or_default();
    let command = format!("{setting}cargo {}", arguments.join(" "));
    println!("\n> {command}");
    let start = Instant::now();
    let passed = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .envs(environment)
        .current_dir(root())
        .stdout(Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            for line in child.stdout.take().into_iter().flat_map(|out| BufReader::new(out).lines()) {
                let line = line?;
                println!("{line}");
                tests.count(&line);
            }
            child.wait()
        })
        .is_ok_and(|status| status.success());
    println!("> {command}: {} in {}", if passed { "passed" } else { "FAILED" }, show(start.elapsed()));
    passed
}

/// How many tests there were.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Tests {
    passed: usize,
    failed: usize,
    ignored: usize,
}

impl Tests {
    /// Reads a line such as `test result: ok. 21 passed; 0 failed; 1 ignored; …`.
    fn count(&mut self, line: &str) {
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

fn summary(steps: usize, failed: &[&str], tests: Tests, time: Duration) -> String {
    let Tests { passed, failed: broken, ignored } = tests;
    let time = show(time);
    let tests = format!("{passed} tests passed, {broken} failed, {ignored} ignored");
    if failed.is_empty() {
        format!("all {steps} steps passed in {time}; {tests}")
    } else {
        format!("{} of {steps} steps FAILED ({}) in {time}; {tests}", failed.len(), failed.join(", "))
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
        assert_eq!(tests, Tests { passed: 24, failed: 2, ignored: 1 });
    }

    #[test]
    fn the_summary_names_what_failed() {
        let tests = Tests { passed: 4, failed: 1, ignored: 0 };
        let time = Duration::from_secs(75);
        assert_eq!(
            summary(6, &["clippy", "test"], tests, time),
            "2 of 6 steps FAILED (clippy, test) in 1 min 15 s; 4 tests passed, 1 failed, 0 ignored"
        );
        assert_eq!(
            summary(6, &[], Tests { failed: 0, ..tests }, time),
            "all 6 steps passed in 1 min 15 s; 4 tests passed, 0 failed, 0 ignored"
        );
    }
}
