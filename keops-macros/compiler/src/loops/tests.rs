//! What the loop program decides for formulas whose best shape is known.

use super::{AccumulatorKind, Arithmetic, Expr, Kernel, Place, Statement, Target, lower_reduce};
use crate::error::Errors;
use crate::ir::Program;
use crate::{check, parse, passes};

/// The loop program of the one function in the text, for the processor.
fn kernel(text: &str) -> Kernel {
    kernel_for(Target::Host, text)
}

fn kernel_for(target: Target, text: &str) -> Kernel {
    let mut errors = Errors::new();
    let block = parse::block(text.parse().expect("tokens"), &mut errors);
    let checked = check::function(&block.functions[0], &mut errors);
    errors.finish().expect("a formula without errors");
    let program = passes::simplify::simplify(checked.expect("a meaning").program);
    let fast_maths = block.functions[0].marked(crate::ast::Mark::FastMaths).is_some();
    lower_reduce(&Program { fast_maths, ..program }, 0, target).1
}

fn calls<'a>(statements: &'a [Statement], found: &mut Vec<&'a str>) {
    for statement in statements {
        match statement {
            Statement::Let(_, Expr::Call(name, _)) => found.push(name),
            Statement::Loop { body, .. } => calls(body, found),
            _ => {}
        }
    }
}

/// The functions called for each pair, by phase.
fn calls_by_phase(kernel: &Kernel) -> Vec<Vec<&str>> {
    let of_phase = |body| {
        let mut found = vec![];
        calls(body, &mut found);
        found
    };
    kernel.phases.iter().map(|phase| of_phase(&phase.body)).collect()
}

const GAUSSIAN: &str =
    "fn f(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, s: Pm<1>) -> Vi<1> { Sum(Exp(-SqDist(x_i, y_j) / s^2)) * b_j }";

#[test]
fn a_gaussian_is_cut_before_its_one_cheap_exponential() {
    let kernel = kernel(GAUSSIAN);
    assert_eq!(calls_by_phase(&kernel), [vec![], vec!["exp2_nonpositive"]]);
    assert_eq!((kernel.cuts, kernel.vectors), (1, 2));
    // −log₂ e / s² is one hoisted parameter; rows keep their coordinates and nothing else.
    assert_eq!((kernel.parameters.inputs_len(), kernel.parameters.hoisted_len()), (1, 1));
    assert_eq!((kernel.rows.len(), kernel.columns.len()), (3, 0));
}

#[test]
fn work_of_one_side_leaves_the_pair_loop() {
    let kernel = kernel("fn f(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { Sin(x_i) * Cos(y_j) * (x_i + y_j) }");
    assert_eq!(calls_by_phase(&kernel), [Vec::<&str>::new()]);
    // sin x is a factor of the sum and waits until after it; cos y is hoisted to the column.
    assert_eq!((kernel.rows.hoisted_len(), kernel.columns.hoisted_len()), (0, 1));
    let mut finish = vec![];
    calls(&kernel.finish, &mut finish);
    // Over no columns the sum is 0, whatever sin x is.
    assert_eq!(finish, ["sin", "if_else"]);
}

#[test]
fn numbers_of_points_are_made_and_not_read() {
    let kernel = kernel("fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { (j <= i) * SqDist(x_i, y_j) * (1 + i) }");
    assert_eq!(kernel.variables().len(), 2);
    assert_eq!(kernel.numbers.len(), 2);
    // Beside the coordinates, i and the number of columns are in the row's bank; j is made for the tile, where the pair loop finds it as if hoisted.
    assert_eq!((kernel.rows.inputs_len(), kernel.rows.hoisted_len()), (5, 0));
    assert_eq!((kernel.columns.inputs_len(), kernel.columns.hoisted_len()), (1, 1));
    assert_eq!(kernel.column_variables.len(), 1);
}

#[test]
fn long_sums_are_blocked_by_columns() {
    let kernel = kernel("fn f(x_i: Vi<64>, y_j: Vj<64>) -> Vi<1, usize> { ArgMin_j(SqDist(x_i, y_j)) }");
    let blocked: Vec<bool> = kernel.phases.iter().map(|p| p.blocked).collect();
    assert_eq!(blocked, [true, false]);
    assert_eq!(kernel.cuts, 1);
}

