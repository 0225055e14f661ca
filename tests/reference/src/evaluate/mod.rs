//! A walk over the syntax tree: every expression is a list of numbers at one pair (i, j).
//!
//! Nothing here knows how the compiler checks, rewrites or lowers a formula; only its syntax tree is shared.

mod call;
mod complex;
mod constant;
mod derivative;
mod fast;
mod reduction;
mod scalar;
mod special;
mod tensor;
mod vector;

use crate::data::Data;
use crate::precision::{Num, Precision};
use derivative::Shift;
use keops_compiler::ast::{Comparison, Expr, ExprKind, Factor, Function, Kind, Mark, Sign};
use std::cell::{Cell, RefCell};

pub use call::knows;
pub use derivative::{gradient, gradient_along};
pub use reduction::{Choice, Output, Undefined, evaluate};

/// The coordinates of a value.
pub type Vector = Vec<Num>;

/// Where an expression is evaluated: the pair, and how many of the `let` bindings are in scope.
#[derive(Clone, Copy, Debug, PartialEq)]
struct At {
    i: Option<usize>,
    j: Option<usize>,
    scope: usize,
}

/// One binding's latest value: the place and the shift it was computed with.
type Remembered = Option<(At, usize, Vector)>;

struct Evaluator<'f> {
    function: &'f Function,
    data: &'f Data,
    precision: Precision,
    lets: RefCell<Vec<Remembered>>,
    shifts: RefCell<Vec<Shift>>,
    /// The number of shifts made so far.
    count: Cell<usize>,
}

impl<'f> Evaluator<'f> {
    fn new(function: &'f Function, data: &'f Data, precision: Precision) -> Self {
        let lets = RefCell::new(vec![None; body(function).lets.len()]);
        let single = precision.eps == Precision::F32.eps;
        let precision = Precision { fast: single && function.marked(Mark::FastMaths).is_some(), ..precision };
        Evaluator { function, data, precision, lets, shifts: RefCell::new(vec![]), count: Cell::new(0) }
    }

    fn value(&self, e: &Expr, at: At) -> Vector {
        let p = &self.precision;
        match &e.kind {
            ExprKind::Number(n) => vec![p.literal(constant::number(n))],
            ExprKind::Name(name) => self.named(&name.to_string(), at),
            ExprKind::Negate(f) => self.value(f, at).iter().map(|x| p.neg(*x)).collect(),
            ExprKind::Sum(terms) => self.sum(terms, at),
            ExprKind::Product(factors) => self.product(factors, at),
            ExprKind::Power(base, exponent) => self.power(base, exponent, at),
            ExprKind::Dot(f, g) => vec![vector::dot(p, &self.value(f, at), &self.value(g, at))],
            ExprKind::Compare(how, f, g) => self.compare(*how, f, g, at),
            ExprKind::Call(call) => self.call(call, at),
            ExprKind::Coordinate(f, k) => vec![self.value(f, at)[k.value]],
            ExprKind::Slice(f, from, to) => {
                let all = self.value(f, at);
                let to = to.map_or(all.len(), |b| b.value);
                all[from.map_or(0, |b| b.value)..to].to_vec()
            }
            ExprKind::List(_) | ExprKind::Tuple(_) => panic!("a list or a tuple is no value"),
            ExprKind::Error => panic!("the formula has a syntax error"),
        }
    }

    /// A binding in scope, the latest first; then an argument; then the numbers i and j of the pair.
    fn named(&self, name: &str, at: At) -> Vector {
        if let Some(n) = self.binding(name, at.scope) {
            let there = At { scope: n, ..at };
            let shifts = self.shifts.borrow().last().map_or(0, |s| s.id);
            if let Some((place, id, value)) = &self.lets.borrow()[n]
                && (*place, *id) == (there, shifts)
            {
                return value.clone();
            }
            let value = self.value(&body(self.function).lets[n].value, there);
            self.lets.borrow_mut()[n] = Some((there, shifts, value.clone()));
            return value;
        }
        let Some(argument) = self.function.arguments.iter().find(|a| a.name == name) else {
            let number = match name {
                "i" => at.i,
                "j" => at.j,
                _ => panic!("nothing is called {name}"),
            };
            return vec![Num::exact(number.expect("the index runs here") as f64)];
        };
        let row = match argument.kind {
            Kind::I => at.i.unwrap_or_else(|| panic!("{name} outside of a row i")),
            Kind::J => at.j.unwrap_or_else(|| panic!("{name} outside of a row j")),
            Kind::Parameter => 0,
        };
        let mut values: Vec<f64> = self.data.row(name, row).to_vec();
        for shift in self.shifts.borrow().iter().filter(|s| s.variable == name) {
            values.iter_mut().zip(&shift.by).for_each(|(v, d)| *v += d);
        }
        values.into_iter().map(Num::exact).collect()
    }

    /// The number of the binding that a name means where `scope` bindings are visible.
    fn binding(&self, name: &str, scope: usize) -> Option<usize> {
        body(self.function).lets[..scope].iter().rposition(|l| l.name == name)
    }

