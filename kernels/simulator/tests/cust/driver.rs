//! The driver itself: limits, versions, failures, streams, events, pointers, memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cust::context::{Context, CurrentContext};
use cust::device::{Device, DeviceAttribute};
use cust::error::CudaError;
use cust::event::{Event, EventFlags, EventStatus};
use cust::function::{BlockSize, FunctionAttribute, GridSize};
use cust::launch;
use cust::memory::{AsyncCopyDestination, CopyDestination, DeviceBuffer, LockedBuffer};
use cust::module::Module;
use cust::stream::{Stream, StreamFlags};
use cust::sys;
use keops_cuda_sim::Fault;

use crate::common::{download, module, own_device, run, stream};

fn ptx(version: &str, target: &str, body: &str) -> String {
    format!(
        ".version {version}\n.target {target}\n.address_size 64\n.visible .entry k()\n{{\n{body}\nret;\n}}\n"
    )
}

#[test]
fn properties_of_a_device() {
    let (simulated, _context) = own_device();
    let device = CurrentContext::get_device().expect("a context is current");
    assert_eq!(device.as_raw(), simulated.ordinal());
    simulated.configure(|settings| settings.compute_capability = 75);
    assert_eq!(device.name(), Ok("keops-cuda-sim sm_75".into()));
    let attribute = |attribute| device.get_attribute(attribute).expect("a known attribute");
    assert_eq!(attribute(DeviceAttribute::ComputeCapabilityMajor), 7);
    assert_eq!(attribute(DeviceAttribute::ComputeCapabilityMinor), 5);
    assert_eq!(attribute(DeviceAttribute::WarpSize), 32);
    assert_eq!(attribute(DeviceAttribute::MaxThreadsPerBlock), 1024);
    assert_eq!(attribute(DeviceAttribute::MaxThreadsPerMultiprocessor), 1024);
    simulated.configure(|settings| settings.compute_capability = 120);
    assert_eq!(attribute(DeviceAttribute::MaxThreadsPerMultiprocessor), 1536);
    assert_eq!(Device::get_device(1000), Err(CudaError::InvalidDevice));
    assert!(Device::num_devices().is_ok_and(|count| count >= 64));
}

#[test]
fn versions_and_targets_of_ptx() {
    let (device, _context) = own_device();
    device.configure(|settings| {
        settings.driver_version = 12_040;
        settings.compute_capability = 80;
    });
    let load = |version, target| Module::from_ptx(ptx(version, target, ""), &[]).map(drop);
    assert_eq!(load("8.4", "sm_80"), Ok(()));
    assert_eq!(load("6.3", "sm_75"), Ok(()));
    // `cust` has no name for CUDA_ERROR_UNSUPPORTED_PTX_VERSION.
    assert_eq!(load("8.5", "sm_80"), Err(CudaError::UnknownError));
    assert!(device.take_message().is_some_and(|message| message.contains("accepts up to 8.4")));
    assert_eq!(load("8.4", "sm_90"), Err(CudaError::InvalidPtx));
    assert!(device.take_message().is_some_and(|message| message.contains("sm_90; this is sm_80")));
}

#[test]
fn errors_in_ptx_name_the_line() {
    let (device, _context) = own_device();
    let load = |body| Module::from_ptx(ptx("7.0", "sm_70", body), &[]).map(drop);
    assert_eq!(load("banana.f32 %f1;"), Err(CudaError::InvalidPtx));
    assert!(device.take_message().is_some_and(|m| m.contains("line 6") && m.contains("`banana.f32`")));
    assert_eq!(load("add.f32 %f1, %f2, %f3;"), Err(CudaError::InvalidPtx));
    assert!(device.take_message().is_some_and(|m| m.contains("`%f1` is not declared")));
    assert_eq!(Module::from_ptx("no PTX", &[]).map(drop), Err(CudaError::InvalidImage));
    let module = module!("broken");
    assert_eq!(module.get_function("nothing").map(drop), Err(CudaError::NotFound));
    assert!(device.take_message().is_some_and(|m| m.contains("no kernel `nothing`")));
}

