//! The driver's functions under their exported names: those that `cust` 0.3.2 can call with any of its
//! features, and those of pointers and of pools of memory that keops asks for itself.
//!
//! Signatures follow the CUDA driver API, with pointers to structures as `*mut c_void` and enumerations as
//! integers.

use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
use std::sync::OnceLock;

use crate::status::{NO_DEVICE, NOT_FOUND, known};
use crate::{available, library};

/// A context, module, function, stream, event …: a pointer that only the driver looks into.
type Handle = *mut c_void;
/// A function of the caller that the driver calls back; handed on as it is.
type Callback = *const c_void;

/// What a function returns that the driver does not have.
fn absent() -> c_int {
    if available() { NOT_FOUND } else { NO_DEVICE }
}

/// The address of a driver function as a number, 0 if the driver does not have it: a number, unlike a
/// pointer, can be kept in a static variable. Addresses do not change while a program runs, since the library
/// is never closed.
fn address(name: &CStr, cache: &OnceLock<usize>) -> usize {
    *cache.get_or_init(|| library::find(name).map_or(0, |function| function.as_ptr() as usize))
}

macro_rules! name {
    ($function:ident) => {
        // A literal with one NUL, at its end.
        match CStr::from_bytes_with_nul(concat!(stringify!($function), "\0").as_bytes()) {
            Ok(name) => name,
            Err(_) => unreachable!(),
        }
    };
}

macro_rules! forward {
    ($(fn $function:ident($($argument:ident: $kind:ty),* $(,)?);)*) => {
        $(
            // SAFETY: the name is the CUDA driver's, whose functions this crate stands in for; no other
            // library of the program defines it, as `libcuda.so.1` is not linked.
            #[unsafe(no_mangle)]
            unsafe extern "C" fn $function($($argument: $kind),*) -> c_int {
                static ADDRESS: OnceLock<usize> = OnceLock::new();
                match address(name!($function), &ADDRESS) {
                    0 => absent(),
                    address => {
                        type Function = unsafe extern "C" fn($($kind),*) -> c_int;
                        // SAFETY: the address is that of the driver's function of this name, whose C
                        // signature is the one written here.
                        let function = unsafe { std::mem::transmute::<usize, Function>(address) };
                        // SAFETY: the arguments are the caller's, who answers for them to the driver.
                        known(unsafe { function($($argument),*) })
                    }
                }
            }
        )*

        /// Makes the functions part of any program in which this is called.
        pub(crate) fn keep() {
            std::hint::black_box([$($function as *const () as usize),*]);
            std::hint::black_box(cuGetErrorString as *const () as usize);
            std::hint::black_box(cuGetErrorName as *const () as usize);
        }
    };
}

