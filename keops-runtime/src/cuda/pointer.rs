//! Memory of somebody else, looked at before a kernel reads or writes it.

use std::sync::Arc;

use keops_driver::device::{self, Context, Kind, Stream};

use super::failure;
use crate::error::Error;

/// Checks that kernels may use `len` numbers of `size` bytes from an address on, and tells the context in which.
///
/// # Errors
/// [`Error::DevicePointer`], and those of a missing driver.
pub(super) fn check(
    argument: &'static str,
    address: u64,
    len: usize,
    size: usize,
) -> Result<Arc<Context>, Error> {
    let wrong = |why| Err(Error::DevicePointer { argument, why });
    if address == 0 {
        return wrong("its address is null");
    }
    if !address.is_multiple_of(size as u64) {
        return wrong("its address is not a multiple of the size of a number");
    }
    let found = device::pointer(address).map_err(|f| failure::initialisation(f, 0))?;
    match found.kind {
        Kind::Device => {}
        Kind::Host => return wrong("it is memory of the host: upload it with `Device::upload`"),
        Kind::Unknown => {
            return wrong(
                "the driver knows no memory there: upload it with `Device::upload`, and see that it is not freed",
            );
        }
    }
    let enough = |bytes: usize| len.checked_mul(size).is_some_and(|wanted| wanted <= bytes);
    if !found.bytes.is_none_or(enough) {
        return wrong("its memory ends before its last row: pass as many rows as are allocated");
    }
    let context = Stream::shared(found.ordinal).map_err(failure::driver)?.context().clone();
    if !found.is_of(&context) {
        return wrong(
            "it is of a context of its own: allocate in the primary one, which is that of `cust::context::Context`",
        );
    }
    Ok(context)
}

/// The error of two arguments in different contexts.
pub(super) fn different_devices(a: (&'static str, &Context), b: (&'static str, &Context)) -> Error {
    let number = |context: &Context| usize::try_from(context.ordinal()).unwrap_or(0);
    Error::DifferentDevices { argument_a: a.0, device_a: number(a.1), argument_b: b.0, device_b: number(b.1) }
}
