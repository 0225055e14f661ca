//! Min, Max and KMin.

use super::*;

#[test]
fn chosen_values_of_a_vector() {
    let (min, max) = (Extreme::Min, Extreme::Max);
    for kind in [
        ReductionKind::Extreme(min),
        ReductionKind::Extreme(max),
        ReductionKind::Best { extreme: min, count: 3 },
        ReductionKind::Best { extreme: max, count: 2 },
    ] {
        for keep in [Side::I, Side::J] {
            let mut f = Sketch::new(keep);
            let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
            let difference = f.graph().sub(x, y);
            let square = f.graph().power(difference, 2);
            let scaled = f.graph().mul(vec![s, square]);
            let value = f.reduce(kind, scaled, None);
            let gradients = check(&f.returns(value));
            assert_eq!(passes(&gradients), [2, 2, 2]);
            assert_eq!(saved(&gradients), [0, 0, 0]);
        }
    }
}

#[test]
fn a_function_of_chosen_values() {
    let mut f = Sketch::new(Side::I);
    let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
    let distance = f.distance(x, y);
    let smallest = f.reduce(ReductionKind::Best { extreme: Extreme::Min, count: 2 }, distance, None);
    let root = f.map("Sqrt", &[smallest]);
    let scaled = f.graph().mul(vec![root, s]);
    let total = f.graph().sum(scaled);
    let gradients = check(&f.returns(total));
    // The parameter is outside of the reduction: nothing is gathered.
    assert_eq!(passes(&gradients), [2, 2, 1]);
}

#[test]
fn sums_times_chosen_values() {
    let mut f = Sketch::new(Side::I);
    let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
    let kernel = f.gaussian(x, y, s);
    let distance = f.distance(x, y);
    let scaled = f.graph().mul(vec![s, distance]);
    let (sum, min) = (f.sum(kernel), f.reduce(ReductionKind::Extreme(Extreme::Min), scaled, None));
    let max = f.reduce(ReductionKind::Extreme(Extreme::Max), kernel, None);
    let product = f.graph().mul(vec![sum, min, max]);
    let gradients = check(&f.returns(product));
    for gradient in &gradients {
        assert_eq!(gradient.results[0].len(), 3, "all pairs, the smallest, the largest");
    }
}

#[test]
fn several_results_and_indices() {
    let mut f = Sketch::new(Side::I);
    let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
    let distance = f.distance(x, y);
    let scaled = f.graph().mul(vec![s, distance]);
    let extreme = Extreme::Min;
    let smallest = f.reduce(ReductionKind::Best { extreme, count: 2 }, scaled, None);
    let indices = f.reduce(ReductionKind::BestPosition { extreme, count: 2 }, scaled, None);
    let kernel = f.gaussian(x, y, s);
    let sum = f.sum(kernel);
    f.output(smallest, OutputKind::Rows);
    f.output(indices, OutputKind::Indices);
    let gradients = check(&f.returns(sum));
    let seeds: Vec<(&str, usize)> = gradients[0].graph.variables()[3..5]
        .iter()
        .map(|seed| (seed.name.as_str(), seed.dim.value().unwrap()))
        .collect();
    assert_eq!(seeds, [("e_1", 2), ("e_2", 1)]);
}

#[test]
fn nothing_chosen_contributes_nothing() {
    let mut f = Sketch::new(Side::I);
    let (x, y) = (f.argument("x_i", 1), f.argument("y_j", 1));
    let product = f.graph().mul(vec![x, y]);
    let best = f.reduce(ReductionKind::Best { extreme: Extreme::Max, count: 3 }, product, None);
    let program = f.returns(best);
    // N = 2 < K, and one row of x is NaN: only the pairs there are count.
    let inputs = [vec![1.0, f64::NAN], vec![2.0, 5.0], vec![1.0, 10.0, 100.0, 1.0, 10.0, 100.0]];
    let gradient_in_y = gradient(&program, VariableId(1), &[]);
    let found = execute(&gradient_in_y, &Inputs { m: 2, n: 2, arguments: &inputs });
    assert_eq!(found[0].numbers(), [10.0, 1.0]);
}
