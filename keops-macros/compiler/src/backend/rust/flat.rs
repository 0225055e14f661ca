//! The call of a function with dimensions that are known when the program runs: flat slices, and the dimensions beside them.

use super::instances::Instance;
use super::signature::{Form, Generics, Returned, Signature, tuple};
use super::statements::number;
use crate::ast::{Dimension, Kind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

impl Signature {
    /// `f::flat([d], …)` for these instances of a function of dimension parameters.
    pub(super) fn flat(&self, instances: &[&Instance]) -> TokenStream {
        let (name, lists) = (self.name.to_string(), self.lists());
        let names = self.dimensions.iter().map(|p| p.name.to_string());
        let (scalar, dimensions) = (self.generics(Form::On).scalar, self.own("dimensions"));
        let arms = instances.iter().map(|instance| {
            let values: Vec<_> = instance.values.iter().map(|value| number(*value)).collect();
            quote!([#(#values),*] => <Formulas as Instance<#(#values),*>>::evaluate::<#scalar, ::keops::Host>)
        });
        let views = self.parameters.iter().map(|p| {
            let (name, text, dim) = (&p.name, p.name.to_string(), self.place(&p.dim));
            match (p.kind, &p.dim) {
                (Kind::Parameter, Dimension::Number(_)) => {
                    quote!(::keops::Parameter::<#dim, #scalar, ::keops::Host>::view(&#name, #text)?)
                }
                (_, Dimension::Number(_)) => {
                    quote!(::keops::Points::<#dim, #scalar, ::keops::Host>::view(&#name, #text)?)
                }
                (Kind::Parameter, _) => quote!(::keops::points::View::parameter(#text, #name, #dim)?),
                _ => quote!(::keops::points::View::points(#text, #name, #dim)?),
            }
        });
        let (mut declarations, mut returned) = (vec![], vec![]);
        let (mut values, mut indices, mut totals) = (vec![], vec![], vec![]);
        for (k, r) in self.returned.iter().enumerate() {
            let (name, dim) = (self.own(&format!("result_{k}")), self.place(&r.dim));
            let zero = quote!(<#scalar as ::core::default::Default>::default());
            let (declared, result) = match (r.kind, &r.dim) {
                (Kind::Parameter, Dimension::Number(1)) => (quote!([#zero; 1]), quote!(#name[0])),
                (Kind::Parameter, Dimension::Number(_)) => (quote!([#zero; #dim]), quote!(#name)),
                (Kind::Parameter, _) => (quote!(::std::vec![#zero; #dim]), quote!(#name)),
                (_, Dimension::Number(_)) => {
                    let output = r.output(Form::On, &self.generics(Form::On));
                    (quote!(<#output as ::core::default::Default>::default()), quote!(#name))
                }
                _ => (quote!(::keops::points::FlatRows::new(#dim)), quote!(#name.into_numbers())),
            };
            declarations.push(quote!(let mut #name = #declared;));
            returned.push(result);
            match (r.kind, r.index) {
                (Kind::Parameter, _) => totals.push(quote!(&mut #name[..])),
                (_, index) => {
                    let element = r.element(&scalar);
                    let slot = match r.dim {
                        Dimension::Number(_) => {
                            quote!(::keops::memory::NewResult::<#element, ::keops::Host>::slot(&mut #name))
                        }
                        Dimension::Parameter(_) => quote!(#name.slot()),
                    };
                    if index { indices.push(slot) } else { values.push(slot) }
                }
            }
        }
        let returned = tuple(returned.into_iter());
        let evaluate = self.own("evaluate");
        self.flat_form(quote! {
            let #evaluate: fn(
                &[::keops::points::View<'_, #scalar>],
                ::keops::Options<'_>,
                ::keops::memory::Results<'_, '_, #scalar, ::keops::Host>,
            ) -> ::core::result::Result<(), ::keops::Error> = match #dimensions {
                #(#arms,)*
                _ => {
                    return ::core::result::Result::Err(
                        ::keops::points::not_compiled(#name, &[#(#names),*], &#dimensions, #lists),
                    );
                }
            };
            // First of all, so that nothing is to be dropped where one of them is an error.
            let arguments = [#(#views),*];
            #(#declarations)*
            #evaluate(
                &arguments,
                ::keops::Options::new(),
                ::keops::memory::Results {
                    values: &mut [#(#values),*],
                    indices: &mut [#(#indices),*],
                    totals: &mut [#(#totals),*],
                },
            )?;
            ::core::result::Result::Ok(#returned)
        })
    }

    /// The same of a formula that has an error.
    pub(super) fn failed_flat(&self) -> TokenStream {
        let (names, dimensions) = (self.parameters.iter().map(|p| &p.name), self.own("dimensions"));
        self.flat_form(quote! {
            let _ = (#(&#names,)* #dimensions);
            ::core::panic!("the formula does not compile")
        })
    }

    fn flat_form(&self, body: TokenStream) -> TokenStream {
        let (name, dimensions, count) = (&self.name, self.own("dimensions"), number(self.dimensions.len()));
        let generics = self.generics(Form::On);
        let Generics { scalar, .. } = &generics;
        let arguments = self.parameters.iter().map(|p| {
            let (name, dim) = (&p.name, self.place(&p.dim));
            match (p.kind, &p.dim) {
                (_, Dimension::Parameter(_)) => quote!(#name: &[#scalar]),
                (Kind::Parameter, _) => quote!(#name: impl ::keops::Parameter<#dim, #scalar, ::keops::Host>),
                _ => quote!(#name: impl ::keops::Points<#dim, #scalar, ::keops::Host>),
            }
        });
        let output = tuple(self.returned.iter().map(|r| self.flat_output(r, &generics)));
        let texts: Vec<String> = self.dimensions.iter().map(|p| p.name.to_string()).collect();
        let doc = format!(
            "[`{name}`](fn@super::{name}) for dimensions that are known when the program runs, `[{}]`: arguments and results \
             that have them are flat, row after row. It is an error if they are none of those that the function is compiled \
             for.",
            texts.join(", ")
        );
        quote! {
            #[doc = #doc]
            #[allow(dead_code)]
            pub fn flat<#scalar: ::keops::Real>(
                #dimensions: [::core::primitive::usize; #count],
                #(#arguments),*
            ) -> ::core::result::Result<#output, ::keops::Error> {
                #body
            }
        }
    }

    fn flat_output(&self, returned: &Returned, generics: &Generics) -> TokenStream {
        let element = returned.element(&generics.scalar);
        match &returned.dim {
            Dimension::Number(_) => returned.output(Form::On, generics),
            Dimension::Parameter(_) => quote!(::std::vec::Vec<#element>),
        }
    }

    /// A dimension: a number, or where the caller has said it.
    fn place(&self, dim: &Dimension) -> TokenStream {
        match dim {
            Dimension::Number(dim) => {
                let dim = number(*dim);
                quote!(#dim)
            }
            Dimension::Parameter(name) => {
                let place = self.dimensions.iter().take_while(|p| p.name != *name).count();
                let (dimensions, place) = (self.own("dimensions"), number(place));
                quote!(#dimensions[#place])
            }
        }
    }

    /// A name that no argument has.
    fn own(&self, name: &str) -> Ident {
        Ident::new(name, Span::mixed_site())
    }
}
