//! What a generated function looks like from outside.

use super::statements::number;
use crate::ast::Kind;
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

/// An argument of a generated function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// Vi, Vj or Pm.
    pub kind: Kind,
    /// Coordinates.
    pub dim: usize,
}

/// A result of a generated function.
#[derive(Clone, Copy, Debug)]
pub struct Returned {
    /// Vi, Vj or Pm.
    pub kind: Kind,
    /// Coordinates.
    pub dim: usize,
    /// Whether it is a list of indices.
    pub index: bool,
}

/// What a generated function looks like from outside.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Doc comments and other attributes.
    pub attributes: Vec<TokenStream>,
    /// `pub` or the like.
    pub visibility: TokenStream,
    /// The name.
    pub name: Ident,
    /// The arguments.
    pub parameters: Vec<Parameter>,
    /// The results.
    pub returned: Vec<Returned>,
}

impl Signature {
    /// The function with this body.
    pub(super) fn with_body(&self, body: TokenStream) -> TokenStream {
        let Signature { attributes, visibility, name, parameters, returned } = self;
        let arguments = parameters.iter().map(|p| {
            let (name, dim) = (&p.name, number(p.dim));
            // The bound is placed at the argument, where rustc points to when a call does not meet it.
            match p.kind {
                Kind::Parameter => quote_spanned!(name.span()=> #name: impl ::keops::Parameter<#dim, T, M>),
                _ => quote_spanned!(name.span()=> #name: impl ::keops::Points<#dim, T, M>),
            }
        });
        let output = output_type(returned);
        let table = self.table();
        quote! {
            #(#attributes)*
            #[doc = #table]
            #[allow(non_snake_case, clippy::all, clippy::pedantic)]
            #visibility fn #name<T: ::keops::Real, M: ::keops::Memory>(
                #(#arguments),*
            ) -> ::core::result::Result<#output, ::keops::Error> {
                #body
            }
        }
    }

    /// The function of a formula that has an error: callers see its signature, and no second error.
    pub fn failed(&self) -> TokenStream {
        let names = self.parameters.iter().map(|p| &p.name);
        self.with_body(quote! {
            let _ = (#(&#names,)*);
            ::core::panic!("the formula does not compile")
        })
    }

    /// The table of arguments and results, for the documentation.
    fn table(&self) -> String {
        let shape = |kind: Kind, dim: usize| match (kind, dim) {
            (Kind::Parameter, 1) => "one number".to_string(),
            (Kind::Parameter, d) => format!("one row of {d} coordinates"),
            (Kind::I, d) => format!("M rows of {d} coordinate{}, one per i", if d == 1 { "" } else { "s" }),
            (Kind::J, d) => format!("N rows of {d} coordinate{}, one per j", if d == 1 { "" } else { "s" }),
        };
        let mut table = "\n\n| argument | kind | shape |\n|---|---|---|\n".to_string();
        for p in &self.parameters {
            let kind = kind_name(p.kind);
            table += &format!("| `{}` | `{kind}<{}>` | {} |\n", p.name, p.dim, shape(p.kind, p.dim));
        }
        for r in &self.returned {
            let (kind, index) = (kind_name(r.kind), if r.index { ", usize" } else { "" });
            table += &format!("| *result* | `{kind}<{}{index}>` | {} |\n", r.dim, shape(r.kind, r.dim));
        }
        table
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::I => "Vi",
        Kind::J => "Vj",
        Kind::Parameter => "Pm",
    }
}

pub(super) fn output_type(returned: &[Returned]) -> TokenStream {
    let types: Vec<TokenStream> = returned
        .iter()
        .map(|r| {
            let (element, dim) = (if r.index { quote!(usize) } else { quote!(T) }, number(r.dim));
            match (r.kind, r.dim) {
                (Kind::Parameter, 1) => quote!(M::Number<#element>),
                (Kind::Parameter, _) => quote!(M::Row<#element, #dim>),
                (_, 1) => quote!(M::Column<#element>),
                _ => quote!(M::Rows<#element, #dim>),
            }
        })
        .collect();
    match &types[..] {
        [one] => one.clone(),
        many => quote!((#(#many),*)),
    }
}
