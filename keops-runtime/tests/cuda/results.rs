//! Results: the same as on the host, whatever the numbers of points.

use cust::memory::{CopyDestination, DeviceBuffer};
use keops::cuda::{Call, Device, DeviceColumn};
use keops::{Error, Points, Real};

use crate::common::{cust_context, own_device, points};
use crate::dot::{DOT, Dot, PTX, dot, dot_of};

/// Runs on the device and on the host. Products are multiples of 1/64 below 2²⁰, so both are exact and equal.
fn compare<T: Real>(device: &Device, rows: usize, columns: usize, formula: Dot, upload: Upload<T>)
where
    for<'a> &'a Vec<[T; 2]>: keops::Points<2, T, keops::Host>,
    for<'a> &'a keops::cuda::DeviceRows<T, 2>: keops::Points<2, T, keops::cuda::Cuda>,
    [T; 3]: keops::Parameter<3, T, keops::Host> + keops::Parameter<3, T, keops::cuda::Cuda>,
{
    let (x, y) = (points::<T>(rows, 3), points::<T>(columns, 7));
    let p = [0.5, 1.0, -3.0].map(T::from_f64);
    let (dx, dy) = (upload(device, &x), upload(device, &y));
    let (sums, counts) = dot_of(formula, &dx, &dy, p).expect("the call is right");
    let expected = dot_of(formula, &x, &y, p).expect("the call is right");
    let got = (sums.download().expect("it was computed"), counts.download().expect("it was computed"));
    assert_eq!(got, expected, "{rows} by {columns} in {}", T::NAME);
}

type Upload<T> = fn(&Device, &[[T; 2]]) -> keops::cuda::DeviceRows<T, 2>;

#[test]
fn sizes_around_the_limits_of_blocks_and_parts() {
    let (_, device) = own_device();
    for rows in [1, 31, 32, 33, 100] {
        // One part; two of 350 columns; five, the last one shorter; 35, which are merged in two groups.
        for columns in [1, 5, 64, 257, 700, 1501, 9000] {
            compare::<f32>(&device, rows, columns, DOT, |d, x| d.upload(x).expect("there is memory"));
            compare::<f64>(&device, rows, columns, DOT, |d, x| d.upload(x).expect("there is memory"));
        }
    }
}

#[test]
fn parameters_in_memory_of_the_device() {
    let (simulated, device) = own_device();
    let indirect = Dot { indirect: true, ..DOT };
    for columns in [5, 700] {
        compare::<f32>(&device, 40, columns, indirect, |d, x| d.upload(x).expect("there is memory"));
        compare::<f64>(&device, 40, columns, indirect, |d, x| d.upload(x).expect("there is memory"));
    }
    assert_eq!(simulated.memory_in_use(), (0, 0), "nothing is left behind");
}

/// Waiting for a result does not return memory to the system that the next call needs again.
#[test]
fn freed_memory_stays_with_the_device() {
    let (simulated, _device) = own_device();
    assert_eq!(simulated.release_threshold(), u64::MAX);
    assert_eq!(keops_cuda_sim::device(1000).release_threshold(), 0, "of a device that nobody uses");
}

#[test]
fn no_rows_need_no_device() {
    let nothing = Vec::<[f32; 2]>::new();
    let (_, device) = own_device();
    let (x, y) = (device.upload(&nothing).unwrap(), device.upload(&[[1.0, 2.0]]).unwrap());
    for formula in [DOT, Dot { ptx: None, ..DOT }] {
        let (sums, counts) = dot_of(formula, &x, &y, [1.0; 3]).expect("nothing is to be done");
        assert_eq!((sums.download().unwrap(), counts.download().unwrap()), (vec![], vec![]));
        assert_eq!((sums.rows(), sums.is_empty(), sums.device()), (0, true, None));
    }
    let call = Call::new::<f32>("nothing", None, &[]).unwrap();
    assert_eq!(call.total::<f32, 2>(&call.rows::<f32, 2>(0).unwrap(), 0), Ok([0.0; 2]));
}

#[test]
fn no_columns_give_the_neutral_element() {
    let (_, device) = own_device();
    let (x, y) = (device.upload(&points::<f32>(3, 0)).unwrap(), device.upload::<f32, 2>(&[]).unwrap());
    let (sums, counts) = dot(&x, &y, [1.0, 2.0, 3.0]).expect("an empty sum has a value");
    assert_eq!((sums.download().unwrap(), counts.download().unwrap()), (vec![5.0; 3], vec![0; 3]));
}

#[test]
fn arguments_by_value_are_one_expression() {
    let (_, device) = own_device();
    let gamma = |x: &[[f32; 2]]| -> Result<Vec<f32>, Error> {
        dot(device.upload(x)?, device.upload_flat(&[1.0, 0.0, 0.0, 2.0])?, [1.0, 0.0, 0.0])?.0.download()
    };
    assert_eq!(gamma(&[[3.0, 4.0]]), Ok(vec![3.0 + 8.0]));
    let error = device.upload_flat::<f32, 2>(&[1.0, 2.0, 3.0]).map(drop);
    assert_eq!(error, Err(Error::NotMultiple { argument: "numbers", len: 3, dim: 2 }));
}

