//! Memory of devices and of the host: how much there is, whose it is, what is in it.

use crate::common::{download, module, own_device, run};
use cust::context::CurrentContext;
use cust::error::CudaError;
use cust::memory::{DeviceBuffer, LockedBuffer};
use cust::sys;

#[test]
fn memory_runs_out_and_comes_back() {
    let (device, _context) = own_device();
    device.configure(|settings| settings.memory = 1 << 20);
    let all = DeviceBuffer::<u8>::zeroed(1 << 20).expect("it fits");
    assert_eq!(cust::memory::mem_get_info(), Ok((0, 1 << 20)));
    assert_eq!(DeviceBuffer::<u8>::zeroed(1).map(drop), Err(CudaError::OutOfMemory));
    drop(all);
    assert_eq!(device.memory_in_use(), (0, 0));
    DeviceBuffer::<u8>::zeroed(1 << 20).expect("it fits again");
}

#[test]
fn attributes_of_pointers() {
    let (device, _context) = own_device();
    let buffer = DeviceBuffer::from_slice(&[1u64; 100]).expect("there is memory");
    let inside = buffer.as_device_ptr().as_raw() + 8;
    let number = |attribute, address| {
        let mut value = 0u64;
        // SAFETY: each attribute asked for here is a number of at most eight bytes.
        let code = unsafe { sys::cuPointerGetAttribute((&raw mut value).cast(), attribute, address) };
        (code, value)
    };
    use sys::CUpointer_attribute as Attribute;
    use sys::cudaError_enum::{CUDA_ERROR_INVALID_VALUE, CUDA_SUCCESS};
    assert_eq!(number(Attribute::CU_POINTER_ATTRIBUTE_MEMORY_TYPE, inside), (CUDA_SUCCESS, 2));
    assert_eq!(number(Attribute::CU_POINTER_ATTRIBUTE_RANGE_START_ADDR, inside), (CUDA_SUCCESS, inside - 8));
    assert_eq!(number(Attribute::CU_POINTER_ATTRIBUTE_RANGE_SIZE, inside), (CUDA_SUCCESS, 800));
    let ordinal = (CUDA_SUCCESS, device.ordinal() as u64);
    assert_eq!(number(Attribute::CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL, inside), ordinal);
    let host = &raw const device as u64;
    assert_eq!(number(Attribute::CU_POINTER_ATTRIBUTE_MEMORY_TYPE, host), (CUDA_ERROR_INVALID_VALUE, 0));

    let mut attributes =
        [Attribute::CU_POINTER_ATTRIBUTE_MEMORY_TYPE, Attribute::CU_POINTER_ATTRIBUTE_CONTEXT];
    let mut several = |address| {
        let (mut kind, mut context) = (99u32, 99usize);
        let mut places = [(&raw mut kind).cast(), (&raw mut context).cast()];
        // SAFETY: there are two attributes, and places of their sizes.
        let code =
            unsafe { sys::cuPointerGetAttributes(2, attributes.as_mut_ptr(), places.as_mut_ptr(), address) };
        (code, kind, context)
    };
    let (code, kind, context) = several(inside);
    assert!(code == CUDA_SUCCESS && kind == 2 && context != 0);
    assert_eq!(several(host), (CUDA_SUCCESS, 0, 0), "no error, but nothing known");
}

/// Memory of a pool is freed in the order of a stream, or at once by a call that waits for nothing; it belongs to no
/// context.
#[test]
fn memory_of_a_pool_is_freed_in_order() {
    let (device, _context) = own_device();
    let stream = crate::common::stream();
    let handle = stream.as_inner();
    use sys::cudaError_enum::{CUDA_ERROR_INVALID_VALUE, CUDA_SUCCESS};
    let allocate = || {
        let mut address = 0;
        // SAFETY: there is a place for the address.
        assert_eq!(unsafe { sys::cuMemAllocAsync(&mut address, 64, handle) }, CUDA_SUCCESS);
        address
    };
    let fill = |address| {
        // SAFETY: nobody reads the memory.
        assert_eq!(unsafe { sys::cuMemsetD8Async(address, 1, 64, handle) }, CUDA_SUCCESS);
    };
    let address = allocate();
    let mut context = 99usize;
    let attribute = sys::CUpointer_attribute::CU_POINTER_ATTRIBUTE_CONTEXT;
    // SAFETY: the attribute is a pointer.
    let code = unsafe { sys::cuPointerGetAttribute((&raw mut context).cast(), attribute, address) };
    assert_eq!((code, context), (CUDA_SUCCESS, 0));
    fill(address);
    // SAFETY: nobody uses the memory after the stream has.
    let free = || unsafe { sys::cuMemFreeAsync(address, handle) };
    assert_eq!(free(), CUDA_SUCCESS);
    assert_eq!(device.memory_in_use(), (0, 0), "the program has freed it");
    stream.synchronize().expect("what came before the free is right");
    assert_eq!(free(), CUDA_ERROR_INVALID_VALUE);
    let address = allocate();
    fill(address);
    // SAFETY: the simulator finds that the memory is still to be used.
    assert_eq!(unsafe { sys::cuMemFree_v2(address) }, CUDA_SUCCESS);
    assert_eq!(stream.synchronize(), Err(CudaError::InvalidValue));
    assert!(device.take_message().is_some_and(|message| message.contains("in memory that was freed")));
}

