//! AST to IR: what every name means, how many coordinates every value has, which index it depends on, what is
//! reduced and over which index, and whether the results are those declared.
//!
//! All errors of a function are collected. An expression that is already in error has no meaning (`None`) and
//! whatever is built on it is silent, so one mistake is one error.

mod calculus;
mod dims;
mod expression;
mod instances;
mod names;
mod operands;
mod quote;
mod reduction;
mod results;
#[cfg(test)]
mod tests;

pub use instances::{Instance, instances, of_instance};

use crate::ast::{self, Dimension, Kind, Place};
use crate::error::Errors;
use crate::ir::{Dim, Graph, NodeId, Op, Program, Reduction, ReductionId, Side, Source, Variable};
use crate::message;
use names::{Origin, Scope};

/// The largest number of operations that a formula may come to when everything is expanded.
const LARGEST_FORMULA: usize = 20_000;

/// The largest number of operations that may be made on the way there, so that many calls cannot each use the limit.
const LARGEST_GRAPH: usize = 100_000;

/// A function that means something.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The formula as one `Reduce` stage; output k is the declared result k. Bindings that are not used may have
    /// left nodes and reductions in it that nothing needs.
    pub program: Program,
    /// The numbers of the arguments whose gradients `#[grad]` asks for, in the order asked.
    pub gradients: Vec<usize>,
    /// The results: those declared, or, if there is no declaration, those that the formula gives.
    pub results: Vec<ast::ResultType>,
    /// Where each reduction of the program is written, with its text for messages.
    pub written: Vec<(String, Place)>,
}

/// Checks one function. `None` if it has errors, which are then in `errors` (or were reported by the parser).
///
/// If it has dimension parameters, what is checked is what holds for all their values: two of them are different
/// dimensions. Then `None` may also mean that something depends on the values, so that only instances can be checked.
pub fn function(function: &ast::Function, errors: &mut Errors) -> Option<Checked> {
    let mut checker = Checker::new(function, errors);
    checker.declared_side(function);
    let gradients = checker.gradients(function);
    let results = checker.body(function);
    checker.finish(function, gradients?, results?)
}

/// What an expression stands for.
#[derive(Clone, Copy, Debug)]
enum Meaning {
    /// Numbers, to compute with.
    Value(Value),
    /// The index numbers that an `Arg…` reduction gives: a result, and nothing else.
    Indices(Value),
    /// Values and their indices, from `Min_ArgMin_j` and the like: two results, and nothing else.
    Pair(Value, Value),
    /// The sum over all pairs of the value, from `Sum_ij`: a `Pm` result, and nothing else.
    Total(Value),
}

/// A node, and the argument that it has its length from, if one can be named.
#[derive(Clone, Copy, Debug)]
struct Value {
    node: NodeId,
    length_of: Option<usize>,
}

/// A value with the expression that gave it, for messages.
#[derive(Clone, Copy)]
struct Given<'a> {
    expr: &'a ast::Expr,
    value: Value,
}

/// Which rows the results have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keep {
    /// One row per point of this side; reductions run over the other.
    Rows(Side),
    /// One row in all: sums over both indices.
    Total,
    /// Nothing is declared, and there was no reduction so far: the first one decides.
    Open,
    /// Several sides were declared, which has been reported: no reduction is held against it.
    Unknown,
}

/// On which points a value depends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Uses {
    i: bool,
    j: bool,
    /// Whether it holds the value of a reduction.
    reduced: bool,
}

impl Uses {
    fn on(self, side: Side) -> bool {
        match side {
            Side::I => self.i,
            Side::J => self.j,
        }
    }
}

/// A reduction whose argument is being read.
#[derive(Clone, Debug)]
struct Outer<'a> {
    /// Its name as written.
    name: String,
    /// The whole of it.
    place: Place,
    /// What is reduced.
    argument: &'a ast::Expr,
    /// The index of a sum over one.
    sum_over: Option<Side>,
    /// Whether there is another reduction in it, which has been reported.
    holds_another: bool,
}

