use keops::keops;

keops! {
    pub fn f(x_i: Vi<1>, b_j: Pm<1>) -> Vi<1> {
        b_j
    }
}

fn main() {}
