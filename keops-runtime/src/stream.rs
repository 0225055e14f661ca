//! Reductions that go on with more points.

use crate::error::Error;
use crate::real::Real;
use crate::reduction::accumulator::{self, Accumulator};
use std::any::Any;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// A reduction over points that come block by block: from a file, from other processes, as they are measured. A call
/// [`with`](crate::Options::stream) it reduces over the points it is given, and over all those of the calls before; its result
/// is that of all of them so far.
///
/// The points of the kept index and the parameters have to be the same in each call, and so has the function. What is kept
/// are the accumulators, some numbers per row. Sums are added in another order than in one call, and may differ in the last
/// bits. Indices go on from one block to the next. A block after which there is no result yet (two points, of which three are to
/// be named) is an error and is not taken.
///
/// ```
/// use keops::{Stream, keops};
///
/// keops! {
///     fn nearest(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<1>, Vi<1, usize>) { Min_ArgMin_j(Abs(x_i - y_j)) }
/// }
///
/// let (x, stream) = ([0.0f32, 10.0], Stream::new());
/// assert_eq!(nearest::with(&stream, &x, &[3.0, 4.0])?, (vec![3.0, 6.0], vec![0, 1]));
/// assert_eq!(nearest::with(&stream, &x, &[8.0, -1.0])?, (vec![1.0, 2.0], vec![3, 2]));
/// assert_eq!(stream.points(), 4);
/// # Ok::<(), keops::Error>(())
/// ```
///
/// Functions that need several passes over the pairs (some gradients) have no such calls, nor have those that read the numbers
/// of the points reduced over: they are an [`Error::Stream`].
#[derive(Default)]
pub struct Stream {
    kept: Mutex<Kept>,
}

/// What a stream keeps.
#[derive(Clone, Debug, Default)]
enum Kept {
    /// Nothing has been reduced.
    #[default]
    Nothing,
    F32(States<f32>),
    F64(States<f64>),
    /// The last call has not ended, or ended with an error.
    Broken,
}

/// The accumulators of all rows.
#[derive(Clone, Debug)]
pub(crate) struct States<T> {
    pub(crate) accumulators: &'static [Accumulator],
    /// Rows of a block.
    pub(crate) lanes: usize,
    pub(crate) rows: usize,
    /// Columns that have been reduced over.
    pub(crate) columns: usize,
    /// The accumulators, block after block.
    pub(crate) numbers: Vec<T>,
}

impl Stream {
    /// Nothing is reduced yet.
    pub fn new() -> Self {
        Stream::default()
    }

    /// How many points have been reduced over.
    pub fn points(&self) -> usize {
        self.size().map_or(0, |(_, columns)| columns)
    }

    /// Goes on with the points of another stream, of the same function and the same rows, as if they came after those so far:
    /// reductions of parts of the points, in several threads or on several machines, become one.
    ///
    /// # Errors
    /// [`Error::Stream`] if the streams do not belong together.
    pub fn merge(&self, later: &Stream) -> Result<(), Error> {
        // Not both at a time: they may be the same.
        let later = later.lock(|kept| kept.clone());
        self.lock(|kept| {
            *kept = match (std::mem::take(kept), later) {
                (kept, Kept::Nothing) => kept,
                (Kept::Nothing, later) => later,
                (Kept::F32(mut states), Kept::F32(later)) => {
                    let merged = states.merge(later);
                    *kept = Kept::F32(states);
                    return merged;
                }
                (Kept::F64(mut states), Kept::F64(later)) => {
                    let merged = states.merge(later);
                    *kept = Kept::F64(states);
                    return merged;
                }
                (states, Kept::Broken) | (states @ Kept::Broken, _) => {
                    *kept = states;
                    return Err(Error::Stream { reason: BROKEN });
                }
                (states, _) => {
                    *kept = states;
                    return Err(Error::Stream { reason: OTHER });
                }
            };
            Ok(())
        })
    }

    /// The numbers of rows and columns so far.
    pub(crate) fn size(&self) -> Option<(usize, usize)> {
        self.lock(|kept| match kept {
            Kept::F32(states) => Some((states.rows, states.columns)),
            Kept::F64(states) => Some((states.rows, states.columns)),
            Kept::Nothing | Kept::Broken => None,
        })
    }

