//! What the driver knows of an address.

use crate::driver::context::{Holding, holding};
use crate::driver::device::require_initialised;
use crate::driver::ffi::{Out, Place};
use crate::driver::status::{INVALID_VALUE, NOT_SUPPORTED, Outcome};

entry_points! {
    // The address of no allocation is an error here.
    fn cuPointerGetAttribute(data: Place, attribute: u32, address: u64) {
        require_initialised()?;
        let bytes = attribute_bytes(attribute, address)?;
        data.write(&bytes.ok_or(INVALID_VALUE)?)
    }

    // The address of no allocation has attributes of zero here.
    fn cuPointerGetAttributes(count: u32, attributes: Out<u32>, data: Out<Place>, address: u64) {
        require_initialised()?;
        for i in 0..count as usize {
            let attribute = attributes.at(i).get()?;
            let bytes = attribute_bytes(attribute, address)?;
            let unknown = || vec![0; size(attribute)];
            data.at(i).get()?.write(&bytes.unwrap_or_else(unknown))?;
        }
        Ok(())
    }
}

/// Bytes of an attribute's value.
fn size(attribute: u32) -> usize {
    match attribute {
        // Memory type, synchronous copies, managed memory, number of the device, mapped.
        2 | 6 | 8 | 9 | 13 => 4,
        _ => 8,
    }
}

/// The value of an attribute, by its number in `CUpointer_attribute`; `None` for an address that is not the
/// driver's.
fn attribute_bytes(attribute: u32, address: u64) -> Outcome<Option<Vec<u8>>> {
    if !matches!(attribute, 1..=3 | 6..=9 | 11..=13) {
        return Err(NOT_SUPPORTED);
    }
    let Some(Holding { context, start, bytes, of_host, of_pool }) = holding(address) else {
        return Ok(None);
    };
    let value = match attribute {
        1 if of_pool => 0,
        1 => context.handle as u64,
        // Locked memory of the host, or memory of the device.
        2 => 2 - u64::from(of_host),
        3 => address,
        // The number of the allocation, for which its start does.
        7 | 11 => start,
        9 => context.device.ordinal() as u64,
        12 => bytes as u64,
        13 => 1,
        _ => 0,
    };
    Ok(Some(value.to_le_bytes()[..size(attribute)].to_vec()))
}
