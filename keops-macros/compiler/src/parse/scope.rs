//! What the names of a body mean while it is read: arguments, values, and the variables of loops.

use crate::ast::{Argument, Dimension};
use crate::number::Number;
use proc_macro2::Ident;

/// What the variable of a loop stands for in one of its rounds.
#[derive(Clone, Debug)]
pub(super) enum Variable {
    Number(Number),
    /// A coordinate of an argument.
    Coordinate(Ident, usize),
}

/// The names of a body.
#[derive(Default)]
pub(super) struct Scope {
    /// The arguments and their dimensions, where they are known.
    arguments: Vec<(String, Option<Dimension>)>,
    /// The bindings, and whether they are `mut`.
    bindings: Vec<(String, bool)>,
    /// The loops around this place: their variables, and how many bindings there were before the round.
    rounds: Vec<(String, Variable, usize)>,
    /// Bindings of loops that are over.
    closed: Vec<String>,
}

impl Scope {
    pub(super) fn new(arguments: &[Argument]) -> Self {
        let arguments = arguments.iter().map(|a| (a.name.to_string(), a.dim.clone())).collect();
        Scope { arguments, ..Scope::default() }
    }

    /// A round of a loop begins.
    pub(super) fn enter(&mut self, variable: &str, value: Variable) {
        self.rounds.push((variable.into(), value, self.bindings.len()));
    }

    /// It ends: its bindings mean nothing any more.
    pub(super) fn leave(&mut self) {
        if let Some((_, _, before)) = self.rounds.pop() {
            let mut over = self.bindings.split_off(before);
            over.retain(|(name, _)| self.is_mutable(name).is_none());
            self.closed.extend(over.into_iter().map(|(name, _)| name));
        }
    }

    /// A `let`.
    pub(super) fn bind(&mut self, name: &str, mutable: bool) {
        self.closed.retain(|closed| closed != name);
        self.bindings.push((name.into(), mutable));
    }

    /// Whether a `let` of this name in a loop would hide what the name means around it.
    pub(super) fn hides(&self, name: &str) -> bool {
        let Some((_, _, before)) = self.rounds.last() else { return false };
        self.argument(name).is_some()
            || self.bindings[..*before].iter().any(|(known, _)| known == name)
            || self.variable(name).is_some()
    }

    /// What the variable of a loop stands for.
    pub(super) fn variable(&self, name: &str) -> Option<&Variable> {
        self.rounds.iter().rev().find(|(variable, ..)| variable == name).map(|(_, value, _)| value)
    }

    /// Whether the name was bound in a loop that is over.
    pub(super) fn is_closed(&self, name: &str) -> bool {
        self.closed.iter().any(|closed| closed == name)
    }

    /// Whether the last `let` of this name is a `let mut`; `None` if there is none.
    pub(super) fn is_mutable(&self, name: &str) -> Option<bool> {
        self.bindings.iter().rev().find(|(known, _)| known == name).map(|(_, mutable)| *mutable)
    }

    /// The dimension of an argument, `Some(None)` if it is not known; `None` if there is no such argument.
    pub(super) fn argument(&self, name: &str) -> Option<Option<&Dimension>> {
        self.arguments.iter().find(|(known, _)| known == name).map(|(_, dim)| dim.as_ref())
    }
}
