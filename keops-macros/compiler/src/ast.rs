//! What was written: declarations and formulas, every part with the place it was written at.
//!
//! Long sums and products are one node with many terms, so that no later stage recurses along a chain.

mod dimension;
mod mark;
mod print;

pub use dimension::{Dimension, DimensionParameter, LARGEST_DIM, assigned};
pub use mark::Mark;
pub(crate) use print::{Head, Results};

use crate::number::Number;
use proc_macro2::{Ident, Span, TokenStream};
use quote::ToTokens;

/// The place of a piece of source: its first and its last token.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// The span of the first token.
    pub first: Span,
    /// The span of the last token.
    pub last: Span,
}

impl Place {
    /// The place of one token.
    pub fn of(span: Span) -> Self {
        Place { first: span, last: span }
    }

    /// From the start of this place to the end of `last`.
    pub fn to(self, last: Place) -> Self {
        Place { first: self.first, last: last.last }
    }

    /// The place of the tokens of one syntax element.
    pub fn over(tokens: &impl ToTokens) -> Self {
        let mut spans = tokens.to_token_stream().into_iter().map(|t| t.span());
        let first = spans.next().unwrap_or_else(Span::call_site);
        Place { first, last: spans.last().unwrap_or(first) }
    }
}

/// All that stands between the braces of one `keops!`.
#[derive(Clone, Debug)]
pub struct Block {
    /// The functions in the order written. A [closure](Function::closure) stands alone.
    pub functions: Vec<Function>,
}

/// One function: what it is called with, what it returns, and its formula.
#[derive(Clone, Debug)]
pub struct Function {
    /// Doc comments and every attribute that is not ours, passed on as they are.
    pub attributes: Vec<TokenStream>,
    /// `#[grad(x_i, s)]`: which gradients are wanted.
    pub gradients: Option<Gradients>,
    /// `#[dot_products]` and the like, each once, with its place.
    pub marks: Vec<(Mark, Place)>,
    /// `pub`, `pub(crate)` or nothing.
    pub visibility: TokenStream,
    /// Whether it is written like a closure of Rust, `|x_i: Vi<3>, …| formula`: a value, without a name of its own.
    pub closure: bool,
    /// The function's name.
    pub name: Ident,
    /// `<const D: usize>`: dimensions that the caller's data decide.
    pub dimensions: Vec<DimensionParameter>,
    /// The arguments in the order written. If it is uncertain which arguments and results there are (already reported),
    /// both lists are empty and there is no body.
    pub arguments: Vec<Argument>,
    /// The declared results; one, or several if a tuple was written. None if a closure leaves them to its formula.
    pub results: Vec<ResultType>,
    /// The place of the whole declared result; that of the arguments if none is declared.
    pub results_place: Place,
    /// The `let` bindings and the final expressions; `None` if the body could not be parsed (already reported).
    pub body: Option<Body>,
}

impl Function {
    /// Where it has this mark.
    pub fn marked(&self, mark: Mark) -> Option<Place> {
        self.marks.iter().find(|(known, _)| *known == mark).map(|(_, place)| *place)
    }
}

/// The attribute `#[grad]` or `#[grad(x_i, …)]`.
#[derive(Clone, Debug)]
pub struct Gradients {
    /// The arguments named; empty for all of them.
    pub names: Vec<Ident>,
    /// The place of the attribute.
    pub place: Place,
}

/// The kind of an argument: one row per i, one per j, or one row for all pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `Vi<D>`: one row for each i.
    I,
    /// `Vj<D>`: one row for each j.
    J,
    /// `Pm<D>`: one row for all pairs.
    Parameter,
}

/// A name that ends in an index, without it, and the kind that the ending promises: `x_i` is x, of kind Vi.
pub fn indexed(name: &str) -> Option<(&str, Kind)> {
    let of = |ending, kind| Some((name.strip_suffix(ending)?, kind));
    of("_i", Kind::I).or_else(|| of("_j", Kind::J))
}

/// The kind that a name's ending promises.
pub fn name_kind(name: &str) -> Option<Kind> {
    indexed(name).map(|(_, kind)| kind)
}

/// `x_i: Vi<3>`.
#[derive(Clone, Debug)]
pub struct Argument {
    /// The argument's name.
    pub name: Ident,
    /// Vi, Vj or Pm.
    pub kind: Kind,
    /// The number of coordinates; `None` if the declaration was wrong (already reported).
    pub dim: Option<Dimension>,
    /// The place of the type, `Vi<3>`.
    pub type_place: Place,
}

/// `Vi<3>` or `Vi<10, usize>` as a result.
#[derive(Clone, Debug)]
pub struct ResultType {
    /// Vi or Vj (Pm is kept for reductions over both indices).
    pub kind: Kind,
    /// The number of coordinates; `None` if the declaration was wrong (already reported).
    pub dim: Option<Dimension>,
    /// Whether the second parameter `usize` was written: the result is a list of indices.
    pub index: bool,
    /// The place of the type.
    pub place: Place,
}

/// The body of a function.
#[derive(Clone, Debug)]
pub struct Body {
    /// The bindings in the order written; a later one may shadow an earlier one or an argument.
    pub lets: Vec<Let>,
    /// The final expression; a tuple of results is an [`ExprKind::Tuple`].
    pub result: Expr,
}

/// `let name = value;`
#[derive(Clone, Debug)]
pub struct Let {
    /// The bound name.
    pub name: Ident,
    /// What it stands for.
    pub value: Expr,
}

