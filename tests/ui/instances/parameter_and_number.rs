use keops::keops;

keops! {
    #[instances(D = 1..=3)]
    pub fn f<const D: usize>(x_i: Vi<D>, y_j: Vj<3>) -> Vi<D> { x_i * y_j }
}

fn main() {}