    fn sum(&self, terms: &[(Sign, Expr)], at: At) -> Vector {
        let signed = |(sign, f): &(Sign, Expr)| -> Vector {
            let value = self.value(f, at);
            match sign {
                Sign::Plus => value,
                Sign::Minus => value.iter().map(|x| self.precision.neg(*x)).collect(),
            }
        };
        let first = signed(&terms[0]);
        terms[1..].iter().fold(first, |sum, term| self.zip(&[&sum, &signed(term)], |p, x| p.add(x[0], x[1])))
    }

    fn product(&self, factors: &[(Factor, Expr)], at: At) -> Vector {
        let first = self.value(&factors[0].1, at);
        factors[1..].iter().fold(first, |product, (place, f)| {
            self.zip(&[&product, &self.value(f, at)], |p, x| match place {
                Factor::Times => p.mul(x[0], x[1]),
                Factor::Over => p.div(x[0], x[1]),
            })
        })
    }

    fn power(&self, base: &Expr, exponent: &Expr, at: At) -> Vector {
        let base = self.value(base, at);
        match constant::constant(exponent) {
            Some(n) if n.fract() == 0.0 && n.abs() < 1e6 => {
                // As many roundings as multiplications at most, and one more of an approximate reciprocal.
                let roundings = n.abs() + f64::from(self.precision.fast && n < 0.0);
                base.iter().map(|x| self.precision.map(&[*x], roundings, |x| x[0].powi(n as i32))).collect()
            }
            _ => self.zip(&[&base, &self.value(exponent, at)], |p, x| scalar::power(p, x[0], x[1])),
        }
    }

    fn compare(&self, how: Comparison, f: &Expr, g: &Expr, at: At) -> Vector {
        let holds = move |x: &[f64]| match how {
            Comparison::Less => x[0] < x[1],
            Comparison::LessEqual => x[0] <= x[1],
            Comparison::Greater => x[0] > x[1],
            Comparison::GreaterEqual => x[0] >= x[1],
            Comparison::Equal => x[0] == x[1],
            Comparison::NotEqual => x[0] != x[1],
        };
        self.zip(&[&self.value(f, at), &self.value(g, at)], |p, x| p.map(x, 0.0, |x| f64::from(holds(x))))
    }

    /// A function of numbers for every coordinate; values of one coordinate broadcast.
    fn zip(&self, values: &[&[Num]], f: impl Fn(&Precision, &[Num]) -> Num) -> Vector {
        broadcast(values).iter().map(|x| f(&self.precision, x)).collect()
    }
}

/// The arguments of each coordinate: one list per coordinate of the longest value.
fn broadcast(values: &[&[Num]]) -> Vec<Vec<Num>> {
    let dim = values.iter().map(|v| v.len()).max().expect("an operation has arguments");
    for v in values {
        assert!(v.len() == dim || v.len() == 1, "dimensions {} and {dim}", v.len());
    }
    (0..dim).map(|k| values.iter().map(|v| v[if v.len() == 1 { 0 } else { k }]).collect()).collect()
}

/// The operands of a call, evaluated when asked for.
struct Operands<'a> {
    evaluator: &'a Evaluator<'a>,
    exprs: Vec<&'a Expr>,
    /// Whether the name is spelled as LazyTensor's methods are, in lower case.
    lazy: bool,
    at: At,
}

impl Operands<'_> {
    fn precision(&self) -> &Precision {
        &self.evaluator.precision
    }

    fn len(&self) -> usize {
        self.exprs.len()
    }

    /// Whether the function carries `#[scaled_distances]`.
    fn allows_scaled_distances(&self) -> bool {
        self.evaluator.function.marked(Mark::ScaledDistances).is_some()
    }

    /// Whether the function carries `#[dot_products]`.
    fn allows_dot_products(&self) -> bool {
        self.evaluator.function.marked(Mark::DotProducts).is_some()
    }

    fn is_lazy(&self) -> bool {
        self.lazy
    }

    fn value(&self, k: usize) -> Vector {
        self.evaluator.value(self.exprs[k], self.at)
    }

    /// An operand of dimension 1.
    fn number(&self, k: usize) -> Num {
        let value = self.value(k);
        assert_eq!(value.len(), 1, "operand {k} is one number");
        value[0]
    }

    fn integer(&self, k: usize) -> i64 {
        constant::integer(self.exprs[k])
    }

    fn natural(&self, k: usize) -> usize {
        usize::try_from(self.integer(k)).expect("a natural number")
    }

    fn list(&self, k: usize) -> Vec<usize> {
        match &self.exprs[k].kind {
            ExprKind::List(items) => items.iter().map(|e| constant::integer(e) as usize).collect(),
            other => panic!("{other:?} is no list"),
        }
    }
}

fn body(function: &Function) -> &keops_compiler::ast::Body {
    function.body.as_ref().expect("the formula has no syntax error")
}