#[test]
fn exponents_come_before_the_sums_that_are_scaled_by_them() {
    let kernel = kernel(
        "fn f(x_i: Vi<3>, y_j: Vj<3>, g_j: Vj<2>) -> (Vi<1>, Vi<2>) { \
         (LogSumExp_j(x_i | y_j), SumSoftMaxWeight_j(x_i | y_j, g_j)) }",
    );
    let kinds: Vec<(AccumulatorKind, usize)> = kernel.accumulators.iter().map(|a| (a.kind, a.dim)).collect();
    // One reference and one sum of weights serve both results.
    assert!(
        matches!(
            kinds[..],
            [
                (AccumulatorKind::Exponent { .. }, 1),
                (AccumulatorKind::ScaledSum { exponent: 0 }, 1),
                (AccumulatorKind::ScaledSum { exponent: 0 }, 2)
            ]
        ),
        "{kinds:?}"
    );
    assert_eq!(calls_by_phase(&kernel), [vec![], vec!["exp2_nonpositive"]]);
}

#[test]
fn fused_reductions_share_the_work_of_a_pair() {
    let kernel = kernel(
        "fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3> { let k = Exp(-SqDist(x_i, y_j)); Sum_j(k * y_j) / Sum_j(k) }",
    );
    assert_eq!(calls_by_phase(&kernel), [vec![], vec!["exp2_nonpositive"]]);
    assert_eq!(kernel.accumulators.len(), 2);
}

#[test]
fn a_minimum_and_its_index_are_one_list() {
    let kernel =
        kernel("fn f(x_i: Vi<3>, y_j: Vj<3>) -> (Vi<1>, Vi<1, usize>) { Min_ArgMin_j(SqDist(x_i, y_j)) }");
    assert_eq!(kernel.accumulators.len(), 1);
    assert!(matches!(kernel.accumulators[0].kind, AccumulatorKind::List { count: 1, .. }));
}

#[test]
fn wide_results_are_summed_in_groups_from_kept_weights() {
    let kernel =
        kernel("fn f(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<20>) -> Vi<20> { Exp(-SqDist(x_i, y_j)) * b_j }");
    // Distances, weights, 16 coordinates in two groups of 8, and the last 4.
    let groups: Vec<Option<usize>> = kernel.phases.iter().map(|p| p.groups.map(|(_, n)| n)).collect();
    assert_eq!(groups, [None, None, Some(2), None]);
    let exponentials = calls_by_phase(&kernel).concat();
    assert_eq!(exponentials, ["exp2_nonpositive"]);
}

#[test]
fn what_costs_little_is_done_again() {
    // The gradient of a Gaussian needs x − y beside the exponential: three subtractions, not three buffers.
    let kernel = kernel("fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<3> { Exp(-SqDist(x_i, y_j)) * (x_i - y_j) }");
    assert_eq!(kernel.cuts, 1);
    let reads = kernel.phases[1]
        .body
        .iter()
        .filter(|s| matches!(s, Statement::Let(_, Expr::Read(Place::Column(_), _))));
    assert_eq!(reads.count(), 3);
}

