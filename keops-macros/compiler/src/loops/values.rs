//! From a coordinate of a node to statements: pulled from the result, placed in the outermost loop where all they read
//! is known.

use super::accumulators::{Accumulators, literal};
use super::cost::HOISTED_ON_DEVICE;
use super::kernel::Bank;
use super::levels::{Level, Levels};
use super::phases::Phases;
use super::{Expr, Index, LoopVar, Part, Place, Slot, Statement, Target, Temp, UNROLLED};
use crate::ir::{Graph, NodeId, Op, Source, VariableId};
use std::collections::{HashMap, HashSet};

/// Where code is generated for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Context {
    /// Once per call.
    Parameters,
    /// Once per row.
    Rows,
    /// Once per column.
    Columns,
    /// For each pair, in this phase.
    Pair(usize),
    /// Once per row, after the reduction.
    Finish,
    /// For one chosen pair: what depends on its points is computed in place.
    Chosen,
}

/// A block being filled: outside all loops, or the body of one.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    pub(super) variable: Option<LoopVar>,
    pub(crate) statements: Vec<Statement>,
    pub(super) nodes: HashMap<(NodeId, Index), Temp>,
    exprs: HashMap<Expr, Temp>,
}

/// The generator of statements.
pub(crate) struct Values<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) levels: &'a mut Levels,
    pub(crate) accumulators: Option<&'a Accumulators>,
    pub(crate) phases: Option<&'a Phases>,
    /// What the loop program is made for.
    pub(crate) target: Target,
    /// Whether the formula allows cheaper functions.
    pub(crate) fast: bool,
    pub(crate) context: Context,
    pub(crate) scopes: Vec<Scope>,
    depths: HashMap<Temp, usize>,
    temps: u32,
    loops: u32,
    pub(super) arrays: usize,
    /// Numbers in all of them.
    pub(super) in_arrays: usize,
    /// How many nodes a value is an argument of, and how many accumulators and outputs it is the value of.
    pub(super) uses: HashMap<NodeId, usize>,
    /// What contractions read several times, once for each kept index of the other argument.
    pub(super) repeated: HashSet<NodeId>,
    pub(crate) parameters: Bank,
    pub(crate) rows: Bank,
    pub(crate) columns: Bank,
    pub(crate) column_variables: Vec<(VariableId, usize)>,
    /// Values kept between phases: (node, coordinate).
    pub(crate) cuts: Vec<(NodeId, usize)>,
}

impl<'a> Values<'a> {
    pub(crate) fn new(graph: &'a Graph, levels: &'a mut Levels, roots: &[NodeId]) -> Self {
        let mut uses = HashMap::new();
        let arguments = graph.reachable(roots).into_iter().flat_map(|id| graph.args(id));
        for &used in roots.iter().chain(arguments) {
            *uses.entry(used).or_insert(0) += 1;
        }
        let repeated = repeated(graph, roots);
        Values {
            graph,
            levels,
            accumulators: None,
            phases: None,
            target: Target::Host,
            fast: false,
            context: Context::Parameters,
            scopes: vec![],
            depths: HashMap::new(),
            temps: 0,
            loops: 0,
            arrays: 0,
            in_arrays: 0,
            uses,
            repeated,
            parameters: Bank::default(),
            rows: Bank::default(),
            columns: Bank::default(),
            column_variables: vec![],
            cuts: vec![],
        }
    }

    /// Starts a block: the outermost scope and, in the pair loop, the scope of the loop over columns.
    pub(crate) fn begin(&mut self, context: Context, group: Option<LoopVar>) {
        self.context = context;
        self.scopes = vec![Scope { variable: group, ..Scope::default() }];
        if matches!(context, Context::Pair(_)) {
            self.scopes.push(Scope::default());
        }
    }

    /// Ends it: the statements of each scope.
    pub(crate) fn end(&mut self) -> Vec<Vec<Statement>> {
        std::mem::take(&mut self.scopes).into_iter().map(|s| s.statements).collect()
    }

