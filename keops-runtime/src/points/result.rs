//! The memory of results.

use crate::error::Error;
use crate::memory::Element;

/// M rows of D zeros: a result of dimension D ≥ 2, written through
/// [`as_flattened_mut`](slice::as_flattened_mut) so that nothing is copied afterwards.
///
/// ```
/// let mut result = keops::points::rows::<f32, 3>(2)?;
/// result.as_flattened_mut()[3..].copy_from_slice(&[1.0, 2.0, 3.0]);
/// assert_eq!(result, [[0.0, 0.0, 0.0], [1.0, 2.0, 3.0]]);
/// # Ok::<(), keops::Error>(())
/// ```
///
/// # Errors
/// [`Error::TooLarge`] if the size in bytes is no address, [`Error::OutOfMemory`] if there is none left.
pub fn rows<T: Element, const D: usize>(rows: usize) -> Result<Vec<[T; D]>, Error> {
    zeros([T::default(); D], rows, D)
}

/// M zeros: a result of dimension 1.
///
/// # Errors
/// As [`rows`].
pub fn column<T: Element>(rows: usize) -> Result<Vec<T>, Error> {
    zeros(T::default(), rows, 1)
}

fn zeros<R: Copy>(zero: R, rows: usize, dim: usize) -> Result<Vec<R>, Error> {
    let mut result = Vec::new();
    fill(&mut result, zero, rows, dim)?;
    Ok(result)
}

/// Makes an empty vector one of `rows` zeros.
pub(super) fn fill<R: Copy>(result: &mut Vec<R>, zero: R, rows: usize, dim: usize) -> Result<(), Error> {
    // No allocation exceeds isize::MAX bytes.
    let bytes = rows
        .checked_mul(size_of::<R>())
        .filter(|bytes| isize::try_from(*bytes).is_ok())
        .ok_or(Error::TooLarge { rows, dim })?;
    result.try_reserve_exact(rows).map_err(|_| Error::OutOfMemory { bytes })?;
    result.resize(rows, zero);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_start_as_zeros() {
        assert_eq!(rows::<f64, 2>(3).unwrap(), [[0.0; 2]; 3]);
        assert_eq!(column::<usize>(3).unwrap(), [0; 3]);
        assert!(rows::<f32, 4>(0).unwrap().is_empty());
    }

    #[test]
    fn sizes_beyond_the_address_space_are_errors() {
        let many = usize::MAX / 4;
        assert_eq!(rows::<f64, 3>(many), Err(Error::TooLarge { rows: many, dim: 3 }));
        // The product is a usize, but more than an allocation may hold.
        assert_eq!(column::<f32>(many), Err(Error::TooLarge { rows: many, dim: 1 }));
    }

    #[cfg(target_pointer_width = "64")]
    #[test]
    fn a_refused_allocation_is_an_error() {
        // 2⁶² bytes: an address, but of no machine.
        let rows = 1 << 60;
        assert_eq!(column::<f32>(rows), Err(Error::OutOfMemory { bytes: 1 << 62 }));
    }
}
