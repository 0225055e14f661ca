use keops::keops;

fn main() -> Result<(), keops::Error> {
    let (x, y) = (vec![[0.0, 0.0, 0.0]], vec![[1.0, 0.0, 0.0]]);
    let f = keops!(<const D: usize> |x_i: Vi<D>, y_j: Vj<D>| Exp(-SqDist(x_i, y_j)));
    let total: f64 = f(&x, &y)?.iter().sum();
    println!("{total}");
    Ok(())
}
