//! Expressions as text, for messages: on one line, and not too long.

use crate::ast::{Expr, ExprKind};

/// The longest quotation, in characters.
const LONGEST: usize = 48;

/// The text of an expression. A long one is cut short, and ends in `…`.
pub(super) fn quote(e: &Expr) -> String {
    let text = e.to_string();
    if text.chars().count() <= LONGEST {
        return text;
    }
    let start: String = text.chars().take(LONGEST - 1).collect();
    start + "…"
}

/// The text of an expression that something is to be appended to, such as `[0..2]`; `None` if it is too long
/// to be quoted.
pub(super) fn quote_operand(e: &Expr) -> Option<String> {
    let text = e.to_string();
    let is_operand = matches!(
        e.kind,
        ExprKind::Name(_) | ExprKind::Call(_) | ExprKind::Coordinate(..) | ExprKind::Slice(..)
    );
    let text = if is_operand { text } else { format!("({text})") };
    (text.chars().count() <= LONGEST).then_some(text)
}

/// The text of an expression that is to be a factor; `None` if it is too long to be quoted.
pub(super) fn quote_factor(e: &Expr) -> Option<String> {
    match e.kind {
        ExprKind::Product(_) | ExprKind::Number(_) | ExprKind::Power(..) => quote_whole(e),
        _ => quote_operand(e),
    }
}

/// The text of an expression that is to be put between parentheses; `None` if it is too long to be quoted.
pub(super) fn quote_whole(e: &Expr) -> Option<String> {
    let text = e.to_string();
    (text.chars().count() <= LONGEST).then_some(text)
}