/// The driver knows whose memory it is where it has locked it, itself or at the program's wish.
#[test]
fn attributes_of_locked_memory_of_the_host() {
    let (device, _context) = own_device();
    let kind = |address: usize| {
        let (mut kind, mut ordinal, mut bytes) = (99u32, 99i32, 99usize);
        use sys::CUpointer_attribute as Attribute;
        let mut attributes = [
            Attribute::CU_POINTER_ATTRIBUTE_MEMORY_TYPE,
            Attribute::CU_POINTER_ATTRIBUTE_DEVICE_ORDINAL,
            Attribute::CU_POINTER_ATTRIBUTE_RANGE_SIZE,
        ];
        let mut places = [(&raw mut kind).cast(), (&raw mut ordinal).cast(), (&raw mut bytes).cast()];
        // SAFETY: there are three attributes, and places of their sizes.
        let code = unsafe {
            sys::cuPointerGetAttributes(3, attributes.as_mut_ptr(), places.as_mut_ptr(), address as u64)
        };
        assert_eq!(code, sys::cudaError_enum::CUDA_SUCCESS);
        (kind, ordinal, bytes)
    };
    let locked = LockedBuffer::new(&0u32, 5).expect("there is memory");
    let address = locked.as_ptr().addr();
    assert_eq!(kind(address + 19), (1, device.ordinal(), 20));
    drop(locked);
    assert_eq!(kind(address).0, 0);

    let mut own = vec![0u64; 4];
    let place = own.as_mut_ptr().cast();
    use sys::cudaError_enum::{
        CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED, CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED, CUDA_SUCCESS,
    };
    // SAFETY: the memory is the vector's, which lives until it is no longer registered.
    let register = || unsafe { sys::cuMemHostRegister_v2(place, 32, 0) };
    // SAFETY: an address that is not registered is an error.
    let unregister = || unsafe { sys::cuMemHostUnregister(place) };
    assert_eq!(unregister(), CUDA_ERROR_HOST_MEMORY_NOT_REGISTERED);
    assert_eq!(register(), CUDA_SUCCESS);
    assert_eq!(register(), CUDA_ERROR_HOST_MEMORY_ALREADY_REGISTERED);
    assert_eq!(kind(place.addr() + 31), (1, device.ordinal(), 32));
    assert_eq!(kind(place.addr() + 32).0, 0);
    assert_eq!(unregister(), CUDA_SUCCESS);
    assert_eq!(kind(place.addr()).0, 0);
}

#[test]
fn memory_belongs_to_its_context() {
    let (_first, first_context) = own_device();
    let buffer = DeviceBuffer::from_slice(&[1f32; 4]).expect("there is memory");
    let (second, second_context) = own_device();
    assert_eq!(download(&buffer), Err(CudaError::InvalidValue));
    assert!(second.take_message().is_some_and(|message| message.contains("in no allocation")));
    drop(second_context);
    CurrentContext::set_current(&first_context).expect("it is alive");
    assert_eq!(download(&buffer), Ok(vec![1.0; 4]));
}

#[test]
fn results_that_nobody_wrote_are_not_copied() {
    let (device, _context) = own_device();
    // SAFETY: the point of the test is that the contents are not returned.
    let buffer = unsafe { DeviceBuffer::<f32>::uninitialized(4) }.expect("there is memory");
    assert_eq!(download(&buffer), Err(CudaError::LaunchFailed));
    assert!(device.take_message().is_some_and(|message| message.contains("uninitialised")));
}

#[test]
fn nothing_is_left_behind() {
    let (device, _context) = own_device();
    let module = module!("threads");
    let (bytes, count) = device.memory_in_use();
    assert!(count >= 2, "its variables: {bytes} bytes");
    for _ in 0..50 {
        run(&module!("broken"), "right", &[1.0; 100]).expect("the kernel is right");
    }
    assert_eq!(device.memory_in_use(), (bytes, count));
    drop(module);
    assert_eq!(device.memory_in_use(), (0, 0));
}
