//! Tokens to AST.
//!
//! Rust's own expression parser cannot read formulas: there `^` binds more loosely than `/`, so that `-d / s^2` would be
//! `(-d / s)^2`. The grammar, tightest first:
//!
//! ```text
//! block       functions and helpers, one after the other; or helpers, and then one closure
//! helper      `fn` name `(` name, … `)` `=` expression `;`
//! function    attributes visibility `fn` name `(` name `:` kind, … `)` `->` result `{` body `}`
//! closure     attributes `|` name `:` kind, … `|` body, with `->` result or without, and with braces or without
//! kind        `Vi<D>`  `Vj<D>`  `Pm<D>`
//! result      kind, `Vi<D, usize>` for indices, or several in parentheses
//! body        statements, and a last expression
//! statement   `let` name `=` expression `;`, or `let mut` …
//!             name `=` expression `;`, and `+=` `-=` `*=` `/=`, for what is `mut`
//!             `for` name `in` values `{` statements `}`
//! values      `a..b`  `a..=b`  `[number, …]`  or an argument, whose coordinates they are
//!
//! postfix     e.method(…)   e[k]   e[a..b]   e[a:b]
//! power       e ^ e   e ** e           right-associative; the exponent may carry a minus
//! minus       -e                       so -x^2 is -(x^2)
//! product     e * e   e / e
//! sum         e + e   e - e
//! dot         e | e
//! comparison  e < e   <=  >  >=  ==  !=   not chainable
//! ```
//!
//! One mistake is one error: an expression that cannot be read is given up to the next `,` or `;` of its group, and all
//! that surrounds it is read on. No recursion is deeper than `MAX_DEPTH` levels, whatever the input.

mod argument;
mod attribute;
mod body;
mod brackets;
mod call;
mod closure;
mod cursor;
mod dimension;
mod expression;
mod foreign;
mod function;
mod helper;
mod kind;
mod limit;
mod literal;
mod operand;
mod operator;
mod repeat;
mod scope;
mod statement;
#[cfg(test)]
mod tests;
mod tree;

pub use dimension::MAX_INSTANCES;
pub use limit::{MAX_DEPTH, MAX_NODES};

pub use attribute::is_cfg;

use crate::ast::{Block, Function};
use crate::error::Errors;
use crate::message::syntax::declaration;
use cursor::Cursor;
use helper::Helpers;
use proc_macro2::TokenStream;
use std::collections::HashMap;

/// The error has been pushed already: what failed is to be given up, silently.
#[derive(Clone, Copy, Debug)]
struct Reported;

/// Reads all that stands between the braces of `keops! { … }`.
///
/// After an error the block holds what could be read: a function whose signature is sound keeps it, so that it can be
/// declared and its callers get no further errors; one whose signature is uncertain has neither arguments nor results.
/// A closure is there in any case.
pub fn block(tokens: TokenStream, errors: &mut Errors) -> Block {
    let helpers = helper::all(tokens.clone(), errors);
    let mut cursor = Cursor::new(tokens);
    while helper::is_next(&cursor) {
        helper::pass(&mut cursor);
    }
    if closure::is_next(&cursor) {
        return Block { functions: vec![closure::read(&mut cursor, &helpers, errors)] };
    }
    let mut functions = Vec::new();
    if closure::refuse_bare(&cursor, &helpers, errors) {
        return Block { functions };
    }
    while !cursor.at_end() {
        if helper::is_next(&cursor) {
            helper::pass(&mut cursor);
        } else {
            functions.extend(function::read(&mut cursor, &helpers, errors));
        }
    }
    Block { functions: without_repetitions(functions, &helpers, errors) }
}

/// Refuses a second function of the same name, unless both are under `#[cfg]`, and one with the name of a helper.
fn without_repetitions(functions: Vec<Function>, helpers: &Helpers, errors: &mut Errors) -> Vec<Function> {
    let mut seen: HashMap<String, bool> = HashMap::new();
    let unique = |function: &Function| {
        let conditional = function.attributes.iter().any(is_cfg);
        let clash = seen.get(&function.name.to_string()).is_some_and(|earlier| !(conditional && *earlier))
            || helpers.is_known(&function.name.to_string());
        if clash {
            let message = declaration::function_repeated(&function.name.to_string());
            errors.push(crate::ast::Place::of(function.name.span()), message);
        }
        seen.entry(function.name.to_string()).or_insert(conditional);
        !clash
    };
    functions.into_iter().filter(unique).collect()
}