#[test]
fn the_printed_program_says_why() {
    let text = kernel(GAUSSIAN).to_string();
    for part in ["two row vectors hide the latency", "cuts: 1", "phase 1", "exp2_nonpositive"] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

/// The instructions of the arithmetic of a formula, and its calls.
fn arithmetic(text: &str) -> (usize, Vec<(&'static str, usize)>) {
    let Arithmetic { instructions, calls } = Arithmetic::of(&kernel(text));
    (instructions, calls.into_iter().map(|((name, _), n)| (name, n)).collect())
}

#[test]
fn arithmetic_is_what_a_pair_needs() {
    // Three differences, a square, two more onto it, the factor, and the product with b onto the sum.
    assert_eq!(arithmetic(GAUSSIAN), (8, vec![("exp2_nonpositive", 1)]));
    // Loops count all their turns: a difference and a square onto the sum each; and the better of two.
    let nearest = "fn f(x_i: Vi<64>, y_j: Vj<64>) -> Vi<1, usize> { ArgMin_j(SqDist(x_i, y_j)) }";
    assert_eq!(arithmetic(nearest), (2 * 64 + 1, vec![]));
    // A sum for the sums; x^5 is three multiplications. Signs and what is hoisted are free.
    let powers = "fn f(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { Sum_j(-(x_i + y_j)^5 + Sin(y_j)) }";
    assert_eq!(arithmetic(powers), (1 + 3 + 1 + 1, vec![]));
    // Of the position alone, the search needs the best value too.
    let position = "fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { Sum_j(ArgMax(x_i * y_j)) }";
    assert_eq!(arithmetic(position).0, 3 + 3 * 2 + 2 + 1);
    let quotients =
        "fn f(x_i: Vi<1>, y_j: Vj<1>) -> Vi<2> { Sum_j(Concat(1 / (x_i + y_j), y_j / (x_i - y_j))) }";
    assert_eq!(arithmetic(quotients), (2 + 2, vec![("divide", 1), ("reciprocal", 1)]));
}

#[test]
fn groups_count_as_often_as_there_are() {
    let wide = "fn f(x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<24>) -> Vi<24> { Exp(-SqDist(x_i, y_j)) * b_j }";
    assert_eq!(arithmetic(wide), (7 + 24, vec![("exp2_nonpositive", 1)]));
}

#[test]
fn cheaper_functions_are_for_pairs_where_they_are_asked_for() {
    let text = "fn f(x_i: Vi<1>, y_j: Vj<1>, a: Pm<1>) -> Vi<1> {
        Sum_j(Powf(x_i + y_j, a) / (Log(y_j) + Sqrt(x_i * y_j)) + (x_i - y_j)^(-3)) / Log(x_i)
    }";
    let of = |target, text: &str| calls_by_phase(&kernel_for(target, text)).concat().join(" ");
    assert_eq!(of(Target::Host, text), "pow sqrt");
    let fast = format!("#[fast_maths] {text}");
    assert_eq!(of(Target::Host, &fast), "fast_pow sqrt");
    assert_eq!(of(Target::Device, &fast), "fast_pow fast_sqrt fast_divide fast_reciprocal");
    let kernel = kernel_for(Target::Device, &fast);
    let mut elsewhere = vec![];
    [&kernel.columns.code, &kernel.rows.code, &kernel.finish]
        .into_iter()
        .for_each(|code| calls(code, &mut elsewhere));
    assert_eq!(elsewhere, ["log", "log"]);
}

/// The phases in which columns go together.
fn blocked(text: &str) -> Vec<bool> {
    kernel(text).phases.iter().map(|p| p.blocked).collect()
}

#[test]
fn columns_go_together_whatever_the_order_of_the_results() {
    let of = |results: &str| {
        blocked(&format!(
            "fn f(x_i: Vi<784>, y_j: Vj<784>, b_j: Vj<1>, s: Pm<1>) -> (Vi<1>, Vi<1>) {{ {results} }}"
        ))
    };
    let wanted = [true, false];
    assert_eq!(of("(Sum_j(Exp(-SqDist(x_i, y_j) / s)), Sum_j(b_j))"), wanted);
    assert_eq!(of("(Sum_j(b_j), Sum_j(Exp(-SqDist(x_i, y_j) / s)))"), wanted);
    // What reads a reference comes late, also where its long sums do not read it.
    let exponents = kernel(
        "fn f(x_i: Vi<64>, y_j: Vj<64>, b_j: Vj<1>) -> (Vi<1>, Vi<1>) {
            (LogSumExp_j(b_j * x_i[0]), LogSumExp_j(b_j * x_i[0], x_i | y_j))
        }",
    );
    let phases: Vec<bool> = exponents.phases.iter().map(|p| p.blocked).collect();
    assert_eq!(phases, [true, false, false], "{exponents}");
}

