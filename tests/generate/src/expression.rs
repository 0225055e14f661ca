//! Expressions of one pair: arguments, bindings, and operations that stay inside their domains.

use crate::formula::{Argument, Kind, POINTS};
use crate::term::{Level, Term};
use keops_reference::random::Random;

/// A `let` binding.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(crate) name: String,
    pub(crate) text: String,
    term: Term,
}

/// What has been written so far.
pub(crate) struct Writer {
    pub(crate) random: Random,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) lets: Vec<Binding>,
    pub(crate) used: Vec<&'static str>,
    /// The kind of variable that must not occur: after a reduction, the reduced index.
    forbidden: Option<Kind>,
    /// Whether only smooth operations may occur: under a gradient.
    pub(crate) smooth: bool,
    /// Whether the numbers of the points may be read.
    numbers: bool,
    /// Operations left before only leaves are written.
    budget: usize,
}

impl Writer {
    pub(crate) fn new(random: Random, numbers: bool) -> Writer {
        Writer {
            random,
            arguments: vec![],
            lets: vec![],
            used: vec![],
            forbidden: None,
            smooth: false,
            numbers,
            budget: 30,
        }
    }

    /// Notes that an operation occurs.
    pub(crate) fn note(&mut self, name: &'static str) {
        self.used.push(name);
    }

    /// Runs `f` without variables of one kind.
    pub(crate) fn without<R>(&mut self, kind: Kind, f: impl FnOnce(&mut Writer) -> R) -> R {
        let before = self.forbidden.replace(kind);
        let result = f(self);
        self.forbidden = before;
        result
    }

    /// Runs `f` with smooth operations only.
    pub(crate) fn smoothly<R>(&mut self, f: impl FnOnce(&mut Writer) -> R) -> R {
        let before = std::mem::replace(&mut self.smooth, true);
        let result = f(self);
        self.smooth = before;
        result
    }

    /// Mostly small, seldom large.
    pub(crate) fn small_dim(&mut self) -> usize {
        *self.random.pick(&[1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 4, 5, 7, 8, 16])
    }

    /// Some bindings for later expressions to use.
    pub(crate) fn bindings(&mut self, depth: usize) {
        for n in 0..self.random.below(3) {
            let dim = self.small_dim();
            let term = self.term(dim, depth.min(3));
            let name = if self.random.once_in(4) { ["K", "d2"][n % 2].to_string() } else { format!("t{n}") };
            if self.lets.iter().any(|l| l.name == name) {
                continue;
            }
            let named = Term::atom(name.clone(), dim, (term.low, term.high));
            self.lets.push(Binding { name, text: term.text, term: named });
        }
    }

    /// Declares an argument of each kind that none has yet, so that M and N are known.
    pub(crate) fn complete(&mut self, kinds: &[Kind]) {
        for &kind in kinds {
            if self.arguments.iter().all(|a| a.kind != kind) {
                self.declare(kind, 1);
            }
        }
    }

    fn declare(&mut self, kind: Kind, dim: usize) -> Argument {
        let number = self.arguments.len();
        let name = match kind {
            Kind::Vi => format!("x{number}_i"),
            Kind::Vj => format!("y{number}_j"),
            Kind::Pm => format!("p{number}"),
        };
        let range = *self.random.pick(&[(-1.0, 1.0), (-1.0, 1.0), (0.5, 1.5), (-3.0, 2.0)]);
        let argument = Argument { name, kind, dim, range };
        self.arguments.push(argument.clone());
        argument
    }

    /// An argument of this dimension: an old one or a new one.
    pub(crate) fn variable(&mut self, dim: usize) -> Term {
        let kinds: Vec<Kind> = [Kind::Vi, Kind::Vj, Kind::Vi, Kind::Vj, Kind::Pm]
            .into_iter()
            .filter(|k| Some(*k) != self.forbidden)
            .collect();
        let kind = *self.random.pick(&kinds);
        let old: Vec<Argument> =
            self.arguments.iter().filter(|a| a.kind == kind && a.dim == dim).cloned().collect();
        let many = self.arguments.len() >= 7;
        let argument = if old.is_empty() || (!many && self.random.once_in(4)) {
            self.declare(kind, dim)
        } else {
            self.random.pick(&old).clone()
        };
        Term::atom(argument.name, dim, argument.range)
    }

