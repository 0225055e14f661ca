//! The open tables: one row per operation. From a row follow the parser's names, did-you-mean, dimensions, gradients,
//! the generated code, the documentation page and the tests over all rows.

mod arithmetic;
pub mod calculus;
mod complex;
mod constant;
mod dims;
pub mod document;
mod fast;
mod matrix;
mod recurrence;
pub mod reduction;
pub(crate) mod scalar;
mod shape;
mod sign;
#[cfg(test)]
mod testing;
mod usage;
mod vector;

pub use arithmetic::{is_comparison, power};
pub use constant::{constant_value, fold};
pub use fast::{Fast, Processor, QUOTIENT, RECIPROCAL};
pub use scalar::{mask, named, scalar, scalars};
pub use sign::{sign, sign_with};
pub use usage::{Wanted, usage};

use crate::ir::{Dim, Graph, NodeId};
use scalar::{apply, choose};
use std::collections::HashMap;
use std::sync::LazyLock;

/// A row of the table of scalar functions ([`scalar()`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScalarId(pub u16);

/// A function of one to three numbers, applied coordinate by coordinate; arguments of dimension 1 broadcast.
pub struct ScalarFunction {
    /// Its name in formulas, KeOps's where KeOps has it.
    pub name: &'static str,
    /// Further names, the LazyTensor spelling first.
    pub aliases: &'static [&'static str],
    /// The names of its arguments, as in the documentation.
    pub arguments: &'static [&'static str],
    /// One sentence: the mathematics, and the value at special points.
    pub doc: &'static str,
    /// The function that computes it: of `keops::math::Functions` on the processor, of `keops::math` in `kernels/cuda` on
    /// a device.
    pub rust: &'static str,
    /// Arithmetic instructions for a vector of `f32` with AVX2, counted in machine code: for the cost model of loops, which
    /// cuts the pair loop before long functions.
    pub cost: usize,
    /// What stands in for it in formulas marked `#[fast_maths]`, where anything is cheaper.
    pub fast: Option<Fast>,
    /// What is known of the sign of its value.
    pub sign: Sign,
    /// ∂f/∂(argument k) at the given arguments, as a node; `None` where it is zero everywhere.
    pub derivative: fn(&mut Graph, args: &[NodeId], k: usize) -> Option<NodeId>,
    /// For each argument, an interval inside the domain where tests draw their points.
    pub domain: &'static [(f64, f64)],
    /// Special points: arguments, value, and derivative in each argument (NaN where none is promised).
    pub edges: &'static [Edge],
    /// The function itself in f64, for tests and for folding constants.
    pub reference: fn(&[f64]) -> f64,
}

/// A special point of a scalar function.
pub struct Edge {
    /// The arguments.
    pub at: &'static [f64],
    /// The value there.
    pub value: f64,
    /// The derivative in each argument, as the formula's `Grad` must give it; NaN where nothing is promised.
    pub slope: &'static [f64],
}

/// What is known of a sign, whatever the arguments (NaN aside).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// ≥ 0
    NonNegative,
    /// ≤ 0
    NonPositive,
    /// Nothing.
    Any,
}

/// A named operation: an expansion into core operations and scalar functions.
pub struct Operation {
    /// Its name in formulas, KeOps's where KeOps has it.
    pub name: &'static str,
    /// Further names, the LazyTensor spelling first.
    pub aliases: &'static [&'static str],
    /// What it takes, in order. As a method, the receiver is the first.
    pub operands: &'static [(&'static str, Slot)],
    /// One sentence: the mathematics first, then shapes.
    pub doc: &'static str,
    /// A use of it over `x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, u_i: Vi<4>, v_j: Vj<4>, a_j: Vj<9>, s: Pm<1>, p: Pm<3>`
    /// (u, v as two complex numbers), for the documentation and the tests over all rows.
    pub example: &'static str,
    /// The expansion, or what is wrong with the operands' dimensions.
    pub expand: fn(&mut Graph, &[Operand]) -> Result<NodeId, Wrong>,
}

