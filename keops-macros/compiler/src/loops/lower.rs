//! A stage of a program as a loop program.

use super::accumulators::{self, Accumulators, literal};
use super::kernel::{AccumulatorKind, Gather, Kernel, OutputSlot, Phase, Tail};
use super::levels::Levels;
use super::phases::{self, Phases};
use super::plan;
use super::regroup::Regroup;
use super::values::{Context, Values};
use super::{Expr, Index, Place, Statement, Target, UNROLLED};
use crate::ir::{Extreme, Graph, NodeId, Output, Program, Side, Source, Stage, VariableId};
use crate::number::Number;

/// The loop program of a `Reduce` stage.
pub fn lower_reduce(program: &Program, stage: usize, target: Target) -> (Graph, Kernel) {
    let stage = &program.stages[stage];
    let mut graph = program.graph.clone();
    let mut levels = Levels::new(stage.keep);
    let roots: Vec<NodeId> = stage.outputs.iter().flat_map(|o| o.nodes.iter().copied()).collect();
    let accumulators = accumulators::choose(&mut graph, &mut levels, program, (stage.keep, target), &roots);
    let phases = phases::assign(&graph, &mut levels, &accumulators, target);
    let all: Vec<NodeId> =
        accumulators.list.iter().map(|a| a.value).chain(accumulators.outputs.iter().copied()).collect();

    let mut values = Values::new(&graph, &mut levels, &all);
    values.accumulators = Some(&accumulators);
    values.phases = Some(&phases);
    values.target = target;
    values.fast = program.fast_maths;
    let pair_phases = pair_phases(&mut values, &accumulators, &phases);
    let finish = finish(&mut values, stage, &accumulators);
    hoisted(&mut values, &[Context::Rows, Context::Columns, Context::Parameters]);

    let outputs = stage.outputs.iter().map(|o| OutputSlot { dim: literal(&o.dim), kind: o.kind }).collect();
    let mut kernel = Kernel {
        keep: stage.keep,
        parameters: std::mem::take(&mut values.parameters),
        rows: std::mem::take(&mut values.rows),
        columns: std::mem::take(&mut values.columns),
        column_variables: std::mem::take(&mut values.column_variables),
        numbers: vec![],
        cuts: values.cuts.len(),
        accumulators: accumulators.list,
        phases: pair_phases,
        finish,
        outputs,
        neighbours: None,
        vectors: 1,
        columns_in_lanes: false,
        cost: 1,
        notes: vec![],
    };
    kernel.numbers = kernel.variables().into_iter().filter(|v| is_number(&graph, *v)).collect();
    plan::decide(&mut kernel, target);
    (graph, kernel)
}

/// The loop program of an output of a `Gather` stage, for one pair at a time: what depends on parameters alone is hoisted, all
/// else is computed in place.
pub fn lower_gather(program: &Program, output: &Output, chosen_by: Side) -> Gather {
    let mut graph = program.graph.clone();
    let mut levels = Levels::new(chosen_by);
    let mut regroup = Regroup::new(&mut graph, &mut levels);
    let nodes: Vec<NodeId> = output.nodes.iter().map(|node| regroup.node(*node)).collect();
    let mut values = Values::new(&graph, &mut levels, &nodes);
    let dim = literal(&output.dim);
    let mut code = vec![];
    for node in nodes {
        values.begin(Context::Chosen, None);
        store_output(&mut values, 0, node, dim);
        code.push(values.end().remove(0));
    }
    hoisted(&mut values, &[Context::Parameters]);
    let read = std::mem::take(&mut values.column_variables);
    let (numbers, variables): (Vec<_>, Vec<_>) = read.into_iter().partition(|(v, _)| is_number(&graph, *v));
    Gather {
        parameters: std::mem::take(&mut values.parameters),
        choices: code,
        variables,
        numbers: numbers.into_iter().map(|(v, _)| v).collect(),
        output: dim,
    }
}

