//! Threads that work together: shuffles, atomic operations, local arrays, constants, grids of three
//! dimensions.

use crate::common::{download, module, own_device, random, run, stream};
use cust::error::CudaError;
use cust::launch;
use cust::memory::{CopyDestination, DeviceBuffer};

#[test]
fn block_sums_by_shuffles() {
    let (_device, _context) = own_device();
    let module = module!("threads");
    let function = module.get_function("block_sum").expect("the kernel exists");
    let stream = stream();
    let input: Vec<f32> = random(1, 1000).iter().map(|x| *x as f32).collect();
    let device_input = DeviceBuffer::from_slice(&input).expect("there is memory");
    let out = DeviceBuffer::from_slice(&[0f32; 4]).expect("there is memory");
    // SAFETY: the kernel has these parameters, and the buffers these sizes.
    unsafe {
        launch!(function<<<4, 256, 0, stream>>>(device_input.as_device_ptr(), out.as_device_ptr(), 1000))
            .expect("the launch is accepted");
    }
    stream.synchronize().expect("the kernel is right");
    for (sum, chunk) in download(&out).expect("the kernel wrote it").iter().zip(input.chunks(256)) {
        // Rounding in another order of 256 terms.
        approx::assert_relative_eq!(*sum, chunk.iter().sum::<f32>(), max_relative = 1e-5);
    }
}

#[test]
fn histogram_by_atomic_operations() {
    let (_device, _context) = own_device();
    let module = module!("threads");
    let function = module.get_function("histogram").expect("the kernel exists");
    let stream = stream();
    let input: Vec<f32> = random(2, 1000).iter().map(|x| *x as f32).collect();
    let device_input = DeviceBuffer::from_slice(&input).expect("there is memory");
    let bins = DeviceBuffer::from_slice(&[0u32; 8]).expect("there is memory");
    // SAFETY: the kernel has these parameters, and the buffers these sizes.
    unsafe {
        launch!(function<<<8, 128, 0, stream>>>(device_input.as_device_ptr(), bins.as_device_ptr(), 1000))
            .expect("the launch is accepted");
    }
    stream.synchronize().expect("the kernel is right");
    let mut expected = [0; 8];
    input.iter().for_each(|x| expected[(x * 8.0) as usize] += 1);
    assert_eq!(download(&bins).expect("the kernel wrote it"), expected);
}

#[test]
fn local_arrays_constants_and_device_variables() {
    let (_device, _context) = own_device();
    let module = module!("threads");
    let function = module.get_function("smallest_four").expect("the kernel exists");
    let stream = stream();
    let input: Vec<f32> = random(3, 16 * 70).iter().map(|x| *x as f32).collect();
    let device_input = DeviceBuffer::from_slice(&input).expect("there is memory");
    let out = DeviceBuffer::from_slice(&[0f32; 70]).expect("there is memory");
    // SAFETY: the kernel has these parameters, and the buffers these sizes.
    unsafe {
        launch!(function<<<2, 64, 0, stream>>>(device_input.as_device_ptr(), out.as_device_ptr(), 70))
            .expect("the launch is accepted");
    }
    stream.synchronize().expect("the kernel is right");
    for (sum, row) in download(&out).expect("the kernel wrote it").iter().zip(input.chunks(16)) {
        let mut sorted = row.to_vec();
        sorted.sort_by(f32::total_cmp);
        let expected = sorted[0] + 0.5 * sorted[1] + 0.25 * sorted[2] + 0.125 * sorted[3];
        // Rounding of three products and sums.
        approx::assert_relative_eq!(*sum, expected, max_relative = 1e-6);
    }
    let calls = module.get_global::<i32>(c"calls").expect("the variable exists");
    let mut count = 0;
    calls.copy_to(&mut count).expect("variables are initialised");
    assert_eq!(count, 70);
    assert!(module.get_global::<i32>(c"nothing").is_err());
}

