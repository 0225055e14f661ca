//! The AST as formula text, with parentheses only where the grammar needs them: reading the text gives the AST again.

use super::{
    Argument, Block, Body, Bound, Call, Comparison, Dimension, DimensionParameter, Expr, ExprKind, Factor,
    Function, Gradients, Kind, ResultType, Sign,
};
use crate::number::Number;
use proc_macro2::Ident;
use std::fmt::{Display, Formatter, Result, Write};

/// How tightly an expression holds together, loosest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Comparison,
    Dot,
    Sum,
    Product,
    Sign,
    Power,
    Operand,
}

impl Display for Block {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (k, function) in self.functions.iter().enumerate() {
            f.write_str(if k == 0 { "" } else { "\n\n" })?;
            function.fmt(f)?;
        }
        Ok(())
    }
}

impl Display for Function {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for attribute in &self.attributes {
            writeln!(f, "{attribute}")?;
        }
        for (mark, _) in &self.marks {
            writeln!(f, "#[{}]", mark.name())?;
        }
        for parameter in &self.dimensions {
            writeln!(f, "{parameter}")?;
        }
        if let Some(gradients) = &self.gradients {
            writeln!(f, "{gradients}")?;
        }
        let (arguments, results) = (&self.arguments, Results(&self.results));
        if self.closure {
            f.write_char('|')?;
            list(f, arguments)?;
            write!(f, "|{results}")?;
        } else {
            let (visibility, name) = (&self.visibility.to_string(), &self.name.to_string());
            let dimensions = &self.dimensions.iter().map(|parameter| &parameter.name).collect::<Vec<_>>();
            write!(f, "{}{results}", Head { visibility, name, dimensions, arguments })?;
        }
        match &self.body {
            Some(body) => write!(f, " {{\n{body}}}"),
            None => f.write_char(';'),
        }
    }
}

/// What stands before the results of a function with a name.
pub(crate) struct Head<'a> {
    pub(crate) visibility: &'a str,
    pub(crate) name: &'a str,
    /// The names of its dimension parameters.
    pub(crate) dimensions: &'a [&'a Ident],
    pub(crate) arguments: &'a [Argument],
}

impl Display for Head<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Head { visibility, name, dimensions, arguments } = self;
        let space = if visibility.is_empty() { "" } else { " " };
        write!(f, "{visibility}{space}fn {name}")?;
        for (k, name) in dimensions.iter().enumerate() {
            let before = if k == 0 { "<" } else { ", " };
            write!(f, "{before}const {name}: usize")?;
        }
        f.write_str(if dimensions.is_empty() { "(" } else { ">(" })?;
        list(f, arguments)?;
        f.write_char(')')
    }
}

/// The arrow and the results that are declared, if there are.
pub(crate) struct Results<'a>(pub(crate) &'a [ResultType]);

impl Display for Results<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            [] => Ok(()),
            [result] => write!(f, " -> {result}"),
            results => {
                f.write_str(" -> (")?;
                list(f, results)?;
                f.write_char(')')
            }
        }
    }
}

impl Display for Gradients {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if self.names.is_empty() {
            return f.write_str("#[grad]");
        }
        f.write_str("#[grad(")?;
        list(f, &self.names)?;
        f.write_str(")]")
    }
}

impl Display for DimensionParameter {
    /// The attribute that lists its values.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "#[instances({} = {})]", self.name, self.list())
    }
}

impl DimensionParameter {
    /// Its values as they are listed, ranges as ranges.
    pub fn list(&self) -> String {
        let ranges = self.instances.chunk_by(|a, b| a + 1 == *b);
        let texts = ranges.flat_map(|range| match range {
            [first, _, .., last] => vec![format!("{first}..={last}")],
            few => few.iter().map(ToString::to_string).collect(),
        });
        texts.collect::<Vec<String>>().join(", ")
    }
}

impl Display for Dimension {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Dimension::Number(number) => number.fmt(f),
            Dimension::Parameter(name) => name.fmt(f),
        }
    }
}

impl Display for Kind {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Kind::I => "Vi",
            Kind::J => "Vj",
            Kind::Parameter => "Pm",
        })
    }
}

impl Display for Argument {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}: {}<", self.name, self.kind)?;
        dimension(f, &self.dim)?;
        f.write_char('>')
    }
}

impl Display for ResultType {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}<", self.kind)?;
        dimension(f, &self.dim)?;
        f.write_str(if self.index { ", usize>" } else { ">" })
    }
}

