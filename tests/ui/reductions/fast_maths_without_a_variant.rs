use keops::keops;

keops! {
    #[fast_maths]
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-SqDist(x_i, y_j) / s^2))
    }
}

fn main() {}
