//! Calls with wrong data: an error that names the argument, before anything is computed.

use keops::{Error, keops};

keops! {
    #[grad]
    pub fn gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, s: Pm<1>) -> Vi<2> {
        Exp(-SqDist(x_i, y_j) / s^2) * b_j
    }

    pub fn two_of_each(x_i: Vi<3>, u_i: Vi<1>, y_j: Vj<3>, v_j: Vj<2>, p: Pm<3>) -> Vj<2> {
        u_i * SqNormDiag(p, x_i - y_j) * v_j
    }

    pub fn nearest(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1, usize> { ArgMin_j(SqDist(x_i, y_j)) }

    pub fn neighbours(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<4>, Vi<4, usize>) { KMin_ArgKMin_j(SqDist(x_i, y_j), 4) }

    pub fn distances(x_i: Vi<3>, y_j: Vj<3>) -> Vi<4> { KMin_j(SqDist(x_i, y_j), 4) }

    pub fn mean(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3> { Mean_j(x_i - y_j) }

    pub fn softmax(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3> { SumSoftMaxWeight_j(x_i | y_j, y_j) }

    pub fn extremes(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1>, Vi<1>, Vi<1>, Vi<1>) {
        let d2 = SqDist(x_i, y_j);
        (Sum_j(d2), Max_j(d2), Min_j(d2), LogSumExp_j(d2))
    }
}

const X: [[f32; 3]; 2] = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
const Y: [[f32; 3]; 3] = [[1.0, 0.0, 3.0], [4.0, 5.0, 0.0], [0.0, 0.0, 1.0]];
const B: [[f32; 2]; 3] = [[1.0, 1.0]; 3];

#[test]
fn a_flat_slice_that_holds_no_whole_rows() {
    let error = gaussian(&[1f32; 7], &Y, &B, 0.5).unwrap_err();
    assert_eq!(error, Error::NotMultiple { argument: "x_i", len: 7, dim: 3 });
    let error = gaussian(&X, &Y, &[1f32; 5][..], 0.5).unwrap_err();
    assert_eq!(error, Error::NotMultiple { argument: "b_j", len: 5, dim: 2 });
}

#[test]
fn different_numbers_of_points_of_one_index() {
    let error = gaussian(&X, &Y, &B[..2], 0.5).unwrap_err();
    assert_eq!(error, Error::LengthMismatch { argument_a: "y_j", rows_a: 3, argument_b: "b_j", rows_b: 2 });
    let error = two_of_each(&X, &[1f32; 3], &Y, &B, &[1.0; 3]).unwrap_err();
    assert_eq!(error, Error::LengthMismatch { argument_a: "x_i", rows_a: 2, argument_b: "u_i", rows_b: 3 });
    // No points at all is a number of points, too.
    let nobody: [[f32; 2]; 0] = [];
    let error = gaussian(&X, &Y, &nobody, 0.5).unwrap_err();
    assert_eq!(error, Error::LengthMismatch { argument_a: "y_j", rows_a: 3, argument_b: "b_j", rows_b: 0 });
}

#[test]
fn a_parameter_is_one_row() {
    let error = gaussian(&X, &Y, &B, &vec![0.5f32, 0.5]).unwrap_err();
    assert_eq!(error, Error::ExpectedLen { argument: "s", len: 2, dim: 1 });
    let error = two_of_each(&X, &[1f32; 2], &Y, &B, &[1f32; 6][..]).unwrap_err();
    assert_eq!(error, Error::ExpectedLen { argument: "p", len: 6, dim: 3 });
    let error = two_of_each(&X, &[1f32; 2], &Y, &B, &Vec::<f32>::new()).unwrap_err();
    assert_eq!(error, Error::ExpectedLen { argument: "p", len: 0, dim: 3 });
}

#[test]
fn seeds_of_gradients_are_checked_as_arguments_are() {
    let error = gaussian::grad_x_i(&X, &Y, &B, 0.5, &[[1f32; 2]; 3]).unwrap_err();
    assert!(
        matches!(error, Error::LengthMismatch { argument_a: "x_i", rows_a: 2, rows_b: 3, .. }),
        "{error}"
    );
    let error = gaussian::grad_y_j(&X, &Y, &B, 0.5, &[1f32; 3]).unwrap_err();
    assert!(matches!(error, Error::NotMultiple { len: 3, dim: 2, .. }), "{error}");
}

#[test]
fn no_points_to_reduce_over() {
    let nobody: Vec<[f32; 3]> = vec![];
    assert!(matches!(nearest(&X, &nobody), Err(Error::EmptyReduction { .. } | Error::NotEnough { .. })));
    assert!(matches!(mean(&X, &nobody), Err(Error::EmptyReduction { .. })));
    assert!(matches!(softmax(&X, &nobody), Err(Error::EmptyReduction { .. })));
    let inf = f32::INFINITY;
    assert_eq!(extremes(&X, &nobody), Ok((vec![0.0; 2], vec![-inf; 2], vec![inf; 2], vec![-inf; 2])));
    assert_eq!(distances(&X, &nobody), Ok(vec![[inf; 4]; 2]));
}

#[test]
fn no_rows_to_keep() {
    let nobody: Vec<[f32; 3]> = vec![];
    assert_eq!(gaussian(&nobody, &Y, &B, 0.5), Ok(vec![]));
    assert_eq!(nearest(&nobody, &Y), Ok(vec![]));
    assert_eq!(mean(&nobody, &Y), Ok(vec![]));
    assert_eq!(extremes(&nobody, &Y), Ok((vec![], vec![], vec![], vec![])));
}

#[test]
fn fewer_points_than_neighbours() {
    let error = neighbours(&X, &Y).unwrap_err();
    assert!(matches!(error, Error::NotEnough { wanted: 4, rows: 3, .. }), "{error}");
    // The values alone are padded.
    let values = distances(&X, &Y).unwrap();
    assert!(values.iter().all(|row| row[2].is_finite() && row[3] == f32::INFINITY), "{values:?}");
}

#[test]
fn messages_name_the_argument_and_the_numbers() {
    let message = gaussian(&[1f32; 7], &Y, &B, 0.5).unwrap_err().to_string();
    assert!(message.contains("`x_i`") && message.contains('7') && message.contains('3'), "{message}");
    let message = nearest(&X, &Vec::<[f32; 3]>::new()).unwrap_err().to_string();
    assert!(message.contains("ArgMin"), "{message}");
}

#[test]
fn not_a_number_reaches_the_rows_it_touches() {
    let mut x = X;
    x[1][0] = f32::NAN;
    let sums = gaussian(&x, &Y, &B, 0.5).unwrap();
    assert!(sums[0].iter().all(|v| v.is_finite()) && sums[1].iter().all(|v| v.is_nan()), "{sums:?}");
    let mut y = Y;
    y[2][1] = f32::NAN;
    assert!(gaussian(&X, &y, &B, 0.5).unwrap().as_flattened().iter().all(|v| v.is_nan()));
    // A minimum skips it, and a row with nothing else has index 0.
    assert_eq!(nearest(&X, &y), nearest(&X, &Y[..2]));
    assert_eq!(nearest(&x, &Y).unwrap()[1], 0);
    let (_, largest, smallest, _) = extremes(&x, &Y).unwrap();
    assert_eq!((largest[1], smallest[1]), (f32::NEG_INFINITY, f32::INFINITY));
}
