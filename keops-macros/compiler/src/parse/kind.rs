//! Kinds with their dimension, `Vi<3>`, and the second parameter of results that hold indices, `Vi<10, usize>`.

use super::cursor::{Cursor, texts};
use super::{Reported, literal};
use crate::ast::{Dimension, Kind, LARGEST_DIM, Place};
use crate::error::Errors;
use crate::message::syntax::{declaration, dimension as message};
use proc_macro2::{Delimiter, Ident, TokenTree};

/// A kind as written.
pub(super) struct Written {
    pub(super) kind: Kind,
    /// `None` if it was wrong, which has been reported.
    pub(super) dim: Option<Dimension>,
    /// Whether `usize` was written.
    pub(super) index: bool,
    pub(super) place: Place,
}

/// Reads a kind; an error if it is uncertain what it is, apart from its dimension. `names` are the dimension parameters.
pub(super) fn read(cursor: &mut Cursor, names: &[Ident], errors: &mut Errors) -> Result<Written, Reported> {
    let Some(name) = cursor.ident().filter(|_| cursor.symbol_at(1) != Some("::")) else {
        let found = cursor.found();
        return Err(cursor.refuse(errors, declaration::kind_expected(&found)));
    };
    let (name, start) = (name.to_string(), cursor.here());
    cursor.skip(1);
    let parameters = angle_brackets(cursor);
    let Some(kind) = known(&name) else {
        errors.push(start, declaration::kind_unknown(&name, near(&name)));
        return Err(Reported);
    };
    let mut written = Written { kind, dim: None, index: false, place: start.to(cursor.previous()) };
    match parameters {
        None => written.place = start.to(no_angle_brackets(cursor, kind, start, errors)),
        Some(Err(Unclosed)) => {
            // It swallowed whatever follows.
            errors.push(written.place, declaration::angle_unclosed(kind));
            return Err(Reported);
        }
        Some(Ok(parameters)) => {
            let first = parameters.first();
            written.dim = first.and_then(|p| dimension(p, kind, names, written.place, errors).ok());
            let second = parameters.get(1).map(|parameter| texts(&parameter.tokens));
            written.index = second.as_deref() == Some("usize");
            let wrong = if written.index { parameters.get(2) } else { parameters.get(1) };
            if let Some(wrong) = wrong {
                let found = texts(&wrong.tokens);
                let message = match entries(&parameters) {
                    Some(length) => declaration::matrix(kind, &found, length),
                    None => declaration::second_parameter(kind, &found, written.dim.as_ref()),
                };
                errors.push(wrong.place, message);
                return Err(Reported);
            }
        }
    }
    Ok(written)
}

/// The `<` has no `>`.
struct Unclosed;

/// What stands between two commas of `<…>`.
struct Parameter {
    tokens: Vec<TokenTree>,
    place: Place,
}

/// Takes `<…>`, if it stands here.
fn angle_brackets(cursor: &mut Cursor) -> Option<Result<Vec<Parameter>, Unclosed>> {
    if !cursor.is_char('<') {
        return None;
    }
    cursor.skip(1);
    let mut parameters = Vec::new();
    loop {
        let (first, start) = (cursor.here(), cursor.position());
        let mut open = 0_usize;
        while !cursor.at_end() && !(open == 0 && (cursor.is_char(',') || cursor.is_char('>'))) {
            // A `{` starts the body, unless it is a parameter such as `{ N }`.
            let closed_later =
                matches!(cursor.peek_at(1), Some(TokenTree::Punct(p)) if ">,".contains(p.as_char()));
            if cursor.is_group_at(0, Delimiter::Brace) && !closed_later {
                return Some(Err(Unclosed));
            }
            open += usize::from(cursor.is_char('<'));
            open -= usize::from(cursor.is_char('>'));
            cursor.skip(1);
        }
        let tokens = cursor.since(start).to_vec();
        let place = if tokens.is_empty() { cursor.previous() } else { first.to(cursor.previous()) };
        if cursor.at_end() {
            return Some(Err(Unclosed));
        }
        let closed = cursor.is_char('>');
        if !(closed && tokens.is_empty() && !parameters.is_empty()) {
            parameters.push(Parameter { tokens, place });
        }
        cursor.skip(1);
        if closed {
            return Some(Ok(parameters));
        }
    }
}

