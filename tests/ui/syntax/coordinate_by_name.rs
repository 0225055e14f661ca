use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        x_i.x * y_j[0]
    }
}

fn main() {}
