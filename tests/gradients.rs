//! Gradients of whole functions against central differences of the reference evaluator.

use keops_reference::gradients;

#[path = "gradients/edges.rs"]
mod edges;

gradients! {
    #[grad]
    pub fn gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j
    }
    seeds m [0: 1]
    x_i: grad_x_i, y_j: grad_y_j, b_j: grad_b_j, s: grad_s
    ; along at (70, 130)
}

gradients! {
    #[grad(x_i, s)]
    pub fn only_some(x_i: Vi<2>, y_j: Vj<2>, s: Pm<2>) -> Vi<2> {
        s * Tanh(x_i - y_j)
    }
    seeds m [0: 2]
    x_i: grad_x_i, s: grad_s
}

gradients! {
    #[grad]
    pub fn over_i(x_i: Vi<3>, y_j: Vj<3>, p: Pm<3>) -> Vj<2> {
        Concat(Sum_i(Exp(x_i | y_j)), Mean_i(p | x_i))
    }
    seeds n [0: 2]
    x_i: grad_x_i, y_j: grad_y_j, p: grad_p
    ; along at (70, 130)
}

gradients! {
    #[grad]
    pub fn quotient_of_sums(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<2>, s: Pm<1>) -> Vi<2> {
        let k = Exp(-SqDist(x_i, y_j) / s^2);
        Sum_j(k * b_j) / Sum_j(k) - x_i
    }
    seeds m [0: 2]
    x_i: grad_x_i, y_j: grad_y_j, b_j: grad_b_j, s: grad_s
}

