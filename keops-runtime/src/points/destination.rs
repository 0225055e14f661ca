//! Results in memory of the caller.

use std::fmt;

use super::result::fill;
use crate::error::Error;
use crate::memory::{Element, Host, Memory, NewResult};

/// Memory of the caller for M rows of D numbers of type E, in memory M: where `f::into` writes a result declared `Vi<D>` or
/// `Vj<D>`.
///
/// On the host these are, for E `f32`, `f64` or (indices) `usize`:
///
/// | type | rows |
/// |---|---|
/// | `&mut [[E; D]]`, `&mut Vec<[E; D]>`, `&mut [[E; D]; n]` | one array each |
/// | `&mut [E]`, `&mut Vec<E>`, `&mut [E; n]` | D numbers each, row after row |
///
/// There have to be as many rows as the result has, also in a vector: it is not made longer. With features, [arrays of
/// other libraries](crate#arrays-of-other-libraries) are destinations too, and memory of CUDA devices: see the module `cuda`.
///
/// ```
/// use keops::{Error, keops};
///
/// keops! {
///     /// The two y nearest to each x, and their squared distances.
///     pub fn nearest(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<2>, Vi<2, usize>) { KMin_ArgKMin_j(SqDist(x_i, y_j), 2) }
/// }
///
/// let (x, y) = ([[0.0f32, 0.0, 0.0]], [[1.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 3.0, 0.0]]);
/// let (mut distances, mut indices) = (vec![[0.0; 2]; 1], [0; 2]);
/// nearest::into((&mut distances, &mut indices), &x, &y)?;
/// assert_eq!((distances, indices), (vec![[0.0, 1.0]], [1, 0]));
///
/// let error = nearest::into((&mut [[0.0; 2]; 5], &mut indices), &x, &y).unwrap_err();
/// assert_eq!(error, Error::ResultLen { result: "result.0", len: 10, wanted: 2 });
/// # Ok::<(), Error>(())
/// ```
///
/// Rows with another number of coordinates do not compile:
///
/// ```compile_fail,E0277
/// # fn into<M: keops::Memory>(_: impl keops::Destination<3, f32, M>) {}
/// into(&mut vec![[0.0f32, 1.0]; 5]);
/// ```
//
// The implementations are concrete in E for the reason given at `Points`.
#[diagnostic::on_unimplemented(
    message = "expected memory for a result with {D} coordinate(s), `[{E}; {D}]`, found `{Self}`",
    label = "expected memory for rows `[{E}; {D}]`",
    note = "a result goes to `&mut [[{E}; {D}]]` or `&mut Vec<[{E}; {D}]>`, or flat, row after row, to `&mut [{E}]` or \
            `&mut Vec<{E}>`; several results are a tuple of them, indices are `usize`",
    note = "results lie in the same memory as the arguments and hold the same type of number, `f32` or `f64`"
)]
pub trait Destination<const D: usize, E: Element, M: Memory> {
    /// Lends the memory. `result` is the name that an error gives.
    ///
    /// # Errors
    /// For arrays that are known when the program runs only: what about their shape or layout is not that of rows of D.
    fn slot(&mut self, result: &'static str) -> Result<M::Slot<'_, E>, Error>;
}

/// Implements [`Destination`] for one type of numbers: each line is a type and its numbers. Kept out of rustc's list of
/// alternatives like those of [`Points`](super::Points).
macro_rules! host_destination {
    ($element:ty: $({$($length:tt)*} $rows:ty, $numbers:ident;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl<const D: usize, $($length)*> Destination<D, $element, Host> for &mut $rows {
            fn slot(&mut self, result: &'static str) -> Result<Slot<'_, $element>, Error> {
                Ok(Slot::given(result, self.$numbers(), D))
            }
        }
    )*};
    ($($element:ty),*) => {$(
        host_destination! { $element:
            {} [[$element; D]], as_flattened_mut;
            {} Vec<[$element; D]>, as_flattened_mut;
            {const N: usize} [[$element; D]; N], as_flattened_mut;
            {} [$element], as_mut;
            {} Vec<$element>, as_mut_slice;
            {const N: usize} [$element; N], as_mut_slice;
        }
    )*};
}

host_destination!(f32, f64, usize);

/// Memory for a result: the caller's, or a vector that the call allocates.
pub struct Slot<'a, E: Element>(Place<'a, E>);

enum Place<'a, E: Element> {
    Given { result: &'static str, numbers: &'a mut [E], dim: usize },
    New(&'a mut dyn Grow<E>),
}

impl<'a, E: Element> Slot<'a, E> {
    /// Rows of `dim` numbers that are there already. `result` is the name that an error gives.
    pub fn given(result: &'static str, numbers: &'a mut [E], dim: usize) -> Slot<'a, E> {
        Slot(Place::Given { result, numbers, dim })
    }

