//! What the tests share: a device of its own for each test, and launches of kernels that map arrays to an
//! array.

use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use cust::context::Context;
use cust::error::CudaError;
use cust::memory::{CopyDestination, DeviceBuffer, DeviceCopy};
use cust::module::Module;
use cust::stream::{Stream, StreamFlags};

/// Has the simulator answer the program's driver calls.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the addresses are those of functions with the signatures of the driver API.
        unsafe { keops_driver::install(keops_cuda_sim::entry_point) }.expect("no driver call came before");
        keops_cuda_sim::set_device_count(64);
        cust::init(cust::CudaFlags::empty()).expect("there are devices");
    });
}

/// A device that no other test of the program uses, and its context, current in this thread.
pub(crate) fn own_device() -> (keops_cuda_sim::Device, Context) {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    install();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let device = keops_cuda_sim::device(number as i32);
    device.configure(|settings| settings.quiet = true);
    let context = cust::device::Device::get_device(number).and_then(Context::new);
    (device, context.expect("the device exists"))
}

/// A module of `tests/ptx`.
macro_rules! module {
    ($name:literal) => {
        cust::module::Module::from_ptx(include_str!(concat!("../ptx/", $name, ".ptx")), &[])
            .expect("the module loads")
    };
}
pub(crate) use module;

/// A stream of the current context.
pub(crate) fn stream() -> Stream {
    Stream::new(StreamFlags::DEFAULT, None).expect("a stream")
}

/// Runs a kernel of parameters `(in, out, n)` on blocks of 64 threads and as many numbers of shared memory;
/// the output has as many numbers as the input, and starts undefined.
pub(crate) fn run(module: &Module, kernel: &str, input: &[f32]) -> Result<Vec<f32>, CudaError> {
    // SAFETY: `f32` may have any bits, and nothing reads the buffer before the kernel has written it.
    run_into(module, kernel, input, unsafe { DeviceBuffer::uninitialized(input.len()) }?)
}

/// As [`run`], with an output that is given.
pub(crate) fn run_into(
    module: &Module,
    kernel: &str,
    input: &[f32],
    output: DeviceBuffer<f32>,
) -> Result<Vec<f32>, CudaError> {
    let stream = Stream::new(StreamFlags::DEFAULT, None)?;
    let function = module.get_function(kernel)?;
    let device_input = DeviceBuffer::from_slice(input)?;
    let blocks = input.len().div_ceil(64) as u32;
    // SAFETY: the kernel has these parameters; what it does with them the simulator checks.
    unsafe {
        cust::launch!(function<<<blocks, 64, 64 * 4, stream>>>(
            device_input.as_device_ptr(),
            output.as_device_ptr(),
            input.len() as i32
        ))?;
    }
    stream.synchronize()?;
    download(&output)
}

/// The contents of a buffer.
pub(crate) fn download<T: DeviceCopy + Default>(buffer: &DeviceBuffer<T>) -> Result<Vec<T>, CudaError> {
    let mut all = vec![T::default(); buffer.len()];
    buffer.copy_to(&mut all)?;
    Ok(all)
}

/// Numbers in \[0, 1) that a seed determines.
pub(crate) fn random(seed: u64, count: usize) -> Vec<f64> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..count).map(|_| next()).collect()
}
