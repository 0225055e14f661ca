//! With the feature `device` all formulas of the tests run on a device: data are uploaded, results downloaded. It is the
//! simulated one unless `KEOPS_TEST_REAL_GPU` is 1.

use crate::compare::{Answer, Answers};
use keops::Real;
use keops::cuda::{Device, DeviceColumn, DeviceRows};
use std::sync::LazyLock;

/// The device of all tests of a program.
static DEVICE: LazyLock<Device> = LazyLock::new(|| {
    if is_simulated() {
        keops_cuda_sim::install().expect("no driver call came before");
    }
    Device::first().expect("there is a device")
});

/// Whether the device of the tests is the simulated one.
pub fn is_simulated() -> bool {
    std::env::var_os("KEOPS_TEST_REAL_GPU").is_none_or(|value| value != "1")
}

/// Rows on the device.
///
/// # Panics
/// If there is no device, or no memory on it.
pub fn upload<T: Real, const D: usize>(rows: &[[T; D]]) -> DeviceRows<T, D> {
    DEVICE.upload(rows).expect("the device has memory for test data")
}

macro_rules! device_rows_are_answers {
    ($($t:ty)*) => {$(
        impl<const D: usize> Answers for DeviceRows<$t, D> {
            fn answers(self) -> Vec<Answer> {
                self.download().unwrap_or_else(|error| panic!("the kernel failed: {error}")).answers()
            }
        }
        impl Answers for DeviceColumn<$t> {
            fn answers(self) -> Vec<Answer> {
                self.download().unwrap_or_else(|error| panic!("the kernel failed: {error}")).answers()
            }
        }
    )*};
}
device_rows_are_answers! { f32 f64 usize }
