//! A checked function through all passes, and its gradients.

use crate::ast::{self, Dimension, Mark, Place};
use crate::backend::rust::{Demand, Instance, Parameter, Returned, Signature};
use crate::check;
use crate::error::Errors;
use crate::ir::{self, NodeId, Op, Output, Program, ReductionKind, Source, Stage, VariableId};
use crate::{message, parse, passes};
use proc_macro2::{Ident, Span};
use quote::{format_ident, quote};

/// A function on its way to code.
pub(crate) struct Compiled {
    pub(crate) signature: Signature,
    /// Its program for each combination of values of its dimension parameters.
    pub(crate) instances: Vec<Instance>,
    /// Whether near pairs are to be searched for.
    pub(crate) prune: bool,
}

/// A checked function through all passes, then its gradients.
pub(crate) fn compile(
    written: &ast::Function,
    checked: Vec<check::Instance>,
    errors: &mut Errors,
) -> Vec<Compiled> {
    // Where no results are declared, the formula has said which they are.
    let inferred = checked.first().filter(|_| written.results.is_empty()).map(|first| first.written.clone());
    let written = inferred.as_ref().unwrap_or(written);
    let asked = checked.first().map(|first| first.checked.gradients.clone()).unwrap_or_default();
    let mut functions: Vec<Vec<Instance>> = vec![vec![]; 1 + asked.len()];
    let taken = dimension_names(written);
    let mut found = vec![];
    let marked = written.marked(Mark::Prune).map(|_| checked.clone()).unwrap_or_default();
    for instance in checked {
        let mut own = Errors::new();
        let programs = programs(&instance, &taken, &mut own);
        found.push(own);
        for (function, (program, demands)) in functions.iter_mut().zip(programs) {
            function.push(Instance { values: instance.values.clone(), program, demands });
        }
    }
    // What allows something that is of no use for some dimensions may stand.
    let everywhere = found.iter().all(|own| !own.is_empty());
    for (n, own) in found.into_iter().enumerate() {
        match everywhere && n == 0 {
            true => errors.take_over(own, |message| message),
            false => own.discard(),
        }
    }
    prunable(written, &functions[0], &marked, errors);
    let mut signatures = vec![signature(written)];
    for (&argument, instances) in asked.iter().zip(&functions[1..]) {
        let seeds = instances.first().map(|first| seed_names(written, &first.program)).unwrap_or_default();
        let parameters = with_seeds(written, seeds);
        signatures.push(gradient_signature(written, &written.arguments[argument], parameters));
    }
    let prune = written.marked(Mark::Prune).is_some();
    let compiled = |(signature, instances)| Compiled { signature, instances, prune };
    signatures.into_iter().zip(functions).map(compiled).collect()
}

/// What `#[prune]` promises must hold for all instances.
fn prunable(
    written: &ast::Function,
    instances: &[Instance],
    checked: &[check::Instance],
    errors: &mut Errors,
) {
    let Some(place) = written.marked(Mark::Prune) else { return };
    if written.marks.iter().any(|(mark, _)| *mark != Mark::Prune) {
        errors.push(place, message::reductions::pruned_and_rewritten());
        return;
    }
    let wrong = |(instance, _): &(&Instance, _)| !passes::neighbours::applies(&instance.program);
    if let Some((instance, check::Instance { checked, .. })) = instances.iter().zip(checked).find(wrong) {
        let (text, place) = counts_distant_pairs(checked);
        let message = message::reductions::distant_pairs_count(text);
        errors.push(*place, check::of_instance(written, &instance.values, message));
    }
}

