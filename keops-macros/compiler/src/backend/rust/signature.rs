//! What a generated function looks like from outside.

use super::function::Function;
use super::instances::Instance;
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
    /// The name as a caller writes it, with that of the function if it is a gradient.
    pub path: String,
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
    /// `f::flat(dimensions, …)`: dimensions that are known when the program runs, and flat slices.
    Flat,
}

impl Signature {
    /// The function, and the other ways to call it, that with a device among them if there are devices.
    pub(super) fn forms(&self, instances: &[Instance], device: bool) -> (TokenStream, TokenStream) {
        let form = |form| self.form(form, self.body(form, instances), self.bound(form));
        (form(Form::New), self.other_forms(device).into_iter().map(form).collect())
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
                Form::With | Form::On | Form::Flat => quote!(#own),
            };
            let body = quote! {
                let _ = (#(&#names,)* #own);
                ::core::panic!("the formula does not compile")
            };
            self.form(form, body, TokenStream::new())
        };
        let (any_instance, forms) = (self.any_instance(), self.other_forms(device).into_iter().map(form));
        Function { call: form(Form::New), module: quote!(#any_instance #(#forms)*) }
    }

    fn other_forms(&self, device: bool) -> Vec<Form> {
        if self.closure {
            return vec![];
        }
        // What is summed over all points comes as a number or an array, which nobody allocates.
        let rows = self.returned.iter().all(|r| r.kind != Kind::Parameter);
        let dimensions = !self.dimensions.is_empty();
        [(Form::Into, rows), (Form::With, true), (Form::On, device), (Form::Flat, dimensions)]
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
        let memory = match form {
            Form::On | Form::Flat => quote!(::keops::Host),
            _ => parameter("M", "Memory").into_token_stream(),
        };
        Generics { scalar: parameter("T", "Scalar"), memory }
    }

    /// What must hold for the function to be there: that it is compiled for these dimensions.
    fn bound(&self, form: Form) -> TokenStream {
        if self.dimensions.is_empty() || form == Form::Flat {
            return TokenStream::new();
        }
        let (path, instance) = (self.path(form), self.instance());
        quote!(where #path Formulas: #path #instance,)
    }

    /// The trait that the instances implement, with the dimensions of this call.
    pub(super) fn instance(&self) -> TokenStream {
        let names = self.dimensions.iter().map(|p| &p.name);
        quote!(Instance<#(#names),*>)
    }

    /// The way from a form to the module of the function.
    pub(super) fn path(&self, form: Form) -> TokenStream {
        let name = &self.name;
        if form == Form::New { quote!(#name::) } else { TokenStream::new() }
    }

    /// Where the caller says a dimension, if it is in no type: in the list that a flat call begins with.
    pub(super) fn told(&self, form: Form, dim: &Dimension) -> Option<TokenStream> {
        match (form, dim) {
            (Form::Flat, Dimension::Parameter(name)) => {
                let place = number(self.dimensions.iter().take_while(|p| p.name != *name).count());
                let dimensions = own_argument(form);
                Some(quote!(#dimensions[#place]))
            }
            _ => None,
        }
    }

    /// A function with this body. The forms in the module are there for whoever wants them: unused they are no dead code.
    fn form(&self, form: Form, body: TokenStream, bound: TokenStream) -> TokenStream {
        let Signature { attributes, visibility, closure, name, dimensions, parameters, returned, .. } = self;
        let constants = dimensions.iter().map(|parameter| &parameter.name);
        let constants = quote!(#(const #constants: ::core::primitive::usize,)*);
        let generics = self.generics(form);
        let Generics { scalar, memory } = &generics;
        let (mut referents, mut referent_bounds) = (vec![], vec![]);
        let arguments = parameters.iter().enumerate().map(|(k, p)| {
            let (name, dim) = (&p.name, tokens(&p.dim));
            if self.told(form, &p.dim).is_some() {
                return quote!(#name: &[#scalar]);
            }
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
        let output = tuple(returned.iter().map(|r| self.output(form, r, &generics)));
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
            Form::Flat => {
                let names: Vec<String> = dimensions.iter().map(|p| p.name.to_string()).collect();
                let (count, names) = (number(names.len()), names.join(", "));
                let doc = format!(
                    "[`{name}`](fn@super::{name}) for dimensions that are known when the program runs, `[{names}]`: \
                     arguments and results that have them are flat, row after row. It is an error if they are none of those \
                     that the function is compiled for. Options go with them in a pair: see `keops::Dimensions`."
                );
                quote! {
                    #[doc = #doc]
                    #[allow(dead_code)]
                    pub fn flat<'options, #scalar: ::keops::Real>(
                        #own: impl ::core::convert::Into<::keops::Dimensions<'options, #count>>,
                        #(#arguments),*
                    ) -> ::core::result::Result<#output, ::keops::Error> {
                        #body
                    }
                }
            }
        }
    }

    /// The type of a result.
    pub(super) fn output(
        &self,
        form: Form,
        returned: &Returned,
        Generics { scalar, memory }: &Generics,
    ) -> TokenStream {
        let (element, dim) = (returned.element(scalar), tokens(&returned.dim));
        if self.told(form, &returned.dim).is_some() {
            return quote!(::std::vec::Vec<#element>);
        }
        match (returned.kind, returned.is_number(), form) {
            (Kind::Parameter, true, _) => element,
            (Kind::Parameter, _, _) => quote!([#element; #dim]),
            (_, true, Form::On | Form::Flat) => quote!(::std::vec::Vec<#element>),
            (_, _, Form::On | Form::Flat) => quote!(::std::vec::Vec<[#element; #dim]>),
            (_, true, _) => quote!(#memory::Column<#element>),
            _ => quote!(#memory::Rows<#element, #dim>),
        }
    }
}

/// A dimension in a type.
pub(super) fn tokens(dim: &Dimension) -> TokenStream {
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
pub(super) fn own_argument(form: Form) -> Ident {
    let name = match form {
        Form::New | Form::Into => "result",
        Form::With => "options",
        Form::On => "device",
        Form::Flat => "dimensions",
    };
    Ident::new(name, Span::mixed_site())
}

impl Returned {
    /// Whether a row of it is a number, and no array.
    pub(super) fn is_number(&self) -> bool {
        self.dim == Dimension::Number(1)
    }

    pub(super) fn element(&self, scalar: &Ident) -> TokenStream {
        if self.index { quote!(usize) } else { quote!(#scalar) }
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
