//! The registers of a warp: one value for each of 32 lanes.
//!
//! A lane is one thread of the warp. An instruction runs on all lanes at once, under a mask of those that take part.

/// Threads of a warp.
pub(crate) const LANES: usize = 32;

/// One bit for each lane.
pub(crate) type Mask = u32;

/// All lanes.
pub(crate) const ALL: Mask = Mask::MAX;

/// One value for each lane.
pub(crate) type Lanes<T> = [T; LANES];

/// The lanes of a mask, in order.
pub(crate) fn lanes(mask: Mask) -> impl Iterator<Item = usize> {
    let mut rest = mask;
    std::iter::from_fn(move || {
        let lane = rest.trailing_zeros();
        rest &= rest.wrapping_sub(1);
        (lane < 32).then_some(lane as usize)
    })
}

/// The place of a register among those of its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Slot(pub(crate) u32);

/// The registers of a warp by width: up to 32 bits, 64 bits, one bit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Registers {
    pub(crate) words: Vec<Lanes<u32>>,
    pub(crate) longs: Vec<Lanes<u64>>,
    pub(crate) predicates: Vec<Mask>,
    /// The carry flag of `add.cc` and its kind.
    pub(crate) carry: Mask,
    /// The largest error, in units in the last place, that approximate units are given on top of their own.
    pub(crate) noise: u32,
}

/// An arithmetic operation: it reads and writes registers of the lanes of the mask, and cannot fail.
pub(crate) type Compute = Box<dyn Fn(&mut Registers, Mask) + Send + Sync>;

/// A Rust type whose values registers hold.
pub(crate) trait Number: Copy + Default + Send + Sync + 'static {
    /// All lanes of a register.
    fn read(registers: &Registers, slot: Slot) -> Lanes<Self>;
    /// One lane of a register.
    fn read_lane(registers: &Registers, slot: Slot, lane: usize) -> Self;
    /// Sets all lanes of a register.
    fn write(registers: &mut Registers, slot: Slot, values: Lanes<Self>);
    /// Sets one lane of a register.
    fn write_lane(registers: &mut Registers, slot: Slot, lane: usize, value: Self);
}

macro_rules! number {
    ($($kind:ty, $file:ident, |$raw:ident| $from:expr, |$value:ident| $into:expr;)*) => {$(
        impl Number for $kind {
            #[inline(always)]
            fn read(registers: &Registers, slot: Slot) -> Lanes<Self> {
                registers.$file[slot.0 as usize].map(|$raw| $from)
            }
            #[inline(always)]
            fn read_lane(registers: &Registers, slot: Slot, lane: usize) -> Self {
                let $raw = registers.$file[slot.0 as usize][lane];
                $from
            }
            #[inline(always)]
            fn write(registers: &mut Registers, slot: Slot, values: Lanes<Self>) {
                registers.$file[slot.0 as usize] = values.map(|$value| $into);
            }
            #[inline(always)]
            fn write_lane(registers: &mut Registers, slot: Slot, lane: usize, $value: Self) {
                registers.$file[slot.0 as usize][lane] = $into;
            }
        }
    )*};
}

// Narrow values are kept zero-extended, so that a register reads the same as any type of its width or below.
number! {
    u8, words, |raw| raw as u8, |value| u32::from(value);
    i8, words, |raw| raw as i8, |value| u32::from(value as u8);
    u16, words, |raw| raw as u16, |value| u32::from(value);
    i16, words, |raw| raw as i16, |value| u32::from(value as u16);
    u32, words, |raw| raw, |value| value;
    i32, words, |raw| raw as i32, |value| value as u32;
    f32, words, |raw| f32::from_bits(raw), |value| value.to_bits();
    u64, longs, |raw| raw, |value| value;
    i64, longs, |raw| raw as i64, |value| value as u64;
    f64, longs, |raw| f64::from_bits(raw), |value| value.to_bits();
}

impl Registers {
    /// The lanes where a predicate holds, or where it does not.
    #[inline(always)]
    pub(crate) fn predicate(&self, slot: Slot, negated: bool) -> Mask {
        self.predicates[slot.0 as usize] ^ if negated { ALL } else { 0 }
    }

