//! Allocation.

use crate::driver::command::Command;
use crate::driver::context::{Context, Handle, HostMemory, State, with_current};
use crate::driver::device::Fault;
use crate::driver::ffi::{Out, Place};
use crate::driver::status::{
    HOST_MEMORY_ALREADY_REGISTERED, HOST_MEMORY_NOT_REGISTERED, INVALID_VALUE, OUT_OF_MEMORY, Outcome,
};
use crate::driver::stream::{enqueue, finish_all};

entry_points! {
    fn cuMemGetInfo_v2(free: Out<usize>, total: Out<usize>) {
        with_current(|context, state| {
            let all = context.device.settings().memory;
            free.put(all.saturating_sub(state.memory.in_use()))?;
            total.put(all)
        })
    }

    fn cuMemAlloc_v2(address: Out<u64>, bytes: usize) {
        with_current(|context, state| address.put(allocate(context, state, bytes)?))
    }

    // It comes from a pool, at once; when it is freed matters more.
    fn cuMemAllocAsync(address: Out<u64>, bytes: usize, _stream: Handle) {
        with_current(|context, state| {
            let start = allocate(context, state, bytes)?;
            state.of_pool.insert(start);
            address.put(start)
        })
    }

    // Managed memory can be reached from the host at its device address, which simulated memory cannot.
    fn cuMemAllocManaged(_address: Out<u64>, _bytes: usize, _flags: u32) {
        with_current(|context, _| {
            context.device.explain("managed memory is not simulated");
            Err(crate::driver::status::NOT_SUPPORTED)
        })
    }

    // Nothing is waited for where the memory is of a pool: what is still to use it finds it freed.
    fn cuMemFree_v2(address: u64) {
        with_current(|context, state| {
            if !state.of_pool.contains(&address) {
                finish_all(context, state)?;
            }
            free(context, state, address)
        })
    }

    fn cuMemFreeAsync(address: u64, stream: Handle) {
        with_current(|context, state| {
            if !state.memory.leave(address) {
                return Err(not_freed(context, address));
            }
            enqueue(context, state, stream, Command::Free { address })
        })
    }

    fn cuMemGetAddressRange_v2(base: Out<u64>, size: Out<usize>, address: u64) {
        with_current(|_, state| {
            let (start, bytes) = state.memory.allocation_of(address).ok_or(INVALID_VALUE)?;
            base.put_if_wanted(start);
            size.put_if_wanted(bytes);
            Ok(())
        })
    }

    fn cuMemAllocHost_v2(place: Out<usize>, bytes: usize) {
        with_current(|_, state| place.put(allocate_host(state, bytes)))
    }

    fn cuMemHostAlloc(place: Out<usize>, bytes: usize, _flags: u32) {
        with_current(|_, state| place.put(allocate_host(state, bytes)))
    }

    fn cuMemFreeHost(place: Place) {
        with_current(|context, state| {
            finish_all(context, state)?;
            let allocated = |host: &&HostMemory| host.allocated.is_some();
            state.host.get(&place.address()).filter(allocated).ok_or(INVALID_VALUE)?;
            state.host.remove(&place.address());
            Ok(())
        })
    }

    // Host memory is never paged out here, but the driver knows whose it is.
    fn cuMemHostRegister_v2(place: Place, bytes: usize, _flags: u32) {
        with_current(|_, state| match (bytes, state.host.contains_key(&place.address())) {
            (0, _) => Err(INVALID_VALUE),
            (_, true) => Err(HOST_MEMORY_ALREADY_REGISTERED),
            _ => {
                state.host.insert(place.address(), HostMemory { bytes, allocated: None });
                Ok(())
            }
        })
    }

    fn cuMemHostUnregister(place: Place) {
        with_current(|context, state| {
            finish_all(context, state)?;
            let registered = |host: &&HostMemory| host.allocated.is_none();
            state.host.get(&place.address()).filter(registered).ok_or(HOST_MEMORY_NOT_REGISTERED)?;
            state.host.remove(&place.address());
            Ok(())
        })
    }
}

fn free(context: &Context, state: &mut State, address: u64) -> Outcome {
    if state.memory.free(address) { Ok(()) } else { Err(not_freed(context, address)) }
}

fn not_freed(context: &Context, address: u64) -> i32 {
    context.device.explain(format!(
        "{address:#x} is freed, but no live allocation of the current context starts there"
    ));
    INVALID_VALUE
}

fn allocate(context: &Context, state: &mut State, bytes: usize) -> Outcome<u64> {
    if bytes == 0 {
        return Err(INVALID_VALUE);
    }
    let left = context.device.settings().memory.saturating_sub(state.memory.in_use());
    if bytes > left || context.device.fails(Fault::OutOfMemory) {
        context.device.explain(format!("an allocation of {bytes} bytes, with {left} bytes left"));
        return Err(OUT_OF_MEMORY);
    }
    Ok(state.memory.allocate(bytes))
}

/// Host memory, at its address.
fn allocate_host(state: &mut State, bytes: usize) -> usize {
    let mut memory = vec![0u128; bytes.div_ceil(16).max(1)].into_boxed_slice();
    let address = memory.as_mut_ptr().expose_provenance();
    state.host.insert(address, HostMemory { bytes, allocated: Some(memory) });
    address
}
