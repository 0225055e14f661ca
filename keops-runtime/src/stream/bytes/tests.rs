use super::*;
use crate::stream::Stream;

/// Of 19 rows and 70 columns. Any bits where they are no indices, among them NaN of all kinds.
fn some<T: Real>() -> States<T> {
    let accumulators = vec![
        Accumulator { kind: Kind::Exponent, dim: 1 },
        Accumulator { kind: Kind::ScaledSum { exponent: 0 }, dim: 2 },
        Accumulator { kind: Kind::Sum, dim: 1 },
        Accumulator { kind: Kind::Best(Extreme::Max), dim: 3 },
        Accumulator { kind: Kind::List { extreme: Extreme::Min, count: 2 }, dim: 1 },
    ];
    let mut states = States::new(accumulators, 8, 19);
    states.columns = 70;
    for row in 0..19 {
        for (n, place) in states.places(row).enumerate() {
            let bits = ((row * 14 + n) as u64).wrapping_mul(0x9E37_79B9_9E37_79B9);
            states.numbers[place] = match n {
                12 => T::from_index(3 * row),
                13 if row % 2 == 0 => T::from_index(69 - row),
                13 => crate::reduction::best::none(),
                _ => T::from_bits(bits),
            };
        }
    }
    states
}

fn bits<T: Real>(states: &States<T>) -> Vec<u64> {
    let rows = (0..states.rows).flat_map(|row| states.places(row));
    rows.map(|place| states.numbers[place].bits()).collect()
}

/// Those of a header and of the numbers that it promises.
fn written<T: Real>(rows: u64, columns: u64, accumulators: &[([u8; 2], u64, u64)]) -> Vec<u8> {
    let mut bytes = [&MAGIC[..], &[size_of::<T>() as u8]].concat();
    let header = [rows, columns, accumulators.len() as u64];
    bytes.extend(header.iter().flat_map(|number| number.to_le_bytes()));
    for (kind, number, dim) in accumulators {
        bytes.extend(kind);
        bytes.extend([*number, *dim].iter().flat_map(|number| number.to_le_bytes()));
    }
    bytes
}

fn reason(bytes: &[u8]) -> &'static str {
    match read(bytes).err() {
        Some(Error::StreamBytes { reason }) => reason,
        other => panic!("{other:?}"),
    }
}

/// What can be done with a stream, if these bytes are one.
fn is_used(bytes: &[u8]) -> bool {
    let Ok(stream) = Stream::from_bytes(bytes) else { return false };
    assert_eq!(stream.to_bytes().as_deref(), Ok(bytes), "what is read is written");
    let _ = stream.merge(&stream.clone());
    let again = Stream::from_bytes(&stream.to_bytes().expect("it is whole"));
    assert_eq!(again.map(|again| again.points()), Ok(stream.points()), "what is merged is read");
    for lanes in [4, 32] {
        let Some(states) = read(bytes).expect("it was read before") else { continue };
        let states: Box<dyn std::any::Any> = states;
        match states.downcast::<States<f32>>() {
            Ok(states) => drop(states.in_lanes(lanes)),
            Err(states) => drop(states.downcast::<States<f64>>().expect("of f64").in_lanes(lanes)),
        }
    }
    true
}

fn what_is_written_is_read<T: Real>() {
    let (states, size) = (some::<T>(), size_of::<T>());
    let bytes = of(&states);
    assert_eq!(bytes.len(), 9 + 24 + 5 * 18 + 19 * (1 + 4 + 2 + 3 + 4) * size);
    let again = self::states::<T>(&bytes[9..]).unwrap();
    assert!(again.is_like(&states));
    assert_eq!((again.columns, bits(&again)), (70, bits(&states)));
    assert_eq!(of(&again), bytes, "blocks of 8 rows or of 16");
    assert_eq!(bits(&again.in_lanes(4)), bits(&states));
    assert!(is_used(&bytes));
}

#[test]
fn what_is_written_is_read_in_either_precision() {
    what_is_written_is_read::<f32>();
    what_is_written_is_read::<f64>();
    assert!(read(&of_nothing()).unwrap().is_none());
}

#[test]
fn other_bytes_are_errors() {
    for bytes in [of(&some::<f32>()), of(&some::<f64>())] {
        for len in 0..bytes.len() {
            let begins = reason(&bytes[..len]).starts_with("they do not begin");
            assert_eq!(begins, len < 8, "{len}");
            assert!(begins || reason(&bytes[..len]) == SHORT, "{len}");
        }
        assert_eq!(reason(&[&bytes[..], &[0]].concat()), LONG);
        let mut kind = bytes.clone();
        kind[9 + 24] = 9;
        assert_eq!(reason(&kind), DAMAGED);
    }
    assert_eq!(reason(&[&of_nothing()[..], &[0]].concat()), LONG);
}

