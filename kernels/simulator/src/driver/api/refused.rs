//! Functions that exist, so that programs which name them can be linked, and say that they are not simulated.

use std::ffi::c_void;

use crate::driver::context::{Handle, current};
use crate::driver::ffi::{Out, Place, Source, Text};
use crate::driver::status::NOT_SUPPORTED;

/// A function of the program, which is not called.
type Unused = Option<unsafe extern "C" fn(Handle, i32, *mut c_void)>;

macro_rules! refused {
    ($(fn $name:ident($($argument:ident: $kind:ty),* $(,)?);)*) => {
        entry_points! {
            $(fn $name($($argument: $kind),*) {
                if let Ok(context) = current() {
                    context.device.explain(concat!("`", stringify!($name), "` is not simulated"));
                }
                Err(NOT_SUPPORTED)
            })*
        }
    };
}

refused! {
    fn cuModuleLoadFatBinary(_module: Out<Handle>, _image: Source);
    fn cuLinkCreate_v2(_count: u32, _options: Out<u32>, _values: Out<Place>, _state: Out<Handle>);
    fn cuLinkAddData_v2(
        _state: Handle,
        _kind: u32,
        _data: Source,
        _size: usize,
        _name: Text,
        _count: u32,
        _options: Out<u32>,
        _values: Out<Place>,
    );
    fn cuLinkComplete(_state: Handle, _image: Out<Place>, _size: Out<usize>);
    fn cuLinkDestroy(_state: Handle);
    fn cuMemAllocPitch_v2(
        _address: Out<u64>,
        _pitch: Out<usize>,
        _width: usize,
        _height: usize,
        _element: u32,
    );
    fn cuMemHostGetDevicePointer_v2(_address: Out<u64>, _place: Place, _flags: u32);
    fn cuMemcpy(_destination: u64, _source: u64, _bytes: usize);
    fn cuMemcpy2D_v2(_copy: Source);
    fn cuMemcpyPeer(_destination: u64, _its: Handle, _source: u64, _owner: Handle, _bytes: usize);
    fn cuMemcpyPeerAsync(
        _destination: u64,
        _its: Handle,
        _source: u64,
        _owner: Handle,
        _bytes: usize,
        _stream: Handle,
    );
    fn cuMemcpyHtoA_v2(_array: Handle, _offset: usize, _source: Source, _bytes: usize);
    fn cuMemcpyAtoH_v2(_place: Place, _array: Handle, _offset: usize, _bytes: usize);
    fn cuMemAdvise(_address: u64, _bytes: usize, _advice: u32, _number: i32);
    fn cuMemPrefetchAsync(_address: u64, _bytes: usize, _number: i32, _stream: Handle);
    fn cuStreamAddCallback(_stream: Handle, _function: Unused, _argument: Place, _flags: u32);
    fn cuGraphCreate(_graph: Out<Handle>, _flags: u32);
    fn cuGraphDestroy(_graph: Handle);
    fn cuGraphAddKernelNode(
        _node: Out<Handle>,
        _graph: Handle,
        _dependencies: Source,
        _count: usize,
        _parameters: Source,
    );
    fn cuGraphKernelNodeGetParams(_node: Handle, _parameters: Place);
    fn cuGraphNodeGetType(_node: Handle, _kind: Out<u32>);
    fn cuGraphGetNodes(_graph: Handle, _nodes: Out<Handle>, _count: Out<usize>);
    fn cuGraphGetEdges(_graph: Handle, _from: Out<Handle>, _to: Out<Handle>, _count: Out<usize>);
    fn cuGraphDebugDotPrint(_graph: Handle, _path: Text, _flags: u32);
    fn cuGraphLaunch(_graph: Handle, _stream: Handle);
    fn cuGraphInstantiate_v2(
        _instance: Out<Handle>,
        _graph: Handle,
        _node: Out<Handle>,
        _log: Place,
        _bytes: usize,
    );
    fn cuGraphExecDestroy(_instance: Handle);
    fn cuArray3DCreate_v2(_array: Out<Handle>, _descriptor: Source);
    fn cuArray3DGetDescriptor_v2(_descriptor: Place, _array: Handle);
    fn cuArrayDestroy(_array: Handle);
    fn cuTexObjectCreate(_texture: Out<u64>, _resource: Source, _descriptor: Source, _view: Source);
    fn cuTexObjectDestroy(_texture: u64);
    fn cuTexObjectGetResourceDesc(_descriptor: Place, _texture: u64);
    fn cuTexObjectGetResourceViewDesc(_descriptor: Place, _texture: u64);
    fn cuSurfObjectCreate(_surface: Out<u64>, _resource: Source);
    fn cuSurfObjectDestroy(_surface: u64);
    fn cuSurfObjectGetResourceDesc(_descriptor: Place, _surface: u64);
    fn cuImportExternalMemory(_memory: Out<Handle>, _descriptor: Source);
    fn cuExternalMemoryGetMappedBuffer(_address: Out<u64>, _memory: Handle, _descriptor: Source);
    fn cuDestroyExternalMemory(_memory: Handle);
}
