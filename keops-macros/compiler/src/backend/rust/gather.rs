//! A pass over chosen pairs as an implementation of the runtime's `Gather`.

use super::kernel::KernelPrinter;
use super::statements::{Printer, Surroundings, number};
use crate::ir::VariableId;
use crate::loops::Gather;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use std::collections::HashSet;

pub(super) struct GatherPrinter<'a> {
    pub(super) gather: &'a Gather,
    pub(super) name: &'a Ident,
    pub(super) field: &'a dyn Fn(VariableId) -> Ident,
    /// Whether a variable is on the side that chose.
    pub(super) is_chooser: &'a dyn Fn(VariableId) -> bool,
}

impl GatherPrinter<'_> {
    /// The function that hoists parameters; nothing if none are.
    pub(super) fn parameter_function(&self, name: &Ident) -> TokenStream {
        let kernel = self.gather.as_kernel();
        KernelPrinter { kernel: &kernel, name, field: self.field }.parameter_function(name)
    }

    pub(super) fn item(&self) -> TokenStream {
        let Gather { parameters, choices, variables, numbers, output } = self.gather;
        let name = self.name;
        let fields: Vec<Ident> = variables.iter().map(|(v, _)| (self.field)(*v)).collect();
        let row = |v| if (self.is_chooser)(v) { quote!(chooser) } else { quote!(chosen) };
        let rows = variables.iter().map(|(v, dim)| {
            let (field, row, dim) = ((self.field)(*v), row(*v), number(*dim));
            quote!(let #field = &self.#field[#row * #dim..(#row + 1) * #dim];)
        });
        let numbers = numbers.iter().map(|v| {
            let (field, row) = ((self.field)(*v), row(*v));
            quote!(let #field = [<T as ::keops::Real>::from_f64(#row as f64)];)
        });
        let kernel = self.gather.as_kernel();
        let printer = Printer {
            kernel: &kernel,
            surroundings: Surroundings::Chosen,
            bank: &kernel.rows,
            names: self.field,
        };
        let arms = choices.iter().enumerate().map(|(k, statements)| {
            let (k, code) = (number(k), printer.block(statements, &HashSet::new()));
            quote!(#k => { #code })
        });
        let (len, output) = (number(parameters.len()), number(*output));
        quote! {
            struct #name<'a, T> {
                #(#fields: &'a [T],)*
                parameters: [T; #len],
                lifetime: ::core::marker::PhantomData<&'a T>,
            }

            impl<T: ::keops::Real> ::keops::engine::Gather<T> for #name<'_, T> {
                const OUTPUTS: usize = #output;
                fn pair<P: ::keops::simd::Rows<Elem = T>>(
                    &self,
                    token: P::Token,
                    k: usize,
                    chooser: usize,
                    chosen: usize,
                    outputs: &mut [T],
                ) {
                    let stride = P::LANES;
                    #(#rows)*
                    #(#numbers)*
                    match k {
                        #(#arms)*
                        _ => {}
                    }
                }
            }
        }
    }
}