/// An expression with its place.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// From its first to its last token, parentheses around it included.
    pub place: Place,
}

impl Expr {
    /// Visits it and all that it is made of.
    pub fn visit(&self, each: &mut impl FnMut(&Expr)) {
        each(self);
        for part in self.parts() {
            part.visit(each);
        }
    }

    /// The expressions that it is made of.
    fn parts(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Number(_) | ExprKind::Name(_) | ExprKind::Error => vec![],
            ExprKind::Negate(a) | ExprKind::Coordinate(a, _) | ExprKind::Slice(a, _, _) => vec![a],
            ExprKind::Sum(terms) => terms.iter().map(|(_, e)| e).collect(),
            ExprKind::Product(factors) => factors.iter().map(|(_, e)| e).collect(),
            ExprKind::Power(a, b) | ExprKind::Dot(a, b) | ExprKind::Compare(_, a, b) => vec![a, b],
            ExprKind::Call(call) => {
                let named = call.named.iter().map(|(_, e)| e);
                call.receiver.as_deref().into_iter().chain(&call.arguments).chain(named).collect()
            }
            ExprKind::List(items) | ExprKind::Tuple(items) => items.iter().collect(),
        }
    }

    /// The same with other expressions in the place of names.
    pub fn with<'a>(&self, other: &impl Fn(&Ident) -> Option<&'a Expr>) -> Expr {
        let one = |e: &Expr| Box::new(e.with(other));
        let all = |items: &[Expr]| items.iter().map(|e| e.with(other)).collect::<Vec<Expr>>();
        let kind = match &self.kind {
            ExprKind::Name(name) => return other(name).unwrap_or(self).clone(),
            ExprKind::Number(_) | ExprKind::Error => self.kind.clone(),
            ExprKind::Negate(a) => ExprKind::Negate(one(a)),
            ExprKind::Coordinate(a, k) => ExprKind::Coordinate(one(a), *k),
            ExprKind::Slice(a, start, end) => ExprKind::Slice(one(a), *start, *end),
            ExprKind::Sum(terms) => {
                ExprKind::Sum(terms.iter().map(|(sign, e)| (*sign, e.with(other))).collect())
            }
            ExprKind::Product(factors) => {
                ExprKind::Product(factors.iter().map(|(factor, e)| (*factor, e.with(other))).collect())
            }
            ExprKind::Power(a, b) => ExprKind::Power(one(a), one(b)),
            ExprKind::Dot(a, b) => ExprKind::Dot(one(a), one(b)),
            ExprKind::Compare(comparison, a, b) => ExprKind::Compare(*comparison, one(a), one(b)),
            ExprKind::Call(call) => ExprKind::Call(Call {
                name: call.name.clone(),
                receiver: call.receiver.as_deref().map(one),
                arguments: all(&call.arguments),
                named: call.named.iter().map(|(name, e)| (name.clone(), e.with(other))).collect(),
                parentheses: call.parentheses,
            }),
            ExprKind::List(items) => ExprKind::List(all(items)),
            ExprKind::Tuple(items) => ExprKind::Tuple(all(items)),
        };
        Expr { kind, place: self.place }
    }
}

/// The forms of an expression.
#[derive(Clone, Debug)]
pub enum ExprKind {
    /// An integer or float literal.
    Number(Number),
    /// An argument or a `let` binding.
    Name(Ident),
    /// `-e`
    Negate(Box<Expr>),
    /// `a + b - c + …`, left to right. The first term has the sign `Plus`.
    Sum(Vec<(Sign, Expr)>),
    /// `a * b / c * …`, left to right. The first factor has the position `Times`.
    Product(Vec<(Factor, Expr)>),
    /// `base ^ exponent` or `base ** exponent`
    Power(Box<Expr>, Box<Expr>),
    /// `a | b`, the dot product.
    Dot(Box<Expr>, Box<Expr>),
    /// `a < b` and the like: 1 or 0.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `Name(arguments)` or `receiver.name(arguments)`.
    Call(Call),
    /// `e[k]`
    Coordinate(Box<Expr>, Bound),
    /// `e[a..b]` or `e[a:b]`, either end may be left out.
    Slice(Box<Expr>, Option<Bound>, Option<Bound>),
    /// `[2, 3]`, the lists that TensorDot takes.
    List(Vec<Expr>),
    /// `(a, b)`, several results; one expression in parentheses is that expression.
    Tuple(Vec<Expr>),
    /// A place where the parser has already reported an error; never reported again.
    Error,
}

/// A coordinate number inside brackets.
#[derive(Clone, Copy, Debug)]
pub struct Bound {
    /// Its value.
    pub value: usize,
    /// Its place.
    pub place: Place,
}

/// The sign of a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
}

/// The position of a factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factor {
    /// `*`
    Times,
    /// `/`
    Over,
}

/// The comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    LessEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

/// A call of an operation, as a function or as a method.
#[derive(Clone, Debug)]
pub struct Call {
    /// The operation's name as written.
    pub name: Ident,
    /// `receiver` in `receiver.name(…)`.
    pub receiver: Option<Box<Expr>>,
    /// The positional arguments.
    pub arguments: Vec<Expr>,
    /// Arguments given by name: `axis=1`, `dim=2`, `weight=g`.
    pub named: Vec<(Ident, Expr)>,
    /// Whether there are parentheses: `receiver.name` is in error, and what it may mean is known where names are looked up.
    pub parentheses: bool,
}
