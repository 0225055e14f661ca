//! What the tests share.

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use keops::cuda::Device;

/// Has the simulator answer the program's driver calls.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the addresses are those of functions with the signatures of the driver API.
        unsafe { keops_driver::install(keops_cuda_sim::entry_point) }.expect("no driver call came before");
        keops_cuda_sim::set_device_count(64);
    });
}

/// A device that no other test uses, as the simulator and as keops see it.
pub(crate) fn own_device() -> (keops_cuda_sim::Device, Device) {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    install();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let simulated = keops_cuda_sim::device(number as i32);
    simulated.configure(|settings| settings.quiet = true);
    (simulated, Device::new(number as usize).expect("it exists"))
}

/// The primary context of a device as `cust` holds it, current in this thread.
pub(crate) fn cust_context(device: &Device) -> cust::context::Context {
    let device = cust::device::Device::get_device(device.ordinal() as u32).expect("it exists");
    cust::context::Context::new(device).expect("it has a context")
}

/// M points of two coordinates, multiples of 1/8 so that sums of products are exact.
pub(crate) fn points<T: keops::Real>(rows: usize, seed: usize) -> Vec<[T; 2]> {
    let number = |n: usize| T::from_f64((n * 2654435761 % 31) as f64 / 8.0 - 2.0);
    (0..rows).map(|row| [number(2 * row + seed), number(2 * row + 1 + seed)]).collect()
}
