//! A function: its signature, its checks, and its stages one after another.

use super::gather::GatherPrinter;
use super::kernel::KernelPrinter;
use super::neighbours::SearchPrinter;
use super::signature::{Signature, output_type};
use super::statements::number;
use crate::ast::Kind;
use crate::ir::{OutputKind, Program, Side, Source, Stage, StageKind, VariableId};
use crate::loops::search::search_neighbours;
use crate::loops::{Bank, Kernel, Slot, Target, lower_gather, lower_reduce};
use crate::options::Device;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// A reduction that has no value over too few points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The reduction, as in the formula.
    pub reduction: String,
    /// Points it needs.
    pub points: usize,
    /// Whether its indices must fit into the bits of a scalar.
    pub indices: bool,
}

/// The generated function. With `prune`, stages that near pairs decide visit those only, on the processor. With a device,
/// the twin that runs there comes with it.
pub fn function(
    signature: &Signature,
    program: &Program,
    demands: &[Demand],
    prune: bool,
    device: Option<&Device>,
) -> TokenStream {
    let writer = Writer { signature, program, prune };
    let views = signature.parameters.iter().map(|p| {
        let (name, text, dim) = (&p.name, p.name.to_string(), number(p.dim));
        match p.kind {
            Kind::Parameter => quote!(::keops::Parameter::<#dim, T, M>::view(&#name, #text)?),
            _ => quote!(::keops::Points::<#dim, T, M>::view(&#name, #text)?),
        }
    });
    let views = views.collect::<Vec<_>>();
    let output = output_type(&signature.returned);
    let (items, steps): (Vec<TokenStream>, Vec<TokenStream>) =
        (0..program.stages.len()).map(|stage| writer.stage(stage)).unzip();
    let checks = writer.checks(demands);
    let results = writer.results();
    let (device_items, on_device) = device.map(|device| writer.on_device(&checks, device)).unzip();
    signature.with_body(quote! {
        struct Formula;
        #(#items)*
        #device_items
        impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
            type Output<M: ::keops::Memory> = #output;
            fn on_host(
                self,
                arguments: &[::keops::points::View<'_, T>],
            ) -> ::core::result::Result<Self::Output<::keops::Host>, ::keops::Error> {
                #checks
                #(#steps)*
                #results
            }
            #on_device
        }
        M::evaluate(Formula, &[#(#views),*])
    })
}

/// Writes the parts of a function.
pub(super) struct Writer<'a> {
    pub(super) signature: &'a Signature,
    pub(super) program: &'a Program,
    prune: bool,
}

impl Writer<'_> {
    pub(super) fn rows_of(side: Side) -> Ident {
        match side {
            Side::I => format_ident!("rows_i"),
            Side::J => format_ident!("rows_j"),
        }
    }

    /// The numbers of points, and whether there are enough.
    fn checks(&self, demands: &[Demand]) -> TokenStream {
        let side = |kind: Kind| {
            let pairs = self.signature.parameters.iter().enumerate().filter(move |(_, p)| p.kind == kind);
            let pairs = pairs.map(|(k, p)| {
                let (name, k) = (p.name.to_string(), number(k));
                quote!((#name, arguments[#k].rows()))
            });
            quote!(::keops::points::same_rows(&[#(#pairs),*])?)
        };
        let (i, j) = (side(Kind::I), side(Kind::J));
        let keep = self.program.stages.first().map_or(Side::I, |s| s.keep);
        let (kept, reduced) = (Self::rows_of(keep), Self::rows_of(keep.other()));
        let demands = demands.iter().map(|d| {
            let (reduction, points) = (&d.reduction, number(d.points));
            let numbered = d.indices.then(|| quote!(::keops::points::numbered::<T>(#reduced)?;));
            quote!(::keops::points::at_least(#reduction, #points, #kept, #reduced)?; #numbered)
        });
        quote! {
            let rows_i = #i;
            let rows_j = #j;
            let _ = (rows_i, rows_j);
            #(#demands)*
        }
    }

    /// The struct of a stage, and the call that runs it.
    fn stage(&self, stage: usize) -> (TokenStream, TokenStream) {
        match self.program.stages[stage].kind {
            StageKind::Reduce => self.reduce(stage),
            StageKind::Gather { chosen_by, positions } => self.gather(stage, chosen_by, positions),
        }
    }

    fn reduce(&self, stage: usize) -> (TokenStream, TokenStream) {
        let (graph, mut kernel) = lower_reduce(self.program, stage, Target::Host);
        if self.prune {
            search_neighbours(&graph, &mut kernel);
        }
        let name = format_ident!("Stage{stage}");
        let field = |v: VariableId| field_name(&graph.variable(v).name);
        let printer = KernelPrinter { kernel: &kernel, name: &name, field: &field };
        let fields = printer.variables().into_iter().map(|v| {
            let (field, data) = (field(v), self.data(v));
            quote!(#field: #data)
        });
        let hoisting = quote!(#name::<f64>::hoist_parameters);
        let parameters =
            self.parameters(&kernel.parameters, Some(&hoisting), Self::rows_of(kernel.keep.other()));
        let (declarations, outs): (Vec<TokenStream>, Vec<TokenStream>) =
            (0..self.program.stages[stage].outputs.len()).map(|output| self.output(stage, output)).unzip();
        if let Some(neighbours) = &kernel.neighbours {
            let search = SearchPrinter {
                neighbours,
                name: &name,
                fields: printer.variables().into_iter().map(|v| (v, field(v))).collect(),
                data: &|v| self.data(v),
                is_column: &|v| (graph.variable(v).kind == Kind::I) == (kernel.keep == Side::J),
                dim: &|v| graph.variable(v).dim.value().expect("dimensions are literal here"),
            };
            let run = search.run(&parameters, &outs);
            return (printer.item(), quote!(#(#declarations)* #run));
        }
        let (rows, columns) = (Self::rows_of(kernel.keep), self.columns(&kernel));
        let run = quote! {
            #(#declarations)*
            {
                let parameters = #parameters;
                let kernel = #name::<T> { #(#fields,)* parameters, lifetime: ::core::marker::PhantomData };
                ::keops::engine::run(&kernel, #rows, #columns, &mut [#(#outs),*]);
            }
        };
        (printer.item(), run)
    }

    /// A stage without reductions visits no pairs.
    pub(super) fn columns(&self, kernel: &Kernel) -> TokenStream {
        if kernel.accumulators.is_empty() {
            return quote!(0);
        }
        let reduced = Self::rows_of(kernel.keep.other());
        quote!(#reduced)
    }

    fn gather(&self, stage: usize, chosen_by: Side, positions: (usize, usize)) -> (TokenStream, TokenStream) {
        let Stage { keep, outputs, .. } = &self.program.stages[stage];
        let (mut items, mut runs) = (TokenStream::new(), TokenStream::new());
        for (output, o) in outputs.iter().enumerate() {
            let gather = lower_gather(self.program, o, chosen_by);
            let name = format_ident!("Stage{stage}Output{output}");
            let field = |v: VariableId| field_name(&self.program.graph.variable(v).name);
            let is_chooser = |v: VariableId| self.program.is_on(v, chosen_by);
            let printer =
                GatherPrinter { gather: &gather, name: &name, field: &field, is_chooser: &is_chooser };
            items.extend(printer.item());
            let fields = gather.variables.iter().map(|(v, _)| {
                let (field, data) = (field(*v), self.data(*v));
                quote!(#field: #data)
            });
            let parameters = self.parameters(&gather.parameters, None, Self::rows_of(chosen_by.other()));
            let (declaration, _) = self.output(stage, output);
            let sums = self.flat_mut(stage, output);
            let chosen = self.flat((positions.0, positions.1));
            let dim = number(o.nodes.len());
            let (rows, sides) = (
                Self::rows_of(chosen_by.other()),
                match (o.kind, *keep == chosen_by) {
                    (OutputKind::Total, _) => quote!(Total),
                    (_, true) => quote!(Chooser),
                    (_, false) => quote!(Chosen),
                },
            );
            runs.extend(quote! {
                #declaration
                {
                    let parameters = #parameters;
                    let formula = #name { #(#fields,)* parameters, lifetime: ::core::marker::PhantomData };
                    ::keops::engine::gather(
                        &formula, #chosen, #dim, #rows, ::keops::engine::GatherSides::#sides, #sums);
                }
            });
        }
        (items, runs)
    }

    /// The bank of a call: parameters widened, hoisted in f64, rounded.
    pub(super) fn parameters(
        &self,
        bank: &Bank,
        hoisting: Option<&TokenStream>,
        count: Ident,
    ) -> TokenStream {
        let len = number(bank.len());
        if bank.is_empty() {
            return quote!([]);
        }
        let inputs = bank.inputs.iter().map(|(slot, dim)| {
            let (offset, end) = (bank.offset(*slot), bank.offset(*slot) + dim);
            let (offset, end) = (number(offset), number(end));
            match slot {
                Slot::Variable(v) => {
                    let data = self.data(*v);
                    quote!(::keops::engine::widen(#data, &mut bank[#offset..#end]);)
                }
                Slot::Count | Slot::Hoisted(_) => quote!(bank[#offset] = #count as f64;),
            }
        });
        let hoist = hoisting.filter(|_| !bank.code.is_empty()).map(|name| {
            quote! {
                #name::<<f64 as ::keops::Real>::Vector<::keops::simd::Single>>(
                    ::keops::simd::Single, &mut bank);
            }
        });
        quote! {{
            let mut bank = [0.0f64; #len];
            #(#inputs)*
            #hoist
            let mut rounded = [<T as ::core::default::Default>::default(); #len];
            ::keops::engine::narrow(&bank, &mut rounded);
            rounded
        }}
    }

    /// The numbers of a variable, as a slice.
    fn data(&self, v: VariableId) -> TokenStream {
        match self.program.graph.variables().get(v.0 as usize).map(|v| v.source) {
            Some(Source::Argument(k)) => {
                let k = number(k);
                quote!(arguments[#k].data())
            }
            Some(Source::Saved { stage, output }) => self.flat((stage, output)),
            _ => unreachable!("parts of accumulators are not read from memory"),
        }
    }

    /// The declaration of an output, and how the engine writes it.
    fn output(&self, stage: usize, output: usize) -> (TokenStream, TokenStream) {
        let o = &self.program.stages[stage].outputs[output];
        let (name, dim) = (output_name(stage, output), o.dim.value().expect("dimensions are literal here"));
        let rows = Self::rows_of(self.program.stages[stage].keep);
        let element = if o.kind == OutputKind::Indices { quote!(usize) } else { quote!(T) };
        let d = number(dim);
        let declaration = match (o.kind, dim) {
            (OutputKind::Total, _) => {
                quote!(let mut #name = [<T as ::core::default::Default>::default(); #d];)
            }
            (_, 1) => quote!(let mut #name = ::keops::points::column::<#element>(#rows)?;),
            _ => quote!(let mut #name = ::keops::points::rows::<#element, #d>(#rows)?;),
        };
        let flat = self.flat_mut(stage, output);
        let out = match o.kind {
            OutputKind::Total => quote!(::keops::engine::Out::Total { sum: #flat }),
            OutputKind::Rows => quote!(::keops::engine::Out::Rows { rows: #flat, dim: #d }),
            OutputKind::Indices if self.program.chooses((stage, output)) => {
                quote!(::keops::engine::Out::Positions { rows: #flat, dim: #d })
            }
            OutputKind::Indices => quote!(::keops::engine::Out::Indices { rows: #flat, dim: #d }),
        };
        (declaration, out)
    }

    pub(super) fn flat(&self, (stage, output): (usize, usize)) -> TokenStream {
        let (name, o) = (output_name(stage, output), &self.program.stages[stage].outputs[output]);
        match (o.kind, o.dim.is_one()) {
            (OutputKind::Total, _) | (_, true) => quote!(&#name[..]),
            _ => quote!(#name.as_flattened()),
        }
    }

    pub(super) fn flat_mut(&self, stage: usize, output: usize) -> TokenStream {
        let (name, o) = (output_name(stage, output), &self.program.stages[stage].outputs[output]);
        match (o.kind, o.dim.is_one()) {
            (OutputKind::Total, _) | (_, true) => quote!(&mut #name[..]),
            _ => quote!(#name.as_flattened_mut()),
        }
    }

    /// The results, sums of outputs added up.
    fn results(&self) -> TokenStream {
        let mut additions = TokenStream::new();
        let mut values = vec![];
        for sum in &self.program.results {
            let first = sum[0];
            for &more in &sum[1..] {
                let (to, from) = (self.flat_mut(first.0, first.1), self.flat(more));
                additions.extend(quote!(::keops::engine::add(#to, #from);));
            }
            let (name, o) = (output_name(first.0, first.1), &self.program.stages[first.0].outputs[first.1]);
            values.push(match (o.kind, o.dim.is_one()) {
                (OutputKind::Total, true) => quote!(#name[0]),
                _ => quote!(#name),
            });
        }
        match &values[..] {
            [one] => quote!(#additions ::core::result::Result::Ok(#one)),
            many => quote!(#additions ::core::result::Result::Ok((#(#many),*))),
        }
    }
}

pub(super) fn output_name(stage: usize, output: usize) -> Ident {
    format_ident!("stage_{stage}_{output}")
}

/// The field of a variable: prefixed, so that it is no keyword and no name of the generated code.
fn field_name(name: &str) -> Ident {
    Ident::new(&format!("in_{}", name.trim_start_matches("r#")), Span::call_site())
}
