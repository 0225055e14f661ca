//! The module `device` over a driver that differs from the simulator in that it is too old for stream-ordered memory.
#![cfg(target_os = "linux")]

use std::ffi::{CStr, c_void};
use std::ptr::NonNull;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use keops_driver::device::{Allocation, Event, Failure, Refused, Stream};

const PTX: &str = ".version 7.0\n.target sm_70\n.address_size 64\n\
    .visible .entry fill(.param .align 8 .b8 p[16])\n{\n.reg .b64 %a;\n.reg .b64 %v;\n\
    ld.param.u64 %a, [p];\nld.param.u64 %v, [p+8];\ncvta.to.global.u64 %a, %a;\nst.global.u64 [%a], %v;\nret;\n}\n";

fn find(name: &CStr) -> Option<NonNull<c_void>> {
    match name.to_bytes() {
        b"cuMemAllocAsync" | b"cuMemFreeAsync" | b"cuDeviceGetDefaultMemPool" | b"cuMemPoolSetAttribute" => {
            None
        }
        _ => keops_cuda_sim::entry_point(name),
    }
}

fn own_device() -> (keops_cuda_sim::Device, std::sync::Arc<Stream>) {
    static ONCE: Once = Once::new();
    static NEXT: AtomicU32 = AtomicU32::new(0);
    ONCE.call_once(|| {
        // SAFETY: the addresses are those of functions with the signatures of the driver API.
        unsafe { keops_driver::install(find) }.expect("no driver call came before");
        keops_cuda_sim::set_device_count(16);
    });
    let device = keops_cuda_sim::device(NEXT.fetch_add(1, Ordering::Relaxed) as i32);
    device.configure(|settings| settings.quiet = true);
    let stream = Stream::shared(device.ordinal()).expect("the device exists");
    (device, stream)
}

#[test]
fn a_kernel_runs() {
    let (_, stream) = own_device();
    let memory = Allocation::new(stream.context(), 8).unwrap();
    let kernel = stream.context().function(PTX, "fill").unwrap();
    stream.launch(&kernel, [1, 1], 1, &[memory.address(), 42]).unwrap();
    let mut value = [0u64];
    memory.download(&mut value).unwrap();
    assert_eq!(value, [42]);
}

/// The macro includes the text of all kernels once for each formula.
#[test]
fn equal_texts_are_loaded_once() {
    let (device, stream) = own_device();
    let text = |text: &str| -> &'static str { format!("{text}\n.global .b8 table[64];\n").leak() };
    let (first, second) = (text(PTX), text(PTX));
    for ptx in [first, second, first, second] {
        stream.context().function(ptx, "fill").map(drop).unwrap();
    }
    assert_eq!(device.memory_in_use(), (64, 1), "one table");
    stream.context().function(text(&format!("{PTX}// another\n")), "fill").map(drop).unwrap();
    assert_eq!(device.memory_in_use(), (128, 2));
}

#[test]
fn what_the_compiler_says_is_kept() {
    let (_, stream) = own_device();
    let broken: &'static str = PTX.replace("st.global", "banana").leak();
    let Err(Refused { failure, log }) = stream.context().function(broken, "fill").map(drop) else {
        panic!("it loads")
    };
    assert_eq!((failure.call(), failure.code()), ("cuModuleLoadDataEx", Failure::INVALID_PTX));
    assert!(log.contains("line 11") && log.contains("`banana.u64`"), "{log}");
    assert!(!failure.is_sticky() && failure.text().contains("PTX"), "{}", failure.text());
}

/// What `cust` takes for one unknown code is told as the driver told it.
#[test]
fn codes_newer_than_cust_are_kept() {
    let (device, stream) = own_device();
    let kernel = stream.context().function(PTX, "fill").unwrap();
    device.inject(keops_cuda_sim::Fault::UnknownCode, 0);
    let failure = stream.launch(&kernel, [1, 1], 1, &[0, 0]).unwrap_err();
    assert_eq!((failure.call(), failure.code()), ("cuLaunchKernel", 5000));
    assert_eq!(failure.text(), "an error unknown to the driver");
    assert!(!failure.is_sticky());
    // A known one that follows is itself.
    device.inject(keops_cuda_sim::Fault::LaunchRefused, 0);
    assert_eq!(stream.launch(&kernel, [1, 1], 1, &[0, 0]).unwrap_err().code(), 701);
}

#[test]
fn the_time_between_two_events() {
    let (_, stream) = own_device();
    let memory = Allocation::new(stream.context(), 8).unwrap();
    let kernel = stream.context().function(PTX, "fill").unwrap();
    let [start, middle, end] = [(); 3].map(|()| Event::timed(stream.context()).unwrap());
    start.record(&stream).unwrap();
    stream.launch(&kernel, [1, 1], 1, &[memory.address(), 42]).unwrap();
    middle.record(&stream).unwrap();
    for _ in 0..3 {
        stream.launch(&kernel, [1, 1], 1, &[memory.address(), 42]).unwrap();
    }
    end.record(&stream).unwrap();
    let early = middle.since(&start).map_err(|failure| failure.code());
    assert_eq!(early, Err(600), "it has not happened");
    end.synchronize().unwrap();
    let (once, thrice) = (middle.since(&start).unwrap(), end.since(&middle).unwrap());
    assert!(once.as_nanos() > 0 && thrice > 2 * once, "{once:?} {thrice:?}");
    let untimed = Event::new(stream.context()).unwrap();
    untimed.record(&stream).unwrap();
    untimed.synchronize().unwrap();
    assert_eq!(untimed.since(&start).map_err(|failure| failure.code()), Err(400), "it knows no time");
}

#[test]
fn what_a_device_is_like() {
    let (device, _) = own_device();
    device.configure(|settings| settings.compute_capability = 86);
    let ordinal = device.ordinal();
    assert_eq!(keops_driver::device::compute_capability(ordinal), Ok(86));
    assert_eq!(keops_driver::device::multiprocessors(ordinal), Ok(84));
    assert_eq!(keops_driver::device::clock_rate(ordinal), Ok(1.5e9));
    let unknown = keops_driver::device::multiprocessors(1000).map_err(|failure| failure.code());
    assert_eq!(unknown, Err(101));
}

#[test]
fn memory_in_order_without_such_functions() {
    let (device, stream) = own_device();
    let memory = Allocation::in_order(&stream, 64).unwrap();
    assert_eq!(device.memory_in_use(), (64, 1));
    drop(memory);
    assert_eq!(device.memory_in_use(), (0, 0));
    let nothing = Allocation::in_order(&stream, 0).unwrap();
    assert_eq!((nothing.address(), nothing.bytes()), (0, 0));
}

#[test]
fn a_context_is_kept_until_it_is_lost() {
    let (device, stream) = own_device();
    assert!(std::sync::Arc::ptr_eq(&stream, &Stream::shared(device.ordinal()).unwrap()));
    let memory = Allocation::new(stream.context(), 8).unwrap();
    device.inject(keops_cuda_sim::Fault::LostContext, 0);
    let lost = stream.upload(&memory, &[1u64]).unwrap_err();
    assert!(lost.is_sticky(), "{lost:?}");
    assert_eq!(stream.synchronize(), Err(lost), "without asking the driver");
    // While somebody holds the context the driver gives the same one.
    let again = Stream::shared(device.ordinal());
    assert_eq!(again.map(drop).map_err(|failure| failure.code()), Err(lost.code()));
    drop((memory, stream));
    let stream = Stream::shared(device.ordinal()).unwrap();
    let memory = Allocation::new(stream.context(), 8).unwrap();
    stream.upload(&memory, &[1u64]).unwrap();
}
