use keops::keops;

keops! {
    #[instances(D = 3)]
    pub fn f<const D: usize>(x_i: Vi<D>, y_j: Vj<D>) -> Vi<D + 1> { Concat(x_i - y_j, 1) }
}

fn main() {}
