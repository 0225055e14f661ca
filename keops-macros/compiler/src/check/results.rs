//! The body and its results: what is summed although no reduction is written, whether the results are those declared, or which
//! they are if none is, and the program.

use super::names::Origin;
use super::quote::{quote, quote_operand, quote_whole};
use super::reduction::search_over_points;
use super::{Checked, Checker, Given, Keep, LARGEST_FORMULA, Meaning, Uses, Value, length};
use crate::ast::{self, Dimension, Expr, ExprKind, Kind, ResultType};
use crate::ir::{NodeId, Op, Output, OutputKind, Program, Reduction, ReductionKind, Side, Stage, StageKind};
use crate::message::{names, results as message};

/// One result that the body gives.
#[derive(Clone, Copy)]
struct Found<'a> {
    given: Given<'a>,
    index: bool,
}

impl<'a> Checker<'a> {
    /// The side that the results are declared on, and whether there is anything to reduce over.
    pub(super) fn declared_side(&mut self, function: &'a ast::Function) {
        let arguments = self.arguments;
        let has = |kind: Kind| arguments.iter().any(|argument| argument.kind == kind);
        let Some(first) = function.results.first() else {
            // Where it is uncertain which arguments there are, there is no body.
            if function.body.is_some() {
                self.keep = Keep::Open;
                let missing = [Kind::I, Kind::J].into_iter().find(|kind| !has(*kind));
                if let Some(missing) = missing {
                    self.error(function.results_place, message::side_missing(missing));
                }
            }
            return;
        };
        if let Some(other) = function.results.iter().find(|other| other.kind != first.kind) {
            self.error(other.place, message::both_sides(&first.to_string(), &other.to_string()));
            return;
        }
        self.keep = match first.kind {
            Kind::I => Keep::Rows(Side::I),
            Kind::J => Keep::Rows(Side::J),
            Kind::Parameter => Keep::Total,
        };
        let missing = match self.keep {
            Keep::Rows(keep) if !has(keep.kind()) => message::no_rows(&first.to_string(), keep.letter()),
            Keep::Rows(keep) if !has(keep.other().kind()) => {
                message::nothing_to_reduce(&first.to_string(), keep.other().letter())
            }
            Keep::Total if !has(Kind::I) => message::nothing_to_reduce(&first.to_string(), 'i'),
            Keep::Total if !has(Kind::J) => message::nothing_to_reduce(&first.to_string(), 'j'),
            _ => return,
        };
        self.error(function.results_place, missing);
    }

    /// The side that the results keep, if it is one.
    pub(super) fn kept(&self) -> Option<Side> {
        match self.keep {
            Keep::Rows(side) => Some(side),
            Keep::Total | Keep::Open | Keep::Unknown => None,
        }
    }

    /// The side that reductions should run over.
    pub(super) fn reduced_side(&self) -> Side {
        self.kept().map_or(Side::J, Side::other)
    }

    /// The kind of the results.
    pub(super) fn kept_kind(&self) -> Kind {
        match self.keep {
            Keep::Rows(Side::I) | Keep::Open | Keep::Unknown => Kind::I,
            Keep::Rows(Side::J) => Kind::J,
            Keep::Total => Kind::Parameter,
        }
    }

    /// Reads the body: one node for each declared result, of the declared length. Where nothing is declared, the results are
    /// those that it gives.
    pub(super) fn body(&mut self, function: &'a ast::Function) -> Option<Vec<(NodeId, ResultType)>> {
        let body = function.body.as_ref()?;
        for binding in &body.lets {
            let meaning = self.meaning(&binding.value);
            self.scope.bind(&binding.name, Origin::Let(&binding.value), meaning);
        }
        let items = match &body.result.kind {
            ExprKind::Tuple(items) if !items.is_empty() => items.as_slice(),
            _ => std::slice::from_ref(&body.result),
        };
        let found: Vec<Option<Vec<Found>>> = items.iter().map(|item| self.found(item)).collect();
        let found: Vec<Found> = found.into_iter().collect::<Option<Vec<_>>>()?.concat();
        let results = match function.results.is_empty() {
            true => self.inferred(&found),
            false => function.results.clone(),
        };
        if found.len() != results.len() {
            let paste = tuple(found.iter().map(|found| self.result_type(*found)));
            self.error(body.result.place, message::count(found.len(), results.len(), &paste));
            return None;
        }
        let nodes: Vec<Option<(NodeId, ResultType)>> = found
            .into_iter()
            .zip(results)
            .map(|(found, result)| Some((self.result(found, &result)?, result)))
            .collect();
        nodes.into_iter().collect()
    }

