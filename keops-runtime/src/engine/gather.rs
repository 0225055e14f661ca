//! A pass over chosen pairs only: the gradients of Min, Max and KMin, which go to the pairs that won.

use crate::real::Real;
use crate::simd::{Rows, Single};

/// A pass over chosen pairs, as generated from a formula.
pub trait Gather<T: Real> {
    /// Numbers added per chosen pair.
    const OUTPUTS: usize;
    /// The numbers that coordinate `k` of the choice adds for the pair of row `chooser` and row `chosen`.
    fn pair<P: Rows<Elem = T>>(
        &self,
        token: P::Token,
        k: usize,
        chooser: usize,
        chosen: usize,
        outputs: &mut [T],
    );
}

/// Which rows receive the sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatherSides {
    /// The rows that did the choosing.
    Chooser,
    /// The rows chosen.
    Chosen,
    /// One row for all.
    Total,
}

/// For each row a of `positions` (`dim` per row) and each k, adds [`Gather::pair`] of (a, the row named) into the kept
/// row. Positions out of range (nothing was chosen) add nothing. Sums are kept in `f64`.
///
/// Visiting order is by row, then k: the same bits always. There are M·K pairs only, so one thread does.
pub fn gather<T: Real, G: Gather<T>>(
    formula: &G,
    positions: &[usize],
    dim: usize,
    chosen_rows: usize,
    keep: GatherSides,
    sums: &mut [T],
) {
    let mut value = vec![T::default(); G::OUTPUTS];
    let mut totals = vec![0.0f64; sums.len()];
    for (chooser, choice) in positions.chunks_exact(dim.max(1)).enumerate() {
        for (k, &chosen) in choice.iter().enumerate().filter(|(_, p)| **p < chosen_rows) {
            formula.pair::<T::Vector<Single>>(Single, k, chooser, chosen, &mut value);
            let row = match keep {
                GatherSides::Chooser => chooser,
                GatherSides::Chosen => chosen,
                GatherSides::Total => 0,
            };
            for (total, v) in totals[row * G::OUTPUTS..].iter_mut().zip(&value) {
                *total += v.to_f64();
            }
        }
    }
    for (sum, total) in sums.iter_mut().zip(totals) {
        *sum = T::from_f64(total);
    }
}
