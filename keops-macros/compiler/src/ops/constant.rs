//! Arithmetic on constants: the value of a core operation whose arguments are all known.

use crate::ir::{Graph, NodeId, Op};
use crate::number::Number;
use crate::ops::{named, scalar};

/// The value of an operation at constants, exact where a fraction is; `None` for an operation that is no function of
/// numbers, and where the value is not finite (the generated code then gives the infinity or NaN that the data deserve).
pub fn fold(op: &Op, args: &[Number]) -> Option<Number> {
    let value = match op {
        Op::Constant(c) => *c,
        Op::Add => args.iter().fold(Number::integer(0), |sum, &a| sum + a),
        Op::Mul => args.iter().fold(Number::integer(1), |product, &a| product * a),
        Op::Power(n) => args[0].powi(*n),
        Op::Map(function) if *function == named("Powf") => args[0].pow(args[1]),
        Op::Map(function) => {
            let point: Vec<f64> = args.iter().map(|a| a.to_f64()).collect();
            Number::from_f64((scalar(*function).reference)(&point))
        }
        _ => return None,
    };
    value.is_finite().then_some(value)
}

/// The value of a node that is built from constants alone, such as `-1/2` or `2^3`.
pub fn constant_value(graph: &Graph, node: NodeId) -> Option<Number> {
    let mut values: Vec<(NodeId, Number)> = vec![];
    for id in graph.reachable(&[node]) {
        let argument = |a: &NodeId| {
            values[values.binary_search_by_key(a, |(id, _)| *id).expect("arguments come first")].1
        };
        let args: Vec<Number> = graph.args(id).iter().map(argument).collect();
        values.push((id, fold(graph.op(id), &args).filter(|_| graph.dim(id).is_one())?));
    }
    values.last().map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ast::Kind;
    use crate::ir::{Dim, Source, Variable};

    #[test]
    fn constants_fold_exactly() {
        let mut g = Graph::default();
        let (two, three) = (g.integer(2), g.integer(3));
        let quotient = g.div(two, three);
        let minus = g.neg(quotient);
        let sum = g.add(vec![minus, two, three]);
        assert_eq!(constant_value(&g, sum), Some(Number::rational(13, 3)));
        let root = g.map(named("Sqrt"), vec![sum]);
        assert_eq!(constant_value(&g, root).unwrap().to_f64(), (13.0_f64 / 3.0).sqrt());
        let half = g.constant(Number::rational(1, 2));
        let power = g.map(named("Powf"), vec![quotient, half]);
        assert_eq!(constant_value(&g, power).unwrap().to_f64(), (2.0_f64 / 3.0).powf(0.5));
    }

    #[test]
    fn what_is_no_finite_number_does_not_fold() {
        let mut g = Graph::default();
        let zero = g.integer(0);
        let infinite = g.power(zero, -1);
        assert_eq!(constant_value(&g, infinite), None);
        let log = g.map(named("Log"), vec![zero]);
        assert_eq!(constant_value(&g, log), None);
        let variable =
            Variable { name: "x".into(), kind: Kind::I, dim: Dim::literal(1), source: Source::Argument(0) };
        let x = g.declare(variable);
        let product = g.mul(vec![zero, x]);
        assert_eq!(constant_value(&g, product), None);
    }
}
