//! Calls: what a name means, which operand is which, and the operations of the tables.

use super::dims::Filled;
use super::quote::quote;
use super::{Checker, Given, Meaning, Value, calculus, reduction};
use crate::ast::{Call, Expr, ExprKind, LARGEST_DIM, Place};
use crate::ir::NodeId;
use crate::message::{dims, names as message};
use crate::number::Number;
use crate::ops::{self, Entry, Operand, Operation, ScalarFunction, ScalarId, Slot, Wanted, usage};
use proc_macro2::Ident;

/// A call with its operands in order, the receiver first.
pub(super) struct Applied<'a> {
    /// The whole call.
    pub(super) expr: &'a Expr,
    /// The operation's name as written.
    pub(super) name: String,
    /// The place of that name.
    pub(super) name_place: Place,
    /// Receiver and operands given by position.
    pub(super) positional: Vec<&'a Expr>,
    /// Operands given by name.
    pub(super) named: Vec<(&'a Ident, &'a Expr)>,
}

impl<'a> Applied<'a> {
    fn new(expr: &'a Expr, call: &'a Call) -> Self {
        Applied {
            expr,
            name: call.name.to_string(),
            name_place: Place::of(call.name.span()),
            positional: call.receiver.as_deref().into_iter().chain(&call.arguments).collect(),
            named: call.named.iter().map(|(keyword, value)| (keyword, value)).collect(),
        }
    }

    /// The operands, by position and by name.
    fn operands(&self) -> impl Iterator<Item = &'a Expr> {
        self.positional.iter().copied().chain(self.named.iter().map(|(_, value)| *value))
    }
}

impl<'a> Checker<'a> {
    /// A call of anything.
    pub(super) fn call(&mut self, e: &'a Expr, call: &'a Call) -> Option<Meaning> {
        let applied = Applied::new(e, call);
        if let (Some(receiver), false) = (&call.receiver, call.parentheses) {
            self.read_operands(&applied);
            return self.without_parentheses(call, receiver);
        }
        if let Some(spelled) = reduction::spelled(&applied.name) {
            return self.reduction(applied, spelled);
        }
        if let Some(spelled) = calculus::spelled(&applied.name) {
            return self.calculus(applied, spelled).map(Meaning::Value);
        }
        if let Some(entry) = ops::lookup(&applied.name) {
            return self.operation(applied, entry).map(Meaning::Value);
        }
        self.read_operands(&applied);
        self.unknown_function(call)
    }

    /// An operation of the tables.
    pub(super) fn operation(&mut self, applied: Applied<'a>, entry: Entry) -> Option<Value> {
        match entry {
            Entry::Scalar(id) => self.scalar(applied, id),
            Entry::Named(row) => self.named(applied, row),
        }
    }

    fn scalar(&mut self, applied: Applied<'a>, id: ScalarId) -> Option<Value> {
        let function: &ScalarFunction = ops::scalar(id);
        let wanted: Vec<Wanted> = function.arguments.iter().map(|name| Wanted::one(name)).collect();
        let filled = self.fill(&applied, function.name, &wanted)?;
        let given = self.values(applied.expr, filled.into_iter().flatten())?;
        self.as_operator(function.name, &given)?;
        if function.name == "IfElse" && ops::is_comparison(&self.graph, given[0].value.node) {
            self.error(given[0].expr.place, dims::comparison_as_sign(&quote(given[0].expr)));
            return None;
        }
        if let Some((a, b)) = self.mismatch(&given) {
            self.broadcast_error(applied.expr.place, &applied.name, given[a], given[b]);
            return None;
        }
        let arguments: Vec<NodeId> = given.iter().map(|operand| operand.value.node).collect();
        let node = match (function.name, &arguments[..]) {
            // The same as with `^`, gradients at 0 included.
            ("Powf", &[base, exponent]) => ops::power(&mut self.graph, base, exponent),
            _ => self.graph.map(id, arguments),
        };
        Some(Value { node, length_of: self.length_of(&given) })
    }

