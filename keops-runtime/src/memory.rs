//! Where points lie and where results go. The side is a type, so that one generated function serves both and a call that
//! mixes them does not compile.

use crate::Real;
use crate::error::Error;
use crate::points::View;

mod sealed {
    #[cfg(not(feature = "cuda"))]
    pub trait Element {}
    /// On a device indices are `u64`, which they are on any host that has one.
    #[cfg(feature = "cuda")]
    pub trait Element: keops_driver::device::Plain {}
    impl Element for f32 {}
    impl Element for f64 {}
    impl Element for usize {}

    pub trait Memory {}
    impl Memory for super::Host {}
    #[cfg(feature = "cuda")]
    impl Memory for crate::cuda::Cuda {}
}

/// What results consist of: `f32`, `f64`, and `usize` for indices.
pub trait Element: sealed::Element + Copy + Default + Send + Sync + std::fmt::Debug + 'static {}

impl Element for f32 {}
impl Element for f64 {}
impl Element for usize {}

/// A memory that arguments are read from and results are written to. A call's memory is inferred from its arguments.
pub trait Memory: sealed::Memory + Sized + 'static {
    /// An argument as read: M × D numbers, borrowed.
    type View<'a, T: Real>;
    /// A result of dimension D ≥ 2: one row per point.
    type Rows<T: Element, const D: usize>;
    /// A result of dimension 1: one number per point.
    type Column<T: Element>;
    /// A result of dimension D ≥ 2 summed over all points, such as the gradient in a parameter.
    type Row<T: Element, const D: usize>;
    /// A result of dimension 1 summed over all points.
    type Number<T: Element>;

    /// Evaluates a formula on arguments in this memory, given in the order of their declaration.
    fn evaluate<T: Real, F: Formula<T>>(
        formula: F,
        arguments: &[Self::View<'_, T>],
    ) -> Result<F::Output<Self>, Error>;
}

/// The memory of the processor: slices in, vectors out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {}

impl Memory for Host {
    type View<'a, T: Real> = View<'a, T>;
    type Rows<T: Element, const D: usize> = Vec<[T; D]>;
    type Column<T: Element> = Vec<T>;
    type Row<T: Element, const D: usize> = [T; D];
    type Number<T: Element> = T;

    fn evaluate<T: Real, F: Formula<T>>(
        formula: F,
        arguments: &[View<'_, T>],
    ) -> Result<F::Output<Host>, Error> {
        formula.on_host(arguments)
    }
}

/// A compiled formula, once for each memory. Generated functions implement it.
pub trait Formula<T: Real> {
    /// What a call returns: built from [`Memory::Rows`], [`Memory::Column`] and so on, a tuple where there are several.
    type Output<M: Memory>;

    /// Evaluates the formula on the processor. The rows of each argument are whole; that arguments of one index have
    /// equally many is checked here, with [`crate::points::same_rows`].
    fn on_host(self, arguments: &[View<'_, T>]) -> Result<Self::Output<Host>, Error>;

    /// Evaluates the formula on the device where the arguments are.
    #[cfg(feature = "cuda")]
    fn on_device(
        self,
        arguments: &[crate::cuda::View<'_, T>],
    ) -> Result<Self::Output<crate::cuda::Cuda>, Error>;
}
