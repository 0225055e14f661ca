//! What a call is told beside its arguments.

use crate::ranges::Ranges;
use crate::stream::Stream;
use std::fmt;
use std::ops::ControlFlow;

/// What is asked after each part of the work, with the part that is done.
type Progress<'a> = dyn Fn(f64) -> ControlFlow<()> + Sync + 'a;

/// How a call works: `f::with(options, …)` takes them before the arguments of `f`, and so do its gradients. Where only
/// [`Ranges`] or only a [`Stream`] are given they can be passed by themselves: `f::with(&ranges, …)`.
///
/// ```
/// use keops::{Error, Options, keops};
/// use std::ops::ControlFlow;
///
/// keops! {
///     fn density(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> { Sum_j(Exp(-SqDist(x_i, y_j))) }
/// }
///
/// let x = vec![[0.0f32, 1.0]; 1000];
/// let in_time = |done: f64| if done < 0.5 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) };
/// let options = Options::new().progress(&in_time);
/// assert_eq!(density::with(options, &x, &x), Err(Error::Cancelled));
/// ```
#[derive(Clone, Copy, Default)]
pub struct Options<'a> {
    pub(crate) ranges: Option<&'a Ranges>,
    pub(crate) progress: Option<&'a Progress<'a>>,
    pub(crate) stream: Option<&'a Stream>,
}

impl<'a> Options<'a> {
    /// Those of a call without options: all pairs, and nobody is asked.
    pub const fn new() -> Self {
        Options { ranges: None, progress: None, stream: None }
    }

    /// Only these pairs count. With `#[prune]` they are visited without a search.
    ///
    /// Blocks of few points cost more by pair: rows are computed 2 to 32 at a time, columns in tiles of 64.
    #[must_use]
    pub const fn ranges(self, ranges: &'a Ranges) -> Self {
        Options { ranges: Some(ranges), ..self }
    }

    /// Goes on with a reduction: the result is that of the points of this call and of all those before with the same
    /// [`Stream`]. It cannot be combined with ranges, and not be computed on devices. With `#[prune]` all pairs are visited.
    #[must_use]
    pub const fn stream(self, stream: &'a Stream) -> Self {
        Options { stream: Some(stream), ..self }
    }

    /// Asks `progress` now and then, on whatever thread has done some work, with the part of the pairs that has been
    /// visited, 0 to 1. Threads tell at the same time, so that parts may come out of order, 1 before another. A formula that
    /// needs several passes over the pairs starts anew with each.
    /// [`ControlFlow::Break`] ends the call with [`Error::Cancelled`](crate::Error::Cancelled), as soon as what is being
    /// done is done. Calls on devices, which return before they are computed, do not ask.
    #[must_use]
    pub const fn progress(self, progress: &'a Progress<'a>) -> Self {
        Options { progress: Some(progress), ..self }
    }
}

impl<'a> From<&'a Ranges> for Options<'a> {
    fn from(ranges: &'a Ranges) -> Self {
        Options::new().ranges(ranges)
    }
}

impl<'a> From<&'a Stream> for Options<'a> {
    fn from(stream: &'a Stream) -> Self {
        Options::new().stream(stream)
    }
}

impl Options<'_> {
    /// Whether points have to be visited as they are, and cannot be reordered.
    pub(crate) fn keep_order(&self) -> bool {
        self.ranges.is_some() || self.stream.is_some()
    }
}

impl fmt::Debug for Options<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let progress = self.progress.map(|_| "Fn(f64)");
        let mut options = f.debug_struct("Options");
        options
            .field("ranges", &self.ranges)
            .field("progress", &progress)
            .field("stream", &self.stream)
            .finish()
    }
}

/// What a call of `f::flat` begins with: the dimensions, in the order in which the function has its parameters, by themselves
/// or in a pair with what [`Options`] can be made from.
///
/// ```
/// use keops::{Ranges, keops};
///
/// keops! {
///     #[instances(D = 1..=4)]
///     fn density<const D: usize>(x_i: Vi<D>, y_j: Vj<D>) -> Vi<1> { Sum_j(Exp(-SqDist(x_i, y_j))) }
/// }
///
/// // Two clouds of points of the plane, of two points and of one.
/// let points = [0.0f64, 1.0, 0.0, 1.0, 5.0, 5.0];
/// let clouds = Ranges::batch(&[2, 1], &[2, 1]);
/// assert_eq!(density::flat(([2], &clouds), &points, &points)?, [2.0, 2.0, 1.0]);
/// # Ok::<(), keops::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Dimensions<'a, const N: usize> {
    values: [usize; N],
    options: Options<'a>,
}

impl<'a, const N: usize> Dimensions<'a, N> {
    /// The dimensions, and what the call is told besides.
    pub const fn split(self) -> ([usize; N], Options<'a>) {
        (self.values, self.options)
    }
}

impl<const N: usize> From<[usize; N]> for Dimensions<'_, N> {
    fn from(values: [usize; N]) -> Self {
        Dimensions { values, options: Options::new() }
    }
}

impl<'a, const N: usize, O: Into<Options<'a>>> From<([usize; N], O)> for Dimensions<'a, N> {
    fn from((values, options): ([usize; N], O)) -> Self {
        Dimensions { values, options: options.into() }
    }
}
