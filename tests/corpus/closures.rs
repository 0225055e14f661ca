//! Formulas as values: they are what the functions of the same formulas are, and can be used like closures.

use keops::{Error, Memory, Points, Real, keops};
use keops_reference::argument;
use keops_reference::case::{Case, usual_sizes};
use keops_reference::compare::told;
use keops_reference::precision::Precision;

/// A formula as a value against the evaluator, which reads the results that are declared. In `f32` they are left to the formula.
macro_rules! value {
    (
        $(#[$attribute:ident])*
        |$($argument:ident : $kind:ident < $dim:tt >),*| -> $results:tt $body:tt
    ) => {
        usual_sizes(|setup| {
            const TEXT: &str = stringify! { |$($argument: $kind<$dim>),*| -> $results $body };
            let case = Case::new(TEXT, setup);
            let inferred = keops!($(#[$attribute])* |$($argument: $kind<$dim>),*| $body);
            let declared = keops!($(#[$attribute])* |$($argument: $kind<$dim>),*| -> $results $body);
            let single = inferred($(argument!(case.data, f32, $kind, $dim, $argument)),*);
            let double = declared($(argument!(case.data, f64, $kind, $dim, $argument)),*);
            case.judge(told(single), &Precision::F32).and(case.judge(told(double), &Precision::F64))
        })
    };
}

#[test]
fn gaussian() {
    value! {
        |x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>| -> (Vi<1>) { Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j }
    }
}

#[test]
fn vectors() {
    value! { |x_i: Vi<3>, y_j: Vj<3>, p: Pm<3>| -> (Vi<3>) { let d = x_i - y_j; d * p / (1 + SqNorm2(d)) } }
}

#[test]
fn over_i_where_nothing_depends_on_j() {
    value! { |x_i: Vi<2>, y_j: Vj<2>| -> (Vj<2>) { x_i * Exp(-SqNorm2(x_i)) } }
}

#[test]
fn over_i_by_name() {
    value! { |x_i: Vi<2>, y_j: Vj<2>, a_i: Vi<1>| -> (Vj<2>, Vj<1>) { (Sum_i(a_i * x_i) - y_j, x_i | y_j) } }
}

#[test]
fn reductions_of_reductions() {
    value! {
        |x_i: Vi<2>, y_j: Vj<2>, v_j: Vj<3>| -> (Vi<3>, Vi<1>) {
            let k = Exp(-SqDist(x_i, y_j));
            (Sum_j(k * v_j) / Sum_j(k), LogSumExp_j(x_i | y_j))
        }
    }
}

#[test]
fn neighbours() {
    value! { |x_i: Vi<3>, y_j: Vj<3>| -> (Vi<4>, Vi<4, usize>) { KMin_ArgKMin_j(SqDist(x_i, y_j), 4) } }
}

#[test]
fn pruned() {
    value! { #[prune] |x_i: Vi<3>, y_j: Vj<3>| -> (Vi<1, usize>) { ArgMin_j(SqDist(x_i, y_j)) } }
}

#[test]
fn distances_by_dot_products() {
    value! { #[dot_products] |x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<2>| -> (Vi<2>) { Exp(-SqDist(x_i, y_j)) * b_j } }
}

#[test]
fn energy() {
    value! { |x_i: Vi<3>, y_j: Vj<3>| -> (Pm<1>) { Sum_ij(Exp(-SqDist(x_i, y_j))) } }
}

/// Sinkhorn's iterations: a value does not keep the data borrowed from one call to the next.
#[test]
fn data_change_between_calls() -> Result<(), Error> {
    let (x, y) = ([0.0, 1.0, 2.5], [0.5, 2.0]);
    let step = keops!(|x_i: Vi<1>, y_j: Vj<1>, g_j: Vj<1>| -LogSumExp_j(g_j - SqDist(x_i, y_j)));
    let (mut f, mut g) = (vec![0.0; 3], vec![0.0; 2]);
    for _ in 0..50 {
        f = step(&x[..], &y[..], &g[..])?;
        g = step(&y[..], &x[..], &f[..])?;
    }
    // The plan has sums of 1 over the side that was updated last, to the roundings of exponents below 20, 4e-15 each.
    let total = |j: usize| (0..3).map(|i| f64::exp(f[i] + g[j] - f64::powi(x[i] - y[j], 2))).sum::<f64>();
    assert!((0..2).all(|j| (total(j) - 1.0).abs() < 1e-13), "{f:?} {g:?}");
    Ok(())
}

/// The scalar type and the memory of whoever calls.
fn in_a_generic_function<X: ?Sized, T: Real, M: Memory>(x: &X) -> Result<M::Column<T>, Error>
where
    for<'a> &'a X: Points<2, T, M>,
{
    keops!(|x_i: Vi<2>, x_j: Vj<2>| SqDist(x_i, x_j))(x, x)
}

/// What takes a function takes a value.
fn twice(sum: impl Fn(&[[f64; 2]]) -> Result<Vec<f64>, Error>) -> Result<(Vec<f64>, Vec<f64>), Error> {
    let (first, second) = (vec![[0.0, 1.0]], vec![[1.0, 1.0], [3.0, 1.0]]);
    Ok((sum(&first)?, sum(&second)?))
}

#[test]
fn wherever_an_expression_stands() -> Result<(), Error> {
    let x = vec![[0.0f32, 0.0], [3.0, 4.0]];
    assert_eq!(in_a_generic_function(&x)?, [25.0, 25.0]);
    assert_eq!(twice(|y| keops!(|x_i: Vi<2>, y_j: Vj<2>| x_i | y_j)(y, y))?, (vec![1.0], vec![6.0, 14.0]));
    let products = keops!(|x_i: Vi<2>, y_j: Vj<2>| x_i | y_j);
    assert_eq!(twice(|y| products(y, y))?, (vec![1.0], vec![6.0, 14.0]));

    // The name of its function hides nothing, and is hidden by nothing.
    let formula = 2.0;
    let scaled = keops!(|formula: Vi<2>, y_j: Vj<2>, s: Pm<1>| s * (formula | y_j))(&x, &x, formula)?;
    assert_eq!(scaled, [0.0, 50.0]);

    // In braces and brackets, in a list, with a helper, and in a macro.
    let sums = [
        keops! { |x_i: Vi<1>, y_j: Vj<1>| x_i * y_j }(&[2.0f64], &[3.0])?[0],
        keops![|x: Vi<1>, y: Vj<1>| x + y](&[2.0f64], &[3.0])?[0],
    ];
    assert_eq!(sums, [6.0, 5.0]);
    let square = keops!(fn square(a) = a^2; |x_i: Vi<1>, y_j: Vj<1>| square(x_i - y_j));
    assert_eq!(square(&[1.0f32], &[3.0])?, [4.0]);
    macro_rules! distance {
        ($p:literal, $x:ident, $y:ident) => {
            keops!(|$x: Vi<2>, $y: Vj<2>| Sum(Abs($x - $y) ^ $p) ^ (1 / $p))
        };
    }
    assert_eq!(distance!(2, x_i, y_j)(&x, &x)?, [5.0, 5.0]);
    assert_eq!(distance!(1, a, b)(&x, &x)?, [7.0, 7.0]);
    Ok(())
}
