//! Machines without a driver, with the stub of a driver, and without a device. The program starts and computes with slices.
//!
//! A driver is looked for once in a program, so each case runs in a program of its own: this test, started again.
#![cfg(target_os = "linux")]

use std::ffi::{CStr, c_int, c_uint};
use std::process::Command;
use std::ptr::NonNull;

use cust::memory::DevicePointer;
use keops::cuda::{Device, DevicePoints};
use keops::{Error, keops};

keops! {
    fn sum_of_distances(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> {
        Sum_j(SqDist(x_i, y_j))
    }
}

fn check_slices() {
    let sums = sum_of_distances(&[[0.0f32, 0.0]], &[[1.0, 2.0], [3.0, 0.0]]);
    assert_eq!(sums, Ok(vec![14.0]));
}

fn run(case: &str, driver: Option<&str>) {
    let mut command = Command::new(std::env::current_exe().expect("a test knows its own path"));
    command.args(["--exact", case, "--ignored"]);
    match driver {
        Some(path) => command.env(keops_driver::LIBRARY_VARIABLE, path),
        None => command.env_remove(keops_driver::LIBRARY_VARIABLE),
    };
    let output = command.output().expect("a test can be started again");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "no test of the name {case}: {text}");
}

#[test]
fn without_a_driver() {
    run("case_without_a_driver", Some("/nowhere/libcuda.so.1"));
}

#[test]
#[ignore = "started by `without_a_driver`"]
fn case_without_a_driver() {
    let is_missing = |error: Error| match error {
        Error::NoDriver { reason } => assert!(reason.contains("/nowhere/libcuda.so.1"), "{reason}"),
        other => panic!("{other:?}"),
    };
    is_missing(Device::first().map(drop).unwrap_err());
    is_missing(Device::new(7).map(drop).unwrap_err());
    is_missing(Device::count().map(drop).unwrap_err());
    // SAFETY: without a driver no kernel can follow the address.
    let points: DevicePoints<'_, f32, 2> = unsafe { DevicePoints::from_raw(DevicePointer::from_raw(64), 5) };
    is_missing(sum_of_distances(points, points).map(drop).unwrap_err());
    check_slices();
}

#[test]
fn with_a_stub() {
    run("case_with_a_stub", None);
}

#[test]
#[ignore = "started by `with_a_stub`"]
fn case_with_a_stub() {
    /// The `cuInit` of the library that CUDA brings for linking on machines without a driver.
    unsafe extern "C" fn initialise(_flags: c_uint) -> c_int {
        34
    }
    let find = |name: &CStr| match name.to_bytes() {
        b"cuInit" => NonNull::new(initialise as *mut _),
        _ => keops_cuda_sim::entry_point(name),
    };
    // SAFETY: the addresses are those of functions with the signatures of the driver API.
    unsafe { keops_driver::install(find) }.expect("no driver call came before");
    assert!(matches!(Device::first(), Err(Error::NoDriver { .. })));
    check_slices();
}

#[test]
fn without_a_device() {
    run("case_without_a_device", None);
}

#[test]
#[ignore = "started by `without_a_device`"]
fn case_without_a_device() {
    // SAFETY: the addresses are those of functions with the signatures of the driver API.
    unsafe { keops_driver::install(keops_cuda_sim::entry_point) }.expect("no driver call came before");
    keops_cuda_sim::set_device_count(0);
    assert_eq!(Device::count(), Ok(0));
    assert_eq!(Device::first().map(drop), Err(Error::NoDevice { ordinal: 0, count: 0 }));
    check_slices();
    keops_cuda_sim::set_device_count(2);
    assert_eq!(Device::count(), Ok(2));
    assert_eq!(Device::new(1).map(|device| device.ordinal()), Ok(1));
    assert!(Device::first().unwrap().name().unwrap().contains("keops-cuda-sim"));
    assert_eq!(Device::new(2).map(drop), Err(Error::NoDevice { ordinal: 2, count: 2 }));
    assert_eq!(Device::new(usize::MAX).map(drop), Err(Error::NoDevice { ordinal: usize::MAX, count: 2 }));
}