forward! {
    // Initialisation, version, errors.
    fn cuInit(flags: c_uint);
    fn cuDriverGetVersion(version: *mut c_int);
    // Devices.
    fn cuDeviceGet(device: *mut c_int, ordinal: c_int);
    fn cuDeviceGetCount(count: *mut c_int);
    fn cuDeviceGetName(name: *mut c_char, length: c_int, device: c_int);
    fn cuDeviceGetUuid(uuid: *mut c_void, device: c_int);
    fn cuDeviceTotalMem_v2(bytes: *mut usize, device: c_int);
    fn cuDeviceGetAttribute(value: *mut c_int, attribute: c_uint, device: c_int);
    // Primary contexts.
    fn cuDevicePrimaryCtxRetain(context: *mut Handle, device: c_int);
    fn cuDevicePrimaryCtxRelease_v2(device: c_int);
    fn cuDevicePrimaryCtxSetFlags_v2(device: c_int, flags: c_uint);
    fn cuDevicePrimaryCtxGetState(device: c_int, flags: *mut c_uint, active: *mut c_int);
    fn cuDevicePrimaryCtxReset_v2(device: c_int);
    // Contexts.
    fn cuCtxCreate_v2(context: *mut Handle, flags: c_uint, device: c_int);
    fn cuCtxDestroy_v2(context: Handle);
    fn cuCtxPushCurrent_v2(context: Handle);
    fn cuCtxPopCurrent_v2(context: *mut Handle);
    fn cuCtxSetCurrent(context: Handle);
    fn cuCtxGetCurrent(context: *mut Handle);
    fn cuCtxGetDevice(device: *mut c_int);
    fn cuCtxGetFlags(flags: *mut c_uint);
    fn cuCtxSynchronize();
    fn cuCtxSetLimit(limit: c_uint, value: usize);
    fn cuCtxGetLimit(value: *mut usize, limit: c_uint);
    fn cuCtxGetCacheConfig(config: *mut c_uint);
    fn cuCtxSetCacheConfig(config: c_uint);
    fn cuCtxGetSharedMemConfig(config: *mut c_uint);
    fn cuCtxSetSharedMemConfig(config: c_uint);
    fn cuCtxGetApiVersion(context: Handle, version: *mut c_uint);
    fn cuCtxGetStreamPriorityRange(least_priority: *mut c_int, greatest_priority: *mut c_int);
    // Modules and functions.
    fn cuModuleLoad(module: *mut Handle, path: *const c_char);
    fn cuModuleLoadData(module: *mut Handle, image: *const c_void);
    fn cuModuleLoadDataEx(
        module: *mut Handle,
        image: *const c_void,
        count: c_uint,
        options: *mut c_uint,
        option_values: *mut *mut c_void,
    );
    fn cuModuleLoadFatBinary(module: *mut Handle, image: *const c_void);
    fn cuModuleUnload(module: Handle);
    fn cuModuleGetFunction(function: *mut Handle, module: Handle, name: *const c_char);
    fn cuModuleGetGlobal_v2(address: *mut u64, bytes: *mut usize, module: Handle, name: *const c_char);
    // Linker.
    fn cuLinkCreate_v2(
        count: c_uint,
        options: *mut c_uint,
        option_values: *mut *mut c_void,
        state: *mut Handle,
    );
    fn cuLinkAddData_v2(
        state: Handle,
        kind: c_uint,
        data: *mut c_void,
        size: usize,
        name: *const c_char,
        count: c_uint,
        options: *mut c_uint,
        option_values: *mut *mut c_void,
    );
    fn cuLinkComplete(state: Handle, image: *mut *mut c_void, size: *mut usize);
    fn cuLinkDestroy(state: Handle);
    // Memory.
    fn cuMemGetInfo_v2(free: *mut usize, total: *mut usize);
    fn cuMemAlloc_v2(address: *mut u64, bytes: usize);
    fn cuMemAllocPitch_v2(
        address: *mut u64,
        pitch: *mut usize,
        width_in_bytes: usize,
        height: usize,
        element_size_bytes: c_uint,
    );
    fn cuMemFree_v2(address: u64);
    fn cuMemGetAddressRange_v2(base: *mut u64, size: *mut usize, address: u64);
    fn cuMemAllocHost_v2(pointer: *mut *mut c_void, bytes: usize);
    fn cuMemFreeHost(pointer: *mut c_void);
    fn cuMemHostAlloc(pointer: *mut *mut c_void, bytes: usize, flags: c_uint);
    fn cuMemHostGetDevicePointer_v2(address: *mut u64, pointer: *mut c_void, flags: c_uint);
    fn cuMemHostRegister_v2(pointer: *mut c_void, bytes: usize, flags: c_uint);
    fn cuMemHostUnregister(pointer: *mut c_void);
    fn cuMemAllocManaged(address: *mut u64, bytes: usize, flags: c_uint);
    fn cuMemAllocAsync(address: *mut u64, bytes: usize, stream: Handle);
    fn cuMemFreeAsync(address: u64, stream: Handle);
    fn cuDeviceGetDefaultMemPool(pool: *mut Handle, device: c_int);
    fn cuMemPoolSetAttribute(pool: Handle, attribute: c_uint, value: *mut c_void);
    // Copies.
    fn cuMemcpy(destination: u64, source: u64, bytes: usize);
    fn cuMemcpyHtoD_v2(destination: u64, source: *const c_void, bytes: usize);
    fn cuMemcpyDtoH_v2(destination: *mut c_void, source: u64, bytes: usize);
    fn cuMemcpyDtoD_v2(destination: u64, source: u64, bytes: usize);
    fn cuMemcpyHtoDAsync_v2(destination: u64, source: *const c_void, bytes: usize, stream: Handle);
    fn cuMemcpyDtoHAsync_v2(destination: *mut c_void, source: u64, bytes: usize, stream: Handle);
    fn cuMemcpyDtoDAsync_v2(destination: u64, source: u64, bytes: usize, stream: Handle);
    fn cuMemcpy2D_v2(copy: *const c_void);
    fn cuMemcpyPeer(
        destination: u64,
        destination_context: Handle,
        source: u64,
        source_context: Handle,
        bytes: usize,
    );
    fn cuMemcpyPeerAsync(
        destination: u64,
        destination_context: Handle,
        source: u64,
        source_context: Handle,
        bytes: usize,
        stream: Handle,
    );
    fn cuMemcpyHtoA_v2(array: Handle, offset: usize, source: *const c_void, bytes: usize);
    fn cuMemcpyAtoH_v2(destination: *mut c_void, array: Handle, offset: usize, bytes: usize);
    // Filling, advice.
    fn cuMemsetD8_v2(destination: u64, value: u8, count: usize);
    fn cuMemsetD16_v2(destination: u64, value: u16, count: usize);
    fn cuMemsetD32_v2(destination: u64, value: c_uint, count: usize);
    fn cuMemsetD8Async(destination: u64, value: u8, count: usize, stream: Handle);
    fn cuMemsetD16Async(destination: u64, value: u16, count: usize, stream: Handle);
    fn cuMemsetD32Async(destination: u64, value: c_uint, count: usize, stream: Handle);
    fn cuMemAdvise(address: u64, count: usize, advice: c_uint, device: c_int);
    fn cuMemPrefetchAsync(address: u64, count: usize, destination: c_int, stream: Handle);
    // Pointers.
    fn cuPointerGetAttribute(data: *mut c_void, attribute: c_uint, address: u64);
    fn cuPointerGetAttributes(
        count: c_uint,
        attributes: *mut c_uint,
        data: *mut *mut c_void,
        address: u64,
    );
    // Streams.
    fn cuStreamCreate(stream: *mut Handle, flags: c_uint);
    fn cuStreamCreateWithPriority(stream: *mut Handle, flags: c_uint, priority: c_int);
    fn cuStreamGetPriority(stream: Handle, priority: *mut c_int);
    fn cuStreamGetFlags(stream: Handle, flags: *mut c_uint);
    fn cuStreamWaitEvent(stream: Handle, event: Handle, flags: c_uint);
    fn cuStreamAddCallback(stream: Handle, callback: Callback, argument: *mut c_void, flags: c_uint);
    fn cuStreamQuery(stream: Handle);
    fn cuStreamSynchronize(stream: Handle);
    fn cuStreamDestroy_v2(stream: Handle);
    fn cuLaunchHostFunc(stream: Handle, function: Callback, argument: *mut c_void);
    // Events.
    fn cuEventCreate(event: *mut Handle, flags: c_uint);
    fn cuEventRecord(event: Handle, stream: Handle);
    fn cuEventQuery(event: Handle);
    fn cuEventSynchronize(event: Handle);
    fn cuEventDestroy_v2(event: Handle);
    fn cuEventElapsedTime(milliseconds: *mut f32, start: Handle, end: Handle);
    // Functions and launches.
    fn cuFuncGetAttribute(value: *mut c_int, attribute: c_uint, function: Handle);
    fn cuFuncSetAttribute(function: Handle, attribute: c_uint, value: c_int);
    fn cuFuncSetCacheConfig(function: Handle, config: c_uint);
    fn cuFuncSetSharedMemConfig(function: Handle, config: c_uint);
    fn cuFuncGetModule(module: *mut Handle, function: Handle);
    fn cuLaunchKernel(
        function: Handle,
        grid_dim_x: c_uint,
        grid_dim_y: c_uint,
        grid_dim_z: c_uint,
        block_dim_x: c_uint,
        block_dim_y: c_uint,
        block_dim_z: c_uint,
        shared_mem_bytes: c_uint,
        stream: Handle,
        kernel_params: *mut *mut c_void,
        extra: *mut *mut c_void,
    );
    // Occupancy.
    fn cuOccupancyMaxActiveBlocksPerMultiprocessor(
        num_blocks: *mut c_int,
        function: Handle,
        block_size: c_int,
        dynamic_smem_size: usize,
    );
    fn cuOccupancyMaxPotentialBlockSize(
        min_grid_size: *mut c_int,
        block_size: *mut c_int,
        function: Handle,
        block_size_to_dynamic_smem_size: Callback,
        dynamic_smem_size: usize,
        block_size_limit: c_int,
    );
    fn cuOccupancyAvailableDynamicSMemPerBlock(
        dynamic_smem_size: *mut usize,
        function: Handle,
        num_blocks: c_int,
        block_size: c_int,
    );
    // Graphs.
    fn cuGraphCreate(graph: *mut Handle, flags: c_uint);
    fn cuGraphDestroy(graph: Handle);
    fn cuGraphAddKernelNode(
        graph_node: *mut Handle,
        graph: Handle,
        dependencies: *const Handle,
        count: usize,
        node_params: *const c_void,
    );
    fn cuGraphKernelNodeGetParams(node: Handle, node_params: *mut c_void);
    fn cuGraphNodeGetType(node: Handle, kind: *mut c_uint);
    fn cuGraphGetNodes(graph: Handle, nodes: *mut Handle, count: *mut usize);
    fn cuGraphGetEdges(graph: Handle, from: *mut Handle, to: *mut Handle, count: *mut usize);
    fn cuGraphDebugDotPrint(graph: Handle, path: *const c_char, flags: c_uint);
    fn cuGraphLaunch(graph_exec: Handle, stream: Handle);
    fn cuGraphInstantiate_v2(
        graph_exec: *mut Handle,
        graph: Handle,
        error_node: *mut Handle,
        log_buffer: *mut c_char,
        buffer_size: usize,
    );
    fn cuGraphExecDestroy(graph_exec: Handle);
    // Arrays, textures, surfaces.
    fn cuArray3DCreate_v2(handle: *mut Handle, allocate_array: *const c_void);
    fn cuArray3DGetDescriptor_v2(array_descriptor: *mut c_void, array: Handle);
    fn cuArrayDestroy(array: Handle);
    fn cuTexObjectCreate(
        tex_object: *mut u64,
        res_desc: *const c_void,
        tex_desc: *const c_void,
        res_view_desc: *const c_void,
    );
    fn cuTexObjectDestroy(tex_object: u64);
    fn cuTexObjectGetResourceDesc(res_desc: *mut c_void, tex_object: u64);
    fn cuTexObjectGetResourceViewDesc(res_view_desc: *mut c_void, tex_object: u64);
    fn cuSurfObjectCreate(surf_object: *mut u64, res_desc: *const c_void);
    fn cuSurfObjectDestroy(surf_object: u64);
    fn cuSurfObjectGetResourceDesc(res_desc: *mut c_void, surf_object: u64);
    // External memory.
    fn cuImportExternalMemory(ext_mem_out: *mut Handle, mem_handle_desc: *const c_void);
    fn cuExternalMemoryGetMappedBuffer(address: *mut u64, ext_mem: Handle, buffer_desc: *const c_void);
    fn cuDestroyExternalMemory(ext_mem: Handle);
}