    pub(crate) fn dim(&self, node: NodeId) -> usize {
        literal(self.graph.dim(node))
    }

    pub(crate) fn level(&mut self, node: NodeId) -> Level {
        self.levels.of(self.graph, node)
    }

    pub(crate) fn new_loop_variable(&mut self) -> LoopVar {
        self.loops += 1;
        LoopVar(self.loops - 1)
    }

    fn new_temp(&mut self, depth: usize) -> Temp {
        let temp = Temp(self.temps);
        self.temps += 1;
        self.depths.insert(temp, depth);
        temp
    }

    /// The depth of the innermost scope whose variable occurs in the index.
    pub(crate) fn index_depth(&self, index: &Index) -> usize {
        let depth =
            |v| self.scopes.iter().position(|s| s.variable == Some(v)).unwrap_or(self.scopes.len() - 1);
        index.variables().into_iter().map(depth).max().unwrap_or(0)
    }

    /// The depth at which a loop that depends on nothing but the point at hand is placed.
    pub(crate) fn base_depth(&self) -> usize {
        usize::from(matches!(self.context, Context::Pair(_)))
    }

    /// The value of an expression, placed as far out as possible and computed once.
    pub(crate) fn emit(&mut self, expr: Expr) -> Temp {
        let depth = self.expr_depth(&expr);
        if let Some(&temp) = self.scopes[depth].exprs.get(&expr) {
            return temp;
        }
        if let Expr::Copy(temp) = expr {
            return temp;
        }
        let temp = self.new_temp(depth);
        self.scopes[depth].exprs.insert(expr.clone(), temp);
        self.scopes[depth].statements.push(Statement::Let(temp, expr));
        temp
    }

    fn expr_depth(&self, expr: &Expr) -> usize {
        let own = match expr {
            Expr::IndexNumber(index) | Expr::PickIndex { index, .. } => self.index_depth(index),
            Expr::Read(place, index) => {
                let place = match place {
                    Place::Column(_) | Place::ColumnHoisted(_) | Place::Cut(_) | Place::Array(_) => {
                        self.base_depth()
                    }
                    _ => 0,
                };
                place.max(self.index_depth(index))
            }
            _ => 0,
        };
        expr.temps().iter().map(|t| self.depths[t]).fold(own, usize::max)
    }

    /// A variable that is set in a loop, at a depth; it starts as a copy.
    pub(crate) fn variable(&mut self, initial: Temp, depth: usize) -> Temp {
        let temp = self.new_temp(depth);
        self.scopes[depth].statements.push(Statement::Var(temp, Expr::Copy(initial)));
        temp
    }

    /// The best value of an accumulator so far, to be improved in the loop over columns.
    pub(crate) fn stored_best(&mut self, accumulator: usize, index: &Index) -> Temp {
        let temp = self.new_temp(0);
        let read = Expr::Read(Place::Accumulated(accumulator, Part::Value), index.clone());
        self.scopes[0].statements.push(Statement::Var(temp, read));
        temp
    }

    /// The bank that a hoisting context fills.
    pub(crate) fn bank(&mut self, context: Context) -> &mut Bank {
        match context {
            Context::Rows => &mut self.rows,
            Context::Columns => &mut self.columns,
            _ => &mut self.parameters,
        }
    }

    pub(crate) fn push(&mut self, statement: Statement) {
        let last = self.scopes.len() - 1;
        self.scopes[last].statements.push(statement);
    }

    /// Generates a loop at a depth, whatever loops are open further in.
    pub(crate) fn loop_at(&mut self, depth: usize, count: usize, body: impl FnOnce(&mut Self, Index)) {
        let inner = self.scopes.split_off(depth + 1);
        let variable = self.new_loop_variable();
        self.scopes.push(Scope { variable: Some(variable), ..Scope::default() });
        body(self, Index::Var(variable));
        let scope = self.scopes.pop().expect("the scope just pushed");
        self.push(Statement::Loop { variable, count, body: scope.statements });
        self.scopes.extend(inner);
    }

