//! A loop program as an implementation of the runtime's `Kernel`.

use super::statements::{Printer, Surroundings, number};
use crate::ir::{Extreme, VariableId};
use crate::loops::{Accumulator, AccumulatorKind, Bank, Kernel, Slot};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use std::collections::HashSet;

/// The struct of a stage and its implementations. `field` names the slice of a variable.
pub(super) struct KernelPrinter<'a> {
    pub(super) kernel: &'a Kernel,
    pub(super) name: &'a Ident,
    pub(super) field: &'a dyn Fn(VariableId) -> Ident,
}

impl KernelPrinter<'_> {
    pub(super) fn item(&self) -> TokenStream {
        let k = self.kernel;
        let name = self.name;
        let fields: Vec<Ident> = k.variables().into_iter().map(self.field).collect();
        let numbers = k.neighbours.is_some().then(|| quote!(numbers: &'a [T],));
        let counts = k.reads_counts().then(|| quote!(counts: ::keops::engine::Counts<T>,));
        let parameters = number(k.parameters.len());
        let layout = self.layout();
        let read_rows = self.read(&k.rows);
        let read_columns = self.read(&k.columns);
        let read_tile = self.read_tile();
        let hoist_rows = self.hoist(&k.rows);
        let hoist_columns = self.hoist(&k.columns);
        let update = self.update();
        let finish = self.printer(Surroundings::Finish, &k.rows).block(&k.finish, &HashSet::new());
        let hoist_parameters = self.hoist_parameters();
        quote! {
            struct #name<'a, T> {
                #(#fields: &'a [T],)*
                #numbers
                #counts
                parameters: [T; #parameters],
                lifetime: ::core::marker::PhantomData<&'a T>,
            }

            #hoist_parameters

            impl<T: ::keops::Real> ::keops::engine::Kernel<T> for #name<'_, T> {
                const LAYOUT: ::keops::engine::Layout = #layout;

                fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) { #read_rows }
                #[inline(always)]
                fn hoist_rows<P: ::keops::simd::Rows<Elem = T>>(
                    &self,
                    token: P::Token,
                    bank: &mut [T],
                    stride: usize,
                ) {
                    #hoist_rows
                }
                fn read_columns(&self, first: usize, lanes: usize, bank: &mut [T]) { #read_columns }
                #read_tile
                #[inline(always)]
                fn hoist_columns<P: ::keops::simd::Rows<Elem = T>>(
                    &self,
                    token: P::Token,
                    bank: &mut [T],
                    stride: usize,
                ) {
                    #hoist_columns
                }
                #[inline(always)]
                fn update<P: ::keops::simd::Rows<Elem = T>, const IN_LANES: bool>(
                    &self,
                    token: P::Token,
                    bank: &[T],
                    columns: ::keops::engine::Columns<'_, T, IN_LANES>,
                    cuts: &mut [P],
                    state: &mut [T],
                ) {
                    #update
                }
                #[inline(always)]
                fn finish<P: ::keops::simd::Rows<Elem = T>>(
                    &self,
                    token: P::Token,
                    bank: &[T],
                    state: &[T],
                    outputs: &mut [T],
                    stride: usize,
                ) {
                    let _ = (bank, state);
                    #finish
                }
            }
        }
    }

    pub(super) fn printer<'a>(&'a self, surroundings: Surroundings, bank: &'a Bank) -> Printer<'a> {
        Printer { kernel: self.kernel, surroundings, bank, names: self.field }
    }

    fn layout(&self) -> TokenStream {
        let k = self.kernel;
        let outputs = k.outputs.iter().map(|o| o.dim).sum();
        let numbers = [
            k.rows.inputs_len(),
            k.rows.hoisted_len(),
            k.columns.inputs_len(),
            k.columns.hoisted_len(),
            if k.columns_in_lanes { k.column_len() + usize::from(k.neighbours.is_some()) } else { 0 },
            outputs,
            k.cuts,
            k.cost,
        ];
        let [row_inputs, row_hoisted, column_inputs, column_hoisted, column_read, outputs, cuts, cost] =
            numbers.map(number);
        let (accumulators, wide) = (k.accumulators.iter().map(accumulator), k.vectors > 1);
        let columns_in_lanes = k.columns_in_lanes;
        quote!(::keops::engine::Layout {
            row_inputs: #row_inputs, row_hoisted: #row_hoisted,
            column_inputs: #column_inputs, column_hoisted: #column_hoisted, column_read: #column_read,
            accumulators: &[#(#accumulators),*],
            outputs: #outputs, cuts: #cuts, wide: #wide, columns_in_lanes: #columns_in_lanes, cost: #cost,
        })
    }

    /// Copies the variables of a bank.
    fn read(&self, bank: &Bank) -> TokenStream {
        let copies = bank.inputs.iter().filter_map(|(slot, dim)| match slot {
            Slot::Variable(v) if self.kernel.numbers.contains(v) => {
                let offset = number(bank.offset(*slot));
                Some(quote!(::keops::engine::number_points(first, lanes, &mut bank[#offset * lanes..]);))
            }
            Slot::Variable(v) => {
                let (field, offset, dim) = ((self.field)(*v), number(bank.offset(*slot)), number(*dim));
                Some(quote!(::keops::engine::transpose(self.#field, #dim, first, lanes, &mut bank[#offset * lanes..]);))
            }
            Slot::Count => {
                let offset = number(bank.offset(*slot));
                Some(quote!(self.counts.read(first, lanes, &mut bank[#offset * lanes..]);))
            }
            Slot::Hoisted(_) => None,
        });
        let copies: TokenStream = copies.collect();
        if copies.is_empty() { quote!(let _ = (first, lanes, bank);) } else { copies }
    }

    /// Copies what the pair loop reads of a tile's columns, where lanes may be columns.
    fn read_tile(&self) -> TokenStream {
        let k = self.kernel;
        if !k.columns_in_lanes {
            return TokenStream::new();
        }
        let mut copies = TokenStream::new();
        let mut copy = |field: &Ident, dim: usize, offset: usize| {
            let (dim, offset) = (number(dim), number(offset));
            copies.extend(quote! {
                ::keops::engine::transpose(
                    &self.#field[..columns.end * #dim], #dim, columns.start, lanes, &mut bank[#offset * lanes..]);
            });
        };
        k.column_variables.iter().for_each(|(v, dim)| copy(&(self.field)(*v), *dim, k.column_offset(*v)));
        if k.neighbours.is_some() {
            copy(&format_ident!("numbers"), 1, k.column_len());
        }
        if copies.is_empty() {
            return copies;
        }
        quote! {
            fn read_tile(&self, columns: ::core::ops::Range<usize>, lanes: usize, bank: &mut [T]) { #copies }
        }
    }

    fn hoist(&self, bank: &Bank) -> TokenStream {
        if bank.code.is_empty() {
            return quote!(let _ = (token, bank, stride););
        }
        self.printer(Surroundings::Hoist, bank).block(&bank.code, &HashSet::new())
    }

    /// Parameters are hoisted in f64 and rounded once.
    fn hoist_parameters(&self) -> TokenStream {
        let name = self.name;
        let function = self.parameter_function(&format_ident!("hoist_parameters"));
        if function.is_empty() { function } else { quote!(impl #name<'_, f64> { #function }) }
    }

    /// The function that hoists parameters; nothing if none are.
    pub(super) fn parameter_function(&self, name: &Ident) -> TokenStream {
        let bank = &self.kernel.parameters;
        if bank.code.is_empty() {
            return TokenStream::new();
        }
        let code = self.printer(Surroundings::Hoist, bank).block(&bank.code, &HashSet::new());
        quote! {
            fn #name<P: ::keops::simd::Rows<Elem = f64>>(token: P::Token, bank: &mut [f64]) {
                let stride = P::LANES;
                #code
            }
        }
    }

    /// Declares the factors by which references are raised.
    pub(super) fn factors(&self) -> TokenStream {
        let exponents = self.kernel.accumulators.iter().enumerate();
        exponents
            .filter(|(_, a)| matches!(a.kind, AccumulatorKind::Exponent { .. }))
            .map(|(n, a)| {
                let (name, dim) = (format_ident!("factors_{n}"), number(a.dim));
                quote!(let mut #name = [P::splat(token, <T as ::core::default::Default>::default()); #dim];)
            })
            .collect()
    }

    /// The factor of coordinate `k` of a sum scaled by an exponent.
    pub(super) fn factor(&self, exponent: usize, k: &TokenStream) -> TokenStream {
        let name = format_ident!("factors_{exponent}");
        if self.kernel.accumulators[exponent].dim == 1 { quote!(#name[0]) } else { quote!(#name[#k]) }
    }
}

/// An accumulator as the runtime starts and merges it.
fn accumulator(a: &Accumulator) -> TokenStream {
    let extreme = |extreme: Extreme| match extreme {
        Extreme::Max => quote!(::keops::reduction::accumulator::Extreme::Max),
        Extreme::Min => quote!(::keops::reduction::accumulator::Extreme::Min),
    };
    let kind = match a.kind {
        AccumulatorKind::Sum => quote!(Sum),
        AccumulatorKind::Exponent { .. } => quote!(Exponent),
        AccumulatorKind::ScaledSum { exponent } => {
            let exponent = number(exponent);
            quote!(ScaledSum { exponent: #exponent })
        }
        AccumulatorKind::Best(end) => {
            let extreme = extreme(end);
            quote!(Best(#extreme))
        }
        AccumulatorKind::List { extreme: end, count } => {
            let (extreme, count) = (extreme(end), number(count));
            quote!(List { extreme: #extreme, count: #count })
        }
    };
    let dim = number(a.dim);
    quote!(::keops::reduction::accumulator::Accumulator {
        kind: ::keops::reduction::accumulator::Kind::#kind, dim: #dim
    })
}
