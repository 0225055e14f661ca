use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, s: Pm<4>) -> Vi<1> {
        let mut k = SqDist(x_i, y_j);
        for k in 0..4 {
            k += s[k];
        }
        k
    }
}

fn main() {}
