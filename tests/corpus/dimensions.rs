//! Dimensions that the caller's data decide: one formula for points of any number of coordinates that is listed.

use keops::Error;
use keops_reference::dimensions;

dimensions! {
    /// Gaussian convolution.
    #[grad]
    #[instances(D = 1..=3, 7, 64)]
    pub fn gaussian<const D: usize>(x_i: Vi<D>, y_j: Vj<D>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Exp(-SqDist(x_i, y_j) / (D * s^2)) * b_j
    }
    at [1] [2] [3] [7] [64] => { m [0: 1] x_i: grad_x_i, y_j: grad_y_j, b_j: grad_b_j, s: grad_s }

    /// Two dimensions, one of which the result has.
    #[grad(x_i, v_j)]
    #[instances(D = 1, 3, 64)]
    #[instances(E = 1, 2, 7)]
    pub fn attention<const D: usize, const E: usize>(x_i: Vi<D>, y_j: Vj<D>, v_j: Vj<E>) -> Vi<E> {
        SumSoftMaxWeight_j((x_i | y_j) / D, v_j)
    }
    at [1, 1] [3, 1] [3, 2] [3, 7] [64, 2] [64, 7] => { m [0: E] x_i: grad_x_i, v_j: grad_v_j }

    /// A result of the arguments' dimension.
    #[grad(x_i, p)]
    #[instances(D = 1, 2, 3, 7, 64)]
    pub fn vectors<const D: usize>(x_i: Vi<D>, y_j: Vj<D>, p: Pm<D>) -> Vi<D> {
        Sum_j((x_i - y_j) * p * Exp(-SqDist(x_i, y_j) / D)) + x_i
    }
    at [1] [2] [3] [7] [64] => { m [0: D] x_i: grad_x_i, p: grad_p }

    /// Indices, one for each coordinate.
    #[instances(D = 1, 3, 7)]
    pub fn nearest_in_each<const D: usize>(x_i: Vi<D>, y_j: Vj<D>) -> (Vi<D>, Vi<D, usize>) {
        Min_ArgMin_j(Abs(x_i - y_j))
    }
    at [1] [3] [7] => {}

    /// As many neighbours as there are coordinates, and a value of another length beside them.
    #[instances(D = 2, 3, 7)]
    pub fn neighbours<const D: usize>(x_i: Vi<D>, y_j: Vj<D>, v_j: Vj<2>) -> (Vi<D, usize>, Vi<2>) {
        (ArgKMin_j(SqDist(x_i, y_j), D), Sum_j(v_j))
    }
    at [2] [3] [7] => {}

    /// Results on the other side, and coordinates that every instance has.
    #[grad]
    #[instances(D = 2, 3, 64)]
    pub fn over_i<const D: usize>(x_i: Vi<D>, y_j: Vj<D>, a_i: Vi<1>) -> (Vj<1>, Vj<2>) {
        (Sum_i(Exp(-(x_i | y_j) / D) * a_i), Sum_i(x_i[0..2] * (y_j[1] - a_i)))
    }
    at [2] [3] [64] => { n [0: 1, 1: 2] x_i: grad_x_i, y_j: grad_y_j, a_i: grad_a_i }

    /// A length that no type can have, inside.
    #[grad(x_i)]
    #[instances(D = 1, 3, 7)]
    #[instances(E = 2, 3)]
    pub fn joined<const D: usize, const E: usize>(x_i: Vi<D>, y_j: Vj<D>, u_i: Vi<E>, v_j: Vj<E>) -> Vi<1> {
        let p = Concat(x_i, u_i, 1 / D);
        LogSumExp_j(-SqDist(p, Concat(y_j, v_j, 1 / E)))
    }
    at [1, 2] [3, 3] [7, 2] => { m [0: 1] x_i: grad_x_i }

    /// One sum over all pairs.
    #[instances(D = 1, 3, 64)]
    pub fn energy<const D: usize>(x_i: Vi<D>, y_j: Vj<D>) -> Pm<D> { Sum_ij(x_i * Exp(-SqDist(x_i, y_j) / D)) }
    at [1] [3] [64] => {}

    /// Names that the generated code has for types of its own.
    #[instances(T = 1, 3)]
    #[instances(M = 2)]
    pub fn named_like_types<const T: usize, const M: usize>(x_i: Vi<T>, y_j: Vj<T>, b_j: Vj<M>) -> Vi<M> {
        SqDist(x_i, y_j) * b_j / M
    }
    at [1, 2] [3, 2] => {}

    /// Distances that may be expanded.
    #[dot_products]
    #[instances(D = 1, 3, 7, 64)]
    pub fn expanded<const D: usize>(x_i: Vi<D>, y_j: Vj<D>, b_j: Vj<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / (2 * D)) * b_j)
    }
    at [1] [3] [7] [64] => {}

    /// Factors that may be moved into the coordinates.
    #[scaled_distances]
    #[instances(D = 1, 3, 64)]
    pub fn scaled<const D: usize>(x_i: Vi<D>, y_j: Vj<D>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / (D * s^2)) * b_j)
    }
    at [1] [3] [64] => {}

    /// Cheaper functions.
    #[fast_maths]
    #[instances(D = 2, 7)]
    pub fn fast<const D: usize>(x_i: Vi<D>, y_j: Vj<D>) -> Vi<1> { Sum_j(1 / Sqrt(1 + SqDist(x_i, y_j))) }
    at [2] [7] => {}

    /// Points that cannot win are passed over.
    #[prune]
    #[instances(D = 1, 3, 7)]
    pub fn nearest<const D: usize>(x_i: Vi<D>, y_j: Vj<D>) -> (Vi<2>, Vi<2, usize>) {
        KMin_ArgKMin_j(SqDist(x_i, y_j), 2)
    }
    at [1] [3] [7] => {}
}

