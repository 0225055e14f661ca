//! Streams, events and calls from streams.

use std::ffi::c_void;

use crate::driver::command::Command;
use crate::driver::context::{Context, Handle, State, get, new_handle, with_current};
use crate::driver::ffi::{Callback, Out};
use crate::driver::status::{INVALID_HANDLE, NOT_READY, Outcome};
use crate::driver::stream::{Event, Stream, enqueue, finish, finish_record};

/// `CU_EVENT_DISABLE_TIMING`.
const DISABLE_TIMING: u32 = 2;

entry_points! {
    fn cuStreamCreate(handle: Out<Handle>, flags: u32) {
        with_current(|_, state| handle.put(new_stream(state, flags, 0)))
    }

    fn cuStreamCreateWithPriority(handle: Out<Handle>, flags: u32, priority: i32) {
        with_current(|_, state| handle.put(new_stream(state, flags, priority)))
    }

    fn cuStreamGetPriority(handle: Handle, priority: Out<i32>) {
        with_current(|_, state| priority.put(get(&state.streams, handle)?.priority))
    }

    fn cuStreamGetFlags(handle: Handle, flags: Out<u32>) {
        with_current(|_, state| flags.put(get(&state.streams, handle)?.flags))
    }

    fn cuStreamSynchronize(handle: Handle) {
        with_current(|context, state| finish(context, state, handle))
    }

    // A question does not wait, so that a program that asks until the work is done sees both answers.
    fn cuStreamQuery(handle: Handle) {
        with_current(|context, state| {
            if get(&state.streams, handle)?.is_idle() {
                return Ok(());
            }
            finish(context, state, handle)?;
            Err(NOT_READY)
        })
    }

    // What is in the stream is still done.
    fn cuStreamDestroy_v2(handle: Handle) {
        with_current(|context, state| {
            if handle <= 2 {
                return Err(INVALID_HANDLE);
            }
            let done = finish(context, state, handle);
            state.streams.remove(&handle).ok_or(INVALID_HANDLE)?;
            done
        })
    }

    fn cuStreamWaitEvent(handle: Handle, event: Handle, _flags: u32) {
        with_current(|context, state| {
            if handle > 2 {
                get(&state.streams, handle)?;
            }
            wait(context, state, event)
        })
    }

    fn cuLaunchHostFunc(
        handle: Handle,
        function: Option<unsafe extern "C" fn(*mut c_void)>,
        argument: *mut c_void,
    ) {
        let callback = Callback { function, argument };
        with_current(|context, state| enqueue(context, state, handle, Command::Call(callback)))
    }

    fn cuEventCreate(handle: Out<Handle>, flags: u32) {
        with_current(|_, state| {
            let new = new_handle();
            state.events.insert(new, Event { timed: flags & DISABLE_TIMING == 0, ..Event::default() });
            handle.put(new)
        })
    }

    fn cuEventDestroy_v2(handle: Handle) {
        with_current(|_, state| state.events.remove(&handle).map(drop).ok_or(INVALID_HANDLE))
    }

    fn cuEventRecord(handle: Handle, stream: Handle) {
        with_current(|context, state| {
            let event = state.events.get_mut(&handle).ok_or(INVALID_HANDLE)?;
            let records = event.records + 1;
            *event = Event { stream: Some(stream), records, time: None, timed: event.timed };
            enqueue(context, state, stream, Command::Record(handle, records))
        })
    }

    fn cuEventQuery(handle: Handle) {
        with_current(|context, state| {
            let event = get(&state.events, handle)?;
            if event.stream.is_none() || event.time.is_some() {
                return Ok(());
            }
            wait(context, state, handle)?;
            Err(NOT_READY)
        })
    }

    fn cuEventSynchronize(handle: Handle) {
        with_current(|context, state| wait(context, state, handle))
    }

    fn cuEventElapsedTime(milliseconds: Out<f32>, start: Handle, end: Handle) {
        with_current(|_, state| {
            let time = |handle| {
                let event = get(&state.events, handle)?;
                event.stream.filter(|_| event.timed).ok_or(INVALID_HANDLE)?;
                event.time.ok_or(NOT_READY)
            };
            milliseconds.put((time(end)? as f64 - time(start)? as f64) as f32 * 1e-6)
        })
    }
}

fn new_stream(state: &mut State, flags: u32, priority: i32) -> Handle {
    let handle = new_handle();
    state.streams.insert(handle, Stream::new(flags, priority));
    handle
}

/// Runs the stream of an event up to its last record, if there is one that has not happened.
fn wait(context: &Context, state: &mut State, event: Handle) -> Outcome {
    match get(&state.events, event)? {
        Event { stream: Some(stream), time: None, records, .. }
            if *stream <= 2 || state.streams.contains_key(stream) =>
        {
            finish_record(context, state, *stream, event, *records)
        }
        _ => Ok(()),
    }
}
