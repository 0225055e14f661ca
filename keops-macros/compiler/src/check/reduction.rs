//! Reductions over points: how they are written, what they are given, the index they run over and the values
//! they yield.

use super::operands::{Applied, is_axis};
use super::quote::{quote, quote_whole};
use super::{Checker, Given, Keep, Meaning, Outer, Value};
use crate::ast::{Expr, ExprKind, LARGEST_DIM};
use crate::ir::{Dim, Op, Reduction, ReductionKind, Side};
use crate::message::reductions as message;
use crate::ops::reduction::{self as table, NamedReduction, Weight};
use crate::ops::{self, Entry, Wanted};

/// What `Sum_ij` runs over, in messages.
const BOTH: &str = "i and j";

/// How a reduction says what it runs over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// `Sum_j(f)`
    Index(Side),
    /// `Sum_ij(f)`
    Both,
    /// `Sum_Reduction(f, 0)`
    Tag,
    /// `f.sum_reduction(axis=1)`
    Axis,
    /// `f.sum(axis=1)`, or `Sum(f)` for the coordinates.
    Bare,
}

const SUFFIXES: &[(&str, Form)] = &[
    ("_Reduction", Form::Tag),
    ("_reduction", Form::Axis),
    ("_ij", Form::Both),
    ("_i", Form::Index(Side::I)),
    ("_j", Form::Index(Side::J)),
    ("", Form::Bare),
];

/// What the name of a reduction says.
#[derive(Clone, Copy)]
pub(super) struct Spelled {
    row: &'static NamedReduction,
    form: Form,
}

/// The reduction with this name, if it is one.
pub(super) fn spelled(name: &str) -> Option<Spelled> {
    let (stem, form) =
        SUFFIXES.iter().find_map(|(suffix, form)| Some((name.strip_suffix(suffix)?, *form)))?;
    Some(Spelled { row: table::named(stem)?, form })
}

/// The names to suggest.
pub(super) fn names() -> impl Iterator<Item = String> {
    table::NAMES.iter().flat_map(|row| {
        let suffixes = ["_j", "_i", "_Reduction"].map(|suffix| format!("{}{suffix}", row.name));
        suffixes
            .into_iter()
            .chain([row.name.to_string()])
            .chain(row.aliases.iter().map(|alias| alias.to_string()))
    })
}

/// What a reduction runs over.
#[derive(Clone, Copy)]
enum Over {
    Points(Side),
    AllPairs,
    Coordinates(Entry),
}

/// The operands of a reduction over points.
struct Reduced<'a> {
    f: &'a Expr,
    count: Option<&'a Expr>,
    weight: Option<&'a Expr>,
}

impl<'a> Checker<'a> {
    /// A call of a reduction.
    pub(super) fn reduction(&mut self, applied: Applied<'a>, spelled: Spelled) -> Option<Meaning> {
        let Spelled { row, mut form } = spelled;
        // An axis by name is an axis even where a tag is usual.
        if form == Form::Tag && applied.named.iter().any(|(keyword, _)| is_axis(keyword)) {
            form = Form::Axis;
        }
        let on_coordinates = if form == Form::Bare { ops::lookup(row.name) } else { None };
        let wanted = wanted(row, form);
        let filled = self.fill(&applied, &applied.name, &wanted)?;
        let part = |name: &str| wanted.iter().position(|wanted| wanted.name == name).and_then(|k| filled[k]);
        let over = match (form, part("axis").or(part("tag"))) {
            (Form::Index(side), _) => Over::Points(side),
            (Form::Both, _) => Over::AllPairs,
            (Form::Tag, Some(tag)) => Over::Points(self.tag(&applied.name, tag)?),
            (Form::Bare, Some(second))
                if row.weight == Weight::Optional
                    && applied.named.is_empty()
                    && !self.is_number(second)? =>
            {
                return self.index_missing(&applied, row, &[part("f")?, second]);
            }
            (_, Some(axis)) => {
                self.one_formula(&applied, row, part("f")?, axis)?;
                self.axis(&applied.name, axis, on_coordinates)?
            }
            (_, None) => match on_coordinates {
                Some(entry) => Over::Coordinates(entry),
                None => {
                    let parts: Vec<&Expr> =
                        [part("f"), part("K"), part("weight")].into_iter().flatten().collect();
                    return self.index_missing(&applied, row, &parts);
                }
            },
        };
        let f = part("f")?;
        match over {
            Over::Coordinates(entry) => {
                let applied = Applied { positional: vec![f], named: vec![], ..applied };
                self.operation(applied, entry).map(Meaning::Value)
            }
            Over::AllPairs => self.total(&applied, row, f),
            Over::Points(side) => {
                let operands = Reduced { f, count: part("K"), weight: part("weight") };
                self.over_points(&applied, row, side, operands)
            }
        }
    }

