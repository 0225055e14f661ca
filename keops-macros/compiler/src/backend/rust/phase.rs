//! The update of accumulators by a tile: its phases, each a loop over the columns.

use super::kernel::KernelPrinter;
use super::statements::{Surroundings, lanes_from, lanes_from_mut, number, plus, temp, variable};
use crate::loops::{AccumulatorKind, Expr, Phase, Place, Statement, Tail};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use std::collections::{BTreeSet, HashSet};

impl KernelPrinter<'_> {
    pub(super) fn update(&self) -> TokenStream {
        let k = self.kernel;
        if k.accumulators.is_empty() {
            return quote!(let _ = (token, bank, columns, cuts, state););
        }
        let variables = k.column_variables.iter().map(|(v, dim)| {
            let (field, dim) = ((self.field)(*v), number(*dim));
            quote! {
                let #field: &[[T; #dim]] = self.#field.as_chunks::<#dim>().0;
                let #field = &#field[columns.first..columns.first + len];
            }
        });
        let numbers = k
            .neighbours
            .is_some()
            .then(|| quote!(let numbers = &self.numbers[columns.first..columns.first + len];));
        let cuts: TokenStream = (0..k.cuts)
            .map(|n| {
                let cut = format_ident!("cut_{n}");
                quote!(let (#cut, cuts) = cuts.split_at_mut(::keops::engine::TILE);)
            })
            .collect();
        let blocks = k.phases.iter().any(|p| p.blocked).then(|| {
            let block = if k.vectors > 1 {
                quote!(<<P as ::keops::simd::Vector>::Token as ::keops::simd::Simd>::Columns<P>)
            } else {
                quote!(::keops::simd::Columns8<P>)
            };
            quote! {
                type Block<P> = #block;
                let last = len - 1;
            }
        });
        let steps = k.columns_in_lanes.then(|| quote!(let steps = columns.steps::<P>();));
        let factors = self.factors();
        let phases = k.phases.iter().map(|p| self.phase(p));
        quote! {
            #[allow(unused_imports)]
            use ::keops::simd::{Pair as _, Vector as _};
            let (len, stride) = (columns.len, P::LANES);
            #steps
            #(#variables)*
            #numbers
            #cuts
            let _ = (bank, cuts, stride);
            #blocks
            #factors
            #(#phases)*
        }
    }

    fn phase(&self, phase: &Phase) -> TokenStream {
        let surroundings = if phase.blocked { Surroundings::Block } else { Surroundings::Column };
        let printer = self.printer(surroundings, &self.kernel.rows);
        let after_head =
            phase.body.iter().flat_map(Statement::temps).chain(phase.tail.iter().map(Tail::value)).collect();
        let (head, body) =
            (printer.block(&phase.head, &after_head), printer.block(&phase.body, &HashSet::new()));
        let lists: Vec<(Ident, TokenStream, TokenStream)> = phase
            .lists
            .iter()
            .enumerate()
            .map(|(list, (n, index))| {
                let AccumulatorKind::List { count, .. } = self.kernel.accumulators[*n].kind else {
                    unreachable!("only lists are listed")
                };
                let offset = plus(self.kernel.state_offset(*n), &index.mul(2 * count));
                let count = number(count);
                let from = lanes_from(&quote!(state), &offset);
                let to = lanes_from_mut(&quote!(state), &offset);
                let load = quote!(::keops::reduction::best::List::<P, #count>::load(token, #from, stride));
                (format_ident!("list_{list}"), load, to)
            })
            .collect();
        let loads = lists.iter().map(|(name, load, _)| quote!(let mut #name = #load;));
        let stores = lists.iter().map(|(name, _, to)| quote!(#name.store(#to, stride);));
        // Slices of the tile's length leave no bounds to check in the loop.
        let (read, stored) = cuts_of(&phase.body);
        let steps = if self.kernel.columns_in_lanes { quote!(steps) } else { quote!(len) };
        let reads_cuts = read.into_iter().map(|n| {
            let cut = format_ident!("cut_{n}");
            quote!(let #cut = &#cut[..#steps];)
        });
        let stores_cuts = stored.into_iter().filter(|_| !phase.blocked).map(|n| {
            let cut = format_ident!("cut_{n}");
            quote!(let #cut = &mut #cut[..#steps];)
        });
        let columns = if phase.blocked {
            quote!(for j in (0..len).step_by(Block::<P>::COLUMNS) { #body })
        } else {
            quote!(for j in 0..#steps { #body })
        };
        let tail = phase.tail.iter().map(|t| self.tail(t));
        let whole =
            quote!({ #head #(#loads)* #(#reads_cuts)* #(#stores_cuts)* #columns #(#tail)* #(#stores)* });
        match phase.groups {
            None => whole,
            Some((v, count)) => {
                let (v, count) = (variable(v), number(count));
                quote!(for #v in 0..#count #whole)
            }
        }
    }

    fn tail(&self, tail: &Tail) -> TokenStream {
        let (Tail::AddSum { accumulator, index, value }
        | Tail::StoreBest { accumulator, index, value }
        | Tail::Raise { accumulator, index, value }) = tail;
        let kind = self.kernel.accumulators[*accumulator].kind;
        let offset = plus(self.kernel.state_offset(*accumulator), &index.mul(kind.state()));
        let (to, value) = (lanes_from_mut(&quote!(state), &offset), temp(*value));
        let k = super::statements::index(index);
        match (tail, kind) {
            (Tail::AddSum { .. }, AccumulatorKind::ScaledSum { exponent }) => {
                let factor = self.factor(exponent, &k);
                quote!(::keops::reduction::exp_sum::update::<P>(token, #to, stride, #factor, #value);)
            }
            (Tail::AddSum { .. }, _) => {
                quote!(::keops::reduction::sum::update::<P>(token, #to, stride, #value);)
            }
            (Tail::StoreBest { .. }, _) => quote!(#value.store(#to);),
            (Tail::Raise { .. }, _) => {
                let factors = format_ident!("factors_{accumulator}");
                quote!(#factors[#k] = ::keops::reduction::exp_sum::raise::<P>(token, #to, #value);)
            }
        }
    }
}

/// The cuts that a loop body reads and those it stores.
fn cuts_of(statements: &[Statement]) -> (BTreeSet<usize>, BTreeSet<usize>) {
    let (mut read, mut stored) = (BTreeSet::new(), BTreeSet::new());
    for statement in statements {
        match statement {
            Statement::Let(_, expr) | Statement::Var(_, expr) | Statement::Set(_, expr) => {
                if let Expr::Read(Place::Cut(n), _) = expr {
                    read.insert(*n);
                }
            }
            Statement::StoreCut { cut, .. } => {
                stored.insert(*cut);
            }
            Statement::Loop { body, .. } => {
                let inner = cuts_of(body);
                read.extend(inner.0);
                stored.extend(inner.1);
            }
            _ => {}
        }
    }
    (read, stored)
}
