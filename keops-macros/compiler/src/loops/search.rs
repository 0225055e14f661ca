//! Which pairs a kernel need not visit, for functions marked `#[prune]`.

use super::kernel::{AccumulatorKind, Kernel};
use super::{Bank, Slot};
use crate::ir::{Extreme, Graph, NodeId, Op, Side, VariableId};
use crate::passes::neighbours::{self, Distance, distance, supports};

/// All that a kernel keeps is decided by the near columns of each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours {
    /// The variable with the coordinates of the rows.
    pub rows: VariableId,
    /// The variable with the coordinates of the columns.
    pub columns: VariableId,
    /// What says how near a column must be.
    pub bounds: Vec<Bound>,
}

/// A bound of the distance: beyond it an accumulator takes nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The largest value that counts.
    pub limit: Limit,
    /// Whether values are negatives of those that the limit is for.
    pub negative: bool,
    /// From the squared distance to the value.
    pub steps: Vec<Step>,
}

/// The largest value that counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// What a row has kept, at this place of its state.
    Kept(usize),
    /// The same for all rows.
    Fixed(Scalar),
}

/// A step from the squared distance to a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// Times a number.
    Scale(Scalar),
    /// The square root.
    Root,
}

/// A number that is known when a kernel starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar {
    /// A constant.
    Constant(f64),
    /// The number at this place of the parameters' bank.
    Parameter(usize),
}

/// Lets the kernel search for near columns instead of visiting all pairs, if they decide all of its accumulators. Stages
/// of a gradient may be others.
///
/// The values are looked at as the loop stage has made them, since the search must follow the rounding of each step.
pub fn search_neighbours(graph: &Graph, kernel: &mut Kernel) {
    let found = (0..kernel.accumulators.len()).map(|n| bounds(graph, kernel, n));
    let Some(found) = found.collect::<Option<Vec<_>>>() else { return };
    let found = found.concat();
    let Some((points, _)) = found.first().cloned() else { return };
    if found.iter().any(|(other, _)| *other != points) {
        return;
    }
    let (rows, columns) = match kernel.keep {
        Side::I => points,
        Side::J => (points.1, points.0),
    };
    let bounds = found.into_iter().map(|(_, bound)| bound).collect();
    kernel.neighbours = Some(Neighbours { rows, columns, bounds });
    // The points are reordered, so that a place among them says nothing: numbers are reordered and read like all else.
    kernel.numbers.clear();
    kernel.notes.push("pairs: those that are near for each block of rows only".to_string());
}

/// The bounds of an accumulator, with the variables whose distance they are of.
fn bounds(graph: &Graph, kernel: &Kernel, n: usize) -> Option<Vec<((VariableId, VariableId), Bound)>> {
    let accumulator = &kernel.accumulators[n];
    let nearest = |extreme, worst| {
        let distance = distance(graph, accumulator.value).filter(|d| d.is_nearest(graph, extreme))?;
        let limit = Limit::Kept(kernel.state_offset(n) + worst);
        Some(vec![bound(graph, &kernel.parameters, limit, extreme == Extreme::Max, &distance)?])
    };
    match accumulator.kind {
        AccumulatorKind::Best(extreme) => nearest(extreme, 0),
        AccumulatorKind::List { extreme, count } => nearest(extreme, count - 1),
        AccumulatorKind::Sum => {
            let supports = supports(graph, accumulator.value)?;
            let bounds = supports.iter().map(|s| {
                let limit = Limit::Fixed(scalar(graph, &kernel.parameters, s.limit)?);
                bound(graph, &kernel.parameters, limit, s.negative, &s.distance)
            });
            bounds.collect()
        }
        AccumulatorKind::Exponent { .. } | AccumulatorKind::ScaledSum { .. } => None,
    }
}

