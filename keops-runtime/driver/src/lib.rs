//! The CUDA driver's functions, forwarded to a driver library that is opened at run time.
//!
//! A program that is linked against `libcuda.so.1` does not start where there is no driver. This crate
//! defines the functions itself, under the names that `cust` links to. Each opens the library on first use
//! and forwards; without a library it returns `CUDA_ERROR_NO_DEVICE` (100). A program with GPU code thus
//! starts anywhere and learns from an ordinary error that it has to run on the CPU.
//!
//! | situation | what every function returns |
//! |---|---|
//! | no library found | 100, `CUDA_ERROR_NO_DEVICE` |
//! | the library lacks the function (an older driver) | 500, `CUDA_ERROR_NOT_FOUND` |
//! | the library returns a code newer than CUDA 11.4 | 999, `CUDA_ERROR_UNKNOWN` |
//! | otherwise | what the library returns |
//!
//! The third row is needed because `cust` 0.3.2 holds the codes of CUDA 11.4 in a Rust enum, where any other
//! value would be undefined behaviour. Failures of the module `device` have the code as the library returned it.
//!
//! The library is `libcuda.so.1`, or the file that the environment variable [`LIBRARY_VARIABLE`] names. Tests
//! link a driver of their own into the program and hand it over with [`install`].
//!
//! A crate that uses `cust` must call [`available`] somewhere: a crate of which nothing is used is not
//! linked, and its functions with it.
//!
//! With the feature `device` the module `device` wraps what the run time of keops does with a device, on top of `cust`
//! and free of `unsafe`.
//!
//! # Other systems
//!
//! Forwarding is done on Linux. Elsewhere this crate defines no driver functions: `cust` is linked to the
//! driver's import library there, and a program built with it starts only where the driver is installed.

#[cfg(feature = "device")]
pub mod device;
#[cfg(target_os = "linux")]
mod entry_points;
#[cfg(target_os = "linux")]
mod library;
#[cfg(target_os = "linux")]
mod status;

#[cfg(target_os = "linux")]
pub use library::{AlreadyOpen, Find, install};

/// The environment variable that holds the path of a driver library to open in place of `libcuda.so.1`.
///
/// It is read once, at the first driver call. An empty value means that there is no driver, which runs the
/// CPU path of a program on a machine that has one.
pub const LIBRARY_VARIABLE: &str = "KEOPS_CUDA_DRIVER";

/// Whether there is a driver library. It may still find no device: `cuInit` tells.
pub fn available() -> bool {
    why_missing().is_none()
}

/// Why there is no driver library, or `None` if there is one.
#[cfg(target_os = "linux")]
pub fn why_missing() -> Option<&'static str> {
    entry_points::keep();
    library::why_missing()
}

/// Why there is no driver library: never known here, since the program would not have started without it.
#[cfg(not(target_os = "linux"))]
pub fn why_missing() -> Option<&'static str> {
    None
}