    /// The results that a body gives. If no reduction has decided over what they are summed, it is j; but i if they
    /// depend on i and not on j.
    fn inferred(&mut self, found: &[Found<'a>]) -> Vec<ResultType> {
        if self.keep == Keep::Open {
            let uses: Vec<Uses> = found.iter().map(|found| self.uses(found.given.value.node)).collect();
            let on = |side| uses.iter().any(|uses| uses.on(side));
            self.keep = Keep::Rows(if on(Side::I) && !on(Side::J) { Side::J } else { Side::I });
        }
        let kind = self.kept_kind();
        let result = |found: &Found| ResultType {
            kind,
            dim: self.dim(found.given).value().map(Dimension::Number),
            index: found.index,
            place: found.given.expr.place,
        };
        found.iter().map(result).collect()
    }

    /// The results that one item of the final tuple gives.
    fn found(&mut self, item: &'a Expr) -> Option<Vec<Found<'a>>> {
        let found = |value: Value, index: bool| Found { given: Given { expr: item, value }, index };
        Some(match self.meaning(item)? {
            Meaning::Value(value) | Meaning::Total(value) => vec![found(value, false)],
            Meaning::Indices(value) => vec![found(value, true)],
            Meaning::Pair(values, indices) => vec![found(values, false), found(indices, true)],
        })
    }

    /// Holds a result against its declaration. The output is what has been reduced, or the sum of what has
    /// not.
    fn result(&mut self, found: Found<'a>, declared_result: &ResultType) -> Option<NodeId> {
        let (given, dim) = (found.given, self.dim(found.given));
        let wanted = length(declared_result.dim.as_ref()?);
        let (declared, paste) = (declared_result.to_string(), self.result_type(found));
        let message = match (found.index, declared_result.index) {
            (true, false) => message::indices_found(&quote(given.expr), &declared, &paste),
            (false, true) => {
                let over = self.reduced_side();
                let fix = search_over_points(given.expr, over)
                    .unwrap_or_else(|| format!("ArgMin_{}(…)", over.letter()));
                message::numbers_found(&quote(given.expr), &declared, &paste, &fix)
            }
            _ if dim == wanted => {
                let uses = self.uses(given.value.node);
                if uses.reduced {
                    return Some(given.value.node);
                }
                let sum = Reduction { kind: ReductionKind::Sum, argument: given.value.node, weight: None };
                let indices = match self.keep {
                    Keep::Total => "ij".into(),
                    _ => self.reduced_side().letter().to_string(),
                };
                let text = format!("Sum_{indices}({})", quote(given.expr));
                return Some(self.reduced(sum, dim, (text, given.expr.place)));
            }
            _ => {
                let fix = match (dim.value(), wanted.value()) {
                    (Some(found_length), Some(wanted)) if found.index => {
                        let count = self.count_for(given.value.node, found_length, wanted);
                        message::fix_of_indices(count, found_length, wanted)
                    }
                    (_, Some(1)) => message::fix_by_sum(quote_whole(given.expr).as_deref()),
                    (Some(found), Some(wanted)) if found > wanted => {
                        message::fix_by_slice(quote_operand(given.expr).as_deref(), wanted)
                    }
                    _ => message::fix_too_short(&wanted),
                };
                message::length(&dim.to_string(), &declared, &self.length(given), &paste, &fix)
            }
        };
        self.error(given.expr.place, message);
        None
    }

    /// The K with which the K indices of each of some coordinates would be as many as wanted, if there is one.
    fn count_for(&self, node: NodeId, found: usize, wanted: usize) -> Option<usize> {
        let Op::Reduced(id) = self.graph.op(node) else { return None };
        let ReductionKind::BestPosition { count, .. } = self.reductions[id.0 as usize].kind else {
            return None;
        };
        let coordinates = found / count;
        wanted.is_multiple_of(coordinates).then(|| wanted / coordinates)
    }

    /// The declaration that fits a result.
    fn result_type(&self, found: Found) -> String {
        let index = if found.index { ", usize" } else { "" };
        format!("{}<{}{index}>", self.kept_kind(), self.dim(found.given))
    }

    /// The number of operations of the results, those that are reduced included.
    fn size(&self, results: &[NodeId]) -> usize {
        let mut roots = results.to_vec();
        for node in self.graph.reachable(results) {
            if let Op::Reduced(reduction) = self.graph.op(node) {
                let reduction = &self.reductions[reduction.0 as usize];
                roots.extend([reduction.argument].into_iter().chain(reduction.weight));
            }
        }
        self.graph.reachable(&roots).len()
    }

    /// The checked function, if nothing was wrong with it.
    pub(super) fn finish(
        mut self,
        function: &ast::Function,
        gradients: Vec<usize>,
        results: Vec<(NodeId, ResultType)>,
    ) -> Option<Checked> {
        if self.failed {
            return None;
        }
        let (nodes, results): (Vec<NodeId>, Vec<ResultType>) = results.into_iter().unzip();
        let size = self.size(&nodes);
        if size > LARGEST_FORMULA {
            let place = function.body.as_ref()?.result.place;
            self.error(place, names::formula_too_large(size, LARGEST_FORMULA));
            return None;
        }
        let output = |(node, declared): (NodeId, &ResultType)| Output {
            nodes: vec![node],
            dim: self.graph.dim(node).clone(),
            kind: match declared {
                ResultType { index: true, .. } => OutputKind::Indices,
                ResultType { kind: Kind::Parameter, .. } => OutputKind::Total,
                _ => OutputKind::Rows,
            },
        };
        let outputs: Vec<Output> = nodes.into_iter().zip(&results).map(output).collect();
        let of_outputs = (0..outputs.len()).map(|output| vec![(0, output)]).collect();
        let keep = self.kept().unwrap_or(Side::I);
        let stages = vec![Stage { kind: StageKind::Reduce, keep, outputs }];
        Some(Checked {
            program: Program {
                graph: self.graph,
                reductions: self.reductions,
                stages,
                results: of_outputs,
                fast_maths: false,
            },
            gradients,
            results,
            written: self.written,
        })
    }
}

/// One declaration, or several in parentheses.
fn tuple(types: impl Iterator<Item = String>) -> String {
    let types: Vec<String> = types.collect();
    match &types[..] {
        [only] => only.clone(),
        all => format!("({})", all.join(", ")),
    }
}
