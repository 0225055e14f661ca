//! The oracle of the tests: what a formula means, computed naively in f64.
//!
//! The evaluator walks the syntax tree pair by pair, with its own idea of every operation and reduction, and carries a
//! bound on the rounding errors of each value; it shares nothing with the compiler but the parser. [`formula!`] ties
//! it to the macro: one text, compiled by `keops!` and read by the evaluator.

pub mod case;
pub mod compare;
pub mod data;
#[cfg(feature = "device")]
pub mod device;
pub mod evaluate;
pub mod precision;
pub mod random;
pub mod special;
pub mod tally;

mod dimensions;
mod harness;

use keops_compiler::ast::{Block, Function};
use keops_compiler::error::Errors;
use keops_compiler::parse;
use proc_macro2::TokenStream;

/// All functions of a text, as between the braces of `keops!`.
///
/// # Panics
/// If the text has syntax errors.
pub fn block(text: &str) -> Block {
    let tokens: TokenStream = text.parse().unwrap_or_else(|e| panic!("{e} in\n{text}"));
    let mut errors = Errors::new();
    let block = parse::block(tokens, &mut errors);
    errors.finish().unwrap_or_else(|rejected| panic!("{rejected}\n{text}"));
    block
}

/// The only function of a formula's text.
///
/// # Panics
/// If the text has syntax errors or several functions.
pub fn function(text: &str) -> Function {
    let mut functions = block(text).functions;
    assert_eq!(functions.len(), 1, "one formula at a time:\n{text}");
    functions.remove(0)
}