    /// The temporary that holds a coordinate already, if any.
    pub(crate) fn remembered(&self, node: NodeId, index: &Index) -> Option<Temp> {
        let key = (node, index.clone());
        self.scopes.iter().find_map(|s| s.nodes.get(&key)).copied()
    }

    /// Whether a value would be computed here, and not read from where it was kept or hoisted.
    pub(crate) fn in_place(&mut self, node: NodeId, index: &Index) -> bool {
        self.remembered(node, index).is_none() && self.kept(node, index).is_none()
    }

    /// A coordinate of a node.
    pub(crate) fn coordinate(&mut self, node: NodeId, index: &Index) -> Temp {
        let index = if self.dim(node) == 1 { &Index::Const(0) } else { index };
        if let Some(temp) = self.remembered(node, index) {
            return temp;
        }
        let temp = match self.kept(node, index) {
            Some((place, index)) => self.emit(Expr::Read(place, index)),
            None if self.worth_an_array(node) => {
                let array = self.array(node);
                self.emit(Expr::Read(Place::Array(array), index.clone()))
            }
            None => self.compute(node, index),
        };
        let depth = self.depths[&temp].max(self.index_depth(index));
        self.scopes[depth].nodes.insert((node, index.clone()), temp);
        temp
    }

    /// Where a coordinate is read from instead of being computed: a variable's row, a hoisted value, a cut.
    fn kept(&mut self, node: NodeId, index: &Index) -> Option<(Place, Index)> {
        let level = self.level(node);
        let dim = self.dim(node);
        match self.graph.op(node) {
            Op::Variable(v) => {
                let v = *v;
                let is_number = self.graph.variable(v).source == Source::Number;
                if is_number && level == Level::Column && matches!(self.context, Context::Pair(_)) {
                    // A number is made once per column, and is then in the tile like what is hoisted.
                    return Some((self.hoisted_to_column(node, dim), index.clone()));
                }
                return Some((self.variable_place(v, level, dim), index.clone()));
            }
            Op::Count => {
                input(&mut self.rows, Slot::Count, 1);
                return Some((Place::Bank(Slot::Count), Index::Const(0)));
            }
            Op::Constant(_) | Op::Fill | Op::Extract { .. } | Op::Concat | Op::Pad { .. } => return None,
            _ => {}
        }
        match (self.context, level) {
            (Context::Parameters, _) => None,
            (_, Level::Parameter) => {
                let slot = Slot::Hoisted(hoist(&mut self.parameters, node, dim));
                Some((Place::Parameter(slot), index.clone()))
            }
            (Context::Finish, Level::Row) => {
                let n = self.rows.hoisted.iter().position(|(h, _)| *h == node)?;
                Some((Place::Bank(Slot::Hoisted(n)), index.clone()))
            }
            (Context::Pair(_), Level::Row) if !self.reads_reference(node) => {
                let slot = Slot::Hoisted(hoist(&mut self.rows, node, dim));
                Some((Place::Bank(slot), index.clone()))
            }
            (Context::Pair(_), Level::Column) if self.hoists_to_column(node, dim) => {
                Some((self.hoisted_to_column(node, dim), index.clone()))
            }
            (Context::Pair(phase), Level::Pair) => {
                let phases = self.phases?;
                let k = index.value().filter(|_| dim <= UNROLLED)?;
                if phases.of(node) >= phase || phases.cheap(node) {
                    return None;
                }
                let n = self.cuts.iter().position(|cut| *cut == (node, k)).unwrap_or_else(|| {
                    self.cuts.push((node, k));
                    self.cuts.len() - 1
                });
                Some((Place::Cut(n), Index::Const(0)))
            }
            _ => None,
        }
    }

