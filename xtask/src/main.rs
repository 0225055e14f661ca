//! The project's own commands, run as `cargo xtask COMMAND`.

mod cuda;
mod job;
mod steps;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask test          all that CI runs
cargo xtask test STEP...  some of its steps
cargo xtask bench         this library beside others; writes benches/RESULTS.md, LOOPS.md, SHAPES.md and plots
cargo xtask bench W...    some workloads, printed only (W4: W4a to W4d)
                          (errors of the functions, an hour: cargo bench -p keops-runtime --bench maths)
cargo xtask cuda          fetches nvcc and prints where it is
cargo xtask cuda budgets  measures the CUDA kernels; writes the tables in kernels/budgets (--check compares)
cargo xtask cuda test     all that needs nvcc: the step cuda of the tests
cargo xtask cuda bench    times kernels on hardware (KEOPS_TEST_REAL_GPU=1); writes benches/DEVICE.md";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((command, names)) if command == "test" => match steps::select(names) {
            Ok(steps) => job::run(&steps),
            Err(message) => {
                eprintln!("{message}");
                ExitCode::FAILURE
            }
        },
        Some((command, workloads)) if command == "bench" => job::run(&steps::benches(workloads)),
        Some((command, rest)) if command == "cuda" => match cuda::Command::parse(rest) {
            Some(command) => cuda::run(command),
            None => help(),
        },
        _ => help(),
    }
}

fn help() -> ExitCode {
    eprintln!("{HELP}\n\nsteps: {}", steps::names().join(" "));
    ExitCode::FAILURE
}
