//! One workload in all libraries, in turn.

use crate::library::{Library, Prepared, Role};
use keops_workloads::clock::{Effort, Times, process_seconds};
use keops_workloads::job::{Answer, Job};
use keops_workloads::{Goals, Workload};
use std::error::Error;
use std::fs;
use std::path::Path;

/// This library, in tables.
pub(crate) const OURS: &str = "this";
/// The loop by hand, in tables.
pub(crate) const BY_HAND: &str = "by hand";

/// What came of one library.
pub(crate) struct Row {
    /// The library.
    pub(crate) name: &'static str,
    /// How it counts; nothing for this library and the loop by hand.
    pub(crate) role: Option<Role>,
    /// CPU seconds of a run.
    pub(crate) times: Times,
    /// CPU seconds that its runs have taken.
    spent: f64,
    /// CPU seconds of the first run, with what it compiled.
    pub(crate) first: Option<f64>,
    /// How far the answer is off.
    pub(crate) error: f64,
    /// Why there is no time.
    pub(crate) failure: Option<String>,
}

/// What came of one workload.
pub(crate) struct Outcome {
    /// Its number.
    pub(crate) id: &'static str,
    /// What it is.
    pub(crate) title: String,
    /// Its pairs.
    pub(crate) pairs: f64,
    /// Runs measured together.
    pub(crate) calls: usize,
    /// What it is to reach.
    pub(crate) goals: Goals,
    /// Its place in a plot.
    pub(crate) at: f64,
    /// The libraries.
    pub(crate) rows: Vec<Row>,
}

impl Outcome {
    /// The row of a library.
    pub(crate) fn of(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// The least time of a library.
    pub(crate) fn least(&self, name: &str) -> Option<f64> {
        self.of(name)?.times.least()
    }

    /// The fastest library in one of these roles whose answer is right.
    pub(crate) fn best(&self, roles: &[Role]) -> Option<(&'static str, f64)> {
        let right =
            self.rows.iter().filter(|r| r.role.is_some_and(|role| roles.contains(&role)) && r.agrees());
        right.filter_map(|r| Some((r.name, r.times.least()?))).min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

impl Row {
    fn new(name: &'static str, role: Option<Role>, error: f64) -> Row {
        Row { name, role, times: Times::default(), spent: 0.0, first: None, error, failure: None }
    }

    fn runs_again(&self, effort: &Effort) -> bool {
        self.failure.is_none() && effort.runs_again(self.times.count(), self.spent)
    }

    /// Adds a run of this many CPU seconds, which has taken `spent`.
    fn push(&mut self, seconds: f64, spent: f64) {
        self.times.push(seconds);
        self.spent += spent;
    }

    /// What is wrong with it where that makes the comparison worthless: this library's answer, or that there is none of a
    /// library that should have one. Answers of others that are wrong are told in the table, and count for nothing.
    pub(crate) fn complaint(&self) -> Option<String> {
        match &self.failure {
            Some(why) => Some(format!("{} failed: {why}", self.name)),
            None if self.name == OURS && !self.agrees() => {
                Some(format!("{OURS} is wrong: its error is {:.0e}", self.error))
            }
            None => None,
        }
    }

    /// Whether the answer is right: matrix products in single precision lose three digits, and no more.
    pub(crate) fn agrees(&self) -> bool {
        self.error < 5e-3
    }
}

/// Runs a workload in this library, by hand, and in all others, in turn.
pub(crate) fn measure(
    workload: &Workload,
    libraries: &mut [Library],
    folder: &Path,
    effort: Effort,
) -> Result<Outcome, Box<dyn Error>> {
    let job = workload.job();
    let data = folder.join("data");
    write_arrays(&job, &data)?;

    let calls = workload.calls;
    let mut rows = vec![Row::new(OURS, None, (job.error)(&(job.ours)()))];
    if job.naive.is_some() {
        // By definition: the reference is the same loop in f64. Its f32 sums are not judged.
        rows.push(Row::new(BY_HAND, None, 0.0));
    }
    let mut running = vec![];
    for (place, library) in libraries.iter_mut().enumerate().filter(|(_, library)| !library.resting) {
        let mut row = Row::new(library.name, Some(library.role), f64::NAN);
        match library.prepare(workload.kind, &data, calls) {
            Prepared::Absent => continue,
            Prepared::Failed(why) => row.failure = Some(why),
            Prepared::Done { seconds, numpy } => {
                row.first = Some(seconds);
                let bytes = fs::read(data.join(format!("{}.out", library.module)))?;
                row.error =
                    Answer::from_bytes(&bytes, &numpy).map_or(f64::NAN, |answer| (job.error)(&answer));
                running.push((place, rows.len()));
            }
        }
        rows.push(row);
    }

    for _ in 0..effort.rounds {
        if rows[0].runs_again(&effort) {
            let (seconds, _) = process_seconds(|| (0..calls).for_each(|_| drop((job.ours)())));
            rows[0].push(seconds / calls as f64, seconds);
        }
        if let Some((naive, times_as_many)) = job.naive.as_ref().filter(|_| rows[1].runs_again(&effort)) {
            let (seconds, _) = process_seconds(|| (0..calls).for_each(|_| drop(naive())));
            rows[1].push(seconds / calls as f64 * times_as_many, seconds);
        }
        for &(library, row) in &running {
            let row = &mut rows[row];
            if row.runs_again(&effort) {
                match libraries[library].run() {
                    Ok(seconds) => row.push(seconds, seconds * calls as f64),
                    Err(error) => row.failure = Some(error.to_string()),
                }
            }
        }
    }
    Ok(Outcome {
        id: workload.id,
        title: workload.title.clone(),
        pairs: workload.pairs,
        calls,
        goals: workload.goals,
        at: workload.at,
        rows,
    })
}

/// Writes the arguments as raw numbers, with a list of their names, types and sizes.
fn write_arrays(job: &Job, folder: &Path) -> Result<(), Box<dyn Error>> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let mut list = String::new();
    for array in &job.arrays {
        fs::write(folder.join(format!("{}.bin", array.name)), &array.bytes)?;
        list.push_str(&format!("{} {} {} {}\n", array.name, array.numpy, array.rows(), array.dim));
    }
    fs::write(folder.join("arrays.txt"), list)?;
    Ok(())
}
