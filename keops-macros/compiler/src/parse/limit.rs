//! How large a formula may be.
//!
//! rustc and every later stage recurse over formulas, so their depth is limited; the parser's own recursion goes with the
//! nesting of brackets, which is counted without recursion before it starts.

use super::Reported;
use super::cursor::place;
use crate::error::Errors;
use crate::message::syntax::limit;
use proc_macro2::{TokenStream, TokenTree};

/// How deep a formula may be nested.
pub const MAX_DEPTH: usize = 128;

/// How many operands and operations a function may hold.
pub const MAX_NODES: usize = 4096;

/// Reports the first bracket that is nested too deep.
pub(super) fn check_depth(tokens: &[TokenTree], errors: &mut Errors) -> Result<(), Reported> {
    let mut open = vec![tokens.iter().cloned().collect::<TokenStream>().into_iter()];
    while let Some(innermost) = open.last_mut() {
        match innermost.next() {
            Some(TokenTree::Group(group)) if open.len() > MAX_DEPTH => {
                errors.push(place(&TokenTree::Group(group)), limit::too_deep(MAX_DEPTH));
                return Err(Reported);
            }
            Some(TokenTree::Group(group)) => open.push(group.stream().into_iter()),
            Some(_) => {}
            None => {
                open.pop();
            }
        }
    }
    Ok(())
}
