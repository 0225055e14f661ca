//! Programs as text. The text says what the program computes and nothing of how it was made: nodes
//! and reductions are numbered in the order of use, so equal programs have equal texts.

use crate::ast::Kind;
use crate::ir::{
    Extreme, Graph, NodeId, Op, OutputKind, Program, ReductionId, ReductionKind, Source, StageKind,
};
use crate::ops::scalar;
use std::collections::HashMap;

/// A program as text: the variables, then for each stage its nodes, reductions and outputs.
///
/// ```text
/// s: Pm<1> = argument 1
/// stage 0, rows i, over j
///   %0: 3 = mul(-1, y_j)
///   %1: 3 = add(x_i, %0)
///   #0 = Sum(%1)
///   %2: 3 = mul(s, #0)
///   output 0: 3 numbers per row = %2
/// results: (0, 0)
/// ```
pub fn print(program: &Program) -> String {
    let mut printer =
        Printer { program, text: String::new(), names: HashMap::new(), nodes: 0, reductions: 0 };
    printer.variables();
    for number in 0..program.stages.len() {
        printer.stage(number);
    }
    let place = |(stage, output): &(usize, usize)| format!("({stage}, {output})");
    let sums = program.results.iter().map(|sum| sum.iter().map(place).collect::<Vec<_>>().join(" + "));
    printer.line(&format!("results: {}", sums.collect::<Vec<_>>().join("; ")));
    printer.text
}

struct Printer<'a> {
    program: &'a Program,
    text: String,
    /// What stands for a node that has been printed.
    names: HashMap<NodeId, String>,
    /// How many nodes have a line,
    nodes: usize,
    /// and how many reductions.
    reductions: usize,
}

impl Printer<'_> {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Variables in the order of the arguments, then of the stages that saved them.
    fn variables(&mut self) {
        let mut variables: Vec<_> = self.program.graph.variables().iter().collect();
        variables.sort_by_key(|v| match v.source {
            Source::Argument(number) => (0, number, 0),
            Source::Saved { stage, output } => (1, stage, output),
            Source::Number => (2, 0, 0),
            Source::Internal => (3, 0, 0),
        });
        for variable in variables {
            let kind = match variable.kind {
                Kind::I => "Vi",
                Kind::J => "Vj",
                Kind::Parameter => "Pm",
            };
            let source = match variable.source {
                Source::Argument(number) => format!("argument {number}"),
                Source::Saved { stage, output } => format!("output {output} of stage {stage}"),
                Source::Number => "number of the point".to_string(),
                Source::Internal => "internal".to_string(),
            };
            self.line(&format!("{}: {kind}<{}> = {source}", variable.name, variable.dim));
        }
    }

    fn stage(&mut self, number: usize) {
        let stage = &self.program.stages[number];
        let (rows, over) = (stage.keep.letter(), stage.keep.other().letter());
        self.line(&match stage.kind {
            StageKind::Reduce => format!("stage {number}, rows {rows}, over {over}"),
            StageKind::Gather { chosen_by, positions: (stage, output) } => {
                let chosen_by = chosen_by.letter();
                format!("stage {number}, rows {rows}, pairs chosen for {chosen_by} by output {output} of stage {stage}")
            }
        });
        for (k, output) in stage.outputs.iter().enumerate() {
            let nodes: Vec<String> = output.nodes.iter().map(|&node| self.node(node)).collect();
            let kind = match output.kind {
                OutputKind::Rows => "numbers per row",
                OutputKind::Indices => "indices per row",
                OutputKind::Total => "numbers, summed over rows",
            };
            self.line(&format!("  output {k}: {} {kind} = {}", output.dim, nodes.join(", ")));
        }
    }

    /// Prints the lines that define a node, and returns what stands for it.
    fn node(&mut self, root: NodeId) -> String {
        let graph = &self.program.graph;
        let mut pending = vec![root];
        while let Some(&node) = pending.last() {
            let before = self.before(node).into_iter().filter(|a| !self.names.contains_key(a));
            // Reversed, so that the first argument is printed first.
            let missing: Vec<NodeId> = before.rev().collect();
            if self.names.contains_key(&node) {
                pending.pop();
            } else if missing.is_empty() {
                let name = self.define(graph, node);
                self.names.insert(node, name);
                pending.pop();
            } else {
                pending.extend(missing);
            }
        }
        self.names[&root].clone()
    }

    /// The nodes whose lines stand before a node's: its arguments, or those of the reduction that it is the value of.
    fn before(&self, node: NodeId) -> Vec<NodeId> {
        match self.program.graph.op(node) {
            Op::Reduced(id) => {
                let reduction = &self.program.reductions[id.0 as usize];
                [reduction.argument].into_iter().chain(reduction.weight).collect()
            }
            _ => self.program.graph.args(node).to_vec(),
        }
    }

    fn define(&mut self, graph: &Graph, node: NodeId) -> String {
        let args: Vec<String> = self.before(node).iter().map(|a| self.names[a].clone()).collect();
        let args = args.join(", ");
        let call = match graph.op(node) {
            Op::Variable(v) => return graph.variable(*v).name.clone(),
            Op::Constant(c) => return c.to_string(),
            Op::Count => return "count".to_string(),
            Op::Reduced(id) => return self.reduction(*id, &args),
            Op::Add => format!("add({args})"),
            Op::Mul => format!("mul({args})"),
            Op::Power(n) => format!("power({args}, {n})"),
            Op::Map(function) => format!("{}({args})", scalar(*function).name),
            Op::Sum => format!("sum({args})"),
            Op::Fill => format!("fill({args})"),
            Op::Concat => format!("concat({args})"),
            Op::Extract { start, step } => format!("extract({args}, start {start}, step {step})"),
            Op::Pad { start, step } => format!("pad({args}, start {start}, step {step})"),
            Op::Contract(c) => format!(
                "contract({args}, shapes {:?} {:?}, axes {:?} {:?}, order {:?})",
                c.left, c.right, c.left_axes, c.right_axes, c.order
            ),
            Op::Extreme(extreme) => format!("{}({args})", end(*extreme)),
            Op::Position(extreme) => format!("position of {}({args})", end(*extreme)),
            Op::OneHot => format!("one_hot({args})"),
        };
        let name = format!("%{}", self.nodes);
        self.nodes += 1;
        self.line(&format!("  {name}: {} = {call}", graph.dim(node)));
        name
    }

    fn reduction(&mut self, id: ReductionId, args: &str) -> String {
        let kind = match self.program.reductions[id.0 as usize].kind {
            ReductionKind::Sum => "Sum".to_string(),
            ReductionKind::LogSumExp => "LogSumExp".to_string(),
            ReductionKind::SumSoftMaxWeight => "SumSoftMaxWeight".to_string(),
            ReductionKind::Extreme(extreme) => end(extreme).to_string(),
            ReductionKind::Position(extreme) => format!("position of {}", end(extreme)),
            ReductionKind::Best { extreme, count } => format!("{count} best of {}", end(extreme)),
            ReductionKind::BestPosition { extreme, count } => {
                format!("{count} best positions of {}", end(extreme))
            }
        };
        let name = format!("#{}", self.reductions);
        self.reductions += 1;
        self.line(&format!("  {name} = {kind}({args})"));
        name
    }
}

