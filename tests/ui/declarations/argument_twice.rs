use keops::keops;

keops! {
    pub fn f(x_i: Vi<1>, x_i: Vi<1>) -> Vi<1> {
        x_i
    }
}

fn main() {}
