use keops::keops;

keops! {
    #[gradient(x_i)]
    pub fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        SqDist(x_i, y_j)
    }
}

fn main() {}