    /// Sets a predicate in the lanes of a mask.
    #[inline(always)]
    pub(crate) fn set_predicate(&mut self, slot: Slot, value: Mask, mask: Mask) {
        let predicate = &mut self.predicates[slot.0 as usize];
        *predicate = *predicate & !mask | value & mask;
    }
}

/// d = f(a).
pub(crate) fn map1<A: Number, R: Number>(
    d: Slot,
    a: Slot,
    f: impl Fn(A) -> R + Send + Sync + 'static,
) -> Compute {
    Box::new(move |registers, mask| {
        if mask == ALL {
            R::write(registers, d, A::read(registers, a).map(&f));
        } else {
            for lane in lanes(mask) {
                let value = f(A::read_lane(registers, a, lane));
                R::write_lane(registers, d, lane, value);
            }
        }
    })
}

/// d = f(a, b).
pub(crate) fn map2<A: Number, B: Number, R: Number>(
    d: Slot,
    [a, b]: [Slot; 2],
    f: impl Fn(A, B) -> R + Send + Sync + 'static,
) -> Compute {
    Box::new(move |registers, mask| {
        if mask == ALL {
            let (x, y) = (A::read(registers, a), B::read(registers, b));
            R::write(registers, d, std::array::from_fn(|i| f(x[i], y[i])));
        } else {
            for lane in lanes(mask) {
                let value = f(A::read_lane(registers, a, lane), B::read_lane(registers, b, lane));
                R::write_lane(registers, d, lane, value);
            }
        }
    })
}

/// d = f(a, b, c).
pub(crate) fn map3<A: Number, B: Number, C: Number, R: Number>(
    d: Slot,
    [a, b, c]: [Slot; 3],
    f: impl Fn(A, B, C) -> R + Send + Sync + 'static,
) -> Compute {
    Box::new(move |registers, mask| {
        if mask == ALL {
            let (x, y, z) = (A::read(registers, a), B::read(registers, b), C::read(registers, c));
            R::write(registers, d, std::array::from_fn(|i| f(x[i], y[i], z[i])));
        } else {
            for lane in lanes(mask) {
                let (x, y) = (A::read_lane(registers, a, lane), B::read_lane(registers, b, lane));
                let value = f(x, y, C::read_lane(registers, c, lane));
                R::write_lane(registers, d, lane, value);
            }
        }
    })
}

/// The lanes where a relation holds.
#[inline(always)]
pub(crate) fn where_holds<A: Number>(
    registers: &Registers,
    [a, b]: [Slot; 2],
    relation: impl Fn(A, A) -> bool,
) -> Mask {
    let (x, y) = (A::read(registers, a), A::read(registers, b));
    (0..LANES).fold(0, |mask, i| mask | Mask::from(relation(x[i], y[i])) << i)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn registers() -> Registers {
        Registers { words: vec![[0; LANES]; 3], longs: vec![[0; LANES]], ..Default::default() }
    }

    #[test]
    fn only_lanes_of_the_mask_are_written() {
        let mut r = registers();
        u32::write(&mut r, Slot(0), std::array::from_fn(|lane| lane as u32));
        map2::<u32, u32, u32>(Slot(1), [Slot(0), Slot(0)], u32::wrapping_add)(&mut r, 0b1010);
        assert_eq!(r.words[1][..5], [0, 2, 0, 6, 0]);
        map1::<u32, f64>(Slot(0), Slot(0), f64::from)(&mut r, ALL);
        assert_eq!(f64::read(&r, Slot(0))[31], 31.0);
    }

    #[test]
    fn narrow_values_are_zero_extended() {
        let mut r = registers();
        i16::write_lane(&mut r, Slot(0), 4, -2);
        assert_eq!((r.words[0][4], i16::read_lane(&r, Slot(0), 4)), (0xfffe, -2));
    }

    #[test]
    fn lanes_of_a_mask() {
        assert_eq!(lanes(0x8000_0005).collect::<Vec<_>>(), [0, 2, 31]);
        assert_eq!(lanes(0).count(), 0);
    }
}
