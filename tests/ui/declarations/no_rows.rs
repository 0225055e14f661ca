use keops::keops;

keops! {
    pub fn f(y_j: Vj<3>) -> Vi<1> { SqNorm2(y_j) }
}

fn main() {}
