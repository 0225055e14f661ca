//! The registers of a warp: one value for each of 32 lanes.
//!
//! A lane is one thread of the warp. An instruction runs on all lanes at once, under a mask of those that
//! take part.

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
    /// The largest error of approximate units, as a multiple of the documented one.
    pub(crate) noise: u32,
}

/// An arithmetic operation: it reads and writes registers of the lanes of the mask, and cannot fail.
pub(crate) type Compute = Box<dyn Fn(&mut Registers, Mask) + Send + Sync>;

/// A Rust type whose values registers hold.
pub(crate) trait Number: Copy + Default + Send + Sync + 'static {
    /// What a register of the width holds.
    type Raw: Copy;
    /// The registers of the width.
    fn file(registers: &Registers) -> &[Lanes<Self::Raw>];
    /// The registers of the width, to be written.
    fn file_mut(registers: &mut Registers) -> &mut [Lanes<Self::Raw>];
    fn from_raw(raw: Self::Raw) -> Self;
    fn into_raw(self) -> Self::Raw;

    /// All lanes of a register.
    #[inline(always)]
    fn read(registers: &Registers, slot: Slot) -> Lanes<Self> {
        let raw = Self::file(registers)[slot.0 as usize];
        let mut values = [Self::default(); LANES];
        for i in 0..LANES {
            values[i] = Self::from_raw(raw[i]);
        }
        values
    }

    /// One lane of a register.
    #[inline(always)]
    fn read_lane(registers: &Registers, slot: Slot, lane: usize) -> Self {
        Self::from_raw(Self::file(registers)[slot.0 as usize][lane])
    }

    /// Sets one lane of a register.
    #[inline(always)]
    fn write_lane(registers: &mut Registers, slot: Slot, lane: usize, value: Self) {
        Self::file_mut(registers)[slot.0 as usize][lane] = value.into_raw();
    }

    /// Sets the lanes of a mask to the values of a function of the lane.
    #[inline(always)]
    fn write_each(registers: &mut Registers, slot: Slot, mask: Mask, value: impl Fn(usize) -> Self) {
        let register = &mut Self::file_mut(registers)[slot.0 as usize];
        if mask == ALL {
            // A loop of a fixed number of turns, for vector instructions.
            for (i, lane) in register.iter_mut().enumerate() {
                *lane = value(i).into_raw();
            }
        } else {
            for i in lanes(mask) {
                register[i] = value(i).into_raw();
            }
        }
    }
}

macro_rules! number {
    ($($kind:ty, $file:ident: $stored:ty, |$raw:ident| $from:expr, |$value:ident| $into:expr;)*) => {$(
        impl Number for $kind {
            type Raw = $stored;
            #[inline(always)]
            fn file(registers: &Registers) -> &[Lanes<$stored>] {
                &registers.$file
            }
            #[inline(always)]
            fn file_mut(registers: &mut Registers) -> &mut [Lanes<$stored>] {
                &mut registers.$file
            }
            #[inline(always)]
            fn from_raw($raw: $stored) -> Self {
                $from
            }
            #[inline(always)]
            fn into_raw(self) -> $stored {
                let $value = self;
                $into
            }
        }
    )*};
}

// Narrow values are kept zero-extended, so that a register reads the same as any type of its width or below.
number! {
    u16, words: u32, |raw| raw as u16, |value| u32::from(value);
    i16, words: u32, |raw| raw as i16, |value| u32::from(value as u16);
    u32, words: u32, |raw| raw, |value| value;
    i32, words: u32, |raw| raw as i32, |value| value as u32;
    f32, words: u32, |raw| f32::from_bits(raw), |value| value.to_bits();
    u64, longs: u64, |raw| raw, |value| value;
    i64, longs: u64, |raw| raw as i64, |value| value as u64;
    f64, longs: u64, |raw| f64::from_bits(raw), |value| value.to_bits();
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
        let x = A::read(registers, a);
        R::write_each(registers, d, mask, |i| f(x[i]));
    })
}

/// d = f(a, b).
pub(crate) fn map2<A: Number, B: Number, R: Number>(
    d: Slot,
    [a, b]: [Slot; 2],
    f: impl Fn(A, B) -> R + Send + Sync + 'static,
) -> Compute {
    Box::new(move |registers, mask| {
        let (x, y) = (A::read(registers, a), B::read(registers, b));
        R::write_each(registers, d, mask, |i| f(x[i], y[i]));
    })
}

/// d = f(a, b, c).
pub(crate) fn map3<A: Number, B: Number, C: Number, R: Number>(
    d: Slot,
    [a, b, c]: [Slot; 3],
    f: impl Fn(A, B, C) -> R + Send + Sync + 'static,
) -> Compute {
    Box::new(move |registers, mask| {
        let (x, y, z) = (A::read(registers, a), B::read(registers, b), C::read(registers, c));
        R::write_each(registers, d, mask, |i| f(x[i], y[i], z[i]));
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
        u32::write_each(&mut r, Slot(0), ALL, |lane| lane as u32);
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
