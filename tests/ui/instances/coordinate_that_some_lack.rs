use keops::keops;

keops! {
    #[instances(D = 1..=3)]
    pub fn f<const D: usize>(x_i: Vi<D>, y_j: Vj<D>) -> Vi<1> { x_i[1] * y_j[0] }
}

fn main() {}
