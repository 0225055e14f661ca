//! How far a pass over the pairs is, and whether it goes on.

use crate::error::Error;
use crate::options::Options;
use crate::ranges::pairs;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Counts the pairs that have been visited, and asks the progress function of a call.
pub(super) struct Watch<'a> {
    options: Options<'a>,
    all: u64,
    visited: AtomicU64,
    cancelled: AtomicBool,
}

impl<'a> Watch<'a> {
    /// For a pass over so many pairs.
    pub(super) fn new(options: Options<'a>, all: u64) -> Self {
        Watch { options, all, visited: AtomicU64::new(0), cancelled: AtomicBool::new(false) }
    }

    /// Whether there is nothing more to do.
    pub(super) fn is_over(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Takes note of pairs that have been visited.
    pub(super) fn visited(&self, rows: usize, columns: usize) {
        let Some(progress) = self.options.progress else { return };
        let pairs = pairs(rows, columns);
        if pairs == 0 || self.is_over() {
            return;
        }
        let visited = self.visited.fetch_add(pairs, Ordering::Relaxed).saturating_add(pairs);
        if progress(visited as f64 / self.all as f64).is_break() {
            self.cancelled.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the pass has been made.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub(super) fn end(&self) -> Result<(), Error> {
        if self.is_over() { Err(Error::Cancelled) } else { Ok(()) }
    }
}
