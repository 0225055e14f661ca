//! Modules, and the kernels in them.

use std::collections::HashMap;
use std::sync::Arc;

use super::context::{Context, Handle, State, new_handle};
use super::device::Fault;
use super::status::{
    INVALID_IMAGE, INVALID_PTX, JIT_COMPILER_NOT_FOUND, NO_BINARY_FOR_GPU, NOT_FOUND, OUT_OF_MEMORY, Outcome,
    UNSUPPORTED_PTX_VERSION,
};
use crate::compile::compile;
use crate::program::Program;
use crate::ptx::{self, Space};

/// A loaded module.
pub(super) struct Module {
    kernels: HashMap<String, Arc<Program>>,
    /// Addresses and sizes of its variables.
    pub(super) variables: HashMap<String, (u64, usize)>,
    target: u32,
    version: (u32, u32),
}

/// A kernel that a program has asked for.
#[derive(Clone)]
pub(super) struct Function {
    pub(super) program: Arc<Program>,
    pub(super) module: Handle,
    /// Ten times the major plus the minor number of the module's target and of its PTX version.
    pub(super) target: u32,
    pub(super) ptx_version: u32,
    /// Most bytes of dynamic shared memory, once it was set.
    pub(super) most_dynamic_shared: Option<usize>,
}

/// Loads PTX text. Where it is not accepted, the log tells why, as a driver's compiler does.
pub(super) fn load(context: &Context, state: &mut State, image: &[u8], log: &mut String) -> Outcome<Handle> {
    let settings = context.device.settings();
    for (fault, code) in [(Fault::NoBinary, NO_BINARY_FOR_GPU), (Fault::NoCompiler, JIT_COMPILER_NOT_FOUND)] {
        if context.device.fails(fault) {
            context.device.explain("an injected refusal of a module");
            return Err(code);
        }
    }
    let Some(text) = std::str::from_utf8(image).ok().filter(|text| text.contains(".version")) else {
        context.device.explain("the image of a module is no PTX text; no other images are simulated");
        return Err(INVALID_IMAGE);
    };
    let mut refuse = |message: String, code: i32| {
        log.clone_from(&message);
        context.device.explain(message);
        code
    };
    let parsed = ptx::parse(text).map_err(|error| refuse(error.to_string(), INVALID_PTX))?;
    let newest = settings.newest_ptx();
    if parsed.version > newest {
        let ((major, minor), (most, least)) = (parsed.version, newest);
        let message = format!("PTX version {major}.{minor}; this driver accepts up to {most}.{least}");
        return Err(refuse(message, UNSUPPORTED_PTX_VERSION));
    }
    if parsed.target > settings.compute_capability {
        let message = format!("PTX for sm_{}; this is sm_{}", parsed.target, settings.compute_capability);
        return Err(refuse(message, INVALID_PTX));
    }
    let bytes: usize = parsed.variables.iter().filter(|v| v.space != Space::Shared).map(|v| v.bytes).sum();
    if bytes > settings.memory.saturating_sub(state.memory.in_use()) {
        return Err(refuse(format!("{bytes} bytes of variables are more than is left"), OUT_OF_MEMORY));
    }
    let mut variables = HashMap::new();
    for variable in parsed.variables.iter().filter(|variable| variable.space != Space::Shared) {
        let address = state.memory.allocate_variable(variable);
        variables.insert(variable.name.clone(), (address, variable.bytes));
    }
    let addresses = variables.iter().map(|(name, (address, _))| (name.clone(), *address)).collect();
    let mut kernels = HashMap::new();
    for function in parsed.functions.iter().filter(|function| function.entry) {
        let program = compile(&parsed, function, &addresses).map_err(|error| {
            free_all(state, &variables);
            refuse(error.to_string(), INVALID_PTX)
        })?;
        kernels.insert(function.name.clone(), Arc::new(program));
    }
    let handle = new_handle();
    let module = Module { kernels, variables, target: parsed.target, version: parsed.version };
    state.modules.insert(handle, module);
    Ok(handle)
}

fn free_all(state: &mut State, variables: &HashMap<String, (u64, usize)>) {
    for (address, _) in variables.values() {
        state.memory.free(*address);
    }
}

/// Forgets a module, its kernels and its variables.
pub(super) fn unload(state: &mut State, handle: Handle) -> Option<()> {
    let module = state.modules.remove(&handle)?;
    free_all(state, &module.variables);
    state.functions.retain(|_, function| function.module != handle);
    Some(())
}

/// The kernel of a name.
pub(super) fn function(module: &Module, handle: Handle, name: &str) -> Outcome<Function> {
    let program = module.kernels.get(name).ok_or(NOT_FOUND)?.clone();
    let (major, minor) = module.version;
    Ok(Function {
        program,
        module: handle,
        target: module.target,
        ptx_version: 10 * major + minor,
        most_dynamic_shared: None,
    })
}
