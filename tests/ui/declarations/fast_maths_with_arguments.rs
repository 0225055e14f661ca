use keops::keops;

keops! {
    #[fast_maths(Powf)]
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, a: Pm<1>) -> Vi<1> {
        Sum_j(Powf(1 + SqDist(x_i, y_j), a))
    }
}

fn main() {}
