use keops::keops;

keops! {
    pub fn f(x_i: Vi<1 + 2>, y_j: Vj<1>) -> Vi<1> {
        x_i * y_j
    }
}

fn main() {}
