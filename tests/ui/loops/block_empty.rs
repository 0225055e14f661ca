use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<4>) -> Vi<1> {
        for k in 0..4 { }
        b_j
    }
}

fn main() {}
