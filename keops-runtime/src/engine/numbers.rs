//! The numbers of points as values, for formulas that read them.

use crate::error::Error;
use crate::points::column;
use crate::real::Real;

/// Fills the lanes of a coordinate with the numbers of points from `first` on, rounded where the scalar has no room for
/// them.
#[inline(never)]
pub fn number_points<T: Real>(first: usize, lanes: usize, bank: &mut [T]) {
    for (lane, number) in bank[..lanes].iter_mut().enumerate() {
        *number = T::from_f64((first + lane) as f64);
    }
}

/// The numbers of `count` points, for a map-reduce that reorders them.
///
/// # Errors
/// [`Error::OutOfMemory`] if there is no room for them.
pub fn point_numbers<T: Real>(count: usize) -> Result<Vec<T>, Error> {
    let mut numbers = column(count)?;
    number_points(0, count, &mut numbers);
    Ok(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_go_on_from_the_first_and_are_exact_up_to_two_to_the_24() {
        let mut bank = [-1.0f32; 5];
        number_points((1 << 24) - 2, 4, &mut bank);
        // 2²⁴ + 1 lies between two floats, and goes to the even one.
        assert_eq!(bank, [16_777_214.0, 16_777_215.0, 16_777_216.0, 16_777_216.0, -1.0]);
        assert_eq!(point_numbers::<f64>(3), Ok(vec![0.0, 1.0, 2.0]));
    }
}
