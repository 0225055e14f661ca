//! One function: attributes, visibility, name, results and body.

use super::cursor::{Cursor, place, texts};
use super::helper::Helpers;
use super::{Reported, argument, attribute, body, dimension, foreign, kind};
use crate::ast::{Function, Place, ResultType};
use crate::error::Errors;
use crate::message::syntax::declaration;
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;

/// The next function; `None` if it has no signature that could be declared. Passes at least one token.
pub(super) fn read(cursor: &mut Cursor, helpers: &Helpers, errors: &mut Errors) -> Option<Function> {
    let start = cursor.position();
    let function = function(cursor, helpers, errors);
    if function.is_err() {
        if cursor.position() == start {
            cursor.skip(1);
        }
        skip_to_body(cursor);
        if !starts_function(cursor) {
            cursor.skip(1);
        }
    }
    function.ok()
}

fn function(cursor: &mut Cursor, helpers: &Helpers, errors: &mut Errors) -> Result<Function, Reported> {
    let attributes = attribute::read(cursor, errors)?;
    let visibility = visibility(cursor);
    qualifiers(cursor, errors);
    keyword(cursor, errors)?;
    let name = name(cursor, errors)?;
    let parameters = dimension::parameters(cursor, &name, errors);
    let Some(list) = cursor.take_group(Delimiter::Parenthesis) else {
        errors.push(Place::of(name.span()), declaration::arguments_missing(&name.to_string()));
        return Err(Reported);
    };
    // Parameters that were refused are not to be refused once more at each use.
    let mut known = Errors::new();
    let signature_errors = if parameters.is_err() { &mut known } else { &mut *errors };
    let names = parameters.as_deref().unwrap_or_default();
    let arguments = argument::list(Cursor::inside(&list), names, signature_errors);
    let (results, results_place) = results(cursor, &name, names, signature_errors);
    let braces = braces(cursor, &name, signature_errors);
    known.discard();
    let known_arguments = arguments.as_deref().unwrap_or_default();
    let body = braces.and_then(|braces| body::inside(&braces, known_arguments, helpers, errors));
    // Where it is uncertain what the arguments and results are, whatever uses them cannot be judged.
    let arguments = arguments.and_then(|arguments| {
        dimension::not_arguments(names, &arguments, errors)?;
        Ok(arguments)
    });
    let signature = arguments.and_then(|arguments| Ok((arguments, results?)));
    let certain = signature.is_ok();
    let (arguments, results) = signature.unwrap_or_default();
    let (dimensions, sound) = match &parameters {
        Ok(names) => {
            let arguments = certain.then_some(&arguments[..]);
            dimension::with_instances(&name, names, &attributes.instances, arguments, errors)
        }
        Err(Reported) => (vec![], Ok(())),
    };
    Ok(Function {
        attributes: attributes.kept,
        gradients: attributes.gradients.filter(|_| certain),
        marks: attributes.marks,
        visibility,
        closure: false,
        name,
        dimensions,
        arguments,
        results,
        results_place,
        body: body.filter(|_| certain && sound.is_ok()),
    })
}

fn starts_function(cursor: &Cursor) -> bool {
    cursor.is_word("fn") || cursor.is_word("pub") || cursor.is("#")
}

/// Goes on to the braces of a body, or to where the function ends without one.
fn skip_to_body(cursor: &mut Cursor) {
    cursor.skip_until(|cursor| {
        starts_function(cursor) || cursor.is(";") || cursor.is_group_at(0, Delimiter::Brace)
    });
}

/// `pub`, `pub(…)` or nothing. What a surrounding `macro_rules!` calls `$vis` is a group without delimiters.
pub(super) fn visibility(cursor: &mut Cursor) -> TokenStream {
    if let Some(TokenTree::Group(group)) = cursor.peek()
        && group.delimiter() == Delimiter::None
        && Cursor::inside(group).is_word("pub")
    {
        let visibility = group.stream();
        cursor.skip(1);
        return visibility;
    }
    let Some(word) = cursor.ident().filter(|word| *word == "pub").cloned() else {
        return TokenStream::new();
    };
    cursor.skip(1);
    let scope = cursor.take_group(Delimiter::Parenthesis);
    quote!(#word #scope)
}

/// Refuses the words that Rust allows between `pub` and `fn`.
fn qualifiers(cursor: &mut Cursor, errors: &mut Errors) {
    let is_qualifier = |token: &TokenTree| match token {
        TokenTree::Ident(word) => ["async", "const", "extern", "unsafe"].iter().any(|known| word == known),
        TokenTree::Literal(_) => true,
        _ => false,
    };
    let is_fn = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "fn");
    let (first, start) = (cursor.here(), cursor.position());
    let count = (0..).take_while(|k| cursor.peek_at(*k).is_some_and(is_qualifier)).count();
    if count > 0 && cursor.peek_at(count).is_some_and(is_fn) {
        cursor.skip(count);
        errors.push(first.to(cursor.previous()), declaration::qualifier(&texts(cursor.since(start))));
    }
}

