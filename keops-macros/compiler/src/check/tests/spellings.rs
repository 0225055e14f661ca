//! The spellings of KeOps, of its LazyTensors and of this language mean the same.

use super::{check, checked, errors, only};
use crate::check::Checked;
use crate::ir::{NodeId, Op};
use crate::ops::Slot;
use std::collections::HashMap;

/// What a function computes, as text: equal for equal formulas. A line for each node, in the order in which the results use
/// them; what is shared stands once.
fn meaning(function: &Checked) -> String {
    let mut lines = Lines { function, numbers: HashMap::new(), text: String::new() };
    let outputs = &function.program.stages[0].outputs;
    let outputs: Vec<_> =
        outputs.iter().map(|o| format!("{:?} {}", o.kind, lines.number(o.nodes[0]))).collect();
    lines.text + &outputs.join("; ")
}

struct Lines<'a> {
    function: &'a Checked,
    numbers: HashMap<NodeId, usize>,
    text: String,
}

impl Lines<'_> {
    /// The number of a node's line.
    fn number(&mut self, node: NodeId) -> usize {
        if let Some(number) = self.numbers.get(&node) {
            return *number;
        }
        let program = &self.function.program;
        let line = match program.graph.op(node) {
            Op::Reduced(id) => {
                let reduction = &program.reductions[id.0 as usize];
                let weight = reduction.weight.map(|weight| self.number(weight));
                format!("{:?}({}, {weight:?})", reduction.kind, self.number(reduction.argument))
            }
            op => {
                let args: Vec<usize> = program.graph.args(node).iter().map(|arg| self.number(*arg)).collect();
                format!("{op:?}{args:?}")
            }
        };
        let number = self.numbers.len();
        self.numbers.insert(node, number);
        self.text += &format!("{number}: {line}\n");
        number
    }
}

fn assert_same(result: &str, spellings: &[&str]) {
    let first = meaning(&checked(result, spellings[0]));
    for spelling in &spellings[1..] {
        assert_eq!(meaning(&checked(result, spelling)), first, "{spelling} is not {}", spellings[0]);
    }
}

#[test]
fn reductions_over_points() {
    assert_same(
        "Vi<3>",
        &[
            "Sum_j(y_j)",
            "y_j",
            "Sum_Reduction(y_j, 0)",
            "y_j.sum_reduction(axis=1)",
            "y_j.sum_reduction(1)",
            "y_j.sum(axis=1)",
            "y_j.sum(dim=1)",
            "y_j.sum(1)",
            "sum(y_j, axis=1)",
            "y_j.Sum_j()",
            "y_j.sum_j()",
            "sum_j(y_j)",
            "Sum_Reduction(y_j, axis=1)",
        ],
    );
    assert_same(
        "Vj<3>",
        &[
            "Sum_i(x_i)",
            "Sum_Reduction(x_i, 1)",
            "x_i.sum_reduction(axis=0)",
            "x_i.sum(axis=0)",
            "x_i.sum(dim=0)",
        ],
    );
    assert_same(
        "Vi<3>",
        &["Max_j(y_j)", "Max_Reduction(y_j, 0)", "y_j.max(axis=1)", "y_j.max_reduction(axis=1)"],
    );
    assert_same("Vi<3>", &["Min_j(y_j)", "y_j.min(axis=1)", "y_j.min(1)"]);
    assert_same("Vi<3>", &["Mean_j(y_j)", "y_j.mean(axis=1)", "mean_j(y_j)"]);
    assert_same(
        "Vi<3, usize>",
        &["ArgMin_j(y_j)", "ArgMin_Reduction(y_j, 0)", "y_j.argmin(axis=1)", "y_j.argmin_reduction(dim=1)"],
    );
    assert_same("Vj<3, usize>", &["ArgMax_i(x_i)", "x_i.argmax(axis=0)"]);
    assert_same(
        "Vi<1>",
        &[
            "LogSumExp_j(b_j)",
            "LogSumExp_Reduction(b_j, 0)",
            "b_j.logsumexp(axis=1)",
            "b_j.logsumexp_reduction(axis=1)",
        ],
    );
    assert_same(
        "Vi<3>",
        &[
            "LogSumExp_j(b_j, y_j)",
            "LogSumExp_j(b_j, weight=y_j)",
            "LogSumExp_Reduction(b_j, 0, y_j)",
            "LogSumExpWeight_Reduction(b_j, 0, y_j)",
            "b_j.logsumexp(axis=1, weight=y_j)",
            "b_j.logsumexp(1, y_j)",
        ],
    );
    assert_same(
        "Vi<3>",
        &[
            "SumSoftMaxWeight_j(b_j, y_j)",
            "SoftMax_j(b_j, y_j)",
            "SumSoftMaxWeight_Reduction(b_j, 0, y_j)",
            "b_j.sumsoftmaxweight(y_j, axis=1)",
            "b_j.sumsoftmaxweight(weight=y_j, axis=1)",
            "b_j.sumsoftmaxweight_reduction(y_j, axis=1)",
        ],
    );
    assert_same(
        "Vi<10>",
        &[
            "KMin_j(b_j, 10)",
            "KMin_Reduction(b_j, 10, 0)",
            "b_j.Kmin(10, axis=1)",
            "b_j.Kmin(K=10, axis=1)",
            "b_j.Kmin(10, 1)",
        ],
    );
    assert_same(
        "Vi<10, usize>",
        &["ArgKMin_j(b_j, 10)", "ArgKMin_Reduction(b_j, 10, 0)", "b_j.argKmin(10, axis=1)"],
    );
    assert_same(
        "(Vi<10>, Vi<10, usize>)",
        &[
            "KMin_ArgKMin_j(b_j, 10)",
            "KMin_ArgKMin_Reduction(b_j, 10, 0)",
            "b_j.Kmin_argKmin(10, axis=1)",
            "(KMin_j(b_j, 10), ArgKMin_j(b_j, 10))",
        ],
    );
    assert_same(
        "(Vi<1>, Vi<1, usize>)",
        &[
            "Min_ArgMin_j(b_j)",
            "Min_ArgMin_Reduction(b_j, 0)",
            "MinArgMin_Reduction(b_j, 0)",
            "b_j.min_argmin(axis=1)",
        ],
    );
    assert_same("(Vi<1>, Vi<1, usize>)", &["Max_ArgMax_j(b_j)", "b_j.max_argmax(axis=1)"]);
}

