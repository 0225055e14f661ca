//! Every spelling of an operation is the same operation.

use keops_reference::data::{Data, Setup};
use keops_reference::evaluate::{Output, evaluate};
use keops_reference::function;
use keops_reference::precision::Precision;

fn values(expression: &str) -> Vec<f64> {
    let text = format!(
        "pub fn f(x_i: Vi<4>, y_j: Vj<4>, s: Pm<1>, p: Pm<4>) -> Vi<4> {{ SumT(Sum({expression}), 4) }}"
    );
    let function = function(&text);
    let data = Data::random(&function, &Setup::sizes(3, 4));
    match &evaluate(&function, &data, Precision::F64).unwrap()[..] {
        [Output::Values(rows)] => rows.iter().flatten().map(|n| n.value).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn functions_and_methods_and_operators() {
    for same in [
        ["SqDist(x_i, y_j)", "x_i.sqdist(y_j)", "sqnorm2(x_i - y_j)"],
        ["Exp(x_i)", "x_i.exp()", "exp(x_i)"],
        ["x_i | y_j", "Scalprod(x_i, y_j)", "Sum(x_i * y_j)"],
        ["x_i + y_j", "Add(x_i, y_j)", "y_j + x_i"],
        ["x_i - y_j", "Subtract(x_i, y_j)", "-(y_j - x_i)"],
        ["x_i * y_j", "Mult(x_i, y_j)", "x_i * 1 * y_j"],
        ["x_i / p", "Divide(x_i, p)", "x_i * Inv(p)"],
        ["x_i^3", "x_i ** 3", "Pow(x_i, 3)"],
        ["x_i^2", "Square(x_i)", "x_i.square()"],
        ["x_i < y_j", "LessThan(x_i, y_j)", "y_j > x_i"],
        ["x_i <= y_j", "LessOrEqual(x_i, y_j)", "y_j >= x_i"],
        ["x_i == y_j", "Equal(x_i, y_j)", "1 - NotEqual(x_i, y_j)"],
        ["x_i[1..3]", "x_i[1:3]", "Extract(x_i, 1, 2)"],
        ["x_i[2]", "Elem(x_i, 2)", "x_i.elem(2)"],
        ["x_i[..2]", "x_i[:2]", "x_i.extract(0, 2)"],
        ["Round(x_i)", "Round(x_i, 0)", "x_i.round()"],
        ["Mod(x_i, 2)", "x_i.mod(2, 0)", "x_i - 2 * Floor(x_i / 2)"],
        ["Maximum(x_i, y_j)", "IfElse(x_i - y_j, x_i, y_j)", "y_j + ReLU(x_i - y_j)"],
        ["Sinc(x_i)", "sinc(x_i)", "SinXDivX(3.141592653589793 * x_i)"],
        ["p^s", "p ** s", "Powf(p, s)"],
        ["Abs(x_i)", "abs(x_i)", "x_i.abs()"],
        ["Sum(x_i)", "x_i.sum(-1)", "x_i.sum(axis=2)"],
        ["Kron(x_i, y_j, [2, 2], [2, 2])", "x_i.keops_kron(y_j, [2, 2], [2, 2])", "Sum(x_i) * Sum(y_j)"],
        ["WeightedSqDist(p, x_i, y_j)", "x_i.weightedsqdist(y_j, p)", "(x_i - y_j).weightedsqnorm(p)"],
        ["WeightedSqDist(s, x_i, y_j)", "s * SqDist(x_i, y_j)", "SqNormIso(s, x_i - y_j)"],
    ] {
        // The same numbers in another order: some dozens of roundings of numbers of the order of 1, 1e-16 each.
        let expected = values(same[0]);
        for spelling in &same[1..] {
            for (a, b) in expected.iter().zip(values(spelling)) {
                assert!((a - b).abs() < 1e-13, "{} is not {spelling}: {a} {b}", same[0]);
            }
        }
    }
}
