//! Devices without `unsafe`: contexts, streams, memory, modules, launches.
//!
//! What the run time of keops does with a device, on the raw functions of `cust`. Beside cust's own types this adds:
//!
//! - **Contexts.** The driver keeps a current context for each thread. Every function here makes the right one current,
//!   and the former one again afterwards, so that everything may be used and dropped in any thread. Contexts are the
//!   primary ones of their devices, which all libraries of a program share.
//! - **Failures.** A [`Failure`] names the driver function and keeps the code. A failure that makes a context unusable is
//!   remembered: later calls give it again, and the next [`Stream::shared`] tries a new context, as soon as nothing holds
//!   the old one. That this one works the driver promises only in a new process.
//! - **Order.** What is written on one stream and read on another is ordered by [`Event`]s.
//! - **Pointers** are looked up before a kernel follows them ([`Pointer`]).

mod context;
mod event;
mod failure;
mod memory;
mod module;
mod points;
mod pointer;
mod query;
mod stream;

pub use context::Context;
pub use event::Event;
pub use failure::Failure;
pub use memory::{Allocation, Plain};
pub use module::{Function, Refused};
pub use pointer::{Kind, Pointer, pointer};
pub use points::DevicePoints;
pub use query::{clock_rate, compute_capability, count, driver_version, initialise, multiprocessors, name};
pub use stream::{OtherContext, Stream, on_stream};

#[cfg(not(target_pointer_width = "64"))]
compile_error!(
    "CUDA drivers exist for processors with 64-bit addresses only: build without the feature `device`"
);

/// A handle of the driver.
#[derive(Debug)]
struct Handle<T>(*mut T);

impl<T> Clone for Handle<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Handle<T> {}

impl<T> PartialEq for Handle<T> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

// SAFETY: only the driver looks into what a handle points to, and its functions may be called in any thread.
unsafe impl<T> Send for Handle<T> {}
// SAFETY: as above.
unsafe impl<T> Sync for Handle<T> {}
