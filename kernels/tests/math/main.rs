//! The scalar functions of the device (`cuda/math.cuh`), compiled by nvcc and run on the simulator, against those of the
//! host.
//!
//! The simulator's approximate units (`ex2`, `rcp`, `rsqrt`) round correctly, so that their errors on hardware are not
//! seen. NVIDIA documents 2 ulp for `ex2`, which is why exp2 in f32 has that bound and half an ulp. Nor does it fuse
//! products with sums, as the assembler may. So the functions are run once more with all of these fused, and once with units
//! that err by what is documented.
#![cfg(target_os = "linux")]

mod device;
mod functions;
mod fused;

use std::fs;
use std::io::Write as _;
use std::path::Path;

use keops::math::Functions;
use keops::simd::{Lanes, Single, Vector};

use crate::device::{compile, run};
use crate::functions::{
    Arguments, COUNT, EXACT, FAST, FUNCTIONS, Function, POWERS, SPECIAL, Scalar, arguments, sample,
};
use crate::fused::fused;

/// Half of the power of two that comes after the largest number of type T.
fn half_end<T: Scalar>() -> f64 {
    2.0 / T::LEAST_NORMAL
}

/// The distance of neighbouring numbers of type T around x, but not below that of the least and above that of the largest.
fn ulp<T: Scalar>(x: f64) -> f64 {
    let exponent = (x.abs().clamp(T::LEAST_NORMAL, half_end::<T>()).to_bits() >> 52) as i32;
    match exponent - T::FRACTION {
        normal @ 1.. => f64::from_bits((normal as u64) << 52),
        below => f64::from_bits(1 << (51 + below)),
    }
}

/// How far the device is from the value, in ulp of `scale`; infinite if only one is NaN, or for zeros of different sign.
/// Infinity counts as the power of two that comes after the largest number.
fn distance<T: Scalar>(device: T, exact: f64, scale: f64) -> f64 {
    let device: f64 = device.into();
    if device.is_nan() || exact.is_nan() {
        return if device.is_nan() && exact.is_nan() { 0.0 } else { f64::INFINITY };
    }
    if device == 0.0 && exact == 0.0 {
        return if device.is_sign_negative() == exact.is_sign_negative() { 0.0 } else { f64::INFINITY };
    }
    // Halved where it could overflow, and only there, since the least numbers cannot be.
    let factor = if device.abs().max(exact.abs()) > 1.0 { 0.5 } else { 1.0 };
    let end = half_end::<T>();
    let [device, exact] = [device, exact].map(|x| (x * factor).clamp(-end, end));
    (device - exact).abs() / (ulp::<T>(scale) * factor)
}

/// What approximate units that err as documented may add to the error of a function in f32, in ulp: the largest relative
/// error is 2⁻²², of `ex2`, and 4 ulp below a power of two.
const NOISE: f64 = 4.0;

/// The complaint about the largest error of a function, if that is beyond its bound and what noise may add in f32.
fn complaint<T: Scalar>(ptx: &'static str, function: &Function, noise: f64) -> Option<String> {
    let mut arguments: Vec<Arguments<T>> =
        arguments(function).into_iter().map(|x| x.map(T::nearest)).collect();
    arguments.retain(|x| (function.takes)(x.map(Into::into)));
    let (name, [single, double, host]) = (function.name, function.bounds);
    let results = run(ptx, &format!("{name}_{}", T::NAME), &arguments);

    let (mut worst, mut text) = (0.0, None);
    for (x, device) in arguments.into_iter().zip(results) {
        let (wide, same) = (x.map(Into::into), T::host(function, x).into());
        let (exact, bound) = match T::INDEX {
            _ if function.bounds == EXACT || function.jumps => (same, single),
            // The host's error in f64 is as good as none in f32.
            0 => ((function.host_f64)(wide), single + noise + 1e-6),
            _ => (same, double + host),
        };
        let value: f64 = device.into();
        let flushed = function.flushed[T::INDEX] * T::LEAST_NORMAL;
        let both_zero = value == 0.0 && exact == 0.0;
        let error = match distance(device, exact, (function.scale)(wide, exact)) {
            _ if same.is_nan() != exact.is_nan() => f64::INFINITY,
            _ if both_zero && function.either_zero => 0.0,
            _ if (value == 0.0 || exact == 0.0) && value.abs().max(exact.abs()) < flushed => 0.0,
            error => error,
        };
        if error > bound && error > worst {
            let arguments = &x[..function.arguments];
            worst = error;
            text = Some(format!(
                "{name}{arguments:?} in {} is {device:?}, not {exact:?}: {error:.3} ulp, bound {bound}",
                T::NAME
            ));
        }
    }
    text
}

