//! The gradient of a whole function, as a function: stages from stages.
//!
//! For results r_o = g_o(R, x_a, p) of the kept rows a, with reductions R = reduce_b F(x_a, y_b, p), and seeds e_o of the
//! results' shapes, the gradient of Σ ⟨e_o, r_o⟩ takes up to three kinds of pass:
//! 1. what the pairs must know of each kept row, saved: log-sum-exps, indices, and the adjoints Σ_o e_o ∂g_o/∂R where
//!    they are more than the seeds. A plain sum needs none of it, so its gradient is one pass;
//! 2. a sum over all pairs of the adjoint of F, kept on the side of the variable asked for (and, for a parameter, summed
//!    over the rows as well), plus what depends on the variable outside of the reductions;
//! 3. for Min, Max and KMin, a sum over the chosen pairs.
//!
//! With respect to variables of the kept rows and parameters, the first two are often one: see the module `one_pass`.

mod one_pass;

use super::prune::prune;
use crate::adjoint;
use crate::ast::Kind;
use crate::ir::verify::debug_verify;
use crate::ir::{
    Dim, Graph, NodeId, Op, Output, OutputKind, Program, Reduction, ReductionId, ReductionKind, Side, Source,
    Stage, StageKind, Variable, VariableId,
};
use crate::ops::reduction::{self, Adjoint, KeptRow};
use std::collections::HashMap;

/// The function that takes the arguments of `program` and one seed for each value result, and returns the gradient with
/// respect to one argument: rows of the argument's shape.
///
/// A seed is a variable like the result it belongs to, named `e`, or `e_1`, `e_2` … if there are several results. `taken`
/// are names that no variable may have, beside those that there are: those of dimensions.
///
/// # Panics
/// If the program has more than one stage: gradients are taken of formulas, not of gradients.
pub fn gradient(program: &Program, variable: VariableId, taken: &[String]) -> Program {
    let [forward] = &program.stages[..] else {
        panic!("a formula has one stage, not {}", program.stages.len())
    };
    let mut backward = Backward::new(program, forward.keep, variable, taken);
    let roots = backward.seeded_results(program, forward);
    let (adjoints, direct) = backward.adjoints_of_reductions(&roots);
    if let Some(stage) = backward.one_pass(&adjoints, direct) {
        return backward.finish(vec![stage]);
    }
    let mut pairs = Vec::new();
    let mut stages = Vec::new();
    for (id, seed) in adjoints {
        let reduction = backward.program.reductions[id.0 as usize].clone();
        match reduction::row(reduction.kind).adjoint {
            Adjoint::Nowhere => {}
            Adjoint::EveryPair { seeds, .. } => {
                let seeds = seeds(&mut backward, &reduction, seed);
                pairs.push((reduction.argument, seeds.argument));
                pairs.extend(reduction.weight.zip(seeds.weight));
            }
            Adjoint::ChosenPairs(index) => {
                stages.extend(backward.gather(&reduction, index(reduction.kind), seed))
            }
        }
    }
    stages.extend(backward.every_pair(&pairs, direct));
    backward.finish(stages)
}

/// A gradient under construction.
struct Backward<'a> {
    /// The graph and the reductions; the stages are put in at the end.
    program: Program,
    /// The side that the function's results are on.
    kept: Side,
    /// What the gradient is taken with respect to,
    variable: VariableId,
    /// its node,
    node: NodeId,
    /// and the side that the gradient is kept on.
    side: Side,
    /// What the gradient's rows are: those of its variable, or one total.
    kind: OutputKind,
    /// The outputs of the first stage.
    saved: Vec<Output>,
    /// Names that are no variables' and not free.
    taken: &'a [String],
}

impl<'a> Backward<'a> {
    fn new(forward: &Program, kept: Side, variable: VariableId, taken: &'a [String]) -> Self {
        let mut program = Program { stages: vec![], results: vec![], ..forward.clone() };
        let (side, kind) = match program.graph.variable(variable).kind {
            Kind::I => (Side::I, OutputKind::Rows),
            Kind::J => (Side::J, OutputKind::Rows),
            Kind::Parameter => (kept, OutputKind::Total),
        };
        let node = program.graph.variable_node(variable);
        Backward { program, kept, variable, node, side, kind, saved: vec![], taken }
    }

    /// The value results with their seeds, which are declared here.
    fn seeded_results(&mut self, program: &Program, forward: &Stage) -> Vec<(NodeId, NodeId)> {
        let outputs = program.results.iter().flatten().map(|&(_, output)| &forward.outputs[output]);
        let values: Vec<&Output> = outputs.filter(|output| output.kind != OutputKind::Indices).collect();
        let is_argument = |v: &&Variable| matches!(v.source, Source::Argument(_));
        let first = program.graph.variables().iter().filter(is_argument).count();
        let names = seed_names(values.len(), |name| self.is_taken(name));
        let mut roots = Vec::new();
        for (n, (output, name)) in values.into_iter().zip(names).enumerate() {
            let kind = if output.kind == OutputKind::Total { Kind::Parameter } else { self.kept.kind() };
            let source = Source::Argument(first + n);
            let seed = self.graph().declare(Variable { name, kind, dim: output.dim.clone(), source });
            roots.push((output.nodes[0], seed));
        }
        roots
    }