    /// A variable, a binding or a literal.
    pub(crate) fn leaf(&mut self, dim: usize) -> Term {
        // A binding may hold a variable that is forbidden here.
        if self.forbidden.is_none() && !self.smooth && self.random.once_in(3) {
            let bound: Vec<Term> =
                self.lets.iter().map(|l| l.term.clone()).filter(|t| t.dim == dim).collect();
            if !bound.is_empty() {
                self.note("let");
                return self.random.pick(&bound).clone();
            }
        }
        if dim == 1 && self.numbers && self.random.once_in(3) {
            let known = [("i", Kind::Vi), ("j", Kind::Vj)].into_iter();
            let known: Vec<&str> =
                known.filter(|(_, kind)| Some(*kind) != self.forbidden).map(|(n, _)| n).collect();
            let name = *self.random.pick(&known);
            self.note(if name == "i" { "number i" } else { "number j" });
            return Term::atom(name.to_string(), 1, (0.0, POINTS));
        }
        if dim == 1 && self.random.once_in(6) {
            self.note("literal");
            let (text, value) = *self.random.pick(&[
                ("2", 2.0),
                ("0.1", 0.1),
                ("1.5", 1.5),
                ("3", 3.0),
                ("1e-2", 1e-2),
                ("0.25", 0.25),
                ("IntCst(3)", 3.0),
                ("IntInv(3)", 1.0 / 3.0),
                ("RatCst(2, 7)", 2.0 / 7.0),
            ]);
            let level = if text.ends_with(')') { Level::Atom } else { Level::Literal };
            return Term::new(text.to_string(), level, 1, (value, value));
        }
        self.variable(dim)
    }

    /// An expression of `dim` coordinates, at most `depth` operations deep.
    pub(crate) fn term(&mut self, dim: usize, depth: usize) -> Term {
        if depth == 0 || self.budget == 0 || self.random.once_in(7) {
            return self.leaf(dim);
        }
        self.budget -= 1;
        let depth = depth - 1;
        match self.random.below(20) {
            0..=5 => self.arithmetic(dim, depth),
            6..=9 => self.function(dim, depth),
            10 if !self.smooth => self.rough(dim, depth),
            11 if !self.smooth && depth >= 2 => self.gradient(dim),
            12..=13 if dim.is_multiple_of(2) => self.complex(dim, depth),
            _ if dim == 1 => self.scalar_of_vector(depth),
            _ => self.vector(dim, depth),
        }
    }

    /// An operand: a vector or, to broadcast, one number.
    pub(crate) fn operand(&mut self, dim: usize, depth: usize) -> Term {
        let dim = if self.random.once_in(4) { 1 } else { dim };
        self.term(dim, depth)
    }

    fn arithmetic(&mut self, dim: usize, depth: usize) -> Term {
        let a = self.term(dim, depth);
        let choice = self.random.below(9);
        match choice {
            0..=1 => {
                let b = self.operand(dim, depth);
                self.note("+");
                let (text, range) = (
                    format!("{} + {}", a.within(Level::Sum), b.within(Level::Product)),
                    (a.low + b.low, a.high + b.high),
                );
                self.tame(Term::new(text, Level::Sum, dim, range), 100.0)
            }
            2..=3 => {
                let b = self.operand(dim, depth);
                self.note("-");
                let text = format!("{} - {}", a.within(Level::Sum), b.within(Level::Product));
                self.tame(Term::new(text, Level::Sum, dim, (a.low - b.high, a.high - b.low)), 100.0)
            }
            4..=5 => {
                let b = self.operand(dim, depth);
                self.note("*");
                let text = format!("{} * {}", a.within(Level::Product), b.within(Level::Negation));
                self.tame(Term::new(text, Level::Product, dim, a.times(&b)), 100.0)
            }
            6 => {
                let b = self.operand(dim, depth);
                let b = self.positive(b, 0.25);
                self.note("/");
                let text = format!("{} / {}", a.within(Level::Product), b.within(Level::Negation));
                let reciprocal = Term::atom(String::new(), 1, b.through(|x| 1.0 / x));
                self.tame(Term::new(text, Level::Product, dim, a.times(&reciprocal)), 100.0)
            }
            7 => {
                self.note("unary -");
                Term::new(format!("-{}", a.within(Level::Negation)), Level::Negation, dim, a.through(|x| -x))
            }
            _ => self.power(a),
        }
    }