    /// D, the numbers of a row.
    #[cfg(feature = "cuda")]
    pub(crate) fn dim(&self) -> usize {
        match &self.0 {
            Place::New(vector) => vector.dim(),
            Place::Given { dim, .. } => *dim,
        }
    }

    /// Sees that there are so many rows.
    ///
    /// # Errors
    /// [`Error::ResultLen`] for memory of the caller; [`Error::TooLarge`], [`Error::OutOfMemory`] for a vector.
    pub(crate) fn prepare(&mut self, rows: usize) -> Result<(), Error> {
        match &mut self.0 {
            Place::New(vector) => vector.grow(rows),
            Place::Given { result, numbers, dim } => expect_len(result, numbers.len(), rows, *dim),
        }
    }

    /// The numbers, all of them zeros.
    pub(crate) fn zeros(&mut self) -> &mut [E] {
        match &mut self.0 {
            // New memory is zeros.
            Place::New(vector) => vector.numbers(),
            Place::Given { numbers, .. } => {
                numbers.fill(E::default());
                numbers
            }
        }
    }
}

impl<E: Element> fmt::Debug for Slot<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.0 {
            Place::New(_) => "New",
            Place::Given { result, .. } => result,
        })
    }
}

/// Checks that there is memory for exactly `rows` · `dim` numbers.
///
/// # Errors
/// [`Error::ResultLen`], [`Error::TooLarge`].
pub(crate) fn expect_len(result: &'static str, len: usize, rows: usize, dim: usize) -> Result<(), Error> {
    let wanted = rows.checked_mul(dim).ok_or(Error::TooLarge { rows, dim })?;
    if len == wanted { Ok(()) } else { Err(Error::ResultLen { result, len, wanted }) }
}

/// Vectors of any dimension.
trait Grow<E> {
    #[cfg(feature = "cuda")]
    fn dim(&self) -> usize;
    /// Makes it so many rows of zeros.
    fn grow(&mut self, rows: usize) -> Result<(), Error>;
    fn numbers(&mut self) -> &mut [E];
}

impl<E: Element, const D: usize> Grow<E> for Vec<[E; D]> {
    #[cfg(feature = "cuda")]
    fn dim(&self) -> usize {
        D
    }

    fn grow(&mut self, count: usize) -> Result<(), Error> {
        fill(self, [E::default(); D], count, D)
    }

    fn numbers(&mut self) -> &mut [E] {
        self.as_flattened_mut()
    }
}

impl<E: Element> Grow<E> for Vec<E> {
    #[cfg(feature = "cuda")]
    fn dim(&self) -> usize {
        1
    }

    fn grow(&mut self, count: usize) -> Result<(), Error> {
        fill(self, E::default(), count, 1)
    }

    fn numbers(&mut self) -> &mut [E] {
        self
    }
}

/// A new result whose dimension is known when the program runs, its rows one after another.
#[derive(Debug)]
pub struct FlatRows<E> {
    numbers: Vec<E>,
    dim: usize,
}

