//! Reductions that go on with more points.

mod bytes;
mod states;

pub(crate) use states::States;

use crate::error::Error;
use crate::real::Real;
use states::AnyStates;
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
#[derive(Default)]
enum Kept {
    /// Nothing has been reduced.
    #[default]
    Nothing,
    States(Box<dyn AnyStates>),
    /// The last call has not ended, or ended with an error.
    Broken,
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
    /// [`Error::Stream`] if the streams do not belong together, or have more points than can be counted;
    /// [`Error::TooManyPoints`] if these are more than indices of the scalar type name. The stream stays as it is.
    pub fn merge(&self, later: &Stream) -> Result<(), Error> {
        // Not both at a time: they may be the same.
        let Some(later) = later.states()? else { return Ok(()) };
        self.lock(|kept| match kept {
            Kept::Nothing => {
                *kept = Kept::States(later);
                Ok(())
            }
            Kept::States(states) => states.merge(later),
            Kept::Broken => Err(Error::Stream { reason: BROKEN }),
        })
    }

    /// What is kept as bytes, for another process or machine, or to go on another day: [`from_bytes`](Self::from_bytes) makes
    /// a stream of them. They are the same on every processor: a header, then the accumulators of each row, least significant
    /// byte first, 4 or 8 bytes a number.
    ///
    /// # Errors
    /// [`Error::Stream`] if the last call with the stream was cancelled or has not ended.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        self.lock(|kept| match kept {
            Kept::Nothing => Ok(bytes::of_nothing()),
            Kept::States(states) => Ok(states.bytes()),
            Kept::Broken => Err(Error::Stream { reason: BROKEN }),
        })
    }

    /// The stream whose [`to_bytes`](Self::to_bytes) these are, of this version of the library. Whether it is that of the
    /// function it is passed to is checked by the call, as far as its accumulators tell.
    ///
    /// ```
    /// use keops::{Stream, keops};
    ///
    /// keops! {
    ///     fn sums(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { Sum_j(Exp(-SqDist(x_i, y_j))) }
    /// }
    ///
    /// // Two processes with a part of the points each:
    /// let part = |y: &[f32]| -> Result<Vec<u8>, keops::Error> {
    ///     let stream = Stream::new();
    ///     sums::with(&stream, &[0.0, 1.0], y)?;
    ///     stream.to_bytes()
    /// };
    /// let (first, later) = (part(&[0.0, 2.0])?, part(&[1.0])?);
    /// // One of them:
    /// let all = Stream::from_bytes(&first)?;
    /// all.merge(&Stream::from_bytes(&later)?)?;
    /// assert_eq!(all.points(), 3);
    /// # Ok::<(), keops::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::StreamBytes`] for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Stream, Error> {
        let kept = bytes::read(bytes)?.map_or(Kept::Nothing, Kept::States);
        Ok(Stream { kept: Mutex::new(kept) })
    }

    /// The numbers of rows and columns so far.
    pub(crate) fn size(&self) -> Option<(usize, usize)> {
        self.lock(|kept| match kept {
            Kept::States(states) => Some(states.size()),
            Kept::Nothing | Kept::Broken => None,
        })
    }

    /// What is kept, for a call that goes on with it and [`put`](Self::put)s it back; a new one if there is none. The call
    /// reckons with `before` columns.
    ///
    /// # Errors
    /// [`Error::Stream`] if it is that of another function, of other columns, or nowhere: it stays as it is.
    pub(crate) fn take<T: Real>(&self, new: States<T>, before: usize) -> Result<States<T>, Error> {
        self.lock(|kept| {
            let of_function = |states: &dyn Any| {
                states.downcast_ref().is_some_and(|states: &States<T>| states.is_like(&new))
            };
            match &*kept {
                Kept::Broken => return Err(Error::Stream { reason: BROKEN }),
                Kept::States(states) if !of_function(&**states) => {
                    return Err(Error::Stream { reason: OTHER });
                }
                Kept::States(states) if states.size().1 != before => {
                    return Err(Error::Stream { reason: CHANGED });
                }
                Kept::States(_) | Kept::Nothing => {}
            }
            let Kept::States(states) = std::mem::replace(kept, Kept::Broken) else { return Ok(new) };
            let states: Box<dyn Any> = states;
            match states.downcast::<States<T>>() {
                Ok(states) => Ok(states.in_lanes(new.lanes)),
                Err(_) => Ok(new),
            }
        })
    }

    /// Keeps what a call has reduced.
    pub(crate) fn put<T: Real>(&self, states: States<T>) {
        self.lock(|kept| *kept = Kept::States(Box::new(states)));
    }

    /// A copy of what is kept.
    fn states(&self) -> Result<Option<Box<dyn AnyStates>>, Error> {
        self.lock(|kept| match kept {
            Kept::Nothing => Ok(None),
            Kept::States(states) => Ok(Some(states.copy())),
            Kept::Broken => Err(Error::Stream { reason: BROKEN }),
        })
    }

    fn lock<R>(&self, then: impl FnOnce(&mut Kept) -> R) -> R {
        // Nothing panics while it is held; if something did, what is kept would be whole.
        then(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

const BROKEN: &str = "its last call was cancelled or has not ended, start a new one";
const CHANGED: &str = "another call or `merge` went on with it since this one began, call again";
const FULL: &str = "it would have more points than can be counted, start a new one";
const OTHER: &str = "it belongs to another function, scalar type or number of rows, start a new one";

/// The points of a stream and of what it goes on with.
///
/// # Errors
/// [`Error::Stream`] if they are more than bytes can be.
pub(crate) fn more_points(before: usize, more: usize) -> Result<usize, Error> {
    let points = before.checked_add(more).filter(|points| isize::try_from(*points).is_ok());
    points.ok_or(Error::Stream { reason: FULL })
}

impl Clone for Stream {
    fn clone(&self) -> Self {
        let kept = self.lock(|kept| match kept {
            Kept::Nothing => Kept::Nothing,
            Kept::States(states) => Kept::States(states.copy()),
            Kept::Broken => Kept::Broken,
        });
        Stream { kept: Mutex::new(kept) }
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("points", &self.points()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reduction::accumulator::{Accumulator, Extreme, Kind};

    fn states<T: Real>(rows: usize, columns: usize, number: T) -> States<T> {
        const SUM: &[Accumulator] = &[Accumulator { kind: Kind::Sum, dim: 1 }];
        States { accumulators: SUM.into(), lanes: 4, rows, columns, numbers: vec![number; 8] }
    }

    #[test]
    fn what_is_taken_is_put_back_or_broken() {
        let stream = Stream::new();
        let new = stream.take(states(4, 0, 0.0f32), 0).unwrap();
        assert_eq!(stream.take(states(4, 0, 0.0f32), 0).unwrap_err(), Error::Stream { reason: BROKEN });
        stream.put(States { columns: 5, ..new });
        assert_eq!((stream.points(), stream.size()), (5, Some((4, 5))));
        assert_eq!(stream.take(states(4, 0, 0.0f64), 5).unwrap_err(), Error::Stream { reason: OTHER });
        assert_eq!(stream.take(states(3, 0, 0.0f32), 5).unwrap_err(), Error::Stream { reason: OTHER });
        assert_eq!(stream.take(states(4, 0, 0.0f32), 5).unwrap().columns, 5);
    }

    /// Between what a call asks first and what it takes.
    #[test]
    fn a_stream_that_another_thread_went_on_with_is_not_taken() {
        let stream = Stream::new();
        stream.put(states(4, 5, 1.0f32));
        let (_, before) = stream.size().unwrap();
        stream.merge(&stream).unwrap();
        let error = stream.take(states(4, 0, 0.0f32), before).unwrap_err();
        assert_eq!(error, Error::Stream { reason: CHANGED });
        assert_eq!((stream.points(), stream.take(states(4, 0, 0.0f32), 10).unwrap().columns), (10, 10));
    }

    #[test]
    fn more_points_than_can_be_counted_are_an_error() {
        let stream = Stream::new();
        stream.put(states(4, 3, 1.0f64));
        let merged = (0..).find_map(|times| stream.merge(&stream).err().map(|error| (times, error)));
        assert_eq!(merged, Some((usize::BITS - 3, Error::Stream { reason: FULL })));
        assert_eq!(stream.points(), 3 << (usize::BITS - 3));
        let again = Stream::from_bytes(&stream.to_bytes().unwrap()).unwrap();
        assert_eq!(again.points(), stream.points());
    }

    /// Sums name no points: those of `f32` are of as many as those of `f64`.
    #[cfg(target_pointer_width = "64")]
    #[test]
    fn only_lists_number_their_points() {
        let columns = (1 << 32) - 2;
        let [sums, list] = [Stream::new(), Stream::new()];
        sums.put(states(4, columns, 1.0f32));
        let kind = Kind::List { extreme: Extreme::Min, count: 1 };
        list.put(States { columns, ..States::<f32>::new(vec![Accumulator { kind, dim: 1 }], 4, 4) });
        sums.merge(&sums).unwrap();
        let again = Stream::from_bytes(&sums.to_bytes().unwrap()).unwrap();
        assert_eq!(again.points(), 2 * columns);
        let wanted = Error::TooManyPoints { rows: 2 * columns, limit: (1 << 32) - 1, scalar: "f32" };
        assert_eq!((list.merge(&list), list.points()), (Err(wanted), columns));
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
        assert_eq!(first.take(states(4, 0, 0.0f64), 11).unwrap().numbers[..4], [3.0; 4]);
        assert_eq!(first.merge(&later), Err(Error::Stream { reason: BROKEN }));
        assert_eq!(later.merge(&other), Err(Error::Stream { reason: OTHER }));
        later.merge(&later).unwrap();
        assert_eq!(later.points(), 12, "with itself, and it is still there after an error");
        let copy = Stream::new();
        copy.merge(&later).unwrap();
        assert_eq!(copy.points(), 12);
    }
}