/// The first reduction that is not decided by near pairs, or by those of others than the first: with its text and its place.
fn counts_distant_pairs(checked: &check::Checked) -> &(String, Place) {
    let Program { graph, stages, .. } = &checked.program;
    let outputs: Vec<&Output> = stages.iter().flat_map(|stage| &stage.outputs).collect();
    let roots: Vec<NodeId> = outputs.iter().flat_map(|output| output.nodes.iter().copied()).collect();
    let mut first = None;
    let mut last = 0;
    for node in graph.reachable(&roots) {
        let Op::Reduced(id) = graph.op(node) else { continue };
        last = id.0 as usize;
        let output = Output { nodes: vec![node], dim: graph.dim(node).clone(), ..outputs[0].clone() };
        let alone = Program {
            stages: vec![Stage { outputs: vec![output], ..stages[0].clone() }],
            results: vec![vec![(0, 0)]],
            ..checked.program.clone()
        };
        let points = passes::neighbours::points(&passes::prune::prune(&passes::simplify::simplify(alone)));
        if points.is_none() || *first.get_or_insert(points) != points {
            break;
        }
    }
    &checked.written[last]
}

/// The programs of one instance: its own and those of its gradients, with what they demand. `taken` are names that seeds
/// cannot have.
fn programs(
    instance: &check::Instance,
    taken: &[String],
    errors: &mut Errors,
) -> Vec<(Program, Vec<Demand>)> {
    let check::Instance { written, checked, .. } = instance;
    let program = passes::prune::prune(&passes::simplify::simplify(checked.program.clone()));
    if let Some(place) = written.marked(Mark::DotProducts)
        && !passes::dot_products::applies(&program)
    {
        errors.push(place, message::reductions::no_squared_distance());
    }
    if let Some(place) = written.marked(Mark::ScaledDistances)
        && !passes::scaled_distances::applies(&program)
    {
        errors.push(place, message::reductions::no_scaled_distance());
    }
    let demands = demands(&program);
    let gradients = checked.gradients.iter().map(|&argument| {
        let variable = VariableId(argument as u32);
        let gradient = passes::differentiate::gradient(&program, variable, taken);
        let gradient = passes::simplify::simplify(gradient);
        (optimised(written, &gradient), vec![])
    });
    let programs: Vec<(Program, Vec<Demand>)> =
        std::iter::once((optimised(written, &program), demands)).chain(gradients).collect();
    if let Some(place) = written.marked(Mark::FastMaths)
        && !programs.iter().any(|(program, _)| passes::fast_maths::applies(program))
    {
        errors.push(place, message::reductions::nothing_faster());
    }
    programs
}

/// What the function's attributes allow beyond the passes that are always run.
fn optimised(written: &ast::Function, program: &Program) -> Program {
    let program = match written.marked(Mark::ScaledDistances) {
        Some(_) => &passes::scaled_distances::scaled_distances(program),
        None => program,
    };
    let program = match written.marked(Mark::DotProducts) {
        Some(_) => passes::dot_products::dot_products(program),
        None => program.clone(),
    };
    Program { fast_maths: written.marked(Mark::FastMaths).is_some(), ..program }
}

/// The function as it is declared.
pub(crate) fn signature(written: &ast::Function) -> Signature {
    let returned = |r: &ast::ResultType| Returned { kind: r.kind, dim: known(&r.dim), index: r.index };
    Signature {
        attributes: written.attributes.clone(),
        visibility: written.visibility.clone(),
        closure: written.closure,
        name: written.name.clone(),
        path: written.name.to_string(),
        dimensions: written.dimensions.clone(),
        parameters: parameters(written),
        returned: written.results.iter().map(returned).collect(),
    }
}

fn parameters(written: &ast::Function) -> Vec<Parameter> {
    let parameter = |a: &ast::Argument| Parameter { name: a.name.clone(), kind: a.kind, dim: known(&a.dim) };
    written.arguments.iter().map(parameter).collect()
}

/// A dimension of a declaration without errors.
fn known(dim: &Option<Dimension>) -> Dimension {
    dim.clone().expect("dimensions in error are not declared")
}