impl<E: Element> FlatRows<E> {
    /// Empty, of rows of `dim` numbers.
    pub const fn new(dim: usize) -> Self {
        FlatRows { numbers: Vec::new(), dim }
    }

    /// The numbers, row after row.
    pub fn into_numbers(self) -> Vec<E> {
        self.numbers
    }
}

impl<E: Element> Grow<E> for FlatRows<E> {
    #[cfg(feature = "cuda")]
    fn dim(&self) -> usize {
        self.dim
    }

    fn grow(&mut self, count: usize) -> Result<(), Error> {
        // More numbers than can be counted are more than an allocation may hold.
        let numbers = count.saturating_mul(self.dim);
        fill(&mut self.numbers, E::default(), numbers, 1).map_err(|error| match error {
            Error::TooLarge { .. } => Error::TooLarge { rows: count, dim: self.dim },
            other => other,
        })
    }

    fn numbers(&mut self) -> &mut [E] {
        &mut self.numbers
    }
}

impl<E: Element, const D: usize> NewResult<E, Host> for Vec<[E; D]> {
    fn slot(&mut self) -> Slot<'_, E> {
        Slot(Place::New(self))
    }
}

impl<E: Element> NewResult<E, Host> for FlatRows<E> {
    fn slot(&mut self) -> Slot<'_, E> {
        Slot(Place::New(self))
    }
}

impl<E: Element> NewResult<E, Host> for Vec<E> {
    fn slot(&mut self) -> Slot<'_, E> {
        Slot(Place::New(self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes 1, 2, 3, … to memory for three rows of dimension 2.
    fn number<E: Element>(mut to: impl Destination<2, E, Host>, number: impl Fn(u8) -> E) {
        let mut slot = to.slot("result").expect("memory");
        slot.prepare(3).expect("three rows");
        let numbers = slot.zeros();
        assert_eq!(numbers.len(), 6);
        for (place, n) in numbers.iter_mut().zip(1..) {
            *place = number(n);
        }
    }

    #[test]
    fn every_spelling_is_the_same_memory() {
        let (mut array, mut vector) = ([[9.0f32; 2]; 3], vec![[9.0f32; 2]; 3]);
        number(&mut array, f32::from);
        number(&mut vector, f32::from);
        assert_eq!(array, [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
        assert_eq!(vector, array);
        let (mut array, mut vector) = ([9.0f64; 6], vec![9.0f64; 6]);
        number(&mut array, f64::from);
        number(&mut vector, f64::from);
        assert_eq!(array, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(vector, array);
        let mut rows = [[0usize; 2]; 4];
        number(&mut rows[1..], usize::from);
        assert_eq!(rows, [[0, 0], [1, 2], [3, 4], [5, 6]]);
        let mut flat = [0usize; 8];
        number(&mut flat[..6], usize::from);
        assert_eq!(flat, [1, 2, 3, 4, 5, 6, 0, 0]);
    }

    #[test]
    fn another_number_of_rows_is_an_error() {
        for len in [0, 4, 5, 8] {
            let mut numbers = vec![7.0f32; len];
            let mut to = &mut numbers;
            let mut slot = Destination::<2, f32, Host>::slot(&mut to, "result").expect("memory");
            assert_eq!(slot.prepare(3), Err(Error::ResultLen { result: "result", len, wanted: 6 }));
            assert_eq!(numbers, vec![7.0; len], "nothing is written");
        }
        let mut numbers = [0.0f32; 4];
        let mut slot = Slot::given("result", &mut numbers, 4);
        assert_eq!(slot.prepare(usize::MAX / 2), Err(Error::TooLarge { rows: usize::MAX / 2, dim: 4 }));
    }

    #[test]
    fn a_new_result_beyond_the_address_space_is_told_by_its_rows() {
        for rows in [usize::MAX / 4, usize::MAX / 8] {
            let mut flat = FlatRows::<f64>::new(5);
            assert_eq!(flat.slot().prepare(rows), Err(Error::TooLarge { rows, dim: 5 }));
        }
    }
}
