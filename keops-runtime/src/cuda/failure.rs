//! Failures of the driver as errors.

use keops_driver::device::{Failure, Refused, compute_capability, driver_version};

use super::module;
use crate::error::Error;

/// A failure that is nothing special.
pub(super) fn driver(failure: Failure) -> Error {
    let (call, code, text) = (failure.call(), failure.code(), failure.text());
    match failure.is_sticky() {
        true => Error::DeviceLost { call, code, text },
        false => Error::Driver { call, code, text },
    }
}

/// A failure to allocate.
pub(super) fn allocation(failure: Failure, bytes: usize) -> Error {
    match failure.code() {
        Failure::OUT_OF_MEMORY => Error::OutOfDeviceMemory { bytes },
        _ => driver(failure),
    }
}

/// A failure to initialise the driver for the device of a number.
pub(super) fn initialisation(failure: Failure, ordinal: usize) -> Error {
    match (keops_driver::why_missing(), failure.code()) {
        (Some(reason), _) => Error::NoDriver { reason: reason.to_owned() },
        (None, Failure::STUB_LIBRARY) => Error::NoDriver { reason: failure.text() },
        (None, Failure::NO_DEVICE) => Error::NoDevice { ordinal, count: 0 },
        (None, _) => driver(failure),
    }
}

/// Why the driver does not load the kernel of a function on a device.
pub(super) fn loading(refused: Refused, function: &'static str, ptx: &str, ordinal: i32) -> Error {
    const NO_BINARY_FOR_DEVICE: u32 = 209;
    const NO_COMPILER: u32 = 221;
    const UNSUPPORTED_PTX_VERSION: u32 = 222;
    const COMPILER_OFF: u32 = 223;
    let Refused { failure, log } = refused;
    match failure.code() {
        UNSUPPORTED_PTX_VERSION => {
            let need = module::version(ptx).unwrap_or_default();
            Error::DriverTooOld { function, have: driver_version().unwrap_or_default(), need }
        }
        code @ (Failure::INVALID_PTX | NO_BINARY_FOR_DEVICE) => {
            match (module::target(ptx), compute_capability(ordinal)) {
                (Some(built), Ok(device)) if built > device => {
                    Error::UnsupportedArch { function, device, built }
                }
                _ if code == NO_BINARY_FOR_DEVICE => not_compiled(failure),
                _ => Error::InvalidPtx { function, log: or_text(log, failure) },
            }
        }
        NO_COMPILER | COMPILER_OFF => not_compiled(failure),
        // An image that is no PTX at all, and a text without the kernel that was asked for.
        200 | Failure::NOT_FOUND => Error::InvalidPtx { function, log: or_text(log, failure) },
        Failure::OUT_OF_MEMORY => Error::OutOfDeviceMemory { bytes: ptx.len() },
        _ => driver(failure),
    }
}

/// The driver compiles no PTX at all, and programs of keops hold nothing else.
fn not_compiled(failure: Failure) -> Error {
    let text = format!(
        "{}: the driver has to compile the PTX of the program, see whether `CUDA_DISABLE_PTX_JIT` is set and \
         `libnvidia-ptxjitcompiler.so.1` installed",
        failure.text()
    );
    Error::Driver { call: failure.call(), code: failure.code(), text }
}

/// The log, or what the driver says about the code where there is none.
fn or_text(log: String, failure: Failure) -> String {
    if log.is_empty() { format!("{}: {}", failure.call(), failure.text()) } else { log }
}