/// What an operand of a named operation may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// A formula.
    Formula,
    /// An integer literal (possibly negative).
    Integer,
    /// An integer literal that may be left out, with its default.
    IntegerOr(i64),
    /// A formula that may be left out, with the integer that is meant then.
    FormulaOr(i64),
    /// A bracket list of natural numbers, `[2, 3]`.
    List,
    /// A bracket list that may be left out.
    OptionalList,
    /// One or more formulas; last.
    Formulas,
}

/// An operand as given.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A formula's node.
    Value(NodeId),
    /// An integer.
    Integer(i64),
    /// A list; `None` if it was left out.
    List(Option<Vec<usize>>),
}

impl Operand {
    /// The node of a formula operand.
    ///
    /// # Panics
    /// If it is none: the checker matches operands against the row's slots first.
    pub fn value(&self) -> NodeId {
        match self {
            Operand::Value(node) => *node,
            other => unreachable!("{other:?} is no formula"),
        }
    }

    /// The value of an integer operand (panics like [`Operand::value`]).
    pub fn integer(&self) -> i64 {
        match self {
            Operand::Integer(n) => *n,
            other => unreachable!("{other:?} is no integer"),
        }
    }

    /// The list of a list operand (panics like [`Operand::value`]).
    pub fn list(&self) -> Option<&[usize]> {
        match self {
            Operand::List(list) => list.as_deref(),
            other => unreachable!("{other:?} is no list"),
        }
    }
}

/// Why operands do not fit; numbers are positions of operands. The sentence is made in [`crate::message`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Two operands have different dimensions and neither is 1.
    Broadcast(usize, usize),
    /// Two operands must have the same dimension.
    Equal(usize, usize),
    /// The operand must have dimension 1.
    NotScalar(usize),
    /// The operand must have the dimension stated; the text says why (`"the square of the dimension of x"`).
    Must(usize, Dim, &'static str),
    /// The operand's dimension must be a multiple of the dimension stated.
    Multiple(usize, Dim),
    /// The operand's dimension must be even: complex numbers are pairs (re, im).
    Odd(usize),
    /// The operation is not there for operands of this length; the text is the rule.
    Length(usize, &'static str),
    /// The integer operand is outside the range (first, last) stated.
    Range(usize, i64, i64),
    /// The integer operand is 0, and something is divided by it.
    Zero(usize),
    /// The shape given as list operand `list` does not multiply to the dimension of operand `value`.
    Shape {
        /// The list operand.
        list: usize,
        /// The formula operand whose coordinates it should arrange.
        value: usize,
    },
    /// It depends on the number of coordinates of an operand, which is a dimension parameter: only instances can tell.
    Unknown,
    /// The list of axes, or the number of coordinates, does not fit; the text says how.
    Axes(usize, &'static str),
}

/// What a name means.
#[derive(Clone, Copy)]
pub enum Entry {
    /// A scalar function.
    Scalar(ScalarId),
    /// A named operation.
    Named(&'static Operation),
}

/// Rows that belong together.
struct Family<R: 'static> {
    /// The heading over them in the documentation.
    title: &'static str,
    /// What is to be known of all of them, in Markdown; empty if nothing is.
    about: &'static str,
    rows: &'static [R],
}

/// The named operations by family.
static FAMILIES: [Family<Operation>; 6] = [
    Family { title: "Arithmetic and constants", about: "", rows: arithmetic::ROWS },
    Family { title: "Sums, norms, distances", about: "", rows: vector::ROWS },
    Family { title: "Coordinates", about: "", rows: shape::ROWS },
    Family { title: "Matrices and tensors", about: "", rows: matrix::ROWS },
    Family { title: "Recurrences", about: "", rows: recurrence::ROWS },
    Family { title: "Complex numbers", about: complex::ABOUT, rows: complex::ROWS },
];

/// All named operations.
pub fn operations() -> impl Iterator<Item = &'static Operation> {
    FAMILIES.iter().flat_map(|family| family.rows)
}

/// What a name or an alias means, in exactly this spelling.
pub fn lookup(name: &str) -> Option<Entry> {
    ENTRIES.get(name).copied()
}

/// All names and aliases of scalar functions and named operations, for suggestions.
pub fn names() -> impl Iterator<Item = &'static str> {
    ENTRIES.keys().copied()
}

