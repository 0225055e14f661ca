//! The largest errors of a function on each level, on given arguments or on all f32.

use std::fmt::Debug;
use std::ops::Range;

use keops::simd::Level;
use rayon::prelude::*;

use crate::evaluate::{
    Format, Function, MayDiffer, Symmetry, distance, evaluate, is_fused, least_normal, levels, may_exceed,
};

/// What the results are compared with.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Reference {
    /// [`Function::value`], for f32.
    Value,
    /// [`Function::exact`].
    Exact,
}

/// The largest error with one arithmetic, and where.
#[derive(Clone, Debug)]
pub(crate) struct Found<T, A = T> {
    /// The best level with this arithmetic.
    pub(crate) level: Level,
    /// The lesser levels with this arithmetic, and how many of their results have other bits.
    pub(crate) differing: Vec<(Level, u64)>,
    /// The error in ulp.
    pub(crate) error: f64,
    /// The argument, or a pair of them.
    pub(crate) at: A,
    /// The result there.
    pub(crate) result: T,
}

impl<T: Format, A: Copy + Debug> Found<T, A> {
    fn and(mut self, other: Self) -> Self {
        for (mine, others) in self.differing.iter_mut().zip(other.differing) {
            mine.1 += others.1;
        }
        self.see(other.error, other.at, other.result);
        self
    }

    /// Takes in an error.
    pub(crate) fn see(&mut self, error: f64, at: A, result: T) {
        if error > self.error {
            (self.error, self.at, self.result) = (error, at, result);
        }
    }

    fn complaints(&self, name: &str, bound: f64, may_differ: MayDiffer) -> Vec<String> {
        let Found { level, differing, error, at, result } = self;
        let function = format!("{name} in {} on {}", T::NAME, level.name());
        let may_differ = match may_differ {
            MayDiffer::Nowhere => false,
            MayDiffer::InF64 => T::FRACTION == f64::FRACTION,
            MayDiffer::InBoth => true,
        };
        let differing = differing.iter().filter(|(_, count)| *count > 0 && !may_differ);
        let mut complaints: Vec<String> = differing
            .map(|(lesser, count)| {
                format!("{function}: {count} results have other bits on {}", lesser.name())
            })
            .collect();
        if *error > bound {
            complaints.push(format!("{function} at {at:?} is {result:?}: {error:.4} ulp, bound {bound}"));
        }
        complaints
    }
}

/// What was found with and without fused multiply-add, as far as this processor has both.
#[derive(Clone, Debug)]
pub(crate) struct Errors<T, A = T>(pub(crate) Vec<Found<T, A>>);

impl<T: Format, A: Copy + Debug + Default> Errors<T, A> {
    /// Nothing yet.
    pub(crate) fn none() -> Self {
        let mut errors: Vec<Found<T, A>> = vec![];
        for level in levels() {
            match errors.iter_mut().find(|found| is_fused(found.level) == is_fused(level)) {
                Some(found) => found.differing.push((level, 0)),
                None => {
                    let (at, result) = (A::default(), T::default());
                    errors.push(Found { level, differing: vec![], error: 0.0, at, result });
                }
            }
        }
        Errors(errors)
    }

    /// The results on each level, computed by `evaluate`; those with equal arithmetic are together, the best level's first,
    /// and compared to the bit.
    pub(crate) fn evaluate(&mut self, evaluate: impl Fn(Level) -> Vec<T>) -> Vec<Results<T>> {
        let mut all = vec![];
        for found in &mut self.0 {
            let best = evaluate(found.level);
            let mut results = vec![];
            for (level, count) in &mut found.differing {
                let lesser = evaluate(*level);
                *count += best.iter().zip(&lesser).filter(|&(&a, &b)| !a.same(b)).count() as u64;
                results.push(lesser);
            }
            all.push(Results { best, lesser: results });
        }
        all
    }

    /// What there is to complain of: errors beyond the bound, and bits that differ between levels where they should not
    /// ([`Function::MAY_DIFFER`]).
    pub(crate) fn complaints(&self, name: &str, bound: f64, may_differ: MayDiffer) -> Vec<String> {
        self.0.iter().flat_map(|found| found.complaints(name, bound, may_differ)).collect()
    }
}

/// The results on levels with equal arithmetic.
pub(crate) struct Results<T> {
    /// On the best one.
    best: Vec<T>,
    /// On the others.
    lesser: Vec<Vec<T>>,
}

impl<T: Format> Results<T> {
    /// All results for argument number k that are not the same to the bit.
    pub(crate) fn at(&self, k: usize) -> impl Iterator<Item = T> {
        let best = self.best[k];
        let others = self.lesser.iter().map(move |lesser| lesser[k]).filter(move |&other| !other.same(best));
        std::iter::once(best).chain(others)
    }
}

