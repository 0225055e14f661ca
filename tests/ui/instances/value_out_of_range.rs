use keops::keops;

keops! {
    #[instances(D = 0, 3)]
    pub fn f<const D: usize>(x_i: Vi<D>, y_j: Vj<D>) -> Vi<1> { SqDist(x_i, y_j) }
}

fn main() {}
