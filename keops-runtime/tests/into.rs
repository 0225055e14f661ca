//! Results written to memory of the caller, on the processor: the same bits as new results, in every shape, and errors
//! before anything is written.
#![deny(warnings)]

use keops::{Error, keops};

keops! {
    /// A result with columns, and no other way to call it that is used: nothing is said of it.
    #[grad(x_i, s)]
    fn gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, s: Pm<1>) -> Vi<2> { Exp(-SqDist(x_i, y_j) / s^2) * b_j }

    fn unused_ways(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { Sum_j(x_i * y_j) }

    /// All kinds of results, over j.
    fn of_columns(x_i: Vi<2>, y_j: Vj<2>) -> (Vj<1>, Vj<4>, Vj<4, usize>, Vj<1, usize>, Vj<2>) {
        let d = SqDist(x_i, y_j);
        (LogSumExp_i(-d), KMin_i(d, 4), ArgKMin_i(d, 4), ArgMax_i(d), Sum_i(x_i * y_j) - y_j)
    }

    /// Its gradient adds up what comes from all pairs and what comes from the nearest.
    #[grad(y_j)]
    fn two_passes(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> { Sum_j(SqDist(x_i, y_j)) * Min_j(SqDist(x_i, y_j)) }

    #[prune]
    fn near(x_i: Vi<2>, y_j: Vj<2>) -> (Vi<3>, Vi<3, usize>) { KMin_ArgKMin_j(SqDist(x_i, y_j), 3) }

    /// Names that the generated code has for itself.
    fn names(result: Vi<1>, device: Vj<1>, result_0: Pm<1>) -> Vi<1> { Sum_j(result * device) * result_0 }

    fn scaled_energy(x_i: Vi<2>, y_j: Vj<2>) -> Pm<1> { Sum_ij(SqDist(x_i, y_j)) }
}

fn points<const D: usize>(rows: usize, seed: usize) -> Vec<[f64; D]> {
    let number = |n: usize| (n * 2654435761 % 1009) as f64 / 500.0 - 1.0;
    (0..rows).map(|row| std::array::from_fn(|k| number(D * row + k + seed))).collect()
}

#[test]
fn one_result_in_every_shape() {
    let (x, y, b) = (points::<3>(70, 1), points::<3>(130, 2), points::<2>(130, 3));
    let expected = gaussian(&x, &y, &b, 0.5).unwrap();
    let (mut rows, mut flat) = (vec![[f64::NAN; 2]; 70], vec![7.0; 140]);
    let (mut array, mut flat_array) = ([[1.0; 2]; 70], [0.0; 140]);
    gaussian::into(&mut rows, &x, &y, &b, 0.5).unwrap();
    gaussian::into(&mut flat, &x, &y, &b, 0.5).unwrap();
    gaussian::into(&mut array, &x, &y, &b, 0.5).unwrap();
    gaussian::into(&mut flat_array, &x, &y, &b, 0.5).unwrap();
    assert_eq!(rows, expected);
    assert_eq!(flat, expected.as_flattened());
    assert_eq!(array[..], expected);
    assert_eq!(flat_array, expected.as_flattened());
    // Parts of what the caller has.
    let (first, rest) = rows.split_at_mut(30);
    gaussian::into(&mut rest[..40], &x[..40], &y, &b, 0.5).unwrap();
    gaussian::into(&mut first[..], &x[40..], &y, &b, 0.5).unwrap();
    assert_eq!(rows[30..], expected[..40]);
    assert_eq!(rows[..30], expected[40..]);
}

#[test]
fn several_results() {
    let (x, y) = (points::<2>(50, 1), points::<2>(9, 2));
    let expected = of_columns(&x, &y).unwrap();
    let mut sums = vec![[5.0]; 9];
    let (mut least, mut nearest, mut farthest, mut moments) =
        (vec![[0.0; 4]; 9], [1usize; 36], vec![0usize; 9], [[0.0; 2]; 9]);
    let result = (&mut sums, &mut least, &mut nearest, &mut farthest, &mut moments);
    of_columns::into(result, &x, &y).unwrap();
    assert_eq!(sums.as_flattened(), expected.0);
    assert_eq!((least, nearest.to_vec()), (expected.1, expected.2.as_flattened().to_vec()));
    assert_eq!((farthest, moments.to_vec()), (expected.3, expected.4));

    let (x, y) = (points::<2>(3000, 1), points::<2>(3000, 2));
    let expected = near(&x, &y).unwrap();
    let (mut distances, mut indices) = (vec![[0.0; 3]; 3000], vec![0; 9000]);
    near::into((&mut distances, &mut indices), &x, &y).unwrap();
    assert_eq!((distances, indices), (expected.0, expected.1.as_flattened().to_vec()));
}

#[test]
fn gradients_overwrite_what_was_there() {
    let (x, y, b, e) = (points::<3>(7, 1), points::<3>(5, 2), points::<2>(5, 3), points::<2>(7, 4));
    let mut slope = vec![[f64::NAN; 3]; 7];
    gaussian::grad_x_i::into(&mut slope, &x, &y, &b, 0.5, &e).unwrap();
    assert_eq!(slope, gaussian::grad_x_i(&x, &y, &b, 0.5, &e).unwrap());
    gaussian::grad_s(&x, &y, &b, 0.5, &e).unwrap();

    let (x, y, e) = (points::<2>(7, 1), points::<2>(5, 2), points::<1>(7, 4));
    let mut slope = [1e300; 10];
    two_passes::grad_y_j::into(&mut slope, &x, &y, &e).unwrap();
    assert_eq!(slope, two_passes::grad_y_j(&x, &y, &e).unwrap().as_flattened());
    two_passes(&x, &y).unwrap();
    scaled_energy(&x, &y).unwrap();
}

#[test]
fn names_of_arguments_are_free() {
    let mut to = [0.0f32; 2];
    names::into(&mut to, &[1.0, 2.0], &[3.0, 4.0], 10.0).unwrap();
    assert_eq!(to, [70.0, 140.0]);
    assert_eq!(names(&[1.0f32, 2.0], &[3.0, 4.0], 10.0).unwrap(), to);
    assert_eq!(unused_ways(&[1.0f32], &[2.0]), Ok(vec![2.0]));
}

#[test]
fn a_formula_inside_of_a_function() {
    keops! { fn inner(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { Max_j(x_i * y_j) } }
    let mut to = vec![0.0f32];
    inner::into(&mut to, &[2.0], &[3.0, -5.0]).unwrap();
    assert_eq!(inner(&[2.0f32], &[3.0, -5.0]).unwrap(), to);
    assert_eq!(to, [6.0]);
}

#[test]
fn nothing_is_written_where_something_does_not_fit() {
    let (x, y) = (points::<2>(6, 1), points::<2>(5, 2));
    let (mut distances, mut indices) = ([[7.0; 3]; 6], [[7; 3]; 5]);
    let error = near::into((&mut distances, &mut indices), &x, &y).unwrap_err();
    assert_eq!(error, Error::ResultLen { result: "result.1", len: 15, wanted: 18 });
    let error = near::into((&mut distances[..5], &mut indices), &x, &y).unwrap_err();
    assert_eq!(error, Error::ResultLen { result: "result.0", len: 15, wanted: 18 });
    // What is wrong with the arguments comes first.
    let error = near::into((&mut distances, &mut indices), &x[..5], &y[..2]).unwrap_err();
    assert_eq!(error, Error::NotEnough { reduction: "ArgKMin_j", wanted: 3, rows: 2 });
    assert_eq!((distances, indices), ([[7.0; 3]; 6], [[7; 3]; 5]));

    // A flat slice that is no whole rows, and an empty one.
    let (x, y, b) = (points::<3>(2, 1), points::<3>(5, 2), points::<2>(5, 3));
    for len in [0, 3, 5, 6] {
        let mut to = vec![7.0; len];
        let error = gaussian::into(&mut to, &x, &y, &b, 1.0).unwrap_err();
        assert_eq!(error, Error::ResultLen { result: "result", len, wanted: 4 });
        assert_eq!(to, vec![7.0; len]);
    }
}

#[test]
fn no_rows() {
    let (none, y, b) = (Vec::<[f32; 3]>::new(), [[1.0; 3]; 2], [[1.0; 2]; 2]);
    let mut to = Vec::<[f32; 2]>::new();
    gaussian::into(&mut to, &none, &y, &b, 1.0).unwrap();
    let mut to = [[7.0f32; 2]];
    gaussian::into(&mut to, &y[..1], &none, &[[0.0; 2]; 0], 1.0).unwrap();
    assert_eq!(to, [[0.0; 2]], "an empty sum");
}
