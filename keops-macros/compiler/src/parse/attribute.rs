//! Attributes: `#[grad]`, `#[instances]`, `#[dot_products]`, `#[scaled_distances]`, `#[fast_maths]` and `#[prune]` are ours,
//! all others are passed on.

use super::Reported;
use super::cursor::{Cursor, place};
use super::dimension::{self, Instances};
use crate::ast::{Gradients, Place};
use crate::error::Errors;
use crate::message::syntax::declaration;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::parse::Parser;

/// The attributes of one function.
#[derive(Default)]
pub(super) struct Attributes {
    /// Doc comments and all others that are not ours.
    pub(super) kept: Vec<TokenStream>,
    /// What `#[grad]` asks for.
    pub(super) gradients: Option<Gradients>,
    /// What each `#[instances]` lists, in the order written.
    pub(super) instances: Vec<Instances>,
    /// Where `#[dot_products]` stands.
    pub(super) dot_products: Option<Place>,
    /// Where `#[scaled_distances]` stands.
    pub(super) scaled_distances: Option<Place>,
    /// Where `#[fast_maths]` stands.
    pub(super) fast_maths: Option<Place>,
    /// Where `#[prune]` stands.
    pub(super) prune: Option<Place>,
}

/// The attributes before a function.
pub(super) fn read(cursor: &mut Cursor, errors: &mut Errors) -> Result<Attributes, Reported> {
    let mut attributes = Attributes::default();
    while let Some(hash) = cursor.take("#") {
        if let Some(inner) = cursor.take("!") {
            errors.push(hash.to(inner), declaration::inner_attribute());
        }
        let Some(group) = cursor.take_group(Delimiter::Bracket) else {
            errors.push(hash, declaration::attribute_malformed());
            return Err(Reported);
        };
        let whole = hash.to(cursor.previous());
        let mut inside = Cursor::inside(&group);
        if inside.take_word("dot_products").is_some() {
            if inside.at_end() {
                attributes.dot_products = Some(whole);
            } else {
                errors.push(whole, declaration::dot_products_malformed());
            }
        } else if inside.take_word("scaled_distances").is_some() {
            if inside.at_end() {
                attributes.scaled_distances = Some(whole);
            } else {
                errors.push(whole, declaration::scaled_distances_malformed());
            }
        } else if inside.take_word("fast_maths").is_some() {
            if inside.at_end() {
                attributes.fast_maths = Some(whole);
            } else {
                errors.push(whole, declaration::fast_maths_malformed());
            }
        } else if inside.take_word("prune").is_some() {
            if inside.at_end() {
                attributes.prune = Some(whole);
            } else {
                errors.push(whole, declaration::prune_malformed());
            }
        } else if inside.take_word("instances").is_some() {
            attributes.instances.push(dimension::instances(inside, whole, errors));
        } else if inside.take_word("grad").is_none() {
            attributes.kept.push(quote!(# #group));
        } else if attributes.gradients.is_some() {
            errors.push(whole, declaration::grad_repeated());
        } else {
            attributes.gradients = Some(Gradients { names: names(inside, whole, errors), place: whole });
        }
    }
    Ok(attributes)
}

/// Whether this is `#[cfg(…)]`: then what belongs to the function is under the same condition.
pub fn is_cfg(attribute: &TokenStream) -> bool {
    let parsed = syn::Attribute::parse_outer.parse2(attribute.clone()).unwrap_or_default();
    parsed.iter().any(|a| a.path().is_ident("cfg"))
}

/// The names that follow `grad`; none for all arguments.
fn names(mut behind: Cursor, whole: Place, errors: &mut Errors) -> Vec<Ident> {
    if behind.at_end() {
        return Vec::new();
    }
    let group = behind.take_group(Delimiter::Parenthesis).filter(|_| behind.at_end());
    match group {
        Some(group) => listed(&group, whole, errors),
        None => {
            errors.push(whole, declaration::grad_malformed());
            Vec::new()
        }
    }
}

/// The names in `(x_i, s)`.
fn listed(group: &Group, whole: Place, errors: &mut Errors) -> Vec<Ident> {
    let mut cursor = Cursor::inside(group);
    if cursor.at_end() {
        errors.push(whole, declaration::grad_empty());
    }
    let mut names: Vec<Ident> = Vec::new();
    while !cursor.at_end() {
        let Some(name) = cursor.take_ident().filter(|_| cursor.at_end() || cursor.is(",")) else {
            errors.push(place(&TokenTree::Group(group.clone())), declaration::grad_malformed());
            return names;
        };
        cursor.take(",");
        if names.contains(&name) {
            errors.push(Place::of(name.span()), declaration::grad_name_repeated(&name.to_string()));
        } else {
            names.push(name);
        }
    }
    names
}