/// The state of checking one function.
struct Checker<'a> {
    errors: &'a mut Errors,
    arguments: &'a [ast::Argument],
    scope: Scope<'a>,
    keep: Keep,
    /// The reduction that has decided which rows the results have, where that is not declared.
    decided_by: Option<String>,
    graph: Graph,
    reductions: Vec<Reduction>,
    /// Where each of them is written first, with its text for messages.
    written: Vec<(String, Place)>,
    /// The reduction whose argument is being read.
    inside: Option<Outer<'a>>,
    /// On what the nodes made so far depend, by [`NodeId`].
    uses: Vec<Uses>,
    /// Whether something is wrong, reported here or by the parser.
    failed: bool,
    /// Whether [`LARGEST_GRAPH`] was exceeded, which is reported once.
    too_large: bool,
}

impl<'a> Checker<'a> {
    fn new(function: &'a ast::Function, errors: &'a mut Errors) -> Self {
        let mut checker = Checker {
            errors,
            arguments: &function.arguments,
            scope: Scope::default(),
            keep: Keep::Unknown,
            decided_by: None,
            graph: Graph::default(),
            reductions: vec![],
            written: vec![],
            inside: None,
            uses: vec![],
            failed: false,
            too_large: false,
        };
        for (number, argument) in function.arguments.iter().enumerate() {
            let name = argument.name.to_string();
            let meaning = argument.dim.as_ref().map(|dim| {
                let dim = length(dim);
                let source = Source::Argument(number);
                let node =
                    checker.graph.declare(Variable { name: name.clone(), kind: argument.kind, dim, source });
                Meaning::Value(Value { node, length_of: Some(number) })
            });
            checker.failed |= meaning.is_none();
            checker.scope.bind(&argument.name, Origin::Argument, meaning);
        }
        for parameter in &function.dimensions {
            // Its value is a number that instances know.
            checker.scope.bind(&parameter.name, Origin::Argument, None);
        }
        checker
    }

    fn error(&mut self, place: Place, message: String) {
        self.failed = true;
        self.errors.push(place, message);
    }

    /// Whether so many more operations can be made.
    fn room_for(&mut self, place: Place, more: usize) -> Option<()> {
        let size = self.graph.len().saturating_add(more);
        if size <= LARGEST_GRAPH {
            return Some(());
        }
        if !self.too_large {
            self.too_large = true;
            self.error(place, message::names::formula_too_large(size, LARGEST_GRAPH));
        }
        None
    }

    /// On what a node depends.
    fn uses(&mut self, node: NodeId) -> Uses {
        // Arguments of a node have smaller numbers, so one sweep over the new nodes is enough.
        for id in self.uses.len()..self.graph.len() {
            let id = NodeId(id as u32);
            let mut uses = match self.graph.op(id) {
                Op::Variable(v) => {
                    let kind = self.graph.variable(*v).kind;
                    Uses { i: kind == Kind::I, j: kind == Kind::J, reduced: false }
                }
                Op::Reduced(_) => Uses { reduced: true, ..Uses::default() },
                _ => Uses::default(),
            };
            for argument in self.graph.args(id) {
                let of_argument = self.uses[argument.0 as usize];
                uses.i |= of_argument.i;
                uses.j |= of_argument.j;
                uses.reduced |= of_argument.reduced;
            }
            self.uses.push(uses);
        }
        self.uses[node.0 as usize]
    }

    /// The value of a reduction: the one there is already if it has been asked for before. It is written as this text at this
    /// place.
    fn reduced(&mut self, reduction: Reduction, dim: Dim, written: (String, Place)) -> NodeId {
        let number = self.reductions.iter().position(|r| *r == reduction).unwrap_or_else(|| {
            self.reductions.push(reduction);
            self.written.push(written);
            self.reductions.len() - 1
        });
        self.graph.intern(Op::Reduced(ReductionId(number as u32)), vec![], dim)
    }
}

/// A number of coordinates, as it is computed with.
fn length(dim: &Dimension) -> Dim {
    match dim {
        Dimension::Number(number) => Dim::literal(*number),
        Dimension::Parameter(name) => Dim::parameter(&name.to_string()),
    }
}