/// Takes `fn`. Where it alone is missing, the rest of the function can be read all the same.
fn keyword(cursor: &mut Cursor, errors: &mut Errors) -> Result<(), Reported> {
    if cursor.take_word("fn").is_some() {
        return Ok(());
    }
    if cursor.at_end() {
        errors.push(cursor.previous(), declaration::function_missing());
        return Err(Reported);
    }
    let is_signature = cursor.is_group_at(1, Delimiter::Parenthesis) && cursor.symbol_at(2) == Some("->");
    let message = match cursor.ident().filter(|_| is_signature) {
        Some(name) => declaration::fn_missing(&name.to_string()),
        None if cursor.is(";") => declaration::semicolon_after_function(),
        None => declaration::function_expected(&cursor.found()),
    };
    let refused = cursor.refuse(errors, message);
    if is_signature { Ok(()) } else { Err(refused) }
}

fn name(cursor: &mut Cursor, errors: &mut Errors) -> Result<Ident, Reported> {
    let Some(name) = cursor.take_ident() else {
        let message = declaration::name_expected(&cursor.found());
        return Err(cursor.refuse(errors, message));
    };
    match foreign::name_fault(&name.to_string()) {
        None => Ok(name),
        Some(message) => {
            errors.push(Place::of(name.span()), message);
            Err(Reported)
        }
    }
}

/// `-> result`, and its place.
fn results(
    cursor: &mut Cursor,
    name: &Ident,
    names: &[Ident],
    errors: &mut Errors,
) -> (Result<Vec<ResultType>, Reported>, Place) {
    if cursor.take("->").is_none() {
        let closing = Place::of(cursor.previous().last);
        errors.push(closing, declaration::result_missing(&name.to_string()));
        skip_to_body(cursor);
        return (Err(Reported), closing);
    }
    declared_results(cursor, names, errors)
}

/// What follows `->`, and its place.
pub(super) fn declared_results(
    cursor: &mut Cursor,
    names: &[Ident],
    errors: &mut Errors,
) -> (Result<Vec<ResultType>, Reported>, Place) {
    let start = cursor.here();
    let mut results = match cursor.take_group(Delimiter::Parenthesis) {
        Some(group) => result_list(&group, names, errors),
        None => result(cursor, names, errors).map(|result| vec![result]),
    };
    let place = start.to(cursor.previous());
    if results.is_ok() && cursor.is(",") {
        results = Err(cursor.refuse(errors, declaration::results_without_parentheses()));
    }
    if results.is_err() {
        skip_to_body(cursor);
    }
    (results, place)
}

/// The results in parentheses.
fn result_list(group: &Group, names: &[Ident], errors: &mut Errors) -> Result<Vec<ResultType>, Reported> {
    let mut cursor = Cursor::inside(group);
    if cursor.at_end() {
        errors.push(place(&TokenTree::Group(group.clone())), declaration::result_empty());
        return Err(Reported);
    }
    let mut results = Ok(Vec::new());
    while !cursor.at_end() {
        match (result(&mut cursor, names, errors), &mut results) {
            (Ok(result), Ok(results)) => results.push(result),
            (Ok(_), Err(Reported)) => {}
            (Err(Reported), _) => {
                results = Err(Reported);
                cursor.skip_until(|cursor| cursor.is(","));
            }
        }
        if cursor.take(",").is_none() && !cursor.at_end() {
            let message = declaration::result_separator(&cursor.found());
            results = Err(cursor.refuse(errors, message));
            cursor.skip_until(|cursor| cursor.is(","));
            cursor.take(",");
        }
    }
    results
}

fn result(cursor: &mut Cursor, names: &[Ident], errors: &mut Errors) -> Result<ResultType, Reported> {
    let written = kind::read(cursor, names, errors)?;
    Ok(ResultType { kind: written.kind, dim: written.dim, index: written.index, place: written.place })
}

/// The braces of the body.
fn braces(cursor: &mut Cursor, name: &Ident, errors: &mut Errors) -> Option<Group> {
    if cursor.is_word("where") {
        cursor.refuse(errors, declaration::where_clause());
        skip_to_body(cursor);
    } else if cursor.is(";") || cursor.at_end() || starts_function(cursor) {
        errors.push(Place::of(name.span()), declaration::body_missing(&name.to_string()));
    } else if !cursor.is_group_at(0, Delimiter::Brace) {
        let message = declaration::body_expected(&cursor.found());
        cursor.refuse(errors, message);
        skip_to_body(cursor);
    }
    cursor.take(";");
    cursor.take_group(Delimiter::Brace)
}
