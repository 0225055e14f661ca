//! Matrices of faer in a call: the bits that slices give, and errors for what does not fit.

mod arrays;

use arrays::{gaussian, nearest, points};
use faer::{Col, Mat, MatRef};
use keops::points::View;
use keops::{Error, Host, Points};

fn matrix(points: &[[f64; 3]]) -> Mat<f64> {
    Mat::from_fn(points.len(), 3, |row, k| points[row][k])
}

#[test]
fn every_layout_gives_the_bits_of_slices() {
    let (x, y) = (points(70, 1), points(33, 2));
    let b: Vec<f64> = y.iter().map(|y| y[0]).collect();
    let centre = [0.1, 0.2, 0.3];
    let expected = gaussian(&x, &y, &b, centre, 0.5).unwrap();
    let (mx, my) = (matrix(&x), matrix(&y));
    let (cb, cc) = (Col::from_fn(33, |j| b[j]), Col::from_fn(3, |k| centre[k]));
    assert_eq!(gaussian(&mx, &my, &cb, &cc, &Col::from_fn(1, |_| 0.5)).as_ref(), Ok(&expected));
    assert_eq!(gaussian(mx.as_ref(), my.as_ref(), cb.as_ref(), cc.as_ref(), 0.5).as_ref(), Ok(&expected));
    // A matrix of one column, points that are columns, rows of a slice, some of the rows backwards.
    let column = Mat::from_fn(33, 1, |j, _| b[j]);
    assert_eq!(gaussian(&x, &my, &column, centre, 0.5).as_ref(), Ok(&expected));
    let columns = Mat::from_fn(3, 70, |k, row| x[row][k]);
    assert_eq!(gaussian(columns.transpose(), &y, &b, centre, 0.5).as_ref(), Ok(&expected));
    let rows = MatRef::from_row_major_slice(x.as_flattened(), 70, 3);
    assert_eq!(gaussian(rows, &y, &b, centre, 0.5).as_ref(), Ok(&expected));
    let mut some = gaussian(mx.get(10..20, ..).reverse_rows(), &y, cb.get(..), &cc, 0.5).unwrap();
    some.reverse();
    assert_eq!(some, expected[10..20]);
    let reversed: Vec<f64> = b.iter().rev().copied().collect();
    assert_eq!(gaussian(&x, &y, cb.reverse_rows(), centre, 0.5), gaussian(&x, &y, &reversed, centre, 0.5));
    let ones = Col::from_fn(70, |_| 1.0);
    assert_eq!(
        gaussian::grad_x_i(&mx, &my, &cb, &cc, 0.5, &ones),
        gaussian::grad_x_i(&x, &y, &b, centre, 0.5, &vec![1.0; 70])
    );
}

#[test]
fn the_scalar_is_that_of_the_matrix() {
    let x = Mat::<f32>::zeros(1, 3);
    assert_eq!(gaussian(&x, &x, &[2.0], [0.0; 3], 1.0), Ok(vec![2.0f32]));
}

#[test]
fn a_column_is_not_copied() {
    let column = Col::from_fn(5, |row| row as f64);
    let argument = &column;
    let view: View<'_, f64> = Points::<1, f64, Host>::view(&argument, "b_j").unwrap();
    assert_eq!((view.data().as_ptr(), view.rows()), (column.as_ref().as_ptr(), 5));
}

#[test]
fn no_rows() {
    let none = Mat::<f32>::zeros(0, 3);
    let y = Mat::<f32>::zeros(1, 3);
    assert_eq!(gaussian(&none, &y, &[1.0], [0.0; 3], 1.0), Ok(vec![]));
    assert_eq!(gaussian(&y, &none, &Col::zeros(0), [0.0; 3], 1.0), Ok(vec![0.0]));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let (x, y) = (matrix(&points(4, 1)), matrix(&points(3, 2)));
    let error = nearest(x.get(.., ..2), &y).unwrap_err();
    assert_eq!(error, Error::Coordinates { argument: "x_i", found: 2, dim: 3 });
    let error = gaussian(&x, &y, &[1.0; 3], &Col::zeros(2), 1.0).unwrap_err();
    assert_eq!(error, Error::ExpectedLen { argument: "c", len: 2, dim: 3 });
    let error = gaussian(&x, &y, &Col::zeros(4), [0.0; 3], 1.0).unwrap_err();
    assert_eq!(error, Error::LengthMismatch { argument_a: "y_j", rows_a: 3, argument_b: "b_j", rows_b: 4 });
}
