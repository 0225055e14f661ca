//! Reductions over points, and what a whole function returns.

use super::call::operands;
use super::{At, Evaluator, Vector, body};
use crate::data::Data;
use crate::precision::{Num, Precision};
use keops_compiler::ast::{Call, Expr, ExprKind, Function, Kind};

/// One result of a function, a row for each kept point.
#[derive(Clone, Debug)]
pub enum Output {
    /// Numbers.
    Values(Vec<Vector>),
    /// Chosen indices.
    Indices(Vec<Vec<Choice>>),
}

/// A chosen index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The index that exact arithmetic chooses.
    pub index: usize,
    /// The others that rounding may put in its place.
    pub rivals: Vec<usize>,
}

/// There is nothing to reduce and the result has no neutral element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undefined;

/// What a reduction does with the values it meets.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    Sum,
    Mean,
    LogSumExp,
    SoftMax,
    /// The best `count` values: of the largest or the smallest, the values, the indices or both.
    Best {
        largest: bool,
        count: usize,
        values: bool,
        indices: bool,
    },
}

/// The reduced side.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Over {
    I,
    J,
}

/// A reduction as written.
pub(crate) struct Reduction<'a> {
    rule: Rule,
    over: Over,
    argument: &'a Expr,
    weight: Option<&'a Expr>,
}

/// The values and the choices of one reduction at one kept row.
struct Reduced {
    values: Option<Vector>,
    choices: Option<Vec<Choice>>,
}

impl<'a> Reduction<'a> {
    /// The reduction that a call is: `Sum_j(f)`, `Sum_Reduction(f, 0)` or `f.sum(axis=1)`.
    pub(crate) fn of(call: &'a Call) -> Option<Reduction<'a>> {
        let name = call.name.to_string().to_lowercase();
        let mut rest = operands(call).into_iter();
        let argument = rest.next()?;
        let mut rest: Vec<&Expr> = rest.collect();
        let named = |names: &[&str]| {
            call.named.iter().find(|(n, _)| names.contains(&n.to_string().as_str())).map(|(_, e)| e)
        };
        // An axis is the one summed out, counted 0 for i; a tag is the one kept.
        let over_axis = |axis: i64| match axis {
            0 => Some(Over::I),
            1 => Some(Over::J),
            _ => None,
        };
        let (base, over) = if let Some(base) = name.strip_suffix("_j") {
            (base, Over::J)
        } else if let Some(base) = name.strip_suffix("_i") {
            (base, Over::I)
        } else if let Some(axis) = named(&["axis", "dim"]) {
            (name.strip_suffix("_reduction").unwrap_or(&name), over_axis(Evaluator::literal(axis))?)
        } else if let Some(base) = name.strip_suffix("_reduction") {
            // The tag follows the argument, or K where there is one.
            let place = usize::from(base.replace('_', "").contains("kmin") || base.contains("kmax"));
            let number = Evaluator::literal(rest.remove(place));
            // A method counts axes, a function counts tags.
            let axis = if call.receiver.is_some() { number } else { 1 - number };
            (base, over_axis(axis)?)
        } else {
            return None;
        };
        let base = base.replace('_', "");
        let count =
            || named(&["K", "k"]).or(rest.first().copied()).map_or(1, |k| Evaluator::literal(k) as usize);
        let best = |largest, count, values, indices| Rule::Best { largest, count, values, indices };
        let rule = match base.as_str() {
            "sum" => Rule::Sum,
            "mean" => Rule::Mean,
            "logsumexp" | "logsumexpweight" => Rule::LogSumExp,
            "sumsoftmaxweight" | "softmax" => Rule::SoftMax,
            "max" => best(true, 1, true, false),
            "min" => best(false, 1, true, false),
            "argmax" => best(true, 1, false, true),
            "argmin" => best(false, 1, false, true),
            "maxargmax" => best(true, 1, true, true),
            "minargmin" => best(false, 1, true, true),
            "kmax" => best(true, count(), true, false),
            "kmin" => best(false, count(), true, false),
            "argkmax" => best(true, count(), false, true),
            "argkmin" => best(false, count(), false, true),
            "kmaxargkmax" => best(true, count(), true, true),
            "kminargkmin" => best(false, count(), true, true),
            _ => return None,
        };
        let takes_weight = matches!(rule, Rule::LogSumExp | Rule::SoftMax);
        let weight = takes_weight.then(|| rest.first().copied().or_else(|| named(&["weight"]))).flatten();
        Some(Reduction { rule, over, argument, weight })
    }
}

impl Evaluator<'_> {
    /// The values of a reduction, as an operand of what follows it.
    pub(crate) fn reduced(&self, reduction: &Reduction, at: At) -> Vector {
        self.reduce(reduction, at).values.expect("an index is a result of its own")
    }