#[test]
fn dimensions_can_be_told_when_the_program_runs() -> Result<(), Error> {
    use self::{
        attention::attention, gaussian::gaussian, nearest_in_each::nearest_in_each, neighbours::neighbours,
        vectors::vectors,
    };
    let numbers = |count: usize| -> Vec<f64> { (0..count).map(|n| (n as f64).sin()).collect() };
    let (b, e, v) = (numbers(7), numbers(5), vec![[1.0, 2.0]; 7]);
    let cloud = |d: usize| (numbers(5 * d), numbers(7 * d + 1)[1..].to_vec(), numbers(d));

    let (x, y, p) = cloud(7);
    assert_eq!(gaussian::flat([7], &x, &y, &b, 1.5)?, gaussian::<7, _, _>(&x, &y, &b, 1.5)?);
    let slope = gaussian::grad_x_i::<7, _, _>(&x, &y, &b, 1.5, &e)?;
    assert_eq!(gaussian::grad_x_i::flat([7], &x, &y, &b, 1.5, &e)?, slope.as_flattened());
    assert_eq!(
        gaussian::grad_s::flat([7], &x, &y, &b, 1.5, &e)?,
        gaussian::grad_s::<7, _, _>(&x, &y, &b, 1.5, &e)?
    );
    let sums = vectors::<7, _, _>(&x, &y, &p)?;
    assert_eq!(vectors::flat([7], &x, &y, &p)?, sums.as_flattened());
    // A row of numbers, as many as are told.
    let slope = vectors::grad_p::<7, _, _>(&x, &y, &p, &sums)?;
    assert_eq!(vectors::grad_p::flat([7], &x, &y, &p, sums.as_flattened())?, slope);
    let (values, indices) = nearest_in_each::<7, _, _>(&x, &y)?;
    let flat = (values.as_flattened().to_vec(), indices.as_flattened().to_vec());
    assert_eq!(nearest_in_each::flat([7], &x, &y)?, flat);

    // What has a dimension of its own is as it always is, and of two dimensions one may be 1.
    let (x, y, _) = cloud(3);
    let (indices, sums) = neighbours::<3, _, _>(&x, &y, &v)?;
    assert_eq!(neighbours::flat([3], &x, &y, &v)?, (indices.as_flattened().to_vec(), sums));
    assert_eq!(attention::flat([3, 1], &x, &y, &b)?, attention::<3, 1, _, _>(&x, &y, &b)?.as_flattened());
    assert_eq!(attention::flat::<f64>([3, 2], &[], &y, v.as_flattened())?, [0.0; 0]);

    // Options go with them.
    let ranges = keops::Ranges::batch(&[2, 3], &[4, 3]);
    let of_batches = attention::with::<3, 1, _, _>(&ranges, &x, &y, &b)?;
    assert_eq!(attention::flat(([3, 1], &ranges), &x, &y, &b)?, of_batches.as_flattened());

    // What cannot be is an error before anything is read.
    let error = attention::flat([3, 9], &x, &y, &b).unwrap_err();
    let text = "`attention` is compiled for D = 1, 3, 64; E = 1, 2, 7, not for D = 3, E = 9: add what is missing to its \
                `#[instances(…)]`";
    assert_eq!(error.to_string(), text);
    assert!(matches!(gaussian::flat([0], &x, &y, &b, 1.5), Err(Error::NotCompiled { .. })));
    let error = gaussian::flat([2], &x, &y, &b, 1.5).unwrap_err();
    assert_eq!(error, Error::NotMultiple { argument: "x_i", len: 15, dim: 2 });
    let error = vectors::flat([3], &x, &y, &p).unwrap_err();
    assert_eq!(error, Error::ExpectedLen { argument: "p", len: 7, dim: 3 });
    Ok(())
}