gradients! {
    #[grad]
    pub fn log_sum_exp(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> {
        s * LogSumExp_j(-SqDist(x_i, y_j) / s)
    }
    seeds m [0: 1]
    x_i: grad_x_i, y_j: grad_y_j, s: grad_s
}

gradients! {
    #[grad]
    pub fn log_sum_exp_of_vectors(x_i: Vi<3>, y_j: Vj<3>) -> Vj<3> {
        LogSumExp_i(x_i * y_j)
    }
    seeds n [0: 3]
    x_i: grad_x_i, y_j: grad_y_j
}

gradients! {
    #[grad]
    pub fn weighted_log_sum_exp(x_i: Vi<2>, y_j: Vj<2>, w_j: Vj<2>) -> Vi<2> {
        LogSumExp_j(-SqDist(x_i, y_j), 1 + w_j^2)
    }
    seeds m [0: 2]
    x_i: grad_x_i, y_j: grad_y_j, w_j: grad_w_j
}

gradients! {
    #[grad]
    pub fn attention(q_i: Vi<4>, k_j: Vj<4>, v_j: Vj<3>) -> Vi<3> {
        SumSoftMaxWeight_j(q_i | k_j, v_j)
    }
    seeds m [0: 3]
    q_i: grad_q_i, k_j: grad_k_j, v_j: grad_v_j
    ; along at (70, 130)
}

gradients! {
    #[grad]
    pub fn smallest_distance(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> {
        Sqrt(Min_j(s * SqDist(x_i, y_j)))
    }
    seeds m [0: 1]
    x_i: grad_x_i, y_j: grad_y_j, s: grad_s
}

gradients! {
    #[grad]
    pub fn largest_of_vectors(x_i: Vi<3>, y_j: Vj<3>) -> Vj<3> {
        Max_i(Sin(x_i * y_j))
    }
    seeds n [0: 3]
    x_i: grad_x_i, y_j: grad_y_j
}

gradients! {
    #[grad]
    pub fn three_smallest(x_i: Vi<2>, y_j: Vj<2>) -> Vi<3> {
        KMin_j(SqDist(x_i, y_j), 3)
    }
    seeds m [0: 3]
    x_i: grad_x_i, y_j: grad_y_j
}

gradients! {
    /// An index has no gradient, so there is one seed.
    #[grad]
    pub fn smallest_and_where(x_i: Vi<2>, y_j: Vj<2>) -> (Vi<2>, Vi<2, usize>) {
        Min_ArgMin_j((x_i - y_j)^2)
    }
    seeds m [0: 2]
    x_i: grad_x_i, y_j: grad_y_j
}

gradients! {
    #[grad]
    pub fn several_results(x_i: Vi<2>, y_j: Vj<2>, s: Pm<1>) -> (Vi<1>, Vi<2>, Vi<1>) {
        let k = Exp(-SqDist(x_i, y_j) * s);
        (k, k * y_j, LogSumExp_j(s * (x_i | y_j)))
    }
    seeds m [0: 1, 1: 2, 2: 1]
    x_i: grad_x_i, y_j: grad_y_j, s: grad_s
}

gradients! {
    /// Operands of one coordinate that broadcast get the sum of the coordinates' gradients.
    #[grad]
    pub fn broadcast_operands(x_i: Vi<3>, y_j: Vj<1>, c: Pm<1>, p: Pm<1>) -> Vi<3> {
        (2 + x_i)^p * Atan2(c, 2 + x_i) + IfElse(x_i, y_j, c * x_i) + Maximum(x_i, y_j)
    }
    seeds m [0: 3]
    x_i: grad_x_i, y_j: grad_y_j, c: grad_c, p: grad_p
}

gradients! {
    #[grad]
    pub fn matrices(a_i: Vi<6>, b_j: Vj<3>, u_j: Vj<2>) -> Vi<2> {
        MatVecMult(a_i, b_j) * Sum(VecMatMult(u_j, a_i)) + TensorDot(a_i, b_j, [2, 3], [3], [1], [0])
    }
    seeds m [0: 2]
    a_i: grad_a_i, b_j: grad_b_j, u_j: grad_u_j
}

gradients! {
    #[grad]
    pub fn permuted_tensors(f_i: Vi<6>, g_j: Vj<4>) -> Vi<24> {
        TensorDot(f_i, g_j, [2, 3], [2, 2], [], [], [2, 0, 3, 1]) + Kron(f_i, g_j, [3, 2], [2, 2])
    }
    seeds m [0: 24]
    f_i: grad_f_i, g_j: grad_g_j
}

gradients! {
    #[grad]
    pub fn complex_numbers(z_i: Vi<4>, w_j: Vj<4>, t_j: Vj<1>) -> Vi<4> {
        ComplexDivide(ComplexMult(z_i, w_j), w_j + 3) + ComplexMult(Conj(z_i), ComplexExp1j(Concat(t_j, t_j^2)))
    }
    seeds m [0: 4]
    z_i: grad_z_i, w_j: grad_w_j, t_j: grad_t_j
}

gradients! {
    /// The second derivatives: a gradient in the formula, differentiated again.
    #[grad]
    pub fn gradient_of_a_gradient(x_i: Vi<2>, y_j: Vj<2>, e_j: Vj<1>, s: Pm<1>) -> Vi<2> {
        Grad(Exp(-SqDist(x_i, y_j) / s^2), x_i, e_j)
    }
    seeds m [0: 2]
    x_i: grad_x_i, y_j: grad_y_j, e_j: grad_e_j, s: grad_s
}

gradients! {
    #[grad]
    pub fn coordinates(x_i: Vi<5>, y_j: Vj<5>) -> Vi<4> {
        Concat(x_i[1..3] * y_j[2], Normalize(2 + y_j[3..]) * Norm2(x_i))
    }
    seeds m [0: 4]
    x_i: grad_x_i, y_j: grad_y_j
}

gradients! {
    #[grad]
    pub fn energy_distance(x_i: Vi<3>, y_j: Vj<3>, w_j: Vj<1>) -> Vi<1> {
        -Norm2(x_i - y_j) * w_j
    }
    seeds m [0: 1]
    x_i: grad_x_i, y_j: grad_y_j, w_j: grad_w_j
}

gradients! {
    #[grad]
    pub fn high_dimension(x_i: Vi<40>, y_j: Vj<40>, s: Pm<1>) -> Vi<1> {
        Exp(-SqDist(x_i, y_j) / (40 * s))
    }
    seeds m [0: 1]
    x_i: grad_x_i, y_j: grad_y_j, s: grad_s
}
