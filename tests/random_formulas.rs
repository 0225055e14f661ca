//! Random formulas, compiled by rustc from the macro and compared with the reference evaluator in `f32` and `f64`,
//! and gradients of some with differences.
//!
//! `KEOPS_TEST_FORMULAS=10000 KEOPS_TEST_SEED=7` tries other and more formulas, `KEOPS_TEST_OPT_LEVEL=2` compiles them with
//! optimisation. A failure prints the formula.

use keops_generate::{
    Check, Formula, Gradient, Kind, Project, formula, formula_with_gradient, formula_with_numbers,
};
use std::env;
use std::path::Path;

/// An environment variable with a number.
fn number(name: &str, usual: u64) -> u64 {
    env::var(name).map_or(usual, |text| text.parse().unwrap_or_else(|e| panic!("{name}: {e}")))
}

/// A formula and its checks: no points, one point, less and more than a vector and a tile hold.
fn check(f: &Formula, large: bool) -> Check {
    let ranges: String = f
        .arguments
        .iter()
        .map(|a| format!(".range({:?}, {:?}, {:?})", a.name, a.range.0, a.range.1))
        .collect();
    let mut sizes = vec![(0, 5), (1, 3), (4, 0), (3, 33), (5, 70)];
    if large {
        // Several blocks of rows.
        sizes.push((200, 130));
    }
    let setup = |(m, n): (usize, usize)| format!("&Setup::sizes({m}, {n}){ranges}");
    let mut each: Vec<String> =
        sizes.into_iter().map(|size| format!("{}::check({})", f.name, setup(size))).collect();
    if let Some(gradient) = &f.gradient {
        // Lanes of rows, and lanes of columns.
        each.extend([(5, 4), (1, 7)].map(|size| gradient_check(f, gradient, &setup(size))));
    }
    let report = each.iter().skip(1).fold(each[0].clone(), |sum, next| format!("{sum}.and({next})"));
    Check { name: f.name.clone(), declaration: f.text.clone(), report }
}

/// The comparison of a gradient with differences, in `f64`: in `f32` it is as far off as the formula is ill-conditioned,
/// which differences do not tell.
fn gradient_check(f: &Formula, gradient: &Gradient, setup: &str) -> String {
    let arguments: Vec<String> =
        f.arguments.iter().map(|a| format!("{}: {}<{}>", a.name, a.kind.name(), a.dim)).collect();
    let rows = if gradient.rows == Kind::Vi { "m" } else { "n" };
    let seeds: Vec<String> = gradient.dims.iter().enumerate().map(|(k, dim)| format!("{k}: {dim}")).collect();
    let (name, argument) = (&f.name, &gradient.argument);
    format!(
        "{{ let case = keops_reference::case::Case::new({name}::TEXT, {setup}); \
         keops_reference::gradient_check_on! {{ judge_gradient {name} ({}) {rows} [{}] f64 case \
         [{argument} grad_{argument}] }} }}",
        arguments.join(", "),
        seeds.join(", ")
    )
}

#[test]
fn random_formulas_agree_with_the_reference() {
    let (count, first) = (number("KEOPS_TEST_FORMULAS", 300), number("KEOPS_TEST_SEED", 0));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project =
        Project::new(root, Path::new(env!("CARGO_TARGET_TMPDIR")), cfg!(feature = "cuda"), "random-formulas");
    let checks: Vec<_> = (first..first + count)
        // Every fourth formula is as deep as the language's users go; the others stay readable.
        .map(|seed| {
            let (name, depth) = (format!("f{seed}"), if seed % 4 == 0 { 8 } else { 5 });
            // Every tenth is smooth and has a gradient; of the others every third reads the numbers of its points.
            let write = match () {
                _ if seed % 10 == 5 => formula_with_gradient,
                _ if seed % 3 == 0 => formula_with_numbers,
                _ => formula,
            };
            check(&write(&name, seed, depth), seed % 30 == 7)
        })
        .collect();
    for (part, checks) in checks.chunks(50).enumerate() {
        project.program(&format!("random_{part}"), checks);
    }
    project.run();
}
