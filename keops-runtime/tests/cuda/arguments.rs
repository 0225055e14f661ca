//! What an argument may be: every spelling gives the same results.

use cust::memory::{DeviceBuffer, DevicePointer};
use keops::cuda::{Cuda, DeviceColumn, DevicePoints};
use keops::{Error, Points};

use crate::common::{cust_context, own_device};
use crate::dot::dot;

const X: [[f32; 2]; 4] = [[1.0, 2.0], [3.0, -4.0], [0.5, 0.25], [8.0, 0.0]];
const Y: [[f32; 2]; 3] = [[1.0, 1.0], [2.0, -1.0], [0.0, 4.0]];
const P: [f32; 3] = [2.0, 1.0, -0.5];

#[test]
fn points_in_every_spelling() {
    let (_, device) = own_device();
    let _context = cust_context(&device);
    let y = device.upload(&Y).unwrap();
    let expected = dot(&X, &Y, P).unwrap();
    let fetch = |result: Result<(DeviceColumn<f32>, DeviceColumn<usize>), Error>| {
        let (sums, counts) = result.expect("the argument is right");
        (sums.download().unwrap(), counts.download().unwrap())
    };
    let owned = device.upload(&X).unwrap();
    assert_eq!(fetch(dot(&owned, &y, P)), expected);
    assert_eq!(fetch(dot(owned, &y, P)), expected);

    let rows = DeviceBuffer::from_slice(&X).unwrap();
    assert_eq!(fetch(dot(&rows, &y, P)), expected);
    assert_eq!(fetch(dot(rows.as_slice(), &y, P)), expected);
    let flat = DeviceBuffer::from_slice(X.as_flattened()).unwrap();
    assert_eq!(fetch(dot(&flat, &y, P)), expected);
    assert_eq!(fetch(dot(flat.as_slice(), &y, P)), expected);

    let start: DevicePointer<f32> = flat.as_device_ptr();
    // SAFETY: the buffer holds four rows, and outlives the calls.
    let points: DevicePoints<'_, f32, 2> = unsafe { DevicePoints::from_raw(start, 4) };
    assert_eq!(fetch(dot(points, &y, P)), expected);
    assert_eq!(fetch(dot(&points, &y, P)), expected);
}

#[test]
fn columns_are_points_of_dimension_one() {
    fn count(points: impl Points<1, f64, Cuda>) -> usize {
        points.view("b_j").expect("whole points").rows()
    }
    let (_, device) = own_device();
    let _context = cust_context(&device);
    let numbers = [1.0, 2.0, 3.0];
    let column = device.upload_column(&numbers).unwrap();
    assert_eq!(count(&column), 3);
    assert_eq!(count(column), 3);
    assert_eq!(count(device.upload(&[[1.0], [2.0]]).unwrap()), 2);
    assert_eq!(count(&DeviceBuffer::from_slice(&numbers).unwrap()), 3);
}

#[test]
fn parameters_in_every_spelling() {
    let (_, device) = own_device();
    let (x, y) = (device.upload(&X).unwrap(), device.upload(&Y).unwrap());
    let (expected, _) = dot(&X, &Y, P).unwrap();
    macro_rules! check {
        ($($parameter:expr),* $(,)?) => {
            $(assert_eq!(dot(&x, &y, $parameter).unwrap().0.download().unwrap(), expected);)*
        };
    }
    check!(P, &P, &P[..], &P.to_vec(), &[P], &[P][..], &vec![P], &device.upload(&[P]).unwrap());
    assert_eq!(dot(&x, &y, &P[..2]).map(drop), Err(Error::ExpectedLen { argument: "p", len: 2, dim: 3 }));
}

#[test]
fn a_broken_row_is_an_error() {
    let (_, device) = own_device();
    let _context = cust_context(&device);
    let flat = DeviceBuffer::from_slice(&[1.0f32; 5]).unwrap();
    let y = device.upload(&Y).unwrap();
    let error = Error::NotMultiple { argument: "x_i", len: 5, dim: 2 };
    assert_eq!(dot(&flat, &y, P).map(drop), Err(error));
}
