//! Results in memory of the caller: the kernel writes them there, and what does not fit is an error before it runs.

use cust::memory::{CopyDestination, DeviceBuffer};
use cust::stream::{Stream, StreamFlags};
use keops::cuda::{Call, Cuda, Device, DeviceColumn, DevicePoints, DeviceRows, on_stream};
use keops::memory::Results;
use keops::{Destination, Error, Memory, Options, Parameter, Points};

use crate::common::{cust_context, own_device, points};
use crate::dot::{DOT, Dot, PTX, dot, into};

const P: [f32; 3] = [1.0, 0.0, 0.0];

/// Results of two rows, both 7 so far.
fn results(device: &Device) -> (DeviceColumn<f32>, DeviceColumn<usize>) {
    let (x, y) = (device.upload(&[[7.0f32, 0.0]; 2]).unwrap(), device.upload(&[[1.0, 0.0]; 1]).unwrap());
    let (sums, counts) = dot(&x, &y, P).unwrap();
    assert_eq!((sums.download().unwrap(), counts.download().unwrap()), (vec![7.0; 2], vec![1; 2]));
    (sums, counts)
}

#[test]
fn memory_in_every_spelling() {
    let (simulated, device) = own_device();
    let _context = cust_context(&device);
    let (x, y) = (points::<f32>(3, 1), points::<f32>(700, 2));
    let (expected, counted) = dot(&x, &y, P).unwrap();
    let (x, y) = (device.upload(&x).unwrap(), device.upload(&y).unwrap());
    let mut counts = DeviceBuffer::from_slice(&[0usize; 3]).unwrap();

    let mut column = device.upload_column(&[0.0f32; 3]).unwrap();
    let mut rows = device.upload(&[[0.0f32]; 3]).unwrap();
    let mut flat = DeviceBuffer::from_slice(&[9.0f32; 3]).unwrap();
    let mut arrays = DeviceBuffer::from_slice(&[[9.0f32]; 3]).unwrap();
    let long = DeviceBuffer::from_slice(&[9.0f32; 5]).unwrap();
    let launches = simulated.statistics().launches;
    let in_use = simulated.memory_in_use();
    into((&mut column, &mut counts), &x, &y, P).unwrap();
    into((&mut rows, &mut counts), &x, &y, P).unwrap();
    into((&mut flat, &mut counts), &x, &y, P).unwrap();
    into((&mut arrays, &mut counts), &x, &y, P).unwrap();
    // A part that is aligned for numbers only.
    into((&mut long.index(1..4), &mut counts), &x, &y, P).unwrap();
    device.synchronize().unwrap();
    assert_eq!(simulated.statistics().launches - launches, 5 * 2, "a kernel and its merge, and no copy");
    assert_eq!(simulated.memory_in_use(), in_use, "nothing is allocated");

    assert_eq!(column.download().unwrap(), expected);
    assert_eq!(rows.download().unwrap().as_flattened(), expected);
    let (mut copy, mut copies, mut all, mut number) = ([0.0; 3], [[0.0]; 3], [0.0; 5], [0; 3]);
    flat.copy_to(&mut copy).unwrap();
    arrays.copy_to(&mut copies).unwrap();
    long.copy_to(&mut all).unwrap();
    counts.copy_to(&mut number).unwrap();
    assert_eq!((&copy[..], copies.as_flattened()), (&expected[..], &expected[..]));
    assert_eq!((all[0], &all[1..4], all[4]), (9.0, &expected[..], 9.0));
    assert_eq!(number.to_vec(), counted);
}

#[test]
fn another_number_of_rows() {
    let (simulated, device) = own_device();
    let _context = cust_context(&device);
    let (x, y) = (device.upload(&points::<f32>(3, 1)).unwrap(), device.upload(&points(4, 2)).unwrap());
    let (mut sums, mut counts) = results(&device);
    let launches = simulated.statistics().launches;
    let wrong = |result, len| Err(Error::ResultLen { result, len, wanted: 3 });
    assert_eq!(into((&mut sums, &mut counts), &x, &y, P), wrong("result.0", 2));
    let mut right = DeviceBuffer::from_slice(&[0.0f32; 3]).unwrap();
    assert_eq!(into((&mut right, &mut counts), &x, &y, P), wrong("result.1", 2));
    let mut long = DeviceBuffer::from_slice(&[0usize; 4]).unwrap();
    assert_eq!(into((&mut right, &mut long), &x, &y, P), wrong("result.1", 4));
    device.synchronize().unwrap();
    assert_eq!(simulated.statistics().launches, launches);
    assert_eq!((sums.download().unwrap(), counts.download().unwrap()), (vec![7.0; 2], vec![1; 2]));
}