/// A program gives the driver room for what its compiler says.
#[test]
fn errors_in_ptx_are_written_to_the_log() {
    let (_device, _context) = own_device();
    let broken = std::ffi::CString::new(ptx("7.0", "sm_70", "banana.f32 %f1;")).expect("no NUL");
    let load = |room: usize| {
        use sys::CUjit_option::{CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
        let mut log = [b'?'; 100];
        let mut options = [CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES];
        let mut values = [log.as_mut_ptr().cast(), std::ptr::without_provenance_mut(room)];
        let mut module = std::ptr::null_mut();
        // SAFETY: the text ends with NUL, there are two options and values, and the log has as much room or more.
        let code = unsafe {
            sys::cuModuleLoadDataEx(
                &mut module,
                broken.as_ptr().cast(),
                2,
                options.as_mut_ptr(),
                values.as_mut_ptr(),
            )
        };
        assert_eq!(code, sys::cudaError_enum::CUDA_ERROR_INVALID_PTX);
        let written = if room == 0 { 0 } else { values[1].addr() };
        assert!(log[written..].iter().all(|byte| *byte == b'?'), "no more than is said to be written");
        String::from_utf8_lossy(&log[..written]).into_owned()
    };
    let log = load(100);
    assert!(log.contains("line 6") && log.contains("banana.f32") && log.ends_with('\0'), "{log}");
    assert_eq!(load(8), "PTX lin\0");
    assert_eq!((load(1), load(0)), ("\0".to_owned(), String::new()));
}

#[test]
fn limits_of_launches() {
    let (device, _context) = own_device();
    let module = Module::from_ptx(ptx("7.0", "sm_70", ""), &[]).expect("valid PTX");
    let function = module.get_function("k").expect("the kernel exists");
    let stream = stream();
    // SAFETY: the kernel has no parameters.
    let launch = |grid: GridSize, block: BlockSize, shared| unsafe {
        stream.launch(&function, grid, block, shared, &[])
    };
    for (grid, block, shared) in [
        ((0, 1, 1), (32, 1, 1), 0),
        ((1, 1, 1), (0, 1, 1), 0),
        ((1, 65_536, 1), (32, 1, 1), 0),
        ((1, 1, 1), (1025, 1, 1), 0),
        ((1, 1, 1), (1, 1, 65), 0),
        ((1, 1, 1), (64, 32, 1), 0),
        ((1, 1, 1), (32, 1, 1), (48 << 10) + 1),
    ] {
        assert_eq!(
            launch(grid.into(), block.into(), shared),
            Err(CudaError::InvalidValue),
            "{grid:?} {block:?}"
        );
        assert!(device.take_message().is_some_and(|message| message.contains("launch of `k`")));
    }
    launch(70_000.into(), 1024.into(), 48 << 10).expect("within the limits");
    stream.synchronize().expect("the kernel is right");
    assert_eq!(function.get_attribute(FunctionAttribute::MaxThreadsPerBlock), Ok(1024));
    let (blocks, threads) =
        function.suggested_launch_configuration(0, 0.into()).expect("an empty kernel fits");
    assert!(blocks > 0 && threads > 0);
}

#[test]
fn more_shared_memory_for_kernels_that_ask() {
    let (device, _context) = own_device();
    device.configure(|settings| settings.compute_capability = 80);
    let module = Module::from_ptx(ptx("7.0", "sm_70", ""), &[]).expect("valid PTX");
    let function = module.get_function("k").expect("the kernel exists");
    let stream = stream();
    let ask = |bytes: i32| {
        let attribute = sys::CUfunction_attribute::CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES;
        // SAFETY: the handle is that of a function of a module that is alive.
        unsafe { sys::cuFuncSetAttribute(function.to_raw(), attribute, bytes) }
    };
    assert_eq!(ask(200 << 10), sys::cudaError_enum::CUDA_ERROR_INVALID_VALUE);
    assert_eq!(ask(100 << 10), sys::cudaError_enum::CUDA_SUCCESS);
    // SAFETY: the kernel has no parameters.
    unsafe { stream.launch(&function, 1, 32, 100 << 10, &[]) }.expect("the kernel has asked");
    stream.synchronize().expect("the kernel is right");
}

#[test]
fn injected_failures() {
    let (device, _context) = own_device();
    let module = module!("broken");
    let input = [1.0; 64];
    device.inject(Fault::OutOfMemory, 1);
    assert_eq!(run(&module, "right", &input), Err(CudaError::OutOfMemory), "the second allocation");
    device.inject(Fault::LaunchRefused, 0);
    assert_eq!(run(&module, "right", &input), Err(CudaError::LaunchOutOfResources));
    device.inject(Fault::UnknownCode, 0);
    // keops-driver has told `cust` that the code 5000 is CUDA_ERROR_UNKNOWN.
    assert_eq!(run(&module, "right", &input), Err(CudaError::UnknownError));
    device.inject(Fault::NoBinary, 0);
    let load = || Module::from_ptx(ptx("7.0", "sm_70", ""), &[]).map(drop);
    assert_eq!(load(), Err(CudaError::NoBinaryForGpu));
    assert_eq!(load(), Ok(()));
    run(&module, "right", &input).expect("each happens once, and does no lasting harm");
    device.inject(Fault::LaunchFailure, 0);
    assert_eq!(run(&module, "right", &input), Err(CudaError::LaunchFailed));
    assert_eq!(run(&module, "right", &input), Err(CudaError::LaunchFailed), "the context is lost");
}

#[test]
fn a_lost_context() {
    let (device, context) = own_device();
    let buffer = DeviceBuffer::from_slice(&[1f32; 4]).expect("there is memory");
    device.inject(Fault::LostContext, 0);
    assert_eq!(download(&buffer), Err(CudaError::ContextIsDestroyed));
    assert_eq!(DeviceBuffer::from_slice(&[1f32; 4]).map(drop), Err(CudaError::ContextIsDestroyed));
    drop((buffer, context));
    let _context = Context::new(Device::get_device(device.ordinal() as u32).expect("it exists"));
    DeviceBuffer::from_slice(&[1f32; 4]).expect("a new context works");
}

/// Work on a stream waits for a synchronisation, so that a program which forgets one sees it.
#[test]
fn streams_run_when_they_are_waited_for() {
    let (device, _context) = own_device();
    let stream = stream();
    let buffer = DeviceBuffer::from_slice(&[7u32; 8]).expect("there is memory");
    let mut host = LockedBuffer::new(&0u32, 8).expect("there is memory");
    // SAFETY: the host's buffer outlives the stream's work, which is waited for below.
    unsafe { buffer.async_copy_to(&mut host[..], &stream) }.expect("the copy is accepted");
    assert_eq!(host[..], [0; 8]);
    stream.synchronize().expect("the copy is right");
    assert_eq!(host[..], [7; 8]);

    let called = Arc::new(AtomicBool::new(false));
    let flag = called.clone();
    let callback =
        move || flag.store(CurrentContext::synchronize() == Err(CudaError::NotPermitted), Ordering::Relaxed);
    stream.add_callback(Box::new(callback)).expect("the call is accepted");
    assert!(!called.load(Ordering::Relaxed));
    stream.synchronize().expect("the call is made");
    assert!(called.load(Ordering::Relaxed), "in a callback no driver call is permitted");
    assert_eq!(device.statistics().launches, 0);
}

#[test]
fn events_order_and_time_streams() {
    let (_device, _context) = own_device();
    let module = module!("broken");
    let function = module.get_function("right").expect("the kernel exists");
    let (first, second) = (stream(), stream());
    let [start, end] = [(); 2].map(|()| Event::new(EventFlags::DEFAULT).expect("an event"));
    let input = DeviceBuffer::from_slice(&[1f32; 64]).expect("there is memory");
    let output = DeviceBuffer::from_slice(&[0f32; 64]).expect("there is memory");
    start.record(&first).expect("recorded");
    // SAFETY: the kernel has these parameters, and the buffers these sizes.
    unsafe {
        launch!(function<<<1, 64, 256, first>>>(input.as_device_ptr(), output.as_device_ptr(), 64))
            .expect("the launch is accepted");
    }
    end.record(&first).expect("recorded");
    assert_eq!(end.elapsed_time_f32(&start), Err(CudaError::NotReady));
    let done = Event::new(EventFlags::DEFAULT).expect("an event");
    done.record(&first).expect("recorded");
    second.wait_event(done, cust::stream::StreamWaitEventFlags::DEFAULT).expect("the event is known");
    second.synchronize().expect("nothing failed");
    assert_eq!(end.query(), Ok(EventStatus::Ready), "the second stream waited for the first");
    assert!(end.elapsed_time_f32(&start).is_ok_and(|time| time > 0.0));
    let untimed = Event::new(EventFlags::DISABLE_TIMING).expect("an event");
    untimed.record(&first).expect("recorded");
    first.synchronize().expect("nothing failed");
    assert_eq!(untimed.elapsed_time_f32(&start), Err(CudaError::InvalidHandle));
    assert_eq!(download(&output), Ok(vec![64.0; 64]));
}

/// Who waits for an event waits for what was in its stream when it was recorded, and for nothing that came after it.
#[test]
fn an_event_stands_for_what_came_before_its_last_record() {
    let (_device, _context) = own_device();
    let stream = stream();
    let buffer = DeviceBuffer::from_slice(&[7u32; 8]).expect("there is memory");
    let [mut before, mut after] = [(); 2].map(|()| LockedBuffer::new(&0u32, 8).expect("there is memory"));
    let event = Event::new(EventFlags::DEFAULT).expect("an event");
    // SAFETY: the host's buffers outlive the stream's work, which is waited for below.
    unsafe { buffer.async_copy_to(&mut before[..], &stream) }.expect("the copy is accepted");
    event.record(&stream).expect("recorded");
    // SAFETY: as above.
    unsafe { buffer.async_copy_to(&mut after[..], &stream) }.expect("the copy is accepted");
    event.synchronize().expect("nothing failed");
    assert_eq!((&before[..], &after[..]), (&[7; 8][..], &[0; 8][..]));
    assert_eq!(event.query(), Ok(EventStatus::Ready));
    event.record(&stream).expect("recorded again, behind the second copy");
    assert_eq!(event.query(), Ok(EventStatus::NotReady));
    assert_eq!(after[..], [7; 8]);
    stream.synchronize().expect("nothing failed");
}

#[test]
fn threads_start_without_a_context() {
    let (_device, _context) = own_device();
    let result = std::thread::spawn(|| DeviceBuffer::from_slice(&[1f32; 4]).map(drop)).join();
    assert_eq!(result.expect("the thread ends"), Err(CudaError::InvalidContext));
}

#[test]
fn what_is_not_simulated_says_so() {
    let (device, _context) = own_device();
    let mut graph = std::ptr::null_mut();
    // SAFETY: there is a place for the handle.
    let code = unsafe { sys::cuGraphCreate(&mut graph, 0) };
    assert_eq!(code, sys::cudaError_enum::CUDA_ERROR_NOT_SUPPORTED);
    assert_eq!(device.take_message().as_deref(), Some("`cuGraphCreate` is not simulated"));
}

#[test]
fn the_null_stream_comes_after_what_other_streams_hold() {
    let (_device, _context) = own_device();
    let stream = Stream::new(StreamFlags::DEFAULT, Some(-1)).expect("a stream");
    assert_eq!(stream.get_priority(), Ok(-1));
    let mut buffer = DeviceBuffer::from_slice(&[1u32; 4]).expect("there is memory");
    let ones = LockedBuffer::new(&5u32, 4).expect("there is memory");
    // SAFETY: both buffers outlive the stream's work.
    unsafe { buffer.async_copy_from(&ones[..], &stream) }.expect("the copy is accepted");
    let mut host = [0; 4];
    buffer.copy_to(&mut host).expect("it was written");
    assert_eq!(host, [5; 4]);
}
