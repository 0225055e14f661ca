//! IR to IR, in the order in which a function goes through it; after each, what holds.

/// The same values from fewer and cheaper operations: no operation has constants alone, sums and products have each term once.
pub mod simplify;
/// Leaves out what no result depends on: every stage, reduction and node serves a result.
pub mod prune;
/// The gradient of a function, as a function, which is simplified and goes on from here like the function itself.
pub mod differentiate;
/// Factors of squared distances moved into the coordinates, where the function allows it: no such distance has a factor.
pub mod scaled_distances;
/// Squared distances as |x|² + |y|² − 2 x·y, where the function allows it: none is a sum of squared differences.
pub mod dot_products;
/// Whether pairs have anything that a cheaper function could compute, for functions that allow it. Changes nothing.
pub mod fast_maths;
/// Which reductions near pairs decide, for functions that ask for it. Changes nothing.
pub mod neighbours;
mod sides;
#[cfg(test)]
mod testing;
