use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        let d = x_i - y_j, SqNorm2(d)
    }
}

fn main() {}