#[test]
fn a_distance_that_is_summed_itself_is_computed_apart() {
    for results in ["Sum_j(d), Sum_j(Exp(-d))", "Sum_j(Exp(-d)), Sum_j(d)", "Sum_j(d), Min_j(d + y_j[0])"] {
        for target in [Target::Host, Target::Device] {
            let kernel = kernel_for(
                target,
                &format!(
                    "fn f(x_i: Vi<3>, y_j: Vj<3>, s: Pm<1>) -> (Vi<1>, Vi<1>) {{
                        let d = SqDist(Sqrt(s) * x_i, Sqrt(s) * y_j); ({results})
                    }}"
                ),
            );
            for tail in kernel.phases.iter().flat_map(|phase| &phase.tail) {
                let updates = |body: &[Statement]| -> bool {
                    body.iter().any(|s| {
                        matches!(s, Statement::Set(t, expr) if *t == tail.value() && expr.temps().contains(t))
                    })
                };
                assert!(kernel.phases.iter().any(|phase| updates(&phase.body)), "{results}: {kernel}");
            }
        }
    }
}

#[test]
fn constants_are_multiplied_as_far_as_they_are_numbers() {
    let kernel =
        kernel("fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { Min_j(1e200 * (1e200 * SqDist(x_i, y_j))) }");
    let text = kernel.to_string();
    assert!(!text.contains("inf"), "{text}");
}

fn arrays(kernel: &Kernel) -> usize {
    let lens = kernel.phases.iter().flat_map(|phase| &phase.body).map(|s| match s {
        Statement::Array { len, .. } => *len,
        _ => 0,
    });
    lens.sum()
}

#[test]
fn arrays_fit_on_the_stack_of_a_thread() {
    let of = |dim: usize, body: &str| {
        kernel(&format!("fn f(x_i: Vi<{dim}>, y_j: Vj<{dim}>) -> Vi<1> {{ {body} }}"))
    };
    let one = of(4096, "let u = Exp(x_i * y_j); Sum_j(Exp(-Sum(u) * SqNorm2(u)))");
    assert_eq!(arrays(&one), 4096);
    // One column at a time, not eight.
    assert!(one.phases.iter().all(|phase| !phase.blocked));
    let body = "let u = Exp(x_i * y_j); let v = Log(x_i * y_j);
        Sum_j(Exp(-Sum(u) * SqNorm2(u) - Sum(v) * SqNorm2(v)))";
    assert_eq!(arrays(&of(300, body)), 600);
    assert_eq!(arrays(&of(4000, body)), 4000);
}

#[test]
fn a_row_knows_its_number_of_columns() {
    let mean = kernel("fn f(x_i: Vi<3>, y_j: Vj<3>) -> Vi<1> { Mean_j(SqDist(x_i, y_j)) }");
    assert!(mean.reads_counts());
    assert!(mean.parameters.is_empty());
    // The coordinates and the number; nothing of it is in the pair loop.
    assert_eq!((mean.rows.inputs_len(), mean.rows.hoisted_len()), (4, 0));
    assert!(!kernel(GAUSSIAN).reads_counts());
}

#[test]
fn a_sum_over_no_columns_is_zero_whatever_its_factors() {
    let guarded = |body: &str| {
        let kernel = kernel(&format!("fn f(x_i: Vi<1>, y_j: Vj<1>, s: Pm<1>) -> Vi<1> {{ Sum_j({body}) }}"));
        let mut finish = vec![];
        calls(&kernel.finish, &mut finish);
        assert_eq!(kernel.reads_counts(), finish.contains(&"if_else"), "{kernel}");
        kernel.reads_counts()
    };
    for body in ["y_j / x_i", "y_j * x_i^2", "y_j * s", "Inv(x_i)", "1e39 * y_j"] {
        assert!(guarded(body), "{body}");
    }
    for body in ["y_j / 2", "-y_j", "Exp(y_j / x_i)", "x_i + y_j", "3"] {
        assert!(!guarded(body), "{body}");
    }
}

/// How many multiplications a kernel has.
fn products(text: &str) -> usize {
    let kernel = kernel(text).to_string();
    kernel.matches("Mul(").count() + kernel.matches("MulAdd(").count()
}

#[test]
fn products_that_share_factors_stay_short() {
    let nested = |levels: usize| {
        let steps: String = (2..=levels).map(|n| format!("let p{n} = p{} * p{}; ", n - 1, n - 2)).collect();
        let text = format!(
            "fn f(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> {{ let p0 = x_i - y_j; let p1 = x_i + y_j; {steps} Sum_j(p{levels}) }}"
        );
        products(&text)
    };
    assert!(nested(40) <= nested(20) + 25, "{} {}", nested(20), nested(40));
}