    /// Neither the name nor an axis says what is reduced over.
    fn index_missing(
        &mut self,
        applied: &Applied<'a>,
        row: &NamedReduction,
        operands: &[&Expr],
    ) -> Option<Meaning> {
        let over = self.reduced_side();
        let fix = indexed_call(row, over, operands);
        self.error(applied.name_place, message::index_missing(&applied.name, &fix, over.letter()));
        None
    }

    /// Whether it is a number, as an axis is; `None` if it is in error.
    fn is_number(&mut self, e: &'a Expr) -> Option<bool> {
        let node = self.value(e)?.value.node;
        Some(self.number(node).is_some())
    }

    /// `Max(x, y)` has no axis but a second formula.
    fn one_formula(
        &mut self,
        applied: &Applied<'a>,
        row: &NamedReduction,
        f: &'a Expr,
        axis: &'a Expr,
    ) -> Option<()> {
        let instead = match row.name {
            "Max" => "Maximum",
            "Min" => "Minimum",
            _ => return Some(()),
        };
        if self.is_number(axis)? {
            return Some(());
        }
        let message = message::two_formulas(&applied.name, instead, &quote(f), &quote(axis));
        self.error(applied.expr.place, message);
        None
    }

    /// Tag 0 reduces over j, tag 1 over i.
    fn tag(&mut self, name: &str, e: &'a Expr) -> Option<Side> {
        match self.integer(name, "tag", e)? {
            0 => Some(Side::J),
            1 => Some(Side::I),
            tag => {
                self.error(e.place, message::tag_out_of_range(name, tag));
                None
            }
        }
    }

    /// Axis 1 reduces over j, axis 0 over i; 2, the last one, holds the coordinates.
    fn axis(&mut self, name: &str, e: &'a Expr, on_coordinates: Option<Entry>) -> Option<Over> {
        match (self.integer(name, "axis", e)?, on_coordinates) {
            (1, _) => Some(Over::Points(Side::J)),
            (0, _) => Some(Over::Points(Side::I)),
            (2 | -1, Some(entry)) => Some(Over::Coordinates(entry)),
            (axis, _) => {
                self.error(e.place, message::axis_out_of_range(name, axis, on_coordinates.is_some()));
                None
            }
        }
    }

    /// Σ over all pairs.
    fn total(&mut self, applied: &Applied<'a>, row: &NamedReduction, f: &'a Expr) -> Option<Meaning> {
        let f = self.inside(applied, f, None, |checker| checker.value(f))?;
        let name = &applied.name;
        let message = match (self.keep, &self.decided_by) {
            _ if row.name != "Sum" => message::only_sum_over_both(name),
            (Keep::Open, _) => {
                self.keep = Keep::Total;
                self.decided_by = Some(name.clone());
                return Some(Meaning::Total(f?.value));
            }
            (Keep::Total, _) => return Some(Meaning::Total(f?.value)),
            (Keep::Rows(keep), None) => {
                let dim = self.dim(f?).to_string();
                message::total_of_rows(name, self.kept_kind(), &indexed(row, keep.other()), &dim)
            }
            (Keep::Rows(keep), Some(first)) => {
                let over = keep.other().letter().to_string();
                message::other_points([name, BOTH], [first, &over], Some(&indexed(row, keep.other())))
            }
            (Keep::Unknown, _) => return None,
        };
        self.error(applied.name_place, message);
        None
    }

