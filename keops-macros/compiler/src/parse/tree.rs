//! Building expressions within the limits.

use super::Reported;
use super::helper::Helpers;
use super::limit::{MAX_DEPTH, MAX_NODES};
use super::scope::Scope;
use crate::ast::{Expr, ExprKind, Place};
use crate::error::Errors;
use crate::message::syntax::limit;

/// An expression and how deep it is.
pub(super) struct Tree {
    /// The expression.
    pub(super) expr: Expr,
    /// How many levels of [`MAX_DEPTH`] it takes. A sum or a product takes none of its own: between two levels there is
    /// at most one of each.
    pub(super) depth: usize,
}

impl Tree {
    /// What stands for an expression whose error has been reported.
    pub(super) fn error(place: Place) -> Tree {
        Tree { expr: Expr { kind: ExprKind::Error, place }, depth: 0 }
    }

    /// Whether its error has been reported.
    pub(super) fn is_error(&self) -> bool {
        matches!(self.expr.kind, ExprKind::Error)
    }
}

/// The reader of the formula of one function: counts what it builds, and knows where errors go.
pub(super) struct Reader<'e> {
    errors: &'e mut Errors,
    /// What calls are written out.
    pub(super) helpers: &'e Helpers,
    /// What the names of a body mean.
    pub(super) scope: Scope,
    nodes: usize,
    /// Whether a limit was exceeded, which is reported once.
    pub(super) too_large: bool,
}

impl<'e> Reader<'e> {
    pub(super) fn new(errors: &'e mut Errors, helpers: &'e Helpers) -> Self {
        Reader { errors, helpers, scope: Scope::default(), nodes: 0, too_large: false }
    }

    /// Reports an error.
    pub(super) fn refuse(&mut self, place: Place, message: String) -> Reported {
        self.errors.push(place, message);
        Reported
    }

    /// How many errors there are, those of what was read before included.
    pub(super) fn faults(&self) -> usize {
        self.errors.len()
    }

    /// A node that is one level deeper than the deepest of its parts.
    pub(super) fn nest(&mut self, kind: ExprKind, place: Place, deepest_part: usize) -> Tree {
        let depth = deepest_part + 1;
        if depth > MAX_DEPTH {
            return self.exceed(place, limit::too_deep(MAX_DEPTH));
        }
        self.node(kind, place, depth)
    }

    /// A node of a given depth.
    pub(super) fn node(&mut self, kind: ExprKind, place: Place, depth: usize) -> Tree {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return self.exceed(Place::of(place.last), limit::too_long(MAX_NODES));
        }
        Tree { expr: Expr { kind, place }, depth }
    }

    /// An expression of `size` more nodes, and of a given depth; it is made only if that is within the limits.
    pub(super) fn grown(
        &mut self,
        size: usize,
        place: Place,
        depth: usize,
        make: impl FnOnce() -> Expr,
    ) -> Tree {
        self.nodes = self.nodes.saturating_add(size);
        if depth > MAX_DEPTH {
            return self.exceed(place, limit::too_deep(MAX_DEPTH));
        }
        if self.nodes > MAX_NODES {
            return self.exceed(place, limit::too_long(MAX_NODES));
        }
        Tree { expr: make(), depth }
    }

    fn exceed(&mut self, place: Place, message: String) -> Tree {
        if !self.too_large {
            self.refuse(place, message);
        }
        self.too_large = true;
        Tree::error(place)
    }
}
