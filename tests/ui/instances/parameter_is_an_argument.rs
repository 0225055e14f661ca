use keops::keops;

keops! {
    #[instances(S = 3)]
    pub fn f<const S: usize>(x_i: Vi<S>, y_j: Vj<S>, S: Pm<1>) -> Vi<1> { SqDist(x_i, y_j) / S }
}

fn main() {}