/// The number of entries of a matrix, if numbers of rows and columns are all that stands between the angle brackets.
fn entries(parameters: &[Parameter]) -> Option<usize> {
    let factors = parameters.iter().map(|parameter| match parameter.tokens.as_slice() {
        [only] => literal::natural(&only.to_string()),
        _ => None,
    });
    let length = factors.map(|factor| factor.filter(|factor| *factor > 0)).product::<Option<usize>>()?;
    (length <= LARGEST_DIM as usize).then_some(length)
}

/// Reports a kind without `<…>`, and takes `(3)` or `[3]` if that stands in its stead. Where the kind ends.
fn no_angle_brackets(cursor: &mut Cursor, kind: Kind, start: Place, errors: &mut Errors) -> Place {
    let is_group =
        |group: &&TokenTree| matches!(group, TokenTree::Group(g) if g.delimiter() != Delimiter::Brace);
    let Some(TokenTree::Group(group)) = cursor.peek().filter(is_group) else {
        errors.push(start, declaration::dimension_missing(kind));
        return start;
    };
    let inside: Vec<TokenTree> = group.stream().into_iter().collect();
    errors.push(start.to(cursor.here()), declaration::dimension_in_parentheses(kind, &texts(&inside)));
    cursor.skip(1);
    cursor.previous()
}

/// The dimension: an integer literal from 1 to [`LARGEST_DIM`], or one of `names`.
fn dimension(
    parameter: &Parameter,
    kind: Kind,
    names: &[Ident],
    whole: Place,
    errors: &mut Errors,
) -> Result<Dimension, Reported> {
    let Parameter { tokens, place } = parameter;
    let (place, message) = match tokens.as_slice() {
        [] => (whole, declaration::dimension_missing(kind)),
        [TokenTree::Literal(literal)] if literal::is_digits(&literal.to_string()) => {
            match literal::natural(&literal.to_string()) {
                Some(0) => (*place, declaration::dimension_zero(kind)),
                Some(dim) if dim <= LARGEST_DIM as usize => return Ok(Dimension::Number(dim)),
                _ => (*place, declaration::dimension_too_large(&texts(tokens))),
            }
        }
        [TokenTree::Ident(name)] if names.contains(name) => return Ok(Dimension::Parameter(name.clone())),
        [TokenTree::Ident(name)] => (*place, message::unknown(kind, &name.to_string(), names.first())),
        other if other.iter().any(|t| matches!(t, TokenTree::Ident(name) if names.contains(name))) => {
            (*place, message::computed(kind, &texts(other)))
        }
        other => {
            let found = texts(other);
            let digits = literal::split(&found).0.trim_end_matches(['.', '_']);
            let digits = Some(digits).filter(|digits| literal::natural(digits).is_some_and(|d| d > 0));
            (*place, declaration::dimension_not_literal(kind, &found, digits))
        }
    };
    errors.push(place, message);
    Err(Reported)
}

fn known(name: &str) -> Option<Kind> {
    [Kind::I, Kind::J, Kind::Parameter].into_iter().find(|kind| kind.to_string() == name)
}

/// The kind that was probably meant; KeOps once called the first two `Vx` and `Vy`.
fn near(name: &str) -> Option<Kind> {
    Some(match name.to_ascii_lowercase().as_str() {
        "vi" | "vx" => Kind::I,
        "vj" | "vy" => Kind::J,
        "p" | "pm" | "pn" | "param" | "parameter" => Kind::Parameter,
        _ => return None,
    })
}
