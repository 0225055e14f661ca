//! What a generated function does: it looks at its arguments, has the formula evaluated, and returns the results.

use super::instances::Instance;
use super::signature::{Form, Generics, Returned, Signature, own_argument, tokens, tuple};
use super::statements::number;
use crate::ast::Kind;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

/// A result on its way through a call.
struct Carried {
    /// The variable that holds it, if it is not in memory of the caller.
    declaration: TokenStream,
    /// What the formula writes to.
    slot: TokenStream,
    /// What the function returns.
    value: TokenStream,
}

impl Signature {
    /// The body of a function that evaluates the formula, for the instances that a flat call chooses from.
    pub(super) fn body(&self, form: Form, instances: &[Instance]) -> TokenStream {
        if form == Form::New && !self.closure {
            // Checked and compiled once: `with` does it.
            let (name, names) = (&self.name, self.parameters.iter().map(|p| &p.name));
            return quote!(#name::with(::keops::Options::new(), #(#names),*));
        }
        let generics = self.generics(form);
        let (mut declarations, mut returned) = (vec![], vec![]);
        let (mut values, mut indices, mut totals) = (vec![], vec![], vec![]);
        for (k, r) in self.returned.iter().enumerate() {
            let Carried { declaration, slot, value } = self.carried(form, k, r, &generics);
            declarations.push(declaration);
            returned.push(value);
            match (r.kind, r.index) {
                (Kind::Parameter, _) => totals.push(slot),
                (_, true) => indices.push(slot),
                (_, false) => values.push(slot),
            }
        }
        let (choice, evaluate, first) = self.evaluation(form, instances, &generics);
        // First of all, so that nothing is to be dropped where one of them is an error.
        let arguments = Ident::new("arguments", Span::mixed_site());
        let views = self.views(form, &generics);
        let own = own_argument(form);
        let options = match form {
            Form::New | Form::Into => Some(quote!(::keops::Options::new(),)),
            Form::Flat => {
                let options = own_argument(Form::With);
                Some(quote!(#options,))
            }
            Form::With => Some(quote!(::core::convert::Into::into(#own),)),
            Form::On => None,
        };
        let call = quote! {
            #evaluate(
                #first
                &#arguments,
                #options
                ::keops::memory::Results {
                    values: &mut [#(#values),*],
                    indices: &mut [#(#indices),*],
                    totals: &mut [#(#totals),*],
                },
            )
        };
        let views = quote!(#choice let #arguments = [#(#views),*];);
        if form == Form::Into {
            return quote!(#views #call);
        }
        let returned = tuple(returned.into_iter());
        quote!(#views #(#declarations)* #call?; ::core::result::Result::Ok(#returned))
    }

    /// The arguments as the formula reads them.
    fn views(&self, form: Form, Generics { scalar, memory }: &Generics) -> Vec<TokenStream> {
        let view = self.parameters.iter().map(|p| {
            let (name, text, dim) = (&p.name, p.name.to_string(), tokens(&p.dim));
            match (p.kind, self.told(form, &p.dim)) {
                (Kind::Parameter, None) => {
                    quote!(::keops::Parameter::<#dim, #scalar, #memory>::view(&#name, #text)?)
                }
                (_, None) => quote!(::keops::Points::<#dim, #scalar, #memory>::view(&#name, #text)?),
                (Kind::Parameter, Some(dim)) => {
                    quote!(::keops::points::View::parameter(#text, #name, #dim)?)
                }
                (_, Some(dim)) => quote!(::keops::points::View::points(#text, #name, #dim)?),
            }
        });
        view.collect()
    }

    /// The result of this place among them.
    fn carried(&self, form: Form, place: usize, r: &Returned, generics: &Generics) -> Carried {
        let Generics { scalar, memory } = generics;
        // Names of our own, which no argument has.
        let name = Ident::new(&format!("result_{place}"), Span::mixed_site());
        let (element, dim, told) = (r.element(scalar), tokens(&r.dim), self.told(form, &r.dim));
        if r.kind == Kind::Parameter {
            let zero = quote!(<#scalar as ::core::default::Default>::default());
            let zeros = match told {
                Some(dim) => quote!(::std::vec![#zero; #dim]),
                None => quote!([#zero; #dim]),
            };
            let value = if r.is_number() { quote!(#name[0]) } else { quote!(#name) };
            return Carried { declaration: quote!(let mut #name = #zeros;), slot: quote!(&mut #name), value };
        }
        if form == Form::Into {
            let own = own_argument(form);
            let (destination, text) = match self.returned.len() {
                1 => (quote!(#own), "result".to_string()),
                _ => {
                    let field = number(place);
                    (quote!(#own.#field), format!("result.{place}"))
                }
            };
            let slot =
                quote!(::keops::Destination::<#dim, #element, #memory>::slot(&mut #destination, #text)?);
            return Carried { declaration: TokenStream::new(), slot, value: TokenStream::new() };
        }
        let (empty, value) = match told {
            Some(dim) => (quote!(::keops::points::FlatRows::new(#dim)), quote!(#name.into_numbers())),
            None => {
                let output = self.output(form, r, generics);
                (quote!(<#output as ::core::default::Default>::default()), quote!(#name))
            }
        };
        Carried {
            declaration: quote!(let mut #name = #empty;),
            slot: quote!(::keops::memory::NewResult::<#element, #memory>::slot(&mut #name)),
            value,
        }
    }

    /// What evaluates the formula, after what chooses it, and what it is given first.
    fn evaluation(
        &self,
        form: Form,
        instances: &[Instance],
        Generics { scalar, memory }: &Generics,
    ) -> (TokenStream, TokenStream, TokenStream) {
        let (none, own, path, instance) =
            (TokenStream::new(), own_argument(form), self.path(form), self.instance());
        let instance = quote!(<#path Formulas as #path #instance>);
        match (form, self.dimensions.is_empty()) {
            (Form::Flat, _) => {
                let evaluate = Ident::new("evaluate", Span::mixed_site());
                (self.choice(&evaluate, instances, scalar), evaluate.into_token_stream(), none)
            }
            (Form::On, true) => (none, quote!(#own.evaluate), quote!(&Formula,)),
            (_, true) => (none, quote!(#memory::evaluate), quote!(&#path Formula,)),
            (Form::On, false) => (none, quote!(#instance::on::<#scalar>), quote!(#own,)),
            (_, false) => (none.clone(), quote!(#instance::evaluate::<#scalar, #memory>), none),
        }
    }

    /// What a flat call begins with, taken apart, and the choice of the instance that has its dimensions.
    fn choice(&self, evaluate: &Ident, instances: &[Instance], scalar: &Ident) -> TokenStream {
        let (name, lists, count) = (&self.path, self.lists(), number(self.dimensions.len()));
        let [dimensions, options] = [Form::Flat, Form::With].map(own_argument);
        let names = self.dimensions.iter().map(|p| p.name.to_string());
        let arms = instances.iter().map(|instance| {
            let values: Vec<_> = instance.values.iter().map(|value| number(*value)).collect();
            quote!([#(#values),*] => <Formulas as Instance<#(#values),*>>::evaluate::<#scalar, ::keops::Host>)
        });
        quote! {
            let (#dimensions, #options) =
                ::core::convert::Into::<::keops::Dimensions<'_, #count>>::into(#dimensions).split();
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
        }
    }
}
