// The formulas whose CUDA kernels have budgets of registers and instructions: see BUDGETS.md. No crate has this file; the
// search for `keops!` that build scripts make finds what is in it. A function's name is its name in the table.

use keops::keops;

// The other reductions.
keops! {
    /// The squared distance of the nearest y, and its gradient, which visits the chosen pairs only.
    #[grad(x_i)]
    pub fn least(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        Min_j(SqDist(x_i, y_j))
    }

    /// The distance of the farthest y, and which it is.
    pub fn farthest(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1>, Vi<1, usize>) {
        Max_ArgMax_j(Norm2(x_i - y_j))
    }

    /// The five least distances, and whose they are.
    pub fn five_least(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<5>, Vi<5, usize>) {
        KMin_ArgKMin_j(SqDist(x_i, y_j), 5)
    }

    /// The hundred nearest y: a list in local memory.
    pub fn hundred_nearest(x_i: Vi<3>, y_j: Vj<3>) -> Vi<100, usize> {
        ArgKMin_j(SqDist(x_i, y_j), 100)
    }

    /// A soft-max of a few values.
    pub fn soft_mean(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, s: Pm<1>) -> Vi<2> {
        SumSoftMaxWeight_j(-SqDist(x_i, y_j) / s^2, b_j)
    }

    /// Results for j, and two of them: a mean that is normalised by the sum of its weights.
    pub fn normalised(x_i: Vi<3>, y_j: Vj<3>, b_i: Vi<2>, s: Pm<1>) -> (Vj<2>, Vj<1>) {
        let k = Exp(-SqDist(x_i, y_j) / s^2);
        (Sum_i(k * b_i) / Sum_i(k), Mean_i(k))
    }

    /// The nearest y in dimension 100.
    pub fn nearest_100(x_i: Vi<100>, y_j: Vj<100>) -> Vi<1, usize> {
        ArgMin_j(SqDist(x_i, y_j))
    }

    /// The ten nearest y in dimension 64.
    pub fn ten_nearest_64(x_i: Vi<64>, y_j: Vj<64>) -> Vi<10, usize> {
        ArgKMin_j(SqDist(x_i, y_j), 10)
    }
}

// Other arithmetic: roots, powers, logarithms, divisions, trigonometric functions, wide values.
keops! {
    /// The Laplacian kernel, Σ_j exp(-|x_i - y_j| / s) b_j, and its gradient in x, which is 0 at x_i = y_j.
    #[grad(x_i)]
    pub fn laplacian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Exp(-Norm2(x_i - y_j) / s) * b_j
    }

    /// The Matérn kernel of order 5/2.
    pub fn matern(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        let r = Sqrt(5 * SqDist(x_i, y_j)) / s;
        (1 + r + r^2 / 3) * Exp(-r) * b_j
    }

    /// The rational quadratic kernel: a power with an exponent that is a parameter.
    pub fn rational_quadratic(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>, a: Pm<1>) -> Vi<1> {
        (1 + SqDist(x_i, y_j) / (2 * a * s^2))^(-a) * b_j
    }

    /// Softened gravity: acceleration and potential.
    pub fn gravity(x_i: Vi<3>, x_j: Vj<3>, m_j: Vj<1>, soft: Pm<1>) -> (Vi<3>, Vi<1>) {
        let r = Rsqrt(SqDist(x_i, x_j) + soft^2);
        (m_j * r^3 * (x_j - x_i), -m_j * r)
    }

    /// The repulsive forces of t-SNE and their normalisation.
    pub fn repulsion(y_i: Vi<2>, y_j: Vj<2>) -> (Vi<1>, Vi<2>) {
        let q = 1 / (1 + SqDist(y_i, y_j));
        (q, q^2 * (y_i - y_j))
    }

    /// The thin-plate spline.
    pub fn thin_plate(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<1>) -> Vi<1> {
        XLogX(SqDist(x_i, y_j)) / 2 * b_j
    }

    /// A periodic kernel.
    pub fn periodic(x_i: Vi<1>, y_j: Vj<1>, b_j: Vj<1>, period: Pm<1>) -> Vi<1> {
        Exp(-2 * Sin(3.14159 * Abs(x_i - y_j) / period)^2) * b_j
    }

    /// Many values, all of them sums.
    pub fn many_values(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<32>, s: Pm<1>) -> Vi<32> {
        Exp(-SqDist(x_i, y_j) / s^2) * b_j
    }
}

// Some of these with fast maths.
keops! {
    /// [`laplacian`]: a root and, in the gradient, a reciprocal root.
    #[fast_maths]
    #[grad(x_i)]
    pub fn fast_laplacian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Exp(-Norm2(x_i - y_j) / s) * b_j
    }

    /// [`matern`], with scaled distances too.
    #[fast_maths]
    #[scaled_distances]
    pub fn fast_matern(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        let r = Sqrt(5 * SqDist(x_i, y_j) / s^2);
        (1 + r + r^2 / 3) * Exp(-r) * b_j
    }

    /// [`rational_quadratic`]: a power.
    #[fast_maths]
    pub fn fast_rational_quadratic(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>, a: Pm<1>) -> Vi<1> {
        (1 + SqDist(x_i, y_j) / (2 * a * s^2))^(-a) * b_j
    }

    /// [`gravity`]: a reciprocal root.
    #[fast_maths]
    pub fn fast_gravity(x_i: Vi<3>, x_j: Vj<3>, m_j: Vj<1>, soft: Pm<1>) -> (Vi<3>, Vi<1>) {
        let r = Rsqrt(SqDist(x_i, x_j) + soft^2);
        (m_j * r^3 * (x_j - x_i), -m_j * r)
    }

    /// [`repulsion`]: a reciprocal.
    #[fast_maths]
    pub fn fast_repulsion(y_i: Vi<2>, y_j: Vj<2>) -> (Vi<1>, Vi<2>) {
        let q = 1 / (1 + SqDist(y_i, y_j));
        (q, q^2 * (y_i - y_j))
    }

    /// [`thin_plate`]: a logarithm.
    #[fast_maths]
    pub fn fast_thin_plate(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<1>) -> Vi<1> {
        XLogX(SqDist(x_i, y_j)) / 2 * b_j
    }

    /// [`periodic`]: a sine.
    #[fast_maths]
    pub fn fast_periodic(x_i: Vi<1>, y_j: Vj<1>, b_j: Vj<1>, period: Pm<1>) -> Vi<1> {
        Exp(-2 * Sin(3.14159 * Abs(x_i - y_j) / period)^2) * b_j
    }
}
