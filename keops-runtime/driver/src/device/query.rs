//! What there is: driver, devices, their names and capabilities.

use std::ffi::{CStr, c_char};
use std::sync::atomic::{AtomicBool, Ordering};

use cust::sys::CUdevice_attribute::{
    self, CU_DEVICE_ATTRIBUTE_CLOCK_RATE as CLOCK_RATE,
    CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR as MAJOR,
    CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR as MINOR,
    CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT as MULTIPROCESSORS,
};

use super::failure::{Failure, call};

/// Initialises the driver, once for the program.
///
/// # Errors
/// [`Failure::NO_DEVICE`] without a driver ([`why_missing`](crate::why_missing) tells) or without a device.
pub fn initialise() -> Result<(), Failure> {
    static DONE: AtomicBool = AtomicBool::new(false);
    if !DONE.load(Ordering::Acquire) {
        // Named here so that the forwarding functions are linked.
        crate::available();
        // SAFETY: initialisation has no conditions.
        unsafe { call!(cuInit(0)) }?;
        DONE.store(true, Ordering::Release);
    }
    Ok(())
}

/// The number of devices.
///
/// # Errors
/// Those of [`initialise`].
pub fn count() -> Result<usize, Failure> {
    initialise()?;
    let mut count = 0;
    // SAFETY: a place for one number.
    unsafe { call!(cuDeviceGetCount(&mut count)) }?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// The device of a number below [`count`].
pub(super) fn device(ordinal: i32) -> Result<i32, Failure> {
    initialise()?;
    let mut device = 0;
    // SAFETY: a place for one handle, which is a number.
    unsafe { call!(cuDeviceGet(&mut device, ordinal)) }?;
    Ok(device)
}

/// The name of a device.
///
/// # Errors
/// Those of the driver.
pub fn name(ordinal: i32) -> Result<String, Failure> {
    let device = device(ordinal)?;
    let mut text = [0 as c_char; 256];
    // SAFETY: a place for as many characters as are said.
    unsafe { call!(cuDeviceGetName(text.as_mut_ptr(), text.len() as i32, device)) }?;
    // SAFETY: the driver ends the text with NUL within the array; the last character stays 0 otherwise.
    Ok(unsafe { CStr::from_ptr(text.as_ptr()) }.to_string_lossy().into_owned())
}

/// The compute capability of a device, ten times the major plus the minor number.
///
/// # Errors
/// Those of the driver.
pub fn compute_capability(ordinal: i32) -> Result<u32, Failure> {
    Ok(10 * attribute(ordinal, MAJOR)? + attribute(ordinal, MINOR)?)
}

/// The multiprocessors of a device.
///
/// # Errors
/// Those of the driver.
pub fn multiprocessors(ordinal: i32) -> Result<u32, Failure> {
    attribute(ordinal, MULTIPROCESSORS)
}

/// The highest clock rate of the multiprocessors of a device, in hertz. What it runs at depends on its load and power.
///
/// # Errors
/// Those of the driver.
pub fn clock_rate(ordinal: i32) -> Result<f64, Failure> {
    Ok(1e3 * f64::from(attribute(ordinal, CLOCK_RATE)?))
}

/// An attribute of a device; those that are asked for here are never negative.
fn attribute(ordinal: i32, attribute: CUdevice_attribute) -> Result<u32, Failure> {
    let device = device(ordinal)?;
    let mut value = 0;
    // SAFETY: a place for one number.
    unsafe { call!(cuDeviceGetAttribute(&mut value, attribute, device)) }?;
    Ok(u32::try_from(value).unwrap_or(0))
}

/// The version of CUDA that the driver is of, major and minor.
///
/// # Errors
/// Those of the driver.
pub fn driver_version() -> Result<(u32, u32), Failure> {
    let mut version = 0;
    // SAFETY: a place for one number.
    unsafe { call!(cuDriverGetVersion(&mut version)) }?;
    let version = u32::try_from(version).unwrap_or(0);
    Ok((version / 1000, version % 1000 / 10))
}
