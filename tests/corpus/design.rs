//! The documentation's own examples, and what the language promises in addition to KeOps's.

use keops_reference::cases;

cases! {
    /// Gaussian convolution, γ_i = Σ_j exp(−|x_i − y_j|² / s²) b_j.
    pub fn gaussian_conv(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j
    }

    /// Nadaraya and Watson's regression: two reductions in one pass.
    pub fn kernel_regression(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, s: Pm<1>) -> Vi<2> {
        let k = Exp(-SqDist(x_i, y_j) / s^2);
        Sum_j(k * b_j) / Sum_j(k)
    }

    pub fn root_of_a_minimum(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        Sqrt(Min_j(SqDist(x_i, y_j)))
    }

    pub fn two_results(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1>, Vi<3>) {
        let k = Exp(-SqDist(x_i, y_j));
        (k, k * y_j)
    }

    pub fn shift_to_the_mean(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<3> {
        let k = Exp(-SqDist(x_i, y_j) / s^2);
        Sum_j(k * y_j) / Sum_j(k) - x_i
    }

    pub fn concatenated_reductions(x_i: Vi<2>, y_j: Vj<2>, a_j: Vj<1>) -> Vi<3> {
        Concat(Sum_j(a_j * (x_i | y_j)), Sum_j(y_j * a_j))
    }

    pub fn sum_with_a_tag(x_i: Vi<3>, y_j: Vj<3>) -> Vj<1> {
        Sum_Reduction(Exp(-SqDist(x_i, y_j)), 1)
    }

    pub fn neighbours_with_distances(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<10>, Vi<10, usize>) {
        KMin_ArgKMin_j(SqDist(x_i, y_j), 10)
    }

    pub fn power_binds_tighter_than_minus(x_i: Vi<2>, y_j: Vj<2>) -> Vi<2> {
        -x_i^2 / 2 + y_j**2 * 3 - -x_i
    }

    pub fn powers_associate_to_the_right(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> {
        x_i * 2^3^2 / 2^9 + y_j
    }

    pub fn dot_is_looser_than_sums(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        x_i + y_j | x_i - y_j * 2
    }

    pub fn comparisons_are_numbers(x_i: Vi<2>, y_j: Vj<2>) -> Vi<2> {
        (x_i < y_j) + 2 * (x_i >= y_j) + (x_i == x_i) + (x_i != y_j) + (x_i[0] + 1 > y_j | y_j)
    }

    pub fn rational_constants(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> {
        x_i / 3 + 1/7 * y_j + RatCst(2, 3) + IntInv(9) + IntCst(4) - 0.1
    }

    pub fn exponents_that_vary(x_i: Vi<2>, y_j: Vj<2>, p: Pm<1>) -> Vi<2> {
        (2 + x_i)^p + 2^y_j + (2 + y_j)^(1/2) + (2 + x_i)^-2
    }

    pub fn shadowing(x_i: Vi<2>, y_j: Vj<2>, K: Pm<1>) -> Vi<2> {
        let d = x_i - y_j;
        let d = d * K;
        let K = Exp(-d | d);
        K * d
    }

    pub fn gradient_in_a_formula(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<3> {
        let f = Exp(-SqDist(x_i, y_j) / s^2);
        Grad(f, x_i, 1)
    }

    pub fn nested_gradient(x_i: Vi<2>, y_j: Vj<2>, e_j: Vj<2>) -> Vi<2> {
        Grad(Grad(Exp(-SqDist(x_i, y_j)), x_i, 1) | e_j, x_i, 2)
    }

    pub fn tensor_products(x_i: Vi<6>, y_j: Vj<6>) -> Vi<4> {
        TensorDot(x_i, y_j, [2, 3], [3, 2], [1], [0])
    }

    pub fn permuted_tensor_products(x_i: Vi<6>, y_j: Vj<2>) -> Vi<12> {
        TensorDot(x_i, y_j, [2, 3], [2], [], [], [1, 2, 0])
    }

    pub fn sinc_of_pi(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> {
        sinc(x_i - y_j)
    }

    pub fn an_argument_may_be_unused(x_i: Vi<3>, y_j: Vj<3>, unused: Pm<2>, also_unused_j: Vj<4>) -> Vi<1> {
        SqDist(x_i, y_j)
    }

    pub fn names_in_capitals(X: Vi<3>, Y: Vj<3>, B: Vj<1>) -> Vi<1> {
        B / (1 + SqDist(X, Y))
    }

    /// Named like the type parameters of a generated function.
    pub fn T(x_i: Vi<3>, M: Vj<3>) -> Vi<3> {
        Exp(-SqDist(x_i, M)) * M
    }

    pub fn M(T: Vi<3>, y_j: Vj<3>) -> (Vj<1>, Vj<1, usize>) {
        Min_ArgMin_i(SqDist(T, y_j))
    }

    pub fn mean_over_i(x_i: Vi<3>, y_j: Vj<3>) -> Vj<3> {
        Mean_i(x_i * y_j)
    }

    pub fn weighted_log_sum(x_i: Vi<3>, y_j: Vj<3>, w_j: Vj<2>) -> Vi<2> {
        LogSumExp_j(-SqDist(x_i, y_j), 1 + w_j^2)
    }

    pub fn largest_and_where(x_i: Vi<3>, y_j: Vj<3>) -> (Vj<3>, Vj<3, usize>) {
        Max_ArgMax_i(x_i * y_j)
    }

    pub fn everything_in_one_pass(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1>, Vi<1>, Vi<2>, Vi<1, usize>) {
        let d2 = SqDist(x_i, y_j);
        (Sum_j(Exp(-d2)), LogSumExp_j(-d2), KMin_j(d2, 2), ArgMax_j(d2))
    }

    /// An energy: one number for all pairs.
    pub fn energy(x_i: Vi<3>, x_j: Vj<3>, q_i: Vi<1>, q_j: Vj<1>) -> Pm<1> {
        q_i * q_j * Exp(-SqDist(x_i, x_j))
    }

    pub fn moments(x_i: Vi<2>, y_j: Vj<2>) -> (Pm<4>, Pm<1>) {
        (Sum_ij(TensorProd(x_i, y_j)), Sum_ij(x_i | y_j))
    }

    /// |x|² + |y|² − 2 x·y, where the function asks for it.
    #[dot_products]
    pub fn distances_by_dot_products(x_i: Vi<20>, y_j: Vj<20>) -> (Vi<1>, Vi<1>) {
        let d2 = SqDist(x_i, y_j);
        (Sum_j(Exp(-d2 / 10)), Max_j(d2))
    }

    pub fn values_of_index_i_only(x_i: Vi<2>, y_j: Vj<1>) -> Vi<2> {
        Sum_j(x_i^2) / Sum_j(1)
    }

    pub fn constants_only(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<1>, Vi<1, usize>, Vi<1>) {
        (1/3, ArgMin_j(0.1), Max_j(2))
    }

    #[scaled_distances]
    pub fn scaled_gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    #[scaled_distances]
    pub fn two_scales_of_one_distance(x_i: Vi<2>, y_j: Vj<2>, s: Pm<2>) -> Vi<1> {
        let d = SqDist(x_i, y_j);
        Sum_j(Exp(-d / s[0]^2) + Exp(-d / s[1]^2))
    }

    #[scaled_distances]
    pub fn scaled_log_sum_exp(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> (Vi<1>, Vi<3>) {
        let f = b_j - SqDist(x_i, y_j) / s^2;
        (LogSumExp_j(f), SumSoftMaxWeight_j(f, y_j))
    }

    #[scaled_distances]
    pub fn scaled_distances_as_results(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> (Vi<1>, Vi<1>, Vi<1>) {
        let d = SqDist(x_i, y_j) / s^2;
        (Sum_j(d), Sum_j(Exp(-d)), Min_j(d + y_j[0]))
    }

    #[scaled_distances]
    pub fn scaled_in_many_coordinates(x_i: Vi<40>, y_j: Vj<40>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / (16 * s^2)))
    }

    #[fast_maths]
    pub fn fast_cauchy(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>) -> (Vi<2>, Vi<1>) {
        let q = 1 / (1 + SqDist(x_i, y_j));
        (Sum_j(q * b_j), Sum_j(b_j[0] / (2 + SqDist(x_i, y_j))^2))
    }

    #[fast_maths]
    #[scaled_distances]
    pub fn fast_scaled_laplacian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-Sqrt(SqDist(x_i, y_j) / s^2)) * b_j)
    }

    #[fast_maths]
    pub fn fast_roots(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1>, Vi<3>, Vi<1>) {
        let r = Rsqrt(SqDist(x_i, y_j));
        (Min_j(Norm2(x_i - y_j)), Sum_j(r^3 * (x_i - y_j)), Sum_j(Hypot(x_i[0] - y_j[0], 1 + y_j[1])))
    }

    #[fast_maths]
    pub fn fast_powers(x_i: Vi<3>, y_j: Vj<3>, a: Pm<1>) -> (Vi<1>, Vi<1>) {
        let d = SqDist(x_i, y_j);
        (Sum_j((1 + d)^(-a)), LogSumExp_j(Powf(d, 0.3)))
    }

    #[fast_maths]
    pub fn fast_logarithms(x_i: Vi<2>, y_j: Vj<2>) -> (Vi<1>, Vi<1>, Vi<1>, Vi<1>) {
        let d = SqDist(x_i, y_j);
        (Sum_j(Log(1 + d)), Sum_j(Log2(1 + d)), Sum_j(Log10(0.1 + d)), Sum_j(XLogX(d)))
    }

    #[fast_maths]
    pub fn fast_trigonometry(x_i: Vi<1>, y_j: Vj<1>) -> (Vi<1>, Vi<1>) {
        (Sum_j(Sin(3 * (x_i - y_j))), Sum_j(Cos(2 * x_i * y_j)))
    }

    #[fast_maths]
    pub fn fast_curves(x_i: Vi<2>, y_j: Vj<2>) -> (Vi<1>, Vi<1>) {
        let d = x_i | y_j;
        (Sum_j(Tanh(d)), Sum_j(Sigmoid(4 * d)))
    }
}
