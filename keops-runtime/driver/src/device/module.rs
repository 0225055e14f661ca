//! Modules: PTX, compiled by the driver once for each context.

use std::collections::HashMap;
use std::ffi::{CString, c_void};
use std::sync::{Arc, PoisonError};

use cust::sys;

use super::failure::{Failure, call};
use super::{Context, Handle};

/// The modules of a context.
#[derive(Default)]
pub(super) struct Modules {
    loaded: Vec<Module>,
    /// Which of them a text belongs to, by its address and length: texts are part of the program and never move. A text
    /// that a program holds several times, once for each formula, is loaded once.
    places: HashMap<(usize, usize), usize>,
}

/// A loaded module.
struct Module {
    text: &'static str,
    handle: Handle<sys::CUmod_st>,
    functions: HashMap<String, Handle<sys::CUfunc_st>>,
}

/// A kernel. It is loaded as long as this lives.
pub struct Function {
    pub(super) context: Arc<Context>,
    pub(super) handle: Handle<sys::CUfunc_st>,
}

/// A module that the driver does not load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The function and its code.
    pub failure: Failure,
    /// What the driver's compiler wrote; may be empty.
    pub log: String,
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Refused {
        Refused { failure, log: String::new() }
    }
}

impl Module {
    /// Loads PTX into the current context.
    fn load(ptx: &'static str) -> Result<Module, Refused> {
        use sys::CUjit_option::{CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
        let Ok(text) = CString::new(ptx) else {
            let failure = Failure::new("cuModuleLoadDataEx", Failure::INVALID_PTX);
            return Err(Refused { failure, log: "the text holds a NUL".to_owned() });
        };
        let mut log = [0u8; 8192];
        let mut options = [CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES];
        // The size is passed in place of a pointer to it.
        let mut values = [log.as_mut_ptr().cast::<c_void>(), std::ptr::without_provenance_mut(log.len())];
        let mut handle = std::ptr::null_mut();
        // SAFETY: the text ends with NUL; there are two options, with values as they are declared; the log is written
        // before the call returns.
        let loaded = unsafe {
            call!(cuModuleLoadDataEx(
                &mut handle,
                text.as_ptr().cast(),
                options.len() as u32,
                options.as_mut_ptr(),
                values.as_mut_ptr(),
            ))
        };
        let length = log.iter().position(|byte| *byte == 0).unwrap_or(log.len());
        match loaded {
            Ok(()) => Ok(Module { text: ptx, handle: Handle(handle), functions: HashMap::new() }),
            Err(failure) => {
                Err(Refused { failure, log: String::from_utf8_lossy(&log[..length]).trim_end().to_owned() })
            }
        }
    }

    /// The kernel of a name, in the current context.
    fn function(&mut self, name: &str) -> Result<Handle<sys::CUfunc_st>, Failure> {
        if let Some(function) = self.functions.get(name) {
            return Ok(*function);
        }
        let text = CString::new(name).map_err(|_| Failure::new("cuModuleGetFunction", Failure::NOT_FOUND))?;
        let mut function = std::ptr::null_mut();
        // SAFETY: a place for one handle; the module is loaded; the name ends with NUL.
        unsafe { call!(cuModuleGetFunction(&mut function, self.handle.0, text.as_ptr())) }?;
        self.functions.insert(name.to_owned(), Handle(function));
        Ok(Handle(function))
    }
}

impl Modules {
    /// The module of a text, loaded into a context if it is not yet.
    fn of(&mut self, context: &Context, ptx: &'static str) -> Result<&mut Module, Refused> {
        let key = (ptx.as_ptr() as usize, ptx.len());
        let known = self.places.get(&key).copied();
        let place = match known.or_else(|| self.loaded.iter().position(|module| module.text == ptx)) {
            Some(place) => place,
            None => {
                let mut log = String::new();
                let loaded = context.enter(|| {
                    Module::load(ptx).map_err(|refused| {
                        log = refused.log;
                        refused.failure
                    })
                });
                self.loaded.push(loaded.map_err(|failure| Refused { failure, log })?);
                self.loaded.len() - 1
            }
        };
        self.places.insert(key, place);
        Ok(&mut self.loaded[place])
    }

    /// Unloads all modules from the current context.
    pub(super) fn unload(self) -> Result<(), Failure> {
        self.loaded.into_iter().try_for_each(|module| {
            // SAFETY: unloaded once, by the context that loaded it, when nothing refers to its kernels.
            unsafe { call!(cuModuleUnload(module.handle.0)) }
        })
    }
}

impl Context {
    /// A kernel of a PTX text, which is loaded if it is not yet.
    ///
    /// # Errors
    /// Those of the driver; [`Failure::NOT_FOUND`] if the text has no such kernel.
    pub fn function(self: &Arc<Self>, ptx: &'static str, name: &str) -> Result<Function, Refused> {
        // Under the lock, so that threads that want the same kernel at once do not all compile it.
        let mut modules = self.modules.lock().unwrap_or_else(PoisonError::into_inner);
        let module = modules.of(self, ptx)?;
        let handle = self.enter(|| module.function(name))?;
        Ok(Function { context: self.clone(), handle })
    }
}
