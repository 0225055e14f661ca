//! Gradients where differences do not exist, and over no points.

use keops::keops;

keops! {
    #[grad]
    pub fn distance(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> { Norm2(x_i - y_j) }

    #[grad]
    pub fn direction(x_i: Vi<2>, y_j: Vj<1>) -> Vi<2> { Normalize(x_i) * y_j }

    #[grad]
    pub fn others(x_i: Vi<2>, x_j: Vj<2>) -> Vi<1> { Where(i != j, 1 / Norm2(x_i - x_j), 0) }

    #[grad]
    pub fn potential(x_i: Vi<2>, x_j: Vj<2>) -> Vi<1> { (i != j) / Norm2(x_i - x_j) }

    #[grad]
    pub fn bounded(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { Minimum(1 / Abs(x_i - y_j), 10) }

    #[grad]
    pub fn bounded_below(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { Maximum(Log(Abs(x_i - y_j)), -1) }

    #[grad]
    pub fn clamped(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { Clamp(1 / (x_i - y_j), -4, 4) }

    #[grad]
    pub fn rectified(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> { Sum(ReLU(Log(Abs(x_i - y_j)))) }

    #[grad]
    pub fn nearest_in_units(x_i: Vi<1>, y_j: Vj<1>, s: Pm<1>, t: Pm<1>) -> Vi<1> {
        Min_j(SqDist(x_i, y_j) * s^6 / t^6)
    }

    #[grad]
    pub fn wave(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { SinXDivX(x_i - y_j) }

    #[grad]
    pub fn everything(x_i: Vi<2>, y_j: Vj<2>, s: Pm<1>, p: Pm<2>) -> Vi<1> { s * (p | x_i * y_j) }

    #[grad]
    pub fn smallest(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { Min_j(x_i * y_j) }

    #[grad]
    pub fn energy(x_i: Vi<1>, y_j: Vj<2>, s: Pm<1>) -> Pm<2> { s * x_i * y_j }

    #[grad]
    pub fn two_smallest(x_i: Vi<1>, y_j: Vj<1>) -> Vi<2> { KMin_j(x_i * y_j, 2) }
}

#[test]
fn the_gradient_of_a_norm_at_zero_is_zero() {
    let x = [[1f64, 2.0], [0.0, 0.0]];
    let y = [[1.0, 2.0]];
    let gradient = distance::grad_x_i(&x, &y, &[1.0, 1.0]).unwrap();
    assert_eq!(gradient[0], [0.0, 0.0]);
    // A root, a reciprocal and a product: some roundings of a number below 1, 1.1e-16 each.
    assert!((gradient[1][1] + 2.0 / 5f64.sqrt()).abs() < 1e-15);
    assert_eq!(direction::grad_x_i(&x, &[1.0], &[[1.0, 1.0]; 2]).unwrap()[1], [0.0, 0.0]);
}

#[test]
fn what_a_mask_leaves_out_has_no_slope_even_where_it_is_infinite() {
    let x = [[0f64, 0.0], [3.0, 4.0]];
    assert_eq!(others(&x, &x), Ok(vec![0.2, 0.2]));
    // −(x − y) / |x − y|³, to some roundings of numbers below 1/25.
    let slope = others::grad_x_i(&x, &x, &[1.0, 1.0]).unwrap();
    for (slope, expected) in slope.as_flattened().iter().zip([0.024, 0.032, -0.024, -0.032]) {
        assert!((slope - expected).abs() < 1e-16, "{slope} {expected}");
    }
    assert_eq!(others::grad_x_j(&x, &x, &[1.0, 1.0]), Ok(slope.clone()));
    // The numbers of the points leave out as well.
    assert_eq!(potential(&x, &x), Ok(vec![0.2, 0.2]));
    assert_eq!(potential::grad_x_i(&x, &x, &[1.0, 1.0]), Ok(slope.clone()));
    assert_eq!(potential::grad_x_j(&x, &x, &[1.0, 1.0]), Ok(slope));
}

#[test]
fn a_bound_has_no_slope_where_what_it_bounds_is_infinite() {
    let (x, y, seed) = ([0f32, 2.0], [0f32], [1f32; 2]);
    assert_eq!(bounded::grad_x_i(&x, &y, &seed).unwrap(), [0.0, -0.25]);
    assert_eq!(bounded_below::grad_x_i(&x, &y, &seed).unwrap(), [0.0, 0.5]);
    assert_eq!(clamped::grad_x_i(&x, &y, &seed).unwrap(), [0.0, -0.25]);
    let points = [[0f32, 4.0]];
    assert_eq!(rectified::grad_x_i(&points, &[[0f32, 0.0]], &[1f32]).unwrap(), [[0.0, 0.25]]);
}

#[test]
fn parameters_of_gradients_of_minima_are_computed_in_double_precision() {
    // s⁶ = 10⁴² is beyond f32.
    let slope = nearest_in_units::grad_x_i(&[3f32], &[1f32, 2.0], 1e7, 1e7, &[1f32]).unwrap();
    assert_eq!(slope, [2.0]);
}

#[test]
fn sin_x_over_x_is_flat_at_zero() {
    assert_eq!(wave::grad_x_i(&[0.5f32], &[0.5f32], &[1f32]).unwrap(), [0.0]);
    assert_eq!(wave::grad_y_j(&[0.5f64], &[0.5f64], &[1f64]).unwrap(), [0.0]);
}

#[test]
fn gradients_over_no_points_are_zero() {
    let (none, two) = (Vec::<[f64; 2]>::new(), vec![[1.0, 2.0], [3.0, 4.0]]);
    let p = [1.0, 1.0];
    assert_eq!(everything::grad_x_i(&two, &none, 2.0, &p, &[1.0, 1.0]).unwrap(), [[0.0, 0.0]; 2]);
    assert!(everything::grad_y_j(&two, &none, 2.0, &p, &[1.0, 1.0]).unwrap().is_empty());
    assert_eq!(everything::grad_s(&two, &none, 2.0, &p, &[1.0, 1.0]).unwrap(), 0.0);
    let no_seeds = Vec::<f64>::new();
    assert_eq!(everything::grad_y_j(&none, &two, 2.0, &p, &no_seeds).unwrap(), [[0.0, 0.0]; 2]);
    assert_eq!(everything::grad_p(&none, &two, 2.0, &p, &no_seeds).unwrap(), [0.0, 0.0]);
    let no_numbers = Vec::<f64>::new();
    assert_eq!(smallest::grad_x_i(&[1.0, 2.0], &no_numbers, &[1.0, 1.0]).unwrap(), [0.0, 0.0]);
}

#[test]
fn a_parameters_gradient_has_the_parameters_shape() {
    let (x, y) = ([[1f32, 2.0]], [[3f32, 4.0], [5.0, 6.0]]);
    let s: f32 = everything::grad_s(&x, &y, 1.0, &[1.0, 1.0], &[1.0]).unwrap();
    assert_eq!(s, 3.0 + 8.0 + 5.0 + 12.0);
    let p: [f32; 2] = everything::grad_p(&x, &y, 2.0, &[1.0, 1.0], &[1.0]).unwrap();
    assert_eq!(p, [16.0, 40.0]);
}

#[test]
fn ties_are_broken_as_the_index_is() {
    // Points 0 and 1 tie: the gradient goes to the one that ArgMin names.
    let gradient = smallest::grad_y_j(&[2f64], &[1.0, 1.0, 3.0], &[1.0]).unwrap();
    assert_eq!(gradient, [2.0, 0.0, 0.0]);
    let gradient = two_smallest::grad_y_j(&[2f64], &[3.0, 1.0, 1.0], &[[1.0, 10.0]]).unwrap();
    assert_eq!(gradient, [0.0, 2.0, 20.0]);
}

#[test]
fn missing_neighbours_get_no_gradient() {
    // Two are asked for and there is one: the second value is infinite and depends on nothing.
    let gradient = two_smallest::grad_y_j(&[2f64], &[3.0], &[[1.0, 10.0]]).unwrap();
    assert_eq!(gradient, [2.0]);
}

#[test]
fn a_seed_of_the_wrong_length_is_an_error_that_names_it() {
    let error = distance::grad_x_i(&[[1f64, 2.0]], &[[1.0, 2.0]], &[1.0, 1.0]).unwrap_err();
    let message = error.to_string();
    assert!(message.contains("`x_i`") && message.contains("`e`"), "{message}");
}

#[test]
fn the_gradient_of_a_sum_over_all_pairs_has_a_row_as_its_seed() {
    let (x, y) = ([1f64, 2.0, 4.0], [[1.0, 3.0], [5.0, 7.0]]);
    assert_eq!(energy(&x, &y, 2.0), Ok([84.0, 140.0]));
    assert_eq!(energy::grad_x_i(&x, &y, 2.0, &[1.0, 10.0]), Ok(vec![2.0 * 106.0; 3]));
    assert_eq!(energy::grad_y_j(&x, &y, 2.0, &[1.0, 10.0]), Ok(vec![[14.0, 140.0]; 2]));
    assert_eq!(energy::grad_s(&x, &y, 2.0, &[1.0, 10.0]), Ok(42.0 + 700.0));
}
