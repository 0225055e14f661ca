//! Where a call runs: the device of its arguments and results, and a stream.

use std::ops::Range;
use std::sync::Arc;

use keops_driver::device::{Context, Stream};

use super::pointer::{self, different_devices};
use super::view::{Source, View};
use super::{Slot, failure};
use crate::error::Error;
use crate::real::Real;

/// The context of all that lies on a device, arguments and memory for results of so many rows, with the first of them.
///
/// # Errors
/// [`Error::ResultLen`], [`Error::DevicePointer`], [`Error::DifferentDevices`], [`Error::Overlap`].
pub(super) fn of_all<T: Real>(
    arguments: &[View<'_, T>],
    rows: usize,
    values: &[Slot<'_, T>],
    indices: &[Slot<'_, usize>],
) -> Result<Option<(&'static str, Arc<Context>)>, Error> {
    values.iter().try_for_each(|slot| slot.check_len(rows))?;
    indices.iter().try_for_each(|slot| slot.check_len(rows))?;
    let mut common = None;
    for view in arguments {
        agree(&mut common, view.argument(), context_of(view)?)?;
    }
    for slot in values {
        agree(&mut common, slot.result(), slot.context()?)?;
    }
    for slot in indices {
        agree(&mut common, slot.result(), slot.context()?)?;
    }
    let read = arguments.iter().map(|view| (view.argument(), view.range()));
    let values = values.iter().map(|slot| (slot.result(), slot.range()));
    let indices = indices.iter().map(|slot| (slot.result(), slot.range()));
    let written: Vec<(&'static str, Range<u64>)> = values.chain(indices).collect();
    let all: Vec<(&'static str, Range<u64>)> = written.iter().cloned().chain(read).collect();
    for (place, (result, range)) in written.iter().enumerate() {
        let overlaps =
            |(_, other): &&(_, Range<u64>)| range.start.max(other.start) < range.end.min(other.end);
        if let Some(&(other, _)) = all[place + 1..].iter().find(overlaps) {
            return Err(Error::Overlap { result, other });
        }
    }
    Ok(common)
}

fn context_of<T: Real>(view: &View<'_, T>) -> Result<Option<Arc<Context>>, Error> {
    match view.source() {
        Source::Owned(buffer) => Ok(buffer.context().cloned()),
        Source::Foreign { len: 0, .. } | Source::Host(_) => Ok(None),
        Source::Foreign { address, len } => {
            pointer::check(view.argument(), *address, *len, size_of::<T>()).map(Some)
        }
    }
}

/// Takes the context of one more argument or result into account.
fn agree(
    common: &mut Option<(&'static str, Arc<Context>)>,
    name: &'static str,
    context: Option<Arc<Context>>,
) -> Result<(), Error> {
    match (&common, context) {
        (_, None) => {}
        (None, Some(context)) => *common = Some((name, context)),
        (Some((_, first)), Some(context)) if *first == context => {}
        (Some((first_name, first)), Some(context)) => {
            return Err(different_devices((first_name, first), (name, &context)));
        }
    }
    Ok(())
}

/// The stream of a call: that of [`on_stream`](super::on_stream), else that of the first argument that has one, else that
/// of the first result, else one for all calls on the device.
pub(super) fn stream<T: Real>(
    arguments: &[View<'_, T>],
    values: &[Slot<'_, T>],
    indices: &[Slot<'_, usize>],
    first: &'static str,
    context: &Arc<Context>,
) -> Result<Arc<Stream>, Error> {
    if let Some(chosen) = Stream::chosen(context).map_err(|_| Error::OtherStream { argument: first })? {
        return Ok(chosen);
    }
    let of_arguments = arguments.iter().find_map(|view| match view.source() {
        Source::Owned(buffer) => buffer.filled()?.stream.clone(),
        _ => None,
    });
    let own = of_arguments
        .or_else(|| values.iter().find_map(Slot::stream))
        .or_else(|| indices.iter().find_map(Slot::stream));
    match own {
        Some(stream) => Ok(stream),
        None => Stream::shared(context.ordinal()).map_err(failure::driver),
    }
}