fn bound(
    graph: &Graph,
    parameters: &Bank,
    limit: Limit,
    negative: bool,
    distance: &Distance,
) -> Option<((VariableId, VariableId), Bound)> {
    let mut steps = vec![];
    for step in &distance.steps {
        match step {
            neighbours::Step::Root => steps.push(Step::Root),
            // More than one factor would be multiplied in an order that is not known here.
            neighbours::Step::Scale(factors) => match factors[..] {
                [factor] => steps.push(Step::Scale(scalar(graph, parameters, factor)?)),
                _ => return None,
            },
        }
    }
    Some(((distance.i, distance.j), Bound { limit, negative, steps }))
}

/// Where the kernel has a value that is the same for all pairs.
fn scalar(graph: &Graph, parameters: &Bank, node: NodeId) -> Option<Scalar> {
    let slot = match graph.op(node) {
        Op::Constant(c) => return Some(Scalar::Constant(c.to_f64())),
        Op::Variable(v) => Slot::Variable(*v),
        _ => Slot::Hoisted(parameters.hoisted.iter().position(|(hoisted, _)| *hoisted == node)?),
    };
    Some(Scalar::Parameter(parameters.offset(slot)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Errors;
    use crate::loops::{Target, lower_reduce};
    use crate::{check, parse, passes};

    /// What bounds the kernel of a formula.
    fn bounds(body: &str) -> Vec<Bound> {
        let text =
            format!("fn f(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>, r: Pm<1>) -> Vi<1> {{ {body} }}");
        let mut errors = Errors::new();
        let block = parse::block(text.parse().expect("tokens"), &mut errors);
        let checked = check::function(&block.functions[0], &mut errors);
        errors.finish().expect("a formula without errors");
        let program = passes::simplify::simplify(checked.expect("a meaning").program);
        assert!(passes::neighbours::applies(&program), "{body}");
        let (graph, mut kernel) = lower_reduce(&program, 0, Target::Host);
        search_neighbours(&graph, &mut kernel);
        let found = kernel.neighbours.unwrap_or_else(|| panic!("{body} visits all pairs"));
        assert_eq!((found.rows, found.columns), (VariableId(0), VariableId(1)), "{body}");
        found.bounds
    }

    #[test]
    fn bounds_are_found_in_what_the_loop_stage_has_made() {
        use Scalar::{Constant, Parameter};
        let cases: [(&str, Limit, bool, &[Step]); 8] = [
            ("Min_j(SqDist(x_i, y_j))", Limit::Kept(0), false, &[]),
            (
                "Sum(KMin_j(2 * Norm2(x_i - y_j), 4))",
                Limit::Kept(3),
                false,
                &[Step::Root, Step::Scale(Constant(2.0))],
            ),
            // s⁻², then −s⁻², are hoisted behind s.
            ("Min_j(SqDist(x_i, y_j) / s^2)", Limit::Kept(0), false, &[Step::Scale(Parameter(1))]),
            ("Max_j(-SqDist(x_i, y_j) / s^2)", Limit::Kept(0), true, &[Step::Scale(Parameter(1))]),
            ("Sum_j((SqDist(x_i, y_j) < r) * b_j)", Limit::Fixed(Parameter(0)), false, &[]),
            ("Sum_j((SqDist(x_i, y_j) < r^2) * b_j)", Limit::Fixed(Parameter(1)), false, &[]),
            (
                "Sum_j(Step(r - Norm2(x_i - y_j)) * Exp(-s * b_j))",
                Limit::Fixed(Parameter(0)),
                true,
                &[Step::Root, Step::Scale(Constant(-1.0))],
            ),
            (
                "Sum_j(ReLU(1 - Norm2(x_i - y_j) / r)^2 * b_j)",
                Limit::Fixed(Constant(1.0)),
                true,
                &[Step::Root, Step::Scale(Parameter(1))],
            ),
        ];
        for (body, limit, negative, steps) in cases {
            assert_eq!(bounds(body), [Bound { limit, negative, steps: steps.to_vec() }], "{body}");
        }
    }

    #[test]
    fn each_accumulator_has_its_bounds() {
        let body = "Sum_j(Step(r - SqDist(x_i, y_j)) * b_j) / Sum_j(Step(s - SqDist(x_i, y_j))) \
                    + Min_j(Norm2(x_i - y_j))";
        assert_eq!(bounds(body).len(), 3);
    }
}
