//! What a stream keeps as bytes. All numbers are written with their least significant byte first:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | [`MAGIC`], whose last byte is the version |
//! | 1 | bytes of a number: 4, 8, or 0 where nothing has been reduced, and nothing follows |
//! | 8, 8, 8 | rows, columns, accumulators |
//! | 1, 1, 8, 8 of each | its kind, its end (0 largest, 1 smallest), the exponent or the length of the list, coordinates |
//! | 4 or 8 of each | the accumulators of the first row, of the second, … |

use super::states::{AnyStates, States, numbered};
use crate::error::Error;
use crate::real::Real;
use crate::reduction::accumulator::{self, Accumulator, Extreme, Kind};

const MAGIC: &[u8; 8] = b"keops s\x01";
/// Rows of a block of what is read: a multiple of the lanes of every vector.
const LANES: usize = 16;
/// Accumulators at most: a formula, of 4096 operations, has fewer.
const MOST: usize = 1 << 14;

/// Those of a stream that has reduced nothing.
pub(super) fn of_nothing() -> Vec<u8> {
    [&MAGIC[..], &[0]].concat()
}

/// Those of the accumulators of all rows.
pub(super) fn of<T: Real>(states: &States<T>) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.push(size_of::<T>() as u8);
    let put = |bytes: &mut Vec<u8>, number: usize| bytes.extend((number as u64).to_le_bytes());
    put(&mut bytes, states.rows);
    put(&mut bytes, states.columns);
    put(&mut bytes, states.accumulators.len());
    for Accumulator { kind, dim } in states.accumulators.iter() {
        let end = |extreme: &Extreme| u8::from(*extreme == Extreme::Min);
        let (kind, end, number) = match kind {
            Kind::Sum => (0, 0, 0),
            Kind::Exponent => (1, 0, 0),
            Kind::ScaledSum { exponent } => (2, 0, *exponent),
            Kind::Best(extreme) => (3, end(extreme), 0),
            Kind::List { extreme, count } => (4, end(extreme), *count),
        };
        bytes.extend([kind, end]);
        put(&mut bytes, number);
        put(&mut bytes, *dim);
    }
    for row in states.rows_of_numbers() {
        for place in states.places(row) {
            bytes.extend(&states.numbers[place].bits().to_le_bytes()[..size_of::<T>()]);
        }
    }
    bytes
}

/// The accumulators that these are, if there are some.
///
/// # Errors
/// [`Error::StreamBytes`].
pub(super) fn read(bytes: &[u8]) -> Result<Option<Box<dyn AnyStates>>, Error> {
    let fault = |reason| Error::StreamBytes { reason };
    let rest = bytes.strip_prefix(MAGIC).ok_or(fault("they do not begin as those of this version do"))?;
    let (size, rest) = rest.split_first().ok_or(fault(SHORT))?;
    match size {
        0 if rest.is_empty() => Ok(None),
        0 => Err(fault(LONG)),
        4 => Ok(Some(Box::new(states::<f32>(rest).map_err(fault)?))),
        8 => Ok(Some(Box::new(states::<f64>(rest).map_err(fault)?))),
        _ => Err(fault(DAMAGED)),
    }
}

const SHORT: &str = "some are missing at the end";
const LONG: &str = "there are more than belong to it";
const DAMAGED: &str = "they contradict themselves";

/// All but what comes first.
fn states<T: Real>(mut bytes: &[u8]) -> Result<States<T>, &'static str> {
    let (rows, columns, count) = (number(&mut bytes)?, number(&mut bytes)?, number(&mut bytes)?);
    if count > MOST || rows.max(columns) > isize::MAX as usize {
        return Err(DAMAGED);
    }
    let mut accumulators: Vec<Accumulator> = vec![];
    for _ in 0..count {
        accumulators.push(accumulator(&mut bytes)?);
    }
    // Not less than the numbers of a row: what exceeds the address space is more than is there.
    let per_row = accumulators.iter().try_fold(0usize, |sum, a| {
        let per_coordinate = match a.kind {
            Kind::List { count, .. } => count.checked_mul(2)?,
            _ => 2,
        };
        sum.checked_add(a.dim.checked_mul(per_coordinate)?.checked_mul(size_of::<T>())?)
    });
    let most = rows.max(1).checked_next_multiple_of(LANES).zip(per_row).and_then(|(r, n)| r.checked_mul(n));
    most.ok_or(SHORT)?;
    numbered::<T>(&accumulators, columns).map_err(|_| DAMAGED)?;
    if !accumulators.iter().all(|a| is_sound(a, &accumulators)) {
        return Err(DAMAGED);
    }
    let row_bytes = accumulator::numbers(&accumulators) * size_of::<T>();
    match rows.checked_mul(row_bytes) {
        Some(wanted) if wanted == bytes.len() => {}
        Some(wanted) if wanted < bytes.len() => return Err(LONG),
        _ => return Err(SHORT),
    }
    let mut states = States::new(accumulators, LANES, rows);
    states.columns = columns;
    for (row, numbers) in bytes.chunks_exact(row_bytes.max(1)).enumerate() {
        for (place, bytes) in states.places(row).zip(numbers.chunks_exact(size_of::<T>())) {
            let mut bits = [0; 8];
            bits[..bytes.len()].copy_from_slice(bytes);
            states.numbers[place] = T::from_bits(u64::from_le_bytes(bits));
        }
    }
    if accumulator::are_indices_below(&states.accumulators, LANES, &states.numbers, columns) {
        Ok(states)
    } else {
        Err(DAMAGED)
    }
}

fn accumulator(bytes: &mut &[u8]) -> Result<Accumulator, &'static str> {
    let (kind, rest) = bytes.split_first_chunk::<2>().ok_or(SHORT)?;
    *bytes = rest;
    let (number, dim) = (number(bytes)?, number(bytes)?);
    let extreme = |end| if end == 1 { Extreme::Min } else { Extreme::Max };
    let kind = match (kind, number) {
        ([0, 0], 0) => Kind::Sum,
        ([1, 0], 0) => Kind::Exponent,
        ([2, 0], exponent) => Kind::ScaledSum { exponent },
        ([3, end @ 0..=1], 0) => Kind::Best(extreme(*end)),
        ([4, end @ 0..=1], count) => Kind::List { extreme: extreme(*end), count },
        _ => return Err(DAMAGED),
    };
    Ok(Accumulator { kind, dim })
}

/// Whether merging it reads nothing but what is there.
fn is_sound(a: &Accumulator, all: &[Accumulator]) -> bool {
    a.dim > 0
        && match a.kind {
            Kind::ScaledSum { exponent } => all
                .get(exponent)
                .is_some_and(|other| other.kind == Kind::Exponent && (other.dim == 1 || other.dim == a.dim)),
            Kind::List { count, .. } => count > 0,
            Kind::Sum | Kind::Exponent | Kind::Best(_) => true,
        }
}

fn number(bytes: &mut &[u8]) -> Result<usize, &'static str> {
    let (number, rest) = bytes.split_first_chunk().ok_or(SHORT)?;
    *bytes = rest;
    usize::try_from(u64::from_le_bytes(*number)).map_err(|_| DAMAGED)
}

#[cfg(test)]
mod tests;