/// Nothing panics, whatever byte is changed.
#[test]
fn changed_bytes_are_errors_or_another_stream() {
    for bytes in [of(&some::<f32>()), of(&some::<f64>())] {
        for place in 0..bytes.len() {
            for value in [0, 1, 2, 3, 4, 5, 8, 15, 63, 127, 128, 255] {
                let mut bytes = bytes.clone();
                bytes[place] = value;
                is_used(&bytes);
            }
        }
    }
}

#[test]
fn random_headers_are_errors_or_streams() {
    let mut state = 1u64;
    let mut below = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % n
    };
    let mut used = 0;
    for _ in 0..100_000 {
        let mut number = || match below(6) {
            0..4 => below(4),
            4 => (1 << below(64)) - below(2),
            _ => u64::MAX - below(3),
        };
        let (rows, columns, count, first) = (number(), number(), number() % 5, number());
        let accumulators: Vec<_> = (0..count)
            .map(|n| ([(first % 6 + n) as u8 % 6, number() as u8 % 3], number(), number()))
            .collect();
        let wide = below(2) == 0;
        let mut bytes = match wide {
            true => written::<f64>(rows, columns, &accumulators),
            false => written::<f32>(rows, columns, &accumulators),
        };
        // As many numbers as these accumulators need, or not.
        let per_row = accumulators.iter().fold(0u64, |sum, (kind, number, dim)| {
            let per_coordinate = match kind[0] {
                4 => number.wrapping_mul(2),
                1 | 3 => 1,
                _ => 2,
            };
            sum.wrapping_add(dim.wrapping_mul(per_coordinate))
        });
        let missing = rows.wrapping_mul(per_row).wrapping_mul(if wide { 8 } else { 4 });
        let filled = bytes.len() + if missing < 2000 { missing as usize } else { below(40) as usize };
        bytes.resize(filled, below(2) as u8 * 255);
        used += usize::from(is_used(&bytes));
    }
    assert!(used > 1000, "{used}");
}

#[cfg(target_pointer_width = "64")]
#[test]
fn numbers_that_contradict_themselves() {
    let sum = ([0, 0], 0, 1);
    let most = isize::MAX as u64;
    for number in [most + 1, u64::MAX] {
        assert_eq!(reason(&written::<f64>(0, number, &[sum])), DAMAGED);
        assert_eq!(reason(&written::<f64>(number, 0, &[sum])), DAMAGED);
        assert_eq!(reason(&written::<f64>(number, 0, &[])), DAMAGED);
    }
    assert!(is_used(&written::<f64>(0, most, &[sum])));
    // Without accumulators no row has numbers, however many there are.
    assert!(is_used(&written::<f64>(most, most, &[])));
    // A list of nothing, and lists whose lengths overflow.
    assert_eq!(reason(&written::<f32>(0, 0, &[([0, 0], 0, 0)])), DAMAGED);
    assert_eq!(reason(&written::<f32>(0, 0, &[([4, 0], 1 << 59, 0)])), DAMAGED);
    assert_eq!(reason(&written::<f32>(0, 0, &[([4, 0], 1 << 59, 1 << 10)])), SHORT);
    // As many accumulators as there are bytes for.
    assert_eq!(reason(&written::<f32>(0, 0, &vec![sum; MOST + 1])), DAMAGED);
    assert!(is_used(&written::<f32>(0, 0, &vec![sum; MOST])));
    // More columns than lists of `f32` can name; sums can.
    assert_eq!(reason(&written::<f32>(0, 1 << 32, &[([4, 0], 1, 1)])), DAMAGED);
    assert!(is_used(&written::<f32>(0, 1 << 32, &[sum])));
}

#[test]
fn indices_are_those_of_columns_or_none() {
    fn with<T: Real>(index: u64) -> Vec<u8> {
        let mut bytes = written::<T>(1, 7, &[([4, 1], 1, 1)]);
        bytes.extend(&1.0f64.to_le_bytes()[..size_of::<T>()]);
        bytes.extend(&index.to_le_bytes()[..size_of::<T>()]);
        bytes
    }
    for index in [0, 6, u64::MAX] {
        assert!(is_used(&with::<f32>(index)) && is_used(&with::<f64>(index)), "{index}");
    }
    for index in [7, 1 << 31, u64::from(u32::MAX) - 1] {
        assert_eq!((reason(&with::<f32>(index)), reason(&with::<f64>(index))), (DAMAGED, DAMAGED));
    }
    assert_eq!(reason(&with::<f64>(u64::MAX - 1)), DAMAGED);
}
