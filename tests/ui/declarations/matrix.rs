use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, m: Pm<3, 3>) -> Vi<3> {
        MatVecMult(m, y_j)
    }
}

fn main() {}
