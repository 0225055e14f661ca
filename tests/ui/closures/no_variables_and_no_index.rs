use keops::keops;

fn main() -> Result<(), keops::Error> {
    let (x, y) = (vec![[0.0, 0.0, 0.0]], vec![[1.0, 0.0, 0.0]]);
    let f = keops!(Exp(-SqDist(x, y) / s^2));
    let total: f64 = f(&x, &y, 0.5)?.iter().sum();
    println!("{total}");
    Ok(())
}
