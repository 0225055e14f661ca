//! The table of arguments and results in the documentation of a generated function.

use super::signature::Signature;
use crate::ast::{Dimension, Kind};

impl Signature {
    /// The table of arguments and results, for the documentation.
    pub(super) fn table(&self) -> String {
        let shape = |kind: Kind, dim: &Dimension| {
            let coordinates = if *dim == Dimension::Number(1) { "coordinate" } else { "coordinates" };
            match kind {
                Kind::Parameter if *dim == Dimension::Number(1) => "one number".to_string(),
                Kind::Parameter => format!("one row of {dim} coordinates"),
                Kind::I => format!("M rows of {dim} {coordinates}, one per i"),
                Kind::J => format!("N rows of {dim} {coordinates}, one per j"),
            }
        };
        let mut table = "\n\n| argument | kind | shape |\n|---|---|---|\n".to_string();
        for p in &self.parameters {
            let kind = kind_name(p.kind);
            table += &format!("| `{}` | `{kind}<{}>` | {} |\n", p.name, p.dim, shape(p.kind, &p.dim));
        }
        for r in &self.returned {
            let (kind, index) = (kind_name(r.kind), if r.index { ", usize" } else { "" });
            table += &format!("| *result* | `{kind}<{}{index}>` | {} |\n", r.dim, shape(r.kind, &r.dim));
        }
        if !self.dimensions.is_empty() {
            table += &format!("\nCompiled for {}.\n", self.lists());
        }
        table
    }

    /// The dimensions that the function is compiled for: `D = 1..=8, 64; E = 1, 2`.
    pub(super) fn lists(&self) -> String {
        let lists = self.dimensions.iter().map(|p| format!("{} = {}", p.name, p.list()));
        lists.collect::<Vec<String>>().join("; ")
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::I => "Vi",
        Kind::J => "Vj",
        Kind::Parameter => "Pm",
    }
}
