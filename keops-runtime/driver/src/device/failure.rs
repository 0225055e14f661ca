//! Driver functions that fail.

use std::ffi::{CStr, c_char, c_int};

use cust::sys;

/// A driver function that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failure {
    call: &'static str,
    code: u32,
}

// The driver's function, or that of this crate, with the code as a number: `cust` has it as an enumeration of the codes of
// CUDA 11.4.
unsafe extern "C" {
    fn cuGetErrorString(error: c_int, text: *mut *const c_char) -> c_int;
}

impl Failure {
    /// Out of device memory.
    pub const OUT_OF_MEMORY: u32 = 2;
    /// There is no device, or no driver.
    pub const NO_DEVICE: u32 = 100;
    /// The driver lacks the function.
    pub const NOT_FOUND: u32 = 500;
    /// The device or the driver cannot do it.
    pub const NOT_SUPPORTED: u32 = 801;
    /// What was linked or opened is the stub of a driver.
    pub const STUB_LIBRARY: u32 = 34;
    /// A text that is no PTX.
    pub const INVALID_PTX: u32 = 218;
    /// No context is current.
    pub const INVALID_CONTEXT: u32 = 201;

    /// A failure of one of the codes above.
    pub(super) fn new(call: &'static str, code: u32) -> Failure {
        Failure { call, code }
    }

    /// The function.
    pub fn call(&self) -> &'static str {
        self.call
    }

    /// The code that it returned, a `CUresult`; also one that is newer than `cust`.
    pub fn code(&self) -> u32 {
        self.code
    }

    /// Whether the context is lost: an error of the hardware or of a kernel that ran, after which the driver answers
    /// all further calls with the same code.
    pub fn is_sticky(&self) -> bool {
        matches!(self.code, 214 | 220 | 226 | 700 | 702 | 709 | 710 | 714..=719 | 721)
    }

    /// What the driver says about the code.
    pub fn text(&self) -> String {
        let mut text = std::ptr::null();
        // SAFETY: a place for one pointer; any number may be asked about.
        let code = unsafe { cuGetErrorString(self.code as c_int, &mut text) };
        if code != 0 || text.is_null() {
            return "an error unknown to the driver".to_owned();
        }
        // SAFETY: the driver's texts are static and end with NUL.
        unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
    }
}

/// The outcome of a driver function. Its name is told without the version, as in documentation.
pub(super) fn outcome(call: &'static str, code: sys::cudaError_enum) -> Result<(), Failure> {
    #[cfg(target_os = "linux")]
    let code = crate::status::original(code as c_int) as u32;
    #[cfg(not(target_os = "linux"))]
    let code = code as u32;
    match code {
        0 => Ok(()),
        code => Err(Failure { call: call.trim_end_matches("_v2"), code }),
    }
}

/// Calls a driver function of cust's bindings.
macro_rules! call {
    ($function:ident($($argument:expr),* $(,)?)) => {
        $crate::device::failure::outcome(stringify!($function), ::cust::sys::$function($($argument),*))
    };
}
pub(super) use call;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_are_lost_by_what_runs_and_not_by_what_is_refused() {
        let is_sticky = |code| Failure::new("cuStreamSynchronize", code).is_sticky();
        // Memory errors, one that is contained, a hung kernel, addresses, a failed launch, a destroyed context, tensor memory
        // that was not given back.
        assert!([214, 226, 700, 702, 709, 710, 716, 719, 721].into_iter().all(is_sticky));
        // Wrong values, no memory, no resources, no such function, peers and locked memory, a cooperative launch that is
        // too large, not now.
        assert!(![1, 2, 600, 701, 500, 704, 712, 720, 800, 801, 999].into_iter().any(is_sticky));
    }
}
