//! A program whose assembler text `benches/loops/main.rs` reads: one formula for each kind of pair loop.

use keops::keops;
use keops_workloads::cloud::Cloud;
use std::hint::black_box;

/// Cargo compiles this program anew where the variable has changed.
const _: Option<&str> = option_env!("KEOPS_PROBE_RUN");

keops! {
    #[grad(x_i)]
    fn gaussian(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    fn gaussian_64(x_i: Vi<64>, y_j: Vj<64>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2) * b_j)
    }

    fn four_gaussians(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<4>, s: Pm<4>) -> Vi<4> {
        let d = SqDist(x_i, y_j);
        Sum_j((Exp(-d / s[0]^2) + Exp(-d / s[1]^2) + Exp(-d / s[2]^2) + Exp(-d / s[3]^2)) * b_j)
    }

    fn log_sum_exp(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> {
        LogSumExp_j(-SqDist(x_i, y_j) / s^2)
    }

    fn nearest(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1, usize> {
        ArgMin_j(SqDist(x_i, y_j))
    }

    fn nearest_100(x_i: Vi<100>, y_j: Vj<100>) -> Vi<1, usize> {
        ArgMin_j(SqDist(x_i, y_j))
    }

    fn neighbours(x_i: Vi<3>, y_j: Vj<3>) -> Vi<10, usize> {
        ArgKMin_j(SqDist(x_i, y_j), 10)
    }

    fn attention(x_i: Vi<64>, y_j: Vj<64>, b_j: Vj<64>, s: Pm<1>) -> Vi<64> {
        SumSoftMaxWeight_j(s * (x_i | y_j), b_j)
    }
}

/// Calls a formula on ten points, so that it is compiled.
macro_rules! call {
    ($scalar:ty, $dim:literal, $values:literal, |$c:ident| $call:expr) => {{
        let $c = &black_box(Cloud::<$scalar, $dim, $values>::new(10, 10, &[1.0; 4]));
        black_box($call.expect("sizes that agree"));
    }};
}

fn main() {
    call!(f32, 3, 1, |c| gaussian(&c.x, &c.y, &c.b, c.s[0]));
    call!(f64, 3, 1, |c| gaussian(&c.x, &c.y, &c.b, c.s[0]));
    call!(f32, 3, 1, |c| gaussian::grad_x_i(&c.x, &c.y, &c.b, c.s[0], &c.b));
    call!(f32, 64, 1, |c| gaussian_64(&c.x, &c.y, &c.b, c.s[0]));
    call!(f32, 3, 4, |c| four_gaussians(&c.x, &c.y, &c.b, &c.s));
    call!(f32, 3, 1, |c| log_sum_exp(&c.x, &c.y, c.s[0]));
    call!(f32, 3, 1, |c| nearest(&c.x, &c.y));
    call!(f32, 100, 1, |c| nearest_100(&c.x, &c.y));
    call!(f32, 3, 1, |c| neighbours(&c.x, &c.y));
    call!(f32, 64, 64, |c| attention(&c.x, &c.y, &c.b, c.s[0]));
}