/// The results at a level, 0 where nothing is promised.
fn promised<F: Function, T: Format>(level: Level, arguments: &[T]) -> Vec<T> {
    let mut results = evaluate::<F, T>(level, arguments);
    for (result, x) in results.iter_mut().zip(arguments) {
        if !F::takes(x.to_f64()) {
            *result = T::default();
        }
    }
    results
}

impl<T: Format> Errors<T> {
    /// The errors of F on arguments.
    pub(crate) fn on<F: Function>(arguments: &[T], reference: Reference) -> Self {
        let mut errors = Errors::none();
        let results = errors.evaluate(|level| promised::<F, T>(level, arguments));
        errors.take_in::<F>(arguments, &results, reference);
        errors
    }

    /// Takes in the errors of results.
    fn take_in<F: Function>(&mut self, arguments: &[T], results: &[Results<T>], reference: Reference) {
        let points: Vec<f64> = arguments.iter().map(|x| x.to_f64()).collect();
        let values = F::values(&points);
        for (found, results) in self.0.iter_mut().zip(results) {
            for (k, ((&at, &x), &value)) in arguments.iter().zip(&points).zip(&values).enumerate() {
                for result in results.at(k) {
                    found.take_in::<F>(at, (x, value), result, reference);
                }
            }
        }
    }
}

impl<T: Format> Found<T> {
    /// Takes in the error of a result, where the argument is `x` and the value about `value`.
    #[inline]
    fn take_in<F: Function>(&mut self, at: T, (x, value): (f64, f64), result: T, reference: Reference) {
        let scale = F::scale(x, value);
        let exact = match reference {
            Reference::Value if !may_exceed(self.error, result, value, scale) => return,
            _ if !F::takes(x) => return,
            Reference::Value => value.into(),
            Reference::Exact => F::exact(x),
        };
        let flushed = result.to_f64() == 0.0 && value.abs() < F::FLUSHED * least_normal::<T>();
        if !flushed {
            self.see(distance(result, value, exact, scale), at, result);
        }
    }
}

/// Patterns without a sign bit.
const POSITIVE: usize = 1 << 31;
/// Arguments that are evaluated at once.
const CHUNK: usize = 4096;

impl Errors<f32> {
    /// The worse of each.
    fn and(self, other: Self) -> Self {
        Errors(self.0.into_iter().zip(other.0).map(|(a, b)| a.and(b)).collect())
    }

    /// The errors of F on bit patterns: on every `stride`-th with the best level's arithmetic, on every `other_stride`-th
    /// with the other. By all threads of the pool.
    pub(crate) fn on_patterns<F: Function>(stride: usize, other_stride: usize) -> Self {
        let arithmetics = Errors::none().0.into_iter().zip([stride, other_stride]);
        Errors(arithmetics.flat_map(|(found, stride)| Errors(vec![found]).sweep::<F>(stride).0).collect())
    }

    /// The errors, besides these, on every `stride`-th pattern.
    fn sweep<F: Function>(self, stride: usize) -> Self {
        let count = POSITIVE.div_ceil(stride);
        let chunks =
            (0..count.div_ceil(CHUNK)).into_par_iter().map(|k| k * CHUNK..count.min((k + 1) * CHUNK));
        chunks
            .fold(|| self.clone(), |errors, chunk| errors.with_chunk::<F>(chunk, stride))
            .reduce(|| self.clone(), Errors::and)
    }

    /// Takes in the patterns k · stride for the k in `chunk`, with either sign. Where a function is even or odd, and so
    /// are its results to the bit, so are its errors, and one reference serves both.
    fn with_chunk<F: Function>(mut self, chunk: Range<usize>, stride: usize) -> Self {
        let right: Vec<f32> = chunk.map(|k| f32::from_bits((k * stride) as u32)).collect();
        let left: Vec<f32> = right.iter().map(|&x| -x).collect();
        let on_the_right = self.evaluate(|level| promised::<F, f32>(level, &right));
        let on_the_left = self.evaluate(|level| promised::<F, f32>(level, &left));
        let mirrored = on_the_right.iter().zip(&on_the_left).all(|(right, left)| {
            right.best.iter().zip(&left.best).all(|(&right, &left)| match F::SYMMETRY {
                Symmetry::None => false,
                Symmetry::Even => right.same(left),
                Symmetry::Odd => (-right).same(left),
            })
        });
        self.take_in::<F>(&right, &on_the_right, Reference::Value);
        if !mirrored {
            self.take_in::<F>(&left, &on_the_left, Reference::Value);
        }
        self
    }
}
