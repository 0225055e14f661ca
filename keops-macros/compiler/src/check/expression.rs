//! Expressions: operators, coordinates and slices. Calls are in [`super::operands`] and [`super::reduction`].

use super::quote::{quote, quote_factor};
use super::reduction::is_linear;
use super::{Checker, Given, Meaning, Value};
use crate::ast::{Bound, Comparison, Expr, ExprKind, Factor, Place, Sign};
use crate::ir::{Dim, NodeId, Op};
use crate::message::syntax::expression::parentheses_empty;
use crate::message::{dims, names, reductions};
use crate::number::Number;
use crate::ops::{self, Entry};

impl<'a> Checker<'a> {
    /// What an expression stands for; `None` if it is in error, which has been reported.
    pub(super) fn meaning(&mut self, e: &'a Expr) -> Option<Meaning> {
        let value = match &e.kind {
            ExprKind::Name(name) => return self.name(name),
            ExprKind::Call(call) => return self.call(e, call),
            ExprKind::Number(number) => self.constant(*number),
            ExprKind::Negate(operand) => self.negate(e, operand)?,
            ExprKind::Sum(terms) => self.sum(e, terms)?,
            ExprKind::Product(factors) => self.product(e, factors)?,
            ExprKind::Power(base, exponent) => self.power(e, base, exponent)?,
            ExprKind::Dot(a, b) => self.dot(e, a, b)?,
            ExprKind::Compare(comparison, a, b) => self.compare(e, *comparison, a, b)?,
            ExprKind::Coordinate(operand, k) => self.coordinate(operand, *k)?,
            ExprKind::Slice(operand, start, end) => self.slice(e, operand, *start, *end)?,
            ExprKind::List(_) => {
                self.error(e.place, names::list_as_value());
                return None;
            }
            ExprKind::Tuple(items) if items.is_empty() => {
                self.error(e.place, parentheses_empty());
                return None;
            }
            ExprKind::Tuple(_) => {
                self.error(e.place, names::tuple_as_value());
                return None;
            }
            ExprKind::Error => {
                self.failed = true;
                return None;
            }
        };
        Some(Meaning::Value(value))
    }

    /// An expression to compute with.
    pub(super) fn value(&mut self, e: &'a Expr) -> Option<Given<'a>> {
        let message = match self.meaning(e)? {
            Meaning::Value(value) => return Some(Given { expr: e, value }),
            Meaning::Indices(value) => {
                let length = self.graph.dim(value.node).to_string();
                let declared = self.decided_by.is_none().then(|| self.kept_kind());
                reductions::index_computed(&quote(e), &length, declared)
            }
            Meaning::Pair(..) => reductions::pair_computed(&quote(e)),
            Meaning::Total(_) => reductions::total_computed(&quote(e)),
        };
        self.error(e.place, message);
        None
    }

    /// Several operands of `whole` to compute with; all are read, whatever is wrong with one of them.
    pub(super) fn values(
        &mut self,
        whole: &'a Expr,
        operands: impl IntoIterator<Item = &'a Expr>,
    ) -> Option<Vec<Given<'a>>> {
        let operands: Vec<Option<Given>> = operands.into_iter().map(|e| self.value(e)).collect();
        let operands: Vec<Given> = operands.into_iter().collect::<Option<_>>()?;
        self.beside_reduced(whole, &operands)?;
        Some(operands)
    }

