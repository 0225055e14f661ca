//! A reference interpreter of programs: every pair in turn, in f64, nothing shared or hoisted. Tests compare with it.

use crate::ast::Kind;
use crate::ir::evaluate::{Leaves, evaluate};
use crate::ir::{
    Extreme, NodeId, Op, Output, OutputKind, Program, Reduction, ReductionId, ReductionKind, Side, Source,
    Stage, StageKind, Variable,
};
use std::collections::HashMap;

/// What a function is called with.
pub struct Inputs<'a> {
    /// M, the number of i-points.
    pub m: usize,
    /// N, the number of j-points.
    pub n: usize,
    /// The arguments by number, row-major; one row for a parameter.
    pub arguments: &'a [Vec<f64>],
}

/// An output: rows of numbers, or rows of indices, row-major.
#[derive(Clone, Debug, PartialEq)]
pub enum Table {
    /// Numbers.
    Numbers(Vec<f64>),
    /// Indices; `None` where there was nothing to choose.
    Indices(Vec<Option<usize>>),
}

impl Table {
    /// The numbers.
    ///
    /// # Panics
    /// If these are indices.
    pub fn numbers(&self) -> &[f64] {
        match self {
            Table::Numbers(numbers) => numbers,
            Table::Indices(_) => panic!("indices are no numbers"),
        }
    }

    /// The indices.
    ///
    /// # Panics
    /// If these are numbers.
    pub fn indices(&self) -> &[Option<usize>] {
        match self {
            Table::Indices(indices) => indices,
            Table::Numbers(_) => panic!("numbers are no indices"),
        }
    }
}

/// The results of the function.
///
/// # Panics
/// If an argument is missing or too short, or a dimension is no literal.
pub fn execute(program: &Program, inputs: &Inputs<'_>) -> Vec<Table> {
    let mut run = Run { program, inputs, done: Vec::new() };
    for stage in &program.stages {
        let outputs = match &stage.kind {
            StageKind::Reduce => run.reduce_stage(stage),
            StageKind::Gather { chosen_by, positions } => run.gather_stage(stage, *chosen_by, *positions),
        };
        run.done.push(outputs);
    }
    let table = |&(stage, output): &(usize, usize)| &run.done[stage][output];
    let sum = |places: &Vec<(usize, usize)>| match &places[..] {
        [only] => table(only).clone(),
        several => {
            let terms: Vec<&[f64]> = several.iter().map(|place| table(place).numbers()).collect();
            Table::Numbers((0..terms[0].len()).map(|k| terms.iter().map(|term| term[k]).sum()).collect())
        }
    };
    program.results.iter().map(sum).collect()
}

struct Run<'a> {
    program: &'a Program,
    inputs: &'a Inputs<'a>,
    /// The outputs of the stages done so far.
    done: Vec<Vec<Table>>,
}

/// Where an expression is evaluated: a row of each side, as far as there is one.
#[derive(Clone, Copy)]
struct Place {
    i: Option<usize>,
    j: Option<usize>,
    /// The side that is reduced, whose points `Count` counts.
    reduced: Side,
}

impl Place {
    /// A kept row, with or without a row of the reduced side.
    fn new(keep: Side, kept: usize, other: Option<usize>) -> Place {
        match keep {
            Side::I => Place { i: Some(kept), j: other, reduced: Side::J },
            Side::J => Place { i: other, j: Some(kept), reduced: Side::I },
        }
    }
}