#[test]
fn a_result_is_an_argument_and_a_parameter() {
    let (_, device) = own_device();
    let x = device.upload(&[[1.0f64, 2.0]]).unwrap();
    let p = device.upload(&[[2.0, 0.0, 1.0]]).unwrap();
    let (sums, _) = dot(&x, &x, &p).unwrap();
    let mut sum = [0.0];
    sums.download_into(&mut sum).unwrap();
    assert_eq!(sum, [11.0]);
    let two = device.upload(&[[0.0f64; 3]; 2]).unwrap();
    let error = dot(&x, &x, &two).map(drop);
    assert_eq!(error, Err(Error::ExpectedLen { argument: "p", len: 6, dim: 3 }));
}

fn totals<T: Real>(device: &Device)
where
    for<'a> &'a DeviceColumn<T>: keops::Points<1, T, keops::cuda::Cuda>,
{
    let numbers: Vec<T> = (0..300).map(|n| T::from_f64(n.into())).collect();
    let column = device.upload_column(&numbers).unwrap();
    let pairs = device.upload_flat::<T, 2>(&numbers).unwrap();
    let argument = &column;
    let view = argument.view("x_i").unwrap();
    let call = Call::new("totals", Some(PTX), std::slice::from_ref(&view)).unwrap();
    // 0 + 1 + … + 299, its even and its odd terms.
    assert_eq!(call.total::<T, 1>(&column, 300), Ok([44_850.0].map(T::from_f64)));
    assert_eq!(call.total::<T, 2>(&pairs, 150), Ok([22_350.0, 22_500.0].map(T::from_f64)));
    // More than two chunks of rows.
    let many: Vec<T> = (0..20_001).map(|n| T::from_f64((n % 3).into())).collect();
    let (column, pairs) = (device.upload_column(&many).unwrap(), device.upload_flat::<T, 3>(&many).unwrap());
    assert_eq!(call.total::<T, 1>(&column, 20_001), Ok([20_001.0].map(T::from_f64)));
    assert_eq!(call.total::<T, 3>(&pairs, 6667), Ok([0.0, 6667.0, 13_334.0].map(T::from_f64)));

    let column = device.upload_column(&numbers).unwrap();
    let twice = device.upload_column(&numbers).unwrap();
    call.add::<T>(twice.address(), column.address(), 299).unwrap();
    let twice = twice.download().unwrap();
    assert_eq!((twice[298], twice[299]), (T::from_f64(596.0), T::from_f64(299.0)));
}

#[test]
fn totals_and_sums_of_results() {
    let (_, device) = own_device();
    totals::<f32>(&device);
    totals::<f64>(&device);
}

#[test]
fn results_go_to_memory_of_the_program() {
    let (_, device) = own_device();
    let _context = cust_context(&device);
    let x = device.upload(&points::<f32>(3, 1)).unwrap();
    let (sums, counts) = dot(&x, &x, [1.0; 3]).unwrap();
    let mut on_device = DeviceBuffer::from_slice(&[0.0f32; 5]).unwrap();
    sums.copy_to(&mut on_device.index(1..4)).unwrap();
    let (mut copy, mut on_host) = ([0.0; 5], [0.0; 3]);
    on_device.copy_to(&mut copy).unwrap();
    sums.download_into(&mut on_host).unwrap();
    assert_eq!((copy[0], &copy[1..4], copy[4]), (0.0, &on_host[..], 0.0));

    let wrong = Err(Error::ResultLen { result: "rows", len: 5, wanted: 3 });
    assert_eq!(sums.copy_to(&mut on_device), wrong);
    assert_eq!(sums.download_into(&mut copy), wrong);
    assert_eq!(counts.download_into(&mut [0; 5]), wrong);
    let (_, other) = own_device();
    let _context = cust_context(&other);
    let mut there = DeviceBuffer::from_slice(&[0.0f32; 3]).unwrap();
    let error = sums.copy_to(&mut there);
    assert!(matches!(error, Err(Error::DifferentDevices { argument_b: "slice", .. })), "{error:?}");
}

#[test]
fn nothing_is_left_behind() {
    let (simulated, device) = own_device();
    for columns in [3, 300] {
        let (x, y) =
            (device.upload(&points::<f32>(9, 1)).unwrap(), device.upload(&points(columns, 2)).unwrap());
        let results = dot(&x, &y, [1.0; 3]).unwrap();
        drop((x, y));
        assert_eq!(
            results.1.download().unwrap(),
            vec![columns; 9],
            "arguments may go before their results are there"
        );
        drop(results);
        assert_eq!(simulated.memory_in_use(), (0, 0));
    }
}
