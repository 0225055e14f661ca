//! Attributes: `#[grad]`, `#[instances]` and those of [`Mark`] are ours, all others are passed on.

use super::Reported;
use super::cursor::{Cursor, place};
use super::dimension::{self, Instances};
use crate::ast::{Gradients, Mark, Place};
use crate::error::Errors;
use crate::message::syntax::declaration;
use crate::spelling::nearest;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;
use syn::parse::Parser;

const GRAD: &str = "grad";
const INSTANCES: &str = "instances";

/// The words of the attributes that are ours.
fn own() -> impl Iterator<Item = &'static str> {
    [GRAD, INSTANCES].into_iter().chain(Mark::ALL.into_iter().map(Mark::name))
}

/// The word that is written in these brackets, if it is almost one of ours.
fn almost_own(inside: &Cursor) -> Option<(Ident, &'static str)> {
    let word = inside.ident().filter(|_| inside.symbol_at(1) != Some("::"))?;
    let text = word.to_string();
    if own().any(|own| own == text) {
        return None;
    }
    let is_longer = |own: &&str| text.strip_prefix(*own).is_some_and(|more| !more.contains('_'));
    let meant = nearest(&text, own()).or_else(|| own().find(is_longer))?;
    Some((word.clone(), meant))
}

/// The attributes of one function.
#[derive(Default)]
pub(super) struct Attributes {
    /// Doc comments and all others that are not ours.
    pub(super) kept: Vec<TokenStream>,
    /// What `#[grad]` asks for.
    pub(super) gradients: Option<Gradients>,
    /// What each `#[instances]` lists, in the order written.
    pub(super) instances: Vec<Instances>,
    /// `#[dot_products]` and the like, with their places.
    pub(super) marks: Vec<(Mark, Place)>,
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
        let mut meant = None;
        if let Some((word, own_word)) = almost_own(&inside) {
            inside.skip(1);
            let names: Vec<&str> = own().collect();
            let behind = inside.ahead().iter().cloned().collect::<TokenStream>().to_string();
            let message = declaration::attribute_misspelt(&word.to_string(), own_word, &behind, &names);
            errors.push(whole, message);
            meant = Some(own_word);
        }
        let mut is = |word: &str| meant == Some(word) || meant.is_none() && inside.take_word(word).is_some();
        if let Some(mark) = Mark::ALL.into_iter().find(|mark| is(mark.name())) {
            if meant.is_some() {
                // What it is held against is not to be refused once more.
            } else if !inside.at_end() {
                errors.push(whole, declaration::mark_malformed(mark));
            } else if attributes.marks.iter().any(|(known, _)| *known == mark) {
                errors.push(whole, declaration::mark_repeated(mark));
            } else {
                attributes.marks.push((mark, whole));
            }
        } else if is(INSTANCES) {
            attributes.instances.push(dimension::instances(inside, whole, errors));
        } else if !is(GRAD) {
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
