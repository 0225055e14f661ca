//! Several vectors worked on together: twice the rows, or several columns.
//!
//! The operations of one vector wait for each other; those of two or four side by side fill the time. The parts are
//! fields rather than arrays: there is no loop that the optimiser would have to unroll.

use super::vector::{LanesInMemory, Rows, Vector};

/// Twice the lanes: the lanes of the first part, then those of the second.
#[derive(Clone, Copy, Debug)]
pub struct Twice<V>(V, V);

/// Two columns side by side, or two blocks of them: every lane is a row, every part a column.
#[derive(Clone, Copy, Debug)]
pub struct Columns2<P>(P, P);

/// Four columns side by side.
pub type Columns4<V> = Columns2<Columns2<V>>;

/// Eight columns side by side.
pub type Columns8<V> = Columns2<Columns4<V>>;

/// Methods that do to both parts what they are named after.
macro_rules! both {
    ($pair:ident: $($method:ident($($b:ident),*);)+) => {$(
        #[inline(always)]
        fn $method(self $(, $b: Self)*) -> Self {
            $pair(self.0.$method($($b.0),*), self.1.$method($($b.1),*))
        }
    )+};
}

/// The same for comparisons.
macro_rules! both_compare {
    ($($method:ident)+) => {$(
        #[inline(always)]
        fn $method(self, b: Self) -> Self::Mask {
            (self.0.$method(b.0), self.1.$method(b.1))
        }
    )+};
}

macro_rules! impl_vector {
    ($pair:ident) => {
        impl<V: Vector> Vector for $pair<V> {
            type Elem = V::Elem;
            type Token = V::Token;
            type Mask = (V::Mask, V::Mask);
            const LOOKS_UP: bool = V::LOOKS_UP;
            const SCALES: bool = V::SCALES;

            #[inline(always)]
            fn splat(token: Self::Token, x: Self::Elem) -> Self {
                let part = V::splat(token, x);
                $pair(part, part)
            }
            #[inline(always)]
            fn set(self, x: Self::Elem) -> Self {
                let part = self.0.set(x);
                $pair(part, part)
            }
            #[inline(always)]
            fn set_bits(self, bits: u64) -> Self {
                let part = self.0.set_bits(bits);
                $pair(part, part)
            }

            both! {
                $pair:
                add(b); sub(b); mul(b); div(b); mul_add(b, c); neg_mul_add(b, c); add_squared_difference(b, c);
                neg(); abs(); sqrt(); min(b); max(b); floor(); round_even(); trunc();
                bit_and(b); bit_or(b); bit_xor(b); int_add(b); int_sub(b);
            }
            both_compare! { lt not_lt le eq ne }

            #[inline(always)]
            fn mask_and(a: Self::Mask, b: Self::Mask) -> Self::Mask {
                (V::mask_and(a.0, b.0), V::mask_and(a.1, b.1))
            }
            #[inline(always)]
            fn mask_or(a: Self::Mask, b: Self::Mask) -> Self::Mask {
                (V::mask_or(a.0, b.0), V::mask_or(a.1, b.1))
            }
            #[inline(always)]
            fn mask_not(a: Self::Mask) -> Self::Mask {
                (V::mask_not(a.0), V::mask_not(a.1))
            }
            #[inline(always)]
            fn any(mask: Self::Mask) -> bool {
                // One test, and so one branch, for both.
                V::any(V::mask_or(mask.0, mask.1))
            }
            #[inline(always)]
            fn select(mask: Self::Mask, a: Self, b: Self) -> Self {
                $pair(V::select(mask.0, a.0, b.0), V::select(mask.1, a.1, b.1))
            }
            #[inline(always)]
            fn keep(self, mask: Self::Mask) -> Self {
                $pair(self.0.keep(mask.0), self.1.keep(mask.1))
            }
            #[inline(always)]
            fn shift_left<const N: i32>(self) -> Self {
                $pair(self.0.shift_left::<N>(), self.1.shift_left::<N>())
            }
            #[inline(always)]
            fn shift_right<const N: i32>(self) -> Self {
                $pair(self.0.shift_right::<N>(), self.1.shift_right::<N>())
            }
            #[inline(always)]
            fn lookup(self, table: &'static [V::Elem]) -> Self {
                $pair(self.0.lookup(table), self.1.lookup(table))
            }
            #[inline(always)]
            fn scale(self, n: Self) -> Self {
                $pair(self.0.scale(n.0), self.1.scale(n.1))
            }
            #[inline(always)]
            fn add_down(self, b: Self) -> Self {
                $pair(self.0.add_down(b.0), self.1.add_down(b.1))
            }
            #[inline(always)]
            fn above_step(self) -> Self {
                $pair(self.0.above_step(), self.1.above_step())
            }
            #[inline(always)]
            fn by_a_call(self, work: LanesInMemory<V::Elem>) -> [Self; 3] {
                let [a, b, c] = self.0.by_a_call(work);
                let [d, e, f] = self.1.by_a_call(work);
                [$pair(a, d), $pair(b, e), $pair(c, f)]
            }
        }
    };
}

