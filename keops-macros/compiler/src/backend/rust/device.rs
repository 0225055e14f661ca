//! The twin of a function that runs on a device: the same checks and stages, with a launch for each pass.

use super::function::{Writer, output_name};
use super::kernel::KernelPrinter;
use super::statements::number;
use crate::backend::cuda::{self, DeviceKernel, THREADS};
use crate::ir::{OutputKind, Side, Source, StageKind, VariableId};
use crate::loops::{Bank, Target, lower_gather, lower_reduce};
use crate::options::Device;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

impl Writer<'_> {
    /// Items that the method needs, and the method.
    pub(super) fn on_device(&self, checks: &TokenStream, device: &Device) -> (TokenStream, TokenStream) {
        let name = self.signature.name.to_string();
        let kernels = cuda::kernels(self.program);
        let id = cuda::id_of_all(kernels.iter().map(|(_, kernel)| kernel));
        let ptx = match device.built.contains(&id) {
            true => {
                let file = format!("/{id:016x}.ptx");
                quote!(::core::option::Option::Some(::core::include_str!(
                    ::core::concat!(::core::env!("KEOPS_PTX"), #file)
                )))
            }
            false => quote!(::core::option::Option::None),
        };
        let mut kernels = kernels.into_iter().map(|(_, kernel)| kernel);
        let (items, steps): (Vec<TokenStream>, Vec<TokenStream>) = (0..self.program.stages.len())
            .map(|stage| match self.program.stages[stage].kind {
                StageKind::Reduce => self.launch_reduce(stage, &mut kernels),
                StageKind::Gather { chosen_by, positions } => {
                    (TokenStream::new(), self.launch_gather(stage, chosen_by, positions, &mut kernels))
                }
            })
            .unzip();
        let results = self.device_results();
        let method = quote! {
            fn on_device(
                self,
                arguments: &[::keops::cuda::View<'_, T>],
            ) -> ::core::result::Result<Self::Output<::keops::cuda::Cuda>, ::keops::Error> {
                #checks
                let call = ::keops::cuda::Call::new(#name, #ptx, arguments)?;
                #(#steps)*
                #results
            }
        };
        (quote!(#(#items)*), method)
    }

    fn launch_reduce(&self, stage: usize, kernels: &mut Kernels<'_>) -> (TokenStream, TokenStream) {
        let (_, kernel) = lower_reduce(self.program, stage, Target::Device);
        let kernels = both_scalars(kernels);
        let hoist = format_ident!("hoist_for_device_{stage}");
        let no_fields = |_: VariableId| format_ident!("unused");
        let printer = KernelPrinter { kernel: &kernel, name: &hoist, field: &no_fields };
        let item = printer.parameter_function(&hoist);
        let parameters =
            self.parameters(&kernel.parameters, Some(&quote!(#hoist)), Self::rows_of(kernel.keep.other()));
        let inputs = cuda::variables(&kernel).into_iter().map(|v| self.address(v)).collect();
        let (rows, columns) = (Self::rows_of(kernel.keep), self.columns(&kernel));
        let outputs = 0..self.program.stages[stage].outputs.len();
        let (declarations, totals): (Vec<TokenStream>, Vec<TokenStream>) =
            outputs.clone().map(|output| self.device_output(stage, output, &rows)).unzip();
        let outputs = outputs.map(|output| output_name(stage, output)).collect();
        let launch = launch(&kernels, &kernel.parameters, &quote!(#rows), &columns, inputs, outputs);
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

    fn launch_gather(
        &self,
        stage: usize,
        chosen_by: Side,
        positions: (usize, usize),
        kernels: &mut Kernels<'_>,
    ) -> TokenStream {
        let s = &self.program.stages[stage];
        let outputs = s.outputs.iter().enumerate().map(|(output, o)| {
            let gather = lower_gather(self.program, o, chosen_by);
            let kept_by_chosen = o.kind != OutputKind::Total && s.keep != chosen_by;
            let kernels = both_scalars(kernels);
            let parameters = self.parameters(&gather.parameters, None, Self::rows_of(chosen_by.other()));
            let choice = output_name(positions.0, positions.1);
            let inputs = std::iter::once(quote!(#choice.address()))
                .chain(gather.variables.iter().map(|(v, _)| self.address(*v)))
                .collect();
            let thread = if kept_by_chosen { chosen_by.other() } else { chosen_by };
            let (rows, columns) = (Self::rows_of(thread), Self::rows_of(thread.other()));
            let (declaration, total) = self.device_output(stage, output, &rows);
            let outputs = vec![output_name(stage, output)];
            let launch =
                launch(&kernels, &gather.parameters, &quote!(#rows), &quote!(#columns), inputs, outputs);
            quote!(#declaration { let parameters = #parameters; #launch } #total)
        });
        outputs.collect()
    }

    /// The declaration of an output, and what follows the launch that writes it: totals come back to the host.
    fn device_output(&self, stage: usize, output: usize, rows: &Ident) -> (TokenStream, TokenStream) {
        let o = &self.program.stages[stage].outputs[output];
        let (name, dim) = (output_name(stage, output), o.dim.value().expect("dimensions are literal here"));
        let element = if o.kind == OutputKind::Indices { quote!(usize) } else { quote!(T) };
        let d = number(dim);
        // The first of the outputs that make a result takes in the others.
        let sums = self.program.results.iter().any(|sum| sum.len() > 1 && sum[0] == (stage, output));
        let mutable = sums.then(|| quote!(mut));
        match (o.kind, dim) {
            (OutputKind::Total, _) => (
                quote!(let #name = call.rows::<T, #d>(#rows)?;),
                quote!(let #mutable #name = call.total::<T, #d>(&#name, #rows)?;),
            ),
            (_, 1) => (quote!(let #name = call.column::<#element>(#rows)?;), TokenStream::new()),
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

    /// The results, sums of outputs added up.
    fn device_results(&self) -> TokenStream {
        let mut additions = TokenStream::new();
        let mut values = vec![];
        for sum in &self.program.results {
            let first = sum[0];
            let o = &self.program.stages[first.0].outputs[first.1];
            let (name, dim) = (output_name(first.0, first.1), o.dim.value().unwrap_or(1));
            for &more in &sum[1..] {
                let other = output_name(more.0, more.1);
                additions.extend(match o.kind {
                    OutputKind::Total => {
                        let (to, from) = (self.flat_mut(first.0, first.1), self.flat(more));
                        quote!(::keops::engine::add(#to, #from);)
                    }
                    _ => {
                        let (rows, d) = (Self::rows_of(self.program.stages[first.0].keep), number(dim));
                        quote!(call.add::<T>(#name.address(), #other.address(), #rows * #d)?;)
                    }
                });
            }
            values.push(match (o.kind, dim) {
                (OutputKind::Total, 1) => quote!(#name[0]),
                _ => quote!(#name),
            });
        }
        match &values[..] {
            [one] => quote!(#additions ::core::result::Result::Ok(#one)),
            many => quote!(#additions ::core::result::Result::Ok((#(#many),*))),
        }
    }
}

/// The kernels of a program, in order.
type Kernels<'a> = dyn Iterator<Item = DeviceKernel> + 'a;

/// The next two: of one pass, for `f32` and `f64`.
fn both_scalars(kernels: &mut Kernels<'_>) -> [DeviceKernel; 2] {
    std::array::from_fn(|_| kernels.next().expect("each pass has a kernel for each scalar type"))
}

fn launch(
    kernels: &[DeviceKernel; 2],
    parameters: &Bank,
    rows: &TokenStream,
    columns: &TokenStream,
    inputs: Vec<TokenStream>,
    outputs: Vec<Ident>,
) -> TokenStream {
    let [f32, f64] = kernels.each_ref().map(|k| {
        let id = Literal::u64_unsuffixed(k.id);
        let (threads, rows) = (number(THREADS), number(THREADS * k.shape.rows));
        let (tile, state) = (number(k.shape.tile), number(k.shape.state));
        let indirect = k.shape.indirect && !parameters.is_empty();
        quote!(::keops::cuda::Shape {
            id: #id, threads: #threads, rows: #rows, tile: #tile, state: #state, indirect: #indirect,
        })
    });
    quote! {
        call.launch::<T>(&::keops::cuda::Launch {
            f32: #f32,
            f64: #f64,
            rows: #rows,
            columns: #columns,
            inputs: &[#(#inputs),*],
            outputs: &[#(#outputs.address()),*],
            parameters: &parameters,
        })?;
    }
}
