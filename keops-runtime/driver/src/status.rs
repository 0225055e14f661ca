//! The codes that driver functions return.

use std::cell::Cell;
use std::ffi::c_int;

/// No driver: the code with which `cuInit` answers where there is no device.
pub(crate) const NO_DEVICE: c_int = 100;
/// The driver lacks a function.
pub(crate) const NOT_FOUND: c_int = 500;
/// Any code that `cust` does not know.
const UNKNOWN: c_int = 999;

thread_local! {
    /// The last code that became `CUDA_ERROR_UNKNOWN`, or was it.
    static UNKNOWN_WAS: Cell<c_int> = const { Cell::new(UNKNOWN) };
}

/// The code itself if CUDA 11.4 has it, else `CUDA_ERROR_UNKNOWN`.
pub(crate) fn known(code: c_int) -> c_int {
    match code {
        0..=8 | 34 | 100..=102 | 200..=202 | 205..=224 | 300..=304 | 400 | 401 | 500 | 600 => code,
        700..=705 | 708..=720 | 800..=809 | 900..=911 => code,
        _ => {
            UNKNOWN_WAS.set(code);
            UNKNOWN
        }
    }
}

/// What the driver returned where [`known`] gave this code, the last one in this thread.
#[cfg(feature = "device")]
pub(crate) fn original(code: c_int) -> c_int {
    if code == UNKNOWN { UNKNOWN_WAS.get() } else { code }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_newer_than_cuda_11_4_become_unknown() {
        for newer in [36, 46, 47, 103, 225, 226, 227, 402, 721, 810, 811, 812, 912, 919, -1, 1000] {
            assert_eq!(known(newer), UNKNOWN, "{newer}");
            #[cfg(feature = "device")]
            assert_eq!((original(UNKNOWN), original(700)), (newer, 700));
        }
        for old in [0, 1, 2, 100, 218, 222, 700, 716, 719, 911, 999] {
            assert_eq!(known(old), old);
        }
    }
}
