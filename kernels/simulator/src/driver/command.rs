//! What streams hold: copies, fills, launches, events, calls.

use std::sync::Arc;

use super::context::{Context, Handle, State, in_callback};
use super::device::Fault;
use super::ffi::{Callback, Place};
use super::status::{
    ASSERT, CONTEXT_IS_DESTROYED, ILLEGAL_ADDRESS, INVALID_VALUE, LAUNCH_FAILED, LAUNCH_TIMEOUT,
    MISALIGNED_ADDRESS, Outcome,
};
use crate::machine::{Cause, Checks, Launch, Scale};
use crate::program::Program;

/// A command. The record of an event says how often it has been recorded.
pub(super) enum Command {
    Upload { address: u64, data: Vec<u8> },
    Download { place: Place, address: u64, bytes: usize },
    Copy { destination: u64, source: u64, bytes: usize },
    Fill { address: u64, pattern: Vec<u8>, count: usize },
    Launch { program: Arc<Program>, scale: Scale, parameters: Vec<u8> },
    Free { address: u64 },
    Record(Handle, u64),
    Call(Callback),
}

impl Command {
    pub(super) fn run(self, context: &Context, state: &mut State) -> Outcome {
        let device = &context.device;
        let moves_data = !matches!(self, Command::Free { .. } | Command::Record(..) | Command::Call(_));
        if moves_data && device.fails(Fault::LostContext) {
            return Err(CONTEXT_IS_DESTROYED);
        }
        state.clock += 1000;
        let memory = &mut state.memory;
        let result = match self {
            Command::Upload { address, data } => memory.write(address, &data),
            Command::Download { place, address, bytes } => {
                let mut data = vec![0; bytes];
                let result = if device.settings().uninitialised {
                    memory.read(address, &mut data)
                } else {
                    memory.read_unchecked(address, &mut data)
                };
                match result {
                    Ok(()) => return place.write(&data),
                    Err(fault) => Err(fault),
                }
            }
            Command::Copy { destination, source, bytes } => memory.copy(destination, source, bytes),
            Command::Fill { address, pattern, count } => memory.fill(address, &pattern, count),
            Command::Launch { program, scale, parameters } => {
                return launch(context, state, &program, scale, &parameters);
            }
            Command::Free { address } => {
                memory.end(address);
                return Ok(());
            }
            Command::Record(event, records) => {
                if let Some(event) = state.events.get_mut(&event).filter(|event| event.records == records) {
                    event.time = Some(state.clock);
                }
                return Ok(());
            }
            Command::Call(callback) => {
                in_callback(|| callback.call());
                return Ok(());
            }
        };
        result.map_err(|fault| {
            device.explain(format!("{} in a copy or fill: {}", fault.cause, fault.message));
            if fault.cause == Cause::Uninitialised { LAUNCH_FAILED } else { INVALID_VALUE }
        })
    }
}

fn launch(
    context: &Context,
    state: &mut State,
    program: &Program,
    scale: Scale,
    parameters: &[u8],
) -> Outcome {
    let device = &context.device;
    if device.fails(Fault::LaunchFailure) {
        device.explain("an injected failure of a kernel");
        return Err(LAUNCH_FAILED);
    }
    let settings = device.settings();
    let checks = Checks {
        races: settings.races,
        uninitialised: settings.uninitialised,
        noise: settings.noise,
        step_limit: settings.step_limit,
    };
    match (Launch { program, scale, parameters, checks }).run(&mut state.memory) {
        Ok(statistics) => {
            state.clock += statistics.instructions;
            device.note_statistics(statistics);
            Ok(())
        }
        Err(diagnosis) => {
            let code = match diagnosis.cause {
                Cause::OutOfBounds | Cause::ReadOnly => ILLEGAL_ADDRESS,
                Cause::Misaligned => MISALIGNED_ADDRESS,
                Cause::Timeout => LAUNCH_TIMEOUT,
                Cause::Trap => ASSERT,
                _ => LAUNCH_FAILED,
            };
            device.note_diagnosis(diagnosis);
            Err(code)
        }
    }
}

impl Context {
    /// An error during execution makes the context unusable; one in an argument does not.
    pub(super) fn lose_if_sticky(&self, state: &mut State, code: i32) -> i32 {
        if (700..800).contains(&code) { self.lose(state, code) } else { code }
    }
}