    fn named(&mut self, applied: Applied<'a>, row: &'static Operation) -> Option<Value> {
        let applied = self.without_axis(applied, row)?;
        let exprs = self.fill(&applied, row.name, &Wanted::of(row.operands))?;
        // The last operand may take several.
        let slots = (0..exprs.len()).map(|k| row.operands[k.min(row.operands.len() - 1)]);
        let operands: Vec<Option<Filled>> = slots
            .zip(exprs)
            .map(|((operand, slot), e)| self.operand(&applied.name, operand, slot, e))
            .collect();
        let operands = operands.into_iter().collect::<Option<Vec<Filled>>>()?;
        let given: Vec<Given> = operands.iter().filter_map(|operand| operand.given).collect();
        self.beside_reduced(applied.expr, &given)?;
        self.as_operator(row.name, &given)?;
        if let ("Minus", [operand]) = (row.name, &given[..]) {
            return self.negated(applied.expr, *operand);
        }
        let plain: Vec<Operand> = operands.iter().map(|operand| operand.operand.clone()).collect();
        match (row.expand)(&mut self.graph, &plain) {
            Ok(node) => {
                self.room_for(applied.expr.place, 0)?;
                self.not_too_long(&applied, node)?;
                // What keeps the length of its only formula has it from there.
                let keeps = given.len() == 1 && self.dim(given[0]) == *self.graph.dim(node);
                Some(Value { node, length_of: if keeps { given[0].value.length_of } else { None } })
            }
            Err(wrong) => {
                self.wrong(applied.expr.place, &applied.name, &operands, wrong);
                None
            }
        }
    }

    /// A value has no more coordinates than an argument may have.
    pub(super) fn not_too_long(&mut self, applied: &Applied<'a>, node: NodeId) -> Option<()> {
        let dim = self.graph.dim(node).clone();
        if dim.least() > LARGEST_DIM as usize {
            self.error(applied.expr.place, dims::too_long(&applied.name, &dim, LARGEST_DIM));
            return None;
        }
        Some(())
    }

    /// Reads one operand as its slot wants it.
    fn operand(
        &mut self,
        name: &str,
        operand: &'static str,
        slot: Slot,
        e: Option<&'a Expr>,
    ) -> Option<Filled<'a>> {
        let mut given = None;
        let value = match (slot, e) {
            (Slot::Formula | Slot::FormulaOr(_) | Slot::Formulas, Some(e)) => {
                let value = self.value(e)?;
                given = Some(value);
                Operand::Value(value.value.node)
            }
            (Slot::Integer | Slot::IntegerOr(_), Some(e)) => {
                Operand::Integer(self.integer(name, operand, e)?)
            }
            (Slot::List | Slot::OptionalList, Some(e)) => Operand::List(Some(self.list(name, operand, e)?)),
            (Slot::FormulaOr(default), None) => Operand::Value(self.graph.integer(default)),
            (Slot::IntegerOr(default), None) => Operand::Integer(default),
            (_, None) => Operand::List(None),
        };
        Some(Filled { name: operand, operand: value, given, place: e.map(|e| e.place) })
    }

    /// An integer literal, or arithmetic of literals that is an integer.
    pub(super) fn integer(&mut self, name: &str, operand: &str, e: &'a Expr) -> Option<i64> {
        if !is_several(e) {
            let node = self.value(e)?.value.node;
            if let Some(integer) = self.number(node).and_then(|number| number.as_integer()) {
                return Some(integer);
            }
        }
        self.error(e.place, message::integer_wanted(name, operand, &quote(e)));
        None
    }

    fn list(&mut self, name: &str, operand: &str, e: &'a Expr) -> Option<Vec<usize>> {
        // A tuple of numbers is how the LazyTensor method writes it; `(1,)` is 1 in parentheses.
        let (ExprKind::List(items) | ExprKind::Tuple(items)) = &e.kind else {
            let node = self.value(e)?.value.node;
            let only = self.number(node).and_then(Number::as_integer).and_then(|n| usize::try_from(n).ok());
            if only.is_none() {
                self.error(e.place, message::list_wanted(name, operand));
            }
            return Some(vec![only?]);
        };
        let mut list = vec![];
        for item in items {
            match usize::try_from(self.integer(name, operand, item)?) {
                Ok(entry) => list.push(entry),
                Err(_) => {
                    self.error(item.place, message::list_wanted(name, operand));
                    return None;
                }
            }
        }
        Some(list)
    }

    /// Puts operands by position and by name where they belong: one entry for each wanted operand, and more
    /// if the last one takes several. `canonical` is the name to show in a usage.
    pub(super) fn fill(
        &mut self,
        applied: &Applied<'a>,
        canonical: &str,
        wanted: &[Wanted],
    ) -> Option<Vec<Option<&'a Expr>>> {
        match filled(applied, canonical, wanted) {
            Ok(filled) => Some(filled),
            Err((place, message)) => {
                // What could not be read may have been two operands.
                if !applied.operands().any(|operand| matches!(operand.kind, ExprKind::Error)) {
                    self.error(place, message);
                }
                self.read_operands(applied);
                None
            }
        }
    }

    /// Reads the operands of a call that is in error, for the mistakes that they may hold themselves.
    fn read_operands(&mut self, applied: &Applied<'a>) {
        for operand in applied.operands() {
            if !is_several(operand) {
                self.meaning(operand);
            }
        }
    }

    /// Takes the axis out of `.norm(-1)` or `cat((a, b), dim=2)`: it can only be the coordinates.
    fn without_axis(&mut self, mut applied: Applied<'a>, row: &Operation) -> Option<Applied<'a>> {
        if !COORDINATE_AXIS.contains(&applied.name.as_str()) {
            return Some(applied);
        }
        let in_one = applied.positional.first().is_some_and(|first| is_several(first));
        let operands = match row.operands.last() {
            Some((_, Slot::Formulas)) if !in_one => usize::MAX,
            _ if in_one => 1,
            _ => row.operands.len(),
        };
        let by_name = applied.named.iter().position(|(keyword, _)| is_axis(keyword));
        let axis = match by_name {
            Some(k) => applied.named.remove(k).1,
            None if applied.positional.len() > operands => applied.positional.remove(operands),
            None => return Some(applied),
        };
        match self.integer(&applied.name, "axis", axis)? {
            -1 | 2 => Some(applied),
            other => {
                self.error(axis.place, message::coordinate_axis_only(&applied.name, other));
                None
            }
        }
    }
}

