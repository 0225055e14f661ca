use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<4, usize> {
        ArgKMin_j(SqDist(x_i, y_j), 5)
    }
}

fn main() {}
