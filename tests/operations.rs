//! Every row of the tables of operations: its own values, its special points, its derivatives. (That all its spellings are
//! the same formula is tested where names are resolved, in `keops-macros/compiler/src/check/tests/spellings.rs`.)
//!
//! The formulas are written from the rows, so a new row is tested without a line here. (An operation that the reference
//! evaluator does not know is an error: give it its meaning there.)

use keops_compiler::ops::{Operation, ScalarFunction, operations, scalars};
use keops_generate::{Check, Project};
use keops_reference::data::{Data, Setup};
use keops_reference::evaluate::{Output, evaluate, knows};
use keops_reference::precision::Precision;
use keops_reference::random::Random;
use std::path::Path;

#[test]
fn rows_agree_with_the_reference_evaluator() {
    for (_, row) in scalars() {
        let mut random = Random::new(3);
        for _ in 0..200 {
            let at: Vec<f64> =
                row.domain.iter().map(|(low, high)| low + (high - low) * random.unit()).collect();
            same(row, &at, (row.reference)(&at));
        }
        for edge in row.edges {
            same(row, edge.at, edge.value);
        }
    }
}

/// The row's value is that of the reference evaluator. Both are in `f64`, some by series whose terms cancel to three digits
/// less: 450 roundings.
fn same(row: &ScalarFunction, at: &[f64], value: f64) {
    let expected =
        knows(row.name, at).unwrap_or_else(|| panic!("the reference evaluator has no {}", row.name));
    let close = (value - expected).abs() <= 1e-13 * expected.abs().max(1e-3);
    assert!(
        close || value == expected || (value.is_nan() && expected.is_nan()),
        "{}{at:?} is {expected}, not {value}",
        row.name
    );
}

#[test]
fn compiled_operations_agree_with_the_reference_evaluator() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project =
        Project::new(root, Path::new(env!("CARGO_TARGET_TMPDIR")), cfg!(feature = "cuda"), "operations");
    let functions: Vec<_> = scalars().map(|(_, row)| scalar_check(row)).collect();
    let (first, second) = functions.split_at(functions.len() / 2);
    project.program("functions_1", first);
    project.program("functions_2", second);
    let named: Vec<_> = operations().map(operation_check).collect();
    let (first, second) = named.split_at(named.len() / 2);
    project.program("operations_1", first);
    project.program("operations_2", second);
    project.run();
}

/// A scalar function of i alone, of the pair, and differentiated in each argument.
fn scalar_check(row: &ScalarFunction) -> Check {
    let names = &["x_i", "y_i", "z_i"][..row.arguments.len()];
    let name = format!("function_{}", row.name.to_lowercase());
    let of_i = format!("{}({})", row.name, names.join(", "));
    // The factor is 1, but that is known only when the program runs.
    let of_pairs: Vec<String> = names.iter().map(|n| format!("{n} * one_j")).collect();
    let mut items =
        vec![format!("Sum_j({of_i} * one_j)"), format!("Sum_j({}({}))", row.name, of_pairs.join(", "))];
    items.extend(names.iter().map(|x| format!("Sum_j(Grad({of_i}, {x}, one_j))")));
    let arguments: Vec<String> = names.iter().map(|n| format!("{n}: Vi<1>")).collect();
    let results = vec!["Vi<1>"; items.len()].join(", ");
    let declaration = format!(
        "pub fn {name}({}, one_j: Vj<1>) -> ({results}) {{\n    ({})\n}}",
        arguments.join(", "),
        items.join(", ")
    );
    let ranges: String = names
        .iter()
        .zip(row.domain)
        .map(|(n, (low, high))| format!(".range({n:?}, {low:?}, {high:?})"))
        .collect();
    let setup = format!("Setup::sizes(200, 1){ranges}.range(\"one_j\", 1.0, 1.0)");
    let report = format!("{name}::check(&{setup}).decided(){}", edge_checks(row, &name, names));
    Check { name, declaration, report }
}

/// The special points, each in a row of its own.
fn edge_checks(row: &ScalarFunction, name: &str, names: &[&str]) -> String {
    if row.edges.is_empty() {
        return String::new();
    }
    let values = |k: usize| -> Vec<String> {
        row.edges.iter().map(|e| format!("f64::from_bits({})", e.at[k].to_bits())).collect()
    };
    let points: Vec<String> =
        names.iter().enumerate().map(|(k, n)| format!("({n:?}, vec![{}])", values(k).join(", "))).collect();
    let bits = |x: f64| format!("f64::from_bits({})", x.to_bits());
    let column =
        |values: Vec<f64>| format!("vec![{}]", values.into_iter().map(bits).collect::<Vec<_>>().join(", "));
    let value = column(row.edges.iter().map(|e| e.value).collect());
    let slopes: Vec<String> =
        (0..names.len()).map(|k| column(row.edges.iter().map(|e| e.slope[k]).collect())).collect();
    format!(
        ".and(keops_reference::special::Special {{ points: vec![{}], value: {value}, slopes: vec![{}] }}.check({name}::TEXT, {name}::single, {name}::double))",
        points.join(", "),
        slopes.join(", ")
    )
}

/// The variables of the rows' examples.
const VARIABLES: &str =
    "x_i: Vi<3>, y_j: Vj<3>, b_j: Vj<1>, u_i: Vi<4>, v_j: Vj<4>, a_j: Vj<9>, s: Pm<1>, p: Pm<3>";

/// A row's example, and its gradient in each variable that occurs in it.
fn operation_check(row: &Operation) -> Check {
    let name = format!(
        "operation_{}{}",
        row.name.to_lowercase(),
        u8::from(row.name.starts_with(char::is_lowercase))
    );
    let mut items = vec![(dim_of(row.example), row.example.to_string())];
    for (variable, dim) in
        [("x_i", 3), ("y_j", 3), ("b_j", 1), ("u_i", 4), ("v_j", 4), ("a_j", 9), ("s", 1), ("p", 3)]
    {
        let occurs =
            row.example.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == variable);
        // Round(f, 2) jumps at every hundredth, which differences of its values cannot step between.
        if occurs && row.name != "Round" {
            items.push((dim, format!("Grad({}, {variable}, 1)", row.example)));
        }
    }
    let results: Vec<String> = items.iter().map(|(dim, _)| format!("Vi<{dim}>")).collect();
    let texts: Vec<String> = items.into_iter().map(|(_, text)| text).collect();
    let wrap = |parts: Vec<String>| {
        if parts.len() == 1 { parts[0].clone() } else { format!("({})", parts.join(", ")) }
    };
    let declaration = format!("pub fn {name}({VARIABLES}) -> {} {{\n    {}\n}}", wrap(results), wrap(texts));
    // Other rows than ±1 around 0 would leave the domains of Log and Divide.
    let report = format!("{name}::check(&Setup::sizes(5, 20)).decided()");
    Check { name, declaration, report }
}

/// The dimension of an example.
fn dim_of(example: &str) -> usize {
    let function = keops_reference::function(&format!("pub fn f({VARIABLES}) -> Vi<1> {{ {example} }}"));
    let data = Data::random(&function, &Setup::sizes(1, 1));
    match &evaluate(&function, &data, Precision::F64).expect("there is a point")[..] {
        [Output::Values(rows)] => rows[0].len(),
        other => panic!("{example}: {other:?}"),
    }
}
