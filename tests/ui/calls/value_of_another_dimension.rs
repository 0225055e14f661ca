use keops::keops;

fn main() {
    let (x, y) = (vec![[0.0f32; 3]; 10], vec![[0.0f32; 2]; 10]);
    let sum = keops!(|x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>| Exp(-SqDist(x_i, y_j) / s^2));
    let _ = sum(&x, &y, 0.5);
}