    /// A reduction over one side.
    fn over_points(
        &mut self,
        applied: &Applied<'a>,
        row: &NamedReduction,
        over: Side,
        operands: Reduced<'a>,
    ) -> Option<Meaning> {
        let sum_over = (row.name == "Sum").then_some(over);
        let (f, weight) = self.inside(applied, operands.f, sum_over, |checker| {
            (checker.value(operands.f), operands.weight.map(|weight| checker.value(weight)))
        })?;
        let count = operands.count.map(|count| self.count(&applied.name, count));
        self.reduces_over(applied, row, over)?;
        let (f, weight, count) = (f?, transpose(weight)?, transpose(count)?.unwrap_or(1));
        if weight.is_some() && !self.dim(f).is_one() {
            let (dim, of) = (self.dim(f).to_string(), self.length(f));
            let message =
                message::exponent_not_scalar(&applied.name, &dim, &of, quote_whole(f.expr).as_deref());
            self.error(f.expr.place, message);
            return None;
        }
        if let Some(length) = self.dim(f).value().filter(|length| length * count > LARGEST_DIM as usize) {
            let message =
                message::too_many_values(&applied.name, count, length, &self.length(f), LARGEST_DIM);
            self.error(applied.expr.place, message);
            return None;
        }
        let kinds = (row.kinds)(count);
        let values: Vec<Value> =
            kinds.iter().map(|kind| self.reduce(applied.expr, *kind, f, weight)).collect();
        Some(match values[..] {
            [values, indices] => Meaning::Pair(values, indices),
            [value] if is_index(kinds[0]) => Meaning::Indices(value),
            [sum] if row.mean => {
                let points = self.graph.intern(Op::Count, vec![], Dim::literal(1));
                Meaning::Value(Value { node: self.graph.div(sum.node, points), ..sum })
            }
            [value] => Meaning::Value(value),
            _ => unreachable!("a reduction yields one value or a pair"),
        })
    }

    fn reduce(&mut self, e: &Expr, kind: ReductionKind, f: Given, weight: Option<Given>) -> Value {
        let (of_f, of_weight) = (self.dim(f), weight.map(|weight| self.dim(weight)));
        let dim = (table::row(kind).dim)(kind, &of_f, of_weight.as_ref());
        // Lengths are inherited, but for the K values of a KMin.
        let source = weight.unwrap_or(f).value;
        let length_of = if dim == *self.graph.dim(source.node) { source.length_of } else { None };
        let reduction =
            Reduction { kind, argument: f.value.node, weight: weight.map(|weight| weight.value.node) };
        Value { node: self.reduced(reduction, dim, (quote(e), e.place)), length_of }
    }

    /// Reads the operands of a reduction. An error if this is inside another one, or another one inside this.
    fn inside<T>(
        &mut self,
        applied: &Applied<'a>,
        argument: &'a Expr,
        sum_over: Option<Side>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        let (name, place) = (applied.name.clone(), applied.expr.place);
        if let Some(outer) = &mut self.inside {
            outer.holds_another = true;
            let is_all_of_it = std::ptr::eq(outer.argument, applied.expr);
            let both = sum_over.zip(outer.sum_over).is_some_and(|(own, other)| own != other);
            let (place, message) = if is_all_of_it && both {
                let fix = format!("Sum_ij({})", quote_whole(argument).as_deref().unwrap_or("…"));
                let declared = matches!(self.keep, Keep::Rows(_)) && self.decided_by.is_none();
                let message = message::nested_sums(&quote(applied.expr), &outer.name, &fix, declared);
                (outer.place, message)
            } else {
                (place, message::nested(&quote(applied.expr), &outer.name))
            };
            self.error(place, message);
            return None;
        }
        self.inside = Some(Outer { name, place, argument, sum_over, holds_another: false });
        let operands = read(self);
        let holds_another = self.inside.take().is_some_and(|outer| outer.holds_another);
        // What the outer one reduces over, and what follows it, depends on what is meant by the two.
        (!holds_another).then_some(operands)
    }

