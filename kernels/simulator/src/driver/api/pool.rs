//! Pools of memory: the one of each device, of which only its release threshold is simulated.

use crate::driver::context::Handle;
use crate::driver::device::existing;
use crate::driver::ffi::{Out, Source};
use crate::driver::status::{INVALID_VALUE, NOT_SUPPORTED};

/// The handles of pools, by the number of the device: not a multiple of what pointers are.
const FIRST: Handle = 0xb001_0001;
const STEP: Handle = 16;

entry_points! {
    fn cuDeviceGetDefaultMemPool(pool: Out<Handle>, number: i32) {
        let ordinal = usize::try_from(existing(number)?.ordinal()).map_err(|_| INVALID_VALUE)?;
        pool.put(FIRST + STEP * ordinal)
    }

    fn cuMemPoolSetAttribute(pool: Handle, attribute: u32, value: Source) {
        let offset = pool.checked_sub(FIRST).filter(|offset| offset.is_multiple_of(STEP)).ok_or(INVALID_VALUE)?;
        let device = existing(i32::try_from(offset / STEP).map_err(|_| INVALID_VALUE)?)?;
        match attribute {
            4 => {
                let bytes = value.bytes(8)?.try_into().map_err(|_| INVALID_VALUE)?;
                device.state().release_threshold = u64::from_ne_bytes(bytes);
                Ok(())
            }
            _ => {
                device.explain("of the attributes of a pool only the release threshold is simulated");
                Err(NOT_SUPPORTED)
            }
        }
    }
}
