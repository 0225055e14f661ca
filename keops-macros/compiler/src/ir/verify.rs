//! What holds of every program, checked between passes in debug builds. A fault here is a fault of the compiler.

use crate::ast::Kind;
use crate::ir::{
    Contraction, Dim, Graph, NodeId, Op, Output, OutputKind, Program, Reduction, ReductionKind, Side, Source,
    Stage, StageKind, Variable,
};
use crate::ops::{reduction, scalars};
use std::collections::BTreeSet;

/// Checks a program in debug builds.
///
/// # Panics
/// If something does not hold of it, naming the pass after which that was found.
pub fn debug_verify(program: &Program, after: &str) {
    if cfg!(debug_assertions)
        && let Err(fault) = verify(program)
    {
        panic!("internal error in keops, please report: {fault}, after {after}");
    }
}

/// The first thing that does not hold of a program.
///
/// Of nodes: arguments precede them; the number of arguments and the dimension are those of the operation.
/// Of reductions: dimensions fit, and what is reduced holds no reduced value.
/// Of stages: what follows the reductions depends on the kept side only; an index is an output and nothing else; saved
/// values come from earlier stages. Of results: they exist, and the terms of a sum are alike.
pub fn verify(program: &Program) -> Result<(), String> {
    let graph = &program.graph;
    (0..graph.len()).try_for_each(|id| verify_node(program, NodeId(id as u32)))?;
    let names: BTreeSet<&str> = graph.variables().iter().map(|v| v.name.as_str()).collect();
    ensure(names.len() == graph.variables().len(), || "two variables have one name".into())?;
    for (number, reduction) in program.reductions.iter().enumerate() {
        verify_reduction(graph, reduction).map_err(|fault| format!("reduction {number}: {fault}"))?;
    }
    for (number, stage) in program.stages.iter().enumerate() {
        verify_stage(program, number, stage).map_err(|fault| format!("stage {number}: {fault}"))?;
    }
    program.results.iter().try_for_each(|sum| verify_result(program, sum))
}

fn ensure(holds: bool, fault: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(fault()) }
}

fn verify_node(program: &Program, id: NodeId) -> Result<(), String> {
    let graph = &program.graph;
    let node = graph.node(id);
    let fault =
        |what: &str| format!("node {} {:?}{:?} of dimension {}: {what}", id.0, node.op, node.args, node.dim);
    ensure(node.args.iter().all(|a| a < &id), || fault("an argument does not precede it"))?;
    let dims: Vec<&Dim> = node.args.iter().map(|&a| graph.dim(a)).collect();
    ensure(arity(&node.op).is_some_and(|n| n.contains(&dims.len())), || fault("the number of arguments"))?;
    let expected =
        dim(program, &node.op, &dims, &node.dim).ok_or_else(|| fault("the operation's operands"))?;
    ensure(expected == node.dim, || fault(&format!("the dimension should be {expected}")))
}

/// How many arguments an operation takes; `None` for a scalar function that does not exist.
fn arity(op: &Op) -> Option<std::ops::RangeInclusive<usize>> {
    Some(match op {
        Op::Variable(_) | Op::Constant(_) | Op::Count | Op::Reduced(_) => 0..=0,
        Op::Add | Op::Mul | Op::Concat => 2..=usize::MAX,
        Op::Contract(_) => 2..=2,
        Op::Map(function) => {
            let arity = scalars().nth(function.0.into())?.1.arguments.len();
            arity..=arity
        }
        Op::Power(_)
        | Op::Sum
        | Op::Fill
        | Op::Extract { .. }
        | Op::Pad { .. }
        | Op::Extreme(_)
        | Op::Position(_)
        | Op::OneHot => 1..=1,
    })
}

