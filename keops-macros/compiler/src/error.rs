//! The collector of errors.
//!
//! A stage pushes what it finds and goes on; the barrier after the stage (`Errors::finish`) lets the next one start
//! only if nothing was found. So a user sees all mistakes of a stage at once, and none that merely follows from another.

use crate::ast::Place;
use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use std::collections::HashSet;
use std::fmt;

/// What is wrong, and where.
#[derive(Clone, Debug)]
pub struct Error {
    /// The smallest piece of source that is at fault.
    pub place: Place,
    /// A sentence of [`crate::message`].
    pub message: String,
}

impl Error {
    /// A `compile_error!` for this error.
    ///
    /// rustc underlines a macro call from its first token to its last, so the path carries the span where the place
    /// begins and the body the span where it ends; on stable the two cannot be joined in any other way.
    fn to_tokens(&self) -> TokenStream {
        let path = quote_spanned!(self.place.first=> ::core::compile_error!);
        let mut message = Literal::string(&self.message);
        message.set_span(self.place.last);
        let mut body = Group::new(Delimiter::Brace, TokenTree::from(message).into());
        body.set_span(self.place.last);
        quote!(#path #body)
    }
}

/// The errors of a stage while it runs.
///
/// # Panics
/// When dropped with errors inside: an error that nobody reports would let a wrong program through.
#[derive(Debug, Default)]
pub struct Errors {
    found: Vec<Error>,
}

impl Errors {
    /// No errors yet.
    pub fn new() -> Self {
        Errors::default()
    }

    /// Adds an error.
    pub fn push(&mut self, place: Place, message: String) {
        self.found.push(Error { place, message });
    }

    /// Whether nothing has been found so far.
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// How many have been found so far.
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Takes over what another collector has found, each message as `retold`.
    pub fn take_over(&mut self, mut other: Errors, mut retold: impl FnMut(String) -> String) {
        let found = std::mem::take(&mut other.found).into_iter();
        self.found.extend(found.map(|Error { place, message }| Error { place, message: retold(message) }));
    }

    /// Forgets what was found: it follows from an error that is reported elsewhere.
    pub fn discard(mut self) {
        self.found.clear();
    }

    /// The barrier after a stage: hands over what was found and leaves the collector empty for the next stage. Of the errors of
    /// one place, as of a helper that is called twice or of a loop, the first is reported: they are one mistake.
    pub fn finish(&mut self) -> Result<(), Rejected> {
        if self.found.is_empty() {
            return Ok(());
        }
        let mut seen = HashSet::new();
        let mut errors = std::mem::take(&mut self.found);
        // Spans can be compared by what they print only.
        errors.retain(|Error { place, .. }| seen.insert(format!("{:?} {:?}", place.first, place.last)));
        Err(Rejected { errors })
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        // A second panic while the first unwinds would abort the compiler.
        if !self.found.is_empty() && !std::thread::panicking() {
            panic!(
                "internal error in keops, please report: errors were found and not reported: {:?}",
                self.found
            );
        }
    }
}

/// The errors that stopped the compilation of a block; at least one.
#[derive(Clone, Debug)]
pub struct Rejected {
    errors: Vec<Error>,
}

impl Rejected {
    /// The errors in the order found.
    pub fn errors(&self) -> &[Error] {
        &self.errors
    }

    /// The errors as items, for a macro call that stands where items stand.
    pub fn to_items(&self) -> TokenStream {
        self.errors.iter().map(Error::to_tokens).collect()
    }

    /// The errors as one expression, for a macro call that stands where an expression stands.
    ///
    /// The block ends in a `compile_error!` with nothing after it: then its type is unknown to rustc, which adds no
    /// errors of its own about how the value is used.
    pub fn to_expression(&self) -> TokenStream {
        let errors = self.to_items();
        quote!({ #errors })
    }
}

impl fmt::Display for Rejected {
    /// The sentences alone, with a blank line between them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (k, error) in self.errors.iter().enumerate() {
            f.write_str(if k == 0 { "" } else { "\n\n" })?;
            f.write_str(&error.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Rejected {}

#[cfg(test)]
mod tests {
    use super::*;
    use proc_macro2::Span;

    fn two_errors() -> Errors {
        let mut errors = Errors::new();
        let tokens: Vec<_> = "first middle last".parse::<TokenStream>().unwrap().into_iter().collect();
        errors
            .push(Place { first: tokens[0].span(), last: tokens[2].span() }, "a \"quoted\" sentence".into());
        errors.push(Place::of(Span::call_site()), "another".into());
        errors
    }

    #[test]
    fn an_empty_collector_passes_the_barrier() {
        let mut errors = Errors::new();
        assert!(errors.is_empty());
        assert!(errors.finish().is_ok());
    }

    #[test]
    fn the_barrier_hands_over_every_error_once() {
        let mut errors = two_errors();
        assert!(!errors.is_empty());
        let rejected = errors.finish().unwrap_err();
        assert_eq!(rejected.errors().len(), 2);
        assert_eq!(rejected.to_string(), "a \"quoted\" sentence\n\nanother");
        assert!(errors.finish().is_ok());
    }

    #[test]
    #[should_panic(expected = "internal error in keops")]
    fn unread_errors_panic() {
        drop(two_errors());
    }

    #[test]
    fn discarded_errors_do_not_panic() {
        two_errors().discard();
    }

    #[test]
    fn a_panic_elsewhere_is_not_made_an_abort() {
        let caught = std::panic::catch_unwind(|| {
            let _errors = two_errors();
            panic!("elsewhere");
        });
        assert_eq!(*caught.unwrap_err().downcast::<&str>().unwrap(), "elsewhere");
    }

    #[test]
    fn the_first_span_is_on_the_path_and_the_last_on_the_body() {
        let items = two_errors().finish().unwrap_err().to_items();
        assert_eq!(items.to_string().matches(":: core :: compile_error ! {").count(), 2);
        let tokens: Vec<_> = items.into_iter().collect();
        let (path, body) = (&tokens[0], &tokens[7]);
        assert_eq!(path.span().source_text().unwrap(), "first");
        assert_eq!(body.span().source_text().unwrap(), "last");
        assert_eq!(body.to_string(), r#"{ "a \"quoted\" sentence" }"#);
    }

    #[test]
    fn in_expression_position_the_errors_end_a_block() {
        let expression = two_errors().finish().unwrap_err().to_expression();
        let tokens: Vec<_> = expression.into_iter().collect();
        let [TokenTree::Group(block)] = tokens.as_slice() else { panic!("{tokens:?}") };
        assert_eq!(block.delimiter(), Delimiter::Brace);
        assert!(matches!(block.stream().into_iter().last(), Some(TokenTree::Group(_))));
    }
}
