//! The `keops!` macro.
