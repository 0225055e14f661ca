//! Primary contexts and contexts.

use crate::driver::context::{self, Context, Handle, with_current, with_stack};
use crate::driver::device::{existing, usable};
use crate::driver::ffi::Out;
use crate::driver::status::{INVALID_CONTEXT, NOT_SUPPORTED};
use crate::driver::stream::finish_all;

entry_points! {
    fn cuDevicePrimaryCtxRetain(handle: Out<Handle>, number: i32) {
        let device = usable(number)?;
        let mut state = device.state();
        let flags = state.primary.flags;
        let context = state.primary.context.get_or_insert_with(|| Context::new(device.clone(), flags)).handle;
        state.primary.users += 1;
        handle.put(context)
    }

    fn cuDevicePrimaryCtxRelease_v2(number: i32) {
        let device = existing(number)?;
        let mut state = device.state();
        state.primary.users = state.primary.users.checked_sub(1).ok_or(INVALID_CONTEXT)?;
        let last = if state.primary.users == 0 { state.primary.context.take() } else { None };
        drop(state);
        if let Some(context) = last {
            // What is left in its streams runs, unless the context is lost.
            let mut state = context.state();
            if state.lost.is_none() {
                finish_all(&context, &mut state)?;
            }
        }
        Ok(())
    }

    fn cuDevicePrimaryCtxReset_v2(number: i32) {
        let device = existing(number)?;
        let mut state = device.state();
        let context = state.primary.context.take();
        state.primary.users = 0;
        drop(state);
        drop(context);
        Ok(())
    }

    fn cuDevicePrimaryCtxSetFlags_v2(number: i32, flags: u32) {
        existing(number)?.state().primary.flags = flags;
        Ok(())
    }

    fn cuDevicePrimaryCtxGetState(number: i32, flags: Out<u32>, active: Out<i32>) {
        let device = existing(number)?;
        let state = device.state();
        flags.put(state.primary.flags)?;
        active.put(i32::from(state.primary.context.is_some()))
    }

    fn cuCtxCreate_v2(handle: Out<Handle>, flags: u32, number: i32) {
        let context = Context::new(usable(number)?, flags);
        let new = context.handle;
        context::own(context);
        with_stack(|stack| stack.push(new));
        handle.put(new)
    }

    fn cuCtxDestroy_v2(handle: Handle) {
        context::destroy(handle)
    }

    fn cuCtxPushCurrent_v2(handle: Handle) {
        context::find(handle)?;
        with_stack(|stack| stack.push(handle));
        Ok(())
    }

    fn cuCtxPopCurrent_v2(handle: Out<Handle>) {
        handle.put_if_wanted(with_stack(Vec::pop).ok_or(INVALID_CONTEXT)?);
        Ok(())
    }

    fn cuCtxSetCurrent(handle: Handle) {
        if handle != 0 {
            context::find(handle)?;
        }
        with_stack(|stack| {
            stack.pop();
            stack.extend((handle != 0).then_some(handle));
        });
        Ok(())
    }

    fn cuCtxGetCurrent(handle: Out<Handle>) {
        handle.put(with_stack(|stack| stack.last().copied().unwrap_or(0)))
    }

    fn cuCtxGetDevice(number: Out<i32>) {
        number.put(context::current()?.device.ordinal())
    }

    fn cuCtxGetFlags(flags: Out<u32>) {
        flags.put(context::current()?.flags)
    }

    fn cuCtxGetApiVersion(handle: Handle, version: Out<u32>) {
        if handle != 0 {
            context::find(handle)?;
        }
        version.put(3020)
    }

    fn cuCtxGetStreamPriorityRange(least: Out<i32>, greatest: Out<i32>) {
        context::current()?;
        least.put_if_wanted(0);
        greatest.put_if_wanted(-5);
        Ok(())
    }

    fn cuCtxSynchronize() {
        with_current(finish_all)
    }

    fn cuCtxGetCacheConfig(config: Out<u32>) {
        context::current()?;
        config.put(0)
    }

    // Caches and banks are not simulated: a preference for one or the other has no effect, as on many
    // devices.
    fn cuCtxSetCacheConfig(_config: u32) {
        context::current().map(drop)
    }

    fn cuCtxGetSharedMemConfig(config: Out<u32>) {
        context::current()?;
        config.put(1)
    }

    fn cuCtxSetSharedMemConfig(_config: u32) {
        context::current().map(drop)
    }

    fn cuCtxGetLimit(value: Out<usize>, limit: u32) {
        context::current()?;
        match limit {
            // Bytes of the stack of a thread, and of the heap of `malloc` in kernels.
            0 => value.put(1024),
            2 => value.put(8 << 20),
            _ => Err(NOT_SUPPORTED),
        }
    }

    fn cuCtxSetLimit(_limit: u32, _value: usize) {
        context::current().map(drop)
    }
}
