//! Every kind of reduction beside every other.

use super::*;

/// A reduction of each kind with two coordinates, of formulas in x, y and s.
fn of_each_kind(f: &mut Sketch, x: NodeId, y: NodeId, s: NodeId, kind: usize) -> NodeId {
    let product = f.graph().mul(vec![x, y, s]);
    let (dot, sine) = (f.graph().sum(product), f.map("Sin", &[product]));
    let extreme = Extreme::Max;
    match kind {
        0 => f.sum(sine),
        1 => f.reduce(ReductionKind::LogSumExp, sine, None),
        2 => {
            let weight = f.map("Exp", &[sine]);
            f.reduce(ReductionKind::LogSumExp, dot, Some(weight))
        }
        3 => f.reduce(ReductionKind::SumSoftMaxWeight, dot, Some(sine)),
        4 => f.reduce(ReductionKind::Extreme(extreme), sine, None),
        _ => f.reduce(ReductionKind::Best { extreme, count: 2 }, dot, None),
    }
}

#[test]
fn any_two_reductions_in_one_expression() {
    for (first, second) in (0..36).map(|n| (n / 6, n % 6)) {
        for keep in [Side::I, Side::J] {
            let mut f = Sketch::new(keep);
            let (x, y, s) = (f.argument("x_i", 2), f.argument("y_j", 2), f.argument("s", 1));
            let one = of_each_kind(&mut f, x, y, s, first);
            let shifted = f.graph().add(vec![y, s]);
            let two = of_each_kind(&mut f, x, shifted, s, second);
            // tanh(R) R' + x R'_0, or with y where the rows are those of y.
            let tanh = f.map("Tanh", &[one]);
            let kept = if keep == Side::I { x } else { y };
            let coordinate = f.graph().extract(two, 0, &Dim::literal(1));
            let outside = f.graph().mul(vec![kept, coordinate]);
            let product = f.graph().mul(vec![tanh, two]);
            let result = f.graph().add(vec![product, outside]);
            check(&f.returns(result));
        }
    }
}
