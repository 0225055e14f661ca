//! Formulas that read the numbers `i` and `j` of their points.

use keops_reference::data::Setup;
use keops_reference::{cases, gradients};

cases! {
    pub fn leave_one_out(x_i: Vi<3>, x_j: Vj<3>) -> Vi<1> { (i != j) * Exp(-SqDist(x_i, x_j)) }

    pub fn band(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, w: Pm<1>) -> Vi<1> {
        (Abs(i - j) <= 4 * w) * Exp(-SqDist(x_i, y_j)) * b_j
    }

    /// The other side is kept, and each number is read as it is and in arithmetic.
    pub fn numbers_over_i(x_i: Vi<2>, y_j: Vj<2>) -> Vj<3> {
        Sum_i(Concat(i * x_i, Cos(j) * (i > j)) + Sin(2 * j)) / (1 + j) + j
    }

    /// Numbers of columns alone, of rows alone, and after the reduction.
    pub fn numbers_alone(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<1>, Vi<1>, Vi<1>) {
        (Sum_j(j), Max_j(i * j), i + Sum_j(x_i))
    }

    pub fn numbers_that_are_named(i: Vi<2>, j: Vj<2>) -> Vi<1> {
        let j = SqDist(i, j);
        j
    }

    pub fn only_one_is_named(i: Vi<2>, y_j: Vj<2>) -> Vi<1> { (i | y_j) * j }

    pub fn order_of_the_points(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<3>, Vi<3, usize>) {
        KMin_ArgKMin_j(Mod(3 * i + 5 * j, 7), 3)
    }

    pub fn wide_with_numbers(x_i: Vi<70>, y_j: Vj<70>, b_j: Vj<70>) -> Vi<70> {
        Exp(-SqDist(x_i, y_j) / (1 + Abs(i - j))) * b_j
    }

    pub fn energy_of_different_points(x_i: Vi<3>, x_j: Vj<3>) -> Pm<1> { (i < j) / (1 + SqDist(x_i, x_j)) }

    pub fn causal_attention(q_i: Vi<64>, k_j: Vj<64>, v_j: Vj<64>) -> Vi<64> {
        SumSoftMaxWeight_j(Where(j <= i, (q_i | k_j) / 8, -Inf), v_j)
    }

    /// No point comes before the first: its row is −∞.
    pub fn log_sum_over_earlier_points(x_i: Vi<3>, x_j: Vj<3>) -> Vi<1> {
        LogSumExp_j(IfElse(i - j - 1, -SqDist(x_i, x_j), -Inf))
    }

    pub fn nearest_other(x_i: Vi<3>, x_j: Vj<3>) -> (Vi<1>, Vi<1, usize>) {
        Min_ArgMin_j(Where(i == j, Inf, SqDist(x_i, x_j)))
    }

    /// A condition that is no comparison, of several coordinates.
    pub fn chosen_by_zeros(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3> { Where(Step(x_i - y_j) * (i + j), x_i, Cos(y_j)) }

    #[prune]
    pub fn pruned_without_itself(x_i: Vi<2>, y_j: Vj<2>, r: Pm<1>) -> Vi<1> {
        (SqDist(x_i, y_j) < r^2 / 2) * (i != j) * (1 + i - 2 * j)
    }

    /// The numbers are the points: a band of the matrix.
    #[prune]
    pub fn pruned_to_a_band(x_i: Vi<2>, y_j: Vj<2>, w: Pm<1>) -> Vi<1> {
        (Abs(i - j) <= 4 * w) * Exp(x_i | y_j)
    }
}

gradients! {
    #[grad]
    pub fn masked_gradient(x_i: Vi<3>, y_j: Vj<3>, w: Pm<1>) -> Vi<1> {
        (j <= i) * Exp(-SqDist(x_i, y_j) / (w + i)) * (1 + j)
    }
    seeds m [0: 1]
    x_i: grad_x_i, y_j: grad_y_j, w: grad_w
}

gradients! {
    #[grad]
    pub fn gradient_of_a_choice_with_numbers(x_i: Vi<3>, y_j: Vj<3>, w: Pm<1>) -> Vi<2> {
        let d = SqDist(x_i, y_j) * (1 + Abs(i - j)) + w * Sin(j);
        KMin_j(d, 2) * Cos(i)
    }
    seeds m [0: 2]
    x_i: grad_x_i, y_j: grad_y_j, w: grad_w
}

gradients! {
    #[grad]
    pub fn gradient_of_causal_attention(q_i: Vi<4>, k_j: Vj<4>, v_j: Vj<2>) -> Vi<2> {
        SumSoftMaxWeight_j(Where(j <= i, q_i | k_j, -Inf), v_j)
    }
    seeds m [0: 2]
    q_i: grad_q_i, k_j: grad_k_j, v_j: grad_v_j
}

/// What a row is of which all pairs are left out.
#[test]
fn rows_without_pairs() {
    keops::keops! {
        fn nothing(x_i: Vi<1>, x_j: Vj<1>) -> (Vi<1>, Vi<1>, Vi<1>, Vi<1, usize>) {
            let f = Where(j < i, x_i + x_j, -Inf);
            (SumSoftMaxWeight_j(f, x_j), LogSumExp_j(f), Max_j(f), ArgMax_j(f))
        }
    }
    let (soft_max, log_sum, most, first) = nothing(&[5.0f32, 6.0], &[3.0, 4.0]).unwrap();
    assert!(soft_max[0].is_nan());
    assert_eq!((soft_max[1], log_sum[0], log_sum[1]), (3.0, f32::NEG_INFINITY, 9.0));
    assert_eq!((most, first), (vec![f32::NEG_INFINITY, 9.0], vec![0, 0]));
}

/// One row and few rows over many columns, which are divided; tiles and blocks of rows that are full, and one more.
#[test]
fn numbers_at_the_edges_of_tiles_and_parts() {
    for (m, n) in
        [(1, 3000), (2, 127), (3, 1100), (64, 64), (65, 63), (63, 129), (129, 2), (260, 65), (67, 1)]
    {
        let setup = Setup::sizes(m, n);
        for check in [numbers_over_i::check, numbers_alone::check, band::check, order_of_the_points::check] {
            let report = check(&setup);
            assert_eq!((report.undecided, report.tied), (0, 0), "{m} × {n}");
        }
    }
}
