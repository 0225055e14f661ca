//! Where points lie and where results go. The side is a type, so that one generated function serves both and a call that
//! mixes them does not compile.

use crate::Real;
use crate::error::Error;
use crate::options::Options;
use crate::points::{Declaration, Pairs, Slot, View};

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
    type Rows<E: Element, const D: usize>: NewResult<E, Self> + Default;
    /// A result of dimension 1: one number per point.
    type Column<E: Element>: NewResult<E, Self> + Default;
    /// Memory for a result as a call gets it, before it knows how many rows there are.
    type Slot<'a, E: Element>;

    /// Evaluates a formula on arguments in this memory, given in the order of their declaration.
    ///
    /// # Errors
    /// Before anything is written: those of the arguments together ([`Declaration::pairs`]), and of results that do not
    /// fit.
    fn evaluate<T: Real, F: Everywhere<T>>(
        formula: &F,
        arguments: &[Self::View<'_, T>],
        options: Options<'_>,
        results: Results<'_, '_, T, Self>,
    ) -> Result<(), Error>;
}

/// A result that a call allocates: empty until then.
pub trait NewResult<E: Element, M: Memory> {
    /// Has the call allocate it.
    fn slot(&mut self) -> M::Slot<'_, E>;
}

/// Memory for all results of a call, each kind in the order of the function's results.
#[derive(Debug)]
pub struct Results<'r, 's, T: Real, M: Memory> {
    /// Results that are numbers, one row per point.
    pub values: &'r mut [M::Slot<'s, T>],
    /// Results that are indices, one row per point.
    pub indices: &'r mut [M::Slot<'s, usize>],
    /// Results summed over all points, such as the gradient in a parameter: on the host, whatever the memory. They come as
    /// zeros.
    pub totals: &'r mut [&'s mut [T]],
}

/// The memory of the processor: slices in, vectors out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {}

impl Memory for Host {
    type View<'a, T: Real> = View<'a, T>;
    type Rows<E: Element, const D: usize> = Vec<[E; D]>;
    type Column<E: Element> = Vec<E>;
    type Slot<'a, E: Element> = Slot<'a, E>;

    fn evaluate<T: Real, F: Everywhere<T>>(
        formula: &F,
        arguments: &[View<'_, T>],
        options: Options<'_>,
        results: Results<'_, '_, T, Host>,
    ) -> Result<(), Error> {
        T::evaluate(formula, arguments, options, results)
    }
}

/// [`Real::evaluate`] for either scalar.
pub(crate) fn evaluate_here<T: Real>(
    formula: &dyn Formula<T>,
    arguments: &[View<'_, T>],
    options: Options<'_>,
    results: Results<'_, '_, T, Host>,
) -> Result<(), Error> {
    let rows: Vec<usize> = arguments.iter().map(|view| view.rows()).collect();
    let pairs = formula.declaration().pairs::<T>(&rows, options)?;
    let Results { values, indices, totals } = results;
    // All of them, before any is written.
    values.iter_mut().try_for_each(|slot| slot.prepare(pairs.results))?;
    indices.iter_mut().try_for_each(|slot| slot.prepare(pairs.results))?;
    let mut values: Vec<&mut [T]> = values.iter_mut().map(Slot::zeros).collect();
    let mut indices: Vec<&mut [usize]> = indices.iter_mut().map(Slot::zeros).collect();
    formula.on_host(arguments, pairs, &mut values, &mut indices, totals)
}

/// A compiled formula. Generated functions implement it.
pub trait Formula<T: Real> {
    /// What is declared of the numbers of points.
    fn declaration(&self) -> &'static Declaration;

    /// Evaluates the formula on the processor. The results have their sizes and come as zeros.
    ///
    /// # Errors
    /// [`Error::OutOfMemory`], [`Error::TooLarge`] for what is computed on the way; [`Error::Cancelled`].
    fn on_host(
        &self,
        arguments: &[View<'_, T>],
        pairs: Pairs<'_>,
        values: &mut [&mut [T]],
        indices: &mut [&mut [usize]],
        totals: &mut [&mut [T]],
    ) -> Result<(), Error>;
}

/// A formula compiled for every [`Memory`] that there is. All formulas are.
#[cfg(not(feature = "cuda"))]
pub trait Everywhere<T: Real>: Formula<T> {}
#[cfg(not(feature = "cuda"))]
impl<T: Real, F: Formula<T>> Everywhere<T> for F {}

/// A formula compiled for every [`Memory`] that there is. All formulas are.
#[cfg(feature = "cuda")]
pub trait Everywhere<T: Real>: Formula<T> + crate::cuda::DeviceFormula<T> {}
#[cfg(feature = "cuda")]
impl<T: Real, F: Formula<T> + crate::cuda::DeviceFormula<T>> Everywhere<T> for F {}

/// The results of one kind, each by itself.
///
/// # Panics
/// If there are not N: the formula and its call come from one expansion.
#[doc(hidden)]
#[inline(never)]
pub fn all<const N: usize, R>(results: &mut [R]) -> &mut [R; N] {
    results.try_into().expect("as many results as the formula has")
}
