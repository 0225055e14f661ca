//! This library beside others on the same work, in one run: what `cargo xtask bench` calls.
//!
//! ```text
//! cargo bench --bench peers                 # all; writes benches/RESULTS.md and the plots beside it
//! cargo bench --bench peers -- W1 W4        # some workloads, here W1, W1 f64 and W4a to W4d, printed only
//! ```
//!
//! The other libraries are installed into a Python environment below `target/bench` and run in processes of their own,
//! one for each, which wait while another runs. What is compared is CPU time, summed over threads.

mod library;
mod measure;
mod plot;
mod python;
mod report;

use keops_workloads::clock::Effort;
use keops_workloads::{Workload, chosen};
use library::Library;
use measure::{Outcome, Row, measure};
use std::error::Error;
use std::path::Path;
use std::time::Instant;
use std::{env, fs};

/// On the workloads, as the method in the report says.
const EFFORT: Effort = Effort { rounds: 5, enough: 6.0, few: 3, most: 15.0 };
/// On those of the plots.
const EFFORT_IN_PLOTS: Effort = Effort { rounds: 3, enough: 2.0, few: 2, most: 10.0 };
/// CPU seconds of a run above which a library is left out of larger sizes.
const TOO_SLOW: f64 = 10.0;

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("target/bench");
    // cargo itself passes `--bench`.
    let wanted: Vec<String> = env::args().skip(1).filter(|a| a != "--bench").collect();
    let workloads = chosen(&wanted)?;
    let start = Instant::now();
    let load = report::load();

    let interpreter = python::environment(&folder)?;
    let mut libraries = Library::start_all(&interpreter, &root.join("benches/peers/python"), &folder);
    let missing = library::missing(&libraries);
    if wanted.is_empty() && !missing.is_empty() {
        return Err(format!("{} cannot be had: a whole run needs all libraries", missing.join(", ")).into());
    }

    let mut outcomes = vec![];
    for workload in &workloads {
        let outcome = measure(workload, &mut libraries, &folder, EFFORT)?;
        println!("{}", report::lines(&outcome));
        outcomes.push(outcome);
    }
    if !wanted.is_empty() {
        return accept(&outcomes);
    }

    let sizes = curve(keops_workloads::by_size(), &mut libraries, &folder)?;
    let dimensions = curve(keops_workloads::by_dimension(), &mut libraries, &folder)?;
    for outcomes in [&outcomes, &sizes, &dimensions] {
        accept(outcomes).map_err(|error| format!("{error}: benches/RESULTS.md is not written"))?;
    }
    let benches = root.join("benches");
    plot::draw(&benches.join("time_by_size.svg"), "Gaussian sum, D = 3, f32", "N = M", &sizes)?;
    plot::draw(&benches.join("time_by_dimension.svg"), "Gaussian sum, M = N = 5000, f32", "D", &dimensions)?;
    let minutes = start.elapsed().as_secs() / 60;
    fs::write(benches.join("RESULTS.md"), report::document(&outcomes, &libraries, &load, minutes)?)?;
    println!("written: benches/RESULTS.md, benches/time_by_size.svg, benches/time_by_dimension.svg");
    Ok(())
}

/// An error that says which answers are missing or wrong.
fn accept(outcomes: &[Outcome]) -> Result<(), Box<dyn Error>> {
    let complaints = |outcome: &Outcome| -> Vec<String> {
        let of_rows = outcome.rows.iter().filter_map(Row::complaint);
        of_rows.map(|complaint| format!("{}, {}: {complaint}", outcome.id, outcome.title)).collect()
    };
    let complaints: Vec<String> = outcomes.iter().flat_map(complaints).collect();
    if complaints.is_empty() { Ok(()) } else { Err(complaints.join("; ").into()) }
}

/// Measures a series of workloads that grow, leaving out what has become too slow.
fn curve(
    series: Vec<Workload>,
    libraries: &mut [Library],
    folder: &Path,
) -> Result<Vec<Outcome>, Box<dyn Error>> {
    let mut outcomes: Vec<Outcome> = vec![];
    for workload in series {
        let outcome = measure(&workload, libraries, folder, EFFORT_IN_PLOTS)?;
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
