use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, p: Pm<3>) -> Vi<3> {
        Sum_j(Diff(x_i * y_j, (x_i, y_j), p))
    }
}

fn main() {}
