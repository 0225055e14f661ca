use keops::keops;

keops! {
    #[instances(D = 3)]
    pub fn f<const D: usize>(x_i: Vi<1>, y_j: Vj<1>) -> Vi<D> { SumT(x_i * y_j, D) }
}

fn main() {}
