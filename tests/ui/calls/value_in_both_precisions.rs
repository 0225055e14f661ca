use keops::keops;

fn main() {
    let sum = keops!(|x_i: Vi<1>, y_j: Vj<1>| Exp(-SqDist(x_i, y_j)));
    let _ = sum(&vec![0.0f32], &vec![1.0]);
    let _ = sum(&vec![0.0f64], &vec![1.0]);
}
