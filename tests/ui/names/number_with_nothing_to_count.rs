use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>) -> Vi<1> {
        Sum_j((j < i) * Norm2(x_i))
    }
}

fn main() {}
