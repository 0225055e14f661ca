//! Number literals.

use crate::message::syntax::{expression, foreign};
use crate::number::Number;

/// The literal that is a word: ∞.
pub(super) const INFINITY: &str = "Inf";

/// The value of a literal, or the sentence that says what is wrong with it.
pub(super) fn number(text: &str) -> Result<Number, String> {
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return Err(foreign::text_literal(text));
    }
    if text.starts_with("0x") || text.starts_with("0b") || text.starts_with("0o") {
        return Err(expression::not_decimal(text));
    }
    let (digits, suffix) = split(text);
    match suffix {
        "" => Number::parse(digits).ok_or_else(|| expression::not_representable(text)),
        _ if is_scalar_type(suffix) => Err(expression::suffix_type(digits, suffix)),
        _ => Err(expression::suffix_name(digits, suffix)),
    }
}

/// The value of an integer literal, if it is one that fits.
pub(super) fn natural(text: &str) -> Option<usize> {
    if !is_digits(text) {
        return None;
    }
    text.replace('_', "").parse().ok()
}

/// Whether a literal is a decimal integer without a suffix.
pub(super) fn is_digits(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(|b| b.is_ascii_digit() || b == b'_')
}

/// The digits of a literal, with point and exponent, and the suffix behind them.
pub(super) fn split(text: &str) -> (&str, &str) {
    let skip_digits = |from: usize| {
        let is_other = |b: u8| !(b.is_ascii_digit() || b == b'_');
        text[from..].bytes().position(is_other).map_or(text.len(), |length| from + length)
    };
    let mut end = skip_digits(0);
    if text[end..].starts_with('.') {
        end = skip_digits(end + 1);
    }
    if text[end..].starts_with(['e', 'E']) {
        let sign = usize::from(text[end + 1..].starts_with(['+', '-']));
        let exponent = skip_digits(end + 1 + sign);
        if text[end + 1 + sign..exponent].bytes().any(|b| b.is_ascii_digit()) {
            end = exponent;
        }
    }
    text.split_at(end)
}

/// Whether a suffix is one of Rust's number types.
fn is_scalar_type(suffix: &str) -> bool {
    let width = suffix.trim_start_matches(['f', 'i', 'u']);
    suffix.len() == width.len() + 1 && matches!(width, "8" | "16" | "32" | "64" | "128" | "size")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_split_before_its_suffix() {
        for (digits, suffix) in [
            ("12", ""),
            ("1_000", ""),
            ("1.", ""),
            ("1.5e-3", ""),
            ("2e1_0", ""),
            ("1.0", "f32"),
            ("1_", "f64"),
            ("3", "usize"),
            ("2", "x"),
            ("2", "e"),
            ("2", "exp"),
            ("1e5", "f32"),
            ("2", "é"),
        ] {
            assert_eq!(split(&format!("{digits}{suffix}")), (digits, suffix));
        }
    }

    #[test]
    fn types_are_told_from_names() {
        for suffix in ["f32", "f64", "i8", "u128", "usize", "isize", "f16"] {
            assert!(is_scalar_type(suffix), "{suffix}");
        }
        for suffix in ["x", "f", "s", "f3", "ff32", "size", "fsized", ""] {
            assert!(!is_scalar_type(suffix), "{suffix}");
        }
    }

    #[test]
    fn values_are_exact() {
        assert_eq!(number("0.1").unwrap(), Number::rational(1, 10));
        assert_eq!(number("1_000").unwrap(), Number::integer(1000));
        assert_eq!(number("2.").unwrap(), Number::integer(2));
        assert_eq!(number("25e-1").unwrap(), Number::rational(5, 2));
    }

    #[test]
    fn naturals_have_no_point_and_no_suffix() {
        assert_eq!(natural("0"), Some(0));
        assert_eq!(natural("1_0"), Some(10));
        for text in ["1.", "1e2", "3u8", "0x1", "99999999999999999999", "'a'"] {
            assert_eq!(natural(text), None, "{text}");
        }
    }
}
