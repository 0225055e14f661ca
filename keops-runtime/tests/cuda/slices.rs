//! Slices of the host, computed on a device in one call.

use keops::cuda::Device;
use keops::{Error, Host, Points};
use keops_cuda_sim::Fault;

use crate::common::{own_device, points};
use crate::dot::{dot, on};

#[test]
fn the_same_as_on_the_host() {
    let (simulated, device) = own_device();
    let p = [0.5, 1.0, -3.0];
    for (rows, columns) in [(1, 1), (3, 700), (40, 5), (2, 0)] {
        let (x, y) = (points::<f64>(rows, 3), points::<f64>(columns, 7));
        assert_eq!(on(&device, &x, &y, p), dot(&x, &y, p));
        assert_eq!(on(&device, x.as_flattened(), &y, &p), dot(&x, &y, p), "flat");
        assert_eq!(simulated.memory_in_use(), (0, 0), "nothing is left behind");
    }
}

#[test]
fn no_rows() {
    let (simulated, device) = own_device();
    assert_eq!(on(&device, &[[0.0f32; 2]; 0], &points(5, 1), [1.0; 3]), Ok((vec![], vec![])));
    assert_eq!(simulated.statistics().launches, 0);
}

#[test]
fn errors_are_those_of_slices_and_of_devices() {
    fn same_argument(points: impl Points<2, f32, Host>) -> &'static str {
        points.view("x_i").map(|view| view.argument()).expect("whole points")
    }
    let (simulated, device) = own_device();
    let x = points::<f32>(3, 1);
    assert_eq!(same_argument(&x), "x_i");
    let error = Error::NotMultiple { argument: "x_i", len: 3, dim: 2 };
    assert_eq!(on(&device, &[1.0f32; 3], &x, [1.0; 3]), Err(error));
    assert_eq!(simulated.memory_in_use(), (0, 0));
    simulated.inject(Fault::OutOfMemory, 1);
    assert_eq!(on(&device, &x, &x, [1.0; 3]), Err(Error::OutOfDeviceMemory { bytes: 24 }));
    simulated.inject(Fault::LaunchFailure, 0);
    let lost = on(&device, &x, &x, [1.0; 3]);
    assert!(matches!(lost, Err(Error::DeviceLost { code: 719, .. })), "{lost:?}");
    let ordinal = device.ordinal();
    drop(device);
    assert!(on(&Device::new(ordinal).unwrap(), &x, &x, [1.0; 3]).is_ok(), "a new context works");
}
