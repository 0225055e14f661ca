//! Streams and events.
//!
//! A stream is a queue of commands that runs when somebody waits for it. The null stream is ordered with all
//! streams that are not created as non-blocking: what they hold runs before a command of the null stream.

use std::collections::VecDeque;

use super::command::Command;
use super::context::{Context, Handle, State};
use super::status::{INVALID_HANDLE, Outcome};

/// A stream.
#[derive(Default)]
pub(super) struct Stream {
    pub(super) flags: u32,
    pub(super) priority: i32,
    queue: VecDeque<Command>,
}

/// `CU_STREAM_NON_BLOCKING`.
const NON_BLOCKING: u32 = 1;

/// The handles of the null stream: itself, `CU_STREAM_LEGACY` and `CU_STREAM_PER_THREAD`, which is simulated
/// as the same.
fn is_null(stream: Handle) -> bool {
    stream <= 2
}

/// An event.
#[derive(Default)]
pub(super) struct Event {
    /// The stream that it was recorded in last.
    pub(super) stream: Option<Handle>,
    /// How often it was recorded: only the last record counts.
    pub(super) records: u64,
    /// When it happened, on the clock of the context; `None` while it is to happen.
    pub(super) time: Option<u64>,
    /// Whether the program may ask for the time.
    pub(super) timed: bool,
}

impl Stream {
    pub(super) fn new(flags: u32, priority: i32) -> Stream {
        Stream { flags, priority, queue: VecDeque::new() }
    }

    pub(super) fn is_idle(&self) -> bool {
        self.queue.is_empty()
    }
}

/// Adds a command to a stream.
pub(super) fn enqueue(context: &Context, state: &mut State, stream: Handle, command: Command) -> Outcome {
    let stream = if is_null(stream) { 0 } else { stream };
    if stream == 0 {
        finish_blocking(context, state)?;
    }
    let stream = state.streams.get_mut(&stream).ok_or(INVALID_HANDLE)?;
    stream.queue.push_back(command);
    Ok(())
}

/// Runs a command of the null stream now.
pub(super) fn run_now(context: &Context, state: &mut State, command: Command) -> Outcome {
    enqueue(context, state, 0, command)?;
    finish(context, state, 0)
}

/// Runs all commands of a stream.
pub(super) fn finish(context: &Context, state: &mut State, stream: Handle) -> Outcome {
    finish_up_to(context, state, stream, |_| false)
}

/// Runs the commands of a stream up to the last record of an event, and none that came after it: who waits for an
/// event that was recorded too early finds the later work undone.
pub(super) fn finish_record(
    context: &Context,
    state: &mut State,
    stream: Handle,
    event: Handle,
    records: u64,
) -> Outcome {
    let is_last =
        |command: &Command| matches!(command, Command::Record(e, n) if (*e, *n) == (event, records));
    finish_up_to(context, state, stream, is_last)
}

/// Runs the commands of a stream, up to and with the first that is the last to run.
fn finish_up_to(
    context: &Context,
    state: &mut State,
    stream: Handle,
    is_last: impl Fn(&Command) -> bool,
) -> Outcome {
    let stream = if is_null(stream) { 0 } else { stream };
    let blocking = |stream: &Stream| stream.flags & NON_BLOCKING == 0;
    // A command of the null stream that was queued before those of this one comes first.
    if stream != 0 && state.streams.get(&stream).is_some_and(blocking) {
        finish(context, state, 0)?;
    }
    loop {
        let queue = &mut state.streams.get_mut(&stream).ok_or(INVALID_HANDLE)?.queue;
        let Some(command) = queue.pop_front() else { return Ok(()) };
        let last = is_last(&command);
        command.run(context, state).map_err(|code| context.lose_if_sticky(state, code))?;
        if last {
            return Ok(());
        }
    }
}

/// Runs all commands of the streams that are ordered with the null stream.
fn finish_blocking(context: &Context, state: &mut State) -> Outcome {
    finish_where(context, state, |handle, stream| handle == 0 || stream.flags & NON_BLOCKING == 0)
}

/// Runs all commands of all streams.
pub(super) fn finish_all(context: &Context, state: &mut State) -> Outcome {
    finish_where(context, state, |_, _| true)
}

fn finish_where(context: &Context, state: &mut State, chosen: impl Fn(Handle, &Stream) -> bool) -> Outcome {
    let mut handles: Vec<Handle> = state
        .streams
        .iter()
        .filter(|(handle, stream)| chosen(**handle, stream))
        .map(|(handle, _)| *handle)
        .collect();
    handles.sort_unstable();
    handles.into_iter().try_for_each(|handle| finish(context, state, handle))
}
