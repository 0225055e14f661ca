//! The closed set of core operations. Everything else is a row of a table in [`crate::ops`] and expands to these.

use crate::ir::{ReductionId, VariableId};
use crate::number::Number;
use crate::ops::ScalarId;

/// A core operation. The dimension of the result is stored in the node, so an operation whose result length
/// is a choice (`Fill`, `Extract`, `Pad`, `OneHot`) takes it from there.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// A variable: an argument of the function, a seed of a gradient, or a value saved by an earlier stage.
    Variable(VariableId),
    /// A constant; dimension 1.
    Constant(Number),
    /// N, the number of points on the reduced side, as a number; dimension 1. (Mean is a sum over it.)
    Count,
    /// a + b + …, coordinate by coordinate; a term of dimension 1 is used for every coordinate.
    /// The order is the order of evaluation and is never changed: rounding depends on it.
    Add,
    /// a · b · …, broadcast like `Add`.
    Mul,
    /// fⁿ for an integer n other than 0 and 1; n = −1 is the reciprocal, so a / b is `Mul[a, Power(-1)[b]]`.
    Power(i32),
    /// A scalar function of the table in [`crate::ops::scalar()`], applied coordinate by coordinate, arguments broadcast.
    Map(ScalarId),
    /// The sum of the coordinates; dimension 1. (Not a reduction.)
    Sum,
    /// A number repeated; the argument has dimension 1. Adjoint of `Sum`.
    Fill,
    /// The arguments one after another.
    Concat,
    /// Coordinates `start, start + step, …`, as many as the node's dimension.
    Extract {
        /// First coordinate taken.
        start: usize,
        /// Distance between two coordinates taken, at least 1.
        step: usize,
    },
    /// The argument's coordinates placed at `start, start + step, …` of a vector of zeros. Adjoint of `Extract`.
    Pad {
        /// Where the first coordinate goes.
        start: usize,
        /// Distance between two places, at least 1.
        step: usize,
    },
    /// A tensor contraction of two arguments; see [`Contraction`].
    Contract(Contraction),
    /// The largest (or smallest) coordinate, NaN skipped; dimension 1.
    Extreme(Extreme),
    /// The position of the first largest (or smallest) coordinate, as a number; dimension 1.
    Position(Extreme),
    /// 1 at coordinate round(f), 0 elsewhere (all zeros if that is out of range); f has dimension 1.
    OneHot,
    /// The value of a reduction of this stage, in what follows the reduction. Dimension of the reduction's value.
    Reduced(ReductionId),
}

/// Which end of the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extreme {
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

/// Arguments a and b seen as row-major tensors of shapes `left` and `right`; axes `left_axes[k]` of a and
/// `right_axes[k]` of b are multiplied and summed over. The axes kept are those of a, then those of b, in order,
/// then permuted: axis k of the result is kept axis `order[k]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Contraction {
    /// The shape of a; the product is its dimension.
    pub left: Vec<usize>,
    /// The shape of b.
    pub right: Vec<usize>,
    /// Contracted axes of a.
    pub left_axes: Vec<usize>,
    /// Contracted axes of b, in the same order.
    pub right_axes: Vec<usize>,
    /// The order of the kept axes in the result, row-major.
    pub order: Vec<usize>,
}
