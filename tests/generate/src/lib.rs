//! Random formulas for differential tests: well-typed, inside their domains, in all spellings.
//!
//! [`formula()`] writes the text of a function from a seed. Every piece of text knows an interval that holds its values,
//! so that logarithms get positive numbers and exponentials do not overflow.

mod expression;
mod formula;
mod project;
mod scalars;
mod term;
mod vectors;

pub use formula::{Argument, Formula, Gradient, Kind, formula, formula_with_gradient, formula_with_numbers};
pub use project::{Check, Project};
