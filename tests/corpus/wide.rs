//! Points of many coordinates: kernels for devices have other layouts for them.

use keops_reference::cases;

cases! {
    /// Three rows of a thread, whose vectors lie in registers.
    pub fn distances_in_62(x_i: Vi<62>, y_j: Vj<62>, b_j: Vj<1>) -> Vi<1> {
        LogSumExp_j(b_j - SqDist(x_i, y_j) / 62)
    }

    /// A length that is no multiple of the widest loads, and a vector behind it in the tile.
    pub fn attention_63(q_i: Vi<63>, k_j: Vj<63>, v_j: Vj<63>) -> Vi<63> {
        SumSoftMaxWeight_j((q_i | k_j) / 8, v_j)
    }

    /// More sums than registers.
    pub fn attention_128(q_i: Vi<128>, k_j: Vj<128>, v_j: Vj<128>) -> Vi<128> {
        SumSoftMaxWeight_j((q_i | k_j) / 12, v_j)
    }

    /// A list in memory.
    pub fn twenty_nearest_in_70(x_i: Vi<70>, y_j: Vj<70>) -> Vi<20, usize> {
        ArgKMin_j(SqDist(x_i, y_j), 20)
    }

    /// Rows are read again for each group of columns.
    #[grad(x_i)]
    pub fn gaussian_101(x_i: Vi<101>, y_j: Vj<101>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / (101 * s^2)) * b_j)
    }

    /// Hoisted vectors that no thread has registers for.
    #[dot_products]
    pub fn gaussian_200_dot_products(x_i: Vi<200>, y_j: Vj<200>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / (200 * s^2)) * b_j)
    }

    /// Columns that no tile holds.
    pub fn gaussian_3100(x_i: Vi<3100>, y_j: Vj<3100>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / (3100 * s^2)) * b_j)
    }

    /// The same where wide loads cannot be used.
    pub fn gaussian_1601(x_i: Vi<1601>, y_j: Vj<1601>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / (1601 * s^2)) * b_j)
    }
}
