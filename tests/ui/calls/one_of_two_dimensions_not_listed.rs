use keops::keops;

keops! {
    #[instances(D = 1..=3)]
    #[instances(E = 1, 2)]
    pub fn f<const D: usize, const E: usize>(x_i: Vi<D>, y_j: Vj<D>, v_j: Vj<E>) -> Vi<E> {
        SumSoftMaxWeight_j(x_i | y_j, v_j)
    }
}

fn main() {
    let (x, v) = (vec![[0.0f32; 3]; 5], vec![[0.0f32; 7]; 5]);
    let _ = f(&x, &x, &v);
}