    /// Beside the value of a reduction, no operand of `whole` may depend on the reduced index.
    pub(super) fn beside_reduced(&mut self, whole: &Expr, operands: &[Given<'a>]) -> Option<()> {
        let uses: Vec<_> = operands.iter().map(|operand| self.uses(operand.value.node)).collect();
        let Some(reduced) = uses.iter().position(|uses| uses.reduced) else { return Some(()) };
        let Some(keep) = self.kept() else { return Some(()) };
        let Some(outside) = uses.iter().position(|uses| uses.on(keep.other())) else { return Some(()) };
        let (outside, reduced) = (operands[outside].expr, operands[reduced].expr);
        let fix = moved_inside(whole, reduced, outside);
        let indices = [keep.other().letter(), keep.letter()];
        let message = reductions::outside(&quote(outside), &quote(reduced), indices, fix.as_deref());
        self.error(outside.place, message);
        None
    }

    fn constant(&mut self, number: Number) -> Value {
        Value { node: self.graph.constant(number), length_of: None }
    }

    /// The number that a node is, if it is one.
    pub(super) fn number(&self, node: NodeId) -> Option<Number> {
        match self.graph.op(node) {
            Op::Constant(number) => Some(*number),
            _ => None,
        }
    }

    /// The result of arithmetic with literals; an error where it is infinite or not real.
    fn folded(&mut self, e: &Expr, number: Number) -> Option<Value> {
        if !number.is_finite() {
            self.error(e.place, dims::not_finite(&quote(e)));
            return None;
        }
        Some(self.constant(number))
    }

    /// The number that all coordinates of a node are, if it is one.
    fn number_in_all(&self, node: NodeId) -> Option<Number> {
        match self.graph.op(node) {
            Op::Fill => self.number(self.graph.args(node)[0]),
            _ => self.number(node),
        }
    }

    fn numbers(&self, operands: &[Given]) -> Option<Vec<Number>> {
        operands.iter().map(|operand| self.number(operand.value.node)).collect()
    }

    /// Arithmetic with a literal ∞ is ∞ or NaN whatever else there is: 0 · ∞ is what a mask made of a comparison would give.
    fn no_infinity(&mut self, operands: &[Given<'a>]) -> Option<()> {
        let is_infinite =
            |operand: &&Given| self.number_in_all(operand.value.node).is_some_and(|n| !n.is_finite());
        let Some(infinite) = operands.iter().find(is_infinite) else { return Some(()) };
        let message = dims::infinity_computed(&quote(infinite.expr));
        self.error(infinite.expr.place, message);
        None
    }

    fn no_zero(&mut self, divisor: Given<'a>) -> Option<()> {
        if self.number_in_all(divisor.value.node).is_some_and(Number::is_zero) {
            self.error(divisor.expr.place, dims::division_by_zero());
            return None;
        }
        Some(())
    }

    /// What holds for the operands of an operator holds where it is written as a call.
    pub(super) fn as_operator(&mut self, operation: &str, operands: &[Given<'a>]) -> Option<()> {
        let Some((_, divisor)) = OPERATORS.iter().find(|(name, _)| *name == operation) else {
            return Some(());
        };
        self.no_infinity(operands)?;
        divisor.map_or(Some(()), |divisor| self.no_zero(operands[divisor]))
    }

    fn negate(&mut self, e: &'a Expr, operand: &'a Expr) -> Option<Value> {
        let operand = self.value(operand)?;
        self.negated(e, operand)
    }

    /// The negative of a value: a number, if it is one.
    pub(super) fn negated(&mut self, e: &Expr, operand: Given<'a>) -> Option<Value> {
        let operand = operand.value;
        match self.number(operand.node) {
            Some(number) if !number.is_finite() => Some(self.constant(-number)),
            Some(number) => self.folded(e, -number),
            None => Some(Value { node: self.graph.neg(operand.node), ..operand }),
        }
    }

    fn sum(&mut self, e: &'a Expr, terms: &'a [(Sign, Expr)]) -> Option<Value> {
        let given = self.values(e, terms.iter().map(|(_, term)| term))?;
        self.no_infinity(&given)?;
        self.same_length(&given, |k| if terms[k].0 == Sign::Plus { "+" } else { "-" })?;
        if let Some(numbers) = self.numbers(&given) {
            let signed =
                terms.iter().zip(numbers).map(|((sign, _), n)| if *sign == Sign::Plus { n } else { -n });
            let total = signed.fold(Number::integer(0), |sum, n| sum + n);
            return self.folded(e, total);
        }
        let mut nodes = Vec::with_capacity(terms.len());
        for ((sign, _), operand) in terms.iter().zip(&given) {
            let node = operand.value.node;
            nodes.push(match (sign, self.number(node)) {
                (Sign::Plus, _) => node,
                (Sign::Minus, Some(number)) => self.graph.constant(-number),
                (Sign::Minus, None) => self.graph.neg(node),
            });
        }
        Some(Value { node: self.graph.add(nodes), length_of: self.length_of(&given) })
    }

    fn product(&mut self, e: &'a Expr, factors: &'a [(Factor, Expr)]) -> Option<Value> {
        let given = self.values(e, factors.iter().map(|(_, factor)| factor))?;
        self.no_infinity(&given)?;
        self.same_length(&given, |k| if factors[k].0 == Factor::Times { "*" } else { "/" })?;
        // Literals at the front are one exact number: `1/2*x` is a half of x.
        let mut front = Number::integer(1);
        let mut nodes: Vec<NodeId> = vec![];
        for ((factor, _), operand) in factors.iter().zip(&given) {
            let node = operand.value.node;
            if *factor == Factor::Over {
                self.no_zero(*operand)?;
            }
            match (factor, self.number(node)) {
                (Factor::Over, Some(number)) if nodes.is_empty() => front = front / number,
                (Factor::Times, Some(number)) if nodes.is_empty() => front = front * number,
                (_, number) => {
                    if nodes.is_empty() && !front.is_one() {
                        nodes.push(self.folded(e, front)?.node);
                    }
                    nodes.push(match (factor, number) {
                        (Factor::Times, _) => node,
                        (Factor::Over, Some(number)) => self.folded(e, number.reciprocal())?.node,
                        (Factor::Over, None) => self.graph.power(node, -1),
                    });
                }
            }
        }
        if nodes.is_empty() {
            return self.folded(e, front);
        }
        Some(Value { node: self.graph.mul(nodes), length_of: self.length_of(&given) })
    }

    fn power(&mut self, e: &'a Expr, base: &'a Expr, exponent: &'a Expr) -> Option<Value> {
        let given = self.values(e, [base, exponent])?;
        self.no_infinity(&given)?;
        self.same_length(&given, |_| "^")?;
        if let Some([base, exponent]) = self.numbers(&given).as_deref() {
            return self.folded(e, base.pow(*exponent));
        }
        let node = ops::power(&mut self.graph, given[0].value.node, given[1].value.node);
        Some(Value { node, length_of: self.length_of(&given) })
    }

    fn dot(&mut self, e: &'a Expr, a: &'a Expr, b: &'a Expr) -> Option<Value> {
        let given = self.values(e, [a, b])?;
        self.no_infinity(&given)?;
        if self.dim(given[0]) != self.dim(given[1]) {
            self.equal_error(e.place, "|", given[0], given[1]);
            return None;
        }
        Some(Value { node: self.graph.dot(given[0].value.node, given[1].value.node), length_of: None })
    }

    fn compare(&mut self, e: &'a Expr, comparison: Comparison, a: &'a Expr, b: &'a Expr) -> Option<Value> {
        let given = self.values(e, [a, b])?;
        let (operator, function, swapped) = match comparison {
            Comparison::Less => ("<", "LessThan", false),
            Comparison::LessEqual => ("<=", "LessOrEqual", false),
            Comparison::Greater => (">", "LessThan", true),
            Comparison::GreaterEqual => (">=", "LessOrEqual", true),
            Comparison::Equal => ("==", "Equal", false),
            Comparison::NotEqual => ("!=", "NotEqual", false),
        };
        if self.mismatch(&given).is_some() {
            self.broadcast_error(e.place, operator, given[0], given[1]);
            return None;
        }
        let Some(Entry::Scalar(function)) = ops::lookup(function) else {
            unreachable!("the table of scalar functions holds `{function}`")
        };
        let [a, b] = [given[0].value.node, given[1].value.node];
        let arguments = if swapped { vec![b, a] } else { vec![a, b] };
        Some(Value { node: self.graph.map(function, arguments), length_of: self.length_of(&given) })
    }

    fn coordinate(&mut self, operand: &'a Expr, k: Bound) -> Option<Value> {
        let given = self.value(operand)?;
        if let Some(length) = self.dim(given).value()
            && k.value >= length
        {
            let message = dims::coordinate_out_of_range(k.value, length, &self.length(given));
            self.error(k.place, message);
            return None;
        }
        let node = self.graph.extract(given.value.node, k.value, &Dim::literal(1));
        Some(Value { node, length_of: None })
    }

    fn slice(
        &mut self,
        e: &Expr,
        operand: &'a Expr,
        start: Option<Bound>,
        end: Option<Bound>,
    ) -> Option<Value> {
        let given = self.value(operand)?;
        let length = self.dim(given).value()?;
        let (first, last) = (start.map_or(0, |b| b.value), end.map_or(length, |b| b.value));
        let both = match (start, end) {
            (Some(start), Some(end)) => start.place.to(end.place),
            (Some(bound), None) | (None, Some(bound)) => bound.place,
            (None, None) => e.place,
        };
        let (place, message) = match start {
            Some(start) if first >= length => {
                (start.place, dims::coordinate_out_of_range(first, length, &self.length(given)))
            }
            _ if last > length => (both, dims::slice_out_of_range(first, last, length, &self.length(given))),
            _ if first >= last => (both, dims::slice_empty(first, last)),
            _ => {
                let node = self.graph.extract(given.value.node, first, &Dim::literal(last - first));
                return Some(Value { node, length_of: None });
            }
        };
        self.error(place, message);
        None
    }

    /// The operands of a coordinate-wise chain must broadcast; the error spans the two that do not, and names
    /// the operator before the second.
    fn same_length(
        &mut self,
        operands: &[Given<'a>],
        operator: impl Fn(usize) -> &'static str,
    ) -> Option<()> {
        let Some((a, b)) = self.mismatch(operands) else { return Some(()) };
        let place: Place = operands[a].expr.place.to(operands[b].expr.place);
        self.broadcast_error(place, operator(b), operands[a], operands[b]);
        None
    }
}

/// The operations that are operators too, those that [`Checker::named`] and [`Checker::scalar`] do not read as such, and
/// the operand of each that divides.
const OPERATORS: &[(&str, Option<usize>)] = &[
    ("Add", None),
    ("Subtract", None),
    ("Mult", None),
    ("Divide", Some(1)),
    ("Inv", Some(0)),
    ("Square", None),
    ("Pow", None),
    ("Powf", None),
    ("Scalprod", None),
];

/// `Sum_j(k * b_j)` for the product `Sum_j(k) * b_j`, which was perhaps meant so.
fn moved_inside(whole: &Expr, reduced: &Expr, outside: &Expr) -> Option<String> {
    let (ExprKind::Product(factors), ExprKind::Call(call)) = (&whole.kind, &reduced.kind) else {
        return None;
    };
    let is_product = factors.len() == 2 && factors.iter().all(|(factor, _)| *factor == Factor::Times);
    match (is_product && is_linear(&call.name.to_string()), &call.arguments[..]) {
        (true, [f]) if call.receiver.is_none() => {
            Some(format!("{}({} * {})", call.name, quote_factor(f)?, quote_factor(outside)?))
        }
        _ => None,
    }
}