/// The arguments of a gradient: those of the function, then a seed for each value result.
pub(crate) fn with_seeds(written: &ast::Function, names: Vec<Ident>) -> Vec<Parameter> {
    let values = written.results.iter().filter(|r| !r.index);
    let seeds =
        names.into_iter().zip(values).map(|(name, r)| Parameter { name, kind: r.kind, dim: known(&r.dim) });
    parameters(written).into_iter().chain(seeds).collect()
}

/// The names that are taken by dimensions, beside those of arguments.
fn dimension_names(written: &ast::Function) -> Vec<String> {
    written.dimensions.iter().map(|parameter| parameter.name.to_string()).collect()
}

/// Names for the seeds of a function that was not compiled.
pub(crate) fn free_seed_names(written: &ast::Function) -> Vec<Ident> {
    let mut taken = dimension_names(written);
    taken.extend(written.arguments.iter().map(|argument| argument.name.to_string()));
    let count = written.results.iter().filter(|r| !r.index).count();
    let names = passes::differentiate::seed_names(count, |name| taken.iter().any(|known| known == name));
    names.iter().map(|name| Ident::new(name, Span::call_site())).collect()
}

/// The names of the seeds, in order.
fn seed_names(written: &ast::Function, gradient: &Program) -> Vec<Ident> {
    let own = written.arguments.len();
    let seeds = gradient.graph.variables().iter().filter_map(|v| match v.source {
        Source::Argument(k) if k >= own => Some((k, Ident::new(&v.name, Span::call_site()))),
        _ => None,
    });
    let mut seeds: Vec<(usize, Ident)> = seeds.collect();
    seeds.sort_by_key(|(k, _)| *k);
    seeds.into_iter().map(|(_, name)| name).collect()
}

/// The gradient with respect to the argument `of`.
pub(crate) fn gradient_signature(
    written: &ast::Function,
    of: &ast::Argument,
    parameters: Vec<Parameter>,
) -> Signature {
    let doc = format!(
        "The gradient of Σ ⟨e, {}⟩ with respect to `{}`: rows of the shape of `{}`, for a seed `e` of the shape of \
         the result (one for each value result, in order).",
        written.name, of.name, of.name
    );
    let mut attributes = vec![quote!(#[doc = #doc])];
    attributes.extend(written.attributes.iter().filter(|a| parse::is_cfg(a)).cloned());
    Signature {
        attributes,
        visibility: quote!(pub),
        closure: false,
        name: format_ident!("grad_{}", of.name),
        path: format!("{}::grad_{}", written.name, of.name),
        dimensions: written.dimensions.clone(),
        parameters,
        returned: vec![Returned { kind: of.kind, dim: known(&of.dim), index: false }],
    }
}

/// What the function needs of the number of points that are reduced over.
fn demands(program: &Program) -> Vec<Demand> {
    let mut demands: Vec<Demand> = vec![];
    for stage in &program.stages {
        let index = stage.keep.other().letter();
        let roots: Vec<ir::NodeId> = stage.outputs.iter().flat_map(|o| o.nodes.iter().copied()).collect();
        for id in program.graph.reachable(&roots) {
            let (name, points, indices) = match program.graph.op(id) {
                Op::Count => ("Mean", 1, false),
                Op::Reduced(r) => match program.reductions[r.0 as usize].kind {
                    ReductionKind::SumSoftMaxWeight => ("SumSoftMaxWeight", 1, false),
                    ReductionKind::Position(ir::Extreme::Min) => ("ArgMin", 1, true),
                    ReductionKind::Position(ir::Extreme::Max) => ("ArgMax", 1, true),
                    ReductionKind::BestPosition { extreme: ir::Extreme::Min, count } => {
                        ("ArgKMin", count, true)
                    }
                    ReductionKind::BestPosition { extreme: ir::Extreme::Max, count } => {
                        ("ArgKMax", count, true)
                    }
                    _ => continue,
                },
                _ => continue,
            };
            let demand = Demand { reduction: format!("{name}_{index}"), points, indices };
            if !demands.contains(&demand) {
                demands.push(demand);
            }
        }
    }
    demands
}
