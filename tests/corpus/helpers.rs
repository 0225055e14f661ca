//! Helpers: what they are called for is what stands there without them, to the bit.

use keops::keops;

keops! {
    /// A Gaussian of a squared distance.
    fn gaussian(d2, s) = Exp(-d2 / s^2);

    #[grad(x_i, s)]
    pub fn two_scales(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, s: Pm<2>) -> Vi<2> {
        let d2 = SqDist(x_i, y_j);
        (gaussian(d2, s[0]) + d2.gaussian(s[1])) * b_j
    }

    #[grad(x_i, s)]
    pub fn written_out(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>, s: Pm<2>) -> Vi<2> {
        let d2 = SqDist(x_i, y_j);
        (Exp(-d2 / s[0]^2) + Exp(-d2 / s[1]^2)) * b_j
    }
}

#[test]
fn helpers_are_written_out() -> Result<(), keops::Error> {
    let x: Vec<[f64; 3]> = (0..37).map(|k| [0.1, 0.2, 0.3].map(|step| (step * k as f64).sin())).collect();
    let b: Vec<[f64; 2]> = x.iter().map(|p| [p[0], p[1]]).collect();
    let s = [0.5, 1.5];
    assert_eq!(two_scales(&x, &x, &b, s)?, written_out(&x, &x, &b, s)?);
    assert_eq!(two_scales::grad_x_i(&x, &x, &b, s, &b)?, written_out::grad_x_i(&x, &x, &b, s, &b)?);
    assert_eq!(two_scales::grad_s(&x, &x, &b, s, &b)?, written_out::grad_s(&x, &x, &b, s, &b)?);
    Ok(())
}
