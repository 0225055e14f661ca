use keops::keops;

keops! {
    #[instances(D = 1..=32)]
    #[instances(E = 1..=32)]
    pub fn f<const D: usize, const E: usize>(x_i: Vi<D>, y_j: Vj<D>, v_j: Vj<E>) -> Vi<E> {
        SumSoftMaxWeight_j(x_i | y_j, v_j)
    }
}

fn main() {}
