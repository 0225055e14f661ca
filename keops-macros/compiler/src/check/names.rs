//! Names: arguments and `let` bindings, what an unknown name may have been meant to be, and the names in
//! `#[grad]`.

use super::quote::{quote, quote_operand};
use super::{Checker, Keep, Meaning, Value, calculus, reduction};
use crate::ast::{self, Call, Expr, Kind, Place, indexed};
use crate::ir::{Dim, Source, Variable, VariableId};
use crate::message::syntax::expression;
use crate::message::{names as message, reductions, results};
use crate::ops;
use crate::spelling::{nearest, nearest_of};
use proc_macro2::Ident;
use std::collections::BTreeMap;

/// The names that can be read, each with what it stands for now.
#[derive(Default)]
pub(super) struct Scope<'a> {
    bindings: BTreeMap<String, Binding<'a>>,
}

/// What a name stands for.
#[derive(Clone, Copy)]
pub(super) struct Binding<'a> {
    /// Where it comes from.
    pub(super) origin: Origin<'a>,
    /// What it means; `None` if that is in error.
    meaning: Option<Meaning>,
}

/// Where a name comes from.
#[derive(Clone, Copy)]
pub(super) enum Origin<'a> {
    /// An argument of the function.
    Argument,
    /// `let name = expression;`
    Let(&'a Expr),
}

impl<'a> Scope<'a> {
    /// Binds a name, hiding what it meant before.
    pub(super) fn bind(&mut self, name: &Ident, origin: Origin<'a>, meaning: Option<Meaning>) {
        self.bindings.insert(name.to_string(), Binding { origin, meaning });
    }

    /// What a name stands for.
    pub(super) fn get(&self, name: &Ident) -> Option<Binding<'a>> {
        self.bindings.get(&name.to_string()).copied()
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.bindings.keys().map(String::as_str)
    }
}

impl<'a> Checker<'a> {
    /// A name used as a value.
    pub(super) fn name(&mut self, ident: &Ident) -> Option<Meaning> {
        let place = Place::of(ident.span());
        let Some(binding) = self.scope.get(ident) else {
            if let Some(number) = self.number_of_point(&ident.to_string()) {
                return Some(number);
            }
            let message = self.unknown_variable(&ident.to_string());
            self.error(place, message);
            return None;
        };
        let meaning = binding.meaning?;
        let reduced = match meaning {
            Meaning::Value(Value { node, .. }) => self.uses(node).reduced,
            Meaning::Indices(_) | Meaning::Pair(..) | Meaning::Total(_) => true,
        };
        if let (true, Some(outer)) = (reduced, &mut self.inside) {
            outer.holds_another = true;
            let message = reductions::nested(&ident.to_string(), &outer.name);
            self.error(place, message);
            return None;
        }
        Some(meaning)
    }

    /// What `i` and `j` stand for where nothing else has the name: the number of the point on that side, from 0.
    fn number_of_point(&mut self, name: &str) -> Option<Meaning> {
        let kind = number_kind(name)?;
        let source = Source::Number;
        let known = self.graph.variables().iter().position(|v| v.source == source && v.kind == kind);
        let node = match known {
            Some(number) => self.graph.variable_node(VariableId(number as u32)),
            None => {
                let name = name.to_string();
                self.graph.declare(Variable { name, kind, dim: Dim::literal(1), source })
            }
        };
        Some(Meaning::Value(Value { node, length_of: None }))
    }

    fn unknown_variable(&self, name: &str) -> String {
        let functions = functions();
        let mut functions = functions.iter().map(String::as_str);
        if functions.clone().any(|f| f == name) {
            return message::operation_as_value(name);
        }
        let is_infinity = matches!(name.to_lowercase().as_str(), "inf" | "infinity");
        let near = if is_infinity { Some("Inf") } else { nearest(name, self.scope.names()) };
        // An operation is meant only if nothing but capitals and underscores differ: it lacks its parentheses
        // too.
        let plain = |name: &str| name.replace('_', "").to_lowercase();
        match functions.find(|f| plain(f) == plain(name)) {
            Some(function) if near.is_none() => message::operation_as_value(function),
            _ => message::unknown_variable(name, near, &self.argument_names()),
        }
    }

