use keops::keops;

keops! {
    #[prune]
    #[instances(D = 1, 2)]
    pub fn f<const D: usize>(x_i: Vi<D>, y_j: Vj<D>) -> Vi<D> { Min_j(Abs(x_i - y_j)) }
}

fn main() {}
