//! Addresses are looked up before a kernel follows them.

use cust::memory::{DeviceBuffer, DevicePointer, DeviceSlice, LockedBuffer};
use keops::cuda::{Call, Cuda, Device, DevicePoints, DeviceRows};
use keops::{Error, Points};

use crate::common::{cust_context, own_device};
use crate::dot::dot;

/// Points at an address. The tests pass wrong ones: the calls are to find that out.
fn at(address: u64, rows: usize) -> DevicePoints<'static, f32, 2> {
    // SAFETY: what is promised here the calls check, apart from how long the memory lives: it outlives them in all tests
    // but the one of freed memory, where no kernel runs.
    unsafe { DevicePoints::from_raw(DevicePointer::from_raw(address), rows) }
}

fn y(device: &Device) -> DeviceRows<f32, 2> {
    device.upload(&[[1.0, 1.0]]).expect("there is memory")
}

/// Why an address is refused.
fn why(device: &Device, points: DevicePoints<'_, f32, 2>) -> &'static str {
    match dot(points, &y(device), [1.0; 3]) {
        Err(Error::DevicePointer { argument: "x_i", why }) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_no_memory_of_a_device() {
    let (simulated, device) = own_device();
    let _context = cust_context(&device);
    let host = [1.0f32; 8];
    assert!(why(&device, at(0, 4)).contains("null"));
    assert!(why(&device, at(host.as_ptr() as u64, 4)).contains("no memory there: upload it"));
    let freed = DeviceBuffer::from_slice(&host).unwrap().as_device_ptr().as_raw();
    assert!(why(&device, at(freed, 4)).contains("not freed"));
    assert_eq!(simulated.statistics().launches, 0);
}

/// The driver knows memory that it has locked, and a device could even read it, slowly: it is refused all the same.
#[test]
fn locked_memory_of_the_host() {
    let (simulated, device) = own_device();
    let _context = cust_context(&device);
    let locked = LockedBuffer::from_slice(&[1.0f32; 8]).unwrap();
    let (start, inside) = (locked.as_ptr() as u64, locked[2..].as_ptr() as u64);
    for points in [at(start, 4), at(inside, 3)] {
        assert_eq!(why(&device, points), "it is memory of the host: upload it with `Device::upload`");
    }
    let rows = device.upload(&[[1.0f32, 2.0]]).unwrap();
    // SAFETY: the call is to find out that no device owns the memory; both outlive it.
    let mut slice = unsafe { DeviceSlice::from_raw_parts(DevicePointer::from_raw(start), 2) };
    let error = rows.copy_to(&mut slice).unwrap_err();
    assert!(matches!(error, Error::DevicePointer { argument: "slice", .. }), "{error}");
    assert_eq!(simulated.statistics().launches, 0);
}

#[test]
fn memory_that_is_too_short_or_not_aligned_for_numbers() {
    let (simulated, device) = own_device();
    let _context = cust_context(&device);
    let buffer = DeviceBuffer::from_slice(&[1.0f32; 8]).unwrap();
    let start = buffer.as_device_ptr().as_raw();
    assert!(why(&device, at(start, 5)).contains("ends before its last row"));
    assert!(why(&device, at(start + 8, 4)).contains("ends before its last row"));
    assert!(why(&device, at(start, usize::MAX / 4)).contains("ends before its last row"));
    assert!(why(&device, at(start + 2, 3)).contains("multiple of the size"));
    assert_eq!(simulated.statistics().launches, 0);
    dot(at(start, 4), &y(&device), [1.0; 3]).expect("all of it is there");
}

/// Kernels may read vectors, for which memory of a driver is aligned; a part of it need not be.
#[test]
fn a_part_that_is_not_aligned_for_vectors() {
    let (simulated, device) = own_device();
    let _context = cust_context(&device);
    let numbers = [9.0f32, 1.0, 2.0, 3.0, 4.0];
    let buffer = DeviceBuffer::from_slice(&numbers).unwrap();
    let part = buffer.index(1..);
    assert_eq!(part.as_device_ptr().as_raw() % 16, 4);
    let y = device.upload(&[[1.0, 1.0]]).unwrap();
    let (bytes, count) = simulated.memory_in_use();
    let argument = &part;
    let view = Points::<2, f32, Cuda>::view(&argument, "x_i").unwrap();
    let call = Call::new("dot", None, std::slice::from_ref(&view)).unwrap();
    assert_eq!(simulated.memory_in_use(), (bytes + 16, count + 1), "a copy");
    drop(call);
    let (sums, _) = dot(&part, &y, [1.0, 0.0, 0.0]).unwrap();
    assert_eq!(sums.download().unwrap(), [3.0, 7.0]);
    drop(sums);
    assert_eq!(simulated.memory_in_use(), (bytes, count), "the copies are gone");
}

/// Arguments are told apart by their addresses: one copy has to do for all that start there.
#[test]
fn parts_that_start_together_share_the_longest_copy() {
    let (simulated, device) = own_device();
    let _context = cust_context(&device);
    let buffer = DeviceBuffer::from_slice(&[9.0f32, 1.0, 2.0, 3.0, 4.0]).unwrap();
    let (short, long) = (buffer.index(1..3), buffer.index(1..5));
    assert_eq!(short.as_device_ptr(), long.as_device_ptr());
    let sums = |x: &DeviceSlice<f32>, y: &DeviceSlice<f32>| {
        dot(x, y, [1.0, 0.0, 0.0]).unwrap().0.download().unwrap()
    };
    assert_eq!(sums(&short, &long), [5.0 + 11.0]);
    assert_eq!(sums(&long, &short), [5.0, 11.0]);
    let (bytes, count) = simulated.memory_in_use();
    for [a, b] in [[&short, &long], [&long, &short], [&long, &long]] {
        let view = Points::<2, f32, Cuda>::view;
        let call = Call::new("dot", None, &[view(&a, "x_i").unwrap(), view(&b, "y_j").unwrap()]).unwrap();
        assert_eq!(simulated.memory_in_use(), (bytes + 16, count + 1), "one copy of the longer");
        drop(call);
    }
}

#[test]
fn arguments_on_different_devices() {
    let ((_, first), (simulated, second)) = (own_device(), own_device());
    let x = first.upload(&[[1.0f32, 2.0]]).unwrap();
    let error = Error::DifferentDevices {
        argument_a: "x_i",
        device_a: first.ordinal(),
        argument_b: "y_j",
        device_b: second.ordinal(),
    };
    assert_eq!(dot(&x, &y(&second), [1.0; 3]).map(drop), Err(error.clone()));
    let _context = cust_context(&second);
    let buffer = DeviceBuffer::from_slice(&[1.0f32, 1.0]).unwrap();
    assert_eq!(dot(&x, &buffer, [1.0; 3]).map(drop), Err(error));
    assert_eq!(simulated.statistics().launches, 0);
}

#[test]
fn memory_of_another_context_of_the_device() {
    let (_, device) = own_device();
    let number = cust::device::Device::get_device(device.ordinal() as u32).unwrap();
    let flags = cust::context::legacy::ContextFlags::empty();
    let _own = cust::context::legacy::Context::create_and_push(flags, number).unwrap();
    let buffer = DeviceBuffer::from_slice(&[1.0f32; 8]).unwrap();
    assert!(why(&device, at(buffer.as_device_ptr().as_raw(), 4)).contains("context of its own"));
}
