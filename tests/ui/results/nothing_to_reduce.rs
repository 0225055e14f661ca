use keops::keops;

keops! {
    pub fn f(x_i: Vi<3>) -> Vi<3> {
        x_i
    }
}

fn main() {}
