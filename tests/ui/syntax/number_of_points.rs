use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        SqDist(x_i, y_j) / y_j.shape[0]
    }
}

fn main() {}
