//! The reductions' accumulators: identity, update, merge and value, on lanes of rows.
//!
//! An accumulator lives in a *state*: a few numbers per row, number s of lane l at `s * stride + l`. While a tile of
//! columns is worked on it is held in registers.

//!
//! Updates run in the pair loop, on any instruction set, and are inlined into it. Identities and merges are the same for
//! all formulas that keep the same accumulators, which a formula gives as data. Values run once per row, on the baseline
//! set that needs no inlining; they are not inlined, so that no formula is compiled with them.

pub mod accumulator;
pub mod best;
pub mod exp_sum;
pub mod sum;

#[cfg(test)]
mod tests;
