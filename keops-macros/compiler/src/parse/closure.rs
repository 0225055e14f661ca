//! A formula as a value, `|x_i: Vi<3>, y_j: Vj<3>| formula`: a function without a name, where an expression stands.

use super::attribute::{self, Attributes};
use super::cursor::{Cursor, place, texts};
use super::helper::Helpers;
use super::{Reported, argument, body, dimension, function};
use crate::ast::{Argument, Body, ExprKind, Function, Head, Place, ResultType, Results};
use crate::error::Errors;
use crate::message::syntax::{body as body_message, closure as message};
use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

/// The name that its function has, where nobody sees it.
const NAME: &str = "formula";

/// Whether one comes next: a `|`, perhaps behind what may stand before the arguments of a function.
pub(super) fn is_next(cursor: &Cursor) -> bool {
    let mut at = 0;
    loop {
        let is_group = |delimiter| cursor.is_group_at(at + 1, delimiter);
        at += match cursor.symbol_at(at) {
            Some("#") if is_group(Delimiter::Bracket) => 2,
            Some("<") => match (at..).map_while(|k| cursor.peek_at(k)).position(|token| is_punct(token, '>'))
            {
                Some(closing) => closing + 1,
                None => return false,
            },
            None if cursor.is_word_at(at, "pub") && is_group(Delimiter::Parenthesis) => 2,
            None if cursor.is_word_at(at, "pub") || cursor.is_word_at(at, "move") => 1,
            _ => return cursor.peek_at(at).is_some_and(|token| is_punct(token, '|')),
        }
    }
}

fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

/// Reads one, up to the end.
pub(super) fn read(cursor: &mut Cursor, helpers: &Helpers, errors: &mut Errors) -> Function {
    let attributes = attribute::read(cursor, errors).unwrap_or_default();
    let before = Before::read(cursor, errors);
    let open = cursor.here();
    let names = before.dimensions.as_deref().unwrap_or_default();
    // Parameters that were refused are not to be refused once more at each use.
    let mut known = Errors::new();
    let signature_errors = if before.dimensions.is_err() { &mut known } else { &mut *errors };
    let arguments = arguments(cursor, names, signature_errors);
    let bars = open.to(cursor.previous());
    let (results, results_place) = match cursor.take("->") {
        Some(_) => function::declared_results(cursor, names, signature_errors),
        None => (Ok(vec![]), bars),
    };
    known.discard();
    let certain = arguments.is_ok() && results.is_ok();
    // Where the signature cannot be read, it may be uncertain where the formula begins.
    let body = match certain || !cursor.at_end() {
        true => formula(cursor, arguments.as_deref().unwrap_or_default(), helpers, errors),
        false => None,
    };
    let signature = arguments.and_then(|arguments| Ok((arguments, results?)));
    let (arguments, results) = signature.unwrap_or_default();
    let named = before.only_of_functions(&attributes);
    if let Some((place, what)) = named.first() {
        let declaration = before.declaration(&attributes, &arguments, &results);
        errors.push(*place, message::name_wanted(what, &declaration));
    }
    Function {
        attributes: attributes.kept,
        gradients: None,
        marks: attributes.marks,
        visibility: TokenStream::new(),
        closure: true,
        name: Ident::new(NAME, open.first),
        dimensions: vec![],
        arguments,
        results,
        results_place,
        body: body.filter(|_| certain && named.is_empty()),
    }
}

/// The arguments between the bars.
fn arguments(cursor: &mut Cursor, names: &[Ident], errors: &mut Errors) -> Result<Vec<Argument>, Reported> {
    let (open, start) = (cursor.here(), cursor.position() + 1);
    cursor.skip(1);
    cursor.skip_until(|cursor| cursor.is_char('|'));
    if cursor.at_end() {
        errors.push(open, message::bar_missing());
        return Err(Reported);
    }
    let list = Cursor::between_bars(cursor.since(start), open, cursor.here());
    cursor.skip(1);
    argument::list(list, names, errors)
}

/// The formula: all that follows, or what stands between its braces.
fn formula(
    cursor: &mut Cursor,
    arguments: &[Argument],
    helpers: &Helpers,
    errors: &mut Errors,
) -> Option<Body> {
    let mut rest = cursor.behind_a_bar();
    let last = cursor.previous();
    cursor.skip(cursor.ahead().len());
    if let [TokenTree::Group(braces)] = rest.ahead()
        && braces.delimiter() == Delimiter::Brace
    {
        return body::inside(braces, arguments, helpers, errors);
    }
    if rest.at_end() {
        errors.push(last, body_message::body_empty());
        return None;
    }
    body::read(&mut rest, arguments, helpers, errors)
}

