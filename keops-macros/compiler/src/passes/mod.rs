//! IR to IR.

/// The gradient of a function, as a function.
pub mod differentiate;
/// Leaves out what no result depends on.
pub mod prune;
