//! Arrays of ndarray in a call: the bits that slices give, no copy, and errors for what does not fit.

mod arrays;

use arrays::{gaussian, nearest, points};
use keops::points::View;
use keops::{Error, Host, Points};
use ndarray::{Array1, Array2, ArrayRef2, ArrayView2, Axis, ShapeBuilder, array, s};

fn array(points: &[[f64; 3]]) -> Array2<f64> {
    Array2::from_shape_vec((points.len(), 3), points.as_flattened().to_vec()).unwrap()
}

#[test]
fn every_ownership_gives_the_bits_of_slices() {
    let (x, y) = (points(70, 1), points(33, 2));
    let b: Vec<f64> = y.iter().map(|y| y[0]).collect();
    let centre = [0.1, 0.2, 0.3];
    let expected = gaussian(&x, &y, &b, centre, 0.5).unwrap();
    let (ax, ay, ab, ac) = (array(&x), array(&y), Array1::from(b.clone()), Array1::from(centre.to_vec()));
    assert_eq!(gaussian(&ax, &ay, &ab, &ac, &array![0.5]), Ok(expected.clone()));
    assert_eq!(gaussian(ax.view(), ay.view(), ab.view(), ac.view(), 0.5), Ok(expected.clone()));
    assert_eq!(gaussian(&ax.to_shared(), &y, &ab.view(), centre, 0.5), Ok(expected.clone()));
    // One column as an array of two axes; what `as_standard_layout` gives of one that lies column after column.
    let mut columns = Array2::zeros((70, 3).f());
    columns.assign(&ax);
    assert!(!columns.is_standard_layout());
    let standard = columns.as_standard_layout();
    assert_eq!(gaussian(&standard, &ay, &ab.view().insert_axis(Axis(1)), &ac, 0.5), Ok(expected.clone()));
    // Some of the rows, and a function that takes any array.
    let some: &ArrayRef2<f64> = &ax;
    assert_eq!(gaussian(some, &ay, &ab, &ac, 0.5), Ok(expected.clone()));
    assert_eq!(gaussian(ax.slice(s![10..20, ..]), &ay, &ab, &ac, 0.5), Ok(expected[10..20].to_vec()));
    let slope = gaussian::grad_x_i(&ax, &ay, &ab, &ac, 0.5, &Array1::ones(70)).unwrap();
    assert_eq!(slope, gaussian::grad_x_i(&x, &y, &b, centre, 0.5, &vec![1.0; 70]).unwrap());
}

#[test]
fn the_scalar_is_that_of_the_array() {
    let x = array![[0.0f32, 0.0, 0.0]];
    assert_eq!(gaussian(&x, &x, &[2.0], [0.0; 3], 1.0), Ok(vec![2.0f32]));
    assert_eq!(gaussian(&[[0.0; 3]], &[[0.0; 3]], &array![2.0f32], [0.0; 3], 1.0), Ok(vec![2.0f32]));
}

#[test]
fn no_copy_is_made() {
    let x = array(&points(5, 1));
    let argument = &x;
    let view: View<'_, f64> = Points::<3, f64, Host>::view(&argument, "x_i").unwrap();
    assert_eq!((view.data().as_ptr(), view.rows()), (x.as_ptr(), 5));
}

