//! Calls with device memory, on the simulated driver.
//!
//! The kernels of `ptx/dot.cu` stand for those of a formula, [`dot::dot`] for the function that `keops!` generates. Each
//! test has a device of its own.
#![cfg(target_os = "linux")]

mod arguments;
mod common;
mod destinations;
mod dot;
mod failures;
mod pointers;
mod results;
mod slices;
mod threads;
