//! How many pairs of points a second the simulator computes, for the kernels of its tests.
//!
//! `cargo run --release -p keops-cuda-sim --example throughput`

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("driver calls are forwarded on Linux only");
}

#[cfg(target_os = "linux")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    use std::time::Instant;

    use cust::launch;
    use cust::memory::DeviceBuffer;
    use cust::module::Module;
    use cust::stream::{Stream, StreamFlags};

    // SAFETY: the addresses are those of functions with the signatures of the driver API.
    unsafe { keops_driver::install(keops_cuda_sim::entry_point) }?;
    let _context = cust::quick_init()?;
    let module = Module::from_ptx(include_str!("../tests/ptx/map_reduce.ptx"), &[])?;
    let stream = Stream::new(StreamFlags::DEFAULT, None)?;
    let (m, n) = (512, 4096);
    for (kernel, size) in
        [("gaussian_fast", 4), ("gaussian_f32", 4), ("log_sum_exp", 4), ("gaussian_f64", 8), ("nearest", 8)]
    {
        // Any numbers do: the time does not depend on them, but for the logarithm's running maximum.
        let numbers = |count: usize| -> Vec<u8> {
            let number = |i: usize| (i * 37 % 101) as f64 / 101.0;
            let bytes = |i| {
                if size == 8 {
                    number(i).to_le_bytes().to_vec()
                } else {
                    (number(i) as f32).to_le_bytes().to_vec()
                }
            };
            (0..count).flat_map(bytes).collect()
        };
        let x = DeviceBuffer::from_slice(&numbers(3 * m))?;
        let y = DeviceBuffer::from_slice(&numbers(3 * n))?;
        let b = DeviceBuffer::from_slice(&numbers(n))?;
        let out = DeviceBuffer::from_slice(&numbers(2 * m))?;
        let function = module.get_function(kernel)?;
        let instructions = keops_cuda_sim::device(0).statistics().instructions;
        let start = Instant::now();
        // SAFETY: the kernel has these parameters, and the buffers these sizes.
        unsafe {
            launch!(function<<<(m / 128) as u32, 128, 128 * 4 * size, stream>>>(
                x.as_device_ptr(),
                y.as_device_ptr(),
                b.as_device_ptr(),
                out.as_device_ptr(),
                m as i32,
                n as i32
            ))?;
        }
        stream.synchronize()?;
        let seconds = start.elapsed().as_secs_f64();
        let instructions = (keops_cuda_sim::device(0).statistics().instructions - instructions) as f64;
        let pairs = (m * n) as f64;
        println!(
            "{kernel:14} {:6.1} million pairs/s  {:5.1} instructions/pair  {:7.0} million instructions/s",
            pairs / seconds * 1e-6,
            instructions / pairs,
            instructions / seconds * 1e-6
        );
    }
    Ok(())
}
