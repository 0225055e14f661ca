use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<4>) -> Vi<1> {
        let mut k = 0;
        while k < 3 { k += b_j; }
        k
    }
}

fn main() {}
