//! What a generated function looks like from outside.

use super::function::Function;
use super::statements::number;
use crate::ast::{Dimension, DimensionParameter, Kind};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

/// An argument of a generated function.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// Vi, Vj or Pm.
    pub kind: Kind,
    /// Coordinates.
    pub dim: Dimension,
}

/// A result of a generated function.
#[derive(Clone, Debug)]
pub struct Returned {
    /// Vi, Vj or Pm.
    pub kind: Kind,
    /// Coordinates.
    pub dim: Dimension,
    /// Whether it is a list of indices.
    pub index: bool,
}

/// What a generated function looks like from outside.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Doc comments and other attributes.
    pub attributes: Vec<TokenStream>,
    /// `pub` or the like.
    pub visibility: TokenStream,
    /// Whether it is a value, that a program calls again and again through one variable.
    pub closure: bool,
    /// The name.
    pub name: Ident,
    /// Its dimension parameters.
    pub dimensions: Vec<DimensionParameter>,
    /// The arguments.
    pub parameters: Vec<Parameter>,
    /// The results.
    pub returned: Vec<Returned>,
}

/// A way to call a generated function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `f(…)`: results are allocated.
    New,
    /// `f::into(results, …)`: results are written to memory of the caller.
    Into,
    /// `f::with(options, …)`: the same as `f`, told how.
    With,
    /// `f::on(device, …)`: slices of the host, computed on a device.
    On,
}

impl Signature {
    /// The function.
    pub(super) fn call(&self) -> TokenStream {
        self.form(Form::New, self.evaluated(Form::New), self.bound(Form::New))
    }

    /// The other ways to call it, that with a device among them if there are devices.
    pub(super) fn forms(&self, device: bool) -> TokenStream {
        let form = |form| self.form(form, self.evaluated(form), self.bound(form));
        self.other_forms(device).into_iter().map(form).collect()
    }

