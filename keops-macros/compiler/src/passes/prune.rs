//! Leaves out what no result depends on: outputs that nothing reads, reductions and nodes of no output.
//!
//! Afterwards every saved output is read by a later stage, every reduction belongs to a stage, and nodes and reductions
//! are numbered in the order of use, so that equal programs are equal whatever they were made from. Arguments stay, used
//! or not: they are the signature.

use crate::ir::{
    Graph, NodeId, Op, Output, Program, Reduction, ReductionId, Source, Stage, StageKind, Variable,
    VariableId,
};
use std::collections::{BTreeSet, HashMap};

/// The same function without its unused parts.
pub fn prune(program: &Program) -> Program {
    let live = live_outputs(program);
    let mut pruned = Pruned::new(program, &live);
    for (number, stage) in program.stages.iter().enumerate() {
        let outputs: Vec<&Output> = (stage.outputs.iter().enumerate())
            .filter(|(output, _)| live.contains(&(number, *output)))
            .map(|(_, output)| output)
            .collect();
        if outputs.is_empty() {
            continue;
        }
        let outputs = outputs.into_iter().map(|output| pruned.output(output)).collect();
        let kind = match stage.kind {
            StageKind::Reduce => StageKind::Reduce,
            StageKind::Gather { chosen_by, positions } => {
                StageKind::Gather { chosen_by, positions: pruned.places[&positions] }
            }
        };
        pruned.result.stages.push(Stage { kind, keep: stage.keep, outputs });
    }
    let places = pruned.places;
    let results = program.results.iter().map(|sum| sum.iter().map(|place| places[place]).collect());
    Program { results: results.collect(), ..pruned.result }
}

/// The outputs, as (stage, output), that are results or that a stage with live outputs reads.
fn live_outputs(program: &Program) -> BTreeSet<(usize, usize)> {
    let mut live: BTreeSet<(usize, usize)> = program.results.iter().flatten().copied().collect();
    // Stages read earlier ones only.
    for (number, stage) in program.stages.iter().enumerate().rev() {
        let outputs =
            stage.outputs.iter().enumerate().filter(|(output, _)| live.contains(&(number, *output)));
        let nodes: Vec<NodeId> = outputs.flat_map(|(_, output)| output.nodes.iter().copied()).collect();
        if nodes.is_empty() {
            continue;
        }
        if let StageKind::Gather { positions, .. } = stage.kind {
            live.insert(positions);
        }
        let reductions = reductions(program, &nodes).into_iter().map(|id| &program.reductions[id.0 as usize]);
        let reduced =
            reductions.flat_map(|reduction| [reduction.argument].into_iter().chain(reduction.weight));
        let all: Vec<NodeId> = reduced.chain(nodes.iter().copied()).collect();
        for node in program.graph.reachable(&all) {
            if let Op::Variable(id) = program.graph.op(node)
                && let Source::Saved { stage, output } = program.graph.variable(*id).source
            {
                live.insert((stage, output));
            }
        }
    }
    live
}

/// The reductions that these expressions read.
fn reductions(program: &Program, nodes: &[NodeId]) -> Vec<ReductionId> {
    let id = |node: NodeId| match program.graph.op(node) {
        Op::Reduced(id) => Some(*id),
        _ => None,
    };
    program.graph.reachable(nodes).into_iter().filter_map(id).collect()
}

/// The pruned program under construction.
struct Pruned<'a> {
    original: &'a Program,
    result: Program,
    /// The new numbers of live outputs,
    places: HashMap<(usize, usize), (usize, usize)>,
    /// of variables that are kept,
    variables: HashMap<VariableId, VariableId>,
    /// of reductions,
    reductions: HashMap<ReductionId, ReductionId>,
    /// and of nodes; as far as they have been copied.
    nodes: HashMap<NodeId, NodeId>,
}

