use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1, usize> {
        ArgMin_j(Abs(x_i - y_j))
    }
}

fn main() {}