    /// What is kept, for a call that goes on with it and [`put`](Self::put)s it back; a new one if there is none.
    ///
    /// # Errors
    /// [`Error::Stream`] if it is that of another function, or nowhere.
    pub(crate) fn take<T: Real>(&self, new: States<T>) -> Result<States<T>, Error> {
        self.lock(|kept| {
            let states: &mut dyn Any = match kept {
                Kept::Nothing => {
                    *kept = Kept::Broken;
                    return Ok(new);
                }
                Kept::Broken => return Err(Error::Stream { reason: BROKEN }),
                Kept::F32(states) => states,
                Kept::F64(states) => states,
            };
            let states = states.downcast_mut::<States<T>>().filter(|states| states.is_like(&new));
            let states = std::mem::replace(states.ok_or(Error::Stream { reason: OTHER })?, new);
            *kept = Kept::Broken;
            Ok(states)
        })
    }

    /// Keeps what a call has reduced.
    pub(crate) fn put<T: Real>(&self, states: States<T>) {
        let mut states = Some(states);
        let states: &mut dyn Any = &mut states;
        self.lock(|kept| {
            if let Some(states) = states.downcast_mut::<Option<States<f32>>>().and_then(Option::take) {
                *kept = Kept::F32(states);
            } else if let Some(states) = states.downcast_mut::<Option<States<f64>>>().and_then(Option::take) {
                *kept = Kept::F64(states);
            }
        });
    }

    fn lock<R>(&self, then: impl FnOnce(&mut Kept) -> R) -> R {
        // Nothing panics while it is held; if something did, what is kept would be whole.
        then(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

const BROKEN: &str = "its last call was cancelled or has not ended, start a new one";
const OTHER: &str = "it belongs to another function, scalar type or number of rows, start a new one";

impl Clone for Stream {
    fn clone(&self) -> Self {
        Stream { kept: Mutex::new(self.lock(|kept| kept.clone())) }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("points", &self.points()).finish_non_exhaustive()
    }
}

impl<T: Real> States<T> {
    /// Whether they belong to the same function, as far as can be seen.
    fn is_like(&self, other: &Self) -> bool {
        (self.accumulators, self.lanes, self.rows) == (other.accumulators, other.lanes, other.rows)
    }

    fn merge(&mut self, mut later: Self) -> Result<(), Error> {
        if !self.is_like(&later) {
            return Err(Error::Stream { reason: OTHER });
        }
        crate::points::numbered::<T>(self.columns.saturating_add(later.columns))?;
        accumulator::renumber(self.accumulators, self.lanes, &mut later.numbers, self.columns);
        accumulator::merge(self.accumulators, self.lanes, &mut self.numbers, &later.numbers);
        self.columns += later.columns;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reduction::accumulator::Kind;

    fn states<T: Real>(rows: usize, columns: usize, number: T) -> States<T> {
        const SUM: &[Accumulator] = &[Accumulator { kind: Kind::Sum, dim: 1 }];
        States { accumulators: SUM, lanes: 4, rows, columns, numbers: vec![number; 8] }
    }

    #[test]
    fn what_is_taken_is_put_back_or_broken() {
        let stream = Stream::new();
        let new = stream.take(states(4, 0, 0.0f32)).unwrap();
        assert_eq!(stream.take(states(4, 0, 0.0f32)).unwrap_err(), Error::Stream { reason: BROKEN });
        stream.put(States { columns: 5, ..new });
        assert_eq!((stream.points(), stream.size()), (5, Some((4, 5))));
        assert_eq!(stream.take(states(4, 0, 0.0f64)).unwrap_err(), Error::Stream { reason: OTHER });
        assert_eq!(stream.take(states(3, 0, 0.0f32)).unwrap_err(), Error::Stream { reason: OTHER });
        assert_eq!(stream.take(states(4, 0, 0.0f32)).unwrap().columns, 5);
    }

    #[test]
    fn streams_that_belong_together_are_merged() {
        let [first, later, other] = [Stream::new(), Stream::new(), Stream::new()];
        first.put(states(4, 5, 1.0f64));
        later.put(states(4, 6, 2.0f64));
        other.put(states(3, 6, 2.0f64));
        first.merge(&later).unwrap();
        first.merge(&Stream::new()).unwrap();
        assert_eq!(first.points(), 11);
        assert_eq!(first.take(states(4, 0, 0.0f64)).unwrap().numbers[..4], [3.0; 4]);
        assert_eq!(first.merge(&later), Err(Error::Stream { reason: BROKEN }));
        assert_eq!(later.merge(&other), Err(Error::Stream { reason: OTHER }));
        later.merge(&later).unwrap();
        assert_eq!(later.points(), 12, "with itself, and it is still there after an error");
        let copy = Stream::new();
        copy.merge(&later).unwrap();
        assert_eq!(copy.points(), 12);
    }
}
