//! What a kernel keeps per row, as data: starting and merging are then compiled once, with the runtime, and not with every
//! formula.

use super::best::{self, Largest, Smallest};
use super::{exp_sum, sum};
use crate::real::Real;
use crate::simd::{Rows, Simd, Single, Task, on_baseline};
use std::ops::Range;

/// An accumulator: coordinates of one kind, one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accumulator {
    /// What each coordinate keeps.
    pub kind: Kind,
    /// Its coordinates.
    pub dim: usize,
}

/// What a coordinate of an accumulator keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Σ, as in [`sum`].
    Sum,
    /// The reference of exponents, as in [`exp_sum`].
    Exponent,
    /// Σ of values scaled by the exponent of coordinate 0, or of the same coordinate, of another accumulator.
    ScaledSum {
        /// The number of that accumulator.
        exponent: usize,
    },
    /// The best value, as in [`best::value`].
    Best(Extreme),
    /// The best values with their indices, as in [`best::List`].
    List {
        /// Which end.
        extreme: Extreme,
        /// How many.
        count: usize,
    },
}

/// Which end of the order is best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extreme {
    /// The largest.
    Max,
    /// The smallest.
    Min,
}

impl Accumulator {
    /// Numbers of state per row, over all coordinates.
    const fn numbers(&self) -> usize {
        self.dim * self.kind.numbers()
    }
}

impl Kind {
    /// Numbers of state per coordinate.
    const fn numbers(self) -> usize {
        match self {
            Kind::Sum | Kind::ScaledSum { .. } => 2,
            Kind::Exponent | Kind::Best(_) => 1,
            Kind::List { count, .. } => 2 * count,
        }
    }
}

impl Extreme {
    /// The worst value of all.
    fn worst<T: Real>(self) -> T {
        match self {
            Extreme::Max => T::from_f64(f64::NEG_INFINITY),
            Extreme::Min => T::INFINITY,
        }
    }
}

/// Numbers of state per row of these accumulators.
pub const fn numbers(accumulators: &[Accumulator]) -> usize {
    let (mut sum, mut n) = (0, 0);
    while n < accumulators.len() {
        sum += accumulators[n].numbers();
        n += 1;
    }
    sum
}

/// Accumulators of a reduction over nothing, for blocks of `lanes` rows.
pub fn identity<T: Real>(accumulators: &[Accumulator], lanes: usize, state: &mut [T]) {
    for block in state.chunks_exact_mut((numbers(accumulators) * lanes).max(1)) {
        let mut rest = block;
        for a in accumulators {
            let (own, others) = rest.split_at_mut(a.numbers() * lanes);
            match a.kind {
                Kind::Sum | Kind::ScaledSum { .. } => own.fill(T::default()),
                Kind::Exponent => own.fill(Extreme::Max.worst()),
                Kind::Best(extreme) => own.fill(extreme.worst()),
                Kind::List { extreme, count } => {
                    for list in own.chunks_exact_mut(2 * count * lanes) {
                        let (values, indices) = list.split_at_mut(count * lanes);
                        values.fill(extreme.worst());
                        indices.fill(best::none());
                    }
                }
            }
            rest = others;
        }
    }
}

/// Adds `before` to the indices of blocks of `lanes` rows, which were counted from a later column on.
pub fn renumber<T: Real>(accumulators: &[Accumulator], lanes: usize, state: &mut [T], before: usize) {
    for block in state.chunks_exact_mut((numbers(accumulators) * lanes).max(1)) {
        for places in indices(accumulators) {
            for index in &mut block[places.start * lanes..places.end * lanes] {
                if index.bits() != best::none::<T>().bits() {
                    *index = T::from_index(index.to_index() + before);
                }
            }
        }
    }
}

/// Whether all indices are below `columns`, or none.
pub fn are_indices_below<T: Real>(
    accumulators: &[Accumulator],
    lanes: usize,
    state: &[T],
    columns: usize,
) -> bool {
    let is_one = |index: &T| {
        let bits = index.bits();
        bits < columns as u64 || bits == best::none::<T>().bits()
    };
    let mut blocks = state.chunks_exact((numbers(accumulators) * lanes).max(1));
    blocks.all(|block| {
        indices(accumulators).all(|places| block[places.start * lanes..places.end * lanes].iter().all(is_one))
    })
}

/// Where the indices of lists are among the numbers of a row.
fn indices(accumulators: &[Accumulator]) -> impl Iterator<Item = Range<usize>> {
    let mut next = 0;
    accumulators.iter().flat_map(move |a| {
        let (first, numbers) = (next, a.kind.numbers());
        next += a.numbers();
        let (lists, count) = match a.kind {
            Kind::List { count, .. } => (a.dim, count),
            _ => (0, 0),
        };
        (0..lists).map(move |k| first + k * numbers + count..first + (k + 1) * numbers)
    })
}

