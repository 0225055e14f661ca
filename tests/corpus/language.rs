//! What KeOps's own tests compute.

use keops_reference::cases;

cases! {
    pub fn square_times_exp(x_i: Vi<3>, y_j: Vj<3>, a_j: Vj<1>, p: Pm<1>) -> Vi<3> {
        Square(p - a_j) * Exp(x_i + y_j)
    }

    pub fn log_sum_exp_of_a_product(x_i: Vi<3>, y_j: Vj<3>, a_j: Vj<1>, p: Pm<1>) -> Vi<1> {
        LogSumExp_Reduction(Square(p - a_j) * Exp(-SqNorm2(x_i - y_j)), 0)
    }

    pub fn softmax_of_a_product(x_i: Vi<3>, y_j: Vj<3>, a_j: Vj<1>, p: Pm<1>) -> Vi<3> {
        SumSoftMaxWeight_j(Square(p - a_j) * Exp(-SqNorm2(x_i - y_j)), y_j)
    }

    pub fn arg_k_min(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3, usize> {
        ArgKMin_Reduction(SqDist(x_i, y_j), 3, 0)
    }

    pub fn power_of_a_dot_product(X: Vi<2>, Y: Vj<2>, P: Pm<2>) -> Vi<2> {
        Pow((X | Y), 2) * (Elem(P, 0) * X + Elem(P, 1) * Y)
    }

    pub fn min_argmin_of_many_functions(x_i: Vi<10>, y_j: Vj<10>) -> (Vj<1>, Vj<1, usize>) {
        let f = Log(2 + x_i) * Cos(y_j) + Sin(x_i) * (3 + y_j)**1.5;
        f.sum().min_argmin(axis=0)
    }

    pub fn three_contracted_axes(f_i: Vi<24>, g_j: Vj<48>) -> Vi<2> {
        TensorDot(f_i, g_j, [2, 3, 4], [2, 3, 4, 2], [0, 1, 2], [0, 1, 2])
    }

    pub fn matrix_by_tensor_dot(a_j: Vj<6>, x_i: Vi<3>) -> Vi<2> {
        TensorDot(a_j, x_i, [2, 3], [3], [1], [0])
    }

    pub fn kronecker(x_i: Vi<6>, y_j: Vj<4>) -> Vi<24> {
        Kron(x_i, y_j, [2, 3], [2, 2])
    }

    pub fn complex_arithmetic(x_i: Vi<6>, y_j: Vj<6>) -> Vi<2> {
        let z = ComplexMult(ComplexMult(x_i, y_j), Real2Complex(ComplexReal(y_j)));
        ComplexSum(z + x_i + Real2Complex(ComplexReal(x_i)))
    }

    pub fn clamped(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3> {
        Clamp(x_i + y_j, -0.5, 0.25) + ClampInt(3 * x_i, -1, 1)
    }

    pub fn modulus_with_offset(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3> {
        Mod(5 * x_i, 3.14159, 1) + Round(x_i + y_j, 1)
    }

    /// The branch that is not taken would be NaN.
    pub fn root_in_a_dead_branch(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3> {
        IfElse(x_i + y_j, Sqrt(x_i + y_j), 0)
    }

    pub fn matrix_times_vector(a_i: Vi<6>, y_j: Vj<3>) -> Vi<2> {
        MatVecMult(a_i, y_j)
    }

    pub fn vector_times_matrix(a_i: Vi<6>, y_j: Vj<2>) -> Vi<3> {
        VecMatMult(y_j, a_i)
    }

    pub fn placed_and_selected(x_i: Vi<3>, y_j: Vj<1>) -> Vi<4> {
        ElemT(y_j, 4, 2) + ExtractT(x_i, 1, 4) + SumT(y_j, 4) + OneHot(Round(2 * Abs(y_j), 0), 4)
    }

    pub fn wide_values(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<128>) -> Vi<128> {
        Exp(-SqDist(x_i, y_j)) * b_j
    }

    pub fn special_functions(x_i: Vi<2>, y_j: Vj<2>) -> Vi<2> {
        let z = x_i - y_j;
        Tanh(z) + Sinh(z) * Cosh(x_i) + Atan2(x_i, 2 + y_j) + SinXDivX(z) + Erf(z) + Log1p(x_i^2) + Sigmoid(z)
    }
}

/// It is 0, which differences of differences do not tell from a small number.
#[test]
fn the_second_derivative_of_a_sum_is_zero() {
    keops::keops! {
        fn second_derivative(x_i: Vi<2>, y_j: Vj<2>, e_i: Vi<2>) -> Vi<2> {
            Grad(Grad(x_i + y_j, x_i, e_i), x_i, e_i)
        }
    }
    let (x, y, e) = ([[1f64, -2.0]; 3], [[0.5, 3.0]; 5], [[2.0, 7.0]; 3]);
    assert_eq!(second_derivative(&x, &y, &e), Ok(vec![[0.0, 0.0]; 3]));
}
