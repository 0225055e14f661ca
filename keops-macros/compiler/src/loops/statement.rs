//! The steps of a loop program, and the places they read and write.

use super::{Index, LoopVar};
use crate::ir::{Extreme, VariableId};
use crate::number::Number;

/// A value per pair (or row, column, call), for one coordinate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Temp(pub u32);

/// A place in a bank of numbers per call, row or column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The coordinates of a variable.
    Variable(VariableId),
    /// N as a number (parameters only).
    Count,
    /// Hoisted value number n of the bank.
    Hoisted(usize),
}

/// Where a coordinate is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// The bank of the call: parameters and what depends on them alone.
    Parameter(Slot),
    /// The bank of the row at hand (while columns are hoisted: of the column).
    Bank(Slot),
    /// A column's variable, in the pair loop.
    Column(VariableId),
    /// Hoisted value number n of the column, in the pair loop.
    ColumnHoisted(usize),
    /// Cut number n: a value of the pair kept from an earlier part of the loop.
    Cut(usize),
    /// A local array.
    Array(usize),
    /// The reference (no less than the largest so far, made finite) of an accumulator of exponents.
    Reference(usize),
    /// A part of an accumulator's value, after the reduction.
    Accumulated(usize, Part),
}

/// The parts of an accumulator's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Part {
    /// The sum, the rescaled sum, or the best value.
    Value,
    /// ln 2 · reference + log of a rescaled sum.
    LogSum,
    /// The values of a sorted list.
    ListValues,
    /// The indices of a sorted list.
    ListIndices,
}

/// How a coordinate is computed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// A constant.
    Constant(Number),
    /// A loop index as a number.
    IndexNumber(Index),
    /// A coordinate of a place.
    Read(Place, Index),
    /// a
    Copy(Temp),
    /// a + b
    Add(Temp, Temp),
    /// a − b
    Sub(Temp, Temp),
    /// a · b
    Mul(Temp, Temp),
    /// a / b
    Div(Temp, Temp),
    /// a · b + c
    MulAdd(Temp, Temp, Temp),
    /// c − a · b
    NegMulAdd(Temp, Temp, Temp),
    /// −a
    Neg(Temp),
    /// aⁿ
    Power(Temp, i32),
    /// The better of a new and the best so far, a NaN in the new one skipped.
    Better(Extreme, Temp, Temp),
    /// x where a is strictly better than b, y elsewhere.
    SelectBetter(Extreme, Temp, Temp, Temp, Temp),
    /// A scalar function of the runtime.
    Call(&'static str, Vec<Temp>),
    /// x if the index is one of `start, start + step, …` (`len` of them), y elsewhere.
    PickIndex {
        /// The index tested.
        index: Index,
        /// First hit.
        start: usize,
        /// Distance of hits.
        step: usize,
        /// Number of hits.
        len: usize,
        /// The value at a hit.
        hit: Temp,
        /// The value elsewhere.
        miss: Temp,
    },
}

impl Expr {
    /// The values that it is made of.
    pub fn temps(&self) -> Vec<Temp> {
        match self {
            Expr::Constant(_) | Expr::IndexNumber(_) | Expr::Read(..) => vec![],
            Expr::Copy(a) | Expr::Neg(a) | Expr::Power(a, _) => vec![*a],
            Expr::Add(a, b) | Expr::Sub(a, b) | Expr::Mul(a, b) | Expr::Div(a, b) | Expr::Better(_, a, b) => {
                vec![*a, *b]
            }
            Expr::MulAdd(a, b, c) | Expr::NegMulAdd(a, b, c) => vec![*a, *b, *c],
            Expr::SelectBetter(_, a, b, x, y) => vec![*a, *b, *x, *y],
            Expr::Call(_, args) => args.clone(),
            Expr::PickIndex { hit, miss, .. } => vec![*hit, *miss],
        }
    }
}

/// A step of a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// A new value.
    Let(Temp, Expr),
    /// A new value that is set again.
    Var(Temp, Expr),
    /// Sets a `Var`.
    Set(Temp, Expr),
    /// Repeats the body for each coordinate number below `count`.
    Loop {
        /// The coordinate number.
        variable: LoopVar,
        /// How many.
        count: usize,
        /// The body.
        body: Vec<Statement>,
    },
    /// A new local array.
    Array {
        /// Its number.
        array: usize,
        /// Its length.
        len: usize,
    },
    /// Writes a coordinate of a local array.
    StoreArray {
        /// The array.
        array: usize,
        /// The coordinate.
        index: Index,
        /// The value.
        value: Temp,
    },
    /// Writes a coordinate of hoisted value n of the bank at hand.
    StoreHoisted {
        /// The hoisted value.
        hoisted: usize,
        /// The coordinate.
        index: Index,
        /// The value.
        value: Temp,
    },
    /// Keeps a value of the pair for a later part of the loop.
    StoreCut {
        /// The cut.
        cut: usize,
        /// The value.
        value: Temp,
    },
    /// Offers a value with its column's number to the sorted list of a coordinate.
    Insert {
        /// The accumulator.
        accumulator: usize,
        /// Which list of the phase.
        list: usize,
        /// The value.
        value: Temp,
    },
    /// Writes a coordinate of an output.
    StoreOutput {
        /// The output.
        output: usize,
        /// The coordinate.
        index: Index,
        /// The value.
        value: Temp,
    },
}

impl Statement {
    /// The values that it reads (or sets), those in the bodies of loops included.
    pub fn temps(&self) -> Vec<Temp> {
        match self {
            Statement::Let(_, expr) | Statement::Var(_, expr) => expr.temps(),
            Statement::Set(t, expr) => [expr.temps(), vec![*t]].concat(),
            Statement::Loop { body, .. } => body.iter().flat_map(Statement::temps).collect(),
            Statement::Array { .. } => vec![],
            Statement::StoreArray { value, .. }
            | Statement::StoreHoisted { value, .. }
            | Statement::StoreCut { value, .. }
            | Statement::Insert { value, .. }
            | Statement::StoreOutput { value, .. } => vec![*value],
        }
    }
}