/// Takes the accumulators of later columns into those of earlier ones, for blocks of `lanes` rows.
pub fn merge<T: Real>(accumulators: &[Accumulator], lanes: usize, state: &mut [T], later: &[T]) {
    on_baseline(Merge { accumulators, lanes, state, later });
}

/// Takes one lane's accumulators into those of another, whatever columns they are of: of equal candidates the lower index
/// wins. Slices begin with the lane.
pub fn take_lane<T: Real>(accumulators: &[Accumulator], lanes: usize, state: &mut [T], other: &[T]) {
    for (n, a) in accumulators.iter().enumerate() {
        for k in 0..a.dim {
            let at = position(accumulators, n, k) * lanes;
            let (own, other_own) = (&mut state[at..], &other[at..]);
            match a.kind {
                Kind::List { extreme: Extreme::Max, count } => {
                    best::take::<T, Largest>(count, own, other_own, lanes);
                }
                Kind::List { extreme: Extreme::Min, count } => {
                    best::take::<T, Smallest>(count, own, other_own, lanes);
                }
                _ => merge_coordinate::<T::Vector<Single>>(Single, accumulators, (n, k), lanes, state, other),
            }
        }
    }
}

struct Merge<'a, T> {
    accumulators: &'a [Accumulator],
    lanes: usize,
    state: &'a mut [T],
    later: &'a [T],
}

impl<T: Real> Task for Merge<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd>(self, token: S) {
        let Merge { accumulators, lanes, state, later } = self;
        let len = (numbers(accumulators) * lanes).max(1);
        for (state, later) in state.chunks_exact_mut(len).zip(later.chunks_exact(len)) {
            for lane in (0..lanes).step_by(T::Vector::<S>::LANES) {
                merge_rows::<T::Vector<S>>(token, accumulators, lanes, &mut state[lane..], &later[lane..]);
            }
        }
    }
}

/// The same for the rows in the lanes of one vector.
#[inline(always)]
fn merge_rows<P: Rows>(
    token: P::Token,
    accumulators: &[Accumulator],
    stride: usize,
    state: &mut [P::Elem],
    later: &[P::Elem],
) {
    for (n, a) in accumulators.iter().enumerate() {
        for k in 0..a.dim {
            merge_coordinate::<P>(token, accumulators, (n, k), stride, state, later);
        }
    }
}

/// The same for a coordinate of an accumulator.
#[inline(always)]
fn merge_coordinate<P: Rows>(
    token: P::Token,
    accumulators: &[Accumulator],
    (n, k): (usize, usize),
    stride: usize,
    state: &mut [P::Elem],
    later: &[P::Elem],
) {
    let at = position(accumulators, n, k) * stride;
    let (own, other) = (&mut state[at..], &later[at..]);
    match accumulators[n].kind {
        Kind::Sum => sum::merge::<P>(token, own, other, stride),
        Kind::Exponent => {
            let factors = exp_sum::merge::<P>(token, own, other);
            for at in scaled_by(accumulators, n, k).map(|position| position * stride) {
                exp_sum::merge_sum(token, &mut state[at..], &later[at..], stride, factors);
            }
        }
        // Merged with its exponent.
        Kind::ScaledSum { .. } => {}
        Kind::Best(Extreme::Max) => best::value::merge::<P, Largest>(token, own, other),
        Kind::Best(Extreme::Min) => best::value::merge::<P, Smallest>(token, own, other),
        Kind::List { extreme: Extreme::Max, count } => {
            best::merge::<P, Largest>(token, count, own, other, stride);
        }
        Kind::List { extreme: Extreme::Min, count } => {
            best::merge::<P, Smallest>(token, count, own, other, stride);
        }
    }
}

/// Where the state of coordinate `k` of accumulator `n` begins.
fn position(accumulators: &[Accumulator], n: usize, k: usize) -> usize {
    numbers(&accumulators[..n]) + k * accumulators[n].kind.numbers()
}

/// Where the sums begin that coordinate `k` of the exponents in accumulator `n` scales.
fn scaled_by(accumulators: &[Accumulator], n: usize, k: usize) -> impl Iterator<Item = usize> {
    let one_for_all = accumulators[n].dim == 1;
    let sums =
        accumulators.iter().enumerate().filter(move |(_, a)| a.kind == Kind::ScaledSum { exponent: n });
    sums.flat_map(move |(s, a)| {
        let coordinates = if one_for_all { 0..a.dim } else { k..k + 1 };
        coordinates.map(move |c| position(accumulators, s, c))
    })
}
