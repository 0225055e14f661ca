//! The arguments of a generated function, what is checked of them when it is called, and the memory of its results: new
//! (`result`) or the caller's (`destination`).
//!
//! Types decide what can be decided: [`Points`], [`Parameter`] and [`Destination`] are implemented for rows of the right
//! dimension only.
//! Numbers of points are known at run time and checked by [`View`], [`same_rows`], [`at_least`] and [`numbered`] before
//! anything is computed or allocated.

mod argument;
mod check;
mod destination;
#[cfg(feature = "faer")]
mod faer;
#[cfg(feature = "half")]
mod half;
#[cfg(feature = "nalgebra")]
mod nalgebra;
#[cfg(feature = "ndarray")]
mod ndarray;
mod parameter;
mod result;
mod view;

pub use argument::Points;
pub use check::{Declaration, Demand, Index, Pairs, at_least, not_compiled, numbered, same_rows};
#[cfg(feature = "cuda")]
pub(crate) use destination::expect_len;
pub use destination::{Destination, FlatRows, Slot};
#[cfg(feature = "half")]
pub use half::Half;
pub use parameter::Parameter;
pub use result::{column, rows};
pub use view::View;
