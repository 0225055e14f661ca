//! Points, vectors and matrices of nalgebra in a call: the bits that slices give, no copy, and errors for what does not fit.

mod arrays;

use arrays::{gaussian, nearest, points};
use keops::{Error, Host, Points};
use nalgebra::{DMatrix, DVector, Matrix2xX, Matrix3xX, Point3, RowDVector, SMatrix, Vector2, Vector3};

#[test]
fn every_type_gives_the_bits_of_slices() {
    let (x, y) = (points(70, 1), points(33, 2));
    let b: Vec<f64> = y.iter().map(|y| y[0]).collect();
    let centre = [0.1, 0.2, 0.3];
    let expected = gaussian(&x, &y, &b, centre, 0.5).unwrap();

    let vx: Vec<Vector3<f64>> = x.iter().map(|row| Vector3::from(*row)).collect();
    let py: Vec<Point3<f64>> = y.iter().map(|row| Point3::from(*row)).collect();
    let (c, vb) = (Vector3::from(centre), DVector::from_vec(b.clone()));
    assert_eq!(gaussian(&vx, &py, &vb, c, 0.5), Ok(expected.clone()));
    assert_eq!(gaussian(&vx[10..20], &py[..], &b, &c, 0.5), Ok(expected[10..20].to_vec()));
    assert_eq!(gaussian(&py, &vx, &[1.0; 70], c, 0.5), gaussian(&y, &x, &[1.0; 70], centre, 0.5));
    let three: [Point3<f64>; 3] = std::array::from_fn(|k| Point3::from(x[k]));
    assert_eq!(gaussian(&three, &py, &vb, Point3::from(c), 0.5), gaussian(&x[..3], &y, &b, centre, 0.5));

    let mx = Matrix3xX::from_columns(&vx);
    let my = DMatrix::from_column_slice(3, 33, y.as_flattened());
    let row = RowDVector::from_vec(b.clone());
    assert_eq!(gaussian(&mx, &my, &row, &Point3::from(c), 0.5), Ok(expected.clone()));
    assert_eq!(gaussian(&mx.columns(10, 20), &my, &vb, centre, 0.5), Ok(expected[10..30].to_vec()));
    let seven = SMatrix::<f64, 3, 7>::from_columns(&vx[..7]);
    assert_eq!(gaussian(&seven, &py, &vb, &mx.column(5), 0.5), gaussian(&x[..7], &y, &b, x[5], 0.5));
    // One row is computed otherwise than one among others, so it is compared with itself.
    let one = gaussian(&x[4..5], &y, &b, centre, 0.5);
    assert_eq!(gaussian(&vx[4], &py, &vb, &DVector::from_row_slice(&centre), 0.5), one);

    let slope = gaussian::grad_x_i(&mx, &my, &vb, c, 0.5, &DVector::from_element(70, 1.0)).unwrap();
    assert_eq!(slope, gaussian::grad_x_i(&x, &y, &b, centre, 0.5, &vec![1.0; 70]).unwrap());
}

#[test]
fn the_scalar_is_that_of_the_points() {
    let x = [Point3::new(0.0f32, 0.0, 0.0)];
    assert_eq!(gaussian(&x, &[[0.0; 3]], &[2.0], [0.0; 3], 1.0), Ok(vec![2.0f32]));
    assert_eq!(
        gaussian(&[[0.0; 3]], &[[0.0; 3]], &[2.0], Vector3::new(0.0f32, 0.0, 0.0), 1.0),
        Ok(vec![2.0])
    );
}

#[test]
fn no_copy_is_made() {
    let (x, m) = (vec![Point3::new(1.0f32, 2.0, 3.0); 4], Matrix3xX::<f32>::zeros(6));
    let (points, matrix) = (&x, &m);
    let view = Points::<3, f32, Host>::view(&points, "x_i").unwrap();
    assert_eq!((view.data().as_ptr(), view.rows()), (x.as_ptr().cast(), 4));
    let view = Points::<3, f32, Host>::view(&matrix, "x_i").unwrap();
    assert_eq!((view.data().as_ptr(), view.rows()), (m.as_slice().as_ptr(), 6));
}

#[test]
fn no_points() {
    let (none, y) = (Vec::<Point3<f32>>::new(), [Vector3::new(0.0, 1.0, 2.0)]);
    assert_eq!(gaussian(&none, &y, &[1.0], [0.0; 3], 1.0), Ok(vec![]));
    assert_eq!(gaussian(&y, &Matrix3xX::<f32>::zeros(0), &DVector::zeros(0), [0.0; 3], 1.0), Ok(vec![0.0]));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let (x, y, b) = (points(4, 1), Matrix3xX::<f64>::zeros(3), DVector::<f64>::zeros(3));
    let rows = DMatrix::from_row_slice(4, 3, x.as_flattened());
    assert_eq!(
        gaussian(&rows, &y, &b, [0.0; 3], 1.0).unwrap_err(),
        Error::Coordinates { argument: "x_i", found: 4, dim: 3 }
    );
    assert!(gaussian(&rows.transpose(), &y, &b, [0.0; 3], 1.0).is_ok());
    assert_eq!(
        gaussian(&x, &y, &b, &DVector::zeros(4), 1.0).unwrap_err(),
        Error::ExpectedLen { argument: "c", len: 4, dim: 3 }
    );
    assert_eq!(
        gaussian(&x, &y, &DVector::zeros(4), [0.0; 3], 1.0).unwrap_err(),
        Error::LengthMismatch { argument_a: "y_j", rows_a: 3, argument_b: "b_j", rows_b: 4 }
    );
}

#[test]
fn results_are_written_to_points_and_matrices() {
    let (x, y) = (points(40, 1), points(9, 2));
    let expected = nearest(&x, &y).unwrap();
    let (mut distances, mut indices) = (vec![Vector2::repeat(f64::NAN); 40], Matrix2xX::from_element(40, 7));
    nearest::into((&mut distances, &mut indices), &x, &y).unwrap();
    assert!(distances.iter().map(|row| [row.x, row.y]).eq(expected.0.iter().copied()));
    assert_eq!(indices.as_slice(), expected.1.as_flattened());

    let (mut distances, mut indices) = (DMatrix::from_element(2, 40, 5.0), [Vector2::repeat(7usize); 40]);
    nearest::into((&mut distances, &mut indices[..]), &x, &y).unwrap();
    assert_eq!(distances.as_slice(), expected.0.as_flattened());
    assert!(indices.iter().map(|row| [row.x, row.y]).eq(expected.1));

    let mut sums = DVector::zeros(40);
    gaussian::into(&mut sums, &x, &y, &[1.0; 9], [0.0; 3], 0.5).unwrap();
    assert_eq!(sums.as_slice(), gaussian(&x, &y, &[1.0; 9], [0.0; 3], 0.5).unwrap());

    let mut distances = DMatrix::from_element(40, 2, 5.0);
    let error = nearest::into((&mut distances, &mut indices), &x, &y).unwrap_err();
    assert_eq!(error, Error::Coordinates { argument: "result.0", found: 40, dim: 2 });
    assert_eq!(distances, DMatrix::from_element(40, 2, 5.0));
    let error =
        nearest::into((&mut distances.transpose(), &mut [Vector2::repeat(0); 3]), &x, &y).unwrap_err();
    assert_eq!(error, Error::ResultLen { result: "result.1", len: 6, wanted: 80 });
}
