//! The twin of a function that runs on a device: the same checks and stages, with a launch for each pass.

use super::function::{Writer, hoist_for_gather, index, output_name};
use super::kernel::KernelPrinter;
use super::statements::number;
use crate::backend::cuda::{self, DeviceKernel, Pass, Passes, THREADS};
use crate::ir::{OutputKind, Source, StageKind, VariableId};
use crate::loops::{Bank, Gather, Kernel};
use crate::options::Device;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

impl Writer<'_> {
    /// Items that the twin needs, and the twin.
    pub(super) fn on_device(&self, device: &Device) -> (TokenStream, TokenStream) {
        let name = self.signature.name.to_string();
        let stages: Vec<Passes> =
            (0..self.program.stages.len()).map(|stage| Passes::of(self.program, stage)).collect();
        let id = cuda::id_of_all(stages.iter().flat_map(Passes::kernels));
        let ptx = match device.built.contains(&id) {
            true => {
                let file = format!("/{id:016x}.ptx");
                quote!(::core::option::Option::Some(::core::include_str!(
                    ::core::concat!(::core::env!("KEOPS_PTX"), #file)
                )))
            }
            false => quote!(::core::option::Option::None),
        };
        let (items, steps): (Vec<TokenStream>, Vec<TokenStream>) = (stages.iter().enumerate())
            .map(|(stage, passes)| match passes {
                Passes::Reduce(pass) => self.launch_reduce(stage, pass),
                Passes::Gather(passes) => (TokenStream::new(), self.launch_gather(stage, passes)),
            })
            .unzip();
        let outputs = self.device_memory();
        let additions = self.device_additions();
        let totals = match self.program.results.iter().any(|sum| self.is_total(sum[0])) {
            true => quote!(totals),
            false => quote!(_),
        };
        let twin = quote! {
            impl<T: ::keops::Real> ::keops::cuda::DeviceFormula<T> for Formula {
            fn kernels(
                &self,
            ) -> (&'static ::core::primitive::str, ::core::option::Option<&'static ::core::primitive::str>) {
                (#name, #ptx)
            }
            fn on_device(
                &self,
                arguments: &[::keops::cuda::View<'_, T>],
                pairs: ::keops::points::Pairs<'_>,
                call: &::keops::cuda::Call,
                #totals: &mut [&mut [T]],
            ) -> ::core::result::Result<(), ::keops::Error> {
                #outputs
                #(#steps)*
                #additions
                ::core::result::Result::Ok(())
            }
            }
        };
        (quote!(#(#items)*), twin)
    }

    fn launch_reduce(
        &self,
        stage: usize,
        Pass { program: kernel, kernels }: &Pass<Kernel>,
    ) -> (TokenStream, TokenStream) {
        let hoist = format_ident!("hoist_for_device_{stage}");
        let no_fields = |_: VariableId| format_ident!("unused");
        let printer = KernelPrinter { kernel, name: &hoist, field: &no_fields };
        let item = printer.parameter_function(&hoist);
        let parameters = self.parameters(&kernel.parameters, &quote!(#hoist));
        let inputs = kernel.variables().into_iter().map(|v| self.address(v)).collect();
        let (rows, columns) = (Self::rows_of(kernel.keep), self.columns(kernel));
        let outputs = 0..self.program.stages[stage].outputs.len();
        let (declarations, totals): (Vec<TokenStream>, Vec<TokenStream>) =
            outputs.clone().map(|output| self.device_output(stage, output, &rows)).unzip();
        let outputs = outputs.map(|output| output_name(stage, output)).collect();
        let kept = index(kernel.keep);
        let blocks = match visits_pairs(kernel) {
            true => quote!(pairs.blocks(#kept)),
            false => quote!(::std::vec::Vec::new()),
        };
        let pairs = [rows, columns, blocks];
        let launch = launch(kernels, &kernel.parameters, pairs, inputs, outputs);
        let step = quote! {
            #(#declarations)*
            {
                let parameters = #parameters;
                #launch
            }
            #(#totals)*
        };
        (item, step)
    }

    fn columns(&self, kernel: &Kernel) -> TokenStream {
        if visits_pairs(kernel) { Self::rows_of(kernel.keep.other()) } else { quote!(0) }
    }

    fn launch_gather(&self, stage: usize, passes: &[Pass<Gather>]) -> TokenStream {
        let s = &self.program.stages[stage];
        let StageKind::Gather { chosen_by, positions } = s.kind else {
            unreachable!("only stages over chosen pairs have such passes")
        };
        let outputs = s.outputs.iter().zip(passes).enumerate().map(|(output, (o, pass))| {
            let Pass { program: gather, kernels } = pass;
            let hoist = hoist_for_gather(stage, output);
            let parameters = self.parameters(&gather.parameters, &quote!(#hoist));
            let choice = output_name(positions.0, positions.1);
            let inputs = std::iter::once(quote!(#choice.address()))
                .chain(gather.variables.iter().map(|(v, _)| self.address(*v)))
                .collect();
            let thread = if s.is_of_chosen(o, chosen_by) { chosen_by.other() } else { chosen_by };
            let (rows, columns) = (Self::rows_of(thread), Self::rows_of(thread.other()));
            let (declaration, total) = self.device_output(stage, output, &rows);
            let outputs = vec![output_name(stage, output)];
            let all = quote!(::std::vec::Vec::new());
            let launch = launch(kernels, &gather.parameters, [rows, columns, all], inputs, outputs);
            quote!(#declaration { let parameters = #parameters; #launch } #total)
        });
        outputs.collect()
    }

    fn is_total(&self, (stage, output): (usize, usize)) -> bool {
        self.program.stages[stage].outputs[output].kind == OutputKind::Total
    }

    /// The memory of the results.
    fn device_memory(&self) -> TokenStream {
        let memory = self.program.results.iter().filter(|sum| !self.is_total(sum[0])).map(|sum| {
            let (stage, output) = sum[0];
            let name = output_name(stage, output);
            let place = number(self.place_of_result(stage, output).unwrap_or_default());
            match self.program.stages[stage].outputs[output].kind {
                OutputKind::Indices => quote!(let #name = call.index(#place);),
                _ => quote!(let #name = call.value(#place);),
            }
        });
        memory.collect()
    }

    /// The declaration of an output, and what follows the launch that writes it: totals come back to the host.
    fn device_output(&self, stage: usize, output: usize, rows: &TokenStream) -> (TokenStream, TokenStream) {
        let o = &self.program.stages[stage].outputs[output];
        let (name, dim) = (output_name(stage, output), o.dim.value().expect("dimensions are literal here"));
        let element = if o.kind == OutputKind::Indices { quote!(usize) } else { quote!(T) };
        let d = number(dim);
        match (o.kind, dim, self.place_of_result(stage, output)) {
            (OutputKind::Total, _, place) => {
                let total = quote!(call.total::<T, #d>(&#name, #rows)?);
                let total = match place.map(number) {
                    Some(place) => quote!(totals[#place].copy_from_slice(&#total);),
                    None => quote!(let #name = #total;),
                };
                (quote!(let #name = call.rows::<T, #d>(#rows)?;), total)
            }
            (_, _, Some(_)) => Default::default(),
            (_, 1, None) => (quote!(let #name = call.column::<#element>(#rows)?;), TokenStream::new()),
            _ => (quote!(let #name = call.rows::<#element, #d>(#rows)?;), TokenStream::new()),
        }
    }

    /// The address of a variable's rows.
    fn address(&self, v: VariableId) -> TokenStream {
        match self.program.graph.variables().get(v.0 as usize).map(|v| v.source) {
            Some(Source::Argument(k)) => {
                let k = number(k);
                quote!(arguments[#k].address())
            }
            Some(Source::Saved { stage, output }) => {
                let name = output_name(stage, output);
                quote!(#name.address())
            }
            _ => unreachable!("parts of accumulators are not read from memory"),
        }
    }

    /// What adds outputs up where a result is a sum of several.
    fn device_additions(&self) -> TokenStream {
        let sums = self.program.results.iter().flat_map(|sum| sum[1..].iter().map(|more| (sum[0], *more)));
        let additions = sums.map(|(first, more)| {
            let (name, other) = (output_name(first.0, first.1), output_name(more.0, more.1));
            let stage = &self.program.stages[first.0];
            if self.is_total(first) {
                let place = number(self.place_of_result(first.0, first.1).unwrap_or_default());
                return quote!(::keops::engine::add(&mut totals[#place][..], &#other[..]););
            }
            let d = number(stage.outputs[first.1].dim.value().unwrap_or(1));
            let rows = Self::rows_of(stage.keep);
            quote!(call.add::<T>(#name.address(), #other.address(), #rows * #d)?;)
        });
        additions.collect()
    }
}

fn launch(
    kernels: &[DeviceKernel; 2],
    parameters: &Bank,
    [rows, columns, blocks]: [TokenStream; 3],
    inputs: Vec<TokenStream>,
    outputs: Vec<Ident>,
) -> TokenStream {
    let [f32, f64] = kernels.each_ref().map(|k| {
        let id = Literal::u64_unsuffixed(k.id);
        let (threads, rows) = (number(THREADS), number(THREADS * k.shape.rows));
        let [tile, state, least_part] = [k.shape.tile, k.shape.state, k.shape.least_part].map(number);
        let indirect = k.shape.indirect && !parameters.is_empty();
        quote!(::keops::cuda::Shape {
            id: #id, threads: #threads, rows: #rows, tile: #tile, state: #state, least_part: #least_part,
            indirect: #indirect,
        })
    });
    quote! {
        call.launch::<T>(&::keops::cuda::Launch {
            f32: #f32,
            f64: #f64,
            rows: #rows,
            columns: #columns,
            blocks: #blocks,
            inputs: &[#(#inputs),*],
            outputs: &[#(#outputs.address()),*],
            parameters: &parameters,
        })?;
    }
}

/// Whether a kernel has to know which pairs there are: to visit them, or to count them.
fn visits_pairs(kernel: &Kernel) -> bool {
    !kernel.accumulators.is_empty() || kernel.reads_counts()
}
