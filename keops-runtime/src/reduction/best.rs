//! Min, Max, their arguments, and the K smallest or largest: sorted lists in lanes, kept by branch-free insertion.
//!
//! A candidate must be strictly better to pass an entry, so of equal candidates the first column wins, and NaN never
//! enters. Where columns do not come in their own order, the lower index wins. Entries that nothing has taken are ±∞ with the index [`none`].

use crate::real::Real;
use crate::simd::{Rows, Simd, Single, Vector};

/// The order in which candidates compete.
pub trait Order: Copy {
    /// `a` is strictly better than `b` (false if either is NaN).
    fn better<V: Vector>(a: V, b: V) -> V::Mask;
    /// `a` is better than `b` or equal (false if either is NaN).
    fn as_good<V: Vector>(a: V, b: V) -> V::Mask;
    /// The better of a candidate and the best so far, NaN candidates skipped.
    fn best<V: Vector>(candidate: V, best: V) -> V;
}

/// The smallest first.
#[derive(Clone, Copy, Debug)]
pub struct Smallest;

/// The largest first.
#[derive(Clone, Copy, Debug)]
pub struct Largest;

impl Order for Smallest {
    #[inline(always)]
    fn better<V: Vector>(a: V, b: V) -> V::Mask {
        a.lt(b)
    }
    #[inline(always)]
    fn as_good<V: Vector>(a: V, b: V) -> V::Mask {
        a.le(b)
    }
    #[inline(always)]
    fn best<V: Vector>(candidate: V, best: V) -> V {
        candidate.min(best)
    }
}

impl Order for Largest {
    #[inline(always)]
    fn better<V: Vector>(a: V, b: V) -> V::Mask {
        b.lt(a)
    }
    #[inline(always)]
    fn as_good<V: Vector>(a: V, b: V) -> V::Mask {
        b.le(a)
    }
    #[inline(always)]
    fn best<V: Vector>(candidate: V, best: V) -> V {
        candidate.max(best)
    }
}

/// The index of an entry that nothing has taken: no column has it, and it is no number, also where an index has fewer bits
/// than a scalar.
pub fn none<T: Real>() -> T {
    T::from_bits(u64::MAX)
}

/// The best values so far, without indices. State: one number per coordinate.
pub mod value {
    use super::{Order, Rows};

    /// Takes the best of later columns.
    #[inline(always)]
    pub fn merge<P: Rows, O: Order>(token: P::Token, state: &mut [P::Elem], later: &[P::Elem]) {
        O::best(P::load(token, later), P::load(token, state)).store(state);
    }
}

/// The K best values with their indices, best first. State: K values, then K indices (as bit patterns).
#[derive(Clone, Copy)]
pub struct List<P, const K: usize> {
    values: [P; K],
    indices: [P; K],
}

impl<P: Rows, const K: usize> List<P, K> {
    /// From a state.
    #[inline(always)]
    pub fn load(token: P::Token, state: &[P::Elem], stride: usize) -> Self {
        let mut list = List { values: [P::load(token, state); K], indices: [P::load(token, state); K] };
        let mut k = 0;
        while k < K {
            list.values[k] = P::load(token, &state[k * stride..]);
            list.indices[k] = P::load(token, &state[(K + k) * stride..]);
            k += 1;
        }
        list
    }

    /// To a state.
    #[inline(always)]
    pub fn store(&self, state: &mut [P::Elem], stride: usize) {
        let mut k = 0;
        while k < K {
            self.values[k].store(&mut state[k * stride..]);
            self.indices[k].store(&mut state[(K + k) * stride..]);
            k += 1;
        }
    }

    /// Takes in a candidate per lane, of columns in ascending order.
    #[inline(always)]
    pub fn insert<O: Order>(&mut self, value: P, index: P) {
        if K == 1 {
            let better = O::better(value, self.values[0]);
            self.values[0] = O::best(value, self.values[0]);
            self.indices[0] = P::select(better, index, self.indices[0]);
            return;
        }
        let enters = O::better(value, self.values[K - 1]);
        if P::any(enters) {
            P::Token::apart(
                #[inline(always)]
                || {
                    self.take_in(
                        value,
                        index,
                        #[inline(always)]
                        |list, k| O::better(value, list.values[k]),
                    )
                },
            );
        }
    }

