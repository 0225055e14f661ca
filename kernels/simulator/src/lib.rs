//! A CUDA driver with a PTX interpreter, for tests on machines without a GPU.
//!
//! Programs that use `cust` run on it unchanged: PTX text is loaded, kernels are launched, results are copied
//! back. It is stricter than a device, and repeatable. A kernel stops with a [`Diagnosis`] that names the
//! kernel, block, thread and line of PTX if it
//!
//! - reads or writes outside of what was allocated, or after it was freed,
//! - accesses a vector at an address that is not aligned for it,
//! - reads memory that nobody wrote,
//! - lets two threads access the same memory without a barrier in between, and one of them writes,
//! - loads with `ld.global.nc` what the same launch wrote,
//! - does not bring all threads of a block to the same barrier,
//! - runs without end.
//!
//! A launch with impossible sizes, PTX that is too new for the driver or compiled for a newer device, and
//! instructions that are not simulated are refused with the driver's code and an explanation. Approximate
//! units can be made to err by as much as NVIDIA documents ([`Settings::noise`]), and devices to fail
//! ([`Device::inject`]).
//!
//! What it cannot show: speed, register pressure, what the driver's own compiler makes of PTX, and lanes of one warp that
//! come to the same barrier in different turns of a loop.
//!
//! # Use in tests
//!
//! ```
//! # #[cfg(target_os = "linux")] {
//! // SAFETY: the addresses are those of functions with the signatures of the driver API.
//! unsafe { keops_driver::install(keops_cuda_sim::entry_point) }.expect("no driver call came before");
//! let _context = cust::quick_init().expect("there is always a simulated device");
//! let buffer = cust::memory::DeviceBuffer::from_slice(&[1.0f32, 2.0]).expect("there is memory");
//! # use cust::memory::CopyDestination;
//! let mut copy = [0.0; 2];
//! buffer.copy_to(&mut copy).expect("it was written");
//! assert_eq!(copy, [1.0, 2.0]);
//! # }
//! ```
//!
//! As a driver library it serves programs that are already built:
//!
//! ```text
//! cargo rustc --release -p keops-cuda-sim --crate-type cdylib -- --cfg keops_cuda_sim_export
//! KEOPS_CUDA_DRIVER=target/release/libkeops_cuda_sim.so the-program
//! ```
//!
//! # How it works
//!
//! Text → syntax tree (`ptx`) → program of steps (`program`, made by `compile` with the instructions in
//! `isa`, one family a module) → threads of a grid that take the steps (`machine`). The driver's functions
//! are in `driver`. `rounding` holds arithmetic in the rounding directions that the host lacks. To add an
//! instruction, add it to the list in `isa`, and to the module of its family with a test of what it computes.

mod compile;
mod driver;
mod isa;
mod machine;
mod program;
mod ptx;
mod rounding;

pub use driver::{Device, Fault, Settings, device, entry_point, set_device_count};
/// Makes the simulated driver that of the program. Doing so again is allowed, so that each test may.
///
/// # Errors
/// If another driver is in use.
#[cfg(all(feature = "install", target_os = "linux"))]
pub fn install() -> Result<(), keops_driver::AlreadyOpen> {
    // SAFETY: the addresses are those of functions with the signatures of the driver API.
    unsafe { keops_driver::install(entry_point) }
}

pub use machine::{Cause, Diagnosis, Statistics};
