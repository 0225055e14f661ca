//! The arguments of a function, `x_i: Vi<3>, s: Pm<1>`.

use super::cursor::Cursor;
use super::{Reported, foreign, kind};
use crate::ast::{Argument, Place, name_kind};
use crate::error::Errors;
use crate::message::syntax::declaration;
use proc_macro2::{Delimiter, Ident};

/// The arguments that stand here, up to the end; an error if it is uncertain how many they are or of which kinds. `names` are
/// the dimension parameters.
pub(super) fn list(
    mut cursor: Cursor,
    names: &[Ident],
    errors: &mut Errors,
) -> Result<Vec<Argument>, Reported> {
    let mut arguments: Vec<Argument> = Vec::new();
    let mut certain = Ok(());
    while !cursor.at_end() {
        match argument(&mut cursor, names, errors) {
            Ok(argument) if arguments.iter().any(|earlier| earlier.name == argument.name) => {
                let message = declaration::argument_repeated(&argument.name.to_string());
                errors.push(Place::of(argument.name.span()), message);
                certain = Err(Reported);
            }
            Ok(argument) => arguments.push(argument),
            Err(Reported) => {
                certain = Err(Reported);
                cursor.skip_until(before_next);
            }
        }
        if cursor.take(",").is_none() && !cursor.at_end() {
            let message = declaration::argument_separator(&cursor.found());
            cursor.refuse(errors, message);
            if !starts_argument(&cursor, 0) {
                certain = Err(Reported);
                cursor.skip_until(before_next);
                cursor.take(",");
            }
        }
    }
    certain.map(|()| arguments)
}

/// Whether `name:` stands `offset` ahead.
fn starts_argument(cursor: &Cursor, offset: usize) -> bool {
    cursor.is_ident_at(offset) && cursor.symbol_at(offset + 1) == Some(":")
}

/// Whether the cursor is at the `,` before the next argument. (A comma may also stand inside `<…>`.)
fn before_next(cursor: &Cursor) -> bool {
    cursor.is(",") && (starts_argument(cursor, 1) || cursor.peek_at(1).is_none())
}

fn argument(cursor: &mut Cursor, names: &[Ident], errors: &mut Errors) -> Result<Argument, Reported> {
    while cursor.is("#") && cursor.is_group_at(1, Delimiter::Bracket) {
        let start = cursor.here();
        cursor.skip(2);
        errors.push(start.to(cursor.previous()), declaration::argument_attribute());
    }
    if cursor.is_word("self") || cursor.is("&") {
        let is_self = cursor.is_word("self") || cursor.is_word_at(1, "self");
        let found = cursor.found();
        let message =
            if is_self { declaration::self_argument() } else { declaration::argument_expected(&found) };
        return Err(cursor.refuse(errors, message));
    }
    let mutable = cursor.take_word("mut");
    let Some(name) = cursor.take_ident() else {
        let message = declaration::argument_expected(&cursor.found());
        return Err(cursor.refuse(errors, message));
    };
    let (start, text) = (cursor.previous(), name.to_string());
    if let Some(place) = mutable {
        errors.push(place, declaration::mutable_argument(&text));
    } else if let Some(message) = foreign::name_fault(&text) {
        errors.push(start, message);
        return Err(Reported);
    }
    if cursor.take(":").is_none() {
        errors.push(start, declaration::argument_kind_missing(&text));
        return Err(Reported);
    }
    let written = kind::read(cursor, names, errors)?;
    if written.index {
        errors.push(written.place, declaration::index_argument(written.kind));
    }
    if let Some(promised) = name_kind(&text)
        && promised != written.kind
    {
        let message = declaration::kind_contradicts_name(&text, written.kind, written.dim.as_ref());
        errors.push(start.to(written.place), message);
        return Err(Reported);
    }
    Ok(Argument { name, kind: written.kind, dim: written.dim, type_place: written.place })
}