impl Run<'_> {
    fn points(&self, side: Side) -> usize {
        match side {
            Side::I => self.inputs.m,
            Side::J => self.inputs.n,
        }
    }

    fn reduce_stage(&self, stage: &Stage) -> Vec<Table> {
        let rows = self.points(stage.keep);
        let mut tables: Vec<Table> = stage.outputs.iter().map(|output| empty(output, rows)).collect();
        for a in 0..rows {
            let mut found = Reduced::default();
            for (output, table) in stage.outputs.iter().zip(&mut tables) {
                let node = output.nodes[0];
                self.reduce_for(node, stage.keep, a, &mut found);
                match table {
                    Table::Indices(indices) => {
                        let Op::Reduced(id) = self.program.graph.op(node) else {
                            panic!("an index output is a reduction")
                        };
                        indices.extend(&found.indices[id]);
                    }
                    Table::Numbers(numbers) => {
                        let value = self.value(node, Place::new(stage.keep, a, None), &found);
                        put(numbers, output.kind, a, &value);
                    }
                }
            }
        }
        tables
    }

    fn gather_stage(&self, stage: &Stage, chosen_by: Side, positions: (usize, usize)) -> Vec<Table> {
        let chosen = self.done[positions.0][positions.1].indices();
        let mut tables: Vec<Table> =
            stage.outputs.iter().map(|output| zeros(output, self.points(stage.keep))).collect();
        for (output, table) in stage.outputs.iter().zip(&mut tables) {
            let Table::Numbers(numbers) = table else { panic!("a gradient has no indices") };
            let count = output.nodes.len();
            for (place, named) in chosen.iter().enumerate() {
                let (a, k) = (place / count, place % count);
                let Some(b) = *named else { continue };
                let (kept, other) = if stage.keep == chosen_by { (a, b) } else { (b, a) };
                let at = Place::new(stage.keep, kept, Some(other));
                let value = self.value(output.nodes[k], at, &Reduced::default());
                put(numbers, output.kind, kept, &value);
            }
        }
        tables
    }

    /// Reduces what an expression of the kept row `a` needs.
    fn reduce_for(&self, node: NodeId, keep: Side, a: usize, found: &mut Reduced) {
        for node in self.program.graph.reachable(&[node]) {
            let Op::Reduced(id) = *self.program.graph.op(node) else { continue };
            if found.numbers.contains_key(&id) || found.indices.contains_key(&id) {
                continue;
            }
            let Reduction { kind, argument, weight } = self.program.reductions[id.0 as usize];
            let points = 0..self.points(keep.other());
            let column = |node: NodeId| -> Vec<Vec<f64>> {
                let at = |b| self.value(node, Place::new(keep, a, Some(b)), &Reduced::default());
                points.clone().map(at).collect()
            };
            let dim = self.dim(argument);
            let (f, g) = (column(argument), weight.map(column));
            match kind {
                ReductionKind::Position(extreme) => {
                    found.indices.insert(id, best_indices(&f, dim, extreme, 1));
                }
                ReductionKind::BestPosition { extreme, count } => {
                    found.indices.insert(id, best_indices(&f, dim, extreme, count));
                }
                _ => {
                    let dim = self.dim(weight.unwrap_or(argument));
                    found.numbers.insert(id, reduce(kind, &f, g.as_deref(), dim));
                }
            }
        }
    }

    fn value(&self, node: NodeId, at: Place, found: &Reduced) -> Vec<f64> {
        let graph = &self.program.graph;
        let mut variables = vec![vec![]; graph.variables().len()];
        for node in graph.reachable(&[node]) {
            if let Op::Variable(id) = graph.op(node) {
                variables[id.0 as usize] = self.row(graph.variable(*id), at);
            }
        }
        let count = self.points(at.reduced) as f64;
        let number = |id: usize| found.numbers.get(&ReductionId(id as u32)).cloned().unwrap_or_default();
        let reductions = (0..self.program.reductions.len()).map(number).collect();
        evaluate(graph, node, &Leaves { variables, reductions, count })
    }

    /// The row of a variable that is read at a place.
    fn row(&self, variable: &Variable, at: Place) -> Vec<f64> {
        let row = match variable.kind {
            Kind::I => at.i.expect("an i-variable is read where there is an i"),
            Kind::J => at.j.expect("a j-variable is read where there is a j"),
            Kind::Parameter => 0,
        };
        let rows = match variable.source {
            Source::Argument(number) => &self.inputs.arguments[number][..],
            Source::Saved { stage, output } => self.done[stage][output].numbers(),
            Source::Number => return vec![row as f64],
            Source::Internal => panic!("{} has no rows", variable.name),
        };
        let dim = variable.dim.value().expect("programs are executed with literal dimensions");
        rows[row * dim..(row + 1) * dim].to_vec()
    }

    fn dim(&self, node: NodeId) -> usize {
        self.program.graph.dim(node).value().expect("programs are executed with literal dimensions")
    }
}

/// The reductions of one kept row.
#[derive(Default)]
struct Reduced {
    numbers: HashMap<ReductionId, Vec<f64>>,
    indices: HashMap<ReductionId, Vec<Option<usize>>>,
}

/// The table that rows are appended to; a total is there from the start.
fn empty(output: &Output, rows: usize) -> Table {
    match output.kind {
        OutputKind::Rows => Table::Numbers(Vec::new()),
        OutputKind::Indices => Table::Indices(Vec::new()),
        OutputKind::Total => zeros(output, rows),
    }
}

