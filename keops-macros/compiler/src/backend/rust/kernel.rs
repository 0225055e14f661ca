//! A loop program as an implementation of the runtime's `Kernel`.

use super::statements::{Printer, Surroundings, lanes_from, lanes_from_mut, number, order};
use crate::ir::VariableId;
use crate::loops::{Accumulator, AccumulatorKind, Bank, Kernel, Slot};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use std::collections::HashSet;

/// The struct of a stage and its implementations. `field` names the slice of a variable, `dim` gives its coordinates.
pub(super) struct KernelPrinter<'a> {
    pub(super) kernel: &'a Kernel,
    pub(super) name: &'a Ident,
    pub(super) field: &'a dyn Fn(VariableId) -> Ident,
}

impl KernelPrinter<'_> {
    /// The variables with a row per point that the kernel reads.
    pub(super) fn variables(&self) -> Vec<VariableId> {
        let banks = [&self.kernel.rows, &self.kernel.columns];
        let read = banks.iter().flat_map(|b| &b.inputs).filter_map(|(slot, _)| match slot {
            Slot::Variable(v) => Some(*v),
            Slot::Count | Slot::Hoisted(_) => None,
        });
        let mut all: Vec<VariableId> =
            read.chain(self.kernel.column_variables.iter().map(|(v, _)| *v)).collect();
        all.sort();
        all.dedup();
        all
    }

    pub(super) fn item(&self) -> TokenStream {
        let k = self.kernel;
        let name = self.name;
        let fields: Vec<Ident> = self.variables().into_iter().map(self.field).collect();
        let parameters = number(k.parameters.len());
        let sizes = self.sizes();
        let block = match k.vectors {
            1 => quote!(T::Vector<S>),
            _ => quote!(S::Wide<T::Vector<S>>),
        };
        let read_rows = self.read(&k.rows);
        let read_columns = self.read(&k.columns);
        let hoist_rows = self.hoist(&k.rows);
        let hoist_columns = self.hoist(&k.columns);
        let (identity, merge) = (self.identity(), self.merge());
        let update = self.update();
        let finish = self.printer(Surroundings::Finish, &k.rows).block(&k.finish, &HashSet::new());
        let hoist_parameters = self.hoist_parameters();
        quote! {
            struct #name<'a, T> {
                #(#fields: &'a [T],)*
                parameters: [T; #parameters],
                lifetime: ::core::marker::PhantomData<&'a T>,
            }

            #hoist_parameters

            impl<T: ::keops::Real> ::keops::engine::Kernel<T> for #name<'_, T> {
                type Block<S: ::keops::simd::Simd> = #block;
                const SIZES: ::keops::engine::Sizes = #sizes;

                fn read_rows(&self, first: usize, lanes: usize, bank: &mut [T]) { #read_rows }
                #[inline(always)]
                fn hoist_rows<P: ::keops::simd::Rows<Elem = T>>(&self, token: P::Token, bank: &mut [T]) { #hoist_rows }
                fn read_columns(&self, first: usize, lanes: usize, bank: &mut [T]) { #read_columns }
                #[inline(always)]
                fn hoist_columns<P: ::keops::simd::Rows<Elem = T>>(&self, token: P::Token, bank: &mut [T]) {
                    #hoist_columns
                }
                #[inline(always)]
                fn identity<P: ::keops::simd::Rows<Elem = T>>(
                    &self,
                    token: P::Token,
                    state: &mut [T],
                    stride: usize,
                ) {
                    #identity
                }
                #[inline(always)]
                fn update<P: ::keops::simd::Rows<Elem = T>>(
                    &self,
                    token: P::Token,
                    bank: &[T],
                    columns: ::keops::engine::Columns<'_, T>,
                    cuts: &mut [P],
                    state: &mut [T],
                ) {
                    #update
                }
                #[inline(always)]
                fn merge<P: ::keops::simd::Rows<Elem = T>>(
                    &self,
                    token: P::Token,
                    state: &mut [T],
                    later: &[T],
                    stride: usize,
                ) {
                    #merge
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

    fn sizes(&self) -> TokenStream {
        let k = self.kernel;
        let outputs = k.outputs.iter().map(|o| o.dim).sum();
        let sizes = [
            k.rows.len(),
            k.columns.inputs_len(),
            k.columns.hoisted_len(),
            k.state_len(),
            outputs,
            k.cuts,
            k.cost,
        ];
        let [row, column_inputs, column, state, outputs, cuts, cost] = sizes.map(number);
        quote!(::keops::engine::Sizes {
            row: #row, column_inputs: #column_inputs, column: #column, state: #state, outputs: #outputs, cuts: #cuts,
            cost: #cost,
        })
    }

    /// Copies the variables of a bank.
    fn read(&self, bank: &Bank) -> TokenStream {
        let copies = bank.inputs.iter().filter_map(|(slot, dim)| match slot {
            Slot::Variable(v) => {
                let (field, offset, dim) = ((self.field)(*v), number(bank.offset(*slot)), number(*dim));
                Some(quote!(::keops::engine::transpose(self.#field, #dim, first, lanes, &mut bank[#offset * lanes..]);))
            }
            Slot::Count | Slot::Hoisted(_) => None,
        });
        let copies: TokenStream = copies.collect();
        if copies.is_empty() { quote!(let _ = (first, lanes, bank);) } else { copies }
    }

    fn hoist(&self, bank: &Bank) -> TokenStream {
        if bank.code.is_empty() {
            return quote!(let _ = (token, bank););
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
            fn #name<P: ::keops::simd::Rows<Elem = f64>>(token: P::Token, bank: &mut [f64]) { #code }
        }
    }

    fn each_coordinate(&self, body: impl Fn(usize, &Accumulator) -> TokenStream) -> TokenStream {
        let accumulators = self.kernel.accumulators.iter().enumerate();
        accumulators
            .map(|(n, a)| {
                let (dim, body) = (number(a.dim), body(n, a));
                quote!(for k in 0..#dim { #body })
            })
            .collect()
    }

    /// The state of coordinate `k` of an accumulator, as an expression of the variable `k`.
    fn state_of(&self, n: usize) -> TokenStream {
        let (offset, stride) =
            (number(self.kernel.state_offset(n)), number(self.kernel.accumulators[n].kind.state()));
        quote!((#offset + #stride * k))
    }

    fn identity(&self) -> TokenStream {
        if self.kernel.accumulators.is_empty() {
            return quote!(let _ = (token, state, stride););
        }
        self.each_coordinate(|n, a| {
            let to = lanes_from_mut(&quote!(state), &self.state_of(n));
            match a.kind {
                AccumulatorKind::Sum | AccumulatorKind::ScaledSum { .. } => {
                    quote!(::keops::reduction::sum::identity::<P>(token, #to, stride);)
                }
                AccumulatorKind::Exponent { .. } => {
                    quote!(::keops::reduction::exp_sum::identity::<P>(token, #to);)
                }
                AccumulatorKind::Best(extreme) => {
                    let order = order(extreme);
                    quote!(::keops::reduction::best::value::identity::<P, #order>(token, #to);)
                }
                AccumulatorKind::List { extreme, count } => {
                    let (order, count) = (order(extreme), number(count));
                    quote!(::keops::reduction::best::List::<P, #count>::identity::<#order>(token).store(#to, stride);)
                }
            }
        })
    }

    fn merge(&self) -> TokenStream {
        if self.kernel.accumulators.is_empty() {
            return quote!(let _ = (token, state, later, stride););
        }
        let factors = self.factors(quote!((P, P)), |zero| quote!((#zero, #zero)));
        let merges = self.each_coordinate(|n, a| {
            let (to, from) = (
                lanes_from_mut(&quote!(state), &self.state_of(n)),
                lanes_from(&quote!(later), &self.state_of(n)),
            );
            match a.kind {
                AccumulatorKind::Sum => {
                    quote!(::keops::reduction::sum::merge::<P>(token, #to, #from, stride);)
                }
                AccumulatorKind::Exponent { .. } => {
                    let factors = format_ident!("factors_{n}");
                    quote!(#factors[k] = ::keops::reduction::exp_sum::merge::<P>(token, #to, #from);)
                }
                AccumulatorKind::ScaledSum { exponent } => {
                    let factor = self.factor(exponent, &quote!(k));
                    quote!(::keops::reduction::exp_sum::merge_sum::<P>(token, #to, #from, stride, #factor);)
                }
                AccumulatorKind::Best(extreme) => {
                    let order = order(extreme);
                    quote!(::keops::reduction::best::value::merge::<P, #order>(token, #to, #from);)
                }
                AccumulatorKind::List { extreme, count } => {
                    let (order, count) = (order(extreme), number(count));
                    let own = lanes_from(&quote!(state), &self.state_of(n));
                    quote!(
                        let mut list = ::keops::reduction::best::List::<P, #count>::load(token, #own, stride);
                        list.merge::<#order>(&::keops::reduction::best::List::load(token, #from, stride));
                        list.store(#to, stride);
                    )
                }
            }
        });
        quote!(#factors #merges)
    }

    /// Declares the factors by which references are raised.
    pub(super) fn factors(
        &self,
        of: TokenStream,
        initial: impl Fn(&TokenStream) -> TokenStream,
    ) -> TokenStream {
        let zero = quote!(P::splat(token, <T as ::core::default::Default>::default()));
        let exponents = self.kernel.accumulators.iter().enumerate();
        exponents
            .filter(|(_, a)| matches!(a.kind, AccumulatorKind::Exponent { .. }))
            .map(|(n, a)| {
                let (name, dim, initial) = (format_ident!("factors_{n}"), number(a.dim), initial(&zero));
                quote!(let mut #name: [#of; #dim] = [#initial; #dim];)
            })
            .collect()
    }

    /// The factor of coordinate `k` of a sum scaled by an exponent.
    pub(super) fn factor(&self, exponent: usize, k: &TokenStream) -> TokenStream {
        let name = format_ident!("factors_{exponent}");
        if self.kernel.accumulators[exponent].dim == 1 { quote!(#name[0]) } else { quote!(#name[#k]) }
    }
}
