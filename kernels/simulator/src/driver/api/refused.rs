//! Functions that exist, so that programs which name them can be linked, and say that they are not simulated.

use crate::driver::context::current;
use crate::driver::status::NOT_SUPPORTED;

macro_rules! refused {
    ($($name:ident)*) => {
        // Arguments are not looked at: a C function may be called with more of them than it takes.
        entry_points! {
            $(fn $name() {
                if let Ok(context) = current() {
                    context.device.explain(concat!("`", stringify!($name), "` is not simulated"));
                }
                Err(NOT_SUPPORTED)
            })*
        }
    };
}

refused! {
    cuModuleLoadFatBinary
    cuLinkCreate_v2 cuLinkAddData_v2 cuLinkComplete cuLinkDestroy
    cuMemAllocPitch_v2 cuMemHostGetDevicePointer_v2 cuMemcpy cuMemcpy2D_v2 cuMemcpyPeer cuMemcpyPeerAsync
    cuMemcpyHtoA_v2 cuMemcpyAtoH_v2 cuMemAdvise cuMemPrefetchAsync
    cuStreamAddCallback
    cuGraphCreate cuGraphDestroy cuGraphAddKernelNode cuGraphKernelNodeGetParams cuGraphNodeGetType
    cuGraphGetNodes cuGraphGetEdges cuGraphDebugDotPrint cuGraphLaunch cuGraphInstantiate_v2 cuGraphExecDestroy
    cuArray3DCreate_v2 cuArray3DGetDescriptor_v2 cuArrayDestroy
    cuTexObjectCreate cuTexObjectDestroy cuTexObjectGetResourceDesc cuTexObjectGetResourceViewDesc
    cuSurfObjectCreate cuSurfObjectDestroy cuSurfObjectGetResourceDesc
    cuImportExternalMemory cuExternalMemoryGetMappedBuffer cuDestroyExternalMemory
}