/// Refuses a formula that stands where functions or a closure should, without its variables. Whether it is one.
pub(super) fn refuse_bare(cursor: &Cursor, helpers: &Helpers, errors: &mut Errors) -> bool {
    const LONGEST: usize = 60;
    let is_fn = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "fn");
    let Some(last) = cursor.ahead().last().filter(|_| !cursor.ahead().iter().any(is_fn)) else {
        return false;
    };
    let mut faults = Errors::new();
    let body = body::read(&mut cursor.behind_a_bar(), &[], helpers, &mut faults);
    let sound = faults.is_empty();
    faults.discard();
    let Some(body) = body.filter(|_| sound) else { return false };
    let mut names: Vec<String> = vec![];
    for value in body.lets.iter().map(|binding| &binding.value).chain([&body.result]) {
        value.visit(&mut |e| match &e.kind {
            ExprKind::Name(name) if !names.iter().any(|known| name == known) => names.push(name.to_string()),
            _ => {}
        });
    }
    names.retain(|name| name != "i" && name != "j" && !body.lets.iter().any(|binding| binding.name == name));
    if names.is_empty() {
        return false;
    }
    let text = Some(body.result.to_string());
    let text = text.filter(|text| body.lets.is_empty() && text.chars().count() <= LONGEST);
    errors.push(cursor.here().to(place(last)), message::variables_undeclared(&names, text.as_deref()));
    true
}

/// What stands before the bars and belongs to functions with a name.
struct Before {
    visibility: Option<(Place, String)>,
    /// The dimension parameters, and where they are.
    dimensions: Result<Vec<Ident>, Reported>,
    dimensions_place: Place,
}

impl Before {
    fn read(cursor: &mut Cursor, errors: &mut Errors) -> Self {
        let (start, first) = (cursor.position(), cursor.here());
        function::visibility(cursor);
        let visibility =
            (cursor.position() > start).then(|| (first.to(cursor.previous()), texts(cursor.since(start))));
        if let Some(place) = cursor.take_word("move") {
            errors.push(place, message::captures());
        }
        let first = cursor.here();
        let dimensions = dimension::parameters(cursor, &Ident::new(NAME, first.first), errors);
        Before { visibility, dimensions, dimensions_place: first.to(cursor.previous()) }
    }

    /// Each of the things that only a function with a name can have, with its place.
    fn only_of_functions(&self, attributes: &Attributes) -> Vec<(Place, &'static str)> {
        let gradients = attributes.gradients.iter().map(|gradients| (gradients.place, "`#[grad]`"));
        let instances = attributes.instances.iter().map(|instances| (instances.place, "`#[instances]`"));
        let conditions = attributes.kept.iter().filter(|attribute| attribute::is_cfg(attribute));
        // The `#` before the brackets is not that of the source.
        let brackets = conditions.filter_map(|attribute| attribute.clone().into_iter().last());
        let conditions = brackets.map(|brackets| (place(&brackets), "`#[cfg]`"));
        let visibility = self.visibility.iter().map(|(place, _)| (*place, "`pub`"));
        let has_dimensions = self.dimensions.as_ref().is_ok_and(|names| !names.is_empty());
        let dimensions = has_dimensions.then_some((self.dimensions_place, "a dimension parameter"));
        gradients.chain(instances).chain(conditions).chain(visibility).chain(dimensions).collect()
    }

    /// The declaration of a function with all that was written.
    fn declaration(&self, attributes: &Attributes, arguments: &[Argument], results: &[ResultType]) -> String {
        let mut text = String::new();
        if let Some(gradients) = &attributes.gradients {
            text += &format!("{gradients} ");
        }
        if attributes.kept.iter().any(attribute::is_cfg) {
            text += "#[cfg(…)] ";
        }
        let dimensions = &self.dimensions.iter().flatten().collect::<Vec<&Ident>>();
        text.extend(dimensions.iter().map(|name| format!("#[instances({name} = 1..=8)] ")));
        let visibility = self.visibility.as_ref().map_or("", |(_, visibility)| visibility.as_str());
        let head = Head { visibility, name: "name", dimensions, arguments };
        let results = if results.is_empty() { " -> Vi<1>".to_string() } else { Results(results).to_string() };
        format!("{text}{head}{results} {{ … }}")
    }
}