impl Display for Body {
    /// One statement a line, each line ended.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for binding in &self.lets {
            writeln!(f, "    let {} = {};", binding.name, binding.value)?;
        }
        writeln!(f, "    {}", self.result)
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.kind {
            ExprKind::Number(number) => literal(f, *number),
            ExprKind::Name(name) => name.fmt(f),
            ExprKind::Negate(e) => {
                f.write_char('-')?;
                at_least(f, e, Level::Sign)
            }
            ExprKind::Sum(terms) => {
                for (k, (sign, term)) in terms.iter().enumerate() {
                    f.write_str(match (k, sign) {
                        (0, Sign::Plus) => "",
                        (0, Sign::Minus) => "-",
                        (_, Sign::Plus) => " + ",
                        (_, Sign::Minus) => " - ",
                    })?;
                    at_least(f, term, Level::Product)?;
                }
                Ok(())
            }
            ExprKind::Product(factors) => {
                for (k, (position, factor)) in factors.iter().enumerate() {
                    f.write_str(match (k, position) {
                        (0, Factor::Times) => "",
                        (0, Factor::Over) => "1 / ",
                        (_, Factor::Times) => " * ",
                        (_, Factor::Over) => " / ",
                    })?;
                    at_least(f, factor, Level::Sign)?;
                }
                Ok(())
            }
            ExprKind::Power(base, exponent) => {
                at_least(f, base, Level::Operand)?;
                f.write_char('^')?;
                at_least(f, exponent, Level::Sign)
            }
            ExprKind::Dot(left, right) => {
                at_least(f, left, Level::Dot)?;
                f.write_str(" | ")?;
                at_least(f, right, Level::Sum)
            }
            ExprKind::Compare(comparison, left, right) => {
                at_least(f, left, Level::Dot)?;
                write!(f, " {comparison} ")?;
                at_least(f, right, Level::Dot)
            }
            ExprKind::Call(call) => call.fmt(f),
            ExprKind::Coordinate(e, k) => {
                receiver(f, e)?;
                write!(f, "[{}]", k.value)
            }
            ExprKind::Slice(e, from, to) => {
                receiver(f, e)?;
                f.write_char('[')?;
                bound(f, from)?;
                f.write_str("..")?;
                bound(f, to)?;
                f.write_char(']')
            }
            ExprKind::List(parts) => {
                f.write_char('[')?;
                list(f, parts)?;
                f.write_char(']')
            }
            ExprKind::Tuple(parts) => {
                f.write_char('(')?;
                list(f, parts)?;
                f.write_char(')')
            }
            ExprKind::Error => f.write_str("<error>"),
        }
    }
}

impl Display for Call {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(e) = &self.receiver {
            receiver(f, e)?;
            f.write_char('.')?;
        }
        if !self.parentheses {
            return write!(f, "{}", self.name);
        }
        write!(f, "{}(", self.name)?;
        list(f, &self.arguments)?;
        for (k, (name, value)) in self.named.iter().enumerate() {
            f.write_str(if k + self.arguments.len() == 0 { "" } else { ", " })?;
            write!(f, "{name}={value}")?;
        }
        f.write_char(')')
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Comparison::Less => "<",
            Comparison::LessEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterEqual => ">=",
            Comparison::Equal => "==",
            Comparison::NotEqual => "!=",
        })
    }
}

/// Parts with commas between them.
fn list(f: &mut Formatter<'_>, parts: &[impl Display]) -> Result {
    for (k, part) in parts.iter().enumerate() {
        f.write_str(if k == 0 { "" } else { ", " })?;
        part.fmt(f)?;
    }
    Ok(())
}

fn dimension(f: &mut Formatter<'_>, dim: &Option<Dimension>) -> Result {
    match dim {
        Some(dim) => dim.fmt(f),
        None => f.write_char('_'),
    }
}

fn bound(f: &mut Formatter<'_>, bound: &Option<Bound>) -> Result {
    bound.as_ref().map_or(Ok(()), |bound| bound.value.fmt(f))
}

/// An expression, in parentheses if it holds together less tightly than its surroundings want.
fn at_least(f: &mut Formatter<'_>, e: &Expr, wanted: Level) -> Result {
    if level(e) < wanted { write!(f, "({e})") } else { e.fmt(f) }
}

/// What a method or a bracket follows. A number gets parentheses, for a point behind it would belong to it.
fn receiver(f: &mut Formatter<'_>, e: &Expr) -> Result {
    if matches!(e.kind, ExprKind::Number(_)) { write!(f, "({e})") } else { at_least(f, e, Level::Operand) }
}

fn level(e: &Expr) -> Level {
    match &e.kind {
        ExprKind::Compare(..) => Level::Comparison,
        ExprKind::Dot(..) => Level::Dot,
        ExprKind::Sum(_) => Level::Sum,
        ExprKind::Product(_) => Level::Product,
        ExprKind::Negate(_) => Level::Sign,
        ExprKind::Power(..) => Level::Power,
        // No literal is negative or a quotient, but the number of a node may be.
        ExprKind::Number(number) if number.sign() < 0 => Level::Sign,
        // `Inf` is a word.
        ExprKind::Number(number) if number.is_finite() && decimal(*number).is_none() => Level::Product,
        _ => Level::Operand,
    }
}

/// A number as a literal; a fraction without a finite decimal as a quotient.
fn literal(f: &mut Formatter<'_>, number: Number) -> Result {
    match decimal(number) {
        Some(text) => f.write_str(&text),
        None => number.fmt(f),
    }
}

/// The literal that is read as exactly this number, with its sign; `None` if there is none, as for a third.
fn decimal(number: Number) -> Option<String> {
    let (sign, magnitude) = if number.sign() < 0 { ("-", -number) } else { ("", number) };
    let nearest = magnitude.to_f64();
    let exact = match magnitude {
        Number::Rational { num, den } => (0..19).find_map(|digits| {
            let scaled = i128::from(num) * 10_i128.pow(digits);
            (scaled % i128::from(den) == 0).then(|| format!("{}e-{digits}", scaled / i128::from(den)))
        }),
        Number::Float(_) => None,
    };
    let short = Some(nearest.to_string()).filter(|text| text.len() < 20);
    [short, exact, Some(format!("{nearest:e}"))]
        .into_iter()
        .flatten()
        .find(|text| Number::parse(text) == Some(magnitude))
        .map(|text| format!("{sign}{text}"))
}
