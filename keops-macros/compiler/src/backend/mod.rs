//! Loop program to code.

pub mod rust;
