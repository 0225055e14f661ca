//! Loop program to Rust.
