use keops::keops;

keops! {
    pub fn f(i: Vi<3>, y_j: Vj<3>) -> Vi<1> {
        (i < j) * SqDist(i, y_j)
    }
}

fn main() {}
