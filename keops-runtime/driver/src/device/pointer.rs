//! What the driver knows of an address.

use std::ffi::c_void;

use cust::sys::CUpointer_attribute::{
    CU_POINTER_ATTRIBUTE_CONTEXT, CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL, CU_POINTER_ATTRIBUTE_MEMORY_TYPE,
    CU_POINTER_ATTRIBUTE_RANGE_SIZE, CU_POINTER_ATTRIBUTE_RANGE_START_ADDR,
};

use super::failure::{Failure, call};
use super::{Context, initialise};

/// Whose memory an address is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// None that the driver knows: ordinary memory of the host, freed memory, or no memory at all.
    Unknown,
    /// Memory of the host that the driver has locked.
    Host,
    /// Memory of a device.
    Device,
}

/// What the driver knows of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointer {
    /// Whose memory it is.
    pub kind: Kind,
    /// The number of the device.
    pub ordinal: i32,
    /// Bytes from the address to the end of what was allocated; `None` where the driver does not tell.
    pub bytes: Option<usize>,
    /// The handle of the context, as a number; 0 for memory of a pool, which belongs to all contexts of a device.
    context: usize,
}

impl Pointer {
    /// Whether kernels of a context may use the memory.
    pub fn is_of(&self, context: &Context) -> bool {
        self.ordinal == context.ordinal() && (self.context == 0 || self.context == context.handle.0 as usize)
    }
}

/// Looks an address up.
///
/// # Errors
/// Those of [`initialise`].
pub fn pointer(address: u64) -> Result<Pointer, Failure> {
    initialise()?;
    let (mut context, mut kind, mut ordinal, mut start, mut size) = (0usize, 0u32, 0i32, 0u64, 0usize);
    let mut attributes = [
        CU_POINTER_ATTRIBUTE_CONTEXT,
        CU_POINTER_ATTRIBUTE_MEMORY_TYPE,
        CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL,
        CU_POINTER_ATTRIBUTE_RANGE_START_ADDR,
        CU_POINTER_ATTRIBUTE_RANGE_SIZE,
    ];
    let mut places: [*mut c_void; 5] = [
        (&raw mut context).cast(),
        (&raw mut kind).cast(),
        (&raw mut ordinal).cast(),
        (&raw mut start).cast(),
        (&raw mut size).cast(),
    ];
    // SAFETY: as many places as attributes, each of the attribute's type: a handle, an enumeration, a number, an
    // address, a size. An address that is none is no error here.
    unsafe {
        call!(cuPointerGetAttributes(5, attributes.as_mut_ptr(), places.as_mut_ptr(), address))?;
    }
    let kind = match kind {
        1 => Kind::Host,
        // Memory of a device, and managed memory.
        2 | 4 => Kind::Device,
        _ => Kind::Unknown,
    };
    // From the address, which lies in the range, to the range's end.
    let before = address.checked_sub(start).and_then(|before| usize::try_from(before).ok());
    let bytes = before.filter(|_| size > 0).map(|before| size.saturating_sub(before));
    Ok(Pointer { kind, ordinal, bytes, context })
}