    /// Whether a value of the column is kept with it: on a device, where it is kept in shared memory, as long as there is room.
    fn hoists_to_column(&self, node: NodeId, dim: usize) -> bool {
        let fits = self.target == Target::Host || self.columns.hoisted_len() + dim <= HOISTED_ON_DEVICE;
        fits || self.columns.hoisted.iter().any(|(known, _)| *known == node)
    }

    fn hoisted_to_column(&mut self, node: NodeId, dim: usize) -> Place {
        Place::ColumnHoisted(hoist(&mut self.columns, node, dim))
    }

    fn variable_place(&mut self, v: VariableId, level: Level, dim: usize) -> Place {
        if let Some(accumulators) = self.accumulators {
            if let Some(&exponent) = accumulators.references.get(&v) {
                return Place::Reference(exponent);
            }
            if let Some(&(accumulator, part)) = accumulators.parts.get(&v) {
                return Place::Accumulated(accumulator, part);
            }
        }
        let slot = Slot::Variable(v);
        match (self.context, level) {
            (_, Level::Parameter) => self.parameter(slot, dim),
            (Context::Chosen, _) => {
                input_variable(&mut self.column_variables, v, dim);
                Place::Column(v)
            }
            (Context::Columns, _) => {
                input(&mut self.columns, slot, dim);
                Place::Bank(slot)
            }
            (_, Level::Column) => {
                input_variable(&mut self.column_variables, v, dim);
                Place::Column(v)
            }
            _ => {
                input(&mut self.rows, slot, dim);
                Place::Bank(slot)
            }
        }
    }

    fn parameter(&mut self, slot: Slot, dim: usize) -> Place {
        input(&mut self.parameters, slot, dim);
        if self.context == Context::Parameters { Place::Bank(slot) } else { Place::Parameter(slot) }
    }

    fn reads_reference(&self, node: NodeId) -> bool {
        let Some(accumulators) = self.accumulators else { return false };
        self.graph
            .reachable(&[node])
            .into_iter()
            .any(|n| matches!(self.graph.op(n), Op::Variable(v) if accumulators.references.contains_key(v)))
    }

    /// Whether a value is an argument of one node only, and not what an accumulator takes as well.
    pub(crate) fn used_once(&self, node: NodeId) -> bool {
        self.uses.get(&node) == Some(&1)
    }
}

/// The place of a hoisted value among those of its bank, new or not.
fn hoist(bank: &mut Bank, node: NodeId, dim: usize) -> usize {
    let found = bank.hoisted.iter().position(|(n, _)| *n == node);
    found.unwrap_or_else(|| {
        bank.hoisted.push((node, dim));
        bank.hoisted.len() - 1
    })
}

fn input(bank: &mut Bank, slot: Slot, dim: usize) {
    if !bank.inputs.iter().any(|(s, _)| *s == slot) {
        bank.inputs.push((slot, dim));
    }
}

fn input_variable(variables: &mut Vec<(VariableId, usize)>, v: VariableId, dim: usize) {
    if !variables.iter().any(|(w, _)| *w == v) {
        variables.push((v, dim));
    }
}

/// The arguments of contractions whose other argument keeps an axis.
fn repeated(graph: &Graph, roots: &[NodeId]) -> HashSet<NodeId> {
    let keeps = |shape: &[usize], contracted: &[usize]| {
        shape.iter().enumerate().any(|(axis, len)| *len > 1 && !contracted.contains(&axis))
    };
    let of_one = |node: NodeId| match (graph.op(node), graph.args(node)) {
        (Op::Contract(c), &[a, b]) => {
            let a_again = keeps(&c.right, &c.right_axes).then_some(a);
            let b_again = keeps(&c.left, &c.left_axes).then_some(b);
            [a_again, b_again]
        }
        _ => [None, None],
    };
    graph.reachable(roots).into_iter().flat_map(of_one).flatten().collect()
}
