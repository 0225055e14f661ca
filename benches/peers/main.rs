//! This library beside others on the same work, in one run: what `cargo xtask bench` calls.
//!
//! ```text
//! cargo bench --bench peers                 # all; writes benches/RESULTS.md and the plots beside it
//! cargo bench --bench peers -- W1 W5        # some workloads, printed only
//! ```
//!
//! The other libraries are installed into a Python environment below `target/bench` and run in processes of their own,
//! one for each, which wait while another runs. What is compared is CPU time, summed over threads.

mod library;
mod measure;
mod plot;
mod python;
mod report;

use library::Library;
use measure::{Outcome, measure};
use std::error::Error;
use std::path::Path;
use std::time::Instant;
use std::{env, fs};

/// CPU seconds, the first run included, after which a library is not run again on one workload.
const ENOUGH: f64 = 6.0;
/// Rounds, in each of which every library runs once.
const ROUNDS: usize = 5;
/// The same for the plots.
const ENOUGH_IN_PLOTS: f64 = 2.0;
const ROUNDS_IN_PLOTS: usize = 3;
/// CPU seconds of a run above which a library is left out of larger sizes.
const TOO_SLOW: f64 = 10.0;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("target/bench");
    // cargo itself passes `--bench`.
    let wanted: Vec<String> = env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    let start = Instant::now();
    let load = report::load();

    let interpreter = python::environment(&folder)?;
    let mut libraries = Library::start_all(&interpreter, &root.join("benches/peers/python"), &folder);
    let chosen =
        |id: &str| wanted.is_empty() || wanted.iter().any(|w| w == id || id.starts_with(&format!("{w} ")));

    let mut outcomes = vec![];
    for workload in keops_workloads::workloads().iter().filter(|w| chosen(w.id)) {
        let outcome = measure(workload, &mut libraries, &folder, ROUNDS, ENOUGH)?;
        println!("{}", report::lines(&outcome));
        outcomes.push(outcome);
    }
    if !wanted.is_empty() {
        return Ok(());
    }

    let sizes = curve(keops_workloads::by_size(), &mut libraries, &folder)?;
    let dimensions = curve(keops_workloads::by_dimension(), &mut libraries, &folder)?;
    let ended: Vec<&str> = libraries.iter().filter(|l| l.ended).map(|l| l.name).collect();
    if !ended.is_empty() {
        return Err(
            format!("{} ended during the run: benches/RESULTS.md is not written", ended.join(", ")).into()
        );
    }
    let benches = root.join("benches");
    plot::draw(&benches.join("time_by_size.svg"), "Gaussian sum, D = 3, f32", "N = M", &sizes)?;
    plot::draw(&benches.join("time_by_dimension.svg"), "Gaussian sum, M = N = 5000, f32", "D", &dimensions)?;
    let minutes = start.elapsed().as_secs() / 60;
    fs::write(benches.join("RESULTS.md"), report::document(&outcomes, &libraries, &load, minutes)?)?;
    println!("written: benches/RESULTS.md, benches/time_by_size.svg, benches/time_by_dimension.svg");
    Ok(())
}

/// Measures a series of workloads that grow, leaving out what has become too slow.
fn curve(
    series: Vec<keops_workloads::Workload>,
    libraries: &mut [Library],
    folder: &Path,
) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let mut outcomes: Vec<Outcome> = vec![];
    for workload in series {
        let outcome = measure(&workload, libraries, folder, ROUNDS_IN_PLOTS, ENOUGH_IN_PLOTS)?;
        println!("{}", report::lines(&outcome));
        for library in libraries.iter_mut() {
            let slow = outcome.of(library.name).and_then(|r| r.times.least()).is_some_and(|t| t > TOO_SLOW);
            library.resting |= slow;
        }
        outcomes.push(outcome);
    }
    libraries.iter_mut().for_each(|library| library.resting = false);
    Ok(outcomes)
}