#[test]
fn operations_on_coordinates() {
    assert_same(
        "Vi<1>",
        &[
            "Sum(x_i)",
            "sum(x_i)",
            "x_i.sum()",
            "x_i.sum(-1)",
            "x_i.sum(axis=2)",
            "x_i.sum(dim=2)",
            "x_i.sum(axis=-1)",
            "x_i.Sum()",
        ],
    );
    assert_same("Vi<1>", &["Max(x_i)", "x_i.max()", "x_i.max(axis=2)", "x_i.max(dim=-1)"]);
    assert_same("Vi<1>", &["ArgMin(x_i)", "x_i.argmin(axis=-1)", "x_i.argmin()"]);
    assert_same(
        "Vi<1>",
        &["Norm2(x_i)", "x_i.norm2()", "x_i.norm()", "x_i.norm(-1)", "x_i.norm(dim=2)", "norm(x_i)"],
    );
    assert_same("Vi<1>", &["SqNorm2(x_i)", "x_i.sqnorm2()", "sqnorm2(x_i)"]);
    assert_same(
        "Vi<6>",
        &[
            "Concat(x_i, y_j)",
            "x_i.concat(y_j)",
            "concatenate((x_i, y_j))",
            "concatenate([x_i, y_j], axis=-1)",
            "cat((x_i, y_j), dim=2)",
            "cat((x_i, y_j), -1)",
            "concat(x_i, y_j)",
        ],
    );
    assert_same("Vi<1>", &["WeightedSqDist(p, x_i, y_j)", "x_i.weightedsqdist(y_j, p)"]);
    assert_same("Vi<1>", &["WeightedSqNorm(p, x_i)", "x_i.weightedsqnorm(p)"]);
    assert_same("Vi<1>", &["x_i[1]", "Elem(x_i, 1)", "x_i.elem(1)"]);
    assert_same("Vi<2>", &["x_i[1..3]", "x_i[1:3]", "x_i[1..]", "Extract(x_i, 1, 2)", "x_i.extract(1, 2)"]);
    assert_same("Vi<1>", &["x_i | y_j", "Scalprod(x_i, y_j)"]);
    assert_same("Vi<3>", &["abs(x_i)", "Abs(x_i)", "x_i.abs()"]);
    assert_same("Vi<3>", &["x_i - y_j", "Subtract(x_i, y_j)"]);
    assert_same("Vi<3>", &["x_i^2", "x_i**2", "Square(x_i)", "x_i.square()", "Pow(x_i, 2)", "x_i.power(2)"]);
    assert_same(
        "Vi<4>",
        &[
            "TensorDot(u_i, v_j, [2, 2], [2, 2], [1], [0])",
            "u_i.keops_tensordot(v_j, (2, 2), (2, 2), (1,), (0,))",
            "u_i.keops_tensordot(v_j, [2, 2], [2, 2], 1, 0)",
            "u_i.keops_tensordot(v_j, dimfa=(2, 2), dimfb=(2, 2), contfa=(1,), contfb=(0,), perm=(0, 1))",
        ],
    );
    assert_same(
        "Vi<16>",
        &[
            "TensorDot(u_i, v_j, [4], [4], [], [])",
            "u_i.keops_tensordot(v_j, (4,), (4,), (), ())",
            "u_i.keops_tensordot(v_j, (4,), (4,), contfa=(), contfb=())",
        ],
    );
    assert_same(
        "Vi<16>",
        &[
            "Kron(u_i, v_j, [4], [4])",
            "u_i.keops_kron(v_j, (4,), (4,))",
            "u_i.keops_kron(v_j, dimsa=(4,), dimsb=(4,))",
        ],
    );
    assert_same("Vi<3>", &["IfElse(x_i, y_j, p)", "x_i.ifelse(y_j, p)"]);
    assert_same("Vi<3>", &["Clamp(x_i, 0, 1)", "x_i.clamp(0, 1)"]);
    assert_same("Vi<3>", &["Mod(x_i, 2, 1)", "x_i.mod(2, 1)"]);
    assert_same("Vi<3>", &["Mod(x_i, 2, 0)", "x_i.mod(2)"]);
    assert_same("Vi<3>", &["Round(x_i, 2)", "x_i.round(2)"]);
    assert_same("Vi<5>", &["OneHot(s, 5)", "s.one_hot(5)"]);
    assert_same("Vi<3>", &["x_i < y_j", "LessThan(x_i, y_j)", "y_j > x_i"]);
    assert_same("Vi<3>", &["x_i <= y_j", "LessOrEqual(x_i, y_j)", "y_j >= x_i"]);
    assert_same("Vi<3>", &["x_i == y_j", "Equal(x_i, y_j)"]);
    assert_same("Vi<3>", &["x_i != y_j", "NotEqual(x_i, y_j)"]);
    assert_same(
        "Vi<3>",
        &["Diff(x_i * y_j, x_i, p) + Diff(x_i * y_j, y_j, 1)", "Diff(x_i * y_j, (x_i, y_j), (p, 1))"],
    );
    assert_same("Vi<3>", &["Grad(SqDist(x_i, y_j), x_i, b_j)", "SqDist(x_i, y_j).grad(x_i, b_j)"]);
}

