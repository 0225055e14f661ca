//! Map-reduce kernels made by nvcc, against sums on the host in double precision.

use crate::common::{download, module, own_device, random, stream};
use approx::assert_relative_eq;
use cust::launch;
use cust::memory::{DeviceBuffer, DeviceCopy};
use cust::module::Module;

/// Sizes around the edges of blocks and tiles of 64.
const SIZES: [(usize, usize); 7] = [(1, 1), (1, 64), (63, 65), (64, 1), (65, 129), (128, 128), (200, 191)];

/// Runs a kernel of parameters `(x, y, b, out, m, n)`.
fn run<T: DeviceCopy, R: DeviceCopy + Default>(
    module: &Module,
    kernel: &str,
    [x, y, b]: [&[T]; 3],
) -> Vec<R> {
    let (m, n) = (x.len() / 3, b.len());
    let stream = stream();
    let function = module.get_function(kernel).expect("the kernel exists");
    let [x, y, b] = [x, y, b].map(|data| DeviceBuffer::from_slice(data).expect("there is memory"));
    // SAFETY: nothing reads the buffer before the kernel has written it.
    let out = unsafe { DeviceBuffer::<R>::uninitialized(m) }.expect("there is memory");
    let shared = (64 * 4 * size_of::<T>()) as u32;
    // SAFETY: the kernel has these parameters, and the buffers these sizes.
    unsafe {
        launch!(function<<<m.div_ceil(64) as u32, 64, shared, stream>>>(
            x.as_device_ptr(), y.as_device_ptr(), b.as_device_ptr(), out.as_device_ptr(), m as i32, n as i32
        ))
        .expect("the launch is accepted");
    }
    stream.synchronize().expect("the kernel is right");
    download(&out).expect("the kernel wrote everything")
}

fn points(m: usize, n: usize) -> [Vec<f64>; 3] {
    let seed = (m * 1000 + n) as u64;
    [random(seed, 3 * m), random(seed + 1, 3 * n), random(seed + 2, n)]
}

fn single(data: &[f64]) -> Vec<f32> {
    data.iter().map(|value| *value as f32).collect()
}

/// Σ_j exp(−|x_i − y_j|²) b_j for each i.
fn gaussian([x, y, b]: [&[f64]; 3]) -> Vec<f64> {
    let row = |x_i: &[f64]| {
        let terms = y.chunks_exact(3).zip(b).map(|(y_j, b_j)| (-squared_distance(x_i, y_j)).exp() * b_j);
        terms.sum()
    };
    x.chunks_exact(3).map(row).collect()
}

fn squared_distance(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum()
}

fn double(data: &[f32]) -> Vec<f64> {
    data.iter().map(|value| f64::from(*value)).collect()
}

#[test]
fn gaussian_in_single_precision() {
    let (_device, _context) = own_device();
    let module = module!("map_reduce");
    for (m, n) in SIZES {
        let [x, y, b] = points(m, n).map(|data| single(&data));
        let expected = gaussian([&double(&x), &double(&y), &double(&b)]);
        for kernel in ["gaussian_f32", "gaussian_fast"] {
            let result: Vec<f32> = run(&module, kernel, [&x, &y, &b]);
            for (value, exact) in double(&result).iter().zip(&expected) {
                // Rounding errors of up to 200 positive terms, each 2^-24 of the sum, and a few in each
                // exponential.
                assert_relative_eq!(*value, *exact, max_relative = 1e-5);
            }
        }
    }
}

#[test]
fn gaussian_in_double_precision() {
    let (_device, _context) = own_device();
    let module = module!("map_reduce");
    for (m, n) in SIZES {
        let [x, y, b] = points(m, n);
        let result: Vec<f64> = run(&module, "gaussian_f64", [&x, &y, &b]);
        for (value, exact) in result.iter().zip(gaussian([&x, &y, &b])) {
            // As above, with 2^-53.
            assert_relative_eq!(*value, exact, max_relative = 1e-13);
        }
    }
}

#[test]
fn log_sum_exp_whose_lanes_part() {
    let (_device, _context) = own_device();
    let module = module!("map_reduce");
    for (m, n) in SIZES {
        let [x, y, b] = points(m, n).map(|data| single(&data));
        let result: Vec<f32> = run(&module, "log_sum_exp", [&x, &y, &b]);
        for (value, sum) in result.iter().zip(gaussian([&double(&x), &double(&y), &double(&b)])) {
            // Relative errors of the sum, of 1e-5 at most, are absolute ones of its logarithm.
            approx::assert_abs_diff_eq!(f64::from(*value), sum.ln(), epsilon = 1e-5);
        }
    }
}

#[test]
fn nearest_neighbours() {
    let (_device, _context) = own_device();
    let module = module!("map_reduce");
    for (m, n) in SIZES {
        let [x, y, b] = points(m, n);
        let result: Vec<i64> = run(&module, "nearest", [&x, &y, &b]);
        for (x_i, best) in x.chunks_exact(3).zip(result) {
            let distances: Vec<f64> = y.chunks_exact(3).map(|y_j| squared_distance(x_i, y_j)).collect();
            let smallest = distances.iter().copied().fold(f64::INFINITY, f64::min);
            // The kernel fuses products and sums, so that distances within rounding of each other may change
            // places.
            assert_relative_eq!(distances[best as usize], smallest, max_relative = 1e-15);
        }
    }
}

#[test]
fn noise_of_the_exponential_unit_shows_within_its_bound() {
    let (device, _context) = own_device();
    let module = module!("map_reduce");
    let [x, y, b] = points(100, 1).map(|data| single(&data));
    let exact: Vec<f32> = run(&module, "gaussian_fast", [&x, &y, &b]);
    device.configure(|settings| settings.noise = 1);
    let noisy: Vec<f32> = run(&module, "gaussian_fast", [&x, &y, &b]);
    let mut largest = 0f64;
    for (exact, noisy) in double(&exact).iter().zip(double(&noisy)) {
        largest = largest.max((noisy / exact - 1.0).abs());
    }
    // One term each: its exponential errs by 2^-22, or 2^-24 without noise, and each product by 2^-24.
    assert!(largest <= 2f64.powi(-22) + 3.5 * 2f64.powi(-24), "{largest}");
    // More than roundings do.
    assert!(largest > 3.5 * 2f64.powi(-24), "{largest}");
}

/// Each test has a device of its own, but tests may share one: contexts and launches from several threads.
#[test]
fn threads_share_a_device() {
    let (device, context) = own_device();
    let before = device.statistics().launches;
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let context = &context;
            scope.spawn(move || {
                cust::context::CurrentContext::set_current(context).expect("the context is alive");
                let module = module!("map_reduce");
                let [x, y, b] = points(70 + thread, 50);
                let result: Vec<f64> = run(&module, "gaussian_f64", [&x, &y, &b]);
                for (value, exact) in result.iter().zip(gaussian([&x, &y, &b])) {
                    assert_relative_eq!(*value, exact, max_relative = 1e-13);
                }
            });
        }
    });
    assert_eq!(device.statistics().launches - before, 4);
}
