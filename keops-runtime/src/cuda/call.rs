//! One call of a generated function on a device. Generated code uses it, and nothing else should.

use std::sync::{Arc, OnceLock};

use keops_driver::device::{Allocation, Event, Stream};

use super::buffer::{Buffer, bytes};
use super::launch::{Division, Launch, blocks, listed, pack};
use super::rows::Numbers;
use super::view::{Source, View};
use super::{DeviceColumn, DeviceRows, Slot, failure, place};
use crate::error::Error;
use crate::memory::Element;
use crate::real::Real;

/// What points are aligned to in memory that a driver allocates, and what kernels may rely on.
const ALIGNMENT: u64 = 16;
/// Threads of a block of the kernels that sum and add.
const THREADS: u32 = 256;
/// Rows that are worth a chunk of their own where all are summed, and most chunks.
const LEAST_CHUNK: usize = 4096;
const CHUNKS: usize = 1024;

/// A call: where it runs, what it has to wait for, and where its results go.
#[derive(Debug)]
pub struct Call {
    function: &'static str,
    ptx: Option<&'static str>,
    place: OnceLock<Place>,
    values: Vec<Output>,
    indices: Vec<Output>,
    /// Copies of arguments that are not aligned, with the addresses of the arguments: of those that start at one address
    /// the longest.
    aligned: Vec<(u64, Allocation)>,
}

/// Memory of a result.
#[derive(Clone, Copy, Debug)]
pub struct Output(u64);

impl Output {
    /// Where it starts.
    pub fn address(self) -> u64 {
        self.0
    }
}

/// Where a call runs.
#[derive(Debug)]
struct Place {
    stream: Arc<Stream>,
    /// Happens when all that was launched is done.
    ready: Arc<Event>,
}

impl Place {
    fn new(stream: Arc<Stream>) -> Result<Place, Error> {
        let ready = Arc::new(Event::new(stream.context()).map_err(failure::driver)?);
        Ok(Place { stream, ready })
    }
}

