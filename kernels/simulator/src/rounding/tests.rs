//! Rounding against the host's, and between directions.

use super::*;

/// A generator of patterns that favours extreme exponents and short significands.
struct Patterns(u64);

impl Patterns {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        match self.0 % 4 {
            0 => self.0 & 0xfff0_0000_0000_0000 | 1 << (self.0 >> 20 & 31),
            1 => self.0 & 0x800f_ffff_ffff_ffff,
            _ => self.0.rotate_left(9),
        }
    }
    fn double(&mut self) -> f64 {
        // Exponents within 64 of each other, so that sums and products are not all trivial.
        let pattern = self.next();
        match pattern % 3 {
            0 => f64::from_bits(pattern),
            _ => f64::from_bits(pattern & !(0x7c0 << 52) | 0x3c0 << 52),
        }
    }
    fn single(&mut self) -> f32 {
        let pattern = (self.next() >> 32) as u32 ^ self.0 as u32 & 0x7fff;
        match pattern % 3 {
            0 => f32::from_bits(pattern),
            _ => f32::from_bits(pattern & !(0xc0 << 23) | 0x40 << 23),
        }
    }
}

fn same<F: Format>(a: F, b: F) -> bool {
    let nan = |x: F| x.pattern() & !SIGN > F::INFINITY;
    nan(a) && nan(b) || a.pattern() == b.pattern()
}

#[test]
fn to_nearest_it_is_the_hosts_arithmetic() {
    use Rounding::Nearest as N;
    let mut p = Patterns(88);
    for _ in 0..200_000 {
        let (a, b, c) = (p.double(), p.double(), p.double());
        assert!(same(add(a, b, N), a + b), "{a:e} + {b:e}");
        assert!(same(mul(a, b, N), a * b), "{a:e} * {b:e}");
        assert!(same(fma(a, b, c, N), a.mul_add(b, c)), "{a:e} * {b:e} + {c:e}");
        assert!(same(div(a, b, N), a / b), "{a:e} / {b:e}");
        assert!(same(sqrt(a, a.sqrt(), N), a.sqrt()), "sqrt {a:e}");
        assert!(same(convert::<f64, f32>(a, N), a as f32), "{a:e} as f32");
        let (a, b, c) = (p.single(), p.single(), p.single());
        assert!(same(add(a, b, N), a + b), "{a:e} + {b:e}");
        assert!(same(mul(a, b, N), a * b), "{a:e} * {b:e}");
        assert!(same(fma(a, b, c, N), a.mul_add(b, c)), "{a:e} * {b:e} + {c:e}");
        assert!(same(div(a, b, N), a / b), "{a:e} / {b:e}");
        assert!(same(sqrt(a, a.sqrt(), N), a.sqrt()), "sqrt {a:e}");
        assert!(same(convert::<f32, f64>(a, N), f64::from(a)), "{a:e} as f64");
        let integer = p.next() as i64;
        assert!(same(from_integer::<f32>(integer.into(), N), integer as f32), "{integer}");
        assert!(same(from_integer::<f64>(integer.into(), N), integer as f64), "{integer}");
    }
}

/// The directed results enclose the exact one: they are the same if the nearest is exact, and else neighbours
/// of which one is the nearest.
#[test]
fn directions_enclose_the_result() {
    let mut p = Patterns(3);
    for _ in 0..200_000 {
        let (a, b, c) = (p.single(), p.single(), p.single());
        let cases: [&dyn Fn(Rounding) -> f32; 5] =
            [&|r| add(a, b, r), &|r| mul(a, b, r), &|r| fma(a, b, c, r), &|r| div(a, b, r), &|r| {
                sqrt(a, a.sqrt(), r)
            }];
        for (operation, case) in cases.iter().enumerate() {
            let [nearest, zero, down, up] =
                [Rounding::Nearest, Rounding::Zero, Rounding::Down, Rounding::Up].map(case);
            if nearest.is_nan() {
                continue;
            }
            let told = format!("operation {operation} of {a:e} {b:e} {c:e}: {down:e} {nearest:e} {up:e}");
            assert!(down == nearest || up == nearest, "{told}");
            assert!(down == up || down.next_up() == up, "{told}");
            assert_eq!(zero.abs(), down.abs().min(up.abs()), "{told}");
        }
    }
}

#[test]
fn directions_at_known_points() {
    use Rounding::{Down, Nearest, Up, Zero};
    let third = |r| div(1f64, 3.0, r);
    assert_eq!(third(Down), third(Zero));
    assert_eq!(third(Up), third(Down).next_up());
    assert_eq!(third(Down), 1.0 / 3.0, "a third is rounded down by nearest");
    let tiny = f32::from_bits(1);
    assert_eq!(add(1f32, tiny, Up), 1f32.next_up());
    assert_eq!(add(1f32, tiny, Nearest), 1.0);
    assert_eq!(add(-1f32, -tiny, Down), (-1f32).next_down());
    assert_eq!(add(1f32, -tiny, Zero), 1f32.next_down());
    assert_eq!(mul(f32::MAX, 2.0, Zero), f32::MAX);
    assert_eq!(mul(f32::MAX, -2.0, Up), -f32::MAX);
    assert_eq!(mul(tiny, 0.5, Up), tiny);
    assert_eq!(mul(tiny, 0.5, Down), 0.0);
    assert_eq!(add(1f64, -1.0, Down).to_bits(), (-0.0f64).to_bits());
    assert_eq!(add(1f64, -1.0, Up).to_bits(), 0);
    assert_eq!(fma(tiny, tiny, 1.0, Up), 1f32.next_up());
    assert_eq!(sqrt(2f32, 0.0, Up), sqrt(2f32, 0.0, Down).next_up());
    assert_eq!(convert::<f64, f32>(1e300, Zero), f32::MAX);
    assert_eq!(from_integer::<f32>((1 << 24) + 1, Up), 16777218.0);
}

#[test]
fn half_precision() {
    let half = |x: f32| convert::<f32, Half>(x, Rounding::Nearest).0;
    for (x, bits) in [(1.0, 0x3c00), (-2.0, 0xc000), (65504.0, 0x7bff), (65520.0, 0x7c00), (6e-8, 1)] {
        assert_eq!(half(x), bits, "{x}");
    }
    for bits in (0..=0x7c00).chain(0x8000..=0xfc00) {
        assert_eq!(half(convert::<Half, f32>(Half(bits), Rounding::Nearest)), bits);
    }
    assert!(convert::<Half, f32>(Half(0x7e01), Rounding::Nearest).is_nan());
    assert!(half(f32::NAN) & 0x7fff > 0x7c00);
}
