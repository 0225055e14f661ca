//! The tables.

use crate::library::{Library, Role};
use crate::measure::{BY_HAND, OURS, Outcome};
use std::error::Error;
use std::fmt::Write;
use std::process::Command;
use std::{fs, thread};

/// Cores that the pairs per second are given for, as in the goals.
const CORES: f64 = 2.0;

const METHOD: &str = "\
Written by `cargo xtask bench`. Every library works on the same data in the same run: in each round each runs once, in
turn, and waits while another runs. Times are CPU times, summed over threads: the least of the *runs*, with the median
in brackets. Runs end with the fifth, or when they have taken 6 s of CPU time, but not before the third unless they have
taken 15 s. Pairs per second are for two cores, 2·M·N / CPU time. *first* is the CPU time of a call before them, with
what is compiled for it: all, in a new run, but what an earlier workload has had compiled. *error* is the largest, over
40 rows, against the formula in `f64`, relative to the largest value; for indices the largest difference of a squared
distance from the one that belongs in its place, relative to that; for W9, whose pairs are those of one step, the
residual. *by hand* is a loop in a loop in Rust on one thread, timed on every few rows. The data are standard normal.
KeOps tuned has `-march=native -ffast-math` and, for sums, `direct_sum`; SciPy has k-d trees, which are built in the
time given, and a Cholesky solution.
";

/// A workload's table.
pub(crate) fn lines(outcome: &Outcome) -> String {
    let mut text = format!("### {}: {}\n\n", outcome.id, outcome.title);
    let _ = writeln!(text, "| | CPU ms | runs | pairs/s | this library is faster | first, s | error |");
    let _ = writeln!(text, "|---|---:|---:|---:|---:|---:|---:|");
    let ours = outcome.least(OURS);
    for row in &outcome.rows {
        if let Some(why) = &row.failure {
            let _ = writeln!(text, "| {} | failed: {} | | | | | |", row.name, why.replace('|', "/"));
            continue;
        }
        let (Some(least), Some(median), Some(ours)) = (row.times.least(), row.times.median(), ours) else {
            continue;
        };
        let first = row.first.map_or(String::new(), |s| format!("{s:.2}"));
        let wrong = if row.agrees() { "" } else { " wrong" };
        let error = if row.name == BY_HAND { String::new() } else { format!("{:.0e}{wrong}", row.error) };
        let _ = writeln!(
            text,
            "| {} | {} ({}) | {} | {:.2e} | {} | {first} | {error} |",
            row.name,
            milliseconds(least),
            milliseconds(median),
            row.times.count(),
            CORES * outcome.pairs / least,
            if row.name == OURS { String::new() } else { format!("{}×", digits(least / ours)) },
        );
    }
    text
}

fn milliseconds(seconds: f64) -> String {
    digits(1e3 * seconds)
}

/// Three digits or so.
fn digits(x: f64) -> String {
    match x {
        x if x >= 100.0 => format!("{x:.0}"),
        x if x >= 10.0 => format!("{x:.1}"),
        x if x >= 0.1 => format!("{x:.2}"),
        x => format!("{x:.4}"),
    }
}

/// The whole document.
pub(crate) fn document(
    outcomes: &[Outcome],
    libraries: &[Library],
    load: &str,
    minutes: u64,
) -> Result<String, Box<dyn Error>> {
    let mut text = format!("# The workloads in this library and in others\n\n{METHOD}\n");
    let versions: Vec<String> = libraries.iter().map(|l| format!("{} {}", l.name, l.version)).collect();
    writeln!(
        text,
        "- {}, commit {}",
        command("date", &["+%F"]),
        command("git", &["rev-parse", "--short", "HEAD"])
    )?;
    let set = keops::simd::Level::detect().name();
    writeln!(
        text,
        "- {}, {} threads; this library works on {set}",
        processor(),
        thread::available_parallelism()?
    )?;
    writeln!(text, "- {}; {}", command("rustc", &["--version"]), versions.join(", "))?;
    writeln!(
        text,
        "- load average when it began {load}, when it ended {}; {minutes} minutes\n",
        self::load()
    )?;
    text.push_str(&summary(outcomes)?);
    text.push_str(
        "\n![time by number of points](time_by_size.svg)\n![time by dimension](time_by_dimension.svg)\n\n",
    );
    for outcome in outcomes {
        writeln!(text, "{}", lines(outcome))?;
    }
    Ok(text)
}

/// All workloads at a glance, with the goals.
fn summary(outcomes: &[Outcome]) -> Result<String, Box<dyn Error>> {
    let mut text = String::from(
        "| | | pairs/s | × KeOps | goal | × best peer | goal | × pruning | × by hand |\n\
         |---|---|---:|---:|---:|---:|---:|---:|---:|\n",
    );
    for outcome in outcomes {
        let Some(ours) = outcome.least(OURS) else { continue };
        let ratio = |name: &str| outcome.least(name).map(|t| t / ours);
        let best = |roles: &[Role]| outcome.best(roles).map(|(name, t)| (name, t / ours));
        let keops = best(&[Role::KeOps]).map(|(_, r)| r);
        let peer = best(&[Role::Peer]);
        writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
            outcome.id,
            outcome.title,
            reached(CORES * outcome.pairs / ours, outcome.goals.speed),
            keops.map_or(String::new(), digits),
            goal(keops, outcome.goals.keops),
            peer.map_or(String::new(), |(name, r)| format!("{} ({name})", digits(r))),
            goal(peer.map(|(_, r)| r), outcome.goals.peer),
            best(&[Role::Pruning]).map_or(String::new(), |(_, r)| digits(r)),
            ratio(BY_HAND).map_or(String::new(), digits),
        )?;
    }
    let call = outcomes.iter().find(|o| o.calls > 1).and_then(|o| o.least(OURS));
    if let Some(seconds) = call {
        writeln!(text, "\nOne call of W8 takes {:.2} µs (goal: 2 µs).", 1e6 * seconds)?;
    }
    Ok(text)
}

fn reached(speed: f64, goal: Option<f64>) -> String {
    match goal {
        Some(goal) => format!("{speed:.2e} of {goal:.2e}"),
        None => format!("{speed:.2e}"),
    }
}

fn goal(ratio: Option<f64>, goal: Option<f64>) -> String {
    match (ratio, goal) {
        (Some(ratio), Some(goal)) => {
            format!("{goal} {}", if ratio >= goal { "reached" } else { "not reached" })
        }
        (None, Some(goal)) => format!("{goal}"),
        (_, None) => String::new(),
    }
}

fn command(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|o| String::from_utf8_lossy(&o.stdout).trim().to_owned()).unwrap_or_default();
    if text.is_empty() { "unknown".to_owned() } else { text }
}

/// The name of the processor.
fn processor() -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    model.map_or_else(|| "unknown processor".to_owned(), |(_, name)| name.to_owned())
}

/// The load averages over one, five and fifteen minutes.
pub(crate) fn load() -> String {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let averages: Vec<&str> = text.split(' ').take(3).collect();
    if averages.len() == 3 { averages.join(", ") } else { "unknown".to_owned() }
}
