use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, s: Pm<4>) -> Vi<1> {
        let mut k = SqDist(x_i, y_j);
        for s in 0..2 {
            for c in s {
                k += c;
            }
        }
        k
    }
}

fn main() {}
