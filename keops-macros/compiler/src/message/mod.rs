//! Every sentence that a user can see, in one place: [`syntax`](crate::message::syntax) for what cannot be read, the others for what
//! has no meaning. The shape is always the same: what is wrong, with the numbers; where they come from;
//! `rule:`; `help:` with text to paste.

pub mod dims;
pub mod names;
pub mod reductions;
pub mod results;
pub mod syntax;

/// What to do where a single number is wanted and `text`, if it is short enough to be pasted, has several.
fn sum_or_take_one(text: Option<&str>) -> String {
    let text = text.unwrap_or("…");
    format!("sum its coordinates with `Sum({text})`, or take one of them with `[0]`")
}
