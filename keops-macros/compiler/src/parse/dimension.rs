//! Dimension parameters, `<const D: usize>`, and the values that they are compiled for, `#[instances(D = 1..=8)]`.

use super::cursor::{Cursor, texts};
use super::{Reported, foreign, literal};
use crate::ast::{Argument, Dimension, DimensionParameter, LARGEST_DIM, Place};
use crate::error::Errors;
use crate::message::syntax::dimension as message;
use proc_macro2::{Delimiter, Ident, TokenTree};

/// The most instances of a function.
pub const MAX_INSTANCES: usize = 256;

/// What one `#[instances]` lists.
pub(super) struct Instances {
    /// The parameter; `None` if it could not be read (already reported).
    name: Option<Ident>,
    /// Ascending; none if something was wrong with them (already reported).
    values: Vec<usize>,
    pub(super) place: Place,
}

/// Reads `<const D: usize, const E: usize>` after the name of a function, if it is there.
pub(super) fn parameters(
    cursor: &mut Cursor,
    function: &Ident,
    errors: &mut Errors,
) -> Result<Vec<Ident>, Reported> {
    let mut names: Vec<Ident> = vec![];
    if !cursor.is_char('<') {
        return Ok(names);
    }
    cursor.skip(1);
    let mut sound = Ok(());
    while !cursor.is_char('>') {
        let start = cursor.position();
        let Some(name) = parameter(cursor) else {
            cursor.back_to(start);
            other_parameters(cursor, function, errors);
            sound = Err(Reported);
            break;
        };
        let text = name.to_string();
        let fault = foreign::name_fault(&text)
            .or_else(|| names.contains(&name).then(|| message::parameter_repeated(&text)));
        match fault {
            None => names.push(name),
            Some(fault) => {
                errors.push(Place::of(name.span()), fault);
                sound = Err(Reported);
            }
        }
        cursor.take(",");
    }
    cursor.skip(1);
    sound.map(|()| names)
}

/// `const D: usize`, if that is what stands before `,` or `>`.
fn parameter(cursor: &mut Cursor) -> Option<Ident> {
    cursor.take_word("const")?;
    let name = cursor.take_ident()?;
    cursor.take(":")?;
    cursor.take_word("usize")?;
    (cursor.is_char(',') || cursor.is_char('>')).then_some(name)
}

/// Refuses a parameter that is no dimension, together with those that follow.
fn other_parameters(cursor: &mut Cursor, function: &Ident, errors: &mut Errors) {
    let (first, start, mut open) = (cursor.here(), cursor.position(), 0_usize);
    while !cursor.at_end() && !cursor.is_group_at(0, Delimiter::Brace) {
        if open == 0 && cursor.is_char('>') {
            break;
        }
        let arrow = cursor.is("->");
        open += usize::from(cursor.is_char('<'));
        open -= usize::from(cursor.is_char('>'));
        cursor.skip(if arrow { 2 } else { 1 });
    }
    let found = texts(cursor.since(start));
    errors.push(first.to(cursor.previous()), message::other_parameter(&function.to_string(), &found));
}

/// Reads what follows `instances` in an attribute.
pub(super) fn instances(mut behind: Cursor, whole: Place, errors: &mut Errors) -> Instances {
    let group = behind.take_group(Delimiter::Parenthesis).filter(|_| behind.at_end());
    let mut inside = group.as_ref().map(Cursor::inside);
    let name = inside.as_mut().and_then(|inside| {
        let name = inside.take_ident()?;
        inside.take("=").filter(|_| !inside.at_end()).map(|_| name)
    });
    let (Some(mut inside), Some(name)) = (inside, name) else {
        errors.push(whole, message::instances_malformed());
        return Instances { name: None, values: vec![], place: whole };
    };
    let mut values = vec![];
    let mut sound = true;
    while !inside.at_end() {
        match range(&mut inside, errors) {
            Ok((place, range)) => match range.clone().find(|value| values.contains(value)) {
                None => values.extend(range),
                Some(twice) => {
                    errors.push(place, message::instance_twice(twice));
                    sound = false;
                }
            },
            Err(Reported) => {
                sound = false;
                inside.skip_until(|inside| inside.is(","));
            }
        }
        inside.take(",");
    }
    values.sort_unstable();
    Instances { name: Some(name), values: if sound { values } else { vec![] }, place: whole }
}