static ENTRIES: LazyLock<HashMap<&'static str, Entry>> = LazyLock::new(|| spellings().collect());

/// Every spelling with its meaning, in the order of the tables.
fn spellings() -> impl Iterator<Item = (&'static str, Entry)> {
    let scalars = scalars().map(|(id, row)| (row.name, row.aliases, Entry::Scalar(id)));
    let named = operations().map(|row| (row.name, row.aliases, Entry::Named(row)));
    scalars.chain(named).flat_map(|(name, aliases, entry)| {
        std::iter::once(name).chain(aliases.iter().copied()).map(move |spelling| (spelling, entry))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_spelling_has_one_meaning() {
        let mut seen = HashSet::new();
        for (spelling, _) in spellings() {
            assert!(seen.insert(spelling), "{spelling} has two meanings");
            assert!(lookup(spelling).is_some());
        }
        assert_eq!(names().collect::<HashSet<_>>(), seen);
        assert!(lookup("SQDIST").is_none());
    }

    #[test]
    fn the_names_of_keops_and_of_its_lazy_tensors_are_known() {
        let keops = "Add Subtract Mult Divide Minus Inv Square Pow Powf Sqrt Rsqrt Scalprod Exp Log XLogX Sin Cos SinXDivX \
            Asin Acos Atan Atan2 Abs Sign Step ReLU Floor Round Clamp ClampInt DiffClampInt IfElse Mod Equal NotEqual LessThan \
            LessOrEqual Sum SumT Max Min ArgMax ArgMin Elem ElemT Extract ExtractT Concat OneHot SqNorm2 Norm2 Normalize SqDist \
            SqNormIso SqNormDiag SymSqNorm WeightedSqNorm WeightedSqDist MatVecMult VecMatMult TensorProd TensorDot Kron \
            Real2Complex Imag2Complex ComplexReal ComplexImag ComplexAbs ComplexSquareAbs ComplexAngle Conj ComplexExp \
            ComplexExp1j ComplexAdd ComplexSubtract ComplexMult ComplexDivide ComplexRealScal ComplexSum ComplexSumT \
            BSpline SoftDTW_SqDist IntCst RatCst IntInv Zero";
        let lazy = "abs exp log xlogx cos sin sinxdivx sinc asin acos atan atan2 sqrt rsqrt power square sign step relu clamp \
            ifelse mod round sqnorm2 norm2 norm normalize sqdist weightedsqnorm weightedsqdist elem extract one_hot concat \
            matvecmult vecmatmult tensorprod keops_tensordot keops_kron real2complex imag2complex exp1j real imag angle conj \
            sum min max argmin argmax bspline softdtw_sqdist";
        for name in keops.split_whitespace().chain(lazy.split_whitespace()) {
            assert!(lookup(name).is_some(), "{name}");
        }
    }

    #[test]
    fn rows_are_complete() {
        for row in operations() {
            assert!(row.doc.ends_with('.') || row.doc.ends_with(".)"), "{}", row.name);
            assert!(row.example.contains(row.name), "{}", row.name);
            let slots: Vec<Slot> = row.operands.iter().map(|(_, slot)| *slot).collect();
            assert!(!slots.is_empty(), "{}", row.name);
            // What may be left out, or is a list without end, stands last.
            for slot in &slots[..slots.len() - 1] {
                assert!(matches!(slot, Slot::Formula | Slot::Integer | Slot::List), "{}", row.name);
            }
        }
    }
}