    /// Takes in a candidate per lane, of columns in any order: of equal candidates the lower index wins.
    ///
    /// Made for columns that come from near to far, of which few enter, so there is a branch for K = 1 too.
    #[inline(always)]
    pub fn insert_unordered<O: Order>(&mut self, value: P, index: P) {
        if P::any(O::as_good(value, self.values[K - 1])) {
            P::Token::apart(
                #[inline(always)]
                || {
                    self.take_in(
                        value,
                        index,
                        #[inline(always)]
                        |list, k| {
                            // Bits compare like the integers they are, as long as they are no NaN: that of a free entry
                            // is one, and nothing as good as it passes it.
                            let first = P::mask_and(value.eq(list.values[k]), index.lt(list.indices[k]));
                            P::mask_or(O::better(value, list.values[k]), first)
                        },
                    )
                },
            );
        }
    }

    /// Takes in a candidate, given which entries it passes: with one all that follow.
    #[inline(always)]
    fn take_in(&mut self, value: P, index: P, passes: impl Fn(&Self, usize) -> P::Mask) {
        // From the end: an entry that the candidate passes takes its neighbour's, or the candidate itself.
        let mut k = K - 1;
        let mut passes_this = passes(self, k);
        while k > 0 {
            let passes_next = passes(self, k - 1);
            let moved = P::select(passes_next, self.values[k - 1], value);
            let moved_index = P::select(passes_next, self.indices[k - 1], index);
            self.values[k] = P::select(passes_this, moved, self.values[k]);
            self.indices[k] = P::select(passes_this, moved_index, self.indices[k]);
            passes_this = passes_next;
            k -= 1;
        }
        self.values[0] = P::select(passes_this, value, self.values[0]);
        self.indices[0] = P::select(passes_this, index, self.indices[0]);
    }

    /// Entry k: its value and its index.
    #[inline(always)]
    pub fn entry(&self, k: usize) -> (P, P) {
        (self.values[k], self.indices[k])
    }
}

/// Takes the list of later columns into that of earlier ones: their states, for any K.
#[inline(always)]
pub fn merge<P: Rows, O: Order>(
    token: P::Token,
    count: usize,
    state: &mut [P::Elem],
    later: &[P::Elem],
    stride: usize,
) {
    let value_at = |k: usize| k * stride;
    let index_at = |k: usize| (count + k) * stride;
    for taken in 0..count {
        let mut value = P::load(token, &later[value_at(taken)..]);
        let mut index = P::load(token, &later[index_at(taken)..]);
        let last = P::load(token, &state[value_at(count - 1)..]);
        if !P::any(O::better(value, last)) {
            // Nor is any that follows, which are no better.
            break;
        }
        // In no lane at first. An entry that was passed moves on and passes all after it, equal ones too, which are of
        // later columns.
        let mut passed = value.lt(value);
        for k in 0..count {
            let (own, own_index) =
                (P::load(token, &state[value_at(k)..]), P::load(token, &state[index_at(k)..]));
            passed = P::mask_or(passed, O::better(value, own));
            P::select(passed, value, own).store(&mut state[value_at(k)..]);
            P::select(passed, index, own_index).store(&mut state[index_at(k)..]);
            value = P::select(passed, own, value);
            index = P::select(passed, own_index, index);
        }
    }
}

/// Takes the list of other columns into one of a single row, for any K: of equal candidates the lower index wins.
pub fn take<T: Real, O: Order>(count: usize, state: &mut [T], other: &[T], stride: usize) {
    type One<T> = <T as Real>::Vector<Single>;
    let one = |x: T| One::<T>::splat(Single, x);
    for taken in 0..count {
        let (value, index) = (other[taken * stride], other[(count + taken) * stride]);
        let passes = |k: usize| {
            let (own, own_index) = (state[k * stride], state[(count + k) * stride]);
            One::<T>::any(O::better(one(value), one(own)))
                || (value == own && index.to_index() < own_index.to_index())
        };
        let Some(place) = (0..count).find(|k| passes(*k)) else {
            // Nor does any that follows, which are no better.
            break;
        };
        for k in (place + 1..count).rev() {
            state[k * stride] = state[(k - 1) * stride];
            state[(count + k) * stride] = state[(count + k - 1) * stride];
        }
        state[place * stride] = value;
        state[(count + place) * stride] = index;
    }
}
