//! A function: its signature, its checks, and its stages one after another.

use super::gather::GatherPrinter;
use super::instances::Instance;
use super::kernel::KernelPrinter;
use super::neighbours::SearchPrinter;
use super::signature::Signature;
use super::statements::number;
use crate::ast::Kind;
use crate::ir::{OutputKind, Program, Side, Source, StageKind, Variable, VariableId};
use crate::loops::search::search_neighbours;
use crate::loops::{Bank, Slot, Target, lower_gather, lower_reduce};
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

/// A function, and what belongs into the module of its name.
#[derive(Clone, Debug, Default)]
pub struct Function {
    /// The function.
    pub call: TokenStream,
    /// The formula, and the other ways to call it.
    pub module: TokenStream,
}

/// The generated function. With `prune`, stages that near pairs decide visit those only, on the processor. With a device,
/// the twin that runs there comes with it.
pub fn function(
    signature: &Signature,
    instances: &[Instance],
    prune: bool,
    device: Option<&Device>,
) -> Function {
    let formulas = instances.iter().map(|instance| (instance, formula(signature, instance, prune, device)));
    let formulas: Vec<(&Instance, TokenStream)> = formulas.collect();
    let (call, forms) = signature.forms(instances, device.is_some());
    let formulas = match &formulas[..] {
        [(_, only)] if signature.dimensions.is_empty() => only.clone(),
        all => signature.instances(all, device.is_some()),
    };
    Function { call, module: quote!(#formulas #forms) }
}

/// The formula of one instance.
fn formula(
    signature: &Signature,
    Instance { program, demands, .. }: &Instance,
    prune: bool,
    device: Option<&Device>,
) -> TokenStream {
    let writer = Writer { signature, program, prune };
    let (items, steps): (Vec<TokenStream>, Vec<TokenStream>) =
        (0..program.stages.len()).map(|stage| writer.stage(stage)).unzip();
    let declaration = writer.declaration(demands);
    let additions = writer.additions();
    let [values, indices, totals] = writer.result_names();
    let [(values, take_values), (indices, take_indices), (totals, take_totals)] =
        [("values", values), ("indices", indices), ("totals", totals)]
            .map(|(list, names)| take(list, &names));
    let (device_items, on_device) = device.map(|device| writer.on_device(device)).unzip();
    quote! {
        pub(super) struct Formula;
        #(#items)*
        #device_items
        impl<T: ::keops::Real> ::keops::Formula<T> for Formula {
            #declaration
            fn on_host(
                &self,
                arguments: &[::keops::points::View<'_, T>],
                pairs: ::keops::points::Pairs<'_>,
                #values: &mut [&mut [T]],
                #indices: &mut [&mut [usize]],
                #totals: &mut [&mut [T]],
            ) -> ::core::result::Result<(), ::keops::Error> {
                #take_values
                #take_indices
                #take_totals
                #(#steps)*
                #additions
                ::core::result::Result::Ok(())
            }
        }
        #on_device
    }
}

pub(super) fn index(side: Side) -> TokenStream {
    match side {
        Side::I => quote!(::keops::points::Index::I),
        Side::J => quote!(::keops::points::Index::J),
    }
}

/// The function that hoists the parameters of a pass over chosen pairs, on the processor and for devices.
pub(super) fn hoist_for_gather(stage: usize, output: usize) -> Ident {
    format_ident!("hoist_for_stage_{stage}_output_{output}")
}

/// The name of a list of results as a parameter, and what gives each of them its own.
fn take(list: &str, names: &[Ident]) -> (TokenStream, TokenStream) {
    if names.is_empty() {
        return (quote!(_), TokenStream::new());
    }
    let list = format_ident!("{list}");
    (quote!(#list), quote!(let [#(#names),*] = ::keops::memory::all(#list);))
}

/// Writes the parts of a function.
pub(super) struct Writer<'a> {
    pub(super) signature: &'a Signature,
    pub(super) program: &'a Program,
    prune: bool,
}

impl Writer<'_> {
    /// The number of points of a side.
    pub(super) fn rows_of(side: Side) -> TokenStream {
        match side {
            Side::I => quote!(pairs.rows_i),
            Side::J => quote!(pairs.rows_j),
        }
    }

    /// The outputs that are results (of a sum, the one that takes in the others), as values, indices and totals.
    fn result_names(&self) -> [Vec<Ident>; 3] {
        [OutputKind::Rows, OutputKind::Indices, OutputKind::Total].map(|kind| {
            let firsts = self.program.results.iter().map(|sum| sum[0]);
            let of_kind = firsts.filter(|(s, o)| self.program.stages[*s].outputs[*o].kind == kind);
            of_kind.map(|(stage, output)| output_name(stage, output)).collect()
        })
    }

    /// The place of an output among the results of its kind, if it is one.
    pub(super) fn place_of_result(&self, stage: usize, output: usize) -> Option<usize> {
        let name = output_name(stage, output);
        self.result_names().iter().find_map(|names| names.iter().position(|n| *n == name))
    }

    /// What is declared of the numbers of points.
    fn declaration(&self, demands: &[Demand]) -> TokenStream {
        let arguments = self.signature.parameters.iter().map(|p| {
            let (name, index) = (
                p.name.to_string(),
                match p.kind {
                    Kind::I => index(Side::I),
                    Kind::J => index(Side::J),
                    Kind::Parameter => quote!(::keops::points::Index::None),
                },
            );
            quote!((#name, #index))
        });
        let keep = self.program.stages.first().map_or(Side::I, |s| s.keep);
        let kept = index(keep);
        let results = self.program.results.first().map_or(keep, |sum| self.program.stages[sum[0].0].keep);
        let results = index(results);
        let is_number_of_column =
            |v: &Variable| v.source == Source::Number && (v.kind == Kind::I) == (keep == Side::J);
        let streams =
            self.program.stages.len() == 1 && !self.program.graph.variables().iter().any(is_number_of_column);
        let demands = demands.iter().map(|d| {
            let Demand { reduction, points, indices } = d;
            let points = number(*points);
            quote!(::keops::points::Demand { reduction: #reduction, points: #points, indices: #indices })
        });
        quote! {
            fn declaration(&self) -> &'static ::keops::points::Declaration {
                &::keops::points::Declaration {
                    arguments: &[#(#arguments),*],
                    kept: #kept,
                    results: #results,
                    demands: &[#(#demands),*],
                    streams: #streams,
                }
            }
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
        let fields = kernel.variables().into_iter().map(|v| {
            let (field, data) = (field(v), self.data(v));
            quote!(#field: #data)
        });
        let hoisting = quote!(#name::<f64>::hoist_parameters);
        let parameters = self.parameters(&kernel.parameters, &hoisting);
        let (declarations, outs): (Vec<TokenStream>, Vec<TokenStream>) =
            (0..self.program.stages[stage].outputs.len()).map(|output| self.output(stage, output)).unzip();
        let kept = index(kernel.keep);
        let counts =
            kernel.reads_counts().then(|| quote!(counts: ::keops::engine::Counts::new(pairs, #kept)?,));
        if let Some(neighbours) = &kernel.neighbours {
            let search = SearchPrinter {
                neighbours,
                name: &name,
                fields: kernel.variables().into_iter().map(|v| (v, field(v))).collect(),
                counts: &counts,
                data: &|v| self.data(v),
                is_column: &|v| (graph.variable(v).kind == Kind::I) == (kernel.keep == Side::J),
                dim: &|v| graph.variable(v).dim.value().expect("dimensions are literal here"),
            };
            let run = search.run(&parameters, &kept, &outs);
            return (printer.item(), quote!(#(#declarations)* #run));
        }
        let run = quote! {
            #(#declarations)*
            {
                let parameters = #parameters;
                let kernel = #name::<T> { #(#fields,)* #counts parameters, lifetime: ::core::marker::PhantomData };
                ::keops::engine::run(&kernel, pairs, #kept, &mut [#(#outs),*])?;
            }
        };
        (printer.item(), run)
    }

    fn gather(&self, stage: usize, chosen_by: Side, positions: (usize, usize)) -> (TokenStream, TokenStream) {
        let stage_of = &self.program.stages[stage];
        let (mut items, mut runs) = (TokenStream::new(), TokenStream::new());
        for (output, o) in stage_of.outputs.iter().enumerate() {
            let gather = lower_gather(self.program, o, chosen_by);
            let name = format_ident!("Stage{stage}Output{output}");
            let field = |v: VariableId| field_name(&self.program.graph.variable(v).name);
            let is_chooser = |v: VariableId| self.program.is_on(v, chosen_by);
            let printer =
                GatherPrinter { gather: &gather, name: &name, field: &field, is_chooser: &is_chooser };
            let hoist = hoist_for_gather(stage, output);
            items.extend([printer.item(), printer.parameter_function(&hoist)]);
            let fields = gather.variables.iter().map(|(v, _)| {
                let (field, data) = (field(*v), self.data(*v));
                quote!(#field: #data)
            });
            let parameters = self.parameters(&gather.parameters, &quote!(#hoist));
            let (declaration, _) = self.output(stage, output);
            let sums = self.flat_mut(stage, output);
            let chosen = self.flat((positions.0, positions.1));
            let dim = number(o.nodes.len());
            let (rows, sides) = (
                Self::rows_of(chosen_by.other()),
                match o.kind {
                    OutputKind::Total => quote!(Total),
                    _ if stage_of.is_of_chosen(o, chosen_by) => quote!(Chosen),
                    _ => quote!(Chooser),
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

    /// The bank of a call: parameters widened, hoisted in f64 by the function of that name, rounded.
    pub(super) fn parameters(&self, bank: &Bank, hoisting: &TokenStream) -> TokenStream {
        let len = number(bank.len());
        if bank.is_empty() {
            return quote!([]);
        }
        let inputs = bank.inputs.iter().filter_map(|(slot, dim)| match slot {
            Slot::Variable(v) => {
                let (offset, end) = (bank.offset(*slot), bank.offset(*slot) + dim);
                let (data, offset, end) = (self.data(*v), number(offset), number(end));
                Some(quote!(::keops::engine::widen(#data, &mut bank[#offset..#end]);))
            }
            // Counts are of rows, and nothing that is read is hoisted.
            Slot::Count | Slot::Hoisted(_) => None,
        });
        let hoist = (!bank.code.is_empty()).then(|| {
            quote! {
                #hoisting::<<f64 as ::keops::Real>::Vector<::keops::simd::Single>>(
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
            Some(Source::Number) => {
                let rows = Self::rows_of(if self.program.is_on(v, Side::I) { Side::I } else { Side::J });
                quote!(&::keops::engine::point_numbers::<T>(#rows)?[..])
            }
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
            _ if self.place_of_result(stage, output).is_some() => TokenStream::new(),
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

    /// Whether the numbers of an output are a flat list, and not rows.
    fn is_flat(&self, stage: usize, output: usize) -> bool {
        let o = &self.program.stages[stage].outputs[output];
        o.kind == OutputKind::Total || o.dim.is_one() || self.place_of_result(stage, output).is_some()
    }

    pub(super) fn flat(&self, (stage, output): (usize, usize)) -> TokenStream {
        let name = output_name(stage, output);
        if self.is_flat(stage, output) { quote!(&#name[..]) } else { quote!(#name.as_flattened()) }
    }

    pub(super) fn flat_mut(&self, stage: usize, output: usize) -> TokenStream {
        let name = output_name(stage, output);
        if self.is_flat(stage, output) { quote!(&mut #name[..]) } else { quote!(#name.as_flattened_mut()) }
    }

    /// What adds outputs up where a result is a sum of several.
    fn additions(&self) -> TokenStream {
        let sums = self.program.results.iter().flat_map(|sum| sum[1..].iter().map(|more| (sum[0], *more)));
        let additions = sums.map(|(first, more)| {
            let (to, from) = (self.flat_mut(first.0, first.1), self.flat(more));
            quote!(::keops::engine::add(#to, #from);)
        });
        additions.collect()
    }
}

pub(super) fn output_name(stage: usize, output: usize) -> Ident {
    format_ident!("stage_{stage}_{output}")
}

/// The field of a variable: prefixed, so that it is no keyword and no name of the generated code.
fn field_name(name: &str) -> Ident {
    Ident::new(&format!("in_{}", name.trim_start_matches("r#")), Span::call_site())
}