#[test]
fn exponentials_of_pairs_are_never_subnormal() {
    let kernel = kernel(
        "fn f(x_i: Vi<1>, y_j: Vj<1>, p: Pm<1>) -> Vi<1> { Exp(x_i) * Sum_j(Exp(-p * SqDist(x_i, y_j))) }",
    );
    assert_eq!(calls_by_phase(&kernel).concat(), ["exp2_normal"]);
    let mut after = vec![];
    calls(&kernel.finish, &mut after);
    assert_eq!(after, ["exp"]);
}

#[test]
fn a_mask_takes_in_the_factors_of_pairs() {
    // At i = j the quotient is infinite, and 0 times that would be NaN.
    let text = "fn f(x_i: Vi<1>, x_j: Vj<1>) -> Vi<1> { Where(i != j, 1, 0) * (1 + i) / Abs(x_i - x_j) }";
    let kernel = kernel(text);
    assert!(calls_by_phase(&kernel).concat().contains(&"if_else"), "{kernel}");
    // 1 + i is multiplied in after the sum.
    assert_eq!(products(text), 1, "{kernel}");
}

#[test]
fn a_mask_takes_in_what_may_be_infinite_at_a_point() {
    let after_the_columns = |body: &str| {
        let text = format!("fn f(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> {{ Sum_j({body}) }}");
        let (kernel, mut names) = (kernel(&text), vec![]);
        calls(&kernel.finish, &mut names);
        names.concat()
    };
    assert!(after_the_columns("Log(x_i) * Exp(x_i - y_j)").contains("log"));
    assert!(!after_the_columns("(i != j) * Log(x_i) * Exp(x_i - y_j)").contains("log"));
    assert!(!after_the_columns("(i != j) * Powf(x_i, -1.7) * Exp(x_i - y_j)").contains("pow"));
    // Never infinite but for infinite data: one step a row.
    assert!(after_the_columns("(i != j) * Sin(x_i) * Exp(x_i - y_j)").contains("sin"));
    let masked = kernel("fn f(x_i: Vi<1>, y_j: Vj<1>) -> Vi<1> { Sum_j((i != j) * x_i / y_j) }");
    assert!(calls_by_phase(&masked).concat().contains(&"if_else"), "{masked}");
}

#[test]
fn comparisons_of_the_numbers_of_points_are_masks() {
    let masked = |body: &str| {
        let text = format!("fn f(x_i: Vi<1>, x_j: Vj<1>, w: Pm<1>) -> Vi<1> {{ Sum_j({body}) }}");
        kernel(&text).to_string().contains("Call(\"if_else\"")
    };
    assert!(masked("(i != j) / Abs(x_i - x_j)"));
    assert!(masked("(Abs(i - j) <= w) * (j < i) / Abs(x_i - x_j)"));
    assert!(!masked("(x_i < x_j) / Abs(x_i - x_j)"), "NaN passes through");
    assert!(!masked("(i != j)"));
    assert!(masked("(i != j)^2 / Abs(x_i - x_j)"));
}

#[test]
fn parameters_of_a_product_are_one_number_of_the_call() {
    let text = "fn f(x_i: Vi<1>, y_j: Vj<1>, s: Pm<1>, t: Pm<1>) -> Vi<1> { Sum_j(s^6 / t^6 * x_i * y_j) }";
    let hoisted = |kernel: &Kernel| kernel.parameters.hoisted.len();
    assert_eq!(hoisted(&kernel(text)), 1, "{}", kernel(text));
}

#[test]
fn arguments_of_contractions_are_computed_once() {
    let text = "fn f(a: Pm<400>, x_j: Vj<20>, y_i: Vi<20>) -> Vi<1> { \
                y_i | MatVecMult(a, MatVecMult(a, MatVecMult(a, x_j + y_i))) }";
    let kernel = kernel(text);
    let arrays = kernel.phases.iter().flat_map(|phase| &phase.body);
    assert_eq!(arrays.filter(|s| matches!(s, Statement::Array { .. })).count(), 2, "{kernel}");
}
