//! `cargo xtask cuda`: the CUDA compiler, and what is checked with it. None of it needs a device but the bench.

mod assemble;
mod budgets;
mod count;
mod fetch;
mod flow;
mod prices;
mod random;
mod random_table;
mod sass;
mod source;
mod table;
mod trips;
#[cfg(test)]
mod testing;

use crate::job::{self, SKIPPED};
use crate::steps::Step;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What `cargo xtask cuda` is told to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    /// Fetch the compiler.
    Fetch,
    /// Run what the step `cuda` runs.
    Test,
    /// Write the tables of budgets, or compare with them.
    Budgets { check: bool },
    /// Time kernels on the device of the machine.
    Bench,
}

impl Command {
    /// The command that the arguments after `cuda` name.
    pub(crate) fn parse(arguments: &[String]) -> Option<Command> {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        match arguments[..] {
            [] => Some(Command::Fetch),
            ["test"] => Some(Command::Test),
            ["bench"] => Some(Command::Bench),
            ["budgets"] => Some(Command::Budgets { check: false }),
            ["budgets", "--check"] => Some(Command::Budgets { check: true }),
            _ => None,
        }
    }
}

/// Runs a command. Without the compiler, the tests are skipped, unless `KEOPS_REQUIRE_CUDA=1`.
pub(crate) fn run(command: Command) -> ExitCode {
    let toolkit = target().and_then(|target| Ok((fetch::ensure(&target)?, target)));
    match (toolkit, command) {
        (Err(error), Command::Test) if std::env::var_os("KEOPS_REQUIRE_CUDA").is_none_or(|v| v != "1") => {
            let stars = "*".repeat(80);
            println!("{stars}\n{SKIPPED}no kernel was compiled, because there is no nvcc\n{error}");
            println!("KEOPS_REQUIRE_CUDA=1 makes this a failure\n{stars}");
            ExitCode::SUCCESS
        }
        (Err(error), _) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
        (Ok((toolkit, _)), Command::Fetch) => {
            println!("{}", toolkit.program("nvcc").display());
            ExitCode::SUCCESS
        }
        (Ok((toolkit, target)), Command::Test) => job::run(&tests(&toolkit, &target)),
        (Ok((toolkit, _)), Command::Bench) => {
            job::run(&[step(&toolkit, "device", "bench --features cuda --bench device")])
        }
        (Ok((toolkit, target)), Command::Budgets { check }) => {
            let folder = target.join("budgets");
            // What is wrong with one table does not keep the other from being measured.
            let done = [budgets::run(&toolkit, &folder, check), random::run(&toolkit, &folder, check)];
            let complaints: Vec<String> = done.into_iter().filter_map(Result::err).flatten().collect();
            complaints.iter().for_each(|complaint| eprintln!("{complaint}"));
            if check && !complaints.is_empty() {
                eprintln!("if this is meant: `cargo xtask cuda budgets` writes the tables anew");
            }
            if complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
    }
}

/// What the step `cuda` runs when there is a compiler, with Cargo's target folder.
fn tests(toolkit: &fetch::Toolkit, target: &Path) -> Vec<Step> {
    let step = |name, command| step(toolkit, name, command);
    let simulator = target.join("debug/libkeops_cuda_sim.so");
    let mut steps = vec![
        step("kernels", "test --package keops-kernels"),
        step("runtime", "test --package keops-runtime --features cuda"),
        step("driver", "test --package keops-driver --features device"),
        step(
            "formulas",
            "test --features cuda --test cuda --test corpus --test gradients --test reductions --test operations",
        ),
        // Built as tests are, so that the kernels are there.
        step("bench", "test --features cuda --bench device -- --simulate"),
        step("budgets", "xtask cuda budgets --check"),
    ];
    // The example opens a driver, which the functions of `cust` are forwarded to on Linux alone.
    if cfg!(target_os = "linux") {
        steps.extend([
            step(
                "simulator",
                "rustc --package keops-cuda-sim --lib --crate-type cdylib -- --cfg keops_cuda_sim_export",
            ),
            step("example", "run --features cuda --example cuda_device_buffers 500")
                .with("KEOPS_CUDA_DRIVER", simulator.display().to_string())
                .printing("s on keops-cuda-sim"),
        ]);
    }
    steps
}

/// A command of Cargo with the compiler.
fn step(toolkit: &fetch::Toolkit, name: &'static str, command: &'static str) -> Step {
    Step::new(name, [command]).with("KEOPS_NVCC", toolkit.program("nvcc").display().to_string())
}

/// Files of which Cargo's target folder has one: it writes the first in a folder that it makes, the second in any.
const MARKS: [&str; 2] = ["CACHEDIR.TAG", ".rustc_info.json"];

/// Cargo's target folder: this program is in it. Build scripts look for nvcc in the same place.
fn target() -> Result<PathBuf, String> {
    let program = std::env::current_exe().map_err(|error| format!("where this program is: {error}"))?;
    let is_target = |folder: &Path| MARKS.iter().any(|mark| folder.join(mark).is_file());
    let target = program.ancestors().find(|folder| is_target(folder));
    target
        .map(Path::to_owned)
        .ok_or_else(|| format!("{} is not in a target folder of Cargo", program.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_whole() {
        let parse = |text: &str| {
            let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
            Command::parse(&words)
        };
        assert_eq!(parse(""), Some(Command::Fetch));
        assert_eq!(parse("test"), Some(Command::Test));
        assert_eq!(parse("bench"), Some(Command::Bench));
        assert_eq!(parse("budgets"), Some(Command::Budgets { check: false }));
        assert_eq!(parse("budgets --check"), Some(Command::Budgets { check: true }));
        assert_eq!(parse("budgets --chekc"), None);
        assert_eq!(parse("fetch"), None);
    }

    #[test]
    fn the_target_folder_is_that_of_this_program() {
        let target = target().expect("tests run in a target folder");
        assert!(std::env::current_exe().expect("this program runs").starts_with(target));
    }
}
