use keops::keops;

keops! {
    pub fn f(x_i, y_j: Vj<3>) -> Vi<1> { y_j[0] }
}

fn main() {}