fn zeros(output: &Output, rows: usize) -> Table {
    let dim = output.dim.value().expect("programs are executed with literal dimensions");
    Table::Numbers(vec![0.0; if output.kind == OutputKind::Total { dim } else { rows * dim }])
}

/// Adds a value to its row; a row that is not there yet is appended.
fn put(numbers: &mut Vec<f64>, kind: OutputKind, row: usize, value: &[f64]) {
    let start = if kind == OutputKind::Total { 0 } else { row * value.len() };
    if start == numbers.len() {
        numbers.extend(value);
        return;
    }
    for (sum, term) in numbers[start..].iter_mut().zip(value) {
        *sum += term;
    }
}

/// The reductions with numbers as values, `dim` coordinates of what is reduced or of its weight; `f[b]` and `g[b]`
/// belong to point b.
fn reduce(kind: ReductionKind, f: &[Vec<f64>], g: Option<&[Vec<f64>]>, dim: usize) -> Vec<f64> {
    let coordinates = 0..dim;
    match kind {
        ReductionKind::Sum => coordinates.map(|k| f.iter().map(|row| row[k]).sum()).collect(),
        ReductionKind::LogSumExp => coordinates.map(|k| log_sum_exp(f, g, k)).collect(),
        ReductionKind::SumSoftMaxWeight => {
            let total = log_sum_exp(f, None, 0);
            let shares: Vec<f64> = f.iter().map(|row| (row[0] - total).exp()).collect();
            let g = g.expect("a soft-max has a weight");
            coordinates.map(|k| shares.iter().zip(g).map(|(share, row)| share * row[k]).sum()).collect()
        }
        ReductionKind::Extreme(extreme) => coordinates.map(|k| best_value(f, k, extreme, 0)).collect(),
        ReductionKind::Best { extreme, count } => {
            (0..count).flat_map(|n| (0..dim).map(move |k| best_value(f, k, extreme, n))).collect()
        }
        ReductionKind::Position(_) | ReductionKind::BestPosition { .. } => panic!("indices are no numbers"),
    }
}

/// log Σ exp(f_k), or log Σ exp(f) g_k with an f of one coordinate.
fn log_sum_exp(f: &[Vec<f64>], g: Option<&[Vec<f64>]>, k: usize) -> f64 {
    let at = |b: usize| if g.is_some() { f[b][0] } else { f[b][k] };
    let top = match (0..f.len()).map(at).fold(f64::NEG_INFINITY, f64::max) {
        f64::INFINITY => return f64::INFINITY,
        // The terms are 0, or what a NaN makes of them: the largest skips it.
        f64::NEG_INFINITY => 0.0,
        top => top,
    };
    let term = |b: usize| (at(b) - top).exp() * g.map_or(1.0, |g| g[b][k]);
    top + (0..f.len()).map(term).sum::<f64>().ln()
}

/// The value of coordinate k that has n better ones.
fn best_value(f: &[Vec<f64>], k: usize, extreme: Extreme, n: usize) -> f64 {
    let worst = if extreme == Extreme::Max { f64::NEG_INFINITY } else { f64::INFINITY };
    ranked(f, k, extreme).get(n).map_or(worst, |&b| f[b][k])
}

/// For n < count, slow, and each of `dim` coordinates, the index of the value that has n better ones.
fn best_indices(f: &[Vec<f64>], dim: usize, extreme: Extreme, count: usize) -> Vec<Option<usize>> {
    let ranked: Vec<Vec<usize>> = (0..dim).map(|k| ranked(f, k, extreme)).collect();
    (0..count).flat_map(|n| ranked.iter().map(move |indices| indices.get(n).copied())).collect()
}

/// The points by the value of coordinate k, best first, the lowest index first among equals; NaN left out.
fn ranked(f: &[Vec<f64>], k: usize, extreme: Extreme) -> Vec<usize> {
    let mut points: Vec<usize> = (0..f.len()).filter(|&b| !f[b][k].is_nan()).collect();
    points.sort_by(|&b, &c| {
        let order = f[b][k].total_cmp(&f[c][k]);
        if f[b][k] == f[c][k] {
            std::cmp::Ordering::Equal
        } else if extreme == Extreme::Max {
            order.reverse()
        } else {
            order
        }
    });
    points
}
