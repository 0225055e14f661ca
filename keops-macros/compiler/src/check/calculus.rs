//! Differentiation inside formulas: `Grad` and what is made from it.

use super::operands::{Applied, parts};
use super::quote::{quote, quote_whole};
use super::{Checker, Given, LARGEST_FORMULA, Value};
use crate::adjoint::{differential, divergence, grad_matrix, gradient, laplacian};
use crate::ast::{Expr, Place};
use crate::ir::{Dim, NodeId, Op, Source, VariableId};
use crate::message::{dims, names as message};
use crate::ops::calculus::{DifferentialOperator, Operator, ROWS};
use crate::ops::{self, Wanted};
use std::collections::BTreeSet;

/// Each coordinate of f takes one gradient: so many are unrolled.
const MOST: usize = 64;

/// What the name of a differential operator says.
#[derive(Clone, Copy)]
pub(super) struct Spelled(&'static DifferentialOperator);

/// The operator with this name.
pub(super) fn spelled(name: &str) -> Option<Spelled> {
    ROWS.iter().find(|row| row.name == name || row.aliases.contains(&name)).map(Spelled)
}

/// The names of the operators.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().flat_map(|row| std::iter::once(row.name).chain(row.aliases.iter().copied()))
}

impl<'a> Checker<'a> {
    /// A call of a differential operator.
    pub(super) fn calculus(&mut self, applied: Applied<'a>, spelled: Spelled) -> Option<Value> {
        let DifferentialOperator { operator, name, operands, .. } = spelled.0;
        let filled = self.fill(&applied, name, &Wanted::of(operands))?;
        if let (Operator::Differential, [Some(f), Some(v), Some(u)]) = (operator, &filled[..]) {
            return self.differential(&applied, f, parts(v), parts(u));
        }
        let mut given = self.values(applied.expr, filled.iter().copied().flatten())?.into_iter();
        let operands: Vec<Option<Given>> = filled.iter().map(|e| e.and_then(|_| given.next())).collect();
        let (f, v) = (operands[0]?, operands[1]?);
        let more = |k: usize| operands.get(2 + k).copied().flatten();
        let (name, place) = (applied.name.as_str(), applied.expr.place);
        let variable = self.variable(name, v)?;
        self.not_reduced(name, f)?;
        self.differentiable_now(f)?;
        self.small_enough(place, f, 1)?;
        if matches!(operator, Operator::Adjoint | Operator::Trace | Operator::Sum) {
            self.linear(name, f, v, variable)?;
        }
        let node = match operator {
            Operator::Gradient | Operator::Adjoint => {
                let seed = self.weight(name, place, f, more(0))?;
                let node = gradient(&mut self.graph, f.value.node, variable, seed);
                return Some(Value { node, ..v.value });
            }
            Operator::Differential => unreachable!("all operands of a differential must be there"),
            Operator::Matrix => {
                self.unrolled(name, place, f, f)?;
                grad_matrix(&mut self.graph, f.value.node, variable)
            }
            Operator::Divergence | Operator::Trace => {
                if self.dim(f) != self.dim(v) {
                    self.equal_error(place, name, f, v);
                    return None;
                }
                let length = self.unrolled(name, place, f, f)?;
                if more(0).is_some() {
                    let weight = self.weight(name, place, f, more(0))?;
                    self.weighted_trace(f.value.node, variable, weight, length)
                } else {
                    divergence(&mut self.graph, f.value.node, variable)
                }
            }
            Operator::Laplacian => {
                self.single(name, "f", f)?;
                self.unrolled(name, place, f, v)?;
                laplacian(&mut self.graph, f.value.node, variable)
            }
            Operator::Sum => {
                let (left, right) =
                    (self.weight(name, place, f, more(0))?, self.weight(name, place, v, more(1))?);
                let columns = gradient(&mut self.graph, f.value.node, variable, left);
                self.graph.dot(columns, right)
            }
        };
        self.not_too_long(&applied, node)?;
        Some(Value { node, length_of: None })
    }

    /// `Diff(f, v, u)`, or `Diff(f, (x, y), (u, v))` for the differential in several variables at once.
    fn differential(
        &mut self,
        applied: &Applied<'a>,
        f: &'a Expr,
        variables: Vec<&'a Expr>,
        directions: Vec<&'a Expr>,
    ) -> Option<Value> {
        let (name, place) = (applied.name.as_str(), applied.expr.place);
        if variables.is_empty() || variables.len() != directions.len() {
            self.error(place, message::directions(name, variables.len(), directions.len()));
            return None;
        }
        let several = variables.len();
        let given = self.values(applied.expr, [f].into_iter().chain(variables).chain(directions))?;
        let (f, (variables, directions)) = (given[0], given[1..].split_at(several));
        let ids: Vec<Option<VariableId>> = variables.iter().map(|v| self.variable(name, *v)).collect();
        let ids = ids.into_iter().collect::<Option<Vec<_>>>()?;
        self.not_reduced(name, f)?;
        self.differentiable_now(f)?;
        self.small_enough(place, f, several)?;
        let mut terms = vec![];
        for ((id, v), u) in ids.into_iter().zip(variables).zip(directions) {
            let direction = self.weight(name, place, *v, Some(*u))?;
            terms.push(differential(&mut self.graph, f.value.node, id, direction));
        }
        Some(Value { node: self.graph.add(terms), ..f.value })
    }