#[test]
fn no_rows() {
    let (simulated, device) = own_device();
    let none = device.upload::<f32, 2>(&[]).unwrap();
    let y = device.upload(&points::<f32>(4, 2)).unwrap();
    let (mut sums, mut counts) = dot(&none, &y, P).unwrap();
    into((&mut sums, &mut counts), &none, &y, P).unwrap();
    assert_eq!(simulated.statistics().launches, 0);
    let (mut sums, mut counts) = results(&device);
    let error = Error::ResultLen { result: "result.0", len: 2, wanted: 0 };
    assert_eq!(into((&mut sums, &mut counts), &none, &y, P), Err(error));
}

#[test]
fn memory_of_another_device() {
    let ((_, first), (simulated, second)) = (own_device(), own_device());
    let x = first.upload(&points::<f32>(2, 1)).unwrap();
    let (mut here, mut counts_here) = results(&first);
    let (mut there, mut counts_there) = results(&second);
    let launches = simulated.statistics().launches;
    let error = |argument_b| {
        let (device_a, device_b) = (first.ordinal(), second.ordinal());
        Err(Error::DifferentDevices { argument_a: "x_i", device_a, argument_b, device_b })
    };
    assert_eq!(into((&mut there, &mut counts_here), &x, &x, P), error("result.0"));
    assert_eq!(into((&mut here, &mut counts_there), &x, &x, P), error("result.1"));
    let _context = cust_context(&second);
    let mut buffer = DeviceBuffer::from_slice(&[0.0f32; 2]).unwrap();
    assert_eq!(into((&mut buffer, &mut counts_here), &x, &x, P), error("result.0"));
    assert_eq!(simulated.statistics().launches, launches);
}

#[test]
fn memory_that_the_call_reads_or_writes_already() {
    let (simulated, device) = own_device();
    let _context = cust_context(&device);
    let buffer = DeviceBuffer::from_slice(&[1.0f32; 16]).unwrap();
    let (x, mut counts) = (buffer.index(4..8), results(&device).1);
    let y = device.upload(&points::<f32>(4, 2)).unwrap();
    let launches = simulated.statistics().launches;
    for range in [3..5, 4..6, 7..9] {
        let error = Error::Overlap { result: "result.0", other: "x_i" };
        let result = into((&mut buffer.index(range), &mut counts), &x, &y, P);
        assert_eq!(result, Err(error.clone()));
        let message = error.to_string();
        assert!(message.contains("`result.0`") && message.contains("`x_i`"), "{message}");
    }
    // The same numbers as a result of keops and as an address.
    let mut rows: DeviceRows<f32, 1> = device.upload(&[[1.0], [2.0]]).unwrap();
    // SAFETY: the rows outlive the call, which is not to run.
    let one = unsafe { DevicePoints::<f32, 2>::from_raw(rows.as_device_ptr(), 1) };
    let mut count = DeviceBuffer::from_slice(&[0usize; 2]).unwrap();
    let error = Error::Overlap { result: "result.0", other: "y_j" };
    assert_eq!(into((&mut rows, &mut count), &x, one, P), Err(error));
    // Two results.
    let both = DeviceBuffer::from_slice(&[0.0f64; 4]).unwrap();
    let start = both.as_device_ptr();
    // SAFETY: eight numbers of 4 bytes and four of 8 are in the buffer, which outlives both; nothing is to be written.
    let (mut sums, mut counted) = unsafe {
        (
            cust::memory::DeviceSlice::<f32>::from_raw_parts(start.cast(), 2),
            cust::memory::DeviceSlice::<usize>::from_raw_parts(start.cast(), 2),
        )
    };
    let error = Error::Overlap { result: "result.0", other: "result.1" };
    assert_eq!(into((&mut sums, &mut counted), &x, &y, P), Err(error));
    device.synchronize().unwrap();
    assert_eq!(simulated.statistics().launches, launches);

    // Beside the argument is as good as elsewhere.
    into((&mut buffer.index(2..4), &mut count), &x, &y, P).unwrap();
    into((&mut buffer.index(8..10), &mut count), &x, &y, P).unwrap();
    device.synchronize().unwrap();
}