#[test]
fn every_line_of_the_tutorial() {
    for source in [
        // The Gaussian kernel and its sum over j, over i, and with a vector of weights.
        "fn f(x_i: Vi<2>, y_j: Vj<2>, g: Pm<1>) -> Vi<1> { let D_ij = ((x_i - y_j)**2).sum(dim=2); (-D_ij \
         * g).exp().sum_reduction(dim=1) }",
        "fn f(x_i: Vi<2>, y_j: Vj<2>) -> Vj<1> { (-((x_i - y_j)**2).sum(-1)).exp().sum(axis=0) }",
        "fn f(x_i: Vi<2>, y_j: Vj<2>, p: Pm<2>) -> Vi<2> { ((x_i - y_j)**2 * p).sum(axis=1) }",
        // The nearest i for each j.
        "fn f(x_i: Vi<2>, y_j: Vj<2>) -> Vj<1, usize> { ((x_i - y_j)**2).sum().argmin(axis=0) }",
        // A power of a dot product as the exponent of a soft-max.
        "fn f(x_i: Vi<2>, y_j: Vj<2>, b_j: Vj<3>) -> Vi<3> { (abs(x_i | y_j)**1.5).sumsoftmaxweight(b_j, \
         axis=1) }",
        // Elements and slices; the cross product in the plane.
        "fn f(x_i: Vi<4>, y_j: Vj<4>) -> Vi<1> { (x_i[:2] - y_j[2:]).sqnorm2().sum(axis=1) }",
        "fn f(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> { (x_i[0] * y_j[1] - x_i[1] * y_j[0]).sum(axis=1) }",
        // One data set as both variables, for the inversion of a kernel matrix.
        "fn f(x_i: Vi<2>, x_j: Vj<2>, a_j: Vj<1>) -> Vi<1> { Exp(-SqDist(x_i, x_j)) * a_j }",
        // A sum of kernels over several scales: one by one from the integer 0, and with a vector of scales.
        "fn f(x_i: Vi<2>, y_j: Vj<2>) -> Vi<1> { let K = 0; let d = SqDist(x_i, y_j); let K = K + (-d * \
         0.5).exp(); let K = K + (-d * 2).exp(); K.sum(axis=1) }",
        "fn f(x_i: Vi<2>, y_j: Vj<2>, g: Pm<4>) -> Vi<1> { (-SqDist(x_i, y_j) * \
         g).exp().sum(-1).sum(axis=1) }",
        // Symbolic variables of several kinds.
        "fn f(x_i: Vi<3>, y_j: Vj<3>, v_j: Vj<5>, p: Pm<4>) -> Vi<5> { (-SqDist(x_i, y_j) * p[2]).exp() * \
         v_j }",
        // Gaussian with a weight for each coordinate, and a density.
        "fn f(x_i: Vi<3>, y_j: Vj<3>, g: Pm<3>) -> Vi<1> { (-x_i.weightedsqdist(y_j, g)).logsumexp(axis=1) }",
        "fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<10, usize> { SqDist(x_i, y_j).argKmin(10, axis=1) }",
    ] {
        check(source).unwrap_or_else(|errors| panic!("{source}: {errors:#?}"));
    }
}

