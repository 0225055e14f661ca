use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        let Inf = 1e30;
        Min_j(Minimum(SqDist(x_i, y_j), Inf))
    }
}

fn main() {}
