//! A loop program: banks, accumulators, phases.

use super::search::Neighbours;
use super::{Index, LoopVar, Slot, Statement, Temp};
use crate::ir::{Extreme, NodeId, OutputKind, Side, VariableId};
use std::collections::BTreeSet;

/// What a phase does with its local accumulators after its loop over the columns.
#[derive(Clone, Debug, PartialEq)]
pub enum Tail {
    /// Adds the sum of the tile to the total of a coordinate.
    AddSum {
        /// The accumulator.
        accumulator: usize,
        /// The coordinate.
        index: Index,
        /// The tile's sum.
        value: Temp,
    },
    /// Stores the best value of a coordinate.
    StoreBest {
        /// The accumulator.
        accumulator: usize,
        /// The coordinate.
        index: Index,
        /// The value.
        value: Temp,
    },
    /// Raises the reference of a coordinate in whole steps, to no less than the largest exponent of the tile.
    Raise {
        /// The accumulator of exponents.
        accumulator: usize,
        /// The coordinate.
        index: Index,
        /// The tile's largest exponent.
        value: Temp,
    },
}

impl Tail {
    /// The local accumulator.
    pub fn value(&self) -> Temp {
        let (Tail::AddSum { value, .. } | Tail::StoreBest { value, .. } | Tail::Raise { value, .. }) = self;
        *value
    }
}

/// One loop over the columns of a tile.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Phase {
    /// A loop over groups of output coordinates around it all: variable and number of groups.
    pub groups: Option<(LoopVar, usize)>,
    /// Before the loop over the columns: what does not depend on the column.
    pub head: Vec<Statement>,
    /// Sorted lists loaded before the loop and stored after it: (accumulator, coordinate).
    pub lists: Vec<(usize, Index)>,
    /// For each column.
    pub body: Vec<Statement>,
    /// Whether columns go together, as many as the processor has registers for (only cuts are written then).
    pub blocked: bool,
    /// After the loop.
    pub tail: Vec<Tail>,
}

/// Numbers per call, row or column: what is read, then what is hoisted.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Bank {
    /// What is read, with its length.
    pub inputs: Vec<(Slot, usize)>,
    /// What is hoisted: the graph node and its length.
    pub hoisted: Vec<(NodeId, usize)>,
    /// How the hoisted values are computed.
    pub code: Vec<Statement>,
}

impl Bank {
    /// The position of a slot's first coordinate.
    pub fn offset(&self, slot: Slot) -> usize {
        let before = |n: usize| self.hoisted[..n].iter().map(|(_, len)| len).sum::<usize>();
        match slot {
            Slot::Hoisted(n) => self.inputs_len() + before(n),
            _ => self.inputs.iter().take_while(|(s, _)| *s != slot).map(|(_, len)| len).sum(),
        }
    }

    /// Numbers that are read.
    pub fn inputs_len(&self) -> usize {
        self.inputs.iter().map(|(_, len)| len).sum()
    }

    /// Numbers that are hoisted.
    pub fn hoisted_len(&self) -> usize {
        self.hoisted.iter().map(|(_, len)| len).sum()
    }

    /// All numbers.
    pub fn len(&self) -> usize {
        self.inputs_len() + self.hoisted_len()
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty() && self.hoisted.is_empty()
    }
}

/// An accumulator per row.
#[derive(Clone, Debug, PartialEq)]
pub struct Accumulator {
    /// What it keeps.
    pub kind: AccumulatorKind,
    /// The value per pair that it takes.
    pub value: NodeId,
    /// Its coordinates.
    pub dim: usize,
}

/// The kinds of accumulators.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AccumulatorKind {
    /// Σ
    Sum,
    /// A reference no less than the largest of base-2 exponents so far, this variable of the graph.
    Exponent {
        /// The reference.
        reference: VariableId,
    },
    /// Σ of values that carry a factor 2^(exponent − reference).
    ScaledSum {
        /// The accumulator of the exponents.
        exponent: usize,
    },
    /// The best value.
    Best(Extreme),
    /// The `count` best values with their column numbers.
    List {
        /// Which end.
        extreme: Extreme,
        /// How many.
        count: usize,
    },
}

impl AccumulatorKind {
    /// Numbers of state per coordinate.
    pub fn state(self) -> usize {
        match self {
            AccumulatorKind::Sum | AccumulatorKind::ScaledSum { .. } => 2,
            AccumulatorKind::Exponent { .. } | AccumulatorKind::Best(_) => 1,
            AccumulatorKind::List { count, .. } => 2 * count,
        }
    }
}