/// One item of a list of values: a number, or a range of them.
fn range(
    cursor: &mut Cursor,
    errors: &mut Errors,
) -> Result<(Place, std::ops::RangeInclusive<usize>), Reported> {
    let (first, start) = (cursor.here(), cursor.position());
    cursor.skip_until(|cursor| cursor.is(","));
    if cursor.position() == start {
        return Err(cursor.refuse(errors, message::instance_out_of_range(",")));
    }
    let (tokens, place) = (cursor.since(start).to_vec(), first.to(cursor.previous()));
    let number = |token: &TokenTree| {
        literal::natural(&token.to_string()).filter(|number| (1..=LARGEST_DIM as usize).contains(number))
    };
    let is_range = |tokens: &[TokenTree]| texts(tokens) == "..=";
    let ends = match tokens.as_slice() {
        [only] => number(only).map(|value| (value, value)),
        [from, between @ .., to] if is_range(between) => number(from).zip(number(to)),
        _ => None,
    };
    let message = match ends {
        Some((from, to)) if from <= to => return Ok((place, from..=to)),
        Some((from, to)) => message::instances_empty(from, to),
        None => message::instance_out_of_range(&texts(&tokens)),
    };
    errors.push(place, message);
    Err(Reported)
}

/// Refuses a parameter with the name of an argument, beside which it cannot be declared.
pub(super) fn not_arguments(
    names: &[Ident],
    arguments: &[Argument],
    errors: &mut Errors,
) -> Result<(), Reported> {
    let is_argument = |name: &&Ident| arguments.iter().any(|argument| argument.name == **name);
    let Some(name) = names.iter().find(is_argument) else { return Ok(()) };
    errors.push(Place::of(name.span()), message::parameter_is_argument(&name.to_string()));
    Err(Reported)
}

/// Gives every parameter its values, and says whether the function can be compiled with them. `arguments` is `None` if it
/// is uncertain which there are.
pub(super) fn with_instances(
    function: &Ident,
    names: &[Ident],
    listed: &[Instances],
    arguments: Option<&[Argument]>,
    errors: &mut Errors,
) -> (Vec<DimensionParameter>, Result<(), Reported>) {
    let mut sound = Ok(());
    let mut refuse = |place: Place, message: String| {
        errors.push(place, message);
        sound = Err(Reported);
    };
    for (k, instances) in listed.iter().enumerate() {
        let Some(name) = &instances.name else { continue };
        if !names.contains(name) {
            let message = message::instances_of_unknown(&function.to_string(), &name.to_string());
            refuse(Place::of(name.span()), message);
        } else if listed[..k].iter().any(|earlier| earlier.name == instances.name) {
            refuse(instances.place, message::instances_repeated(&name.to_string()));
        }
    }
    let mut parameters = vec![];
    for name in names {
        let text = name.to_string();
        let own = listed.iter().find(|instances| instances.name.as_ref() == Some(name));
        // An argument whose dimension is in error may have been meant to have this one.
        let has = |a: &Argument| a.dim.is_none() || a.dim == Some(Dimension::Parameter(name.clone()));
        let fault = if arguments.is_some_and(|arguments| !arguments.iter().any(has)) {
            Some(message::parameter_unused(&text))
        } else if own.is_none() && listed.iter().all(|instances| instances.name.is_some()) {
            Some(message::instances_missing(&text))
        } else {
            None
        };
        if let Some(fault) = fault {
            refuse(Place::of(name.span()), fault);
        }
        let instances = own.map(|instances| instances.values.clone()).unwrap_or_default();
        parameters.push(DimensionParameter { name: name.clone(), instances });
    }
    let count = parameters.iter().fold(1_usize, |count, p| count.saturating_mul(p.instances.len()));
    if count > MAX_INSTANCES
        && let Some(last) = listed.last()
    {
        refuse(last.place, message::too_many_instances(count, MAX_INSTANCES));
    }
    // Values that are missing or wrong have been reported.
    (parameters, if count == 0 { Err(Reported) } else { sound })
}