    /// Σ_k w_k ∂f_k/∂v_k. (Not the divergence of w f, as w may depend on v.)
    fn weighted_trace(&mut self, f: NodeId, variable: VariableId, weight: NodeId, length: usize) -> NodeId {
        let dim = self.graph.dim(f).clone();
        let term = |k| {
            let w_k = self.graph.extract(weight, k, &Dim::literal(1));
            let seed = self.graph.pad(w_k, k, 1, &dim);
            let row = gradient(&mut self.graph, f, variable, seed);
            self.graph.extract(row, k, &Dim::literal(1))
        };
        let terms = (0..length).map(term).collect();
        self.graph.add(terms)
    }

    /// A formula is linear (or affine) in a variable if it has no jumps, and its derivative does not depend on it.
    fn linear(&mut self, name: &str, f: Given<'a>, v: Given<'a>, variable: VariableId) -> Option<()> {
        let one = self.graph.integer(1);
        let slope = gradient(&mut self.graph, f.value.node, variable, one);
        if self.graph.reachable(&[slope]).contains(&v.value.node)
            || self.has_steps(f.value.node, v.value.node)
        {
            self.error(f.expr.place, message::not_linear(name, &quote(f.expr), &quote(v.expr)));
            return None;
        }
        Some(())
    }

    /// Whether a formula may jump with a variable: then its derivative does not tell whether it is linear.
    fn has_steps(&mut self, f: NodeId, variable: NodeId) -> bool {
        let mut dependent = BTreeSet::from([variable]);
        for node in self.graph.reachable(&[f]) {
            let args = self.graph.args(node).to_vec();
            let changing: Vec<usize> = (0..args.len()).filter(|k| dependent.contains(&args[*k])).collect();
            if changing.is_empty() {
                continue;
            }
            dependent.insert(node);
            let jumps = match *self.graph.op(node) {
                Op::Position(_) | Op::OneHot => true,
                // Its slope is 1 between its jumps.
                Op::Map(function) if function == ops::named("Modulo") => true,
                Op::Map(function) => {
                    let derivative = ops::scalar(function).derivative;
                    changing.into_iter().any(|k| derivative(&mut self.graph, &args, k).is_none())
                }
                _ => false,
            };
            if jumps {
                return true;
            }
        }
        false
    }

    /// The variable that an expression is.
    fn variable(&mut self, name: &str, v: Given<'a>) -> Option<VariableId> {
        if let Op::Variable(id) = *self.graph.op(v.value.node)
            && self.graph.variable(id).source != Source::Number
        {
            return Some(id);
        }
        self.error(v.expr.place, message::variable_wanted(name, &quote(v.expr)));
        None
    }

    fn not_reduced(&mut self, name: &str, f: Given<'a>) -> Option<()> {
        if self.uses(f.value.node).reduced {
            self.error(f.expr.place, message::gradient_of_reduced(name, &quote(f.expr)));
            return None;
        }
        Some(())
    }

    fn single(&mut self, name: &str, operand: &str, f: Given<'a>) -> Option<()> {
        let dim = self.dim(f);
        if dim.is_one() {
            return Some(());
        }
        let whole = quote_whole(f.expr);
        let message = dims::not_scalar(name, operand, &dim, &self.length(f), whole.as_deref());
        self.error(f.expr.place, message);
        None
    }

    /// Weights for the coordinates of a value: as many, or a literal that stands for every one; 1 if left out.
    fn weight(
        &mut self,
        name: &str,
        place: Place,
        of: Given<'a>,
        weight: Option<Given<'a>>,
    ) -> Option<NodeId> {
        let dim = self.dim(of);
        let Some(weight) = weight else {
            let one = self.graph.integer(1);
            return Some(self.graph.fill(one, &dim));
        };
        if self.dim(weight) == dim {
            return Some(weight.value.node);
        }
        if self.number(weight.value.node).is_some() {
            return Some(self.graph.fill(weight.value.node, &dim));
        }
        self.equal_error(place, name, of, weight);
        None
    }

    /// The number of coordinates of a value, for each of which f is differentiated once.
    fn unrolled(
        &mut self,
        name: &str,
        place: Place,
        f: Given<'a>,
        coordinates_of: Given<'a>,
    ) -> Option<usize> {
        let dim = self.dim(coordinates_of);
        // How many an unknown dimension has, its instances tell.
        let length = dim.value()?;
        if length > MOST {
            let text = quote(coordinates_of.expr);
            let message = message::too_many_coordinates(name, &text, &dim.to_string(), MOST);
            self.error(coordinates_of.expr.place, message);
            return None;
        }
        self.small_enough(place, f, length)?;
        Some(length)
    }

    /// The parts of a concatenation have places, which only instances know where their lengths are parameters.
    fn differentiable_now(&self, f: Given<'a>) -> Option<()> {
        let unknown = |node: NodeId| {
            *self.graph.op(node) == Op::Concat
                && self.graph.args(node).iter().any(|part| self.graph.dim(*part).value().is_none())
        };
        let nodes = self.graph.reachable(&[f.value.node]);
        (!nodes.into_iter().any(unknown)).then_some(())
    }

    /// Each differentiation makes a formula several times as large, so the limit is held before it.
    fn small_enough(&mut self, place: Place, f: Given<'a>, times: usize) -> Option<()> {
        let nodes = self.graph.reachable(&[f.value.node]).len() * times;
        if nodes > LARGEST_FORMULA {
            self.error(place, message::formula_too_large(nodes, LARGEST_FORMULA));
            return None;
        }
        self.room_for(place, nodes)
    }
}