#[test]
fn grids_of_three_dimensions() {
    let (device, _context) = own_device();
    let module = module!("threads");
    let function = module.get_function("places").expect("the kernel exists");
    let stream = stream();
    let count = 2 * 3 * 2 * 5 * 4 * 3;
    // SAFETY: nothing reads the buffer before the kernel has written it.
    let out = unsafe { DeviceBuffer::<u32>::uninitialized(count) }.expect("there is memory");
    // SAFETY: the kernel has this parameter, and the buffer a number for each thread.
    unsafe {
        launch!(function<<<(2, 3, 2), (5, 4, 3), 0, stream>>>(out.as_device_ptr()))
            .expect("the launch is accepted");
    }
    stream.synchronize().expect("the kernel is right");
    let all: Vec<u32> = download(&out).expect("the kernel wrote it");
    assert!(all.iter().enumerate().all(|(i, place)| *place == i as u32));
    let statistics = device.statistics();
    assert_eq!((statistics.launches, statistics.blocks, statistics.threads), (1, 12, count as u64));
}

#[test]
fn lanes_of_a_warp_are_ordered_by_its_own_barrier() {
    let (_device, _context) = own_device();
    let module = module!("threads");
    let function = module.get_function("rotate").expect("the kernel exists");
    let stream = stream();
    let input: Vec<f32> = (0..32).map(|i| i as f32).collect();
    let device_input = DeviceBuffer::from_slice(&input).expect("there is memory");
    let out = DeviceBuffer::from_slice(&[0f32; 32]).expect("there is memory");
    // SAFETY: the kernel has these parameters, and the buffers these sizes.
    unsafe {
        launch!(function<<<1, 32, 0, stream>>>(device_input.as_device_ptr(), out.as_device_ptr()))
            .expect("the launch is accepted");
    }
    stream.synchronize().expect("the kernel is right");
    let rotated: Vec<f32> = (0..32).map(|i| ((i + 1) % 32) as f32).collect();
    assert_eq!(download(&out).expect("the kernel wrote it"), rotated);
}

#[test]
fn declared_bounds_of_blocks_are_kept() {
    let (device, _context) = own_device();
    let module = module!("threads");
    let function = module.get_function("small_blocks").expect("the kernel exists");
    let stream = stream();
    let out = DeviceBuffer::from_slice(&[0f32; 128]).expect("there is memory");
    // SAFETY: the kernel has this parameter, and the buffer a number for each thread.
    let result = unsafe { launch!(function<<<1, 128, 0, stream>>>(out.as_device_ptr())) };
    assert_eq!(result, Err(CudaError::InvalidValue));
    assert!(device.take_message().is_some_and(|message| message.contains("at most 64 threads")));
    // SAFETY: as above.
    unsafe { launch!(function<<<1, 64, 0, stream>>>(out.as_device_ptr())) }.expect("64 threads are allowed");
    stream.synchronize().expect("the kernel is right");
}

#[test]
fn the_kernel_that_the_broken_ones_come_from_is_right() {
    let (_device, _context) = own_device();
    let input = vec![1.0; 100];
    let sums = run(&module!("broken"), "right", &input).expect("the kernel is right");
    assert_eq!(sums[..64], [64.0; 64]);
    assert_eq!(sums[64..], [36.0; 36]);
}

#[test]
fn barriers_of_some_warps() {
    let (device, _context) = own_device();
    let module = module!("handover");
    let function = module.get_function("handover").expect("the kernel exists");
    let stream = stream();
    let run = |threads: u32| {
        let out = DeviceBuffer::from_slice(&vec![0u32; threads as usize])?;
        // SAFETY: the kernel has this parameter, and the buffer a number for each thread.
        unsafe { launch!(function<<<1, threads, 0, stream>>>(out.as_device_ptr())) }?;
        stream.synchronize()?;
        download(&out)
    };
    let swapped: Vec<u32> = (0..128).map(|thread| thread ^ 32).collect();
    assert_eq!(run(128), Ok(swapped));
    // The second pair lacks a warp.
    assert_eq!(run(96), Err(CudaError::LaunchFailed));
    let diagnosis = device.take_diagnosis().expect("the mistake is diagnosed");
    assert_eq!(diagnosis.cause, keops_cuda_sim::Cause::DivergentBarrier);
    assert!(diagnosis.message.contains("32 threads wait at barrier 2 for 64"), "{diagnosis}");
}
