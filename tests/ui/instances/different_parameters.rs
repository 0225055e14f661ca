use keops::keops;

keops! {
    #[instances(D = 3)]
    #[instances(E = 3)]
    pub fn f<const D: usize, const E: usize>(x_i: Vi<D>, y_j: Vj<E>) -> Vi<1> { SqDist(x_i, y_j) }
}

fn main() {}
