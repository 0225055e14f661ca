//! Times the kernels of the formulas with a goal on a CUDA device, beside what the device can do at best.
//!
//! ```text
//! KEOPS_TEST_REAL_GPU=1 cargo xtask cuda bench                       # writes benches/DEVICE.md
//! cargo test --features cuda --bench device -- --simulate            # the same way with few points, on the simulator
//! ```

#[path = "../../kernels/budgets/goals.rs"]
mod formulas;
mod report;
mod session;
mod workloads;

use keops::Error;
use report::{Line, Report};
use session::Session;
use std::process::ExitCode;

/// What is said where nothing is measured.
const NEEDS_HARDWARE: &str = "\
the bench of devices measures hardware: nothing was run. On a machine with a CUDA device and its driver,
`KEOPS_TEST_REAL_GPU=1 cargo xtask cuda bench` runs it and writes benches/DEVICE.md. Here, the simulated device runs the
same way with few points, and times that mean nothing: `cargo test --features cuda --bench device -- --simulate`";

fn main() -> ExitCode {
    let simulate = std::env::args().any(|argument| argument == "--simulate");
    if !simulate && keops_reference::device::is_simulated() {
        println!("{NEEDS_HARDWARE}");
        return ExitCode::SUCCESS;
    }
    let session = match if simulate { Session::simulated() } else { Session::on_hardware() } {
        Ok(session) => session,
        Err(missing @ (Error::NoDriver { .. } | Error::NoDevice { .. })) => {
            // It was asked for.
            eprintln!("{missing}\n{NEEDS_HARDWARE}");
            return ExitCode::FAILURE;
        }
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    match run(&session) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => {
            eprintln!("some answers are wrong: nothing was written");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs all workloads; whether all answers were right.
fn run(session: &Session) -> Result<bool, Box<dyn std::error::Error>> {
    let mut report = Report::new(session)?;
    println!("{}", report.head());
    for workload in workloads::WORKLOADS {
        for size in session.sizes(workload) {
            let measured = (workload.run)(session, size)?;
            let line = Line::new(session, workload, size, measured)?;
            println!("{line}");
            report.add(line);
        }
    }
    if report.is_right() && !session.is_simulated() {
        report.write()?;
    }
    Ok(report.is_right())
}
