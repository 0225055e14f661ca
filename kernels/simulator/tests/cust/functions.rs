//! Functions of the mathematical library, as nvcc inlines them, against the host's: their code uses the
//! corners of most instructions (bit patterns, carries, directed rounding, tables, calls).

use crate::common::{download, module, own_device, stream};
use cust::launch;
use cust::memory::{DeviceBuffer, DeviceCopy};
use cust::module::Module;

fn run<T: DeviceCopy + Default>(module: &Module, kernel: &str, x: &[T], y: &[T]) -> Vec<T> {
    let stream = stream();
    let function = module.get_function(kernel).expect("the kernel exists");
    let [a, b] = [x, y].map(|data| DeviceBuffer::from_slice(data).expect("there is memory"));
    // SAFETY: nothing reads the buffer before the kernel has written it.
    let out = unsafe { DeviceBuffer::<T>::uninitialized(x.len()) }.expect("there is memory");
    let blocks = x.len().div_ceil(32) as u32;
    // SAFETY: the kernel has these parameters, and the buffers this size.
    unsafe {
        launch!(function<<<blocks, 32, 0, stream>>>(
            a.as_device_ptr(), b.as_device_ptr(), out.as_device_ptr(), x.len() as i32
        ))
        .expect("the launch is accepted");
    }
    stream.synchronize().expect("the kernel is right");
    download(&out).expect("the kernel wrote everything")
}

/// Arguments of every size, with all the special ones.
fn arguments() -> Vec<f64> {
    let special =
        [0.0, -0.0, 1.0, -1.0, 0.5, 2.5, -2.5, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 1e-40, 1e10];
    let sizes = (-40..40).flat_map(|e| [1.37, -1.83].map(|m| m * 2f64.powi(e)));
    special.into_iter().chain(sizes).collect()
}

/// Units in the last place between two numbers; none between two that are both NaN.
fn ulps(a: f64, b: f64, unit: f64) -> f64 {
    match (a.is_nan(), b.is_nan()) {
        (true, true) => 0.0,
        _ if a == b => 0.0,
        // A unit relative to the size of the value, or that of the smallest normal number.
        _ => (a - b).abs() / (b.abs() * unit).max(f64::from(f32::MIN_POSITIVE) * unit),
    }
}

/// A kernel, the largest error allowed in units in the last place, and what it computes.
type Case = (&'static str, f64, fn(f64, f64) -> f64);

#[test]
fn single_precision() {
    let (_device, _context) = own_device();
    let module = module!("functions");
    // The errors that CUDA documents, and half a unit for the rounding of the reference.
    let cases: [Case; 9] = [
        ("exp_f32", 2.5, |x, _| x.exp()),
        ("log_f32", 1.5, |x, _| x.ln()),
        ("sin_f32", 2.5, |x, _| x.sin()),
        ("cos_f32", 2.5, |x, _| x.cos()),
        ("tanh_f32", 2.5, |x, _| x.tanh()),
        ("pow_f32", 4.5, f64::powf),
        ("atan2_f32", 3.5, f64::atan2),
        ("divide_f32", 0.0, |x, y| x / y),
        ("round_f32", 0.0, |x, _| x.round()),
    ];
    let x: Vec<f32> = arguments().iter().map(|x| *x as f32).collect();
    let y: Vec<f32> = x.iter().rev().map(|y| y * 0.75).collect();
    for (kernel, bound, exact) in cases {
        for (i, value) in run(&module, kernel, &x, &y).into_iter().enumerate() {
            let exact = exact(f64::from(x[i]), f64::from(y[i])) as f32;
            let error = ulps(f64::from(value), f64::from(exact), 2f64.powi(-23));
            assert!(error <= bound, "{kernel}({}, {}) = {value}, not {exact}", x[i], y[i]);
        }
    }
}

#[test]
fn fast_functions() {
    let (_device, _context) = own_device();
    let module = module!("functions");
    let x: Vec<f32> = (1..100).map(|i| i as f32 * 0.1).collect();
    let y: Vec<f32> = x.iter().map(|x| 3.0 - x).collect();
    for (i, value) in run(&module, "fast_f32", &x, &y).into_iter().enumerate() {
        let (x, y) = (f64::from(x[i]), f64::from(y[i]));
        // The fast exponential errs by its argument times 2^-23; the terms partly cancel, hence the absolute
        // part.
        approx::assert_relative_eq!(
            f64::from(value),
            x.exp() + x.ln() + x / y,
            epsilon = 1e-5,
            max_relative = 1e-5
        );
    }
}

#[test]
fn double_precision() {
    let (_device, _context) = own_device();
    let module = module!("functions");
    // The errors that CUDA documents, and one unit for those of the host's functions.
    let cases: [Case; 7] = [
        ("exp_f64", 2.0, |x, _| x.exp()),
        ("log_f64", 2.0, |x, _| x.ln()),
        ("sin_f64", 3.0, |x, _| x.sin()),
        ("rsqrt_f64", 2.0, |x, _| 1.0 / x.sqrt()),
        ("divide_f64", 0.0, |x, y| x / y),
        ("asin_f64", 3.0, |x, _| x.asin()),
        ("fmod_f64", 0.0, |x, y| x % y),
    ];
    let x = arguments();
    let y: Vec<f64> = x.iter().rev().map(|y| y * 0.75).collect();
    for (kernel, bound, exact) in cases {
        for (i, value) in run(&module, kernel, &x, &y).into_iter().enumerate() {
            let exact = exact(x[i], y[i]);
            let error = ulps(value, exact, f64::EPSILON);
            assert!(error <= bound, "{kernel}({}, {}) = {value}, not {exact}", x[i], y[i]);
        }
    }
}