/// The dimension that an operation has for arguments of these dimensions; where it is a choice, `own` if it may be.
/// `None` if the arguments or the operation's own numbers are not allowed.
fn dim(program: &Program, op: &Op, args: &[&Dim], own: &Dim) -> Option<Dim> {
    let one = Dim::literal(1);
    // Whether coordinates start, start + step, … of a vector exist, `taken` of them.
    let strided = |start: usize, step: usize, taken: &Dim, of: &Dim| match (taken.value(), of.value()) {
        (Some(taken), Some(of)) => step >= 1 && taken >= 1 && start + (taken - 1) * step < of,
        _ => step >= 1,
    };
    match op {
        Op::Variable(v) => Some(program.graph.variables().get(v.0 as usize)?.dim.clone()),
        Op::Reduced(r) => {
            let reduction = program.reductions.get(r.0 as usize)?;
            let weight = reduction.weight.map(|w| program.graph.dim(w));
            let f = program.graph.dim(reduction.argument);
            Some((reduction::row(reduction.kind).dim)(reduction.kind, f, weight))
        }
        Op::Constant(c) => (!c.to_f64().is_nan()).then_some(one),
        Op::Count => Some(one),
        Op::Power(0 | 1) => None,
        Op::Add | Op::Mul | Op::Map(_) | Op::Power(_) => {
            let vector = args.iter().find(|d| !d.is_one()).copied().unwrap_or(&one);
            args.iter().all(|d| d.is_one() || *d == vector).then(|| vector.clone())
        }
        Op::Sum => (!args[0].is_one()).then_some(one),
        Op::Fill => (args[0].is_one() && !own.is_one()).then(|| own.clone()),
        Op::OneHot => args[0].is_one().then(|| own.clone()),
        Op::Concat => Some(args.iter().fold(Dim::literal(0), |sum, d| &sum + d)),
        Op::Extract { start, step } => strided(*start, *step, own, args[0]).then(|| own.clone()),
        Op::Pad { start, step } => strided(*start, *step, args[0], own).then(|| own.clone()),
        Op::Contract(c) => contraction_dim(c, args),
        Op::Extreme(_) | Op::Position(_) => Some(one),
    }
}

fn contraction_dim(c: &Contraction, args: &[&Dim]) -> Option<Dim> {
    let dim = |shape: &[usize]| Dim::literal(shape.iter().product());
    let distinct_below = |axes: &[usize], n: usize| {
        axes.iter().all(|&a| a < n) && axes.iter().collect::<BTreeSet<_>>().len() == axes.len()
    };
    let kept = (c.left.len() + c.right.len()).checked_sub(2 * c.left_axes.len())?;
    let holds = dim(&c.left) == *args[0]
        && dim(&c.right) == *args[1]
        && c.left_axes.len() == c.right_axes.len()
        && distinct_below(&c.left_axes, c.left.len())
        && distinct_below(&c.right_axes, c.right.len())
        && c.left_axes.iter().zip(&c.right_axes).all(|(&a, &b)| c.left[a] == c.right[b])
        && c.order.len() == kept
        && distinct_below(&c.order, kept);
    holds.then(|| dim(&c.kept_shape()))
}

fn verify_reduction(graph: &Graph, reduction: &Reduction) -> Result<(), String> {
    let scalar = graph.dim(reduction.argument).is_one();
    let weight_fits = match (reduction.kind, reduction.weight) {
        (ReductionKind::LogSumExp | ReductionKind::SumSoftMaxWeight, Some(_)) => scalar,
        (ReductionKind::SumSoftMaxWeight, None) | (_, Some(_)) => false,
        (_, None) => true,
    };
    ensure(weight_fits, || "the weight does not fit".into())?;
    let roots: Vec<NodeId> = [reduction.argument].into_iter().chain(reduction.weight).collect();
    let nested = graph.reachable(&roots).into_iter().any(|id| matches!(graph.op(id), Op::Reduced(_)));
    ensure(!nested, || "it reduces a reduced value".into())
}

fn verify_stage(program: &Program, number: usize, stage: &Stage) -> Result<(), String> {
    let graph = &program.graph;
    if let StageKind::Gather { chosen_by, positions } = &stage.kind {
        let (chosen_in, choice) = earlier_output(program, number, *positions)?;
        ensure(choice.kind == OutputKind::Indices, || {
            "pairs are chosen by an output that is no index".into()
        })?;
        ensure(chosen_in.keep == *chosen_by, || "pairs are chosen by the other side".into())?;
        let chosen = choice.dim.value();
        let one_each = stage.outputs.iter().all(|o| chosen.is_none_or(|n| o.nodes.len() == n));
        ensure(one_each, || "an output needs one node for each chosen position".into())?;
    }
    for output in &stage.outputs {
        ensure(output.nodes.iter().all(|&n| *graph.dim(n) == output.dim), || "an output's dimension".into())?;
        match stage.kind {
            StageKind::Reduce => verify_row(program, stage.keep, output)?,
            StageKind::Gather { .. } => {
                let reduced = |id: NodeId| matches!(graph.op(id), Op::Reduced(_));
                ensure(!graph.reachable(&output.nodes).into_iter().any(reduced), || {
                    "a chosen pair reduces".into()
                })?;
                ensure(output.kind != OutputKind::Indices, || "a sum over chosen pairs is no index".into())?;
            }
        }
        verify_saved(program, number, output)?;
    }
    Ok(())
}

