use keops::keops;

keops! {
    pub fn f(x_i: Vi<1>, y_j: Vj<5000>) -> Vi<1> {
        x_i * y_j
    }
}

fn main() {}
