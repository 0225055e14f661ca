//! The table, and the file.

use crate::session::{Session, Size};
use crate::workloads::{Measured, Workload};
use keops_driver::device::driver_version;
use keops_workloads::limits::{Budgets, Limit};
use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::path::Path;
use std::process::Command;
use std::{env, fs};

const BUDGETS: &str = include_str!("../../kernels/budgets/BUDGETS.md");

const INTRODUCTION: &str = "\
# Kernels on a CUDA device

Written by `KEOPS_TEST_REAL_GPU=1 cargo xtask cuda bench`. A time is that of one call with its points on the device, taken by
the device between two events of a stream: the median of 7 rounds of as many calls as fill 50 ms, after 0.3 s of work.

The *limit* is the most pairs per second that the device could do at its highest clock rate: its multiprocessors issue four
instructions for 32 threads each in a cycle (*issue*; instructions per pair are those of
[kernels/budgets/BUDGETS.md](../kernels/budgets/BUDGETS.md) for the nearest device there), compute so many sums and products
(*f32*, *f64*), and approximate 16 exponentials (*special*); the one that is used up first is told, with the limit of
*special* beside it. Neither waiting nor what is not in the loop over pairs is in a limit, and a call with few rows may be
shorter than what the processor takes to give it to the device. *Difference* is the largest from the same in `f64` on the
processor, in parts of the largest answer of 48 rows.
";

const HEAD: &str = "\
| formula | scalar | M | N | ms | 10⁹ pairs/s | limit | by | of the limit | limit of special | instructions a pair | difference |
|---|---|---:|---:|---:|---:|---:|---|---:|---:|---:|---:|";

/// A row of the table.
pub(crate) struct Line {
    title: &'static str,
    scalar: &'static str,
    size: Size,
    measured: Measured,
    instructions: f64,
    limit: Limit,
    special: Limit,
}

impl Line {
    /// # Errors
    /// If the formula is not in the table of budgets.
    pub(crate) fn new(
        session: &Session,
        workload: &Workload,
        size: Size,
        measured: Measured,
    ) -> Result<Line, Box<dyn Error>> {
        let Workload { title, formula, scalar, arithmetic, .. } = *workload;
        let found = Budgets::read(BUDGETS).instructions(formula, scalar, &session.card);
        let (instructions, _) = found.ok_or_else(|| format!("{formula}, {scalar} has no budget"))?;
        let limit = session.card.limit(instructions, arithmetic);
        let [.., special] = session.card.limits(instructions, arithmetic);
        Ok(Line { title, scalar, size, measured, instructions, limit, special })
    }

    fn is_right(&self) -> bool {
        self.measured.difference <= self.measured.tolerance
    }
}

impl Display for Line {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Line { title, scalar, size: Size { rows, columns }, measured, instructions, limit, special } =
            self;
        let Measured { seconds, difference, tolerance } = *measured;
        let speed = *rows as f64 * *columns as f64 / seconds;
        let special = if special.pairs.is_finite() { billions(special.pairs) } else { "–".to_owned() };
        let wrong =
            if self.is_right() { String::new() } else { format!(" **WRONG**, above {tolerance:.1e}") };
        write!(
            f,
            "| {title} | {scalar} | {rows} | {columns} | {:.3} | {} | {} | {} | {:.0} % | {special} | \
             {instructions:.2} | {difference:.1e}{wrong} |",
            1e3 * seconds,
            billions(speed),
            billions(limit.pairs),
            limit.by,
            100.0 * speed / limit.pairs,
        )
    }
}

fn billions(pairs: f64) -> String {
    let number = pairs / 1e9;
    if number >= 100.0 { format!("{number:.0}") } else { format!("{number:.2}") }
}

/// All that was measured.
pub(crate) struct Report {
    device: String,
    lines: Vec<Line>,
}

impl Report {
    /// # Errors
    /// Those of the driver.
    pub(crate) fn new(session: &Session) -> Result<Report, Box<dyn Error>> {
        let name = session.device.name()?;
        let (major, minor) =
            driver_version().map_err(|failure| format!("{}: {}", failure.call(), failure.text()))?;
        let card = session.card;
        let warning = if session.is_simulated() { ": SIMULATED, no time means anything" } else { "" };
        let device = format!(
            "{name}, sm_{}, {} multiprocessors at {:.0} MHz, driver {}of CUDA {major}.{minor}{warning}",
            card.capability,
            card.multiprocessors,
            card.clock / 1e6,
            kernel_driver().map(|version| format!("{version} ")).unwrap_or_default(),
        );
        Ok(Report { device, lines: vec![] })
    }

    /// What stands above the rows.
    pub(crate) fn head(&self) -> String {
        format!("{}\n\n{HEAD}", self.device)
    }

    pub(crate) fn add(&mut self, line: Line) {
        self.lines.push(line);
    }

    pub(crate) fn is_right(&self) -> bool {
        self.lines.iter().all(Line::is_right)
    }

    /// Writes `benches/DEVICE.md`.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(crate) fn write(&self) -> Result<(), Box<dyn Error>> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/DEVICE.md");
        fs::write(&path, self.document())?;
        println!("\nwritten: {}", path.display());
        Ok(())
    }

    fn document(&self) -> String {
        let lines: String = self.lines.iter().map(|line| format!("{line}\n")).collect();
        let commit = command("git", &["rev-parse", "--short", "HEAD"]);
        format!("{INTRODUCTION}\n{}, commit {commit}: {}\n{lines}", command("date", &["+%F"]), self.head())
    }
}

/// The version of the driver itself, where the system tells it.
fn kernel_driver() -> Option<String> {
    let text = fs::read_to_string("/proc/driver/nvidia/version").ok()?;
    let is_version = |word: &&str| word.contains('.') && word.chars().all(|c| c.is_ascii_digit() || c == '.');
    text.split_whitespace().find(is_version).map(str::to_owned)
}

/// The first line that a command prints, or what is said where there is none.
fn command(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().filter(|line| !line.is_empty()).unwrap_or("unknown").to_owned()
}
