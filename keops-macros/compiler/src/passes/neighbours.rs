//! Reductions that near pairs decide, for functions marked `#[prune]`.
//!
//! What is recognised, for a whole i-variable x and a whole j-variable y:
//! - Min, ArgMin, KMin and the like of a value that increases with |x − y|²; Max, ArgMax, KMax of its negative;
//! - sums of values that are 0 beyond some |x − y|² (`support`).
//!
//! The increasing functions are those whose rounding the search can follow backwards: roots, and products with constants
//! and parameters. The sign of a parameter is seen when the program runs; if it is the wrong one all pairs are visited.
//!
//! Nothing is rewritten: the loop stage asks again, of what it has made of the values.

mod support;

use crate::ast::Kind;
use crate::ir::{Extreme, Graph, NodeId, Op, Program, Reduction, ReductionKind, VariableId};
use crate::ops;
pub use support::{Support, supports};

/// A function of |x − y|² that increases, or decreases, according to the signs of its factors.
#[derive(Clone, Debug, PartialEq)]
pub struct Distance {
    /// x
    pub i: VariableId,
    /// y
    pub j: VariableId,
    /// From |x − y|² to the value.
    pub steps: Vec<Step>,
}

/// A step of such a function.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Times these constants and values of parameters.
    Scale(Vec<NodeId>),
    /// The square root.
    Root,
}

impl Distance {
    /// Whether this end of its order can be where the distance is small, as far as constants tell.
    pub fn is_nearest(&self, graph: &Graph, extreme: Extreme) -> bool {
        let last = self.steps.len().saturating_sub(1);
        let signs = self.steps.iter().enumerate().map(|(n, step)| match step {
            Step::Root => n < last || extreme == Extreme::Min,
            Step::Scale(factors) => {
                let falls = n == last && extreme == Extreme::Max;
                let constants = factors.iter().map(|&f| match graph.op(f) {
                    Op::Constant(c) => Some(c.to_f64()),
                    _ => None,
                });
                constants.product::<Option<f64>>().is_none_or(|c| if falls { c < 0.0 } else { c > 0.0 })
            }
        });
        signs.fold(!self.steps.is_empty() || extreme == Extreme::Min, |all, sign| all && sign)
    }
}

/// Whether the near pairs of one variable with another decide all reductions of the function.
pub fn applies(program: &Program) -> bool {
    points(program).is_some()
}

/// The variables whose near pairs decide all reductions of the function, if there are two such.
pub fn points(program: &Program) -> Option<(VariableId, VariableId)> {
    let points: Option<Vec<(VariableId, VariableId)>> =
        program.reductions.iter().map(|reduction| decided_by(&program.graph, reduction)).collect();
    let points = points?;
    points.first().copied().filter(|first| points.iter().all(|p| p == first))
}

/// The variables whose distance decides a reduction.
fn decided_by(graph: &Graph, reduction: &Reduction) -> Option<(VariableId, VariableId)> {
    match reduction.kind {
        ReductionKind::Extreme(extreme)
        | ReductionKind::Position(extreme)
        | ReductionKind::Best { extreme, .. }
        | ReductionKind::BestPosition { extreme, .. } => {
            let distance = distance(graph, reduction.argument)?;
            distance.is_nearest(graph, extreme).then_some((distance.i, distance.j))
        }
        ReductionKind::Sum => {
            let supports = supports(graph, reduction.argument)?;
            let points = |s: &Support| (s.distance.i, s.distance.j);
            let first = points(supports.first()?);
            supports.iter().all(|s| points(s) == first).then_some(first)
        }
        ReductionKind::LogSumExp | ReductionKind::SumSoftMaxWeight => None,
    }
}

/// The distance that a value of a pair is a function of, if it is one.
pub fn distance(graph: &Graph, value: NodeId) -> Option<Distance> {
    let (mut node, mut steps) = (value, vec![]);
    loop {
        if let Some((factors, inner)) = scaled(graph, node) {
            steps.push(Step::Scale(factors));
            node = inner;
        } else if let Some(inner) = argument(graph, node, &Op::Map(ops::named("Sqrt"))) {
            steps.push(Step::Root);
            node = inner;
        } else if let Some(difference) = argument(graph, node, &Op::Map(ops::named("Abs"))) {
            // |x − y| in dimension 1.
            steps.push(Step::Root);
            steps.reverse();
            let (i, j) = difference_of_variables(graph, difference)?;
            return Some(Distance { i, j, steps }).filter(|_| graph.dim(difference).is_one());
        } else {
            steps.reverse();
            let (i, j) = squared_distance(graph, node)?;
            return Some(Distance { i, j, steps });
        }
    }
}

