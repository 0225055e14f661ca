//! The counterparts of the lines of KeOps's tutorial on the helpers Vi, Vj, Pm and on symbolic variables.

use keops_reference::cases;

cases! {
    /// `x_i.sqdist(y_j)`, summed over j.
    pub fn sum_reduction_over_j(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        x_i.sqdist(y_j).sum_reduction(axis=1)
    }

    pub fn sum_reduction_over_i(x_i: Vi<3>, y_j: Vj<3>) -> Vj<1> {
        x_i.sqdist(y_j).sum_reduction(dim=0)
    }

    /// `sum` over axis 0 or 1 is the reduction, over the last axis the sum of the coordinates.
    pub fn sum_is_an_alias(x_i: Vi<3>, y_j: Vj<3>) -> Vj<3> {
        (x_i * y_j).sum(axis=0)
    }

    pub fn sum_of_coordinates(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        (x_i * y_j).sum(-1).sum(axis=1)
    }

    pub fn gaussian_with_a_parameter(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, gamma: Pm<1>) -> Vi<2> {
        (-x_i.sqdist(y_j) * gamma).exp() * b_j
    }

    pub fn argmin_over_i(x_i: Vi<3>, y_j: Vj<3>) -> Vj<1, usize> {
        (x_i - y_j).sqnorm2().argmin(axis=0)
    }

    pub fn softmax_of_a_power(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<3>) -> Vi<3> {
        let k = abs(x_i | y_j)**1.5;
        k.sumsoftmaxweight(b_j, axis=1)
    }

    /// The cross product of vectors in the plane, by coordinates and by slices.
    pub fn cross_product_by_coordinates(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> {
        (x_i[0] * y_j[1] - x_i[1] * y_j[0]).sqnorm2().sum(axis=1)
    }

    pub fn slices(x_i: Vi<4>, y_j: Vj<4>) -> Vi<1> {
        (x_i[:2] - y_j[2:]).sqnorm2().sum(axis=1)
    }

    pub fn elem_and_extract(x_i: Vi<4>, y_j: Vj<4>) -> Vi<1> {
        (x_i.elem(1) * y_j.extract(1, 2)).sum()
    }

    /// The linear operator of the tutorial's kernel inversion: the same points as i and as j.
    pub fn kernel_of_the_solver(x_i: Vi<3>, x_j: Vj<3>, a_j: Vj<1>, gamma: Pm<1>) -> Vi<1> {
        Exp(-gamma * SqDist(x_i, x_j)) * a_j
    }

    /// Several sigmas at once: a vector parameter against a scalar field, then the sum of the coordinates.
    pub fn several_sigmas_by_broadcasting(x_i: Vi<3>, y_j: Vj<3>, s: Pm<4>) -> Vi<1> {
        (-x_i.sqdist(y_j) / s**2).exp().sum()
    }

    /// The same by the tutorial's loop, which starts from the integer 0.
    pub fn several_sigmas_by_a_loop(x_i: Vi<3>, y_j: Vj<3>, s: Pm<4>) -> Vi<1> {
        let mut k = 0;
        for sigma in s { k += (-x_i.sqdist(y_j) / sigma**2).exp(); }
        k
    }

    pub fn several_sigmas_written_out(x_i: Vi<3>, y_j: Vj<3>, s: Pm<4>) -> Vi<1> {
        let d2 = x_i.sqdist(y_j);
        Exp(-d2 / s[0]^2) + Exp(-d2 / s[1]^2) + Exp(-d2 / s[2]^2) + Exp(-d2 / s[3]^2)
    }

    /// Vi(0, D), Vj(1, D), Vj(2, Dv), Pm(3, 4): the symbolic variables of the tutorial's last part.
    pub fn symbolic_variables(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<4>, p: Pm<4>) -> Vi<4> {
        Exp(-(x_i - y_j).sqnorm2()) * b_j * p
    }

    pub fn logsumexp_of_the_tutorial(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        (-x_i.sqdist(y_j)).logsumexp(axis=1)
    }

    pub fn nearest_neighbours(x_i: Vi<3>, y_j: Vj<3>) -> Vi<5, usize> {
        x_i.sqdist(y_j).argKmin(5, axis=1)
    }

    pub fn distances_to_the_nearest(x_i: Vi<3>, y_j: Vj<3>) -> Vi<5> {
        x_i.sqdist(y_j).Kmin(5, axis=1)
    }

    pub fn min_and_argmin(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1>, Vi<1, usize>) {
        x_i.sqdist(y_j).min_argmin(axis=1)
    }
}
