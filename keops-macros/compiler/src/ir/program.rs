//! A function as stages: each one pass over the pairs (or over chosen pairs), with what follows its reductions.

use crate::ast::Kind;
use crate::ir::{Dim, Extreme, Graph, NodeId};

/// A variable of the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableId(pub u32);

/// A reduction of the program (numbered over all stages).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ReductionId(pub u32);

/// One of the two index sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The points x_i.
    I,
    /// The points y_j.
    J,
}

impl Side {
    /// The other side.
    pub fn other(self) -> Side {
        match self {
            Side::I => Side::J,
            Side::J => Side::I,
        }
    }

    /// The kind of what has a row for each of its points.
    pub fn kind(self) -> Kind {
        match self {
            Side::I => Kind::I,
            Side::J => Kind::J,
        }
    }

    /// The letter of its index.
    pub fn letter(self) -> char {
        match self {
            Side::I => 'i',
            Side::J => 'j',
        }
    }
}

/// Something a formula reads.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name, unique in the program.
    pub name: String,
    /// One row per i, per j, or one for all.
    pub kind: Kind,
    /// Coordinates of a row.
    pub dim: Dim,
    /// Where the rows come from.
    pub source: Source,
}

/// Where a variable's rows come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Argument number k of the generated function (a gradient's seeds follow the formula's own arguments).
    Argument(usize),
    /// Output number `output` of an earlier stage, kept for this one.
    Saved {
        /// The stage.
        stage: usize,
        /// Its output.
        output: usize,
    },
    /// The point itself: its number, from 0, on the side that the variable's kind says.
    Number,
    /// No rows at all: a part of an accumulator, made by the loop stage.
    Internal,
}

/// A generated function, ready for the passes: a graph, the stages in execution order, and which outputs are returned.
#[derive(Clone, Debug)]
pub struct Program {
    /// The nodes of all stages.
    pub graph: Graph,
    /// The reductions of all stages, by [`ReductionId`].
    pub reductions: Vec<Reduction>,
    /// The stages; a later one may read what an earlier one saved.
    pub stages: Vec<Stage>,
    /// The results of the function, in the order returned.
    pub results: Vec<ResultSum>,
    /// Whether what is computed for each pair may take cheaper functions ([`Fast`](crate::ops::Fast)).
    pub fast_maths: bool,
}

impl Program {
    /// Whether a later stage visits the pairs that this output, a place in `stages` and its outputs, names.
    pub fn chooses(&self, output: (usize, usize)) -> bool {
        let visits = |s: &Stage| matches!(s.kind, StageKind::Gather { positions, .. } if positions == output);
        self.stages.iter().any(visits)
    }

    /// What the program names of its graph: what is reduced, and the outputs. All that it needs is made into these.
    pub fn roots(&self) -> Vec<NodeId> {
        let reduced = self.reductions.iter().flat_map(|r| [r.argument].into_iter().chain(r.weight));
        let outputs = self.stages.iter().flat_map(|s| &s.outputs).flat_map(|o| o.nodes.iter().copied());
        reduced.chain(outputs).collect()
    }

    /// Whether a variable has a row per point of this side. Parameters count as j.
    pub fn is_on(&self, variable: VariableId, side: Side) -> bool {
        (self.graph.variable(variable).kind == Kind::I) == (side == Side::I)
    }
}

/// A result of the function: the sum of these outputs, each given as (stage, output), all of one shape and kind.
/// It is a single output, but for gradients that take several passes: that of `Sum_j(a) * Min_j(b)` has one term that
/// comes from all pairs and one that comes from the chosen pairs. Never empty; an index result is never a sum.
pub type ResultSum = Vec<(usize, usize)>;

/// One reduction over the side that its stage does not keep.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reduction {
    /// Which.
    pub kind: ReductionKind,
    /// What is reduced: a value per pair.
    pub argument: NodeId,
    /// The weight of LogSumExp (optional) and SumSoftMaxWeight.
    pub weight: Option<NodeId>,
}

/// The reductions. Mean is a `Sum` divided by `Op::Count` and does not appear here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReductionKind {
    /// Σ f, per coordinate.
    Sum,
    /// log Σ exp f per coordinate; with a weight g (f of dimension 1): log Σ exp(f) g, per coordinate of g.
    LogSumExp,
    /// Σ exp(f) g / Σ exp(f), per coordinate of g; f has dimension 1.
    SumSoftMaxWeight,
    /// The largest or smallest f, per coordinate.
    Extreme(Extreme),
    /// The index of the first largest or smallest f, per coordinate.
    Position(Extreme),
    /// The k smallest (or largest) values of f, best first: k·d coordinates, k slow.
    Best {
        /// Which end.
        extreme: Extreme,
        /// How many.
        count: usize,
    },
    /// Their indices, in the same layout.
    BestPosition {
        /// Which end.
        extreme: Extreme,
        /// How many.
        count: usize,
    },
}

/// One pass.
#[derive(Clone, Debug)]
pub struct Stage {
    /// What kind of pass.
    pub kind: StageKind,
    /// The side that the results are indexed by; reductions run over the other.
    pub keep: Side,
    /// What is computed for each kept row.
    pub outputs: Vec<Output>,
}

impl Stage {
    /// Whether an output of this stage over chosen pairs is a row of each point that was chosen, and not of each that chose.
    pub fn is_of_chosen(&self, output: &Output, chosen_by: Side) -> bool {
        output.kind != OutputKind::Total && self.keep != chosen_by
    }
}

/// The kinds of pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StageKind {
    /// All pairs are visited; outputs are expressions of the reductions' values. A stage whose outputs hold no `Reduced`
    /// node visits no pairs: it is a loop over the kept rows.
    Reduce,
    /// Only chosen pairs are visited: for each row a of `chosen_by` and each coordinate k of the index output `positions`
    /// of an earlier stage, the pair of a and the row it names. For each such pair the value of `nodes[k]` is added to each
    /// output's kept row of that pair. (The gradient of Min, Max and KMin.) A position that names no row, because there was
    /// nothing to choose (only NaN, or fewer points than K), is skipped: it contributes nothing.
    Gather {
        /// The side whose rows did the choosing.
        chosen_by: Side,
        /// (stage, output) of the index output.
        positions: (usize, usize),
    },
}

/// A value per kept row (or summed over them).
#[derive(Clone, Debug)]
pub struct Output {
    /// For `Reduce`: an expression of `Reduced` nodes, kept-side variables, parameters and constants.
    /// For an index output: the `Reduced` node of a Position or BestPosition reduction itself.
    /// For `Gather`: one node per chosen coordinate k, the value of that pair.
    pub nodes: Vec<NodeId>,
    /// Coordinates.
    pub dim: Dim,
    /// What it is.
    pub kind: OutputKind,
}

/// The kinds of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OutputKind {
    /// One row of numbers per kept point.
    Rows,
    /// One row of indices per kept point.
    Indices,
    /// One row of numbers: the sum over the kept points (the gradient of a parameter).
    Total,
}
