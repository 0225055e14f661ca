//! Calls with memory of CUDA devices.
//!
//! A generated function that is given rows on a device runs the formula's kernel there and returns rows on the device.
//! Nothing is compiled when the program runs, and the M × N matrix is stored nowhere.
//!
//! ```no_run
//! use keops::cuda::Device;
//! use keops::keops;
//!
//! keops! {
//!     /// Gaussian convolution, γ_i = Σ_j exp(-|x_i - y_j|² / s²) b_j.
//!     pub fn gaussian_conv(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
//!         Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j
//!     }
//! }
//!
//! let (x, y, b) = (vec![[0.0f32; 3]; 100_000], vec![[1.0f32; 3]; 100_000], vec![1.0f32; 100_000]);
//!
//! let device = Device::first()?;
//! let (dx, dy, db) = (device.upload(&x)?, device.upload(&y)?, device.upload_column(&b)?);
//! let mut gamma = gaussian_conv(&dx, &dy, &db, 0.5)?;        // still on the device
//! let smooth = gaussian_conv(&dx, &dy, &gamma, 0.5)?;        // so that it can go into the next call
//! let smooth: Vec<f32> = smooth.download()?;
//!
//! gaussian_conv::into(&mut gamma, &dy, &dx, &db, 0.5)?;      // the kernel writes over what there is
//!
//! // Slices, computed on a device in one call.
//! let gamma: Vec<f32> = gaussian_conv::on(&device, &x, &y, &b, 0.5)?;
//! # Ok::<(), keops::Error>(())
//! ```
//!
//! # Building
//!
//! The feature `cuda` turns this on, and the build script of the program has the kernels compiled:
//!
//! ```toml
//! [dependencies]
//! keops-runtime = { version = "0.1", features = ["cuda"] }
//!
//! [build-dependencies]
//! keops-kernels = "0.1"
//! ```
//!
//! ```text
//! // build.rs
//! fn main() {
//!     keops_kernels::Build::new().compile();
//! }
//! ```
//!
//! That needs nvcc. Without it the program is built all the same, and calls with device memory return
//! [`Error::NoKernel`].
//!
//! The driver is reached through `cust`, whose build script looks for a CUDA folder: `$CUDA_LIBRARY_PATH`,
//! `/usr/local/cuda*` or `/opt/cuda`, with a folder `lib64` in it. On a machine without CUDA, to type-check or to build
//! what runs elsewhere, `export CUDA_LIBRARY_PATH=$(keops-kernels stub-dir)` gives it one that is empty. Nothing is linked
//! from it: the driver is opened when the program first asks for a device.
//!
//! # Programs on machines without a device
//!
//! A program built with `cuda` starts everywhere, and calls with slices are computed on the processor as ever.
//! [`Device::first`] returns [`Error::NoDriver`] or [`Error::NoDevice`] there. An empty environment variable
//! `KEOPS_CUDA_DRIVER` hides a driver, `CUDA_VISIBLE_DEVICES` hides devices.
//!
//! # Arguments and results
//!
//! | argument | |
//! |---|---|
//! | [`DeviceRows<T, D>`](DeviceRows), [`DeviceColumn<T>`](DeviceColumn), also by value | M points |
//! | `&DeviceBuffer<[T; D]>`, `&DeviceSlice<[T; D]>` of `cust` | M points |
//! | `&DeviceBuffer<T>`, `&DeviceSlice<T>` of `cust` | M · D numbers, row after row |
//! | [`DevicePoints<T, D>`](DevicePoints) | an address, taken in an `unsafe` function that states what is promised |
//! | numbers, arrays and slices of the host | a parameter, as in calls with slices |
//! | a [`DeviceRows`] of one row | a parameter; it is fetched |
//!
//! A result of dimension D is [`DeviceRows<T, D>`](DeviceRows), a [`DeviceColumn<T>`](DeviceColumn) where D is 1, with
//! `usize` for indices; the gradient in a parameter comes back to the host. [`DeviceRows::download`] fetches a result,
//! [`DeviceRows::download_into`] and [`DeviceRows::copy_to`] copy it to memory of the program.
//!
//! Given to `f::into`, memory of a device holds the result: the kernel writes to `&mut DeviceRows<T, D>`,
//! `&mut DeviceColumn<T>`, and to `&mut DeviceBuffer<[T; D]>`, `&mut DeviceBuffer<T>` and slices of `cust`. It must have
//! as many rows as the result and share no byte with an argument or another result, which is an [`Error`] otherwise, before
//! anything is written.
//!
//! `f::on(&device, …)` takes what calls with slices take and returns what they return.
//!
//! Slices and device memory in one call do not compile:
//!
//! ```compile_fail,E0277
//! # keops::keops! { fn potential(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { Sum_j(Rsqrt(SqDist(x_i, y_j))) } }
//! let x = vec![[0.0f32; 3]; 100];
//! let device = keops::cuda::Device::first()?;
//! potential(&x, &device.upload(&x)?)?;
//! # Ok::<(), keops::Error>(())
//! ```
//!
//! ```compile_fail,E0277
//! # keops::keops! { fn potential(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { Sum_j(Rsqrt(SqDist(x_i, y_j))) } }
//! let x = keops::cuda::Device::first()?.upload(&[[0.0f32; 3]; 100])?;
//! potential::into(&mut [0.0; 100], &x, &x)?;
//! # Ok::<(), keops::Error>(())
//! ```
//!
//! Memory that keops does not own is looked up before a kernel follows an address: that it is memory of a device, of the
//! device of the other arguments, and long enough. An argument that does not start at a multiple of 16 bytes is copied. Contexts are the primary ones, which `cust::context::Context` gives too.
//!
//! Memory of rows that are dropped stays in the driver's pool of the device, for later calls and for whatever else the program
//! allocates there; other programs get it when this one ends.
//!
//! # Order
//!
//! A call returns when its work is given to a stream: that of [`on_stream`], else that of the [`Device`] through which the
//! first of its arguments (else, results) was uploaded, else one that all calls on the device share. With ranges,
//! with more than 2 KiB of parameters, and for sums over all rows, the host waits in the call for what the stream was given
//! before: numbers are copied between them. Rows know when they are ready: a call that reads them waits on the device, a
//! function that fetches them waits on the host, and what a stream still reads is not freed or overwritten. (To overwrite rows
//! that several streams have used, the host waits for the device.) Failures of a kernel come when its results are fetched, or
//! in a call that waits.
//!
//! For memory of `cust`, everything that was written with its functions that are not `async` is there; what was given to
//! another stream has to be waited for by the program, or the call put on that stream. In the same
//! way a result in memory of `cust` is there for its functions that are not `async`; work on another stream of the program
//! has to wait for the device (`cust::context::CurrentContext::synchronize`), or the call put on that stream.
//!
//! A program may use several devices, in one thread or in several; all that a call is given lies on one. Devices and rows may
//! be used and dropped in any thread. The context that is current in a thread stays current.
//!
//! # Failures
//!
//! Every failure of the driver is an [`Error`]. After one that a device does not recover from, [`Error::DeviceLost`], all
//! that lies on it is lost and each call says so; when its rows and [`Device`]s have been dropped, [`Device::new`] tries a
//! new context. The driver promises that one works only in a new process: if the error comes back, restart the program.