/// The LazyTensor spellings that take an axis, which can only be that of the coordinates.
const COORDINATE_AXIS: &[&str] = &["norm", "concatenate", "cat"];

/// Other words for operands: the one of PyTorch for `axis`, and those of KeOps's LazyTensors.
const SYNONYMS: &[(&str, &str)] = &[
    ("dim", "axis"),
    ("dimfa", "dims_f"),
    ("dimfb", "dims_g"),
    ("dimsa", "dims_f"),
    ("dimsb", "dims_g"),
    ("contfa", "axes_f"),
    ("contfb", "axes_g"),
    ("perm", "permutation"),
];

/// Whether an expression is a tuple or a list.
fn is_several(e: &Expr) -> bool {
    matches!(e.kind, ExprKind::Tuple(_) | ExprKind::List(_))
}

/// The entry for each wanted operand, or what is wrong.
fn filled<'a>(
    applied: &Applied<'a>,
    canonical: &str,
    wanted: &[Wanted],
) -> Result<Vec<Option<&'a Expr>>, (Place, String)> {
    let (name, usage) = (&applied.name, usage(canonical, wanted));
    let wrong_count =
        |given: usize| (applied.expr.place, message::operand_count(name, &how_many(wanted), given, &usage));
    let takes_rest = wanted.last().is_some_and(|last| last.rest);
    let mut filled: Vec<Option<&Expr>> = applied.positional.iter().copied().map(Some).collect();
    if takes_rest {
        // `concatenate((a, b))` joins the parts of one tuple.
        filled = applied.positional.iter().flat_map(|e| parts(e)).map(Some).collect();
    } else if filled.len() > wanted.len() {
        return Err(wrong_count(filled.len()));
    }
    filled.resize(filled.len().max(wanted.len()), None);
    for &(ident, value) in &applied.named {
        let place = Place::of(ident.span()).to(value.place);
        let other_words = |wanted: &str| SYNONYMS.iter().any(|(word, of)| *of == wanted && *ident == word);
        let meant = |wanted: &Wanted| *ident == wanted.name || other_words(wanted.name);
        match wanted.iter().position(meant) {
            Some(k) if filled[k].is_none() => filled[k] = Some(value),
            Some(_) => return Err((place, message::operand_twice(name, &ident.to_string()))),
            None => return Err((place, message::unknown_keyword(name, &ident.to_string(), &usage))),
        }
    }
    if wanted.iter().zip(&filled).any(|(wanted, filled)| wanted.required && filled.is_none()) {
        return Err(wrong_count(filled.iter().flatten().count()));
    }
    Ok(filled)
}

/// Whether a keyword names the axis, as NumPy or PyTorch call it.
pub(super) fn is_axis(keyword: &Ident) -> bool {
    *keyword == "axis" || *keyword == "dim"
}

/// The items of a tuple or list, or the expression itself.
pub(super) fn parts(e: &Expr) -> Vec<&Expr> {
    match &e.kind {
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().collect(),
        _ => vec![e],
    }
}

fn how_many(wanted: &[Wanted]) -> String {
    let least = wanted.iter().filter(|wanted| wanted.required).count();
    let (range, last) = match wanted.len() {
        _ if wanted.last().is_some_and(|last| last.rest) => (format!("{least} or more"), 2),
        most if most > least => (format!("{least} to {most}"), most),
        most => (most.to_string(), most),
    };
    format!("{range} operand{}", if last == 1 { "" } else { "s" })
}