#[test]
fn no_rows() {
    let none = Array2::<f32>::zeros((0, 3));
    let y = array![[0.0, 1.0, 2.0]];
    assert_eq!(gaussian(&none, &y, &[1.0], [0.0; 3], 1.0), Ok(vec![]));
    assert_eq!(gaussian(&y, &none, &Array1::zeros(0), [0.0; 3], 1.0), Ok(vec![0.0]));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let (x, y, b) = (array(&points(4, 1)), array(&points(3, 2)), Array1::<f64>::ones(3));
    let call = |x: ArrayView2<'_, f64>, b: &Array1<f64>, c: &Array1<f64>| gaussian(x, &y, b, c, 1.0);
    let centre = Array1::zeros(3);
    let text = |error: Error| error.to_string();
    assert_eq!(
        call(x.slice(s![.., ..2]), &b, &centre).map_err(text),
        Err("the points of `x_i` have 2 coordinates, its dimension is 3: pass 3 per point".to_owned())
    );
    let layout = "`x_i` does not lie in memory point after point: pass a reference to its \
                  `.as_standard_layout()`";
    let columns = points(3, 1);
    let columns = array(&columns);
    assert_eq!(call(columns.t(), &b, &centre).map_err(text), Err(layout.to_owned()), "column after column");
    assert_eq!(call(x.slice(s![..;2, ..]), &b, &centre).map_err(text), Err(layout.to_owned()), "some rows");
    let one = array![0.0, 1.0, 2.0];
    assert_eq!(
        call(one.broadcast((4, 3)).unwrap(), &b, &centre).map_err(text),
        Err(layout.to_owned()),
        "one row, repeated"
    );
    assert_eq!(
        gaussian(&x, &y, y.column(0), &centre, 1.0).unwrap_err(),
        Error::Layout { argument: "b_j", instead: "a reference to its `.as_standard_layout()`" }
    );
    assert_eq!(
        call(x.view(), &b, &Array1::zeros(2)).unwrap_err(),
        Error::ExpectedLen { argument: "c", len: 2, dim: 3 }
    );
    assert_eq!(
        call(x.view(), &Array1::zeros(4), &centre).unwrap_err(),
        Error::LengthMismatch { argument_a: "y_j", rows_a: 3, argument_b: "b_j", rows_b: 4 }
    );
}

#[test]
fn results_are_written_to_arrays() {
    let (x, y) = (points(40, 1), points(9, 2));
    let expected = nearest(&x, &y).unwrap();
    let (mut distances, mut indices) = (Array2::from_elem((40, 2), f64::NAN), Array2::from_elem((40, 2), 7));
    nearest::into((&mut distances, &mut indices), &x, &y).unwrap();
    assert_eq!(distances.as_slice().unwrap(), expected.0.as_flattened());
    assert_eq!(indices.as_slice().unwrap(), expected.1.as_flattened());

    let sums = gaussian(&x, &y, &[1.0; 9], [0.0; 3], 0.5).unwrap();
    let mut to = Array1::zeros(60);
    gaussian::into(&mut to.slice_mut(s![10..50]), &x, &y, &[1.0; 9], [0.0; 3], 0.5).unwrap();
    assert_eq!(to.slice(s![10..50]), Array1::from(sums.clone()));
    assert_eq!(to.slice(s![..10]), Array1::<f64>::zeros(10));
    let mut to = Array2::zeros((40, 1));
    gaussian::into(&mut *to, &x, &y, &[1.0; 9], [0.0; 3], 0.5).unwrap();
    assert_eq!(to.column(0), Array1::from(sums));
}

#[test]
fn nothing_is_written_where_a_result_does_not_fit() {
    let (x, y) = (points(4, 1), points(9, 2));
    let mut indices = [7; 8];
    let mut into = |to: &mut ArrayRef2<f64>| {
        let error = nearest::into((&mut *to, &mut indices), &x, &y).unwrap_err();
        assert!(to.iter().all(|number| *number == 5.0), "{to}");
        assert_eq!(indices, [7; 8]);
        error
    };
    assert_eq!(
        into(&mut Array2::from_elem((4, 3), 5.0)),
        Error::Coordinates { argument: "result.0", found: 3, dim: 2 }
    );
    assert_eq!(
        into(&mut Array2::from_elem((5, 2), 5.0)),
        Error::ResultLen { result: "result.0", len: 10, wanted: 8 }
    );
    let error = into(&mut Array2::from_elem((4, 2).f(), 5.0));
    assert_eq!(
        error.to_string(),
        "`result.0` does not lie in memory point after point: pass an array in standard layout, such as \
         `Array::zeros` makes"
    );
    let mut spread = Array1::from_elem(8, 5.0);
    let error =
        gaussian::into(&mut spread.slice_mut(s![..;2]), &x, &y, &[1.0; 9], [0.0; 3], 0.5).unwrap_err();
    assert!(matches!(error, Error::Layout { argument: "result", .. }), "{error}");
    assert_eq!(spread, Array1::from_elem(8, 5.0));
}
