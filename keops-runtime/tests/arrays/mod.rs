//! What the tests of other libraries' arrays compute.

use keops::keops;

keops! {
    #[grad(x_i)]
    pub(crate) fn gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, c: Pm<3>, s: Pm<1>) -> Vi<1> {
        Exp(-SqDist(x_i - c, y_j) / s^2) * b_j
    }

    pub(crate) fn nearest(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<2>, Vi<2, usize>) { KMin_ArgKMin_j(SqDist(x_i, y_j), 2) }
}

/// Numbers between −1 and 1.
pub(crate) fn points(rows: usize, seed: usize) -> Vec<[f64; 3]> {
    let number = |n: usize| (n * 2654435761 % 1009) as f64 / 500.0 - 1.0;
    (0..rows).map(|row| std::array::from_fn(|k| number(3 * row + k + seed))).collect()
}
