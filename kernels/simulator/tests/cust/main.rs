//! The simulator under `cust`: kernels made by nvcc, kernels with mistakes, and the driver itself.
//!
//! The PTX is in `tests/ptx`, beside the CUDA C that it comes from.
#![cfg(target_os = "linux")]

mod broken;
mod common;
mod driver;
mod functions;
mod map_reduce;
mod memory;
mod threads;