    fn is_taken(&self, name: &str) -> bool {
        self.taken.iter().any(|taken| taken == name)
            || self.program.graph.variables().iter().any(|variable| variable.name == name)
    }

    /// The adjoints of the reductions that results depend on, and the gradient that passes by the reductions.
    fn adjoints_of_reductions(
        &mut self,
        roots: &[(NodeId, NodeId)],
    ) -> (Vec<(ReductionId, NodeId)>, Option<NodeId>) {
        let values: Vec<NodeId> = roots.iter().map(|(root, _)| *root).collect();
        let reductions = reduced_nodes(&self.program.graph, &values);
        let mut nodes: Vec<NodeId> = reductions.iter().map(|(_, node)| *node).collect();
        nodes.push(self.node);
        let mut adjoints = adjoint::adjoints(&mut self.program.graph, roots, &nodes);
        let direct = adjoints.pop().flatten();
        let found =
            reductions.into_iter().zip(adjoints).filter_map(|((id, _), adjoint)| Some((id, adjoint?)));
        (found.collect(), direct)
    }

    /// The pass over all pairs, given the seeds of what is reduced; `None` if nothing there depends on the variable.
    fn every_pair(&mut self, roots: &[(NodeId, NodeId)], direct: Option<NodeId>) -> Option<Stage> {
        let argument = self.gradient_of_pair(roots);
        let summed = argument.map(|argument| {
            let sum = self.reduced(Reduction { kind: ReductionKind::Sum, argument, weight: None });
            // What the row contributes to each pair may be infinite where there are none.
            if self.side == self.kept { reduction::unless_empty(self.graph(), sum) } else { sum }
        });
        self.sum_stage(summed.into_iter().chain(direct).collect())
    }

    /// The adjoint of the variable in one pair.
    fn gradient_of_pair(&mut self, roots: &[(NodeId, NodeId)]) -> Option<NodeId> {
        adjoint::adjoints(&mut self.program.graph, roots, &[self.node]).pop().flatten()
    }

    /// The stage whose gradient is a sum of terms; `None` if there are none.
    fn sum_stage(&mut self, terms: Vec<NodeId>) -> Option<Stage> {
        if terms.is_empty() {
            return None;
        }
        let gradient = self.graph().add(terms);
        Some(self.gradient_stage(StageKind::Reduce, vec![gradient]))
    }

    /// The pass over the pairs chosen by a reduction with these positions; `None` if nothing there depends on the
    /// variable.
    fn gather(&mut self, reduction: &Reduction, positions: ReductionKind, seed: NodeId) -> Option<Stage> {
        let f = reduction.argument;
        let coordinates = literal(self.graph().dim(f));
        let count = literal(&(reduction::row(positions).dim)(positions, &Dim::literal(coordinates), None));
        let seed = adjoint::spread(self.graph(), seed, &Dim::literal(count));
        // How many pairs a row has is not known where one of them is looked at.
        let counted = self
            .program
            .graph
            .reachable(&[seed])
            .into_iter()
            .any(|node| *self.program.graph.op(node) == Op::Count);
        let seed = if counted { self.row_of(seed) } else { self.saved(seed) };
        let one = Dim::literal(1);
        let mut nodes = Vec::new();
        for k in 0..count {
            let chosen = self.graph().extract(f, k % coordinates, &one);
            let seed = self.graph().extract(seed, k, &one);
            nodes.push(adjoint::gradient(&mut self.program.graph, chosen, self.variable, seed));
        }
        let dim = self.dim();
        let zeros = self.graph().zeros(&dim);
        if nodes.iter().all(|&node| node == zeros) {
            return None;
        }
        let indices = self.reduced(Reduction { kind: positions, ..reduction.clone() });
        let positions = (0, self.save(indices, OutputKind::Indices));
        Some(self.gradient_stage(StageKind::Gather { chosen_by: self.kept, positions }, nodes))
    }

    /// The variable of a value that the first stage saves for each kept row.
    fn row_of(&mut self, value: NodeId) -> NodeId {
        let source = Source::Saved { stage: 0, output: self.save(value, OutputKind::Rows) };
        let variables = self.program.graph.variables();
        if let Some(known) = variables.iter().position(|variable| variable.source == source) {
            return self.graph().variable_node(VariableId(known as u32));
        }
        let names = (1..).map(|n| format!("saved_{n}"));
        let name = names.into_iter().find(|name| !self.is_taken(name)).expect("numbers do not end");
        let dim = self.program.graph.dim(value).clone();
        let kind = self.kept.kind();
        self.graph().declare(Variable { name, kind, dim, source })
    }