/// An output of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutputSlot {
    /// Coordinates.
    pub dim: usize,
    /// Rows, indices or a total.
    pub kind: OutputKind,
}

/// One pass over all pairs.
#[derive(Clone, Debug, PartialEq)]
pub struct Kernel {
    /// The side of the rows.
    pub keep: Side,
    /// Numbers per call.
    pub parameters: Bank,
    /// Numbers per row.
    pub rows: Bank,
    /// Numbers per column, for what is hoisted to columns.
    pub columns: Bank,
    /// Column variables that the pair loop reads, with their dimensions.
    pub column_variables: Vec<(VariableId, usize)>,
    /// Those among the variables of the banks that are numbers of points: they are made where the banks are filled, not read.
    pub numbers: Vec<VariableId>,
    /// The accumulators.
    pub accumulators: Vec<Accumulator>,
    /// The loops over a tile's columns, in order.
    pub phases: Vec<Phase>,
    /// Values kept between phases.
    pub cuts: usize,
    /// What follows the reduction, for each row.
    pub finish: Vec<Statement>,
    /// The outputs.
    pub outputs: Vec<OutputSlot>,
    /// What says which pairs are visited, if not all are.
    pub neighbours: Option<Neighbours>,
    /// Row vectors worked on together: 1 or 2.
    pub vectors: usize,
    /// Whether the instance for the baseline instruction set, which takes few rows, has columns in its lanes.
    pub columns_in_lanes: bool,
    /// Instructions per vector of pairs, roughly.
    pub cost: usize,
    /// Why it is as it is, one line per decision.
    pub notes: Vec<String>,
}

impl Kernel {
    /// The variables of points that are read from memory.
    pub fn variables(&self) -> BTreeSet<VariableId> {
        let banks = [&self.rows, &self.columns];
        let of_banks = banks.iter().flat_map(|b| &b.inputs).filter_map(|(slot, _)| match slot {
            Slot::Variable(v) => Some(*v),
            Slot::Count | Slot::Hoisted(_) => None,
        });
        let all = of_banks.chain(self.column_variables.iter().map(|(v, _)| *v));
        all.filter(|v| !self.numbers.contains(v)).collect()
    }

    /// Whether a row's number of columns is read.
    pub fn reads_counts(&self) -> bool {
        self.rows.inputs.iter().any(|(slot, _)| *slot == Slot::Count)
    }

    /// Where a variable's first coordinate is among the numbers that the pair loop reads of a column.
    pub fn column_offset(&self, variable: VariableId) -> usize {
        let before = self.column_variables.iter().take_while(|(v, _)| *v != variable);
        before.map(|(_, dim)| dim).sum()
    }

    /// How many coordinates the pair loop reads of a column.
    pub fn column_len(&self) -> usize {
        self.column_variables.iter().map(|(_, dim)| dim).sum()
    }

    /// The position of an accumulator's state.
    pub fn state_offset(&self, accumulator: usize) -> usize {
        self.accumulators[..accumulator].iter().map(|a| a.kind.state() * a.dim).sum()
    }

    /// Numbers of state per row.
    pub fn state_len(&self) -> usize {
        self.state_offset(self.accumulators.len())
    }
}

/// A pass over chosen pairs: for coordinate k of the choice, the statements that add to the kept row.
#[derive(Clone, Debug, PartialEq)]
pub struct Gather {
    /// Numbers per call.
    pub parameters: Bank,
    /// For each coordinate of the choice, the numbers added.
    pub choices: Vec<Vec<Statement>>,
    /// Variables read, with their dimensions.
    pub variables: Vec<(VariableId, usize)>,
    /// The numbers of the two points, where they are asked for.
    pub numbers: Vec<VariableId>,
    /// Numbers added per pair.
    pub output: usize,
}

impl Gather {
    /// A kernel without reductions that has its banks and its output: its statements print like what follows a reduction.
    pub(crate) fn as_kernel(&self) -> Kernel {
        Kernel {
            keep: Side::I,
            parameters: self.parameters.clone(),
            rows: Bank::default(),
            columns: Bank::default(),
            column_variables: self.variables.clone(),
            numbers: self.numbers.clone(),
            accumulators: vec![],
            phases: vec![],
            cuts: 0,
            finish: vec![],
            outputs: vec![OutputSlot { dim: self.output, kind: OutputKind::Rows }],
            neighbours: None,
            vectors: 1,
            columns_in_lanes: false,
            cost: 0,
            notes: vec![],
        }
    }
}
