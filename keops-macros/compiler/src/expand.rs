//! The whole way: a block of formulas to Rust items, or one formula to a value.

use crate::ast;
use crate::backend::cuda;
use crate::backend::rust::{Function, Instance, Signature, allowed, function};
use crate::check;
use crate::compile::{Compiled, compile, free_seed_names, gradient_signature, signature, with_seeds};
use crate::error::Errors;
use crate::ir::{self, StageKind};
use crate::options::{Expansion, Options, PrintStage};
use crate::{loops, parse};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::fmt::{Display, Write};

/// Expands what stands between the braces of `keops!`.
///
/// A function with an error is still there, with its signature, so that its callers are not in error too. A closure with an
/// error is an expression of no type.
pub fn expand(input: TokenStream, options: &Options) -> Expansion {
    let mut errors = Errors::new();
    let mut expander = Expander { options, printed: String::new() };
    let block = parse::block(input, &mut errors);
    let items: TokenStream = block.functions.iter().map(|f| expander.function(f, &mut errors)).collect();
    let closure = block.functions.iter().find(|function| function.closure);
    let tokens = match (errors.finish(), closure) {
        (Ok(()), None) => items,
        (Ok(()), Some(ast::Function { name, .. })) => {
            // What rustc has to say about the value is about all of the macro call.
            let value = Ident::new(&name.to_string(), Span::call_site());
            quote!({ #items #value })
        }
        (Err(rejected), None) => {
            let errors = rejected.to_items();
            quote!(#items #errors)
        }
        (Err(rejected), Some(_)) => rejected.to_expression(),
    };
    Expansion { tokens, printed: expander.printed }
}

struct Expander<'a> {
    options: &'a Options,
    printed: String,
}

impl Expander<'_> {
    fn function(&mut self, written: &ast::Function, errors: &mut Errors) -> TokenStream {
        self.print(PrintStage::Ast, &written.name, || format!("{written}"));
        match check::instances(written, errors) {
            Some(checked) => self.checked(written, checked, errors),
            None => self.failed(written),
        }
    }

    fn checked(
        &mut self,
        written: &ast::Function,
        checked: Vec<check::Instance>,
        errors: &mut Errors,
    ) -> TokenStream {
        let functions = compile(written, checked, errors);
        let generated: Vec<(&Signature, Function)> =
            functions.iter().map(|f| (&f.signature, self.generate(f))).collect();
        together(written, &generated)
    }

    fn generate(&mut self, compiled: &Compiled) -> Function {
        let Compiled { signature, instances, prune } = compiled;
        for instance in instances {
            let Instance { program, .. } = instance;
            ir::verify::debug_verify(program, "all passes");
            let name = signature.name_of(instance);
            self.print(PrintStage::Ir, &name, || ir::print::print(program));
            self.print(PrintStage::Loops, &name, || loop_programs(program, *prune));
            self.print(PrintStage::Cuda, &name, || {
                cuda::kernels(program).into_iter().map(|(_, kernel)| kernel.code).collect()
            });
        }
        let generated = function(signature, instances, *prune, self.options.device.as_ref());
        self.print(PrintStage::Rust, &signature.name, || format!("{} {}", generated.call, generated.module));
        generated
    }

    /// The signatures of a function that has an error and of its gradients; nothing if its declaration is not known either.
    fn failed(&self, written: &ast::Function) -> TokenStream {
        let known = written.arguments.iter().all(|a| a.dim.is_some())
            && written.results.iter().all(|r| r.dim.is_some());
        if !known || written.results.is_empty() {
            return TokenStream::new();
        }
        let seeds = free_seed_names(written);
        let asked = written.gradients.as_ref();
        let wanted = |a: &&ast::Argument| {
            asked.is_some_and(|asked| asked.names.is_empty() || asked.names.contains(&a.name))
        };
        let gradients = written
            .arguments
            .iter()
            .filter(wanted)
            .map(|of| gradient_signature(written, of, with_seeds(written, seeds.clone())));
        let signatures: Vec<Signature> = std::iter::once(signature(written)).chain(gradients).collect();
        let device = self.options.device.is_some();
        let functions: Vec<(&Signature, Function)> =
            signatures.iter().map(|signature| (signature, signature.failed(device))).collect();
        together(written, &functions)
    }

    fn print(&mut self, stage: PrintStage, name: &impl Display, text: impl FnOnce() -> String) {
        if self.options.print.contains(&stage) {
            // Writing to a string does not fail.
            let _ = writeln!(self.printed, "// {name}: {}\n{}", stage.name(), text());
        }
    }
}

/// The loop programs of the host.
fn loop_programs(program: &ir::Program, prune: bool) -> String {
    let kernels = (0..program.stages.len()).filter(|s| program.stages[*s].kind == StageKind::Reduce);
    let lowered = kernels.map(|s| {
        let (graph, mut kernel) = loops::lower_reduce(program, s, loops::Target::Host);
        if prune {
            loops::search::search_neighbours(&graph, &mut kernel);
        }
        kernel.to_string()
    });
    lowered.collect()
}

/// A function and its gradients, each with the module of its name. That of the function holds the gradients.
fn together(written: &ast::Function, functions: &[(&Signature, Function)]) -> TokenStream {
    let Some(((signature, function), gradients)) = functions.split_first() else { return TokenStream::new() };
    let gradients: TokenStream = gradients
        .iter()
        .map(|(signature, function)| with_module(written, signature, function, &TokenStream::new()))
        .collect();
    with_module(written, signature, function, &gradients)
}

fn with_module(
    written: &ast::Function,
    signature: &Signature,
    function: &Function,
    gradients: &TokenStream,
) -> TokenStream {
    let Signature { visibility, name, .. } = signature;
    let Function { call, module } = function;
    let allow = allowed();
    let conditions = written.attributes.iter().filter(|a| parse::is_cfg(a));
    let doc = match gradients.is_empty() {
        true => format!("Other ways to call [`{name}`](fn@{name})."),
        false => format!("Other ways to call [`{name}`](fn@{name}), and its gradients."),
    };
    quote! {
        #call
        #(#conditions)*
        #[doc = #doc]
        #allow
        #visibility mod #name { #module #gradients }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(source: &str) -> String {
        let tokens = source.parse().expect("the test's text is made of tokens");
        expand(tokens, &Options::default()).tokens.to_string()
    }

    /// Each round is a sum with the sum before it: what is asked of it must not be asked twice in each.
    #[test]
    fn sums_of_many_rounds_are_expanded_at_once() {
        for exponent in ["-d", "-d - d * s^2"] {
            let body =
                format!("let mut d = 0; for k in 0..40 {{ d += Abs(x_i[k] - y_j[k])^3; }} Exp({exponent})");
            let source = format!("#[grad] fn f(x_i: Vi<40>, y_j: Vj<40>, s: Pm<1>) -> Vi<1> {{ {body} }}");
            assert!(!expanded(&source).contains("compile_error"));
        }
    }

    #[test]
    fn seeds_have_names_of_their_own() {
        // A function with an error as well as one without.
        for body in ["x_i * y_j", "x_i * z"] {
            let of = |rest: &str| expanded(&format!("#[grad] {rest} {{ Sum_j({body}) }}"));
            let taken = of("#[instances(e = 2)] fn f<const e: usize>(x_i: Vi<e>, y_j: Vj<e>) -> Vi<e>");
            assert!(taken.contains("seed : impl") && !taken.contains(" e : impl"), "{taken}");
            let taken = of("fn f(x_i: Vi<1>, y_j: Vj<1>, e: Pm<1>) -> Vi<1>");
            assert!(taken.contains("seed : impl") && !taken.contains("seed2 : impl"), "{taken}");
        }
    }
}
