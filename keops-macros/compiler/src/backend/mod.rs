//! Loop program to code.

pub mod cuda;
pub mod rust;
