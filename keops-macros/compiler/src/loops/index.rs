//! Coordinate numbers: constants, loop variables, and arithmetic on them.

use std::fmt;
use std::rc::Rc;

/// The variable of a coordinate loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LoopVar(pub u32);

/// A coordinate number. Build it with the methods: they fold constants, so equal numbers are mostly equal trees.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Index {
    /// A number.
    Const(usize),
    /// A loop variable.
    Var(LoopVar),
    /// a + n
    Add(Rc<Index>, usize),
    /// max(a − n, 0)
    Sub(Rc<Index>, usize),
    /// a · n
    Mul(Rc<Index>, usize),
    /// a / n, rounded down
    Div(Rc<Index>, usize),
    /// the remainder of a / n
    Rem(Rc<Index>, usize),
    /// the smaller of a and n
    Min(Rc<Index>, usize),
    /// a + b
    Sum(Rc<Index>, Rc<Index>),
}

impl Index {
    /// The number, if it is constant.
    pub fn value(&self) -> Option<usize> {
        match self {
            Index::Const(n) => Some(*n),
            _ => None,
        }
    }

    /// self + n
    pub fn add(&self, n: usize) -> Index {
        match self {
            Index::Const(a) => Index::Const(a + n),
            _ if n == 0 => self.clone(),
            Index::Add(a, m) => Index::Add(a.clone(), m + n),
            _ => Index::Add(Rc::new(self.clone()), n),
        }
    }

    /// max(self − n, 0)
    pub fn sub(&self, n: usize) -> Index {
        match self {
            Index::Const(a) => Index::Const(a.saturating_sub(n)),
            _ if n == 0 => self.clone(),
            _ => Index::Sub(Rc::new(self.clone()), n),
        }
    }

    /// self · n
    pub fn mul(&self, n: usize) -> Index {
        match self {
            Index::Const(a) => Index::Const(a * n),
            _ if n == 1 => self.clone(),
            _ if n == 0 => Index::Const(0),
            _ => Index::Mul(Rc::new(self.clone()), n),
        }
    }

    /// self / n, rounded down
    pub fn div(&self, n: usize) -> Index {
        match self {
            Index::Const(a) => Index::Const(a / n),
            _ if n == 1 => self.clone(),
            _ => Index::Div(Rc::new(self.clone()), n),
        }
    }

    /// the remainder of self / n
    pub fn rem(&self, n: usize) -> Index {
        match self {
            Index::Const(a) => Index::Const(a % n),
            _ if n == 1 => Index::Const(0),
            _ => Index::Rem(Rc::new(self.clone()), n),
        }
    }

    /// the smaller of self and n
    pub fn min(&self, n: usize) -> Index {
        match self {
            Index::Const(a) => Index::Const(*a.min(&n)),
            _ => Index::Min(Rc::new(self.clone()), n),
        }
    }

    /// self + other
    pub fn plus(&self, other: &Index) -> Index {
        match (self, other) {
            (a, Index::Const(n)) => a.add(*n),
            (Index::Const(n), b) => b.add(*n),
            (a, b) => Index::Sum(Rc::new(a.clone()), Rc::new(b.clone())),
        }
    }

    /// The loop variables that occur.
    pub fn variables(&self) -> Vec<LoopVar> {
        match self {
            Index::Const(_) => vec![],
            Index::Var(v) => vec![*v],
            Index::Add(a, _)
            | Index::Sub(a, _)
            | Index::Mul(a, _)
            | Index::Div(a, _)
            | Index::Rem(a, _)
            | Index::Min(a, _) => a.variables(),
            Index::Sum(a, b) => [a.variables(), b.variables()].concat(),
        }
    }
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Index::Const(n) => write!(f, "{n}"),
            Index::Var(v) => write!(f, "k{}", v.0),
            Index::Add(a, n) => write!(f, "({a} + {n})"),
            Index::Sub(a, n) => write!(f, "({a} -sat {n})"),
            Index::Mul(a, n) => write!(f, "{a} * {n}"),
            Index::Div(a, n) => write!(f, "({a} / {n})"),
            Index::Rem(a, n) => write!(f, "({a} % {n})"),
            Index::Min(a, n) => write!(f, "min({a}, {n})"),
            Index::Sum(a, b) => write!(f, "({a} + {b})"),
        }
    }
}