    fn reduce(&self, r: &Reduction, at: At) -> Reduced {
        let count = if r.over == Over::J { self.data.n } else { self.data.m };
        let over =
            |k: usize| if r.over == Over::J { At { j: Some(k), ..at } } else { At { i: Some(k), ..at } };
        let terms: Vec<Vector> = (0..count).map(|k| self.value(r.argument, over(k))).collect();
        let weights: Option<Vec<Vector>> =
            r.weight.map(|w| (0..count).map(|k| self.value(w, over(k))).collect());
        let dim = self.dim(r.argument, at, r.over);
        let p = &self.precision;
        let column = |k: usize| -> Vector { terms.iter().map(|t| t[k]).collect() };
        let values = match r.rule {
            Rule::Sum => (0..dim).map(|k| p.sum(&column(k))).collect(),
            Rule::Mean => (0..dim).map(|k| p.div(p.sum(&column(k)), Num::exact(count as f64))).collect(),
            Rule::LogSumExp | Rule::SoftMax => match &weights {
                None => (0..dim).map(|k| log_sum_exp(p, &column(k), None)).collect(),
                Some(w) => {
                    let width = self.dim(r.weight.expect("it has a weight"), at, r.over);
                    (0..width)
                        .map(|k| {
                            let w: Vector = w.iter().map(|w| w[k]).collect();
                            let f = column(0);
                            if r.rule == Rule::SoftMax {
                                soft_max(p, &f, &w)
                            } else {
                                log_sum_exp(p, &f, Some(&w))
                            }
                        })
                        .collect()
                }
            },
            Rule::Best { largest, count, values, indices } => {
                let best: Vec<_> = (0..dim).map(|k| best(&column(k), largest, count)).collect();
                // K slow, coordinates fast.
                let slots = || (0..count).flat_map(|n| best.iter().map(move |b| &b[n]));
                return Reduced {
                    values: values.then(|| slots().map(|(value, _)| *value).collect()),
                    choices: indices.then(|| slots().map(|(_, choice)| choice.clone()).collect()),
                };
            }
        };
        Reduced { values: Some(values), choices: None }
    }

    /// The dimension of an expression under a reduction, also when there are no points to evaluate it at.
    fn dim(&self, e: &Expr, at: At, over: Over) -> usize {
        let one = if over == Over::J { self.data.n } else { self.data.m };
        if one > 0 {
            let at = if over == Over::J { At { j: Some(0), ..at } } else { At { i: Some(0), ..at } };
            return self.value(e, at).len();
        }
        let data = Data::ones(self.function);
        Evaluator::new(self.function, &data, self.precision)
            .value(e, At { i: Some(0), j: Some(0), scope: at.scope })
            .len()
    }

