//! Slices of the host, computed on a device in one call.

use super::buffer::Buffer;
use super::{Cuda, Device, Slot, View};
use crate::error::Error;
use crate::memory::{Element, Everywhere, Host, Memory, Results};
use crate::options::Options;
use crate::points;
use crate::real::Real;

/// A result on the device, while it is computed.
#[derive(Debug)]
struct Remote {
    numbers: Buffer,
    rows: usize,
}

impl Device {
    /// Evaluates a formula on arguments of the host: uploads them, computes here, and fetches the results. Generated
    /// functions `f::on` use it.
    ///
    /// # Errors
    /// Those of a call with slices, and those of a call with rows on the device.
    #[doc(hidden)]
    pub fn evaluate<T: Real, F: Everywhere<T>>(
        &self,
        formula: &F,
        arguments: &[points::View<'_, T>],
        results: Results<'_, '_, T, Host>,
    ) -> Result<(), Error> {
        // Nothing is uploaded and nothing allocated for arguments that do not fit together.
        let rows: Vec<usize> = arguments.iter().map(|view| view.rows()).collect();
        let pairs = formula.declaration().pairs::<T>(&rows, Options::new())?;
        let Results { values, indices, totals } = results;
        values.iter_mut().try_for_each(|slot| slot.prepare(pairs.results))?;
        indices.iter_mut().try_for_each(|slot| slot.prepare(pairs.results))?;

        let upload = |view: &points::View<'_, T>| match view.is_parameter() {
            true => Ok(Buffer::empty()),
            false => Buffer::upload(self.stream(), view.data()),
        };
        let uploaded = arguments.iter().map(upload).collect::<Result<Vec<Buffer>, Error>>()?;
        let view = |(view, buffer)| {
            let view: &points::View<'_, T> = view;
            match view.is_parameter() {
                true => View::parameter(view.argument(), view.data()),
                false => View::owned(view.argument(), buffer, view.rows()),
            }
        };
        let views: Vec<View<'_, T>> = arguments.iter().zip(&uploaded).map(view).collect();

        let (mut of_values, mut of_indices) = (remotes(values), remotes(indices));
        let mut totals: Vec<&mut [T]> = totals.iter_mut().map(|total| &mut total[..]).collect();
        let results = Results {
            values: &mut slots(&mut of_values, values),
            indices: &mut slots(&mut of_indices, indices),
            totals: &mut totals,
        };
        Cuda::evaluate(formula, &views, Options::new(), results)?;
        fetch(&of_values, values)?;
        fetch(&of_indices, indices)
    }
}

fn remotes<E: Element>(results: &[points::Slot<'_, E>]) -> Vec<Remote> {
    results.iter().map(|_| Remote { numbers: Buffer::empty(), rows: 0 }).collect()
}

/// Has a call allocate its results.
fn slots<'a, E: Element>(remotes: &'a mut [Remote], results: &[points::Slot<'_, E>]) -> Vec<Slot<'a, E>> {
    let new = |(remote, result): (&'a mut Remote, &points::Slot<'_, E>)| {
        Slot::new(&mut remote.numbers, &mut remote.rows, result.dim())
    };
    remotes.iter_mut().zip(results).map(new).collect()
}

/// Copies results to the host.
fn fetch<E: Element>(remotes: &[Remote], results: &mut [points::Slot<'_, E>]) -> Result<(), Error> {
    remotes.iter().zip(results).try_for_each(|(remote, result)| remote.numbers.download(result.zeros()))
}
