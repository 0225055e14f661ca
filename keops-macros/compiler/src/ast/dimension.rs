//! Numbers of coordinates as written, and the instances of a function whose dimensions are parameters.

use super::{Argument, Body, Expr, ExprKind, Function, Let, Place, ResultType};
use crate::number::Number;
use proc_macro2::Ident;

/// The most coordinates that a value has.
pub const LARGEST_DIM: i64 = 4096;

/// A number of coordinates as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// `3`
    Number(usize),
    /// `D`, a dimension parameter of the function.
    Parameter(Ident),
}

impl Dimension {
    /// The number, if it is none of a parameter.
    pub fn number(&self) -> Option<usize> {
        match self {
            Dimension::Number(number) => Some(*number),
            Dimension::Parameter(_) => None,
        }
    }
}

/// `const D: usize`, with what `#[instances(D = …)]` lists.
#[derive(Clone, Debug)]
pub struct DimensionParameter {
    /// Its name.
    pub name: Ident,
    /// The values that the function is compiled for, ascending. None if something was wrong with them (already reported).
    pub instances: Vec<usize>,
}

/// Values of dimension parameters as text: `D = 3, E = 4`.
pub fn assigned(parameters: &[DimensionParameter], values: &[usize]) -> String {
    let texts =
        parameters.iter().zip(values).map(|(parameter, value)| format!("{} = {value}", parameter.name));
    texts.collect::<Vec<String>>().join(", ")
}

impl Function {
    /// The values of the dimension parameters that the function is compiled for: all combinations of those listed, each
    /// in the order of the parameters. One combination, of no values, if there are no parameters.
    pub fn instances(&self) -> Vec<Vec<usize>> {
        self.dimensions.iter().fold(vec![vec![]], |combinations, parameter| {
            let with_each = |values: &Vec<usize>| {
                let values = values.clone();
                parameter.instances.iter().map(move |value| [&values[..], &[*value]].concat())
            };
            combinations.iter().flat_map(with_each).collect()
        })
    }

    /// The function with these numbers in place of its dimension parameters, in declarations and in the formula.
    pub fn instance(&self, values: &[usize]) -> Function {
        let value = |name: &Ident| {
            let parameter = self.dimensions.iter().position(|parameter| parameter.name == *name);
            parameter.and_then(|parameter| values.get(parameter)).copied()
        };
        let literal = |dim: &Option<Dimension>| match dim {
            Some(Dimension::Parameter(name)) => value(name).map(Dimension::Number),
            other => other.clone(),
        };
        let argument = |a: &Argument| Argument { dim: literal(&a.dim), ..a.clone() };
        let result = |r: &ResultType| ResultType { dim: literal(&r.dim), ..r.clone() };
        let bindings = self.dimensions.iter().zip(values).map(|(parameter, value)| Let {
            name: parameter.name.clone(),
            value: Expr {
                kind: ExprKind::Number(Number::integer(*value as i64)),
                place: Place::of(parameter.name.span()),
            },
        });
        let body =
            |body: &Body| Body { lets: bindings.chain(body.lets.iter().cloned()).collect(), ..body.clone() };
        Function {
            dimensions: vec![],
            arguments: self.arguments.iter().map(argument).collect(),
            results: self.results.iter().map(result).collect(),
            body: self.body.as_ref().map(body),
            ..self.clone()
        }
    }
}
