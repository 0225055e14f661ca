//! Contexts in threads, and streams.

use cust::context::{Context, CurrentContext};
use cust::error::CudaError;
use cust::memory::{AsyncCopyDestination, DeviceBuffer, LockedBuffer};
use cust::stream::{Stream, StreamFlags};
use keops::cuda::{Call, Device, DevicePoints, on_stream};
use keops::{Error, Points};

use crate::common::{cust_context, own_device, points};
use crate::dot::{PTX, dot, into, on};

#[test]
fn eight_threads_share_a_device() {
    let (simulated, device) = own_device();
    let (x, y) = (points::<f32>(50, 3), points::<f32>(100, 4));
    let expected = dot(&x, &y, [1.0, 0.0, 0.0]).unwrap().0;
    let shared = device.upload(&y).unwrap();
    let results: Vec<_> = std::thread::scope(|scope| {
        let work = || {
            let sums = dot(device.upload(&x)?, &shared, [1.0, 0.0, 0.0])?.0;
            assert_eq!(sums.download()?, expected);
            assert_eq!(CurrentContext::get_device().map(drop), Err(CudaError::InvalidContext), "as it was");
            Ok(sums)
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(work)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("it does not panic"))
            .collect::<Result<_, Error>>()
    })
    .expect("all calls are right");
    // Results may be fetched and dropped where they were not made.
    assert!(results.iter().all(|sums| sums.download().unwrap() == expected));
    drop((results, shared));
    assert_eq!(simulated.memory_in_use(), (0, 0));
}

/// Each context has kernels of its own. A kernel of another one is an invalid handle, and memory of another device one
/// that the simulator stops at.
#[test]
fn several_devices_in_one_thread_and_in_several() {
    let devices: Vec<_> = (0..3).map(|_| own_device()).collect();
    let (x, y) = (points::<f32>(50, 3), points::<f32>(600, 4));
    let expected = dot(&x, &y, [1.0, 0.0, 0.0]).unwrap().0;
    // In turn, twice, so that kernels loaded before are used.
    for _ in 0..2 {
        let uploaded: Vec<_> = devices
            .iter()
            .map(|(_, device)| (device.upload(&x).unwrap(), device.upload(&y).unwrap()))
            .collect();
        let results: Vec<_> = uploaded.iter().map(|(x, y)| dot(x, y, [1.0, 0.0, 0.0]).unwrap().0).collect();
        for ((_, device), sums) in devices.iter().zip(&results) {
            assert_eq!(sums.device(), Some(device.ordinal()));
            assert_eq!(sums.download().unwrap(), expected);
        }
    }
    // Two threads a device, which also compute slices.
    std::thread::scope(|scope| {
        for (_, device) in devices.iter().cycle().take(6) {
            scope.spawn(|| {
                for _ in 0..3 {
                    let (x, y) = (device.upload(&x).unwrap(), device.upload(&y).unwrap());
                    let (mut sums, mut counts) = dot(&x, &y, [1.0, 0.0, 0.0]).unwrap();
                    into((&mut sums, &mut counts), &x, &y, [1.0, 0.0, 0.0]).unwrap();
                    assert_eq!(sums.download().unwrap(), expected);
                }
                assert_eq!(on(device, &x, &y, [1.0, 0.0, 0.0]).unwrap().0, expected);
            });
        }
    });
    for (simulated, _) in &devices {
        // A kernel and its merge in 2 calls in turn, and in 7 of each of two threads.
        assert_eq!(simulated.statistics().launches, 2 * (2 + 2 * 7));
        assert_eq!(simulated.memory_in_use(), (0, 0));
    }
}

#[test]
fn the_context_of_a_thread_stays() {
    let ((_, first), (_, second)) = (own_device(), own_device());
    let _context = cust_context(&first);
    let x = second.upload(&[[1.0f32, 2.0]]).unwrap();
    dot(&x, &x, [1.0; 3]).unwrap().0.download().unwrap();
    drop(x);
    assert_eq!(CurrentContext::get_device().map(|device| device.as_raw()), Ok(first.ordinal() as i32));
}

/// On the simulator's clock an instruction of a warp takes a nanosecond.
#[test]
fn work_is_timed_by_the_device() {
    let (_, device) = own_device();
    let x = device.upload(&points::<f32>(40, 3)).unwrap();
    let call = |columns| {
        let y = device.upload(&points::<f32>(columns, 4)).unwrap();
        device.time(|| dot(&x, &y, [1.0, 0.0, 0.0]))
    };
    let ((few, _), short) = call(10).unwrap();
    let ((many, _), long) = call(200).unwrap();
    assert_eq!(
        few.download().unwrap(),
        dot(&points::<f32>(40, 3), &points(10, 4), [1.0, 0.0, 0.0]).unwrap().0
    );
    assert_eq!(many.rows(), 40);
    assert!(short.as_nanos() > 0 && long > 4 * short, "{short:?} {long:?}");
    let error = Error::NoKernel { function: "none" };
    assert_eq!(device.time(|| Err::<(), _>(error.clone())), Err(error));
}