fn is_number(graph: &Graph, variable: VariableId) -> bool {
    graph.variable(variable).source == Source::Number
}

/// The loops over a tile, last first, since later ones say what earlier ones must keep.
fn pair_phases(values: &mut Values<'_>, accumulators: &Accumulators, phases: &Phases) -> Vec<Phase> {
    let mut reversed: Vec<Phase> = vec![];
    for number in (0..phases.count).rev() {
        let mine = |n: &usize| phases.accumulators[*n] == number;
        let all: Vec<usize> = (0..accumulators.list.len()).filter(mine).collect();
        let (grouped, together): (Vec<usize>, Vec<usize>) = all.into_iter().partition(|n| {
            let a = &accumulators.list[*n];
            phases::grouped(a.kind, a.dim)
        });
        for n in grouped.into_iter().rev() {
            reversed.extend(grouped_phases(values, accumulators, n, number).into_iter().rev());
        }
        // Cuts wanted by later phases that are made here.
        let wanted: Vec<usize> =
            (0..values.cuts.len()).filter(|c| phases.of(values.cuts[*c].0) == number).collect();
        if together.is_empty() && wanted.is_empty() {
            continue;
        }
        values.begin(Context::Pair(number), None);
        let mut phase = Phase::default();
        for n in together {
            let coordinates: Vec<Index> = (0..accumulators.list[n].dim).map(Index::Const).collect();
            accumulate(values, accumulators, n, &coordinates, &mut phase);
        }
        for cut in wanted {
            let (node, k) = values.cuts[cut];
            let value = values.coordinate(node, &Index::Const(k));
            values.push(Statement::StoreCut { cut, value });
        }
        let only_cuts = phase.tail.is_empty() && phase.lists.is_empty();
        close(values, &mut phase);
        phase.blocked =
            phases.blocked[number] && only_cuts && !reads_cuts(&phase.body) && !has_arrays(&phase.body);
        reversed.push(phase);
    }
    reversed.reverse();
    reversed
}

/// An accumulator with many coordinates: groups of them, each with its own loop over the columns.
fn grouped_phases(
    values: &mut Values<'_>,
    accumulators: &Accumulators,
    n: usize,
    number: usize,
) -> Vec<Phase> {
    let a = &accumulators.list[n];
    let size = phases::group_size(a.kind);
    let mut result = vec![];
    let (whole, mut start) = (a.dim / size, 0);
    if a.dim > UNROLLED {
        let variable = values.new_loop_variable();
        values.begin(Context::Pair(number), Some(variable));
        let mut phase = Phase { groups: Some((variable, whole)), ..Phase::default() };
        let coordinates: Vec<Index> = (0..size).map(|c| Index::Var(variable).mul(size).add(c)).collect();
        accumulate(values, accumulators, n, &coordinates, &mut phase);
        close(values, &mut phase);
        result.push(phase);
        start = whole * size;
    }
    while start < a.dim {
        let end = (start + size).min(a.dim);
        values.begin(Context::Pair(number), None);
        let mut phase = Phase::default();
        let coordinates: Vec<Index> = (start..end).map(Index::Const).collect();
        accumulate(values, accumulators, n, &coordinates, &mut phase);
        close(values, &mut phase);
        result.push(phase);
        start = end;
    }
    result
}

