//! The primary contexts of devices.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use cust::sys;

use super::failure::{Failure, call};
use super::module::Modules;
use super::{Handle, memory, query, stream};

/// The primary context of a device, kept alive.
pub struct Context {
    pub(super) handle: Handle<sys::CUctx_st>,
    ordinal: i32,
    device: sys::CUdevice,
    /// The failure that made it unusable.
    lost: OnceLock<Failure>,
    pub(super) modules: Mutex<Modules>,
}

impl Context {
    /// Retains the primary context of a device.
    pub(super) fn retain(ordinal: i32) -> Result<Arc<Context>, Failure> {
        let device = query::device(ordinal)?;
        let mut handle = std::ptr::null_mut();
        // SAFETY: a place for one handle.
        unsafe { call!(cuDevicePrimaryCtxRetain(&mut handle, device)) }?;
        memory::keep_pool(device);
        Ok(Arc::new(Context {
            handle: Handle(handle),
            ordinal,
            device,
            lost: OnceLock::new(),
            modules: Mutex::default(),
        }))
    }

    /// The number of its device.
    pub fn ordinal(&self) -> i32 {
        self.ordinal
    }

    /// Runs driver calls with this context current in the calling thread.
    pub(super) fn enter<T>(&self, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
        if let Some(failure) = self.lost.get() {
            return Err(*failure);
        }
        let result = self.current().and_then(|_popped_later| work());
        if let Err(failure) = &result
            && failure.is_sticky()
        {
            self.lost.get_or_init(|| *failure);
            stream::forget(self);
        }
        result
    }

    /// Makes the context current until the guard is dropped.
    fn current(&self) -> Result<Current, Failure> {
        // SAFETY: the context is retained, hence alive.
        unsafe { call!(cuCtxPushCurrent_v2(self.handle.0)) }?;
        Ok(Current)
    }

    /// Waits for everything that was given to the device, on all streams.
    ///
    /// # Errors
    /// The first failure of what ran.
    pub fn synchronize(&self) -> Result<(), Failure> {
        // SAFETY: a context is current.
        self.enter(|| unsafe { call!(cuCtxSynchronize()) })
    }
}

/// The context is current as long as this lives.
struct Current;

impl Drop for Current {
    fn drop(&mut self) {
        let mut popped = std::ptr::null_mut();
        // SAFETY: a place for one handle. The context on top is the one that was pushed.
        let _ = unsafe { call!(cuCtxPopCurrent_v2(&mut popped)) };
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        let modules = std::mem::take(self.modules.get_mut().unwrap_or_else(PoisonError::into_inner));
        // In a lost context nothing can be unloaded; all goes with the context.
        let _ = self.enter(|| modules.unload());
        // SAFETY: released once, by the one that retained it.
        let _ = unsafe { call!(cuDevicePrimaryCtxRelease_v2(self.device)) };
    }
}

impl PartialEq for Context {
    fn eq(&self, other: &Context) -> bool {
        self.handle == other.handle
    }
}

impl std::fmt::Debug for Context {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Context")
            .field("ordinal", &self.ordinal)
            .field("lost", &self.lost)
            .finish_non_exhaustive()
    }
}
