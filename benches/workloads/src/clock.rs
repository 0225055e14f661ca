//! CPU time, since wall time says little on a busy machine: an interrupted program only waits.

use cpu_time::{ProcessTime, ThreadTime};

/// The CPU seconds that all threads of this process spend in `run`, and its result.
pub fn process_seconds<R>(run: impl FnOnce() -> R) -> (f64, R) {
    let start = ProcessTime::now();
    let result = run();
    (start.elapsed().as_secs_f64(), result)
}

/// The CPU seconds that this thread spends in `run`, and its result.
pub fn thread_seconds<R>(run: impl FnOnce() -> R) -> (f64, R) {
    let start = ThreadTime::now();
    let result = run();
    (start.elapsed().as_secs_f64(), result)
}

/// Measurements of one thing.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<f64>);

impl Times {
    /// Adds a measurement.
    pub fn push(&mut self, seconds: f64) {
        self.0.push(seconds);
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The least: what the work takes when nothing else disturbs the caches and the clock rate.
    pub fn least(&self) -> Option<f64> {
        self.0.iter().copied().min_by(f64::total_cmp)
    }

    /// The median (the upper one of an even number).
    pub fn median(&self) -> Option<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied()
    }
}

/// How often something is measured.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Runs, where they are short.
    pub rounds: usize,
    /// CPU seconds after which there are no more than `few`.
    pub enough: f64,
    /// Runs of what takes long.
    pub few: usize,
    /// CPU seconds after which there are no more.
    pub most: f64,
}

impl Effort {
    /// Whether it runs again after so many runs, which have taken so many CPU seconds.
    pub fn runs_again(&self, runs: usize, spent: f64) -> bool {
        runs == 0 || runs < self.few && spent < self.most || runs < self.rounds && spent < self.enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_and_median() {
        let mut times = Times::default();
        assert_eq!((times.least(), times.median()), (None, None));
        for seconds in [3.0, 1.0, 2.0, 9.0, 5.0] {
            times.push(seconds);
        }
        assert_eq!((times.least(), times.median()), (Some(1.0), Some(3.0)));
    }

    #[test]
    fn what_takes_long_runs_less_often() {
        let effort = Effort { rounds: 5, enough: 6.0, few: 3, most: 15.0 };
        let runs = |seconds: f64| {
            (0..).find(|&runs| !effort.runs_again(runs, runs as f64 * seconds)).expect("runs come to an end")
        };
        let expected =
            [(0.001, 5), (1.4, 5), (1.8, 4), (3.5, 3), (7.0, 3), (8.0, 2), (14.0, 2), (15.0, 1), (99.0, 1)];
        for (seconds, count) in expected {
            assert_eq!(runs(seconds), count, "of {seconds} s");
        }
    }

    #[test]
    fn work_takes_cpu_time_and_waiting_does_not() {
        let work = || (0..20_000_000u64).fold(0, |sum: u64, k| std::hint::black_box(sum.wrapping_add(k * k)));
        let (working, _) = thread_seconds(work);
        let (waiting, ()) = thread_seconds(|| std::thread::sleep(std::time::Duration::from_millis(50)));
        assert!(working > 0.002 && waiting < 0.01, "{working} s of work, {waiting} s of waiting");
    }
}
