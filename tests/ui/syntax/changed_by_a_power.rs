use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<4>) -> Vi<1> {
        let mut d = x_i | y_j;
        d ^= 2;
        Sum_j(d)
    }
}

fn main() {}