impl_vector!(Twice);
impl_vector!(Columns2);

impl<V: Rows> Rows for Twice<V> {
    const LANES: usize = 2 * V::LANES;

    #[inline(always)]
    fn load(token: Self::Token, from: &[Self::Elem]) -> Self {
        let (first, second) = from[..Self::LANES].split_at(V::LANES);
        Twice(V::load(token, first), V::load(token, second))
    }
    #[inline(always)]
    fn store(self, to: &mut [Self::Elem]) {
        let (first, second) = to[..Self::LANES].split_at_mut(V::LANES);
        self.0.store(first);
        self.1.store(second);
    }
    #[inline(always)]
    fn exchange<const BY: usize>(self, b: Self) -> (Self, Self) {
        if BY == V::LANES {
            return (Twice(self.0, b.0), Twice(self.1, b.1));
        }
        let (a0, b0) = self.0.exchange::<BY>(b.0);
        let (a1, b1) = self.1.exchange::<BY>(b.1);
        (Twice(a0, a1), Twice(b0, b1))
    }
}

/// A block of pairs (i, j): a vector of rows i for each of a few consecutive columns j. A vector of rows is a block of one
/// column.
///
/// What the formula reads from row i is the same for all columns, what it reads from j the same for all rows; each is
/// loaded once and used for the whole block.
pub trait Pair: Vector {
    /// One column of the block.
    type Row: Rows<Elem = Self::Elem, Token = Self::Token>;
    /// Columns.
    const COLUMNS: usize;

    /// A value of the rows: the same in every column.
    fn from_row(row: Self::Row) -> Self;
    /// A value of the columns from `first` on: `value(first + c)` in every row of column c.
    ///
    /// Where the argument is a closure, write `#[inline(always)]` before it.
    fn from_columns(token: Self::Token, first: usize, value: impl Fn(usize) -> Self::Elem + Copy) -> Self;
    /// The column with the given number.
    ///
    /// # Panics
    /// If there is none; no test remains where the number is a constant.
    fn column(self, number: usize) -> Self::Row;
    /// Writes the columns to the first `COLUMNS` places of the slice.
    ///
    /// # Panics
    /// If the slice is shorter.
    fn spread(self, to: &mut [Self::Row]);
}

impl<V: Rows> Pair for V {
    type Row = V;
    const COLUMNS: usize = 1;

    #[inline(always)]
    fn from_row(row: V) -> V {
        row
    }
    #[inline(always)]
    fn from_columns(token: V::Token, first: usize, value: impl Fn(usize) -> V::Elem + Copy) -> V {
        V::splat(token, value(first))
    }
    #[inline(always)]
    fn column(self, number: usize) -> V {
        assert!(number == 0, "a column of the block");
        self
    }
    #[inline(always)]
    fn spread(self, to: &mut [V]) {
        to[0] = self;
    }
}

