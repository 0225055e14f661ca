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

    /// The sum.
    pub fn total(&self) -> f64 {
        self.0.iter().sum()
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
        assert_eq!((times.least(), times.median(), times.total()), (Some(1.0), Some(3.0), 20.0));
    }

    #[test]
    fn work_takes_cpu_time_and_waiting_does_not() {
        let work = || (0..20_000_000u64).fold(0, |sum: u64, k| std::hint::black_box(sum.wrapping_add(k * k)));
        let (working, _) = thread_seconds(work);
        let (waiting, ()) = thread_seconds(|| std::thread::sleep(std::time::Duration::from_millis(50)));
        assert!(working > 0.002 && waiting < 0.01, "{working} s of work, {waiting} s of waiting");
    }
}
