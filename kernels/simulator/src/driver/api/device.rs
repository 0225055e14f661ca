//! Initialisation, errors, devices.

use std::ffi::{CStr, c_char};

use crate::driver::device::{device, device_count, existing, initialise, require_initialised};
use crate::driver::ffi::Out;
use crate::driver::settings::{MOST_THREADS, SHARED_BY_DEFAULT, Settings};
use crate::driver::status::{INVALID_VALUE, Outcome, describe};

entry_points! {
    fn cuInit(flags: u32) {
        if flags == 0 { initialise() } else { Err(INVALID_VALUE) }
    }

    fn cuDriverGetVersion(version: Out<i32>) {
        version.put(device(0).settings().driver_version as i32)
    }

    fn cuGetErrorString(error: i32, text: Out<*const c_char>) {
        let (_, description) = named(error, &text)?;
        text.put(description.as_ptr())
    }

    fn cuGetErrorName(error: i32, text: Out<*const c_char>) {
        let (name, _) = named(error, &text)?;
        text.put(name.as_ptr())
    }

    fn cuDeviceGetCount(count: Out<i32>) {
        require_initialised()?;
        count.put(device_count() as i32)
    }

    fn cuDeviceGet(number: Out<i32>, ordinal: i32) {
        number.put(existing(ordinal)?.ordinal())
    }

    fn cuDeviceGetName(name: Out<u8>, length: i32, number: i32) {
        let settings = existing(number)?.settings();
        let text = format!("keops-cuda-sim sm_{}", settings.compute_capability);
        let room = usize::try_from(length).ok().and_then(|n| n.checked_sub(1)).ok_or(INVALID_VALUE)?;
        let bytes = &text.as_bytes()[..text.len().min(room)];
        bytes.iter().chain(&[0]).enumerate().try_for_each(|(i, byte)| name.at(i).put(*byte))
    }

    fn cuDeviceGetUuid(uuid: Out<[u8; 16]>, number: i32) {
        let mut bytes = *b"keops-cuda-sim\0\0";
        bytes[15] = existing(number)?.ordinal() as u8;
        uuid.put(bytes)
    }

    fn cuDeviceTotalMem_v2(bytes: Out<usize>, number: i32) {
        bytes.put(existing(number)?.settings().memory)
    }

    fn cuDeviceGetAttribute(value: Out<i32>, attribute: u32, number: i32) {
        value.put(self::attribute(&existing(number)?.settings(), attribute))
    }
}

/// The name and the description of an error. One that is newer than the driver has none, and the text is null.
fn named(error: i32, text: &Out<*const c_char>) -> Outcome<(&'static CStr, &'static CStr)> {
    match describe(error) {
        Some(names) => Ok(names),
        None if (0..=999).contains(&error) => Ok((c"CUDA_ERROR_UNKNOWN", c"unknown error")),
        None => text.put(std::ptr::null()).and(Err(INVALID_VALUE)),
    }
}

/// A device attribute by its number in `CUdevice_attribute`; 0 for those that mean nothing here.
fn attribute(settings: &Settings, number: u32) -> i32 {
    let capability = settings.compute_capability as i32;
    match number {
        // Most threads of a block, and in its three directions.
        1..=3 => MOST_THREADS as i32,
        4 => 64,
        // Most blocks of a grid in the three directions.
        5 => i32::MAX,
        6 | 7 => 65_535,
        8 => SHARED_BY_DEFAULT as i32,
        // Bytes of constant memory.
        9 => 64 << 10,
        // Threads of a warp.
        10 => 32,
        // Registers of a block, and of a multiprocessor.
        12 | 82 => 64 << 10,
        // Clock rate in kilohertz, memory clock rate, width of the memory bus in bits.
        13 => 1_500_000,
        36 => 2_000_000,
        37 => 4096,
        16 => settings.multiprocessors(),
        // Concurrent kernels; copies while kernels run; unified addressing.
        31 | 40 | 41 => 1,
        // Threads of a multiprocessor.
        39 => settings.threads_of_multiprocessor() as i32,
        75 => capability / 10,
        76 => capability % 10,
        // Shared memory of a multiprocessor, and of a block that asks for it.
        81 => settings.most_shared() as i32 + 1024,
        97 => settings.most_shared() as i32,
        // Blocks of a multiprocessor.
        106 => settings.blocks_of_multiprocessor() as i32,
        // Memory pools, of which there is the default one.
        115 => 1,
        _ => 0,
    }
}