    /// `e.name` without parentheses.
    pub(super) fn without_parentheses(&mut self, call: &Call, receiver: &Expr) -> Option<Meaning> {
        let name = call.name.to_string();
        let place = Place::of(call.name.span());
        let coordinate = match name.as_str() {
            "x" => Some((0, "first")),
            "y" => Some((1, "second")),
            "z" => Some((2, "third")),
            _ => None,
        };
        let is_operation = functions().contains(&name);
        let message = if let Some((k, number)) = coordinate {
            let fix = quote_operand(receiver).map_or_else(|| format!("[{k}]"), |text| format!("{text}[{k}]"));
            expression::coordinate_by_name(&name, &fix, number)
        } else if is_operation || indexed(&name).is_some() || self.scope.get(&call.name).is_some() {
            expression::method_parentheses(&name, is_operation)
        } else {
            return self.unknown_function(call);
        };
        self.error(place, message);
        None
    }

    /// A call of something that is no operation.
    pub(super) fn unknown_function(&mut self, call: &Call) -> Option<Meaning> {
        let name = call.name.to_string();
        let is_known = self.scope.get(&call.name).is_some() || number_kind(&name).is_some();
        let message = if is_known && call.receiver.is_none() {
            message::variable_called(&name, call.arguments.first().map(quote).as_deref())
        } else if let Some((_, instead)) = NOT_AVAILABLE.iter().find(|(missing, _)| *missing == name) {
            message::not_available(&name, instead)
        } else if let Some(operation) = not_a_reduction(&name) {
            message::no_reduction(&name, operation)
        } else {
            message::unknown_function(&name, self.nearest_function(&name).as_deref())
        };
        self.error(Place::of(call.name.span()), message);
        None
    }

    /// The operation that a name was perhaps meant to be. Of equally near reductions it is the one over the index that the
    /// result does not keep.
    fn nearest_function(&self, name: &str) -> Option<String> {
        let index = self.reduced_side().letter();
        let functions = functions();
        let preferred = |function: &str| function.ends_with(index) && indexed(function).is_some();
        let near = nearest_of(name, functions.iter().map(String::as_str), preferred)?;
        Some(match indexed(near) {
            Some(("Sum", _)) if self.keep == Keep::Total => "Sum_ij".into(),
            _ => near.into(),
        })
    }

    /// The arguments that `#[grad]` asks for, by number; `None` if something is wrong with them.
    pub(super) fn gradients(&mut self, function: &ast::Function) -> Option<Vec<usize>> {
        let Some(gradients) = &function.gradients else { return Some(vec![]) };
        if function.results.iter().all(|result| result.index) {
            self.error(gradients.place, results::gradient_of_indices());
            return None;
        }
        if gradients.names.is_empty() {
            return Some((0..self.arguments.len()).collect());
        }
        let known = self.argument_names();
        let numbers: Vec<Option<usize>> = gradients
            .names
            .iter()
            .map(|ident| {
                let name = ident.to_string();
                let number = known.iter().position(|argument| *argument == name);
                if number.is_none() {
                    let near = nearest(&name, known.iter().map(String::as_str));
                    self.error(Place::of(ident.span()), message::unknown_gradient(&name, near, &known));
                }
                number
            })
            .collect();
        numbers.into_iter().collect()
    }

    fn argument_names(&self) -> Vec<String> {
        self.arguments.iter().map(|argument| argument.name.to_string()).collect()
    }
}

/// The side whose points a name numbers, where nothing else has the name.
fn number_kind(name: &str) -> Option<Kind> {
    match name {
        "i" => Some(Kind::I),
        "j" => Some(Kind::J),
        _ => None,
    }
}

/// The names of everything that can be called, in alphabetical order.
fn functions() -> Vec<String> {
    let tables = ops::names().chain(calculus::names()).map(str::to_string);
    let mut all: Vec<String> = tables.chain(reduction::names()).collect();
    all.sort();
    all
}

/// The operation that a name with an index would be without it.
fn not_a_reduction(name: &str) -> Option<&str> {
    let (operation, _) = indexed(name)?;
    ops::names().any(|known| known == operation).then_some(operation)
}

const SOFT_MAX: &str = "write `SumSoftMaxWeight_j(f, v_j)`, which is Σ exp(f) v / Σ exp(f)";
const DETERMINANT: &str = "write it out, as in `m[0] * m[3] - m[1] * m[2]` for two rows of two";
const TRANSPOSED: &str =
    "leave it out: `x | y` is a dot product, and `VecMatMult(v, m)` multiplies by the columns of m";
