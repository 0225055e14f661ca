//! Streams: those of devices, and those that a program made with `cust`.

use std::cell::Cell;
use std::collections::HashMap;
use std::ffi::c_void;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use cust::memory::{DeviceCopy, DeviceSlice};
use cust::sys;

use super::failure::{Failure, call};
use super::memory::{Allocation, Plain};
use super::{Context, Event, Function, Handle};

/// A queue of work for a device, done in the order in which it is given.
///
/// Work of the null stream, such as that of cust's copying functions, comes before what is given afterwards.
pub struct Stream {
    context: Arc<Context>,
    handle: Handle<sys::CUstream_st>,
    /// Whether it was made here, to be destroyed here.
    owned: bool,
}

/// For each device the stream that calls share which name none.
static SHARED: LazyLock<Mutex<HashMap<i32, Arc<Stream>>>> = LazyLock::new(Mutex::default);

thread_local! {
    /// The context and stream of [`on_stream`].
    static CHOSEN: Cell<Option<(Handle<sys::CUctx_st>, Handle<sys::CUstream_st>)>> = const { Cell::new(None) };
}

fn shared() -> MutexGuard<'static, HashMap<i32, Arc<Stream>>> {
    SHARED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Forgets a lost context, so that the next call retains a new one.
pub(super) fn forget(context: &Context) {
    let mut streams = shared();
    let is_lost = |stream: &Arc<Stream>| *stream.context == *context;
    let forgotten = if streams.get(&context.ordinal()).is_some_and(is_lost) {
        streams.remove(&context.ordinal())
    } else {
        None
    };
    // Dropped outside of the lock: the last holder of a context releases it.
    drop(streams);
    drop(forgotten);
}

impl Stream {
    /// A new stream in a context.
    ///
    /// # Errors
    /// Those of the driver.
    pub fn new(context: &Arc<Context>) -> Result<Arc<Stream>, Failure> {
        let mut handle = std::ptr::null_mut();
        // SAFETY: a place for one handle. Flags of 0: ordered with the null stream.
        context.enter(|| unsafe { call!(cuStreamCreate(&mut handle, 0)) })?;
        Ok(Arc::new(Stream { context: context.clone(), handle: Handle(handle), owned: true }))
    }

    /// The stream of a device that calls share which name none, and with it the context of the device.
    ///
    /// # Errors
    /// Those of the driver; a number that no device has is an invalid device (101).
    pub fn shared(ordinal: i32) -> Result<Arc<Stream>, Failure> {
        if let Some(stream) = shared().get(&ordinal) {
            return Ok(stream.clone());
        }
        // Made outside of the lock, which a failure of a context takes. Of two threads that get here one is too late.
        let new = Stream::new(&Context::retain(ordinal)?)?;
        let stream = shared().entry(ordinal).or_insert_with(|| new.clone()).clone();
        Ok(stream)
    }

    /// The stream that [`on_stream`] has chosen in this thread, if any.
    ///
    /// # Errors
    /// [`OtherContext`] if it is one of another context.
    pub fn chosen(context: &Arc<Context>) -> Result<Option<Arc<Stream>>, OtherContext> {
        match CHOSEN.get() {
            None => Ok(None),
            Some((of, handle)) if of == context.handle => {
                Ok(Some(Arc::new(Stream { context: context.clone(), handle, owned: false })))
            }
            Some(_) => Err(OtherContext),
        }
    }

    /// The context of the stream.
    pub fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// Whether the stream lives as long as this, and not as long as somebody else keeps it.
    pub fn is_owned(&self) -> bool {
        self.owned
    }

    /// The driver's handle.
    pub(super) fn raw(&self) -> sys::CUstream {
        self.handle.0
    }

    /// Waits for all work of the stream.
    ///
    /// # Errors
    /// The first failure of what ran.
    pub fn synchronize(&self) -> Result<(), Failure> {
        // SAFETY: the stream is alive: owned, or kept alive by the caller of `on_stream`.
        self.context.enter(|| unsafe { call!(cuStreamSynchronize(self.raw())) })
    }

    /// Work given to the stream from now on starts after the event.
    ///
    /// # Errors
    /// Those of the driver.
    pub fn wait(&self, event: &Event) -> Result<(), Failure> {
        // SAFETY: both handles are alive.
        self.context.enter(|| unsafe { call!(cuStreamWaitEvent(self.raw(), event.raw(), 0)) })
    }

    /// Copies numbers to the device, to the start of an allocation. They may change once this returns.
    ///
    /// # Errors
    /// Those of the driver.
    ///
    /// # Panics
    /// If the allocation is smaller.
    pub fn upload<T: Plain>(&self, to: &Allocation, from: &[T]) -> Result<(), Failure> {
        let bytes = size_of_val(from);
        assert!(bytes <= to.bytes(), "{bytes} bytes for an allocation of {}", to.bytes());
        if bytes == 0 {
            return Ok(());
        }
        let source = from.as_ptr().cast::<c_void>();
        // SAFETY: `source` has that many bytes and the allocation has room for them. Pageable memory, which a slice is
        // unless somebody has locked it, is read before the call returns; the synchronisation covers locked memory.
        self.context.enter(|| unsafe {
            call!(cuMemcpyHtoDAsync_v2(to.address(), source, bytes, self.raw()))?;
            call!(cuStreamSynchronize(self.raw()))
        })
    }

