//! A function whose dimensions are parameters: a formula for each combination that is listed, and the trait by which a
//! call finds its own.

use super::function::Demand;
use super::signature::{Form, Generics, Signature};
use super::statements::number;
use crate::ast::assigned;
use crate::ir::Program;
use crate::message::dims as message;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// What is compiled for one combination of dimensions.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The values of the dimension parameters, in order.
    pub values: Vec<usize>,
    /// The formula with these dimensions.
    pub program: Program,
    /// What it demands of the number of points that are reduced over.
    pub demands: Vec<Demand>,
}

impl Signature {
    /// The name with the values of the dimension parameters: `gaussian (D = 3)`.
    pub(crate) fn name_of(&self, instance: &Instance) -> String {
        match self.dimensions.is_empty() {
            true => self.name.to_string(),
            false => format!("{} ({})", self.name, assigned(&self.dimensions, &instance.values)),
        }
    }

    /// The trait of the dimensions that there are, its implementations, and the formulas, each in a module of its own.
    pub(super) fn instances(&self, formulas: &[(&Instance, TokenStream)], device: bool) -> TokenStream {
        let name = &self.name;
        let names: Vec<&Ident> = self.dimensions.iter().map(|parameter| &parameter.name).collect();
        let texts: Vec<String> = names.iter().map(ToString::to_string).collect();
        let lists: Vec<String> = self.dimensions.iter().map(|parameter| parameter.list()).collect();
        let what = message::not_compiled(&name.to_string(), &texts);
        let (here, fix) = (message::not_compiled_here(), message::compiled_for(&texts, &lists));
        let doc = format!(
            "The dimensions that [`{name}`](fn@super::{name}) is compiled for: it can be called where `Formulas` \
             implements this."
        );
        let [evaluate, on] = [Form::New, Form::On].map(|form| self.chosen(form));
        let on_device = device.then(|| quote!(#[doc(hidden)] #on;));
        let implementations = formulas.iter().map(|(instance, formula)| {
            let values = instance.values.iter().map(|value| number(*value));
            let parts = instance.values.iter().map(ToString::to_string).collect::<Vec<String>>();
            let module = format_ident!("instance_{}", parts.join("_"));
            let memory = self.generics(Form::New).memory;
            let on_device =
                device.then(|| quote!(#on { device.evaluate(&#module::Formula, arguments, results) }));
            quote! {
                mod #module { #formula }
                #[diagnostic::do_not_recommend]
                impl Instance<#(#values),*> for Formulas {
                    #evaluate { #memory::evaluate(&#module::Formula, arguments, options, results) }
                    #on_device
                }
            }
        });
        quote! {
            /// The formulas, one for each of the dimensions listed.
            #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
            #[allow(dead_code)]
            pub struct Formulas;
            #[doc = #doc]
            #[diagnostic::on_unimplemented(message = #what, label = #here, note = #fix)]
            pub trait Instance<#(const #names: ::core::primitive::usize),*> {
                #[doc(hidden)]
                #evaluate;
                #on_device
            }
            #(#implementations)*
        }
    }

    /// The trait of a function that has an error, which all dimensions implement: callers that name it see no second error.
    pub(super) fn any_instance(&self) -> TokenStream {
        if self.dimensions.is_empty() {
            return TokenStream::new();
        }
        let names: Vec<&Ident> = self.dimensions.iter().map(|parameter| &parameter.name).collect();
        let constants = quote!(#(const #names: ::core::primitive::usize),*);
        quote! {
            /// The formulas.
            #[allow(dead_code)]
            pub struct Formulas;
            /// Dimensions.
            #[allow(dead_code)]
            pub trait Instance<#constants> {}
            impl<#constants> Instance<#(#names),*> for Formulas {}
        }
    }

    /// The function that evaluates the formula of one instance.
    fn chosen(&self, form: Form) -> TokenStream {
        let Generics { scalar, memory } = self.generics(form);
        match form {
            Form::On => quote! {
                fn on<#scalar: ::keops::Real>(
                    device: &::keops::cuda::Device,
                    arguments: &[::keops::points::View<'_, #scalar>],
                    results: ::keops::memory::Results<'_, '_, #scalar, ::keops::Host>,
                ) -> ::core::result::Result<(), ::keops::Error>
            },
            _ => quote! {
                fn evaluate<#scalar: ::keops::Real, #memory: ::keops::Memory>(
                    arguments: &[#memory::View<'_, #scalar>],
                    options: ::keops::Options<'_>,
                    results: ::keops::memory::Results<'_, '_, #scalar, #memory>,
                ) -> ::core::result::Result<(), ::keops::Error>
            },
        }
    }
}
