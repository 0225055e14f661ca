use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<4>) -> Vi<1> {
        let d = x_i - y_j;
        let mut sum = 0;
        for c in d { sum += c^2; }
        sum
    }
}

fn main() {}
