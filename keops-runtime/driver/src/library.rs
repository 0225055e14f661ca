//! Where the driver's functions come from: a library, a substitute installed by a test, or nowhere.

use std::ffi::{CStr, OsString, c_void};
use std::ptr::NonNull;
use std::sync::OnceLock;

use libloading::Library;

use crate::LIBRARY_VARIABLE;

/// Finds a driver function by its exported name, such as `cuMemAlloc_v2`.
pub type Find = fn(&CStr) -> Option<NonNull<c_void>>;

enum Driver {
    Library(Library),
    Substitute(Find),
    Missing(String),
}

static DRIVER: OnceLock<Driver> = OnceLock::new();

/// The driver was already in use when a substitute was to be installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlreadyOpen;

impl std::fmt::Display for AlreadyOpen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a CUDA driver is already in use: a substitute is installed before the first driver call")
    }
}

impl std::error::Error for AlreadyOpen {}

/// Has all driver calls of the program answered by the functions that `find` finds. Installing the same
/// substitute again is allowed, so that each test may do it.
///
/// # Safety
///
/// Each address that `find` returns must be that of a function with the signature that the CUDA driver API
/// declares for the name, valid for the rest of the program.
pub unsafe fn install(find: Find) -> Result<(), AlreadyOpen> {
    match DRIVER.get_or_init(|| Driver::Substitute(find)) {
        Driver::Substitute(installed) if std::ptr::fn_addr_eq(*installed, find) => Ok(()),
        _ => Err(AlreadyOpen),
    }
}

/// Why there is no library, if there is none.
pub(crate) fn why_missing() -> Option<&'static str> {
    match driver() {
        Driver::Missing(reason) => Some(reason),
        Driver::Library(_) | Driver::Substitute(_) => None,
    }
}

/// The address of a driver function, if the driver has it.
pub(crate) fn find(name: &CStr) -> Option<NonNull<c_void>> {
    match driver() {
        Driver::Library(library) => {
            // SAFETY: the symbol is only asked for its address here; `entry_points` states what it is called
            // as.
            let symbol = unsafe { library.get::<*mut c_void>(name.to_bytes_with_nul()) };
            symbol.ok().and_then(|symbol| NonNull::new(*symbol))
        }
        Driver::Substitute(find) => find(name),
        Driver::Missing(_) => None,
    }
}

fn driver() -> &'static Driver {
    DRIVER.get_or_init(|| open(std::env::var_os(LIBRARY_VARIABLE)))
}

fn open(path: Option<OsString>) -> Driver {
    let path = path.unwrap_or_else(|| "libcuda.so.1".into());
    if path.is_empty() {
        return Driver::Missing(format!("`{LIBRARY_VARIABLE}` is empty"));
    }
    // SAFETY: opening a library runs its initialisers. The CUDA driver's may run at any time; a file named by
    // the user is trusted as the user's own program is.
    match unsafe { Library::new(&path) } {
        Ok(library) => Driver::Library(library),
        Err(error) => Driver::Missing(format!("cannot open `{}`: {error}", path.to_string_lossy())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_library_is_named() {
        let Driver::Missing(reason) = open(Some("/nowhere/libcuda.so.1".into())) else {
            panic!("a library that does not exist was opened")
        };
        assert!(reason.contains("/nowhere/libcuda.so.1"), "{reason}");
    }

    #[test]
    fn an_empty_path_means_no_driver() {
        assert!(
            matches!(open(Some(OsString::new())), Driver::Missing(reason) if reason.contains("is empty"))
        );
    }
}
