//! The jobs that people use such reductions for.

use keops_reference::cases;

cases! {
    pub fn laplace_kernel(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, s: Pm<1>) -> Vi<2> {
        Exp(-Norm2(x_i - y_j) / s) * b_j
    }

    pub fn matern_three_halves(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        let r = Sqrt(3 * SqDist(x_i, y_j)) / s;
        (1 + r) * Exp(-r) * b_j
    }

    pub fn matern_five_halves(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        let r = Sqrt(5 * SqDist(x_i, y_j)) / s;
        (1 + r + r^2 / 3) * Exp(-r) * b_j
    }

    pub fn rational_quadratic(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>, a: Pm<1>) -> Vi<1> {
        (1 + SqDist(x_i, y_j) / (2 * a * s^2))^(-a) * b_j
    }

    pub fn energy_kernel(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>) -> Vi<1> {
        -Norm2(x_i - y_j) * b_j
    }

    pub fn cosine_similarity(x_i: Vi<5>, y_j: Vj<5>, b_j: Vj<1>) -> Vi<1> {
        (Normalize(x_i) | Normalize(y_j)) * b_j
    }

    pub fn linear_kernel(x_i: Vi<10>, y_j: Vj<10>, b_j: Vj<3>) -> Vi<3> {
        (x_i | y_j) * b_j
    }

    pub fn polynomial_kernel(x_i: Vi<4>, y_j: Vj<4>, b_j: Vj<1>, c: Pm<1>) -> Vi<1> {
        ((x_i | y_j) + c)^3 * b_j
    }

    /// One scale for each coordinate.
    pub fn anisotropic_gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<3>) -> Vi<1> {
        Exp(-SqNorm2((x_i - y_j) / s)) * b_j
    }

    pub fn full_covariance(x_i: Vi<3>, y_j: Vj<3>, a: Pm<9>) -> Vi<1> {
        Exp(-WeightedSqDist(a, x_i, y_j) / 20)
    }

    pub fn periodic_kernel(x_i: Vi<1>, y_j: Vj<1>, b_j: Vj<1>, period: Pm<1>) -> Vi<1> {
        Exp(-2 * Sin(3.14159 * Abs(x_i - y_j) / period)^2) * b_j
    }

    pub fn thin_plate_spline(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<1>) -> Vi<1> {
        XLogX(SqDist(x_i, y_j)) / 2 * b_j
    }

    pub fn multiquadric(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<1>, c: Pm<1>) -> Vi<1> {
        Sqrt(SqDist(x_i, y_j) + c^2) * b_j
    }

    /// The logarithm of a density, which does not underflow.
    pub fn log_density(x_i: Vi<3>, y_j: Vj<3>, h: Pm<1>) -> Vi<1> {
        LogSumExp_j(-SqDist(x_i, y_j) / (2 * h^2)) - 3 * Log(h)
    }

    pub fn manhattan_neighbours(x_i: Vi<10>, y_j: Vj<10>) -> (Vi<4>, Vi<4, usize>) {
        KMin_ArgKMin_j(Sum(Abs(x_i - y_j)), 4)
    }

    pub fn hyperbolic_neighbours(x_i: Vi<4>, y_j: Vj<4>) -> Vi<3, usize> {
        ArgKMin_j(SqDist(x_i, y_j) / ((2 + x_i[0]) * (2 + y_j[0])), 3)
    }

    /// The step of Lloyd's k-means: the nearest centre of each point.
    pub fn nearest_centre(x_i: Vi<2>, c_j: Vj<2>) -> (Vi<1>, Vi<1, usize>) {
        Min_ArgMin_j(SqDist(x_i, c_j))
    }

    pub fn mixture_of_gaussians(x_i: Vi<2>, mean_j: Vj<2>, log_weight_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        LogSumExp_j(log_weight_j - SqDist(x_i, mean_j) / (2 * s^2) - 2 * Log(s))
    }

    pub fn responsibilities(x_i: Vi<2>, mean_j: Vj<2>, log_weight_j: Vj<1>) -> Vi<2> {
        SumSoftMaxWeight_j(log_weight_j - SqDist(x_i, mean_j), mean_j)
    }

    /// Sinkhorn's step for entropic optimal transport.
    pub fn sinkhorn_step(x_i: Vi<3>, y_j: Vj<3>, g_j: Vj<1>, log_b_j: Vj<1>, eps: Pm<1>) -> Vi<1> {
        -eps * LogSumExp_j(log_b_j + (g_j - SqDist(x_i, y_j) / 2) / eps)
    }

    pub fn transport_plan_applied(x_i: Vi<3>, y_j: Vj<3>, f_i: Vi<1>, g_j: Vj<1>, eps: Pm<1>) -> Vi<3> {
        Exp((f_i + g_j - SqDist(x_i, y_j) / 2) / eps) * y_j
    }

    /// Maximum mean discrepancy's inner sums.
    pub fn discrepancy(x_i: Vi<3>, y_j: Vj<3>, s: Pm<3>) -> Vi<1> {
        Mean_j(Sum(Exp(-SqDist(x_i, y_j) / (2 * s^2))))
    }

    /// Stein variational gradient descent: kernel-weighted scores and repulsion.
    pub fn stein_direction(x_i: Vi<2>, x_j: Vj<2>, score_j: Vj<2>, h: Pm<1>) -> Vi<2> {
        let k = Exp(-SqDist(x_i, x_j) / h);
        Mean_j(k * score_j + 2 * k / h * (x_i - x_j))
    }

    /// Softened gravity: acceleration and potential in one pass.
    pub fn gravity(x_i: Vi<3>, x_j: Vj<3>, m_j: Vj<1>, soft: Pm<1>) -> (Vi<3>, Vi<1>) {
        let r = Rsqrt(SqDist(x_i, x_j) + soft^2);
        (m_j * r^3 * (x_j - x_i), -m_j * r)
    }

    /// The repulsive forces of t-SNE and their normalisation.
    pub fn tsne_repulsion(y_i: Vi<2>, y_j: Vj<2>) -> (Vi<1>, Vi<2>) {
        let q = 1 / (1 + SqDist(y_i, y_j));
        (q, q^2 * (y_i - y_j))
    }

    pub fn attention(q_i: Vi<16>, k_j: Vj<16>, v_j: Vj<8>) -> Vi<8> {
        SumSoftMaxWeight_j((q_i | k_j) / 4, v_j)
    }

    pub fn wide_attention(q_i: Vi<64>, k_j: Vj<64>, v_j: Vj<64>) -> Vi<64> {
        SumSoftMaxWeight_j((q_i | k_j) / 8, v_j)
    }

    pub fn chamfer(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        Min_j(SqDist(x_i, y_j))
    }

    pub fn farthest(x_i: Vi<3>, y_j: Vj<3>) -> (Vj<1>, Vj<1, usize>) {
        Max_ArgMax_i(Norm2(x_i - y_j))
    }

    pub fn screened_coulomb(x_i: Vi<3>, x_j: Vj<3>, q_j: Vj<1>, a: Pm<1>) -> Vi<1> {
        let r = Sqrt(SqDist(x_i, x_j) + 1/100);
        q_j * Erfc(a * r) / r
    }

    pub fn haversine(x_i: Vi<2>, y_j: Vj<2>) -> (Vi<1>, Vi<1, usize>) {
        let d = (y_j - x_i) / 2;
        let a = Sin(d[0])^2 + Cos(x_i[0]) * Cos(y_j[0]) * Sin(d[1])^2;
        Min_ArgMin_j(2 * Asin(Sqrt(Clamp(a, 0, 1))))
    }

    /// A nonuniform Fourier transform: complex numbers as pairs.
    pub fn nonuniform_fourier(f_i: Vi<1>, t_j: Vj<1>, c_j: Vj<2>) -> Vi<2> {
        ComplexMult(c_j, ComplexExp1j(-2 * 3.14159265 * f_i * t_j))
    }

    pub fn local_covariance(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> (Vi<1>, Vi<9>) {
        let k = Exp(-SqDist(x_i, y_j) / s^2);
        let d = y_j - x_i;
        (k, k * TensorProd(d, d))
    }

    pub fn varifold(x_i: Vi<3>, y_j: Vj<3>, n_i: Vi<3>, n_j: Vj<3>, s: Pm<1>) -> Vi<1> {
        Exp(-SqDist(x_i, y_j) / s^2) * (Normalize(n_i) | Normalize(n_j))^2 * Norm2(n_j)
    }

    pub fn high_dimension(x_i: Vi<100>, y_j: Vj<100>, b_j: Vj<2>) -> Vi<2> {
        Exp(-SqDist(x_i, y_j) / 100) * b_j
    }
}
