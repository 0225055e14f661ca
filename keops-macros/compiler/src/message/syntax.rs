//! Sentences about what cannot be read, one function each, by the part of the language they are about.
//!
//! Every sentence has the same shape: what is wrong, then `rule:` with what the language wants, then `help:` with text
//! that can be pasted.

pub mod body;
pub mod brackets;
pub mod closure;
pub mod declaration;
pub mod dimension;
pub mod expression;
pub mod foreign;
pub mod helper;
pub mod limit;
pub mod repeat;

/// The lines of a message.
fn lines(wrong: String, rule: &str, help: String) -> String {
    format!("{wrong}\nrule: {rule}\nhelp: {help}")
}