#[test]
fn every_row_of_the_tables_is_accepted_with_the_result_that_the_help_proposes() {
    let operators = crate::ops::calculus::ROWS.iter().map(|row| row.example);
    for example in crate::ops::operations().map(|row| row.example).chain(operators) {
        checked(&proposed(example), example);
    }
}

/// The result that the help proposes for a formula.
fn proposed(example: &str) -> String {
    let (place, message) = only(example, errors("Vi<4096>", example));
    assert_eq!(place, example, "{message}");
    let (_, proposed) = message.split_once("declare the result `").expect("the help proposes a result");
    proposed.split_once('`').expect("a quotation is closed").0.to_string()
}

/// Under its name and its aliases, as a function and as a method of its first operand.
#[test]
fn every_row_of_the_tables_means_the_same_in_all_its_spellings() {
    for operation in crate::ops::operations() {
        // Rows of methods alone are spelled `x_i.name(…)`.
        let Some(operands) = operation.example.strip_prefix(operation.name) else { continue };
        let operands: Vec<&str> = operands[1..operands.len() - 1].splitn(2, ", ").collect();
        let has_receiver = matches!(operation.operands.first(), Some((_, Slot::Formula | Slot::Formulas)));
        assert_spelled(operation.example, operation.name, operation.aliases, &operands, has_receiver);
    }
    for (_, function) in crate::ops::scalars() {
        let operands = match function.arguments.len() {
            1 => vec!["x_i"],
            2 => vec!["x_i", "p"],
            _ => vec!["x_i", "y_j, p"],
        };
        let example = format!("{}({})", function.name, operands.join(", "));
        assert_spelled(&example, function.name, function.aliases, &operands, true);
    }
}

/// The first operand of an example, and the others as one text, under all names.
fn assert_spelled(example: &str, name: &str, aliases: &[&str], operands: &[&str], has_receiver: bool) {
    let mut spellings = vec![example.to_string()];
    for name in [name].iter().chain(aliases) {
        spellings.push(format!("{name}({})", operands.join(", ")));
        if has_receiver {
            spellings.push(format!("({}).{name}({})", operands[0], operands[1..].join(", ")));
        }
    }
    let spellings: Vec<&str> = spellings.iter().map(String::as_str).collect();
    assert_same(&proposed(example), &spellings);
}