mod argument;
mod buffer;
mod call;
mod destination;
mod device;
mod failure;
mod launch;
mod module;
mod parameter;
mod place;
mod pointer;
mod rows;
mod slices;
mod slot;
mod view;

use crate::error::Error;
use crate::memory::{Element, Everywhere, Memory, Results};
use crate::options::Options;
use crate::points::Pairs;
use crate::real::Real;

#[doc(hidden)]
pub use call::{Call, Output};
pub use device::{Device, on_stream};
pub use keops_driver::device::DevicePoints;
#[doc(hidden)]
pub use launch::{Launch, Shape};
pub use rows::{DeviceColumn, DeviceRows};
pub use slot::Slot;
pub use view::View;

/// The memory of CUDA devices: rows on a device in, rows on the same device out. What is summed over all points, such as
/// the gradient in a parameter, comes back to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cuda {}

impl Memory for Cuda {
    type View<'a, T: Real> = View<'a, T>;
    type Rows<E: Element, const D: usize> = DeviceRows<E, D>;
    type Column<E: Element> = DeviceColumn<E>;
    type Slot<'a, E: Element> = Slot<'a, E>;

    fn evaluate<T: Real, F: Everywhere<T>>(
        formula: &F,
        arguments: &[View<'_, T>],
        options: Options<'_>,
        results: Results<'_, '_, T, Cuda>,
    ) -> Result<(), Error> {
        let rows: Vec<usize> = arguments.iter().map(View::rows).collect();
        let pairs = formula.declaration().pairs::<T>(&rows, options)?;
        if options.stream.is_some() {
            return Err(Error::Stream {
                reason: "devices do not, pass slices, which are computed on the processor",
            });
        }
        let (function, ptx) = formula.kernels();
        let Results { values, indices, totals } = results;
        let call = Call::with_results(function, ptx, arguments, pairs.results, values, indices)?;
        formula.on_device(arguments, pairs, &call, totals)
    }
}

/// A formula compiled for devices. Generated functions implement it.
pub trait DeviceFormula<T: Real> {
    /// The name of the function, and the PTX of its kernels if there is one.
    fn kernels(&self) -> (&'static str, Option<&'static str>);

    /// Evaluates the formula on the device where the arguments are. The call holds the memory of results.
    ///
    /// # Errors
    /// Those of the driver.
    fn on_device(
        &self,
        arguments: &[View<'_, T>],
        pairs: Pairs<'_>,
        call: &Call,
        totals: &mut [&mut [T]],
    ) -> Result<(), Error>;
}