impl<'a> Pruned<'a> {
    fn new(original: &'a Program, live: &BTreeSet<(usize, usize)>) -> Pruned<'a> {
        let mut places = HashMap::new();
        let stages: BTreeSet<usize> = live.iter().map(|(stage, _)| *stage).collect();
        for (new_stage, stage) in stages.into_iter().enumerate() {
            let outputs = live.iter().filter(|(s, _)| *s == stage).enumerate();
            places.extend(outputs.map(|(new_output, place)| (*place, (new_stage, new_output))));
        }
        let result = Program {
            graph: Graph::default(),
            reductions: vec![],
            stages: vec![],
            results: vec![],
            fast_maths: original.fast_maths,
        };
        let mut pruned = Pruned {
            original,
            result,
            places,
            variables: HashMap::new(),
            reductions: HashMap::new(),
            nodes: HashMap::new(),
        };
        pruned.declare_variables();
        pruned
    }

    fn declare_variables(&mut self) {
        for (number, variable) in self.original.graph.variables().iter().enumerate() {
            let source = match variable.source {
                Source::Saved { stage, output } => match self.places.get(&(stage, output)) {
                    Some(&(stage, output)) => Source::Saved { stage, output },
                    None => continue,
                },
                other => other,
            };
            let new = VariableId(self.result.graph.variables().len() as u32);
            self.result.graph.declare(Variable { source, ..variable.clone() });
            self.variables.insert(VariableId(number as u32), new);
        }
    }

    fn output(&mut self, output: &Output) -> Output {
        for id in reductions(self.original, &output.nodes) {
            let reduction = self.original.reductions[id.0 as usize].clone();
            let argument = self.copy(reduction.argument);
            let weight = reduction.weight.map(|weight| self.copy(weight));
            let new = Reduction { argument, weight, ..reduction };
            let known = self.result.reductions.iter().position(|reduction| *reduction == new);
            let number = known.unwrap_or_else(|| {
                self.result.reductions.push(new);
                self.result.reductions.len() - 1
            });
            self.reductions.insert(id, ReductionId(number as u32));
        }
        let nodes = output.nodes.iter().map(|&node| self.copy(node)).collect();
        Output { nodes, ..output.clone() }
    }

    /// The copy of an expression whose reductions, if any, have got their new numbers.
    fn copy(&mut self, root: NodeId) -> NodeId {
        // Ascending, so arguments come before what is made of them.
        for id in self.original.graph.reachable(&[root]) {
            if self.nodes.contains_key(&id) {
                continue;
            }
            let node = self.original.graph.node(id).clone();
            let op = match node.op {
                Op::Variable(variable) => Op::Variable(self.variables[&variable]),
                Op::Reduced(reduction) => Op::Reduced(self.reductions[&reduction]),
                op => op,
            };
            let args = node.args.iter().map(|argument| self.nodes[argument]).collect();
            self.nodes.insert(id, self.result.graph.intern(op, args, node.dim));
        }
        self.nodes[&root]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::Kind;
    use crate::ir::{Dim, OutputKind, ReductionKind, Side};

    fn declare(graph: &mut Graph, name: &str, kind: Kind, source: Source) -> NodeId {
        graph.declare(Variable { name: name.to_string(), kind, dim: Dim::literal(1), source })
    }

    fn stage(kind: StageKind, nodes: &[NodeId]) -> Stage {
        let output =
            |&node: &NodeId| Output { nodes: vec![node], dim: Dim::literal(1), kind: OutputKind::Rows };
        Stage { kind, keep: Side::I, outputs: nodes.iter().map(output).collect() }
    }

    /// Stage 0 saves Σ x, x² and Σ x² of x, of which stage 2 reads the last; stage 1 is read by none.
    fn program() -> Program {
        let mut graph = Graph::default();
        let x = declare(&mut graph, "x_j", Kind::J, Source::Argument(0));
        let y = declare(&mut graph, "y_i", Kind::I, Source::Argument(1));
        let square = graph.power(x, 2);
        let reduction = |argument| Reduction { kind: ReductionKind::Sum, argument, weight: None };
        let reductions = vec![reduction(x), reduction(square), reduction(square)];
        let reduced =
            |graph: &mut Graph, id| graph.intern(Op::Reduced(ReductionId(id)), vec![], Dim::literal(1));
        let (sum, squares) = (reduced(&mut graph, 0), reduced(&mut graph, 2));
        declare(&mut graph, "unread", Kind::I, Source::Saved { stage: 0, output: 0 });
        let read = declare(&mut graph, "read", Kind::I, Source::Saved { stage: 0, output: 2 });
        let product = graph.mul(vec![read, y]);
        let first = stage(StageKind::Reduce, &[sum, y, squares]);
        let (second, third) = (stage(StageKind::Reduce, &[sum]), stage(StageKind::Reduce, &[product]));
        Program {
            graph,
            reductions,
            stages: vec![first, second, third],
            results: vec![vec![(2, 0)]],
            fast_maths: false,
        }
    }

    #[test]
    fn only_what_results_need_is_left() {
        let pruned = prune(&program());
        assert_eq!(pruned.results, [vec![(1, 0)]]);
        assert_eq!(pruned.stages.len(), 2);
        let saved = &pruned.stages[0].outputs;
        assert_eq!(saved.len(), 1);
        assert_eq!(*pruned.graph.op(saved[0].nodes[0]), Op::Reduced(ReductionId(0)));
        assert_eq!(pruned.reductions.len(), 1);
        assert_eq!(*pruned.graph.op(pruned.reductions[0].argument), Op::Power(2));
        let names: Vec<&str> = pruned.graph.variables().iter().map(|v| v.name.as_str()).collect();
        assert_eq!(names, ["x_j", "y_i", "read"]);
        assert_eq!(pruned.graph.variables()[2].source, Source::Saved { stage: 0, output: 0 });
        // x, y, read; x², Σ x², read · y
        assert_eq!(pruned.graph.len(), 6);
    }

    #[test]
    fn what_the_function_allows_is_kept() {
        for fast_maths in [true, false] {
            assert_eq!(prune(&Program { fast_maths, ..program() }).fast_maths, fast_maths);
        }
    }

    #[test]
    fn pruning_again_changes_nothing() {
        let content = |program: &Program| {
            let nodes = (0..program.graph.len()).map(|n| program.graph.node(NodeId(n as u32)).clone());
            let rest = format!("{:?} {:?} {:?}", program.reductions, program.stages, program.results);
            (nodes.collect::<Vec<_>>(), rest)
        };
        let once = prune(&program());
        assert_eq!(content(&prune(&once)), content(&once));
    }

    #[test]
    fn positions_of_chosen_pairs_are_read() {
        let mut program = program();
        program.stages[1].kind = StageKind::Gather { chosen_by: Side::I, positions: (0, 0) };
        program.results[0].push((1, 0));
        let pruned = prune(&program);
        assert_eq!(pruned.stages.len(), 3);
        assert_eq!(pruned.stages[0].outputs.len(), 2);
        assert_eq!(pruned.stages[1].kind, StageKind::Gather { chosen_by: Side::I, positions: (0, 0) });
        assert_eq!(pruned.graph.variables()[3].source, Source::Saved { stage: 0, output: 1 });
    }
}