/// The factors of a product that are the same for all pairs, and the one that is not, if it is one.
fn scaled(graph: &Graph, node: NodeId) -> Option<(Vec<NodeId>, NodeId)> {
    if *graph.op(node) != Op::Mul {
        return None;
    }
    let (factors, others): (Vec<NodeId>, Vec<NodeId>) =
        graph.args(node).iter().partition(|f| is_parameter(graph, **f));
    match others[..] {
        [other] if !factors.is_empty() => Some((factors, other)),
        _ => None,
    }
}

/// Whether the value is one number for all pairs.
fn is_parameter(graph: &Graph, node: NodeId) -> bool {
    let is_fixed = |n: NodeId| match graph.op(n) {
        Op::Variable(v) => graph.variable(*v).kind == Kind::Parameter,
        Op::Reduced(_) => false,
        _ => true,
    };
    graph.dim(node).is_one() && graph.reachable(&[node]).into_iter().all(is_fixed)
}

/// The argument of a node that is this operation.
fn argument(graph: &Graph, node: NodeId, op: &Op) -> Option<NodeId> {
    if graph.op(node) == op { graph.args(node).first().copied() } else { None }
}

/// x and y, if the node is Σ (x − y)², or (x − y)² in dimension 1, where there is nothing to sum.
fn squared_distance(graph: &Graph, node: NodeId) -> Option<(VariableId, VariableId)> {
    let squares = argument(graph, node, &Op::Sum).unwrap_or(node);
    let difference = argument(graph, squares, &Op::Power(2))?;
    difference_of_variables(graph, difference).filter(|_| graph.dim(node).is_one())
}

/// The variables of i and of j, if the node is the one minus the other.
fn difference_of_variables(graph: &Graph, node: NodeId) -> Option<(VariableId, VariableId)> {
    let (Op::Add, &[a, b]) = (graph.op(node), graph.args(node)) else { return None };
    let negated = |node| match (graph.op(node), graph.args(node)) {
        (Op::Mul, &[sign, inner]) if is_minus_one(graph, sign) => Some(inner),
        _ => None,
    };
    let (a, b) = match (negated(a), negated(b)) {
        (None, Some(b)) => (a, b),
        (Some(a), None) => (a, b),
        _ => return None,
    };
    let (Op::Variable(a), Op::Variable(b)) = (graph.op(a), graph.op(b)) else { return None };
    let kind = |v: VariableId| graph.variable(v).kind;
    // Broadcast coordinates are distances too, but not of points in one space.
    let alike = graph.variable(*a).dim == graph.variable(*b).dim;
    match (kind(*a), kind(*b)) {
        (Kind::I, Kind::J) if alike => Some((*a, *b)),
        (Kind::J, Kind::I) if alike => Some((*b, *a)),
        _ => None,
    }
}