    /// A binding that is another name for an expression, and where that expression stands.
    fn behind_names<'e>(&'e self, e: &'e Expr, mut scope: usize) -> (&'e Expr, usize) {
        let mut e = e;
        while let ExprKind::Name(name) = &e.kind
            && let Some(n) = self.binding(&name.to_string(), scope)
        {
            (e, scope) = (&body(self.function).lets[n].value, n);
        }
        (e, scope)
    }

    /// Whether an expression is reduced over points somewhere.
    fn is_reduced(&self, e: &Expr, scope: usize) -> bool {
        let any = |parts: &[&Expr]| parts.iter().any(|e| self.is_reduced(e, scope));
        match &e.kind {
            ExprKind::Name(name) => self
                .binding(&name.to_string(), scope)
                .is_some_and(|n| self.is_reduced(&body(self.function).lets[n].value, n)),
            ExprKind::Negate(f) | ExprKind::Coordinate(f, _) | ExprKind::Slice(f, ..) => any(&[f]),
            ExprKind::Sum(terms) => terms.iter().any(|(_, e)| self.is_reduced(e, scope)),
            ExprKind::Product(factors) => factors.iter().any(|(_, e)| self.is_reduced(e, scope)),
            ExprKind::Power(a, b) | ExprKind::Dot(a, b) | ExprKind::Compare(_, a, b) => any(&[a, b]),
            ExprKind::Call(call) => Reduction::of(call).is_some() || any(&operands(call)),
            ExprKind::List(parts) | ExprKind::Tuple(parts) => any(&parts.iter().collect::<Vec<_>>()),
            ExprKind::Number(_) | ExprKind::Error => false,
        }
    }

    /// One item of the result: its values, its indices, or both.
    fn item(&self, e: &Expr, kept: Over) -> Vec<Output> {
        let scope = body(self.function).lets.len();
        let over = if kept == Over::I { Over::J } else { Over::I };
        let rows = if kept == Over::I { self.data.m } else { self.data.n };
        let at = |row: usize, scope| match kept {
            Over::I => At { i: Some(row), j: None, scope },
            Over::J => At { i: None, j: Some(row), scope },
        };
        let (named, its_scope) = self.behind_names(e, scope);
        if let ExprKind::Call(call) = &named.kind
            && let Some(r) = Reduction::of(call)
        {
            let all: Vec<Reduced> = (0..rows).map(|row| self.reduce(&r, at(row, its_scope))).collect();
            let values: Option<Vec<Vector>> = all.iter().map(|r| r.values.clone()).collect();
            let choices: Option<Vec<Vec<Choice>>> = all.iter().map(|r| r.choices.clone()).collect();
            let (has_values, has_choices) = match r.rule {
                Rule::Best { values, indices, .. } => (values, indices),
                _ => (true, false),
            };
            let values = values.filter(|_| has_values).map(Output::Values);
            let choices = choices.filter(|_| has_choices).map(Output::Indices);
            return values.into_iter().chain(choices).collect();
        }
        let summed = Reduction { rule: Rule::Sum, over, argument: e, weight: None };
        let value = |row: usize| {
            if self.is_reduced(e, scope) {
                self.value(e, at(row, scope))
            } else {
                self.reduced(&summed, at(row, scope))
            }
        };
        vec![Output::Values((0..rows).map(value).collect())]
    }

    /// One item of a result without rows: the sum over all pairs.
    fn total(&self, e: &Expr) -> Output {
        let scope = body(self.function).lets.len();
        let (mut e, scope) = self.behind_names(e, scope);
        if let ExprKind::Call(call) = &e.kind
            && call.name.to_string().to_lowercase() == "sum_ij"
        {
            e = operands(call)[0];
        }
        let pairs = (0..self.data.m).flat_map(|i| (0..self.data.n).map(move |j| (i, j)));
        let terms: Vec<Vector> =
            pairs.map(|(i, j)| self.value(e, At { i: Some(i), j: Some(j), scope })).collect();
        let dim =
            terms.first().map_or_else(|| self.dim(e, At { i: None, j: None, scope }, Over::J), Vec::len);
        let column = |k: usize| -> Vector { terms.iter().map(|t| t[k]).collect() };
        Output::Values(vec![(0..dim).map(|k| self.precision.sum(&column(k))).collect()])
    }

    /// Whether a reduction below an expression has no value over so few points.
    fn is_undefined(&self, e: &Expr) -> bool {
        let any = |parts: &[&Expr]| parts.iter().any(|e| self.is_undefined(e));
        match &e.kind {
            ExprKind::Negate(f) | ExprKind::Coordinate(f, _) | ExprKind::Slice(f, ..) => any(&[f]),
            ExprKind::Sum(terms) => terms.iter().any(|(_, e)| self.is_undefined(e)),
            ExprKind::Product(factors) => factors.iter().any(|(_, e)| self.is_undefined(e)),
            ExprKind::Power(a, b) | ExprKind::Dot(a, b) | ExprKind::Compare(_, a, b) => any(&[a, b]),
            ExprKind::Call(call) => {
                let here = Reduction::of(call).is_some_and(|r| {
                    let points = if r.over == Over::J { self.data.n } else { self.data.m };
                    match r.rule {
                        Rule::Mean | Rule::SoftMax => points == 0,
                        Rule::Best { count, indices, .. } => indices && points < count,
                        _ => false,
                    }
                });
                here || any(&operands(call))
            }
            ExprKind::Tuple(parts) => any(&parts.iter().collect::<Vec<_>>()),
            _ => false,
        }
    }
}

/// All results of a function on the data given, with bounds on the errors of computing them in `precision`.
pub fn evaluate(function: &Function, data: &Data, precision: Precision) -> Result<Vec<Output>, Undefined> {
    let evaluator = Evaluator::new(function, data, precision);
    let body = body(function);
    let items: Vec<&Expr> = match &body.result.kind {
        ExprKind::Tuple(items) => items.iter().collect(),
        _ => vec![&body.result],
    };
    let kept = match function.results[0].kind {
        Kind::I => Over::I,
        Kind::J => Over::J,
        Kind::Parameter => return Ok(items.into_iter().map(|item| evaluator.total(item)).collect()),
    };
    let rows = if kept == Over::I { data.m } else { data.n };
    let parts = body.lets.iter().map(|l| &l.value).chain(items.iter().copied());
    if rows > 0 && parts.into_iter().any(|e| evaluator.is_undefined(e)) {
        return Err(Undefined);
    }
    Ok(items.into_iter().flat_map(|item| evaluator.item(item, kept)).collect())
}