    fn gradient_stage(&mut self, kind: StageKind, nodes: Vec<NodeId>) -> Stage {
        let dim = self.dim();
        let nodes = nodes.into_iter().map(|node| adjoint::spread(self.graph(), node, &dim)).collect();
        Stage { kind, keep: self.side, outputs: vec![Output { nodes, dim, kind: self.kind }] }
    }

    fn dim(&self) -> Dim {
        self.program.graph.dim(self.node).clone()
    }

    /// Makes a value of the kept rows an output of the first stage; the number of the output.
    fn save(&mut self, value: NodeId, kind: OutputKind) -> usize {
        let same = |output: &Output| output.nodes == [value] && output.kind == kind;
        self.saved.iter().position(same).unwrap_or_else(|| {
            let dim = self.program.graph.dim(value).clone();
            self.saved.push(Output { nodes: vec![value], dim, kind });
            self.saved.len() - 1
        })
    }

    /// Whether a value of the kept rows can as well be computed in the pairs: the loops hoist what they can, and what
    /// they cannot hoist must be cheap.
    fn can_stay(&self, value: NodeId) -> bool {
        let graph = &self.program.graph;
        let same_side = self.side == self.kept;
        // Whether each node differs from point to point, arguments first.
        let mut varies: HashMap<NodeId, bool> = HashMap::new();
        graph.reachable(&[value]).into_iter().all(|node| {
            let own = matches!(graph.op(node), Op::Variable(v) if graph.variable(*v).kind != Kind::Parameter);
            let hoisted = !(own || graph.args(node).iter().any(|a| varies[a]));
            varies.insert(node, !hoisted);
            match graph.op(node) {
                Op::Reduced(_) => false,
                // N is another number when the other side is kept.
                Op::Count => same_side,
                Op::Power(_)
                | Op::Map(_)
                | Op::Contract(_)
                | Op::Extreme(_)
                | Op::Position(_)
                | Op::OneHot => same_side || hoisted,
                Op::Variable(_) | Op::Constant(_) | Op::Add | Op::Mul | Op::Sum | Op::Fill => true,
                Op::Concat | Op::Extract { .. } | Op::Pad { .. } => true,
            }
        })
    }

    /// Puts the stages together; without any, the gradient is zero.
    fn finish(mut self, mut gradients: Vec<Stage>) -> Program {
        if gradients.is_empty() {
            let zero = self.graph().integer(0);
            gradients.push(self.gradient_stage(StageKind::Reduce, vec![zero]));
        }
        if !self.saved.is_empty() {
            let outputs = std::mem::take(&mut self.saved);
            self.program.stages.push(Stage { kind: StageKind::Reduce, keep: self.kept, outputs });
        }
        let first = self.program.stages.len();
        self.program.stages.extend(gradients);
        self.program.results = vec![(first..self.program.stages.len()).map(|stage| (stage, 0)).collect()];
        let gradient = prune(&self.program);
        debug_verify(&gradient, "differentiate");
        gradient
    }
}

impl KeptRow for Backward<'_> {
    fn graph(&mut self) -> &mut Graph {
        &mut self.program.graph
    }

    fn reduced(&mut self, reduction: Reduction) -> NodeId {
        let graph = &mut self.program.graph;
        let weight = reduction.weight.map(|weight| graph.dim(weight));
        let dim = (reduction::row(reduction.kind).dim)(reduction.kind, graph.dim(reduction.argument), weight);
        let reductions = &mut self.program.reductions;
        let number = reductions.iter().position(|known| *known == reduction).unwrap_or_else(|| {
            reductions.push(reduction);
            reductions.len() - 1
        });
        graph.intern(Op::Reduced(ReductionId(number as u32)), vec![], dim)
    }

    fn saved(&mut self, value: NodeId) -> NodeId {
        if self.can_stay(value) { value } else { self.row_of(value) }
    }
}

/// `e`, or `e_1`, `e_2` …; another stem where one of them is taken.
pub fn seed_names(count: usize, is_taken: impl Fn(&str) -> bool) -> Vec<String> {
    let stems = ["e", "seed"].into_iter().map(String::from).chain((2..).map(|n| format!("seed{n}")));
    let names = |stem: String| match count {
        1 => vec![stem],
        _ => (1..=count).map(|n| format!("{stem}_{n}")).collect(),
    };
    let is_free = |names: &Vec<String>| !names.iter().any(|name| is_taken(name));
    stems.map(names).find(is_free).expect("stems do not end")
}

/// The reductions that these expressions are made of, with their nodes.
fn reduced_nodes(graph: &Graph, roots: &[NodeId]) -> Vec<(ReductionId, NodeId)> {
    let reduced = |node: NodeId| match graph.op(node) {
        Op::Reduced(id) => Some((*id, node)),
        _ => None,
    };
    graph.reachable(roots).into_iter().filter_map(reduced).collect()
}

fn literal(dim: &Dim) -> usize {
    dim.value().expect("the chosen coordinates are counted at compile time")
}

#[cfg(test)]
mod tests;
