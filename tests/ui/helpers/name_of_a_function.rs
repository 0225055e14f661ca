use keops::keops;

keops! {
    fn f(d2, s) = Exp(-d2 / s^2);
    pub fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { SqDist(x_i, y_j) }
}

fn main() {}
