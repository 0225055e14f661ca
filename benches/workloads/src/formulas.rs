//! The formulas of the workloads.

use keops::keops;

keops! {
    /// Σ_j exp(-|x_i - y_j|² / s²) b_j
    #[grad(x_i)]
    pub fn gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    /// Σ_j Σ_k exp(-|x_i - y_j|² / s_k²) b_j
    pub fn four_gaussians(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<4>, s: Pm<4>) -> Vi<4> {
        let d = SqDist(x_i, y_j);
        Sum_j((Exp(-d / s[0]^2) + Exp(-d / s[1]^2) + Exp(-d / s[2]^2) + Exp(-d / s[3]^2)) * b_j)
    }

    /// The nearest y
    pub fn nearest(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1, usize> {
        ArgMin_j(SqDist(x_i, y_j))
    }

    /// The nearest y, among those that can be
    #[prune]
    pub fn nearest_pruned(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1, usize> {
        ArgMin_j(SqDist(x_i, y_j))
    }

    /// The nearest y, in dimension 100
    pub fn nearest_100(x_i: Vi<100>, y_j: Vj<100>) -> Vi<1, usize> {
        ArgMin_j(SqDist(x_i, y_j))
    }

    /// The ten nearest y
    pub fn neighbours(x_i: Vi<3>, y_j: Vj<3>) -> Vi<10, usize> {
        ArgKMin_j(SqDist(x_i, y_j), 10)
    }

    /// The ten nearest y, among those that can be
    #[prune]
    pub fn neighbours_pruned(x_i: Vi<3>, y_j: Vj<3>) -> Vi<10, usize> {
        ArgKMin_j(SqDist(x_i, y_j), 10)
    }

    /// The ten nearest y, in dimension 64
    pub fn neighbours_64(x_i: Vi<64>, y_j: Vj<64>) -> Vi<10, usize> {
        ArgKMin_j(SqDist(x_i, y_j), 10)
    }

    /// Σ_j exp(-|x_i - y_j|² / s²) b_j in dimension 64, with distances from dot products
    #[dot_products]
    pub fn gaussian_dot_64(x_i: Vi<64>, y_j: Vj<64>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    /// The same in dimension 784
    #[dot_products]
    pub fn gaussian_dot_784(x_i: Vi<784>, y_j: Vj<784>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    /// log Σ_j exp(-|x_i - y_j|² / s²)
    pub fn log_sum_exp(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> {
        LogSumExp_j(-SqDist(x_i, y_j) / s^2)
    }

    /// Σ_j exp(s ⟨x_i, y_j⟩) b_j / Σ_j exp(s ⟨x_i, y_j⟩)
    pub fn attention(x_i: Vi<64>, y_j: Vj<64>, b_j: Vj<64>, s: Pm<1>) -> Vi<64> {
        SumSoftMaxWeight_j(s * (x_i | y_j), b_j)
    }
}

/// Σ_j exp(-|x_i - y_j|² / s²) b_j in other dimensions.
pub mod gaussian_in {
    use keops::keops;

    macro_rules! gaussian {
        ($($name:ident $dim:tt)*) => {
            keops! {$(
                #[doc = concat!("Dimension ", stringify!($dim))]
                pub fn $name(x_i: Vi<$dim>, y_j: Vj<$dim>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
                    Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
                }
            )*}
        };
    }

    gaussian! {
        d1 1  d2 2  d4 4  d8 8  d16 16  d32 32  d64 64  d128 128  d256 256  d512 512  d784 784
    }
}
