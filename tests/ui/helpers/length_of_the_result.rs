use keops::keops;

keops! {
    fn gaussian(d2, s) = Exp(-d2 / s^2);
    pub fn f(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> Vi<1> { gaussian(x_i - y_j, s) }
}

fn main() {}
