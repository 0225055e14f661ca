//! The module `device` over a driver that differs from the simulator in a few functions: one that writes what its compiler
//! says, and one that is too old for stream-ordered memory.
#![cfg(target_os = "linux")]

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::ptr::NonNull;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};

use keops_driver::device::{Allocation, Failure, Refused, Stream};

const PTX: &str = ".version 7.0\n.target sm_70\n.address_size 64\n\
    .visible .entry fill(.param .align 8 .b8 p[16])\n{\n.reg .b64 %a;\n.reg .b64 %v;\n\
    ld.param.u64 %a, [p];\nld.param.u64 %v, [p+8];\ncvta.to.global.u64 %a, %a;\nst.global.u64 [%a], %v;\nret;\n}\n";

/// What the compiler of the driver says.
const LOG: &CStr = c"ptxas application ptx input, line 5; error: Unknown symbol\n";

const INVALID_PTX: c_int = 218;

/// Loads modules as the simulator does, and writes a log if that fails.
unsafe extern "C" fn load(
    module: *mut *mut c_void,
    image: *const c_void,
    count: c_uint,
    options: *mut c_uint,
    values: *mut *mut c_void,
) -> c_int {
    type Load =
        unsafe extern "C" fn(*mut *mut c_void, *const c_void, c_uint, *mut c_uint, *mut *mut c_void) -> c_int;
    let simulated = keops_cuda_sim::entry_point(c"cuModuleLoadDataEx").expect("it is simulated");
    // SAFETY: the address is that of a function of this signature.
    let simulated = unsafe { std::mem::transmute::<*mut c_void, Load>(simulated.as_ptr()) };
    // SAFETY: the arguments are the caller's.
    let code = unsafe { simulated(module, image, count, options, values) };
    if code == INVALID_PTX {
        // SAFETY: both arrays have `count` elements.
        let (options, values) = unsafe {
            (
                std::slice::from_raw_parts(options, count as usize),
                std::slice::from_raw_parts(values, count as usize),
            )
        };
        let value = |option| options.iter().position(|o| *o == option).map(|n| values[n]);
        // CU_JIT_ERROR_LOG_BUFFER and its size.
        let (log, size) = (value(5).expect("a log is wanted"), value(6).expect("it has a size").addr());
        let text = LOG.to_bytes_with_nul();
        assert!(size >= text.len());
        // SAFETY: the buffer has that size.
        unsafe { std::ptr::copy_nonoverlapping(text.as_ptr().cast::<c_char>(), log.cast(), text.len()) };
    }
    code
}

fn find(name: &CStr) -> Option<NonNull<c_void>> {
    match name.to_bytes() {
        b"cuModuleLoadDataEx" => NonNull::new(load as *mut c_void),
        b"cuMemAllocAsync" | b"cuMemFreeAsync" => None,
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
    assert_eq!(log, LOG.to_str().unwrap().trim_end());
    assert!(!failure.is_sticky() && failure.text().contains("PTX"), "{}", failure.text());
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