/// Writes a text on an error code, also where there is no driver to ask: `cust` needs one to print its own
/// errors.
fn describe(name: &CStr, cache: &OnceLock<usize>, error: c_int, text: *mut *const c_char) -> c_int {
    match address(name, cache) {
        0 => {
            let description =
                if error == NO_DEVICE { c"no CUDA driver was found" } else { c"unknown CUDA error" };
            // SAFETY: the caller passes a place for one pointer, as the driver API demands; the text is
            // static.
            unsafe { text.write(description.as_ptr()) };
            0
        }
        address => {
            type Function = unsafe extern "C" fn(c_int, *mut *const c_char) -> c_int;
            // SAFETY: the address is that of `cuGetErrorString` or `cuGetErrorName`, which share this
            // signature.
            let function = unsafe { std::mem::transmute::<usize, Function>(address) };
            // SAFETY: as for the write above.
            known(unsafe { function(error, text) })
        }
    }
}

// SAFETY: as for the forwarded names.
#[unsafe(no_mangle)]
unsafe extern "C" fn cuGetErrorString(error: c_int, text: *mut *const c_char) -> c_int {
    static ADDRESS: OnceLock<usize> = OnceLock::new();
    describe(c"cuGetErrorString", &ADDRESS, error, text)
}

// SAFETY: as for the forwarded names.
#[unsafe(no_mangle)]
unsafe extern "C" fn cuGetErrorName(error: c_int, text: *mut *const c_char) -> c_int {
    static ADDRESS: OnceLock<usize> = OnceLock::new();
    describe(c"cuGetErrorName", &ADDRESS, error, text)
}
