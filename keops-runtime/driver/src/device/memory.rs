//! Memory of a device.

use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cust::sys;

use super::failure::{Failure, call};
use super::{Context, Stream};

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
    impl Sealed for u64 {}
    impl Sealed for usize {}
}

/// Numbers that lie on a device as they lie on the host; any bits are a number.
pub trait Plain: sealed::Sealed + Copy + 'static {}

impl Plain for f32 {}
impl Plain for f64 {}
impl Plain for u64 {}
// Of 64 bits wherever there is a driver.
impl Plain for usize {}

/// Memory of a device, freed when it is dropped. Its contents are undefined until something is written.
#[derive(Debug)]
pub struct Allocation {
    context: Arc<Context>,
    address: u64,
    bytes: usize,
    /// The stream in whose order the memory is freed; without one freeing waits for the device.
    order: Option<Arc<Stream>>,
    /// Whether something else than that stream may use it.
    shared: AtomicBool,
}

/// Has the pool of a device keep what is freed in the order of a stream. By default it returns that to the system whenever
/// somebody waits for a stream, and gets it anew for the next call. What the program allocates by other functions the driver
/// takes from the pool; other programs have to wait for the end of this one.
pub(super) fn keep_pool(device: sys::CUdevice) {
    let keep = || {
        let mut pool = std::ptr::null_mut();
        let mut bytes = u64::MAX;
        let threshold = sys::CUmemPool_attribute::CU_MEMPOOL_ATTR_RELEASE_THRESHOLD;
        // SAFETY: a place for one handle; this attribute is a number of 64 bits, which is read in the call.
        unsafe {
            call!(cuDeviceGetDefaultMemPool(&mut pool, device))?;
            call!(cuMemPoolSetAttribute(pool, threshold, (&raw mut bytes).cast()))
        }
    };
    // Without a pool, in drivers before CUDA 11.2 and on some systems since, nothing is lost but time.
    let _ = keep();
}

impl Allocation {
    /// Memory that any stream may use: it is freed after all that was given to the device.
    ///
    /// # Errors
    /// [`Failure::OUT_OF_MEMORY`].
    pub fn new(context: &Arc<Context>, bytes: usize) -> Result<Allocation, Failure> {
        let mut address = 0;
        if bytes > 0 {
            // SAFETY: a place for one address.
            context.enter(|| unsafe { call!(cuMemAlloc_v2(&mut address, bytes)) })?;
        }
        Ok(Allocation {
            context: context.clone(),
            address,
            bytes,
            order: None,
            shared: AtomicBool::new(true),
        })
    }

    /// Memory that only one stream may use, as long as [`share`](Self::share) is not called: allocating and freeing it waits
    /// for nothing, where the driver can do that.
    ///
    /// # Errors
    /// [`Failure::OUT_OF_MEMORY`].
    pub fn in_order(stream: &Arc<Stream>, bytes: usize) -> Result<Allocation, Failure> {
        let mut address = 0;
        let context = stream.context();
        if bytes > 0 {
            // SAFETY: a place for one address; the stream is alive.
            let ordered =
                context.enter(|| unsafe { call!(cuMemAllocAsync(&mut address, bytes, stream.raw())) });
            match ordered {
                // Drivers before CUDA 11.2, and some systems since.
                Err(failure) if matches!(failure.code(), Failure::NOT_FOUND | Failure::NOT_SUPPORTED) => {
                    return Allocation::new(context, bytes);
                }
                ordered => ordered?,
            }
        }
        let (context, order) = (context.clone(), Some(stream.clone()));
        Ok(Allocation { context, address, bytes, order, shared: AtomicBool::new(false) })
    }

    /// Lets other streams use the memory: it is freed after all that was given to the device.
    pub fn share(&self) {
        // Whoever drops the memory has it from those who shared it, so that no further order is needed.
        self.shared.store(true, Ordering::Relaxed);
    }

    /// Where it starts; 0 if it is empty.
    pub fn address(&self) -> u64 {
        self.address
    }

    /// Its size.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The context that it is of.
    pub fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// Copies numbers from the start of the memory to the host, after all that was given to the null stream and to
    /// streams ordered with it.
    ///
    /// # Errors
    /// The first failure of what ran before.
    ///
    /// # Panics
    /// If there are fewer numbers.
    pub fn download<T: Plain>(&self, into: &mut [T]) -> Result<(), Failure> {
        let bytes = size_of_val(into);
        assert!(bytes <= self.bytes, "{bytes} bytes of an allocation of {}", self.bytes);
        if bytes == 0 {
            return Ok(());
        }
        let place = into.as_mut_ptr().cast::<c_void>();
        // SAFETY: both sides have that many bytes, and any bits are a `T`. The copy is over when the call returns.
        self.context.enter(|| unsafe { call!(cuMemcpyDtoH_v2(place, self.address, bytes)) })
    }
}

impl Drop for Allocation {
    fn drop(&mut self) {
        if self.address == 0 {
            return;
        }
        // A failure leaves nothing to do: it is that of earlier work, or of a lost context, whose memory is gone.
        let order = self.order.as_ref().filter(|_| !*self.shared.get_mut());
        let _ = self.context.enter(|| match order {
            // SAFETY: freed once, by its owner, after all that may use it. The driver itself does not wait where the memory
            // is of a pool.
            None => unsafe {
                call!(cuCtxSynchronize())?;
                call!(cuMemFree_v2(self.address))
            },
            // SAFETY: freed once, by its owner, after the work of the only stream that may use it.
            Some(stream) => unsafe { call!(cuMemFreeAsync(self.address, stream.raw())) },
        });
    }
}
