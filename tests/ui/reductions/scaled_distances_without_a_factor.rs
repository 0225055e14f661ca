use keops::keops;

keops! {
    #[scaled_distances]
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> {
        Sum_j(Exp(-s * SqDist(x_i, y_j)))
    }
}

fn main() {}
