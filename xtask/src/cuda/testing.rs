//! What the unit tests share.

use super::sass::{self, Instruction};
use std::fmt::Write;

/// The instructions of a kernel of these lines, 16 bytes each.
pub(crate) fn code(lines: &[&str]) -> Vec<Instruction> {
    let mut text = "Function : kernel\n".to_owned();
    for (k, line) in lines.iter().enumerate() {
        writeln!(text, "/*{:04x}*/ {line} ;", 16 * k).expect("a string takes all text");
    }
    sass::parse(&text).remove("kernel").expect("the text has this kernel")
}