/// An output of a pass over all pairs: one expression that depends on the kept side.
fn verify_row(program: &Program, keep: Side, output: &Output) -> Result<(), String> {
    let graph = &program.graph;
    let [node] = output.nodes[..] else { return Err("an output needs one node".into()) };
    let (over_i, over_j) = graph.depends(node, keep);
    let foreign = if keep == Side::I { over_j } else { over_i };
    ensure(!foreign, || "an output depends on the reduced side".into())?;
    let index = |id: NodeId| match graph.op(id) {
        Op::Reduced(r) => matches!(
            program.reductions[r.0 as usize].kind,
            ReductionKind::Position(_) | ReductionKind::BestPosition { .. }
        ),
        _ => false,
    };
    if output.kind == OutputKind::Indices {
        return ensure(index(node), || "an index output is no index".into());
    }
    ensure(!graph.reachable(&[node]).into_iter().any(index), || "an index is used as a number".into())
}

/// The saved values that an output reads, also through reductions, come from earlier stages as they were declared.
fn verify_saved(program: &Program, number: usize, output: &Output) -> Result<(), String> {
    let graph = &program.graph;
    let mut roots = output.nodes.clone();
    for id in graph.reachable(&output.nodes) {
        if let Op::Reduced(r) = graph.op(id) {
            let reduction = &program.reductions[r.0 as usize];
            roots.extend([reduction.argument].into_iter().chain(reduction.weight));
        }
    }
    for id in graph.reachable(&roots) {
        let Op::Variable(v) = graph.op(id) else { continue };
        let variable: &Variable = graph.variable(*v);
        if variable.source == Source::Number {
            let is_number = variable.kind != Kind::Parameter && variable.dim.is_one();
            ensure(is_number, || format!("`{}` is no number of a point", variable.name))?;
        }
        if let Source::Saved { stage, output } = variable.source {
            let (saved_in, saved) = earlier_output(program, number, (stage, output))?;
            let kind = match (saved.kind, saved_in.keep) {
                (OutputKind::Total, _) => Kind::Parameter,
                (_, keep) => keep.kind(),
            };
            let alike = kind == variable.kind && saved.dim == variable.dim;
            ensure(alike, || format!("`{}` differs from what was saved", variable.name))?;
        }
    }
    Ok(())
}

fn earlier_output(
    program: &Program,
    before: usize,
    place: (usize, usize),
) -> Result<(&Stage, &Output), String> {
    let stage = program.stages[..before].get(place.0).ok_or("it reads a stage that is no earlier one")?;
    Ok((stage, stage.outputs.get(place.1).ok_or("it reads an output that does not exist")?))
}