    /// The function of a formula that has an error, and the other ways to call it: callers see their signatures, and no
    /// second error.
    pub fn failed(&self, device: bool) -> Function {
        let names: Vec<&Ident> = self.parameters.iter().map(|p| &p.name).collect();
        let form = |form| {
            let own = own_argument(form);
            let own = match form {
                Form::New => TokenStream::new(),
                Form::Into => quote!(&mut #own),
                Form::With | Form::On => quote!(#own),
            };
            let body = quote! {
                let _ = (#(&#names,)* #own);
                ::core::panic!("the formula does not compile")
            };
            self.form(form, body, TokenStream::new())
        };
        let (any_instance, forms) = (self.any_instance(), self.other_forms(device).into_iter().map(form));
        let flat = (!self.dimensions.is_empty()).then(|| self.failed_flat());
        Function { call: form(Form::New), module: quote!(#any_instance #(#forms)* #flat) }
    }

    fn other_forms(&self, device: bool) -> Vec<Form> {
        if self.closure {
            return vec![];
        }
        // What is summed over all points comes as a number or an array, which nobody allocates.
        let rows = self.returned.iter().all(|r| r.kind != Kind::Parameter);
        [(Form::Into, rows), (Form::With, true), (Form::On, device)]
            .into_iter()
            .filter(|(_, is)| *is)
            .map(|(form, _)| form)
            .collect()
    }

    /// The types that the signature speaks of: T and M, unless the function itself or one of its dimensions has that name.
    pub(super) fn generics(&self, form: Form) -> Generics {
        let is_taken =
            |name: &str| self.name == name || self.dimensions.iter().any(|parameter| parameter.name == name);
        let parameter = |short: &str, long: &str| {
            let longer = (0..).map(|n| format!("{long}{}", "_".repeat(n)));
            let mut names = std::iter::once(short.to_string()).chain(longer);
            let name = names.find(|name| !is_taken(name)).expect("names do not end");
            Ident::new(&name, Span::call_site())
        };
        let memory = if form == Form::On {
            quote!(::keops::Host)
        } else {
            parameter("M", "Memory").into_token_stream()
        };
        Generics { scalar: parameter("T", "Scalar"), memory }
    }

    /// What must hold for the function to be there: that it is compiled for these dimensions.
    fn bound(&self, form: Form) -> TokenStream {
        if self.dimensions.is_empty() {
            return TokenStream::new();
        }
        let (path, instance) = (self.path(form), self.instance());
        quote!(where #path Formulas: #path #instance,)
    }

    /// The trait that the instances implement, with the dimensions of this call.
    fn instance(&self) -> TokenStream {
        let names = self.dimensions.iter().map(|p| &p.name);
        quote!(Instance<#(#names),*>)
    }

    /// The way from a form to the module of the function.
    fn path(&self, form: Form) -> TokenStream {
        let name = &self.name;
        if form == Form::New { quote!(#name::) } else { TokenStream::new() }
    }

    /// A function with this body. The forms in the module are there for whoever wants them: unused they are no dead code.
    fn form(&self, form: Form, body: TokenStream, bound: TokenStream) -> TokenStream {
        let Signature { attributes, visibility, closure, name, dimensions, parameters, returned } = self;
        let constants = dimensions.iter().map(|parameter| &parameter.name);
        let constants = quote!(#(const #constants: ::core::primitive::usize,)*);
        let generics = self.generics(form);
        let Generics { scalar, memory } = &generics;
        let (mut referents, mut referent_bounds) = (vec![], vec![]);
        let arguments = parameters.iter().enumerate().map(|(k, p)| {
            let (name, dim) = (&p.name, tokens(&p.dim));
            // The bound is placed at the argument, where rustc points to when a call does not meet it.
            match p.kind {
                Kind::Parameter => {
                    quote_spanned!(name.span()=> #name: impl ::keops::Parameter<#dim, #scalar, #memory>)
                }
                // A value has one type for all its calls. With a lifetime in that, data would stay borrowed from the first call
                // to the last, and could not change in between.
                _ if *closure => {
                    let referent = format_ident!("X{k}");
                    referents.push(quote!(#referent: ?::core::marker::Sized,));
                    referent_bounds.push(quote_spanned! {name.span()=>
                        for<'a> &'a #referent: ::keops::Points<#dim, #scalar, #memory>,
                    });
                    quote_spanned!(name.span()=> #name: &#referent)
                }
                _ => quote_spanned!(name.span()=> #name: impl ::keops::Points<#dim, #scalar, #memory>),
            }
        });
        let arguments: Vec<TokenStream> = arguments.collect();
        let bound = if *closure { quote!(where #(#referent_bounds)*) } else { bound };
        let output = tuple(returned.iter().map(|r| r.output(form, &generics)));
        let own = own_argument(form);
        match form {
            Form::New => {
                let (table, allow) = (self.table(), allowed());
                quote! {
                    #(#attributes)*
                    #[doc = #table]
                    #allow
                    #visibility fn #name<#constants #scalar: ::keops::Real, #memory: ::keops::Memory, #(#referents)*>(
                        #(#arguments),*
                    ) -> ::core::result::Result<#output, ::keops::Error> #bound {
                        #body
                    }
                }
            }
            Form::Into => {
                let doc = format!(
                    "[`{name}`](fn@super::{name}), written to memory of the caller: see `keops::Destination`. The \
                     arguments are those of the function."
                );
                let destinations = tuple(returned.iter().map(|r| r.destination(&generics)));
                quote! {
                    #[doc = #doc]
                    #[allow(dead_code)]
                    pub fn into<#constants #scalar: ::keops::Real, #memory: ::keops::Memory>(
                        mut #own: #destinations,
                        #(#arguments),*
                    ) -> ::core::result::Result<(), ::keops::Error> #bound {
                        #body
                    }
                }
            }
            Form::With => {
                let doc = format!(
                    "[`{name}`](fn@super::{name}) of some of the pairs, or watched while it is computed: see \
                     `keops::Options`. The other arguments are those of the function."
                );
                quote! {
                    #[doc = #doc]
                    #[allow(dead_code)]
                    pub fn with<'options, #constants #scalar: ::keops::Real, #memory: ::keops::Memory>(
                        #own: impl ::core::convert::Into<::keops::Options<'options>>,
                        #(#arguments),*
                    ) -> ::core::result::Result<#output, ::keops::Error> #bound {
                        #body
                    }
                }
            }
            Form::On => {
                let doc = format!(
                    "[`{name}`](fn@super::{name}) of slices, computed on a device: they are uploaded, and the result is \
                     fetched."
                );
                quote! {
                    #[doc = #doc]
                    #[allow(dead_code)]
                    pub fn on<#constants #scalar: ::keops::Real>(
                        #own: &::keops::cuda::Device,
                        #(#arguments),*
                    ) -> ::core::result::Result<#output, ::keops::Error> #bound {
                        #body
                    }
                }
            }
        }
    }

    /// The body of a function that evaluates the formula.
    fn evaluated(&self, form: Form) -> TokenStream {
        if form == Form::New && !self.closure {
            // Checked and compiled once: `with` does it.
            let (name, names) = (&self.name, self.parameters.iter().map(|p| &p.name));
            return quote!(#name::with(::keops::Options::new(), #(#names),*));
        }
        let generics = self.generics(form);
        let Generics { scalar, memory } = &generics;
        let views = self.parameters.iter().map(|p| {
            let (name, text, dim) = (&p.name, p.name.to_string(), tokens(&p.dim));
            match p.kind {
                Kind::Parameter => quote!(::keops::Parameter::<#dim, #scalar, #memory>::view(&#name, #text)?),
                _ => quote!(::keops::Points::<#dim, #scalar, #memory>::view(&#name, #text)?),
            }
        });
        let own = own_argument(form);
        let (mut declarations, mut returned) = (vec![], vec![]);
        let (mut values, mut indices, mut totals) = (vec![], vec![], vec![]);
        for (k, r) in self.returned.iter().enumerate() {
            // Names of our own, which no argument has.
            let name = Ident::new(&format!("result_{k}"), Span::mixed_site());
            let (element, dim) = (r.element(scalar), tokens(&r.dim));
            if r.kind == Kind::Parameter {
                declarations
                    .push(quote!(let mut #name = [<#scalar as ::core::default::Default>::default(); #dim];));
                totals.push(quote!(&mut #name));
                returned.push(if r.is_number() { quote!(#name[0]) } else { quote!(#name) });
                continue;
            }
            let slot = if form == Form::Into {
                let (place, text) = match self.returned.len() {
                    1 => (quote!(#own), "result".to_string()),
                    _ => {
                        let place = number(k);
                        (quote!(#own.#place), format!("result.{k}"))
                    }
                };
                quote!(::keops::Destination::<#dim, #element, #memory>::slot(&mut #place, #text)?)
            } else {
                let output = r.output(form, &generics);
                declarations.push(quote!(let mut #name = <#output as ::core::default::Default>::default();));
                quote!(::keops::memory::NewResult::<#element, #memory>::slot(&mut #name))
            };
            if r.index {
                indices.push(slot)
            } else {
                values.push(slot)
            }
            returned.push(quote!(#name));
        }
        let path = self.path(form);
        let instance = self.instance();
        let instance = quote!(<#path Formulas as #path #instance>);
        let (evaluate, first) = match (form, self.dimensions.is_empty()) {
            (Form::On, true) => (quote!(#own.evaluate), quote!(&Formula,)),
            (_, true) => (quote!(#memory::evaluate), quote!(&#path Formula,)),
            (Form::On, false) => (quote!(#instance::on::<#scalar>), quote!(#own,)),
            (_, false) => (quote!(#instance::evaluate::<#scalar, #memory>), TokenStream::new()),
        };
        // First of all, so that nothing is to be dropped where one of them is an error.
        let arguments = Ident::new("arguments", Span::mixed_site());
        let views = quote!(let #arguments = [#(#views),*];);
        let options = match form {
            Form::New | Form::Into => Some(quote!(::keops::Options::new(),)),
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
        if form == Form::Into {
            return quote!(#views #call);
        }
        let returned = tuple(returned.into_iter());
        quote!(#views #(#declarations)* #call?; ::core::result::Result::Ok(#returned))
    }
}

/// A dimension in a type.
fn tokens(dim: &Dimension) -> TokenStream {
    match dim {
        Dimension::Number(dim) => number(*dim).into_token_stream(),
        Dimension::Parameter(name) => name.into_token_stream(),
    }
}

/// Names may be capital, as in formulas, and clippy would judge code that nobody wrote.
pub(crate) fn allowed() -> TokenStream {
    quote!(#[allow(non_snake_case, clippy::all, clippy::pedantic)])
}

/// The scalar type and the memory in a signature.
pub(super) struct Generics {
    pub(super) scalar: Ident,
    pub(super) memory: TokenStream,
}

/// The argument that a form has beside those of the formula, of a name that none of them has.
fn own_argument(form: Form) -> Ident {
    let name = match form {
        Form::New | Form::Into => "result",
        Form::With => "options",
        Form::On => "device",
    };
    Ident::new(name, Span::mixed_site())
}

impl Returned {
    /// Whether a row of it is a number, and no array.
    fn is_number(&self) -> bool {
        self.dim == Dimension::Number(1)
    }

    pub(super) fn element(&self, scalar: &Ident) -> TokenStream {
        if self.index { quote!(usize) } else { quote!(#scalar) }
    }

    /// The type of the result.
    pub(super) fn output(&self, form: Form, Generics { scalar, memory }: &Generics) -> TokenStream {
        let (element, dim) = (self.element(scalar), tokens(&self.dim));
        match (self.kind, self.is_number(), form) {
            (Kind::Parameter, true, _) => element,
            (Kind::Parameter, _, _) => quote!([#element; #dim]),
            (_, true, Form::On) => quote!(::std::vec::Vec<#element>),
            (_, _, Form::On) => quote!(::std::vec::Vec<[#element; #dim]>),
            (_, true, _) => quote!(#memory::Column<#element>),
            _ => quote!(#memory::Rows<#element, #dim>),
        }
    }

    /// What the caller's memory for it is.
    fn destination(&self, Generics { scalar, memory }: &Generics) -> TokenStream {
        let (element, dim) = (self.element(scalar), tokens(&self.dim));
        quote!(impl ::keops::Destination<#dim, #element, #memory>)
    }
}

/// One, or a tuple of several.
pub(super) fn tuple(items: impl Iterator<Item = TokenStream>) -> TokenStream {
    let items: Vec<TokenStream> = items.collect();
    match &items[..] {
        [one] => one.clone(),
        many => quote!((#(#many),*)),
    }
}
