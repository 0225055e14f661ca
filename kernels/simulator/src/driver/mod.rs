//! The driver API: the functions that `cust` calls, on simulated devices.
//!
//! Device addresses are no host addresses, and no two contexts share one. Work on a stream waits until
//! somebody synchronises: a program that does not wait for its results reads what was there before. A
//! kernel's mistake makes its context unusable, as on a device.

mod ffi;
mod status;
mod settings;
mod device;
mod context;
mod module;
mod stream;
mod command;
mod api;

use std::ffi::{CStr, c_void};
use std::ptr::NonNull;

pub use device::{Device, Fault, device, set_device_count};
pub use settings::Settings;

/// Finds a driver function by its exported name; the substitute to give to `keops_driver::install`.
///
/// Each address is that of a function with the C signature that the driver API declares for the name.
pub fn entry_point(name: &CStr) -> Option<NonNull<c_void>> {
    let name = name.to_str().ok()?;
    api::TABLES.iter().find_map(|find| find(name)).and_then(|function| NonNull::new(function.cast_mut()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_found_by_their_versioned_names() {
        assert!(entry_point(c"cuMemAlloc_v2").is_some());
        assert!(entry_point(c"cuMemAlloc").is_none());
        assert!(entry_point(c"cuArray3DCreate_v2").is_some(), "refused, with a message");
    }
}
