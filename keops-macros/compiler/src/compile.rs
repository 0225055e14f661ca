//! A checked function through all passes, and its gradients.

use crate::ast;
use crate::backend::rust::{Demand, Parameter, Returned, Signature};
use crate::check::Checked;
use crate::error::Errors;
use crate::ir::{self, Op, Program, ReductionKind, Side, Source, VariableId};
use crate::{message, parse, passes};
use proc_macro2::{Ident, Span};
use quote::{format_ident, quote};

/// A function on its way to code.
pub(crate) struct Compiled {
    pub(crate) signature: Signature,
    pub(crate) program: Program,
    pub(crate) demands: Vec<Demand>,
    /// Whether near pairs are to be searched for.
    pub(crate) prune: bool,
}

/// A checked function through all passes, then its gradients.
pub(crate) fn compile(written: &ast::Function, checked: Checked, errors: &mut Errors) -> Vec<Compiled> {
    let signature = Signature {
        attributes: written.attributes.clone(),
        visibility: written.visibility.clone(),
        name: written.name.clone(),
        parameters: parameters(written),
        returned: returned(written),
    };
    let program = passes::prune::prune(&passes::simplify::simplify(checked.program));
    if let Some(place) = written.dot_products
        && !passes::dot_products::applies(&program)
    {
        errors.push(place, message::reductions::no_squared_distance());
    }
    if let Some(place) = written.scaled_distances
        && !passes::scaled_distances::applies(&program)
    {
        errors.push(place, message::reductions::no_scaled_distance());
    }
    if let Some(place) = written.prune {
        let others = [written.dot_products, written.scaled_distances, written.fast_maths];
        if others.iter().any(Option::is_some) {
            errors.push(place, message::reductions::pruned_and_rewritten());
        } else if !passes::neighbours::applies(&program) {
            errors.push(place, message::reductions::distant_pairs_count());
        }
    }
    let (demands, prune) = (demands(&program), written.prune.is_some());
    let gradients = checked.gradients.iter().map(|&argument| {
        let variable = VariableId(argument as u32);
        let gradient = passes::simplify::simplify(passes::differentiate::gradient(&program, variable));
        let parameters = with_seeds(parameters(written), &gradient);
        let signature = gradient_signature(written, &written.arguments[argument], parameters);
        Compiled { signature, program: optimised(written, &gradient), demands: vec![], prune }
    });
    let gradients: Vec<Compiled> = gradients.collect();
    let value = Compiled { signature, program: optimised(written, &program), demands, prune };
    if let Some(place) = written.fast_maths
        && !std::iter::once(&value).chain(&gradients).any(|c| passes::fast_maths::applies(&c.program))
    {
        errors.push(place, message::reductions::nothing_faster());
    }
    std::iter::once(value).chain(gradients).collect()
}

/// What the function's attributes allow beyond the passes that are always run.
fn optimised(written: &ast::Function, program: &Program) -> Program {
    let program = match written.scaled_distances {
        Some(_) => &passes::scaled_distances::scaled_distances(program),
        None => program,
    };
    let program = match written.dot_products {
        Some(_) => passes::dot_products::dot_products(program),
        None => program.clone(),
    };
    Program { fast_maths: written.fast_maths.is_some(), ..program }
}

pub(crate) fn parameters(written: &ast::Function) -> Vec<Parameter> {
    let parameter =
        |a: &ast::Argument| Parameter { name: a.name.clone(), kind: a.kind, dim: a.dim.unwrap_or_default() };
    written.arguments.iter().map(parameter).collect()
}

pub(crate) fn returned(written: &ast::Function) -> Vec<Returned> {
    let returned =
        |r: &ast::ResultType| Returned { kind: r.kind, dim: r.dim.unwrap_or_default(), index: r.index };
    written.results.iter().map(returned).collect()
}

/// The arguments of a gradient: those of the function, then a seed for each value result.
fn with_seeds(own: Vec<Parameter>, gradient: &Program) -> Vec<Parameter> {
    let seeds = gradient.graph.variables().iter().filter_map(|v| match v.source {
        Source::Argument(k) if k >= own.len() => {
            let name = Ident::new(&v.name, Span::call_site());
            Some((k, Parameter { name, kind: v.kind, dim: v.dim.value().unwrap_or_default() }))
        }
        _ => None,
    });
    let mut seeds: Vec<(usize, Parameter)> = seeds.collect();
    seeds.sort_by_key(|(k, _)| *k);
    own.into_iter().chain(seeds.into_iter().map(|(_, p)| p)).collect()
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
        name: format_ident!("grad_{}", of.name),
        parameters,
        returned: vec![Returned { kind: of.kind, dim: of.dim.unwrap_or_default(), index: false }],
    }
}

/// What the function needs of the number of points that are reduced over.
fn demands(program: &Program) -> Vec<Demand> {
    let mut demands: Vec<Demand> = vec![];
    for stage in &program.stages {
        let index = match stage.keep {
            Side::I => "j",
            Side::J => "i",
        };
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