/// Work runs in the simulator when it is waited for: a stream that did not wait for another would be overtaken.
#[test]
fn results_of_other_streams_are_waited_for() {
    let (_, first) = own_device();
    let second = Device::new(first.ordinal()).unwrap();
    let x = first.upload(&[[1.0f32, 2.0], [3.0, 4.0]]).unwrap();
    let other = second.upload(&[[1.0f32, 1.0], [2.0, 0.0]]).unwrap();
    let (mut sums, mut counts) = dot(&x, &x, P).unwrap();
    // The second stream writes over what the first has not written yet, and then the other way round.
    into((&mut sums, &mut counts), &other, &other, P).unwrap();
    assert_eq!(sums.download().unwrap(), [2.0 + 2.0, 2.0 + 4.0]);
    first.synchronize().unwrap();
    assert_eq!(sums.download().unwrap(), [2.0 + 2.0, 2.0 + 4.0], "the first stream came before");
    into((&mut sums, &mut counts), &other, &x, P).unwrap();
    into((&mut sums, &mut counts), &x, &other, P).unwrap();
    assert_eq!(sums.download().unwrap(), [3.0 + 2.0, 7.0 + 6.0]);
    second.synchronize().unwrap();
    assert_eq!(sums.download().unwrap(), [3.0 + 2.0, 7.0 + 6.0], "the second stream came before");
}

/// A column that another stream still reads is not overwritten.
#[test]
fn what_another_stream_reads_is_not_overwritten() {
    let (_, first) = own_device();
    let second = Device::new(first.ordinal()).unwrap();
    let x = first.upload(&[[1.0f32, 2.0], [3.0, 4.0]]).unwrap();
    for given_away in [false, true] {
        let (mut sums, mut counts) = dot(&x, &x, P).unwrap();
        let copy = second.upload_column(&[1.0f32, 1.0]).unwrap();
        if given_away {
            // To work that keops does not know of.
            sums.synchronize().unwrap();
            let _address = sums.as_device_ptr();
        }
        {
            let (to, from) = (&copy, &sums);
            let views = [to.view("to").unwrap(), from.view("from").unwrap()];
            let call = Call::new("add", Some(PTX), &views[..1 + usize::from(!given_away)]).unwrap();
            call.add::<f32>(copy.address(), sums.address(), 2).unwrap();
        }
        into((&mut sums, &mut counts), &x, &unit(&first), P).unwrap();
        assert_eq!(
            copy.download().unwrap(),
            [17.0, 37.0],
            "read on the second stream before it was overwritten"
        );
        assert_eq!(sums.download().unwrap(), [1.0, 3.0]);
    }
}

/// The point (1, 0).
fn unit(device: &Device) -> DeviceRows<f32, 2> {
    device.upload(&[[1.0, 0.0]]).unwrap()
}

#[test]
fn on_a_stream_of_the_program() {
    let (simulated, device) = own_device();
    let context = cust_context(&device);
    let stream = Stream::new(StreamFlags::DEFAULT, None).unwrap();
    let x = device.upload(&[[1.0f32, 2.0], [3.0, 4.0]]).unwrap();
    let mut sums = DeviceBuffer::from_slice(&[0.0f32; 2]).unwrap();
    let (mut own, mut counts) = results(&device);
    on_stream(&stream, || into((&mut sums, &mut counts), &x, &x, P)).unwrap();
    on_stream(&stream, || into((&mut own, &mut counts), &x, &x, P)).unwrap();
    stream.synchronize().unwrap();
    let mut copy = [0.0; 2];
    sums.copy_to(&mut copy).unwrap();
    assert_eq!((copy, own.download().unwrap()), ([16.0, 36.0], vec![16.0, 36.0]));
    drop(stream);
    // Results outlive the stream that wrote them last.
    into((&mut own, &mut counts), &x, &unit(&device), P).unwrap();
    assert_eq!(own.download().unwrap(), [1.0, 3.0]);
    drop((x, sums, own, counts, context));
    assert_eq!(simulated.memory_in_use(), (0, 0));
}

#[test]
fn no_kernel_was_compiled() {
    let (_, device) = own_device();
    let x = device.upload(&[[1.0f32, 2.0], [3.0, 4.0]]).unwrap();
    let (mut sums, mut counts) = results(&device);
    let (mut of_sums, mut of_counts) = (&mut sums, &mut counts);
    let results = Results {
        values: &mut [Destination::<1, f32, Cuda>::slot(&mut of_sums, "result.0").unwrap()],
        indices: &mut [Destination::<1, usize, Cuda>::slot(&mut of_counts, "result.1").unwrap()],
        totals: &mut [],
    };
    let (points, p) = (&x, &P);
    let p = Parameter::<3, f32, Cuda>::view(&p, "p").unwrap();
    let arguments = [points.view("x_i").unwrap(), points.view("y_j").unwrap(), p];
    let error = Cuda::evaluate(&Dot { ptx: None, ..DOT }, &arguments, Options::new(), results);
    assert_eq!(error, Err(Error::NoKernel { function: "dot" }));
    assert_eq!(sums.download().unwrap(), [7.0; 2]);
}
