//! What checked functions are made of.

use super::{check, checked};
use crate::ir::{Extreme, Op, OutputKind, ReductionKind, Side, StageKind};

fn kinds(result: &str, body: &str) -> Vec<ReductionKind> {
    checked(result, body).program.reductions.iter().map(|reduction| reduction.kind).collect()
}

#[test]
fn the_gaussian_convolution() {
    let source = "pub fn gaussian_conv(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> {
        Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j
    }";
    let function = check(source).unwrap();
    let program = function.program;
    assert_eq!(program.results, [vec![(0, 0)]]);
    let [stage] = &program.stages[..] else { panic!("one stage") };
    assert_eq!((stage.kind.clone(), stage.keep), (StageKind::Reduce, Side::I));
    let [output] = &stage.outputs[..] else { panic!("one output") };
    assert_eq!(output.kind, OutputKind::Rows);
    assert!(matches!(program.graph.op(output.nodes[0]), Op::Reduced(id) if id.0 == 0));
    // -SqDist / s^2 is -(SqDist / s^2): the power is tighter than the quotient, which is tighter than the
    // minus.
    let product = program.reductions[0].argument;
    let exponential = program.graph.args(product)[0];
    let exponent = program.graph.args(exponential)[0];
    let reciprocal = *program.graph.args(exponent).last().unwrap();
    assert_eq!(program.graph.op(reciprocal), &Op::Power(-1));
    assert_eq!(program.graph.op(program.graph.args(reciprocal)[0]), &Op::Power(2));
}

#[test]
fn what_has_no_reduction_is_summed_over_the_other_index() {
    assert_eq!(kinds("Vi<3>", "x_i * y_j"), [ReductionKind::Sum]);
    assert_eq!(checked("Vj<3>", "x_i * y_j").program.stages[0].keep, Side::J);
    assert_eq!(kinds("Vi<1>", "1"), [ReductionKind::Sum]);
    assert_eq!(
        kinds("(Vi<1>, Vi<3>)", "(Max_j(b_j), y_j)"),
        [ReductionKind::Extreme(Extreme::Max), ReductionKind::Sum]
    );
}

#[test]
fn equal_reductions_are_one() {
    let program = checked("(Vi<1>, Vi<1>, Vi<1>)", "(Sum_j(b_j) * s, b_j, Mean_j(b_j))").program;
    assert_eq!(program.reductions.len(), 1);
    let [stage] = &program.stages[..] else { panic!("one pass over the pairs") };
    assert_eq!(stage.outputs.len(), 3);
}

#[test]
fn a_formula_that_is_too_large_is_one_error() {
    // Each series of 100 pairs of coordinates takes some hundred operations, and each derivative several times as many.
    let series = |n: usize| -> String {
        let terms: Vec<String> =
            (1..=n).map(|k| format!("SoftDTW_SqDist(Concat(v_j, v_j), {k} * Concat(u_i, u_i), s)")).collect();
        terms.join(" + ")
    };
    let derivatives: String =
        (1..=100).map(|k| format!("let d = Laplacian({k} * Sin(d) * d, p) + {k} * d;")).collect();
    for body in [
        series(60),
        format!("Sum_j({})", series(60)),
        series(200),
        format!("let d = s * SqNorm2(p); {derivatives} d"),
    ] {
        let start = std::time::Instant::now();
        let (_, message) = super::only(&body, super::errors("Vi<1>", &body));
        assert!(message.starts_with("the formula has "), "{message}");
        assert!(message.contains(" operations after expansion, "), "{message}");
        assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
    }
    checked("Vi<1>", &series(3));
}

#[test]
fn pairs_are_values_then_indices() {
    let function = checked("(Vi<6>, Vi<6, usize>, Vi<1>)", "(KMin_ArgKMin_j(x_i - y_j, 2), s)");
    let outputs: Vec<_> =
        function.program.stages[0].outputs.iter().map(|o| (o.kind, o.dim.value())).collect();
    assert_eq!(
        outputs,
        [(OutputKind::Rows, Some(6)), (OutputKind::Indices, Some(6)), (OutputKind::Rows, Some(1))]
    );
}

#[test]
fn a_parameter_result_is_a_sum_over_all_pairs() {
    for body in ["b_j * x_i", "Sum_ij(b_j * x_i)"] {
        let function = checked("Pm<3>", body);
        let stage = &function.program.stages[0];
        assert_eq!((stage.keep, stage.outputs[0].kind), (Side::I, OutputKind::Total));
        assert_eq!(function.program.reductions[0].kind, ReductionKind::Sum);
    }
}

#[test]
fn literals_are_exact() {
    use crate::number::Number;
    for (body, value) in [
        ("1/2", Number::rational(1, 2)),
        ("2^3^2", Number::integer(512)),
        ("-2^2", Number::integer(-4)),
        ("0.1 + 0.2", Number::rational(3, 10)),
        ("RatCst(2, 6)", Number::rational(1, 3)),
        ("IntInv(4)", Number::rational(1, 4)),
        ("IntCst(7) - 1", Number::integer(6)),
    ] {
        let program = checked("Vi<1>", body).program;
        assert_eq!(program.graph.op(program.reductions[0].argument), &Op::Constant(value), "{body}");
    }
    let program = checked("Vi<1>", "1/2 * s").program;
    let half = program.graph.args(program.reductions[0].argument)[0];
    assert_eq!(program.graph.op(half), &Op::Constant(Number::rational(1, 2)));
}

#[test]
fn exponents_choose_the_operation() {
    let op = |body: &str| {
        let program = checked("Vi<1>", body).program;
        program.graph.op(program.reductions[0].argument).clone()
    };
    let function = |body: &str| match op(body) {
        Op::Map(id) => crate::ops::scalar(id).name,
        other => panic!("{body} is {other:?}"),
    };
    assert_eq!(op("s^2"), Op::Power(2));
    assert_eq!(op("s**-1"), Op::Power(-1));
    assert_eq!(function("s^0.5"), "Sqrt");
    assert_eq!(function("s^(1/2)"), "Sqrt");
    assert_eq!(function("Powf(s, 1/2)"), "Sqrt");
    assert_eq!(function("s.powf(-0.5)"), "Rsqrt");
    assert_eq!(op("Powf(s, 3)"), Op::Power(3));
    assert_eq!(function("s^1.5"), "Powf");
    assert_eq!(function("s^b_j"), "Powf");
    assert_eq!(function("2^b_j"), "Powf");
}
