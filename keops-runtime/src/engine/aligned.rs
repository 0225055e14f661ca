//! Numbers that begin where a line of the caches does.

use std::ops::{Deref, DerefMut};

/// Bytes of a line, and of the widest vector.
const LINE: usize = 64;

/// Numbers that lie where vectors of any width are loaded from one line of the caches: from two, they take twice as long, and
/// the allocator aligns by 16 bytes.
pub(super) struct Aligned<T> {
    /// With room to move the first to where a line begins.
    numbers: Vec<T>,
    first: usize,
    len: usize,
}

impl<T: Copy + Default> Aligned<T> {
    /// So many zeros.
    pub(super) fn zeros(len: usize) -> Self {
        if len == 0 {
            return Aligned { numbers: vec![], first: 0, len };
        }
        let numbers = vec![T::default(); len + LINE / size_of::<T>() - 1];
        // Only while constants are evaluated has an address no place in a line.
        let first = numbers.as_ptr().align_offset(LINE).min(numbers.len() - len);
        Aligned { numbers, first, len }
    }
}

impl<T> Deref for Aligned<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.numbers[self.first..][..self.len]
    }
}

impl<T> DerefMut for Aligned<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.numbers[self.first..][..self.len]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begins_a_line<T: Copy + Default + PartialEq>() {
        assert_eq!(Aligned::<T>::zeros(0).len(), 0);
        for len in [1, 15, 16, 1000] {
            let mut numbers = Aligned::<T>::zeros(len);
            assert_eq!((numbers.len(), numbers.as_ptr().addr() % LINE), (len, 0));
            assert!(numbers.iter_mut().all(|x| *x == T::default()));
        }
    }

    #[test]
    fn numbers_begin_a_line() {
        begins_a_line::<f32>();
        begins_a_line::<f64>();
    }
}
