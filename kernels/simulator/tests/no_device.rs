//! Without a device, initialisation fails as it does without a card. In a program of its own, since all tests of a program
//! find the same number of devices.
#![cfg(target_os = "linux")]

use cust::CudaFlags;
use cust::device::Device;
use cust::error::CudaError;

#[test]
fn devices_come_and_go() {
    // SAFETY: the addresses are those of functions with the signatures of the driver API.
    unsafe { keops_driver::install(keops_cuda_sim::entry_point) }.expect("no driver call came before");
    assert!(keops_driver::available());
    keops_cuda_sim::set_device_count(0);
    assert_eq!(Device::num_devices(), Err(CudaError::NotInitialized));
    assert_eq!(cust::init(CudaFlags::empty()), Err(CudaError::NoDevice));
    assert!(CudaError::NoDevice.to_string().contains("no CUDA-capable device"));
    keops_cuda_sim::set_device_count(2);
    assert_eq!(cust::init(CudaFlags::empty()), Ok(()));
    assert_eq!(Device::num_devices(), Ok(2));
    assert!(Device::get_device(1).is_ok());
    assert_eq!(Device::get_device(2), Err(CudaError::InvalidDevice));
}
