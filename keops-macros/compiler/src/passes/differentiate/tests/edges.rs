//! Empty data, rows of −inf, unused arguments, names.

use super::*;

#[test]
fn an_argument_that_is_not_used_has_gradient_zero() {
    let mut f = Sketch::new(Side::I);
    let (x, _) = (f.argument("x_i", 2), f.argument("y_j", 3));
    f.argument("s", 2);
    let sum = f.sum(x);
    let gradients = check(&f.returns(sum));
    assert!(gradients[1].reductions.is_empty() && gradients[2].reductions.is_empty());
    assert_eq!(gradients[2].stages[0].outputs[0].kind, OutputKind::Total);
}

#[test]
fn a_seed_is_renamed_where_its_name_is_taken() {
    let mut f = Sketch::new(Side::I);
    let (x, y) = (f.argument("x_i", 1), f.argument("y_j", 1));
    let e = f.argument("e", 1);
    let product = f.graph().mul(vec![x, y, e]);
    let sum = f.sum(product);
    let gradients = check(&f.returns(sum));
    assert_eq!(gradients[0].graph.variables()[3].name, "seed");
}

#[test]
fn a_seed_and_what_is_saved_are_no_dimensions() {
    let mut f = Sketch::new(Side::I);
    let (x, y) = (f.argument("x_i", 1), f.argument("y_j", 1));
    let product = f.graph().mul(vec![x, y]);
    let sum = f.sum(product);
    let taken = ["e", "seed", "seed2"].map(String::from);
    let gradient = gradient(&f.returns(sum), VariableId(0), &taken);
    assert_eq!(gradient.graph.variables()[2].name, "seed3");
}

/// The slope at 0 is that of `Sqrt`, however the root is written and whoever takes the gradient.
#[test]
fn roots_have_the_same_slope_at_zero_in_every_spelling() {
    let function = |body: &str| {
        let text = format!("fn f(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> {{ Sum_j({body}) }}");
        crate::passes::testing::simplified(&text)
    };
    let (x, y, seed) = (vec![0.0; 8], vec![1.0; 8], vec![1.0; 8]);
    for root in
        ["Sqrt(x_i)", "x_i^0.5", "x_i^(1/2)", "Powf(x_i, 0.5)", "x_i.powf(1/2)", "Grad(x_i^1.5, x_i, 1)"]
    {
        let gradient = gradient(&function(&format!("{root} * y_j")), VariableId(0), &[]);
        let gradient = crate::passes::simplify::simplify(gradient);
        let is_zero = |slopes: &[f64]| slopes.iter().all(|slope| *slope == 0.0);
        let outside = run(&gradient, &[x.clone(), y.clone(), seed.clone()]);
        assert!(is_zero(outside[0].numbers()), "gradient of {root}: {outside:?}");
        let inside = run(&function(&format!("Grad({root}, x_i, 1) * y_j")), &[x.clone(), y.clone()]);
        assert!(is_zero(inside[0].numbers()), "Grad of {root}: {inside:?}");
    }
}

/// f where `mask` is 0, −inf elsewhere.
fn masked(f: &mut Sketch, value: NodeId, mask: NodeId) -> NodeId {
    let huge = f.graph().constant(crate::number::Number::from_f64(-1e300));
    let infinite = f.graph().mul(vec![huge, mask]);
    f.graph().add(vec![value, infinite])
}

#[test]
fn rows_with_nothing_but_minus_infinity_have_gradient_zero() {
    for kind in [ReductionKind::LogSumExp, ReductionKind::SumSoftMaxWeight] {
        let mut f = Sketch::new(Side::I);
        let (x, y, mask) = (f.argument("x_i", 1), f.argument("y_j", 1), f.argument("mask_i", 1));
        let product = f.graph().mul(vec![x, y]);
        let exponent = masked(&mut f, product, mask);
        let weight = (kind == ReductionKind::SumSoftMaxWeight).then_some(y);
        let value = f.reduce(kind, exponent, weight);
        let program = f.returns(value);
        let mut inputs = arguments(&program);
        // 10³⁰⁰ times this overflows: the whole row is −inf.
        inputs[2] = vec![0.0, 1e30, 0.0, 0.0];
        let seeds = vec![1.0, 1.0, 1.0, 1.0];
        for v in [0, 1] {
            let found =
                run(&gradient(&program, VariableId(v), &[]), &[inputs.clone(), vec![seeds.clone()]].concat());
            let found = found[0].numbers();
            assert!(found.iter().all(|number| number.is_finite()), "{found:?}");
            if v == 0 {
                assert_eq!(found[1], 0.0);
                assert_ne!(found[0], 0.0);
            }
        }
    }
}

#[test]
fn over_no_points_gradients_are_zero() {
    // Each of them is infinite, NaN or an error over no points.
    let results: [fn(&mut Sketch, NodeId, NodeId) -> NodeId; 6] = [
        |f, kernel, _| f.reduce(ReductionKind::Extreme(Extreme::Min), kernel, None),
        |f, kernel, _| f.reduce(ReductionKind::LogSumExp, kernel, None),
        |f, kernel, y| f.reduce(ReductionKind::SumSoftMaxWeight, kernel, Some(y)),
        |f, kernel, _| {
            let (sum, count) = (f.sum(kernel), f.graph().intern(Op::Count, vec![], Dim::literal(1)));
            f.graph().div(sum, count)
        },
        |f, kernel, y| {
            let product = f.graph().mul(vec![kernel, y]);
            let (above, below) = (f.sum(product), f.sum(kernel));
            f.graph().div(above, below)
        },
        |f, kernel, y| {
            let product = f.graph().mul(vec![kernel, y]);
            let sum = f.sum(product);
            let square = f.graph().dot(sum, sum);
            f.map("Log", &[square])
        },
    ];
    for result in results {
        let mut f = Sketch::new(Side::I);
        let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
        let kernel = f.gaussian(x, y, s);
        let value = result(&mut f, kernel, y);
        let dim = f.graph().dim(value).value().unwrap();
        let program = f.returns(value);
        for (m, n) in [(3, 0), (0, 3), (0, 0)] {
            let all = [m * 2, n * 2, 1, m * dim].map(|len| vec![1.0; len]);
            for (v, len) in [m * 2, n * 2, 1].into_iter().enumerate() {
                let gradient = gradient(&program, VariableId(v as u32), &[]);
                let found = execute(&gradient, &Inputs { m, n, arguments: &all });
                assert_eq!(found[0].numbers(), vec![0.0; len]);
            }
        }
    }
}
