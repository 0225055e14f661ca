use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, v_j: Vj<4>, a_j: Vj<9>, s: Pm<1>, p: Pm<3>) -> Vi<1> {
        Log_j(SqDist(x_i, y_j))
    }
}

fn main() {}
