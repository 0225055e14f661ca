//! IR to IR.

/// The gradient of a function, as a function.
pub mod differentiate;
/// The same values from fewer and cheaper operations.
pub mod simplify;
/// Leaves out what no result depends on.
pub mod prune;
/// Which reductions near pairs decide, for functions that ask for it.
pub mod neighbours;
/// Whether pairs have anything that a cheaper function could compute, for functions that allow it.
pub mod fast_maths;
mod sides;
/// Factors of squared distances moved into the coordinates, where the function allows it.
pub mod scaled_distances;
/// Squared distances as |x|² + |y|² − 2 x·y, where the function allows it.
pub mod dot_products;
#[cfg(test)]
mod testing;