fn verify_result(program: &Program, sum: &[(usize, usize)]) -> Result<(), String> {
    let mut terms = vec![];
    for &place in sum {
        terms.push(
            earlier_output(program, program.stages.len(), place)
                .map_err(|fault| format!("a result: {fault}"))?,
        );
    }
    let [(stage, first), rest @ ..] = &terms[..] else { return Err("a result without outputs".into()) };
    let alike = rest.iter().all(|(other, output)| {
        output.kind == first.kind
            && output.dim == first.dim
            && (first.kind == OutputKind::Total || other.keep == stage.keep)
    });
    ensure(alike && (rest.is_empty() || first.kind != OutputKind::Indices), || {
        "the terms of a result differ".into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Extreme, ReductionId, VariableId};
    use crate::number::Number;

    /// rᵢ = Σⱼ |xᵢ − yⱼ|² and the nearest j.
    fn program() -> Program {
        let mut graph = Graph::default();
        let mut declare = |name: &str, kind, number| {
            let dim = Dim::literal(3);
            graph.declare(Variable { name: name.into(), kind, dim, source: Source::Argument(number) })
        };
        let (x, y) = (declare("x", Kind::I, 0), declare("y", Kind::J, 1));
        let difference = graph.sub(x, y);
        let squares = graph.power(difference, 2);
        let distance = graph.sum(squares);
        let mut reduced = |number| graph.intern(Op::Reduced(ReductionId(number)), vec![], Dim::literal(1));
        let (total, nearest) = (reduced(0), reduced(1));
        let reduction = |kind| Reduction { kind, argument: distance, weight: None };
        let output = |node, kind| Output { nodes: vec![node], dim: Dim::literal(1), kind };
        let outputs = vec![output(total, OutputKind::Rows), output(nearest, OutputKind::Indices)];
        Program {
            graph,
            reductions: vec![reduction(ReductionKind::Sum), reduction(ReductionKind::Position(Extreme::Min))],
            stages: vec![Stage { kind: StageKind::Reduce, keep: Side::I, outputs }],
            results: vec![vec![(0, 0)], vec![(0, 1)]],
            fast_maths: false,
        }
    }

    /// The fault of the program above after a change.
    fn fault(change: impl FnOnce(&mut Program)) -> String {
        let mut program = program();
        change(&mut program);
        verify(&program).expect_err("the change is a fault")
    }

    #[test]
    fn a_right_program_passes() {
        assert_eq!(verify(&program()), Ok(()));
        debug_verify(&program(), "nothing");
    }

    #[test]
    fn faults_of_nodes_are_found() {
        let x = NodeId(0);
        let node = |op: Op, args: Vec<NodeId>, dim: usize| {
            fault(|p| _ = p.graph.intern(op, args, Dim::literal(dim)))
        };
        assert!(node(Op::Add, vec![x, NodeId(100)], 3).contains("precede"));
        assert!(node(Op::Add, vec![x], 3).contains("number of arguments"));
        assert!(node(Op::Mul, vec![x, x], 2).contains("should be 3"));
        assert!(node(Op::Power(1), vec![x], 3).contains("operands"));
        assert!(node(Op::Constant(Number::Float(f64::NAN)), vec![], 1).contains("operands"));
        assert!(node(Op::Extract { start: 1, step: 2 }, vec![x], 2).contains("operands"));
        assert!(node(Op::Pad { start: 1, step: 1 }, vec![x], 3).contains("operands"));
        assert!(node(Op::Fill, vec![x], 3).contains("operands"));
        assert!(node(Op::Variable(VariableId(7)), vec![], 3).contains("operands"));
        assert!(node(Op::Map(crate::ops::named("Atan2")), vec![x], 3).contains("number of arguments"));
        let contraction = Contraction {
            left: vec![3],
            right: vec![3],
            left_axes: vec![0],
            right_axes: vec![],
            order: vec![0],
        };
        assert!(node(Op::Contract(contraction), vec![x, x], 3).contains("operands"));
    }

    #[test]
    fn faults_of_stages_are_found() {
        assert!(fault(|p| p.stages[0].outputs[0].nodes[0] = NodeId(0)).contains("dimension"));
        assert!(fault(|p| p.stages[0].outputs[0].kind = OutputKind::Indices).contains("no index"));
        assert!(fault(|p| p.stages[0].outputs[1].kind = OutputKind::Rows).contains("used as a number"));
        let distance = |p: &Program| p.reductions[0].argument;
        assert!(fault(|p| p.stages[0].outputs[0].nodes[0] = distance(p)).contains("reduced side"));
        assert!(fault(|p| p.reductions[0].weight = Some(distance(p))).contains("weight"));
        assert!(
            fault(|p| p.reductions[0].argument = p.stages[0].outputs[1].nodes[0]).contains("reduced value")
        );
        assert!(fault(|p| p.results[0] = vec![]).contains("without outputs"));
        assert!(fault(|p| p.results[0] = vec![(0, 2)]).contains("does not exist"));
        assert!(fault(|p| p.results[0] = vec![(0, 0), (0, 1)]).contains("differ"));
        let gather = StageKind::Gather { chosen_by: Side::I, positions: (0, 0) };
        assert!(
            fault(|p| p.stages.push(Stage { kind: gather, keep: Side::I, outputs: vec![] }))
                .contains("no index")
        );
        let gather = StageKind::Gather { chosen_by: Side::J, positions: (0, 1) };
        assert!(
            fault(|p| p.stages.push(Stage { kind: gather, keep: Side::I, outputs: vec![] }))
                .contains("other side")
        );
    }

    #[test]
    fn saved_values_come_from_earlier_stages() {
        let saved = |stage, dim| {
            fault(|p| {
                let source = Source::Saved { stage, output: 0 };
                let name = "saved".to_string();
                let node = p.graph.declare(Variable { name, kind: Kind::I, dim: Dim::literal(dim), source });
                p.stages[0].outputs[0] =
                    Output { nodes: vec![node], dim: Dim::literal(dim), kind: OutputKind::Rows };
            })
        };
        assert!(saved(0, 1).contains("no earlier one"));
        let later = fault(|p| {
            let source = Source::Saved { stage: 0, output: 0 };
            let name = "saved".to_string();
            let node = p.graph.declare(Variable { name, kind: Kind::J, dim: Dim::literal(1), source });
            let output = Output { nodes: vec![node], dim: Dim::literal(1), kind: OutputKind::Rows };
            p.stages.push(Stage { kind: StageKind::Reduce, keep: Side::J, outputs: vec![output] });
        });
        assert!(later.contains("differs from what was saved"));
    }
}