    fn power(&mut self, a: Term) -> Term {
        let sign = if self.random.once_in(2) { "^" } else { "**" };
        let dim = a.dim;
        match self.random.below(5) {
            0..=1 => {
                let a = self.tame(a, 10.0);
                self.note("square");
                Term::new(format!("{}{sign}2", a.within(Level::Literal)), Level::Power, dim, a.squared())
            }
            2 => {
                let a = self.tame(a, 4.0);
                self.note("cube");
                Term::new(
                    format!("{}{sign}3", a.within(Level::Literal)),
                    Level::Power,
                    dim,
                    a.through(|x| x * x * x),
                )
            }
            3 => {
                let a = self.tame(a, 20.0);
                let a = self.positive(a, 0.25);
                self.note("real power");
                let text = format!("{}{sign}1.5", a.within(Level::Literal));
                Term::new(text, Level::Power, dim, a.through(|x| x.powf(1.5)))
            }
            _ => {
                let a = self.tame(a, 20.0);
                let (a, b) = (self.positive(a, 0.25), self.exponent());
                self.note("varying exponent");
                let corners =
                    [a.low.powf(b.low), a.low.powf(b.high), a.high.powf(b.low), a.high.powf(b.high)];
                let range = (
                    corners.iter().copied().fold(f64::INFINITY, f64::min),
                    corners.iter().copied().fold(0.0, f64::max),
                );
                let text = format!("{}{sign}{}", a.within(Level::Literal), b.within(Level::Power));
                self.tame(Term::new(text, Level::Power, dim, range), 100.0)
            }
        }
    }

    /// A leaf as an exponent: a number of a point is too large for one.
    pub(crate) fn exponent(&mut self) -> Term {
        let leaf = self.leaf(1);
        if self.numbers { self.tame(leaf, 3.0) } else { leaf }
    }

    /// The same values, made smaller than `size` in one of several ways.
    pub(crate) fn tame(&mut self, t: Term, size: f64) -> Term {
        if t.size() <= size {
            return t;
        }
        // Sines and tangents reach 1.
        match if size < 1.0 { 2 } else { self.random.below(3) } {
            0 => Term::atom(format!("Sin({})", t.text), t.dim, (-1.0, 1.0)),
            1 => Term::atom(format!("Tanh({})", t.text), t.dim, (-1.0, 1.0)),
            _ => {
                let by = (t.size() / size).ceil();
                let text = format!("{} / {by}", t.within(Level::Product));
                Term::new(text, Level::Product, t.dim, (t.low / by, t.high / by))
            }
        }
    }

    /// Values of at least `least` made from the ones given, unless they are that large already.
    pub(crate) fn positive(&mut self, t: Term, least: f64) -> Term {
        if t.low >= least {
            return t;
        }
        match self.random.below(2) {
            0 => {
                let t = self.tame(t, 5.0);
                let text = format!("1/2 + {}^2", t.within(Level::Literal));
                let (low, high) = t.squared();
                let shifted = Term::new(text, Level::Sum, t.dim, (0.5 + low, 0.5 + high));
                if least <= 0.5 { shifted } else { plus(&shifted, least) }
            }
            _ => {
                let t = self.tame(t, 1.0);
                let grown = Term::atom(format!("Exp({})", t.text), t.dim, t.through(f64::exp));
                if grown.low >= least { grown } else { plus(&grown, least) }
            }
        }
    }
}

/// t + c
fn plus(t: &Term, c: f64) -> Term {
    Term::new(format!("{} + {c}", t.within(Level::Sum)), Level::Sum, t.dim, (t.low + c, t.high + c))
}
