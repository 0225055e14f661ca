// The formulas whose CUDA kernels have a goal in BUDGETS.md, each the only one of its kind in the table of goals. They are
// measured on hardware, too: `benches/device` has this file as a module, so that the table's instructions are those of the
// kernels that it runs. A function's name is its name in the table.

use keops::keops;

keops! {
    /// Σ_j exp(-|x_i - y_j|² / s²) b_j, and its gradient in x.
    #[grad(x_i)]
    pub fn gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    /// Σ_j Σ_k exp(-|x_i - y_j|² / s_k²) b_j: the distance is shared by four widths, the weight by four values.
    pub fn four_gaussians(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<4>, s: Pm<4>) -> Vi<4> {
        let d = SqDist(x_i, y_j);
        Sum_j((Exp(-d / s[0]^2) + Exp(-d / s[1]^2) + Exp(-d / s[2]^2) + Exp(-d / s[3]^2)) * b_j)
    }

    /// log Σ_j exp(b_j - |x_i - y_j|² / s²)
    pub fn log_sum_exp(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        LogSumExp_j(b_j - SqDist(x_i, y_j) / s^2)
    }

    /// [`gaussian`] with scaled distances.
    #[scaled_distances]
    #[grad(x_i)]
    pub fn scaled_gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    /// [`four_gaussians`] with scaled distances.
    #[scaled_distances]
    pub fn scaled_four_gaussians(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<4>, s: Pm<4>) -> Vi<4> {
        let d = SqDist(x_i, y_j);
        Sum_j((Exp(-d / s[0]^2) + Exp(-d / s[1]^2) + Exp(-d / s[2]^2) + Exp(-d / s[3]^2)) * b_j)
    }

    /// [`log_sum_exp`] with scaled distances.
    #[scaled_distances]
    pub fn scaled_log_sum_exp(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        LogSumExp_j(b_j - SqDist(x_i, y_j) / s^2)
    }

    /// The nearest y.
    pub fn nearest(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1, usize> {
        ArgMin_j(SqDist(x_i, y_j))
    }

    /// The ten nearest y.
    pub fn ten_nearest(x_i: Vi<3>, y_j: Vj<3>) -> Vi<10, usize> {
        ArgKMin_j(SqDist(x_i, y_j), 10)
    }

    /// The Gaussian sum in dimension 64.
    pub fn gaussian_64(x_i: Vi<64>, y_j: Vj<64>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    /// The same with distances by dot products.
    #[dot_products]
    pub fn gaussian_64_dot_products(x_i: Vi<64>, y_j: Vj<64>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    /// The Gaussian sum in dimension 100.
    pub fn gaussian_100(x_i: Vi<100>, y_j: Vj<100>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    /// The Gaussian sum in dimension 784, where no row fits in registers.
    pub fn gaussian_784(x_i: Vi<784>, y_j: Vj<784>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    /// Σ_j exp(s ⟨x_i, y_j⟩) b_j / Σ_j exp(s ⟨x_i, y_j⟩) with 64 coordinates and 64 values.
    pub fn attention(x_i: Vi<64>, y_j: Vj<64>, b_j: Vj<64>, s: Pm<1>) -> Vi<64> {
        SumSoftMaxWeight_j(s * (x_i | y_j), b_j)
    }
}
