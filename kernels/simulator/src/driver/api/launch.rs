//! Launches and occupancy.

use crate::driver::command::Command;
use crate::driver::context::{Context, Handle, get, with_current};
use crate::driver::device::Fault;
use crate::driver::ffi::{Arguments, Out, Source};
use crate::driver::module::Function;
use crate::driver::settings::{MOST_THREADS, SHARED_BY_DEFAULT};
use crate::driver::status::{
    INVALID_HANDLE, INVALID_VALUE, LAUNCH_OUT_OF_RESOURCES, NAMELESS, NOT_SUPPORTED, Outcome,
};
use crate::driver::stream::enqueue;
use crate::machine::Scale;

entry_points! {
    fn cuLaunchKernel(
        function: Handle,
        grid_x: u32,
        grid_y: u32,
        grid_z: u32,
        block_x: u32,
        block_y: u32,
        block_z: u32,
        shared: u32,
        stream: Handle,
        arguments: Arguments,
        extra: Arguments,
    ) {
        with_current(|context, state| {
            let function = get(&state.functions, function)?.clone();
            let scale = Scale {
                grid: [grid_x, grid_y, grid_z],
                block: [block_x, block_y, block_z],
                dynamic_shared: shared as usize,
            };
            if !extra.is_null() {
                context.device.explain("arguments as one buffer are not simulated");
                return Err(NOT_SUPPORTED);
            }
            check(context, &function, &scale)?;
            for (fault, code) in
                [(Fault::LaunchRefused, LAUNCH_OUT_OF_RESOURCES), (Fault::UnknownCode, NAMELESS)]
            {
                if context.device.fails(fault) {
                    context.device.explain("an injected refusal of a launch");
                    return Err(code);
                }
            }
            if stream > 2 && !state.streams.contains_key(&stream) {
                return Err(INVALID_HANDLE);
            }
            let program = function.program;
            let mut parameters = vec![0; program.parameter_bytes];
            for (i, parameter) in program.parameters.iter().enumerate() {
                let value = arguments.argument(i, parameter.bytes)?;
                parameters[parameter.offset..parameter.offset + parameter.bytes].copy_from_slice(&value);
            }
            enqueue(context, state, stream, Command::Launch { program, scale, parameters })
        })
    }

    fn cuOccupancyMaxActiveBlocksPerMultiprocessor(
        count: Out<i32>,
        function: Handle,
        threads: i32,
        shared: usize,
    ) {
        with_current(|context, state| {
            let function = get(&state.functions, function)?;
            count.put(resident_blocks(context, function, threads, shared))
        })
    }

    fn cuOccupancyMaxPotentialBlockSize(
        least_grid: Out<i32>,
        threads: Out<i32>,
        function: Handle,
        _shared_of_block: Source,
        shared: usize,
        limit: i32,
    ) {
        with_current(|context, state| {
            let function = get(&state.functions, function)?;
            let most = if limit > 0 { limit.min(256) } else { 256 };
            threads.put(most)?;
            let blocks = resident_blocks(context, function, most, shared);
            least_grid.put(blocks * context.device.settings().multiprocessors())
        })
    }

    fn cuOccupancyAvailableDynamicSMemPerBlock(
        bytes: Out<usize>,
        function: Handle,
        blocks: i32,
        _threads: i32,
    ) {
        with_current(|context, state| {
            let fixed = get(&state.functions, function)?.program.static_shared;
            let each = context.device.settings().most_shared() / usize::try_from(blocks.max(1)).unwrap_or(1);
            bytes.put(each.saturating_sub(fixed))
        })
    }
}

/// Whether the device can run a launch of these sizes.
fn check(context: &Context, function: &Function, scale: &Scale) -> Outcome {
    let program = &function.program;
    let ([gx, gy, gz], [bx, by, bz]) = (scale.grid, scale.block);
    let threads = u64::from(bx) * u64::from(by) * u64::from(bz);
    let most_dynamic =
        function.most_dynamic_shared.unwrap_or(SHARED_BY_DEFAULT.saturating_sub(program.static_shared));
    let declared = program
        .most_threads
        .map_or(u64::from(MOST_THREADS), |most| most.iter().map(|n| u64::from(*n)).product());
    let (code, why) = if threads == 0 || gx == 0 || gy == 0 || gz == 0 {
        (INVALID_VALUE, "a size is zero".to_owned())
    } else if gx > i32::MAX as u32 || gy > 65_535 || gz > 65_535 {
        (INVALID_VALUE, "the grid is too large".to_owned())
    } else if bx > 1024 || by > 1024 || bz > 64 || threads > u64::from(MOST_THREADS) {
        (INVALID_VALUE, "the block is too large".to_owned())
    } else if threads > declared {
        (INVALID_VALUE, format!("the kernel is declared with at most {declared} threads in a block"))
    } else if program.required_threads.is_some_and(|required| required != scale.block) {
        (INVALID_VALUE, "the block is not of the size that the kernel is declared with".to_owned())
    } else if scale.dynamic_shared > most_dynamic {
        (INVALID_VALUE, format!("{most_dynamic} bytes of dynamic shared memory are the limit"))
    } else {
        return Ok(());
    };
    let shared = scale.dynamic_shared;
    context.device.explain(format!(
        "launch of `{}` with grid ({gx}, {gy}, {gz}), block ({bx}, {by}, {bz}) and {shared} bytes of shared \
         memory: {why}",
        program.name
    ));
    Err(code)
}

/// Blocks that fit on a multiprocessor by their threads and shared memory.
fn resident_blocks(context: &Context, function: &Function, threads: i32, shared: usize) -> i32 {
    let settings = context.device.settings();
    let bytes = shared + function.program.static_shared;
    let by_shared = settings.most_shared().checked_div(bytes).unwrap_or(usize::MAX);
    let by_threads = settings.threads_of_multiprocessor() / threads.max(1).unsigned_abs() as usize;
    by_shared.min(by_threads).min(settings.blocks_of_multiprocessor()) as i32
}
