//! Modules and their functions.

use crate::driver::context::{Handle, get, new_handle, with_current};
use crate::driver::ffi::{Out, Place, Text};
use crate::driver::module;
use crate::driver::settings::{MOST_THREADS, SHARED_BY_DEFAULT};
use crate::driver::status::{
    FILE_NOT_FOUND, INVALID_HANDLE, INVALID_VALUE, NOT_FOUND, NOT_SUPPORTED, Outcome,
};
use crate::driver::stream::finish_all;

/// `CU_JIT_ERROR_LOG_BUFFER`.
const LOG: u32 = 5;
/// `CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES`.
const LOG_SIZE: u32 = 6;
/// `CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES`.
const MOST_DYNAMIC_SHARED: u32 = 8;

entry_points! {
    fn cuModuleLoad(handle: Out<Handle>, path: Text) {
        load(&handle, &std::fs::read(path.string()?).map_err(|_| FILE_NOT_FOUND)?, &mut String::new())
    }

    fn cuModuleLoadData(handle: Out<Handle>, image: Text) {
        load(&handle, &image.bytes()?, &mut String::new())
    }

    // Of the options those of the log of errors are simulated; the others change nothing that could be seen.
    fn cuModuleLoadDataEx(
        handle: Out<Handle>,
        image: Text,
        count: u32,
        options: Out<u32>,
        values: Out<Place>,
    ) {
        let mut log = String::new();
        let loaded = load(&handle, &image.bytes()?, &mut log);
        write_log(&log, count as usize, &options, &values)?;
        loaded
    }

    fn cuModuleUnload(handle: Handle) {
        with_current(|context, state| {
            finish_all(context, state)?;
            module::unload(state, handle).ok_or(INVALID_HANDLE)
        })
    }

    fn cuModuleGetFunction(function: Out<Handle>, handle: Handle, name: Text) {
        let name = name.string()?;
        with_current(|context, state| {
            let found = module::function(get(&state.modules, handle)?, handle, &name).inspect_err(|_| {
                context.device.explain(format!("the module has no kernel `{name}`"));
            })?;
            let new = new_handle();
            state.functions.insert(new, found);
            function.put(new)
        })
    }

    fn cuModuleGetGlobal_v2(address: Out<u64>, bytes: Out<usize>, handle: Handle, name: Text) {
        let name = name.string()?;
        with_current(|_, state| {
            let (start, size) = *get(&state.modules, handle)?.variables.get(&name).ok_or(NOT_FOUND)?;
            address.put_if_wanted(start);
            bytes.put_if_wanted(size);
            Ok(())
        })
    }

    fn cuFuncGetModule(handle: Out<Handle>, function: Handle) {
        with_current(|_, state| handle.put(get(&state.functions, function)?.module))
    }

    fn cuFuncGetAttribute(value: Out<i32>, attribute: u32, function: Handle) {
        with_current(|_, state| {
            let function = get(&state.functions, function)?;
            let program = &function.program;
            let threads = program.most_threads.map_or(MOST_THREADS, |most| most.iter().product());
            value.put(match attribute {
                0 => threads as i32,
                1 => program.static_shared as i32,
                // Bytes of constant memory, and modes of caching.
                2 | 7 | 9 => 0,
                3 => program.local as i32,
                // Registers, which only a compiler for a real device allocates.
                4 => 32,
                5 => function.ptx_version as i32,
                6 => function.target as i32,
                MOST_DYNAMIC_SHARED => {
                    let by_default = SHARED_BY_DEFAULT.saturating_sub(program.static_shared);
                    function.most_dynamic_shared.unwrap_or(by_default) as i32
                }
                _ => return Err(INVALID_VALUE),
            })
        })
    }

    fn cuFuncSetAttribute(function: Handle, attribute: u32, value: i32) {
        with_current(|context, state| {
            let most = context.device.settings().most_shared();
            let function = state.functions.get_mut(&function).ok_or(INVALID_HANDLE)?;
            match (attribute, usize::try_from(value)) {
                (MOST_DYNAMIC_SHARED, Ok(bytes)) if bytes + function.program.static_shared <= most => {
                    function.most_dynamic_shared = Some(bytes);
                    Ok(())
                }
                (MOST_DYNAMIC_SHARED, _) => Err(INVALID_VALUE),
                // A preference for the cache or for shared memory.
                (9, Ok(_)) => Ok(()),
                _ => Err(NOT_SUPPORTED),
            }
        })
    }

    fn cuFuncSetCacheConfig(function: Handle, _config: u32) {
        with_current(|_, state| get(&state.functions, function).map(drop))
    }

    fn cuFuncSetSharedMemConfig(function: Handle, _config: u32) {
        with_current(|_, state| get(&state.functions, function).map(drop))
    }
}

fn load(handle: &Out<Handle>, image: &[u8], log: &mut String) -> Outcome {
    with_current(|context, state| handle.put(module::load(context, state, image, log)?))
}

/// Writes the log where the options say: as much as fits, with a NUL at its end. Its size is passed as the value of an
/// option, and the length of what was written put in its place.
fn write_log(log: &str, count: usize, options: &Out<u32>, values: &Out<Place>) -> Outcome {
    let find = |wanted| {
        (0..count).find_map(|i| match options.at(i).get() {
            Ok(option) if option == wanted => Some(Ok(i)),
            Ok(_) => None,
            Err(code) => Some(Err(code)),
        })
    };
    let (Some(buffer), Some(size)) = (find(LOG).transpose()?, find(LOG_SIZE).transpose()?) else {
        return Ok(());
    };
    let Some(room) = values.at(size).get()?.address().checked_sub(1) else { return Ok(()) };
    let mut text = log.as_bytes()[..log.len().min(room)].to_vec();
    text.push(0);
    values.at(buffer).get()?.write(&text)?;
    values.at(size).put(Place::number(text.len()))
}
