//! Pieces of formula text that know their dimension, their range and how tightly they bind.

/// How tightly an operator binds; a piece inside a tighter operator goes in parentheses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// `a < b`
    Compare,
    /// `a | b`
    Dot,
    /// `a + b`
    Sum,
    /// `a * b`
    Product,
    /// `-a`
    Negation,
    /// `a^2`
    Power,
    /// Literals: a method call on one would read as a float.
    Literal,
    /// Names, calls and what is in parentheses.
    Atom,
}

/// An expression.
#[derive(Clone, Debug)]
pub(crate) struct Term {
    pub(crate) text: String,
    pub(crate) level: Level,
    /// The number of coordinates.
    pub(crate) dim: usize,
    /// An interval that holds every coordinate.
    pub(crate) low: f64,
    /// Its upper end.
    pub(crate) high: f64,
}

impl Term {
    pub(crate) fn new(text: String, level: Level, dim: usize, range: (f64, f64)) -> Term {
        let (low, high) = range;
        debug_assert!(low <= high, "{text}: {low} > {high}");
        Term { text, level, dim, low, high }
    }

    /// A call, a name: what needs no parentheses.
    pub(crate) fn atom(text: String, dim: usize, range: (f64, f64)) -> Term {
        Term::new(text, Level::Atom, dim, range)
    }

    /// The text as an operand of an operator that binds like `level`.
    pub(crate) fn within(&self, level: Level) -> String {
        if self.level >= level { self.text.clone() } else { format!("({})", self.text) }
    }

    /// The largest magnitude.
    pub(crate) fn size(&self) -> f64 {
        self.low.abs().max(self.high.abs())
    }

    /// The range of a function that is monotone.
    pub(crate) fn through(&self, f: impl Fn(f64) -> f64) -> (f64, f64) {
        let (a, b) = (f(self.low), f(self.high));
        (a.min(b), a.max(b))
    }

    /// The range of the squares.
    pub(crate) fn squared(&self) -> (f64, f64) {
        let least =
            if self.low <= 0.0 && self.high >= 0.0 { 0.0 } else { self.low.abs().min(self.high.abs()) };
        (least * least, self.size() * self.size())
    }

    /// The range of the products with another term.
    pub(crate) fn times(&self, other: &Term) -> (f64, f64) {
        let ends =
            [self.low * other.low, self.low * other.high, self.high * other.low, self.high * other.high];
        (
            ends.iter().copied().fold(f64::INFINITY, f64::min),
            ends.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges() {
        let t = Term::atom("x".into(), 1, (-1.0, 2.0));
        assert_eq!(t.squared(), (0.0, 4.0));
        assert_eq!(t.times(&Term::atom("y".into(), 1, (-3.0, 1.0))), (-6.0, 3.0));
        assert_eq!(t.through(|x| -x), (-2.0, 1.0));
    }

    #[test]
    fn parentheses_where_needed() {
        let sum = Term::new("a + b".into(), Level::Sum, 1, (0.0, 1.0));
        assert_eq!(sum.within(Level::Product), "(a + b)");
        assert_eq!(sum.within(Level::Sum), "a + b");
    }
}