impl<P: Pair> Pair for Columns2<P> {
    type Row = P::Row;
    const COLUMNS: usize = 2 * P::COLUMNS;

    #[inline(always)]
    fn from_row(row: P::Row) -> Self {
        let part = P::from_row(row);
        Columns2(part, part)
    }
    #[inline(always)]
    fn from_columns(token: Self::Token, first: usize, value: impl Fn(usize) -> Self::Elem + Copy) -> Self {
        Columns2(P::from_columns(token, first, value), P::from_columns(token, first + P::COLUMNS, value))
    }
    #[inline(always)]
    fn column(self, number: usize) -> P::Row {
        if number < P::COLUMNS { self.0.column(number) } else { self.1.column(number - P::COLUMNS) }
    }
    #[inline(always)]
    fn spread(self, to: &mut [P::Row]) {
        let (first, second) = to[..Self::COLUMNS].split_at_mut(P::COLUMNS);
        self.0.spread(first);
        self.1.spread(second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::{Portable, Simd, Single};

    type Numbers = <Portable as Simd>::F64;
    type Block = Columns4<Twice<Numbers>>;

    #[test]
    fn twice_the_lanes_in_order() {
        let numbers: Vec<f64> = (0..9).map(f64::from).collect();
        let mut out = [-1.0; 9];
        Twice::<Twice<Numbers>>::load(Portable, &numbers).store(&mut out);
        assert_eq!(Twice::<Twice<Numbers>>::LANES, 8);
        assert_eq!(out, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, -1.0]);
    }

    #[test]
    fn a_block_pairs_each_row_with_each_column() {
        let rows = Twice::load(Portable, &[0.0, 1.0, 2.0, 3.0]);
        let y = [100.0, 200.0, 300.0, 400.0, 500.0, 600.0];
        let pairs = Block::from_row(rows).add(Block::from_columns(Portable, 2, |j| y[j]));
        let mut columns = [rows; Block::COLUMNS];
        pairs.spread(&mut columns);
        for (c, column) in columns.into_iter().enumerate() {
            for column in [column, pairs.column(c)] {
                let mut out = [0.0; 4];
                column.store(&mut out);
                assert_eq!(out, [0.0, 1.0, 2.0, 3.0].map(|x| x + y[2 + c]), "column {c}");
            }
        }
    }

    #[test]
    fn a_squared_difference_is_added_in_every_pair() {
        let rows = Twice::load(Portable, &[0.0, 1.0, 2.0, 3.0]);
        let y = [10.0, 20.0, 30.0, 40.0];
        let sums = Block::from_columns(Portable, 0, |j| 1000.0 * y[j]);
        let pairs =
            Block::from_row(rows).add_squared_difference(Block::from_columns(Portable, 0, |j| y[j]), sums);
        for (c, y) in y.into_iter().enumerate() {
            let mut out = [0.0; 4];
            pairs.column(c).store(&mut out);
            assert_eq!(out, [0.0, 1.0, 2.0, 3.0].map(|x: f64| 1000.0 * y + (x - y).powi(2)), "column {c}");
        }
    }

    #[test]
    fn a_vector_is_a_block_of_one_column() {
        type One = <Single as Simd>::F32;
        let y = One::from_columns(Single, 3, |j| j as f32);
        assert_eq!(<One as Pair>::COLUMNS, 1);
        assert_eq!(One::from_row(y).column(0).value(), 3.0);
        let mut out = [One::splat(Single, 0.0)];
        y.spread(&mut out);
        assert_eq!(out[0].value(), 3.0);
    }

    #[test]
    #[should_panic(expected = "a column of the block")]
    fn there_is_no_fifth_of_four_columns() {
        Block::splat(Portable, 0.0).column(4);
    }

    #[test]
    #[should_panic(expected = "out of range")]
    fn a_slice_shorter_than_the_rows_is_not_read() {
        Twice::<Numbers>::load(Portable, &[0.0; 3]);
    }
}