/// Takes coordinates of an accumulator's value into it, in the phase being generated.
fn accumulate(
    values: &mut Values<'_>,
    accumulators: &Accumulators,
    n: usize,
    coordinates: &[Index],
    phase: &mut Phase,
) {
    let a = &accumulators.list[n];
    for index in coordinates {
        match a.kind {
            AccumulatorKind::Sum | AccumulatorKind::ScaledSum { .. } => {
                let zero = values.emit(Expr::Constant(Number::integer(0)));
                let sum = values.variable(zero, 0);
                let expr = values.add_term(Some(sum), a.value, index);
                values.push(Statement::Set(sum, expr));
                phase.tail.push(Tail::AddSum { accumulator: n, index: index.clone(), value: sum });
            }
            AccumulatorKind::Exponent { .. } => {
                let lowest = values.emit(Expr::Constant(Number::Float(f64::NEG_INFINITY)));
                let best = values.variable(lowest, 0);
                let value = values.coordinate(a.value, index);
                values.push(Statement::Set(best, Expr::Better(Extreme::Max, value, best)));
                phase.tail.push(Tail::Raise { accumulator: n, index: index.clone(), value: best });
            }
            AccumulatorKind::Best(extreme) => {
                let so_far = values.stored_best(n, index);
                let value = values.coordinate(a.value, index);
                values.push(Statement::Set(so_far, Expr::Better(extreme, value, so_far)));
                phase.tail.push(Tail::StoreBest { accumulator: n, index: index.clone(), value: so_far });
            }
            AccumulatorKind::List { .. } => {
                let value = values.coordinate(a.value, index);
                let list = phase.lists.len();
                phase.lists.push((n, index.clone()));
                values.push(Statement::Insert { accumulator: n, list, value });
            }
        }
    }
}

fn close(values: &mut Values<'_>, phase: &mut Phase) {
    let mut scopes = values.end().into_iter();
    phase.head = scopes.next().unwrap_or_default();
    phase.body = scopes.next().unwrap_or_default();
}

/// Whether a value from an earlier part of the loop is read: those are kept column by column.
fn reads_cuts(statements: &[Statement]) -> bool {
    statements.iter().any(|s| match s {
        Statement::Let(_, expr) | Statement::Var(_, expr) | Statement::Set(_, expr) => {
            matches!(expr, Expr::Read(Place::Cut(_), _))
        }
        Statement::Loop { body, .. } => reads_cuts(body),
        _ => false,
    })
}

/// Whether values are kept in arrays, which would take the stack of a thread for several columns at a time.
fn has_arrays(statements: &[Statement]) -> bool {
    statements.iter().any(|s| matches!(s, Statement::Array { .. }))
}

fn finish(values: &mut Values<'_>, stage: &Stage, accumulators: &Accumulators) -> Vec<Statement> {
    values.begin(Context::Finish, None);
    let mut nodes = accumulators.outputs.iter();
    for (output, o) in stage.outputs.iter().enumerate() {
        for _ in 0..o.nodes.len() {
            let node = *nodes.next().expect("one node per output");
            store_output(values, output, node, literal(&o.dim));
        }
    }
    values.end().remove(0)
}

/// Stores all coordinates of an output.
fn store_output(values: &mut Values<'_>, output: usize, node: NodeId, dim: usize) {
    each_coordinate(values, dim, |values, index| {
        let value = values.coordinate(node, &index);
        values.push(Statement::StoreOutput { output, index, value });
    });
}

/// The code of banks, in an order in which each may hoist further values to a bank that comes after it.
fn hoisted(values: &mut Values<'_>, banks: &[Context]) {
    for &context in banks {
        values.begin(context, None);
        let mut n = 0;
        while let Some((node, dim)) = values.bank(context).hoisted.get(n).copied() {
            each_coordinate(values, dim, |values, index| {
                let value = values.coordinate(node, &index);
                values.push(Statement::StoreHoisted { hoisted: n, index, value });
            });
            n += 1;
        }
        let code = values.end().remove(0);
        values.bank(context).code = code;
    }
}

/// Written out if there are few, a loop otherwise.
fn each_coordinate(values: &mut Values<'_>, dim: usize, mut body: impl FnMut(&mut Values<'_>, Index)) {
    if dim <= UNROLLED {
        (0..dim).for_each(|k| body(values, Index::Const(k)));
    } else {
        values.loop_at(0, dim, |values, index| body(values, index));
    }
}
