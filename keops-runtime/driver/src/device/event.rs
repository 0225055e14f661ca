//! Events: what one stream waits for that another does.

use std::sync::Arc;

use cust::sys;

use super::failure::{Failure, call};
use super::{Context, Handle, Stream};

/// A point in the work of a stream. It has happened as long as it was not recorded.
pub struct Event {
    context: Arc<Context>,
    handle: Handle<sys::CUevent_st>,
}

impl Event {
    /// An event in a context.
    ///
    /// # Errors
    /// Those of the driver.
    pub fn new(context: &Arc<Context>) -> Result<Event, Failure> {
        let mut handle = std::ptr::null_mut();
        let flags = sys::CUevent_flags::CU_EVENT_DISABLE_TIMING as u32;
        // SAFETY: a place for one handle.
        context.enter(|| unsafe { call!(cuEventCreate(&mut handle, flags)) })?;
        Ok(Event { context: context.clone(), handle: Handle(handle) })
    }

    /// Makes this the point after all work that the stream holds, instead of what it was before.
    ///
    /// # Errors
    /// Those of the driver.
    pub fn record(&self, stream: &Stream) -> Result<(), Failure> {
        // SAFETY: both handles are alive.
        self.context.enter(|| unsafe { call!(cuEventRecord(self.raw(), stream.raw())) })
    }

    /// Waits until it has happened.
    ///
    /// # Errors
    /// The first failure of what ran.
    pub fn synchronize(&self) -> Result<(), Failure> {
        // SAFETY: the handle is alive.
        self.context.enter(|| unsafe { call!(cuEventSynchronize(self.raw())) })
    }

    pub(super) fn raw(&self) -> sys::CUevent {
        self.handle.0
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        // SAFETY: destroyed once, by its owner; the driver keeps what streams still wait for.
        let _ = self.context.enter(|| unsafe { call!(cuEventDestroy_v2(self.raw())) });
    }
}

impl std::fmt::Debug for Event {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Event").field("context", &self.context).finish_non_exhaustive()
    }
}