/// Whether the node is the constant −1.
fn is_minus_one(graph: &Graph, node: NodeId) -> bool {
    matches!(graph.op(node), Op::Constant(c) if c.is_minus_one())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::testing::simplified;

    fn program(dim: usize, body: &str) -> Program {
        simplified(&format!(
            "fn f(x_i: Vi<{dim}>, u_i: Vi<{dim}>, y_j: Vj<{dim}>, a_i: Vi<1>, s: Pm<1>) -> Vi<1> {{ {body} }}"
        ))
    }

    #[test]
    fn distances_are_recognised_with_their_steps() {
        // A number for a constant, `p` for what parameters make.
        let cases: [(usize, &str, &[&str]); 12] = [
            (3, "Min_j(SqDist(x_i, y_j))", &[]),
            (3, "Min_j(SqDist(y_j, x_i))", &[]),
            (3, "Min_j(Norm2(x_i - y_j))", &["root"]),
            (3, "Min_j(3 * Norm2(x_i - y_j))", &["root", "3"]),
            (3, "Min_j(Sqrt(SqDist(x_i, y_j) / 4))", &["0.25", "root"]),
            (3, "Min_j(SqDist(x_i, y_j) / s^2)", &["p"]),
            (3, "Max_j(-SqDist(x_i, y_j))", &["-1"]),
            (3, "Max_j(-2 * Norm2(x_i - y_j))", &["root", "-2"]),
            (3, "Max_j(-s * Norm2(x_i - y_j))", &["root", "-1 p"]),
            (1, "Min_j(SqDist(x_i, y_j))", &[]),
            (1, "Min_j(Abs(x_i - y_j))", &["root"]),
            (40, "Min_j(SqDist(x_i, y_j)) * a_i", &[]),
        ];
        for (dim, body, steps) in cases {
            let program = program(dim, body);
            let graph = &program.graph;
            assert!(applies(&program), "{body}");
            let found = distance(graph, program.reductions[0].argument).expect("a distance");
            assert_eq!((found.i, found.j), (VariableId(0), VariableId(2)), "{body}");
            let name = |f: &NodeId| match graph.op(*f) {
                Op::Constant(c) => c.to_f64().to_string(),
                _ => "p".to_string(),
            };
            let names = found.steps.iter().map(|step| match step {
                Step::Root => "root".to_string(),
                Step::Scale(factors) => factors.iter().map(name).collect::<Vec<_>>().join(" "),
            });
            assert_eq!(names.collect::<Vec<_>>(), steps, "{body}");
        }
    }

    #[test]
    fn sums_of_values_that_are_0_beyond_a_distance_are_recognised() {
        for body in [
            "Sum_j(Step(s^2 - SqDist(x_i, y_j)) * Exp(-SqDist(x_i, y_j)) * a_i)",
            "Sum_j((SqDist(x_i, y_j) < 2) * Norm2(x_i))",
            "Sum_j((s * Norm2(x_i - y_j) <= 2) / 3)",
            "Sum_j(ReLU(1 - Norm2(x_i - y_j) / s)^4 * (4 * Norm2(x_i - y_j) / s + 1))",
            "Sum_j(IfElse(1 - SqDist(x_i, y_j), Exp(y_j[0]), 0))",
            "Sum_j(Where(SqDist(x_i, y_j) < s, Exp(y_j[0]), 0))",
            "Sum_j((Norm2(x_i - y_j) < s) * (i != j) * (i + j))",
            "Sum_j((Abs(i - j) <= s) * Exp(x_i | y_j))",
            "Sum_j(Step(1 - SqDist(x_i, y_j)) + ReLU(s - Norm2(x_i - y_j)))",
            "Sum_j(Step(s - SqDist(x_i, y_j)) * a_i) / Sum_j(Step(s - SqDist(x_i, y_j)))",
            "Sum_j(Step(s - SqDist(x_i, y_j))) + Min_j(SqDist(x_i, y_j))",
        ] {
            assert!(applies(&program(3, body)), "{body}");
        }
        for body in [
            "Sum_j(Step(SqDist(x_i, y_j) - s))",
            "Sum_j(Step(2 * SqDist(x_i, y_j) - s))",
            "Sum_j(-Norm2(x_i - y_j) < -s)",
            "Sum_j(2 - Step(s - SqDist(x_i, y_j)))",
            "Sum_j(Step(a_i - SqDist(x_i, y_j)))",
            "Sum_j(Step(s - SqDist(x_i, y_j))) + Sum_j(Step(s - SqDist(u_i, y_j)))",
            "Sum_j(Exp(Step(s - SqDist(x_i, y_j))))",
            "Sum_j(1 / Step(s - SqDist(x_i, y_j)))",
            "Sum_j(IfElse(1 - SqDist(x_i, y_j), 0, 1))",
            "Sum_j(Where(SqDist(x_i, y_j) < s, 0, 1))",
            "Sum_j(Where(SqDist(x_i, y_j) < s, 1, 2))",
            "Sum_j(Where(i < j, 1, 0))",
            "Sum_j(s < SqDist(x_i, y_j))",
        ] {
            assert!(!applies(&program(3, body)), "{body}");
        }
    }

    #[test]
    fn what_a_search_could_not_decide_is_refused() {
        for body in [
            "Sum_j(SqDist(x_i, y_j))",
            "Max_j(SqDist(x_i, y_j))",
            "Min_j(-SqDist(x_i, y_j))",
            "Min_j(SqDist(x_i, 2 * y_j))",
            "Min_j(SqDist(x_i, y_j) * a_i)",
            "Max_j(Norm2(x_i - y_j))",
            "Min_j(SqDist(x_i, y_j) + a_i)",
            "Min_j(Sqrt(-SqDist(x_i, y_j)))",
            "Min_j(x_i | y_j)",
            "Min_j(SqDist(a_i, y_j))",
            "Min_j(Sum(Abs(x_i - y_j)))",
            "Min_j(SqDist(x_i, y_j)) + Min_j(SqDist(u_i, y_j))",
            "Min_j(SqDist(x_i, y_j)) + Sum_j(Exp(-SqDist(x_i, y_j)))",
        ] {
            assert!(!applies(&program(3, body)), "{body}");
        }
    }

    #[test]
    fn coordinates_are_not_distances() {
        let text = "fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3> { Min_j((x_i - y_j)^2) }";
        assert!(!applies(&simplified(text)));
    }
}
