use keops::keops;

keops! {
    Sum(Exp(-SqDist(x_i, y_j)))
}

fn main() {}