    /// Copies bytes from an address of the device to the start of an allocation.
    ///
    /// # Errors
    /// Those of the driver, also for an address that is none.
    ///
    /// # Panics
    /// If the allocation is smaller.
    pub fn copy(&self, to: &Allocation, from: u64, bytes: usize) -> Result<(), Failure> {
        assert!(bytes <= to.bytes(), "{bytes} bytes for an allocation of {}", to.bytes());
        if bytes == 0 {
            return Ok(());
        }
        // SAFETY: the allocation has room. A copy between addresses of the device touches no memory of the host.
        self.context.enter(|| unsafe { call!(cuMemcpyDtoDAsync_v2(to.address(), from, bytes, self.raw())) })
    }

    /// Copies the first numbers of an allocation over a slice of device memory of the same context.
    ///
    /// # Errors
    /// Those of the driver.
    ///
    /// # Panics
    /// If the allocation is smaller.
    pub fn copy_to<T: DeviceCopy>(&self, from: &Allocation, to: &mut DeviceSlice<T>) -> Result<(), Failure> {
        let bytes = to.len() * size_of::<T>();
        assert!(bytes <= from.bytes(), "{bytes} bytes of an allocation of {}", from.bytes());
        if bytes == 0 {
            return Ok(());
        }
        let (to, from) = (to.as_device_ptr().as_raw(), from.address());
        // SAFETY: both sides have that many bytes, and the slice is the caller's alone.
        self.context.enter(|| unsafe { call!(cuMemcpyDtoDAsync_v2(to, from, bytes, self.raw())) })
    }

    /// Launches a kernel whose only parameter is a structure of 8-byte words, passed by value.
    ///
    /// This is for kernels that keops generates: the words have to be those of the kernel's structure, addresses among
    /// them those of memory of its size. (It is safe to call because generated code, which holds no `unsafe`, does so
    /// through the run time. Nothing else should.)
    ///
    /// # Errors
    /// Those of the driver for a launch it refuses. A kernel that fails while it runs is told by a later call.
    pub fn launch(
        &self,
        function: &Function,
        grid: [u32; 2],
        threads: u32,
        words: &[u64],
    ) -> Result<(), Failure> {
        debug_assert!(*function.context == *self.context, "a kernel of another context");
        let mut parameters = [words.as_ptr().cast::<c_void>().cast_mut()];
        // SAFETY: the kernel has one parameter, of the size of the words, which the driver copies before the call
        // returns: the kernel and the code that lists the words come from one expansion.
        self.context.enter(|| unsafe {
            call!(cuLaunchKernel(
                function.handle.0,
                grid[0],
                grid[1],
                1,
                threads,
                1,
                1,
                0,
                self.raw(),
                parameters.as_mut_ptr(),
                std::ptr::null_mut(),
            ))
        })
    }
}

/// A stream was chosen that belongs to another context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherContext;

/// Runs a function whose calls use a stream of the program, instead of one of keops, in this thread.
///
/// The stream belongs to the context that is current in the thread now. Calls then wait for what was given to the stream
/// before, and what is given to it afterwards waits for them. Such functions may be nested; the inner stream holds.
///
/// # Errors
/// [`Failure::INVALID_CONTEXT`] if no context is current.
pub fn on_stream<R>(stream: &cust::stream::Stream, work: impl FnOnce() -> R) -> Result<R, Failure> {
    struct Restore(Option<(Handle<sys::CUctx_st>, Handle<sys::CUstream_st>)>);
    impl Drop for Restore {
        fn drop(&mut self) {
            CHOSEN.set(self.0);
        }
    }
    super::initialise()?;
    let mut context = std::ptr::null_mut();
    // SAFETY: a place for one handle.
    unsafe { call!(cuCtxGetCurrent(&mut context)) }?;
    if context.is_null() {
        return Err(Failure::new("cuCtxGetCurrent", Failure::INVALID_CONTEXT));
    }
    let _restore = Restore(CHOSEN.replace(Some((Handle(context), Handle(stream.as_inner())))));
    Ok(work())
}

impl Drop for Stream {
    fn drop(&mut self) {
        if self.owned {
            // SAFETY: destroyed once, by its owner; work in it is still done.
            let _ = self.context.enter(|| unsafe { call!(cuStreamDestroy_v2(self.raw())) });
        }
    }
}

impl std::fmt::Debug for Stream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stream")
            .field("context", &self.context)
            .field("owned", &self.owned)
            .finish_non_exhaustive()
    }
}
