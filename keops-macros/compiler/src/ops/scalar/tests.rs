//! Tests over all rows.

use super::*;
use crate::ast::Kind;
use crate::ir::evaluate::{Leaves, evaluate};
use crate::ir::{Dim, Source, Variable};
use crate::ops::Sign;

/// A graph with one variable for each argument of a row, and those variables' nodes.
fn arguments(row: &ScalarFunction) -> (Graph, Vec<NodeId>) {
    let mut graph = Graph::default();
    let declare = |(k, name): (usize, &&str)| Variable {
        name: name.to_string(),
        kind: Kind::I,
        dim: Dim::literal(1),
        source: Source::Argument(k),
    };
    let nodes = row.arguments.iter().enumerate().map(declare).map(|v| graph.declare(v)).collect();
    (graph, nodes)
}

/// ∂f/∂(argument k) at a point, by the row's rule.
fn slope(row: &ScalarFunction, at: &[f64], k: usize) -> f64 {
    let (mut graph, nodes) = arguments(row);
    match (row.derivative)(&mut graph, &nodes, k) {
        None => 0.0,
        Some(node) => {
            let variables = at.iter().map(|&x| vec![x]).collect();
            evaluate(&graph, node, &Leaves { variables, ..Leaves::default() })[0]
        }
    }
}

/// The k-th of 16 points spread over the domain, the same in every run; each argument takes its own sequence.
fn sample(row: &ScalarFunction, k: usize) -> Vec<f64> {
    let golden = [0.618_033_988_75, 0.414_213_562_37, 0.732_050_807_57];
    let place =
        |(n, (low, high)): (usize, &(f64, f64))| low + (high - low) * ((k as f64 + 0.5) * golden[n]).fract();
    row.domain.iter().enumerate().map(place).collect()
}

fn close(a: f64, b: f64, relative: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= relative * a.abs().max(b.abs())
}

#[test]
fn rows_are_complete() {
    for row in TABLE.iter() {
        let arity = row.arguments.len();
        assert!((1..=3).contains(&arity), "{}", row.name);
        assert_eq!(row.domain.len(), arity, "{}", row.name);
        assert!(row.domain.iter().all(|(low, high)| low < high), "{}", row.name);
        assert!(row.doc.ends_with('.') || row.doc.ends_with(')'), "{}", row.name);
        assert!(!row.edges.is_empty(), "{}", row.name);
        for edge in row.edges {
            assert_eq!((edge.at.len(), edge.slope.len()), (arity, arity), "{} at {:?}", row.name, edge.at);
        }
    }
}

#[test]
fn derivatives_agree_with_central_differences() {
    for row in TABLE.iter() {
        for (point, k) in (0..16).flat_map(|n| (0..row.arguments.len()).map(move |k| (sample(row, n), k))) {
            // Richardson extrapolation of two central differences: an error of order h⁴.
            let difference = |h: f64| {
                let moved = |by: f64| {
                    let mut at = point.clone();
                    at[k] += by;
                    (row.reference)(&at)
                };
                (moved(h) - moved(-h)) / (2.0 * h)
            };
            let h = 1e-3;
            let numeric = (4.0 * difference(h / 2.0) - difference(h)) / 3.0;
            let symbolic = slope(row, &point, k);
            // h⁴ f⁽⁵⁾ / 5! stays below 1e-8 on the domains, and rounding adds ε / h.
            let error = (numeric - symbolic).abs();
            assert!(
                error <= 2e-8 * symbolic.abs().max(1.0),
                "{}, argument {k} at {point:?}: {symbolic} against {numeric}",
                row.name
            );
        }
    }
}

#[test]
fn edges_have_the_promised_values_and_slopes() {
    for row in TABLE.iter() {
        for edge in row.edges {
            let value = (row.reference)(edge.at);
            assert!(
                close(value, edge.value, 1e-15),
                "{}{:?} is {value}, not {}",
                row.name,
                edge.at,
                edge.value
            );
            for (k, &promised) in edge.slope.iter().enumerate().filter(|(_, s)| !s.is_nan()) {
                let slope = slope(row, edge.at, k);
                assert!(
                    close(slope, promised, 1e-15),
                    "{}{:?}: slope {k} is {slope}, not {promised}",
                    row.name,
                    edge.at
                );
            }
        }
    }
}

