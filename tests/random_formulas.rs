//! Random formulas, compiled by rustc from the macro and compared with the reference evaluator in `f32` and `f64`.
//!
//! `KEOPS_TEST_FORMULAS=10000 KEOPS_TEST_SEED=7` tries other and more formulas, `KEOPS_TEST_OPT_LEVEL=2` compiles them with
//! optimisation. A failure prints the formula.

use keops_generate::{Check, Formula, Project, formula, formula_with_numbers};
use std::env;
use std::path::Path;

/// An environment variable with a number.
fn number(name: &str, usual: u64) -> u64 {
    env::var(name).map_or(usual, |text| text.parse().unwrap_or_else(|e| panic!("{name}: {e}")))
}

/// A formula and its checks: no points, one point, less and more than a vector and a tile hold.
fn check(f: &Formula) -> Check {
    let ranges: String = f
        .arguments
        .iter()
        .map(|a| format!(".range({:?}, {:?}, {:?})", a.name, a.range.0, a.range.1))
        .collect();
    let sizes = [(0, 5), (1, 3), (4, 0), (3, 33), (5, 70)];
    let each: Vec<String> =
        sizes.iter().map(|(m, n)| format!("{}::check(&Setup::sizes({m}, {n}){ranges})", f.name)).collect();
    let report = each.iter().skip(1).fold(each[0].clone(), |sum, next| format!("{sum}.and({next})"));
    Check { name: f.name.clone(), declaration: f.text.clone(), report }
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
            // Every third reads the numbers of its points.
            let write = if seed % 3 == 0 { formula_with_numbers } else { formula };
            check(&write(&name, seed, depth))
        })
        .collect();
    for (part, checks) in checks.chunks(50).enumerate() {
        project.program(&format!("random_{part}"), checks);
    }
    project.run();
}