impl Call {
    /// Looks at the arguments of a call: all that have points must be on one device. The call runs on the stream of
    /// [`on_stream`](super::on_stream), else on that of the first argument that has one, else on one for all calls on the
    /// device; it comes after what computes the arguments. If no argument has points, no driver is needed.
    ///
    /// # Errors
    /// [`Error::DevicePointer`], [`Error::DifferentDevices`], [`Error::OtherStream`], and those of the driver.
    pub fn new<T: Real>(
        function: &'static str,
        ptx: Option<&'static str>,
        arguments: &[View<'_, T>],
    ) -> Result<Call, Error> {
        Call::with_results(function, ptx, arguments, 0, &mut [], &mut [])
    }

    /// The same with memory for results of so many rows: that which is there already must be of this size, on the device of
    /// the arguments, and nobody else's. It may be overwritten when this returns; what is not there yet is allocated.
    ///
    /// # Errors
    /// [`Error::ResultLen`], [`Error::Overlap`], those of [`new`](Self::new) and of [`column`](Self::column).
    pub(super) fn with_results<T: Real>(
        function: &'static str,
        ptx: Option<&'static str>,
        arguments: &[View<'_, T>],
        rows: usize,
        values: &mut [Slot<'_, T>],
        indices: &mut [Slot<'_, usize>],
    ) -> Result<Call, Error> {
        let mut call =
            Call { function, ptx, place: OnceLock::new(), values: vec![], indices: vec![], aligned: vec![] };
        if let Some((first, context)) = place::of_all(arguments, rows, values, indices)? {
            let place = Place::new(place::stream(arguments, values, indices, first, &context)?)?;
            for view in arguments {
                call.prepare(&place.stream, view)?;
            }
            call.place.get_or_init(|| place);
        }
        call.values = call.outputs(rows, values)?;
        call.indices = call.outputs(rows, indices)?;
        Ok(call)
    }

    /// Gets the memory of results ready to be written.
    fn outputs<E: Element>(&self, rows: usize, slots: &mut [Slot<'_, E>]) -> Result<Vec<Output>, Error> {
        let output = |slot: &mut Slot<'_, E>| {
            if rows > 0 {
                let (Place { stream, ready }, _) = self.place()?;
                slot.prepare(rows, stream, ready)?;
            }
            Ok(Output(slot.address()))
        };
        slots.iter_mut().map(output).collect()
    }

    /// The memory of the result `number` among those that are numbers, to be written by [`launch`](Self::launch).
    pub fn value(&self, number: usize) -> Output {
        self.values[number]
    }

    /// The memory of the result `number` among those that are indices, to be written by [`launch`](Self::launch).
    pub fn index(&self, number: usize) -> Output {
        self.indices[number]
    }

    /// Has the stream wait for an argument, and copies it if it is not aligned.
    fn prepare<T: Real>(&mut self, stream: &Arc<Stream>, view: &View<'_, T>) -> Result<(), Error> {
        match view.source() {
            Source::Owned(buffer) => buffer.wait_on(stream),
            Source::Foreign { address, len } if *len > 0 && !address.is_multiple_of(ALIGNMENT) => {
                let bytes = bytes(*len, 1, size_of::<T>())?;
                let is_there =
                    |(argument, copy): &(u64, Allocation)| argument == address && copy.bytes() >= bytes;
                if self.aligned.iter().any(is_there) {
                    return Ok(());
                }
                let copy = Allocation::in_order(stream, bytes).map_err(|f| failure::allocation(f, bytes))?;
                stream.copy(&copy, *address, bytes).map_err(failure::driver)?;
                self.aligned.retain(|(argument, _)| argument != address);
                self.aligned.push((*address, copy));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Where the call runs: on the first device, if its arguments do not tell.
    ///
    /// # Errors
    /// [`Error::NoKernel`] if there is nothing to run, and those of the driver.
    fn place(&self) -> Result<(&Place, &'static str), Error> {
        let ptx = self.ptx.ok_or(Error::NoKernel { function: self.function })?;
        if let Some(place) = self.place.get() {
            return Ok((place, ptx));
        }
        let place = Place::new(Stream::shared(0).map_err(|f| failure::initialisation(f, 0))?)?;
        Ok((self.place.get_or_init(|| place), ptx))
    }

    /// Memory for an intermediate result of dimension 1, to be written by [`launch`](Self::launch), and dropped while the
    /// stream of the call is there: with it, or in its [`on_stream`](super::on_stream).
    ///
    /// # Errors
    /// [`Error::NoKernel`], [`Error::TooLarge`], [`Error::OutOfDeviceMemory`].
    pub fn column<T: Element>(&self, rows: usize) -> Result<DeviceColumn<T>, Error> {
        Ok(DeviceColumn::new(self.buffer::<T>(rows, 1)?, rows))
    }

    /// Memory for an intermediate result of dimension D, to be written by [`launch`](Self::launch).
    ///
    /// # Errors
    /// Those of [`column`](Self::column).
    pub fn rows<T: Element, const D: usize>(&self, rows: usize) -> Result<DeviceRows<T, D>, Error> {
        Ok(DeviceRows::new(self.buffer::<T>(rows, D)?, rows))
    }

    fn buffer<T: Element>(&self, rows: usize, dim: usize) -> Result<Buffer, Error> {
        if rows == 0 {
            return Ok(Buffer::empty());
        }
        let (Place { stream, ready }, _) = self.place()?;
        Buffer::in_order(stream, ready, bytes(rows, dim, size_of::<T>())?)
    }

    /// Runs a kernel over all pairs, and if the columns are divided a second one that merges, twice for many parts.
    ///
    /// # Errors
    /// [`Error::TooLarge`], [`Error::OutOfDeviceMemory`], those of a driver that does not load the kernel
    /// ([`Error::DriverTooOld`], [`Error::UnsupportedArch`], [`Error::InvalidPtx`]), and others of the driver.
    pub fn launch<T: Real>(&self, launch: &Launch<'_, T>) -> Result<(), Error> {
        let Launch { rows, columns, .. } = *launch;
        if rows == 0 {
            return Ok(());
        }
        let shape = launch.shape();
        let (Place { stream, .. }, _) = self.place()?;
        let (division, list) = match &launch.blocks[..] {
            [] => (shape.divide(rows, columns)?, None),
            some => {
                let (blocks, list) = listed(some, shape.rows)?;
                (Division { blocks, parts: 1, columns_of_part: columns }, Some(self.uploaded(&list)?))
            }
        };
        let name = format!("keops_{:016x}", shape.id);

        let mut words =
            vec![rows as u64, columns as u64, division.columns_of_part as u64, division.parts as u64];
        let groups = division.groups();
        let state = match division.parts {
            1 => None,
            parts => {
                // The states of groups come behind those of the parts.
                let states = parts + groups.unwrap_or(0) as usize;
                let bytes = bytes(rows, states * shape.state, size_of::<T>())?;
                Some(Allocation::in_order(stream, bytes).map_err(|f| failure::allocation(f, bytes))?)
            }
        };
        words.push(state.as_ref().map_or(0, Allocation::address));
        words.push(list.as_ref().map_or(0, Allocation::address));
        words.extend(launch.inputs.iter().map(|address| self.aligned(*address)));
        words.extend(launch.outputs);
        let parameters = if shape.indirect { Some(self.uploaded(launch.parameters)?) } else { None };
        match &parameters {
            Some(memory) => words.push(memory.address()),
            None => pack(launch.parameters, &mut words),
        }

        self.run(&name, [division.blocks, division.parts as u32], shape.threads, &words)?;
        if let Some(state) = &state {
            let (merge, blocks) = (format!("{name}_merge"), blocks(rows, shape.threads as usize)?);
            if let Some(groups) = groups {
                self.run(&merge, [blocks, groups], shape.threads, &words)?;
                // The groups are the parts now.
                let behind = bytes(rows, division.parts * shape.state, size_of::<T>())?;
                (words[3], words[4]) = (u64::from(groups), state.address() + behind as u64);
            }
            self.run(&merge, [blocks, 1], shape.threads, &words)?;
        }
        Ok(())
    }

    /// The sum over all rows of a result, on the host; zeros for no rows.
    ///
    /// # Errors
    /// Those of [`launch`](Self::launch), and [`Error::DeviceLost`] if what computes the result failed.
    pub fn total<T: Real, const D: usize>(&self, of: &impl Numbers<T>, rows: usize) -> Result<[T; D], Error> {
        let mut total = [0.0; D];
        if rows > 0 {
            let chunks = (rows / LEAST_CHUNK).clamp(1, CHUNKS);
            let mut sums = self.sums(T::NAME, of.start(), rows, D, chunks)?;
            if chunks > 1 {
                sums = self.sums(f64::NAME, sums.address(), chunks, D, 1)?;
            }
            let (Place { stream, .. }, _) = self.place()?;
            stream.synchronize().and_then(|()| sums.download(&mut total)).map_err(failure::driver)?;
        }
        Ok(total.map(T::from_f64))
    }

    /// The sums, as `f64`, over chunks of the rows of a result of type `name`.
    fn sums(&self, name: &str, of: u64, rows: usize, dim: usize, chunks: usize) -> Result<Allocation, Error> {
        let (Place { stream, .. }, _) = self.place()?;
        let bytes = bytes(chunks, dim, size_of::<f64>())?;
        let sums = Allocation::in_order(stream, bytes).map_err(|f| failure::allocation(f, bytes))?;
        let words = [rows as u64, dim as u64, of, sums.address()];
        self.run(&format!("keops_total_{name}"), [blocks(dim, 1)?, chunks as u32], THREADS, &words)?;
        Ok(sums)
    }

    /// Adds numbers to others, both on the device: to += from.
    ///
    /// # Errors
    /// Those of [`launch`](Self::launch).
    pub fn add<T: Real>(&self, to: u64, from: u64, len: usize) -> Result<(), Error> {
        if len == 0 {
            return Ok(());
        }
        let blocks = blocks(len, THREADS as usize)?;
        self.run(&format!("keops_add_{}", T::NAME), [blocks, 1], THREADS, &[len as u64, to, from])
    }

    /// The address of an argument, or of its aligned copy.
    fn aligned(&self, address: u64) -> u64 {
        let copy = self.aligned.iter().find(|(argument, _)| *argument == address);
        copy.map_or(address, |(_, memory)| memory.address())
    }

    /// Parameters, or a list of ranges, in memory of the device.
    fn uploaded<E: Element>(&self, numbers: &[E]) -> Result<Allocation, Error> {
        let (Place { stream, .. }, _) = self.place()?;
        let bytes = size_of_val(numbers);
        let memory = Allocation::in_order(stream, bytes).map_err(|f| failure::allocation(f, bytes))?;
        stream.upload(&memory, numbers).map_err(failure::driver)?;
        Ok(memory)
    }

    /// Gives a kernel to the stream.
    fn run(&self, name: &str, grid: [u32; 2], threads: u32, words: &[u64]) -> Result<(), Error> {
        let (Place { stream, ready }, ptx) = self.place()?;
        let context = stream.context();
        let kernel = context
            .function(ptx, name)
            .map_err(|refused| failure::loading(refused, self.function, ptx, context.ordinal()))?;
        let launched = stream.launch(&kernel, grid, threads, words);
        launched.and_then(|()| ready.record(stream)).map_err(failure::driver)
    }
}