#[test]
fn signs_hold() {
    for row in TABLE.iter() {
        let points = (0..16).map(|n| sample(row, n)).chain(row.edges.iter().map(|e| e.at.to_vec()));
        for value in points.map(|at| (row.reference)(&at)).filter(|v| !v.is_nan()) {
            match row.sign {
                Sign::NonNegative => assert!(value >= 0.0, "{} gives {value}", row.name),
                Sign::NonPositive => assert!(value <= 0.0, "{} gives {value}", row.name),
                Sign::Any => {}
            }
        }
    }
}

#[test]
fn error_functions_have_their_known_values() {
    let reference = |name: &str, x: f64| (scalar(named(name)).reference)(&[x]);
    // Abramowitz and Stegun, tables 7.1 and 7.3, and the asymptotic series for 10 and 26.
    for (x, erf) in
        [(0.5, 0.520_499_877_813_046_5), (1.0, 0.842_700_792_949_714_9), (2.5, 0.999_593_047_982_555)]
    {
        assert!(close(reference("Erf", x), erf, 1e-15), "{x}");
        assert_eq!(reference("Erf", -x), -reference("Erf", x));
    }
    for (x, erfc) in [
        (0.75, 0.288_844_366_346_484_9),
        (1.0, 0.157_299_207_050_285_13),
        (3.0, 2.209_049_699_858_544e-5),
        (10.0, 2.088_487_583_762_545e-45),
        (26.0, 5.663_192_408_856_143e-296),
    ] {
        assert!(close(reference("Erfc", x), erfc, 2e-15), "{x}: {} against {erfc}", reference("Erfc", x));
    }
    assert!(close(reference("Erfc", -3.0), 2.0 - 2.209_049_699_858_544e-5, 1e-15));
}

#[test]
fn the_two_forms_of_the_bessel_functions_meet() {
    for name in ["SinXDivX", "SphericalJ1", "SphericalJ1OverX", "SphericalJ2OverX"] {
        let reference = scalar(named(name)).reference;
        // The reference changes from the series to the recurrence at 3.
        let (below, above) = (reference(&[3.0]), reference(&[3.0 + 1e-12]));
        assert!((below - above).abs() < 2e-12, "{name}: {below} against {above}");
    }
}

#[test]
fn derivatives_of_sinxdivx_are_right_at_zero_up_to_the_fifth() {
    let row = scalar(named("SinXDivX"));
    let (mut graph, x) = arguments(row);
    let mut node = apply(&mut graph, "SinXDivX", &x);
    // sin(x)/x = 1 − x²/3! + x⁴/5! − …
    for expected in [0.0, -1.0 / 3.0, 0.0, 1.0 / 5.0, 0.0] {
        node = derivative(&mut graph, node, x[0]);
        let leaves = Leaves { variables: vec![vec![0.0]], ..Leaves::default() };
        let value = evaluate(&graph, node, &leaves)[0];
        assert!((value - expected).abs() < 1e-14, "{value} against {expected}");
    }
}

/// d(node)/dx for the operations that the rules above are made of, one variable of dimension 1.
fn derivative(graph: &mut Graph, node: NodeId, x: NodeId) -> NodeId {
    use crate::ir::Op;
    let args = graph.args(node).to_vec();
    let inner: Vec<NodeId> = args.iter().map(|&a| derivative(graph, a, x)).collect();
    let factor = |graph: &mut Graph, k: usize| match graph.op(node).clone() {
        Op::Mul => {
            let others = (0..args.len()).filter(|&n| n != k).map(|n| args[n]).collect();
            graph.mul(others)
        }
        Op::Power(n) => {
            let lower = graph.power(args[0], n - 1);
            scaled(graph, Number::integer(n.into()), lower)
        }
        Op::Map(f) => (scalar(f).derivative)(graph, &args, k).unwrap_or_else(|| graph.integer(0)),
        _ => graph.integer(1),
    };
    let mut terms = vec![graph.integer(i64::from(node == x))];
    for (k, &d) in inner.iter().enumerate() {
        let factor = factor(graph, k);
        terms.push(graph.mul(vec![factor, d]));
    }
    graph.add(terms)
}
