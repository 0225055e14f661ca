//! The call of a kernel that visits near pairs only.

use super::statements::{float, number};
use crate::ir::VariableId;
use crate::loops::search::{Bound, Limit, Neighbours, Scalar, Step};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

pub(super) struct SearchPrinter<'a> {
    pub(super) neighbours: &'a Neighbours,
    /// The kernel's struct.
    pub(super) name: &'a Ident,
    /// The variables that the kernel reads, with their fields.
    pub(super) fields: Vec<(VariableId, Ident)>,
    /// The field of the numbers of columns, which are the same for all rows where these are put in another order.
    pub(super) counts: &'a Option<TokenStream>,
    /// The numbers of a variable.
    pub(super) data: &'a dyn Fn(VariableId) -> TokenStream,
    /// Its dimension.
    pub(super) dim: &'a dyn Fn(VariableId) -> usize,
    /// Whether it has a row for each column.
    pub(super) is_column: &'a dyn Fn(VariableId) -> bool,
}

impl SearchPrinter<'_> {
    /// Orders the points, then runs the kernel on them.
    pub(super) fn run(
        &self,
        parameters: &TokenStream,
        kept: &TokenStream,
        outs: &[TokenStream],
    ) -> TokenStream {
        let SearchPrinter { neighbours, name, fields, counts, data, dim, is_column } = self;
        let (rows, columns) = (data(neighbours.rows), data(neighbours.columns));
        let coordinates = number(dim(neighbours.rows));
        let names = fields.iter().map(|(_, name)| name);
        let ordered = fields.iter().map(|(v, name)| match *v {
            v if v == neighbours.rows => quote!(let #name = neighbours.rows();),
            v if v == neighbours.columns => quote!(let #name = neighbours.columns();),
            v => {
                let (data, dim) = (data(v), number(dim(v)));
                let order = if is_column(v) { quote!(with_columns) } else { quote!(with_rows) };
                quote! {
                    let #name = #data;
                    let #name = neighbours.#order(#name, #dim);
                    let #name = &#name[..];
                }
            }
        });
        let bounds = neighbours.bounds.iter().map(bound);
        quote! {{
            let (rows, columns) = (#rows, #columns);
            let neighbours = ::keops::engine::Neighbours::new(rows, columns, #coordinates, pairs)?;
            let parameters = #parameters;
            #(#ordered)*
            let kernel = #name::<T> {
                #(#names,)*
                numbers: neighbours.numbers(),
                #counts
                parameters,
                lifetime: ::core::marker::PhantomData,
            };
            neighbours.run(&kernel, &[#(#bounds),*], pairs, #kept, &mut [#(#outs),*])?;
        }}
    }
}

fn bound(bound: &Bound) -> TokenStream {
    let (limit, negative) = (limit(bound.limit), bound.negative);
    let steps = bound.steps.iter().map(|step| match step {
        Step::Scale(factor) => {
            let factor = scalar(*factor);
            quote!(::keops::engine::Step::Scale(#factor))
        }
        Step::Root => quote!(::keops::engine::Step::Root),
    });
    quote!(::keops::engine::Bound { limit: #limit, negative: #negative, steps: &[#(#steps),*] })
}

fn limit(limit: Limit) -> TokenStream {
    match limit {
        Limit::Kept(place) => {
            let place = number(place);
            quote!(::keops::engine::Limit::Kept(#place))
        }
        Limit::Fixed(value) => {
            let value = scalar(value);
            quote!(::keops::engine::Limit::Fixed(#value))
        }
    }
}

/// A number of the scalar type.
fn scalar(scalar: Scalar) -> TokenStream {
    match scalar {
        Scalar::Constant(c) => {
            let c = float(c);
            quote!(<T as ::keops::Real>::from_f64(#c))
        }
        Scalar::Parameter(place) => {
            let place = number(place);
            quote!(parameters[#place])
        }
    }
}
