//! Copies and fills.

use crate::driver::command::Command;
use crate::driver::context::{Handle, with_current};
use crate::driver::ffi::{Place, Source};
use crate::driver::status::{INVALID_VALUE, Outcome};
use crate::driver::stream::{enqueue, run_now};

entry_points! {
    fn cuMemcpyHtoD_v2(address: u64, source: Source, bytes: usize) {
        now(Command::Upload { address, data: source.bytes(bytes)? })
    }

    fn cuMemcpyDtoH_v2(place: Place, address: u64, bytes: usize) {
        now(Command::Download { place, address, bytes })
    }

    fn cuMemcpyDtoD_v2(destination: u64, source: u64, bytes: usize) {
        now(Command::Copy { destination, source, bytes })
    }

    // The data is taken at the call: later changes of the host's memory are not seen.
    fn cuMemcpyHtoDAsync_v2(address: u64, source: Source, bytes: usize, stream: Handle) {
        later(stream, Command::Upload { address, data: source.bytes(bytes)? })
    }

    fn cuMemcpyDtoHAsync_v2(place: Place, address: u64, bytes: usize, stream: Handle) {
        later(stream, Command::Download { place, address, bytes })
    }

    fn cuMemcpyDtoDAsync_v2(destination: u64, source: u64, bytes: usize, stream: Handle) {
        later(stream, Command::Copy { destination, source, bytes })
    }

    fn cuMemsetD8_v2(address: u64, value: u8, count: usize) {
        now(fill(address, &value.to_le_bytes(), count)?)
    }

    fn cuMemsetD16_v2(address: u64, value: u16, count: usize) {
        now(fill(address, &value.to_le_bytes(), count)?)
    }

    fn cuMemsetD32_v2(address: u64, value: u32, count: usize) {
        now(fill(address, &value.to_le_bytes(), count)?)
    }

    fn cuMemsetD8Async(address: u64, value: u8, count: usize, stream: Handle) {
        later(stream, fill(address, &value.to_le_bytes(), count)?)
    }

    fn cuMemsetD16Async(address: u64, value: u16, count: usize, stream: Handle) {
        later(stream, fill(address, &value.to_le_bytes(), count)?)
    }

    fn cuMemsetD32Async(address: u64, value: u32, count: usize, stream: Handle) {
        later(stream, fill(address, &value.to_le_bytes(), count)?)
    }
}

fn now(command: Command) -> Outcome {
    with_current(|context, state| run_now(context, state, command))
}

fn later(stream: Handle, command: Command) -> Outcome {
    with_current(|context, state| enqueue(context, state, stream, command))
}

fn fill(address: u64, pattern: &[u8], count: usize) -> Outcome<Command> {
    if !address.is_multiple_of(pattern.len() as u64) {
        return Err(INVALID_VALUE);
    }
    Ok(Command::Fill { address, pattern: pattern.to_vec(), count })
}