    /// The reduced index must be the one that the results do not keep; where nothing is declared, the first reduction says
    /// which it is.
    fn reduces_over(&mut self, applied: &Applied<'a>, row: &NamedReduction, over: Side) -> Option<()> {
        let name = &applied.name;
        let message = match (self.keep, &self.decided_by) {
            (Keep::Open, _) => {
                self.keep = Keep::Rows(over.other());
                self.decided_by = Some(name.clone());
                return Some(());
            }
            (Keep::Rows(keep), None) if keep == over => {
                message::keeps_index(name, over.letter(), &indexed(row, over.other()))
            }
            (Keep::Rows(keep), Some(first)) if keep == over => {
                let [own, other] = [over, over.other()].map(|side| side.letter().to_string());
                message::other_points([name, &own], [first, &other], Some(&indexed(row, over.other())))
            }
            (Keep::Total, None) => message::one_sided_total(name, over.other().letter()),
            (Keep::Total, Some(first)) => {
                let fix = (row.name == "Sum").then_some("Sum_ij");
                message::other_points([name, &over.letter().to_string()], [first, BOTH], fix)
            }
            (Keep::Rows(_) | Keep::Unknown, _) => return Some(()),
        };
        self.error(applied.name_place, message);
        None
    }

    fn count(&mut self, name: &str, e: &'a Expr) -> Option<usize> {
        let count = self.integer(name, "K", e)?;
        if !(1..=LARGEST_DIM).contains(&count) {
            self.error(e.place, message::count_out_of_range(name, count, LARGEST_DIM));
            return None;
        }
        usize::try_from(count).ok()
    }
}

/// Nothing asked for, or what was asked for; `None` if that is in error.
fn transpose<T>(asked: Option<Option<T>>) -> Option<Option<T>> {
    asked.map_or(Some(None), |found| found.map(Some))
}

/// What a reduction is to be given, in order.
fn wanted(row: &NamedReduction, form: Form) -> Vec<Wanted> {
    let mut operands = row.operands();
    let axis = match form {
        Form::Tag => Some(Wanted::one("tag")),
        Form::Axis => Some(Wanted::one("axis")),
        Form::Bare => Some(Wanted::optional("axis")),
        Form::Index(_) | Form::Both => None,
    };
    // KeOps has the weight last; the LazyTensor methods that cannot do without it have it first.
    let weight_first = row.weight == Weight::Required && matches!(form, Form::Axis | Form::Bare);
    let weight = operands.iter().position(|wanted| wanted.name == "weight").filter(|_| !weight_first);
    let place = weight.unwrap_or(operands.len());
    operands.splice(place..place, axis);
    operands
}

/// Its name with an index.
fn indexed(row: &NamedReduction, over: Side) -> String {
    format!("{}_{}", row.name, over.letter())
}

/// `ArgMin_j(f)` for an f whose coordinates are searched with `ArgMin(f)`, which was perhaps meant so; `None` for any
/// other expression.
pub(super) fn search_over_points(e: &Expr, over: Side) -> Option<String> {
    let ExprKind::Call(call) = &e.kind else { return None };
    let spelled = spelled(&call.name.to_string()).filter(|spelled| spelled.form == Form::Bare)?;
    let f = call.receiver.as_deref().or(call.arguments.first())?;
    (spelled.row.kinds)(1).into_iter().all(is_index).then(|| indexed_call(spelled.row, over, &[f]))
}

/// Whether a factor that does not depend on the reduced index may as well stand inside.
pub(super) fn is_linear(name: &str) -> bool {
    spelled(name).is_some_and(|spelled| (spelled.row.kinds)(1) == [ReductionKind::Sum])
}

/// The call with an index.
fn indexed_call(row: &NamedReduction, over: Side, operands: &[&Expr]) -> String {
    let operands: Vec<String> = operands.iter().map(|operand| quote(operand)).collect();
    format!("{}({})", indexed(row, over), operands.join(", "))
}

/// Whether a reduction yields indices of points.
pub(super) fn is_index(kind: ReductionKind) -> bool {
    matches!(kind, ReductionKind::Position(_) | ReductionKind::BestPosition { .. })
}
