use keops::keops;

keops! {
    #[grad(x_i)]
    #[instances(D = 2, 3)]
    pub fn f<const D: usize>(x_i: Vi<D>, y_j: Vj<D>, b_j: Vj<3>) -> Vi<1> { SqDist(x_i, y_j) + b_j }
}

fn squares<const D: usize>(x: &[[f32; D]], b: &[[f32; 3]]) -> Vec<f32>
where
    f::Formulas: f::Instance<D>,
    f::grad_x_i::Formulas: f::grad_x_i::Instance<D>,
{
    let squares = f(x, x, b).unwrap();
    let _: Vec<[f32; D]> = f::grad_x_i(x, x, b, &squares).unwrap();
    squares
}

fn main() {
    squares(&[[0.0; 7]], &[[0.0; 3]]);
}