const POINTS: &str = "the number of points is not in the language: for a mean write `Mean_j(f)`, else declare it, as in `n: Pm<1>`";

/// What KeOps or its users have and this language has not, with what to write instead.
const NOT_AVAILABLE: &[(&str, &str)] = &[
    ("Max_SumShiftExp_Reduction", "write `LogSumExp_j(f)`, which never overflows"),
    ("Max_SumShiftExpWeight_Reduction", "write `LogSumExp_j(f, g)` or `SumSoftMaxWeight_j(f, g)`"),
    ("Max_SumShiftExp_i", "write `LogSumExp_i(f)`, which never overflows"),
    ("Max_SumShiftExp_j", "write `LogSumExp_j(f)`, which never overflows"),
    ("Max_SumShiftExpWeight_j", "write `LogSumExp_j(f, g)` or `SumSoftMaxWeight_j(f, g)`"),
    ("Softmax", SOFT_MAX),
    ("Softmax_j", SOFT_MAX),
    ("Softmax_i", "write `SumSoftMaxWeight_i(f, v_i)`, which is Σ exp(f) v / Σ exp(f)"),
    ("Zero_Reduction", "write the result `Zero(n)`: a sum of zeros is zero"),
    (
        "Grad_WithSavedForward",
        "put `#[grad]` on the function: its gradients keep what they need of its results",
    ),
    ("Diff_WithSavedForward", "write `Sum_j(Diff(f, v, u))`, the differential of `Sum_j(f)`"),
    ("GradSoftDTW_SqDist", "write `Grad(SoftDTW_SqDist(x, y, gamma), x, e)`"),
    ("Det", DETERMINANT),
    ("det", DETERMINANT),
    ("matvec", "write `MatVecMult(m, v)`, with the rows of m one after another"),
    ("matmul", "write `MatVecMult(m, v)`, with the rows of m one after another"),
    ("T", TRANSPOSED),
    ("t", TRANSPOSED),
    ("transpose", TRANSPOSED),
    ("shape", POINTS),
    ("len", POINTS),
    ("size", POINTS),
    ("Ind", "write the list in brackets, as in `[2, 3]`"),
    (
        "difference_matrix",
        "write `TensorProd(x, Zero(n) + 1) - TensorProd(Zero(m) + 1, y)` for x of length m and y of length n",
    ),
    ("Product_j", "write `Exp(Sum_j(Log(f)))` for positive f"),
    ("Prod_j", "write `Exp(Sum_j(Log(f)))` for positive f"),
    ("Var_j", "write `Mean_j(f^2) - Mean_j(f)^2`"),
    ("Count_j", "write `Sum_j(f < r)` to count the points j with f < r"),
    ("Any_j", "write `Max_j(f < r)`, which is 1 or 0"),
    ("All_j", "write `Min_j(f < r)`, which is 1 or 0"),
    ("Factorize", "leave it out: equal sub-expressions are always computed once"),
    ("factorize", "leave it out: equal sub-expressions are always computed once"),
    ("AutoFactorize", "leave it out: equal sub-expressions are always computed once"),
    ("auto_factorize", "leave it out: equal sub-expressions are always computed once"),
    ("solve", "a formula is one product with the kernel matrix, as conjugate gradients need it"),
    ("Var", "declare the variable in the signature, as in `x_i: Vi<3>`"),
    ("Vi", "declare the variable in the signature, as in `x_i: Vi<3>`"),
    ("Vj", "declare the variable in the signature, as in `y_j: Vj<3>`"),
    ("Pm", "declare the variable in the signature, as in `s: Pm<1>`"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_lists_all() {
        let page = ops::document::operations();
        for name in functions() {
            let name = name.strip_suffix("_Reduction").or(name.strip_suffix("_i")).unwrap_or(&name);
            let listed = ["(", "`", "_j(", "_j`"].map(|end| format!("`{name}{end}"));
            assert!(listed.iter().any(|form| page.contains(form)), "{name}");
        }
    }

    #[test]
    fn what_is_not_available_is_not() {
        let functions = functions();
        for (missing, _) in NOT_AVAILABLE {
            assert!(!functions.iter().any(|f| f == missing), "{missing} is available");
        }
    }
}
