use keops::keops;

fn main() -> Result<(), keops::Error> {
    let (x, y) = (vec![[0.0, 0.0, 0.0]], vec![[1.0, 0.0, 0.0]]);
    let f = keops!(move |x_i: Vi<3>, y_j: Vj<3>| Exp(-SqDist(x_i, y_j)));
    let total: f64 = f(&x, &y)?.iter().sum();
    println!("{total}");
    Ok(())
}
