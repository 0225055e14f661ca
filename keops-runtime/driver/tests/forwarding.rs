//! `cust` over this crate: without a driver, with a driver library, and with one that lacks functions.
//!
//! The library is chosen once in a program, so each case runs in a program of its own: this test, started
//! again with the variable set and the name of one ignored test.
#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;

use cust::CudaFlags;
use cust::context::CurrentContext;
use cust::error::CudaError;

fn run_with_library(case: &str, library: &Path) {
    let output = Command::new(std::env::current_exe().expect("a test knows its own path"))
        .args(["--exact", case, "--ignored"])
        .env(keops_driver::LIBRARY_VARIABLE, library)
        .output()
        .expect("a test can be started again");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "no test of the name {case}: {text}");
}

fn compile_fixture() -> PathBuf {
    let library = Path::new(env!("CARGO_TARGET_TMPDIR")).join("libdriver_fixture.so");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let status = Command::new(rustc)
        .args(["--edition", "2024", "--crate-type", "cdylib", "-o"])
        .arg(&library)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixture/driver.rs"))
        .status()
        .expect("rustc runs");
    assert!(status.success());
    library
}

#[test]
fn without_a_driver() {
    run_with_library("case_without_a_driver", Path::new("/nowhere/libcuda.so.1"));
}

#[test]
#[ignore = "started by `without_a_driver`"]
fn case_without_a_driver() {
    assert!(!keops_driver::available());
    assert!(keops_driver::why_missing().is_some_and(|why| why.contains("/nowhere/libcuda.so.1")));
    assert_eq!(cust::init(CudaFlags::empty()), Err(CudaError::NoDevice));
    assert_eq!(CurrentContext::synchronize(), Err(CudaError::NoDevice));
    assert!(CudaError::NoDevice.to_string().contains("no CUDA driver was found"));
}

#[test]
fn with_a_library() {
    run_with_library("case_with_a_library", &compile_fixture());
}

#[test]
#[ignore = "started by `with_a_library`"]
fn case_with_a_library() {
    assert!(keops_driver::available());
    assert_eq!(cust::init(CudaFlags::empty()), Ok(()));
    let version = cust::CudaApiVersion::get().expect("the library has this function");
    assert_eq!((version.major(), version.minor()), (12, 34));
    // 721 is newer than the codes of `cust`.
    assert_eq!(CurrentContext::synchronize(), Err(CudaError::UnknownError));
    // The library has no such function.
    assert_eq!(cust::device::Device::num_devices(), Err(CudaError::NotFound));
}