/// log Σ exp(f) w: −∞ if every f is, +∞ if one is, whatever the others are.
fn log_sum_exp(p: &Precision, f: &[Num], w: Option<&[Num]>) -> Num {
    let top = f.iter().map(|x| x.value).fold(f64::NEG_INFINITY, f64::max);
    if top == f64::INFINITY {
        return Num::exact(top);
    }
    if f.iter().any(|x| x.value.is_nan()) {
        return Num::exact(f64::NAN);
    }
    if top == f64::NEG_INFINITY {
        return Num::exact(top);
    }
    let (terms, total) = shifted_exponentials(p, f, top);
    let sum = match w {
        None => total,
        Some(w) => p.sum(&terms.iter().zip(w).map(|(t, w)| p.mul(*t, *w)).collect::<Vec<_>>()),
    };
    let log = p.map(&[sum], 2.0, |x| x[0].ln());
    p.rounded(top + log.value, log.error + p.eps * top.abs(), 1.0)
}

/// Σ exp(f) w / Σ exp(f)
fn soft_max(p: &Precision, f: &[Num], w: &[Num]) -> Num {
    let top = f.iter().map(|x| x.value).fold(f64::NEG_INFINITY, f64::max);
    let (terms, total) = shifted_exponentials(p, f, top);
    let sum = p.sum(&terms.iter().zip(w).map(|(t, w)| p.mul(*t, *w)).collect::<Vec<_>>());
    p.div(sum, total)
}

/// exp(f − top) and their sum. The subtraction rounds at the size of its operands, and the exponential passes that on.
fn shifted_exponentials(p: &Precision, f: &[Num], top: f64) -> (Vector, Num) {
    let term = |x: &Num| {
        let error = if x.value.is_finite() { x.error + p.eps * (x.value.abs() + top.abs()) } else { 0.0 };
        p.map(&[Num { value: x.value - top, error }], 3.0, |x| x[0].exp())
    };
    let terms: Vector = f.iter().map(term).collect();
    let total = p.sum(&terms);
    (terms, total)
}

/// The best `count` of some values, best first, with their indices: ties go to the lower index. NaN and an infinity of the
/// losing side, +∞ of the smallest, are never chosen, and where there are too few the value is that infinity and the index 0.
fn best(f: &[Num], largest: bool, count: usize) -> Vec<(Num, Choice)> {
    let sign = if largest { -1.0 } else { 1.0 };
    let rank = |k: usize| sign * f[k].value;
    let (mut order, never): (Vec<usize>, Vec<usize>) = (0..f.len()).partition(|&k| rank(k) < f64::INFINITY);
    order.sort_by(|&a, &b| rank(a).partial_cmp(&rank(b)).expect("no NaN is left").then(a.cmp(&b)));
    // What rounding may make a number has any place.
    let doubtful: Vec<usize> = never.into_iter().filter(|&k| !f[k].is_decided()).collect();
    (0..count)
        .map(|n| {
            let Some(&k) = order.get(n) else {
                let error = if doubtful.is_empty() { 0.0 } else { f64::INFINITY };
                let choice = Choice { index: 0, rivals: doubtful.clone() };
                return (Num { value: sign * f64::INFINITY, error }, choice);
            };
            let near = |other: usize| {
                let slack = f[k].error + f[other].error;
                slack > 0.0 && (f[other].value - f[k].value).abs() <= slack
            };
            let mut rivals: Vec<usize> = order.iter().copied().filter(|&o| o != k && near(o)).collect();
            // The same value with the same bound has been computed from the same numbers: whatever rounding makes of the one it
            // makes of the other, and they keep their order. Among others they may have any of their places.
            if rivals.iter().all(|&o| f[o].value == f[k].value && f[o].error == f[k].error) {
                rivals.clear();
            }
            rivals.extend(&doubtful);
            let error = rivals.iter().map(|&o| f[o].error).fold(f[k].error, f64::max);
            // It may be infinite or no number, and then nothing has its place.
            if !f[k].is_decided() && k != 0 {
                rivals.push(0);
            }
            (Num { value: f[k].value, error }, Choice { index: k, rivals })
        })
        .collect()
}
