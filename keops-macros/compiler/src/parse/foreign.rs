//! What people write out of habit of Rust or Python, and the sentence that says what to write instead.

use super::cursor::{Cursor, text};
use super::expression::Ends;
use super::literal;
use crate::ast::Place;
use crate::message::syntax::{body, declaration, expression, foreign};
use proc_macro2::{Delimiter, TokenTree};

/// What is wrong, and where.
type Fault = (Place, String);

/// The words that Rust keeps for itself.
const KEYWORDS: [&str; 53] = [
    "_", "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self",
    "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

/// Whether Rust keeps this word for itself, so that it cannot be a name.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// Whether a symbol assigns, in Rust.
pub(super) fn is_assignment(symbol: &str) -> bool {
    matches!(symbol, "=" | "+=" | "-=" | "*=" | "/=" | "^=" | "%=" | "|=" | "&=")
}

/// Whether the cursor is at `&` before an operand.
pub(super) fn is_reference(cursor: &Cursor) -> bool {
    matches!(cursor.symbol(), Some("&" | "&&"))
}

/// What is wrong at a token that stands where an operand should.
pub(super) fn operand(cursor: &Cursor) -> Fault {
    let (before, before_place) = cursor.previous_text();
    let message = match cursor.symbol() {
        Some("&" | "&&") => foreign::reference(),
        Some("*") if before == "*" => {
            return (before_place.to(cursor.found_place()), expression::power_with_space());
        }
        Some("*") => foreign::dereference(),
        Some("+") => foreign::unary_plus(),
        Some(symbol @ ("!" | "~")) => foreign::not(symbol),
        Some(symbol @ ("|" | "||")) => foreign::closure(symbol),
        Some("::") => foreign::path(),
        Some(":") => foreign::colon(),
        Some(".") => match cursor.peek_at(1) {
            Some(TokenTree::Literal(digits)) => {
                let place = cursor.here().to(Place::of(digits.span()));
                return (place, expression::leading_point(&digits.to_string()));
            }
            _ => foreign::left_operand_missing("."),
        },
        Some(".." | "..=" | "...") => foreign::range(),
        Some("," | ";") => return (before_place, expression::missing(&before)),
        Some(symbol @ ("#" | "$" | "?" | "'" | "\\" | "`")) => foreign::unexpected(symbol),
        Some(symbol) => foreign::left_operand_missing(symbol),
        None if cursor.at_end() => return (before_place, expression::missing(&before)),
        // Words, literals and other groups are operands.
        None => foreign::block(),
    };
    (cursor.found_place(), message)
}

/// What is wrong with a word that should be a name or an operation, if something is.
pub(super) fn name(cursor: &Cursor) -> Option<Fault> {
    let ident = cursor.ident()?;
    let word = ident.to_string();
    let called = cursor.is_group_at(1, Delimiter::Parenthesis);
    let message = match word.as_str() {
        "if" | "match" => foreign::choice(&word),
        "for" | "while" | "loop" => body::loop_statement(&word),
        "return" | "break" | "continue" => foreign::jump(&word),
        "move" | "lambda" if !called => foreign::closure(&word),
        "unsafe" | "async" | "const" if cursor.is_group_at(1, Delimiter::Brace) => foreign::block(),
        "not" if matches!(cursor.peek_at(1), Some(TokenTree::Ident(_) | TokenTree::Literal(_))) => {
            foreign::not(&word)
        }
        "let" => foreign::inner_let(),
        "true" | "false" => foreign::boolean(&word),
        _ if cursor.symbol_at(1) == Some("::") => return Some(path(cursor)),
        _ if cursor.symbol_at(1) == Some("!") && matches!(cursor.peek_at(2), Some(TokenTree::Group(_))) => {
            foreign::macro_call(&word)
        }
        // An operation may have a name that is a keyword, such as `mod`.
        _ if !called && is_keyword(&word) => foreign::keyword(&word),
        _ => return None,
    };
    Some((Place::of(ident.span()), message))
}

/// The fault at a path, from here to its last part.
pub(super) fn path(cursor: &Cursor) -> Fault {
    let mut last = cursor.found_place();
    let mut ahead = usize::from(cursor.ident().is_some());
    while cursor.symbol_at(ahead) == Some("::") {
        ahead += 2;
        if let Some(TokenTree::Ident(part)) = cursor.peek_at(ahead) {
            last = Place::of(part.span());
            ahead += 1;
        }
    }
    (cursor.here().to(last), foreign::path())
}

/// What is wrong at a token that stands where an operator should, or an end.
pub(super) fn after_operand(cursor: &Cursor, ends: Ends) -> Fault {
    let message = match cursor.symbol() {
        Some("%") => foreign::remainder(),
        Some("@") => foreign::matrix_product(),
        Some(symbol @ ("&" | "&&")) => foreign::and(symbol),
        Some("||") => foreign::or("||"),
        Some(symbol @ ("<<" | ">>")) => foreign::shift(symbol),
        Some("=<") => foreign::comparison_misspelt("=<", "<="),
        Some("=>") => foreign::comparison_misspelt("=>", ">="),
        Some("<>") => foreign::comparison_misspelt("<>", "!="),
        Some(symbol) if is_assignment(symbol) => foreign::assignment(symbol),
        Some("?") => foreign::question_mark(),
        Some("::") => foreign::path(),
        Some(".." | "..=" | "...") => foreign::range(),
        Some(":") => foreign::colon(),
        Some(",") => body::results_without_parentheses(),
        Some(symbol) => foreign::unexpected(symbol),
        None => return side_by_side(cursor, ends),
    };
    (cursor.found_place(), message)
}

/// The fault at an operand, or a word, that follows an operand.
fn side_by_side(cursor: &Cursor, ends: Ends) -> Fault {
    let message = match cursor.ident().map(ToString::to_string).as_deref() {
        Some("as") => foreign::cast(),
        Some(word @ ("if" | "else")) => foreign::choice(word),
        Some("and") => foreign::and("and"),
        Some("or") => foreign::or("or"),
        Some("let") => foreign::inner_let(),
        Some(word) if is_keyword(word) => foreign::unexpected(word),
        _ if cursor.is_group_at(0, Delimiter::Brace) => foreign::block(),
        _ => {
            let found = cursor.peek().map(text).unwrap_or_default();
            expression::side_by_side(&found, ends == Ends::Comma)
        }
    };
    (cursor.found_place(), message)
}

/// What is wrong with a word as a name, if something is.
pub(super) fn name_fault(word: &str) -> Option<String> {
    if word == literal::INFINITY {
        return Some(declaration::infinity_as_name());
    }
    is_keyword(word).then(|| declaration::keyword_as_name(word))
}
