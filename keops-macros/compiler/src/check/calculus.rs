//! Differentiation inside formulas: `Grad` and what is made from it.

use super::operands::{Applied, Wanted};
use super::quote::{quote, quote_whole};
use super::{Checker, Given, LARGEST_FORMULA, Value};
use crate::adjoint::{divergence, grad_matrix, gradient, laplacian};
use crate::ast::Place;
use crate::ir::{Dim, NodeId, Op, VariableId};
use crate::message::{dims, names as message};

/// Each coordinate of f takes one gradient: so many are unrolled.
const MOST: usize = 64;

/// A differential operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// `Grad(f, v, e)` = (∂f/∂v)ᵀ e, of the dimension of v. Without e, e is 1.
    Gradient,
    /// `GradMatrix(f, v)`: ∂f_k/∂v_l, k slow and l fast.
    Matrix,
    /// `Diff(f, v, u)` = (∂f/∂v) u, of the dimension of f.
    Differential,
    /// `Divergence(f, v)` = Σ_k ∂f_k/∂v_k.
    Divergence,
    /// `Laplacian(f, v)` = Σ_k ∂²f/∂v_k².
    Laplacian,
}

const SPELLINGS: &[(&str, Operator)] = &[
    ("Grad", Operator::Gradient),
    ("grad", Operator::Gradient),
    ("GradMatrix", Operator::Matrix),
    ("grad_matrix", Operator::Matrix),
    ("Diff", Operator::Differential),
    ("diff", Operator::Differential),
    ("Divergence", Operator::Divergence),
    ("divergence", Operator::Divergence),
    ("Laplacian", Operator::Laplacian),
    ("laplacian", Operator::Laplacian),
];

/// The operator with this name.
pub(super) fn lookup(name: &str) -> Option<Operator> {
    SPELLINGS.iter().find(|(spelling, _)| *spelling == name).map(|(_, operator)| *operator)
}

/// The names of the operators.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SPELLINGS.iter().map(|(spelling, _)| *spelling)
}

impl<'a> Checker<'a> {
    /// A call of a differential operator.
    pub(super) fn calculus(&mut self, applied: Applied<'a>, operator: Operator) -> Option<Value> {
        let (canonical, third) = match operator {
            Operator::Gradient => ("Grad", Some(Wanted::optional("e"))),
            Operator::Matrix => ("GradMatrix", None),
            Operator::Differential => ("Diff", Some(Wanted::one("u"))),
            Operator::Divergence => ("Divergence", None),
            Operator::Laplacian => ("Laplacian", None),
        };
        let wanted: Vec<Wanted> =
            [Some(Wanted::one("f")), Some(Wanted::one("v")), third].into_iter().flatten().collect();
        let filled = self.fill(&applied, canonical, &wanted)?;
        let given = self.values(applied.expr, filled.into_iter().flatten())?;
        let (name, place) = (applied.name.as_str(), applied.expr.place);
        let [f, v] = [given[0], given[1]];
        let variable = self.variable(name, v)?;
        self.not_reduced(name, f)?;
        let node = match operator {
            Operator::Gradient => {
                self.small_enough(place, f, 1)?;
                let seed = self.seed(name, place, f, given.get(2).copied())?;
                let node = gradient(&mut self.graph, f.value.node, variable, seed);
                return Some(Value { node, ..v.value });
            }
            Operator::Differential => {
                let u = given[2];
                if self.dim(v) != self.dim(u) {
                    self.equal_error(place, name, v, u);
                    return None;
                }
                let length = self.unrolled(name, place, f, f)?;
                let node = self.differential(f.value.node, variable, u.value.node, length);
                return Some(Value { node, ..f.value });
            }
            Operator::Matrix => {
                self.unrolled(name, place, f, f)?;
                grad_matrix(&mut self.graph, f.value.node, variable)
            }
            Operator::Divergence => {
                if self.dim(f) != self.dim(v) {
                    self.equal_error(place, name, f, v);
                    return None;
                }
                self.unrolled(name, place, f, f)?;
                divergence(&mut self.graph, f.value.node, variable)
            }
            Operator::Laplacian => {
                self.single(name, "f", f)?;
                self.unrolled(name, place, f, v)?;
                laplacian(&mut self.graph, f.value.node, variable)
            }
        };
        self.not_too_long(&applied, node)?;
        Some(Value { node, length_of: None })
    }

    /// (∂f/∂v) u: each coordinate is that of f's gradient along u.
    fn differential(&mut self, f: NodeId, v: VariableId, u: NodeId, length: usize) -> NodeId {
        let one = self.graph.integer(1);
        let slope = |k| {
            let f_k = self.graph.extract(f, k, &Dim::literal(1));
            let row = gradient(&mut self.graph, f_k, v, one);
            self.graph.dot(row, u)
        };
        let slopes = (0..length).map(slope).collect();
        self.graph.concat(slopes)
    }

    /// The variable that an expression is.
    fn variable(&mut self, name: &str, v: Given<'a>) -> Option<VariableId> {
        if let Op::Variable(id) = self.graph.op(v.value.node) {
            return Some(*id);
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

    /// The e of `Grad`: of the dimension of f, or a literal that stands for every coordinate; 1 if left out.
    fn seed(&mut self, name: &str, place: Place, f: Given<'a>, e: Option<Given<'a>>) -> Option<NodeId> {
        let dim = self.dim(f);
        let Some(e) = e else {
            let one = self.graph.integer(1);
            return Some(self.graph.fill(one, &dim));
        };
        if self.dim(e) == dim {
            return Some(e.value.node);
        }
        if self.number(e.value.node).is_some() {
            return Some(self.graph.fill(e.value.node, &dim));
        }
        self.equal_error(place, name, f, e);
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
        let Some(length) = dim.value().filter(|length| *length <= MOST) else {
            let text = quote(coordinates_of.expr);
            let message = message::too_many_coordinates(name, &text, &dim.to_string(), MOST);
            self.error(coordinates_of.expr.place, message);
            return None;
        };
        self.small_enough(place, f, length)?;
        Some(length)
    }

    /// Each differentiation makes a formula several times as large, so the limit is held before it.
    fn small_enough(&mut self, place: Place, f: Given<'a>, times: usize) -> Option<()> {
        let nodes = self.graph.reachable(&[f.value.node]).len() * times;
        if nodes > LARGEST_FORMULA {
            self.error(place, message::formula_too_large(nodes, LARGEST_FORMULA));
            return None;
        }
        Some(())
    }
}
