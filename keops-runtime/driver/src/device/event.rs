//! Events: what one stream waits for that another does, and between which the device's time is taken.

use std::sync::Arc;
use std::time::Duration;

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
        Event::create(context, sys::CUevent_flags::CU_EVENT_DISABLE_TIMING)
    }

    /// An event that knows [when](Self::since) it happens, which costs the device a little.
    ///
    /// # Errors
    /// Those of the driver.
    pub fn timed(context: &Arc<Context>) -> Result<Event, Failure> {
        Event::create(context, sys::CUevent_flags::CU_EVENT_DEFAULT)
    }

    fn create(context: &Arc<Context>, flags: sys::CUevent_flags) -> Result<Event, Failure> {
        let mut handle = std::ptr::null_mut();
        let flags = flags as u32;
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

    /// The device's time from another event to this one. Both are [`timed`](Self::timed), of one context, and have happened.
    ///
    /// # Errors
    /// Those of the driver, for events of which this is not so.
    pub fn since(&self, earlier: &Event) -> Result<Duration, Failure> {
        let mut milliseconds = 0.0f32;
        let place = &mut milliseconds;
        // SAFETY: a place for one number; both handles are alive.
        self.context.enter(|| unsafe { call!(cuEventElapsedTime(place, earlier.raw(), self.raw())) })?;
        // The driver's answer is a number that may be 0, and is no NaN.
        Ok(Duration::from_secs_f64(f64::from(milliseconds.max(0.0)) / 1e3))
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
