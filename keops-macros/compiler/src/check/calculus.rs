//! Differentiation inside formulas: `Grad` and what is made from it.

use super::operands::{Applied, Wanted, parts};
use super::quote::{quote, quote_whole};
use super::{Checker, Given, LARGEST_FORMULA, Value};
use crate::adjoint::{differential, divergence, grad_matrix, gradient, laplacian};
use crate::ast::{Expr, Place};
use crate::ir::{Dim, NodeId, Op, Source, VariableId};
use crate::message::{dims, names as message};
use crate::ops;
use std::collections::BTreeSet;

/// Each coordinate of f takes one gradient: so many are unrolled.
const MOST: usize = 64;

/// A differential operator; (∂f/∂v) is the matrix ∂f_k/∂v_l.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// `Grad(f, v, e)` = (∂f/∂v)ᵀ e, of the dimension of v.
    Gradient,
    /// `GradMatrix(f, v)` = ∂f/∂v, k slow and l fast.
    Matrix,
    /// `Diff(f, v, u)` = (∂f/∂v) u, of the dimension of f; the sum over several variables, `Diff(f, (v, w), (u, t))`.
    Differential,
    /// `Divergence(f, v)` = Σ_k ∂f_k/∂v_k.
    Divergence,
    /// `Laplacian(f, v)` = Σ_k ∂²f/∂v_k².
    Laplacian,
    /// `AdjointOperator(f, v, u)` = Aᵀ u, for an f = A v that is linear in v.
    Adjoint,
    /// `TraceOperator(f, v, w)` = Σ_k w_k A_kk.
    Trace,
    /// `SumLinOperator(f, v, wl, wr)` = Σ_kl wl_k A_kl wr_l.
    Sum,
}

/// An operator with its names, KeOps's first, and what it takes besides f and v. A weight is 1 if it is left out.
struct Row {
    operator: Operator,
    names: [&'static str; 2],
    more: &'static [Wanted],
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    Row { operator: Operator::Gradient, names: ["Grad", "grad"], more: &[Wanted::optional("e")] },
    Row { operator: Operator::Matrix, names: ["GradMatrix", "grad_matrix"], more: &[] },
    Row { operator: Operator::Differential, names: ["Diff", "diff"], more: &[Wanted::one("u")] },
    Row { operator: Operator::Divergence, names: ["Divergence", "divergence"], more: &[] },
    Row { operator: Operator::Laplacian, names: ["Laplacian", "laplacian"], more: &[] },
    Row { operator: Operator::Adjoint, names: ["AdjointOperator", "adjoint_operator"], more: &[Wanted::one("u")] },
    Row { operator: Operator::Trace, names: ["TraceOperator", "trace_operator"], more: &[Wanted::optional("w")] },
    Row { operator: Operator::Sum, names: ["SumLinOperator", "sum_lin_operator"], more: &[Wanted::optional("wl"), Wanted::optional("wr")] },
];

/// What the name of a differential operator says.
#[derive(Clone, Copy)]
pub(super) struct Spelled(&'static Row);

/// The operator with this name.
pub(super) fn spelled(name: &str) -> Option<Spelled> {
    ROWS.iter().find(|row| row.names.contains(&name)).map(Spelled)
}

/// The names of the operators.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().flat_map(|row| row.names)
}

impl<'a> Checker<'a> {
    /// A call of a differential operator.
    pub(super) fn calculus(&mut self, applied: Applied<'a>, spelled: Spelled) -> Option<Value> {
        let Row { operator, names: [canonical, _], more } = spelled.0;
        let wanted = [&[Wanted::one("f"), Wanted::one("v")], *more].concat();
        let filled = self.fill(&applied, canonical, &wanted)?;
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
