use keops::keops;

keops! {
    #[instances(D = 3)]
    #[instances(E = 3)]
    pub fn f<const D: usize, const E: usize>(x_i: Vi<D>, v_j: Vj<E>) -> Vi<D> { Sum(x_i) * v_j }
}

fn main() {}