/// Work runs in the simulator when it is waited for, and a read of what is not written yet stops it. So this shows that a
/// stream waits for another that writes an argument.
#[test]
fn results_of_one_stream_are_arguments_on_another() {
    let (_, first) = own_device();
    let second = Device::new(first.ordinal()).unwrap();
    let x = first.upload(&[[1.0f32, 2.0], [3.0, 4.0]]).unwrap();
    let y = second.upload(&[[1.0f32, 1.0]]).unwrap();
    // Freeing the counts would wait for the device.
    let (sums, _counts) = dot(&x, &x, [1.0, 0.0, 0.0]).unwrap();
    let (of_second, of_first) = (&y, &sums);
    let views = [of_second.view("y_j").unwrap(), of_first.view("x_i").unwrap()];
    // It runs on the stream of its first argument.
    let call = Call::new("total", Some(PTX), &views).unwrap();
    assert_eq!(call.total::<f32, 1>(&sums, 2), Ok([5.0 + 11.0 + 11.0 + 25.0]));
}

/// The simulator stops at a read of memory that is freed.
#[test]
fn memory_that_another_stream_reads_is_not_freed() {
    let (_, first) = own_device();
    let second = Device::new(first.ordinal()).unwrap();
    let x = first.upload(&[[1.0f32, 2.0], [3.0, 4.0]]).unwrap();
    let y = second.upload(&[[1.0f32, 1.0]]).unwrap();
    let (sums, _counts) = dot(&y, &x, [1.0, 0.0, 0.0]).unwrap();
    drop(x);
    assert_eq!(sums.download().unwrap(), [10.0]);

    let x = first.upload(&[[1.0f32, 2.0], [3.0, 4.0]]).unwrap();
    // SAFETY: what still reads it is waited for when it is freed.
    let at = unsafe { DevicePoints::<f32, 2>::from_raw(x.as_device_ptr(), 2) };
    let (sums, _counts) = dot(&y, at, [1.0, 0.0, 0.0]).unwrap();
    drop(x);
    assert_eq!(sums.download().unwrap(), [10.0]);
}

#[test]
fn calls_on_a_stream_of_the_program() {
    let (_, device) = own_device();
    let context = cust_context(&device);
    let stream = Stream::new(StreamFlags::DEFAULT, None).unwrap();
    let locked = LockedBuffer::from_slice(&[1.0f32, 2.0, 3.0, 4.0]).unwrap();
    // SAFETY: nothing but the stream's work reads it before it is written.
    let mut x = unsafe { DeviceBuffer::<f32>::uninitialized(4) }.unwrap();
    // SAFETY: both buffers outlive the stream's work.
    unsafe { x.async_copy_from(&locked[..], &stream) }.unwrap();
    let y = device.upload(&[[1.0f32, 1.0]]).unwrap();
    // The copy has not been done: the call comes after it on the stream.
    let sums = on_stream(&stream, || Ok(dot(&x, &y, [1.0, 0.0, 0.0])?.0)).unwrap();
    // What the call computes outlives the stream.
    drop(stream);
    assert_eq!(sums.download().unwrap(), [3.0, 7.0]);
    drop((sums, x, locked, context));
}

/// What a call needs for itself is freed in the order of its stream, also where the program keeps that: work of other streams
/// goes on.
#[test]
fn a_call_on_a_stream_of_the_program_waits_for_no_other() {
    let (simulated, device) = own_device();
    let context = cust_context(&device);
    let stream = Stream::new(StreamFlags::DEFAULT, None).unwrap();
    let x = DeviceBuffer::from_slice(&[[1.0f32, 2.0]]).unwrap();
    let y = device.upload(&[[1.0f32, 1.0]]).unwrap();
    let (sums, _counts) = dot(&y, &y, [1.0, 0.0, 0.0]).unwrap();
    on_stream(&stream, || {
        let argument = &x;
        let call = Call::new("dot", Some(PTX), &[argument.view("x_i")?])?;
        drop((call.column::<f32>(3)?, call.rows::<f32, 2>(3)?));
        Ok(())
    })
    .unwrap();
    assert_eq!(simulated.statistics().launches, 0, "the device's stream was not waited for");
    assert_eq!(sums.download().unwrap(), [2.0]);
    assert_eq!(simulated.statistics().launches, 1);
    drop((x, stream, context));
}

#[test]
fn streams_of_other_contexts_and_of_none() {
    let ((_, first), (_, second)) = (own_device(), own_device());
    let _first: Context = cust_context(&first);
    let stream = Stream::new(StreamFlags::DEFAULT, None).unwrap();
    let y = second.upload(&[[1.0f32, 1.0]]).unwrap();
    let error = on_stream(&stream, || dot(&y, &y, [1.0; 3]).map(drop));
    assert_eq!(error, Err(Error::OtherStream { argument: "x_i" }));
    dot(&y, &y, [1.0; 3]).expect("the choice ends with the function");
    std::thread::scope(|scope| {
        let without_context = || on_stream(&stream, || Ok(()));
        let result = scope.spawn(without_context).join().expect("it does not panic");
        assert!(
            matches!(result, Err(Error::Driver { call: "cuCtxGetCurrent", code: 201, .. })),
            "{result:?}"
        );
    });
}