/// Complaints about powers whose bits are not the host's.
fn power_complaints<T: Scalar>(ptx: &'static str, host: fn(T, i32) -> T) -> Vec<String> {
    let numbers = SPECIAL.into_iter().chain(sample(COUNT));
    let arguments: Vec<Arguments<T>> = numbers.map(|x| [T::nearest(x); 3]).collect();
    let mut complaints = Vec::new();
    for (k, n) in POWERS.into_iter().enumerate() {
        let results = run(ptx, &format!("power_{k}_{}", T::NAME), &arguments);
        for (&[x, ..], device) in arguments.iter().zip(results) {
            let value = host(x, n);
            if distance(device, value.into(), value.into()) != 0.0 {
                complaints.push(format!("power({x:?}, {n}) in {} is {device:?}, not {value:?}", T::NAME));
            }
        }
    }
    complaints
}

#[test]
fn the_device_computes_what_the_host_does() {
    let nvcc = match keops_kernels::nvcc() {
        Ok(nvcc) => nvcc,
        Err(error) => {
            // To the terminal itself: what a test prints that passes is not shown.
            let _ = writeln!(std::io::stderr(), "skipped: {error}");
            return;
        }
    };
    let as_written = compile(&nvcc);
    let fused = fused(&as_written);
    assert_ne!(fused.matches("fma.rn").count(), as_written.matches("fma.rn").count());
    keops_cuda_sim::install().expect("no driver call came before");

    let (as_written, fused): (&'static str, &'static str) = (as_written.leak(), fused.leak());
    let mut complaints = Vec::new();
    // NVIDIA's `powf` counts on its assembler not to fuse a product that has many other uses.
    for (assembled, ptx, but) in [("as written", as_written, ""), ("fused", fused, "pow")] {
        let functions = FUNCTIONS.iter().chain(FAST).filter(|function| function.name != but);
        let of_all = functions.flat_map(|function| complaints_of(ptx, function, 0.0)).chain(of_powers(ptx));
        complaints.extend(of_all.map(|complaint| format!("{assembled}: {complaint}")));
    }
    keops_cuda_sim::device(0).configure(|settings| settings.noise = 1);
    let noisy = FUNCTIONS.iter().flat_map(|function| complaints_of(as_written, function, NOISE));
    complaints.extend(noisy.map(|complaint| format!("with noise: {complaint}")));
    keops_cuda_sim::device(0).configure(|settings| settings.noise = 0);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

/// The complaints about a function in both types.
fn complaints_of(ptx: &'static str, function: &Function, noise: f64) -> Vec<String> {
    let complaints = [complaint::<f32>(ptx, function, noise), complaint::<f64>(ptx, function, noise)];
    complaints.into_iter().flatten().collect()
}

/// The complaints about powers in both types.
fn of_powers(ptx: &'static str) -> Vec<String> {
    let mut complaints = Vec::new();
    complaints.extend(power_complaints::<f32>(ptx, |x, n| {
        <f32 as Functions>::power(Lanes::<Single, f32, 1>::splat(Single, x), n).value()
    }));
    complaints.extend(power_complaints::<f64>(ptx, |x, n| {
        <f64 as Functions>::power(Lanes::<Single, f64, 1>::splat(Single, x), n).value()
    }));
    complaints
}

/// The rows of the host's table read `name(arguments) = path;`.
#[test]
fn every_function_of_the_host_is_compared() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../keops-runtime/src/math/mod.rs");
    let table = fs::read_to_string(table).expect("the runtime is beside this package");
    let is_row = |line: &&str| line.contains(") = ") && line.ends_with(';') && !line.starts_with('$');
    let rows = table.lines().map(str::trim).filter(is_row);
    let names = rows.filter_map(|row| row.split_once('(')).map(|(name, _)| name);
    // A device takes no longer with subnormal numbers, and has nothing that stands in for the exponentials of pairs.
    let names: Vec<&str> = names.filter(|name| !name.ends_with("_normal")).collect();
    assert!(names.contains(&"exp") && names.contains(&"modulo"), "{names:?}");
    let missing: Vec<_> =
        names.iter().filter(|name| FUNCTIONS.iter().chain(FAST).all(|row| row.name != **name)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