fn end(extreme: Extreme) -> &'static str {
    match extreme {
        Extreme::Max => "max",
        Extreme::Min => "min",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::{Dim, Output, Reduction, Side, Stage, Variable};

    /// s log Σⱼ exp(xᵢ − yⱼ), its nodes made in one of two orders, among others that are not used.
    fn program(other_order: bool) -> Program {
        let mut graph = Graph::default();
        let mut declare = |name: &str, kind, number| {
            let variable =
                Variable { name: name.into(), kind, dim: Dim::literal(1), source: Source::Argument(number) };
            graph.declare(variable)
        };
        let (x, y, s);
        if other_order {
            (s, y, x) =
                (declare("s", Kind::Parameter, 2), declare("y_j", Kind::J, 1), declare("x_i", Kind::I, 0));
            graph.power(y, 5);
        } else {
            (x, y, s) =
                (declare("x_i", Kind::I, 0), declare("y_j", Kind::J, 1), declare("s", Kind::Parameter, 2));
        }
        let difference = graph.sub(x, y);
        let number = if other_order { 1 } else { 0 };
        let reduced = graph.intern(Op::Reduced(ReductionId(number)), vec![], Dim::literal(1));
        let value = graph.mul(vec![s, reduced]);
        let used = Reduction { kind: ReductionKind::LogSumExp, argument: difference, weight: None };
        let unused = Reduction { kind: ReductionKind::Sum, argument: x, weight: None };
        let output = Output { nodes: vec![value], dim: Dim::literal(1), kind: OutputKind::Rows };
        Program {
            graph,
            reductions: if other_order { vec![unused, used] } else { vec![used] },
            stages: vec![Stage { kind: StageKind::Reduce, keep: Side::I, outputs: vec![output] }],
            results: vec![vec![(0, 0)]],
            fast_maths: false,
        }
    }

    #[test]
    fn text() {
        let expected = "\
x_i: Vi<1> = argument 0
y_j: Vj<1> = argument 1
s: Pm<1> = argument 2
stage 0, rows i, over j
  %0: 1 = mul(-1, y_j)
  %1: 1 = add(x_i, %0)
  #0 = LogSumExp(%1)
  %2: 1 = mul(s, #0)
  output 0: 1 numbers per row = %2
results: (0, 0)
";
        assert_eq!(print(&program(false)), expected);
    }

    #[test]
    fn the_order_of_construction_leaves_no_trace() {
        assert_eq!(print(&program(false)), print(&program(true)));
    }
}
