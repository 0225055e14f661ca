//! What the generator promises about its formulas.

use keops_generate::{Formula, formula, formula_with_gradient, formula_with_numbers};
use keops_reference::data::Data;
use keops_reference::evaluate::{Output, evaluate, gradient};
use keops_reference::precision::Precision;
use std::collections::BTreeSet;

fn formulas(count: u64) -> impl Iterator<Item = Formula> {
    (0..count).map(|seed| formula(&format!("f{seed}"), seed, 6))
}

#[test]
fn a_seed_is_a_formula() {
    let texts: BTreeSet<String> = formulas(100).map(|f| f.text).collect();
    assert_eq!(texts.len(), 100, "two seeds gave the same formula");
    assert!(formulas(100).all(|f| texts.contains(&f.text)));
}

#[test]
fn values_are_finite_and_decided() {
    let (mut compared, mut undecided) = (0, 0);
    let with_numbers = (0..1000).map(|seed| formula_with_numbers(&format!("n{seed}"), seed, 6));
    for f in formulas(1000).chain(with_numbers) {
        let function = keops_reference::function(&f.text);
        let data = Data::random(&function, &f.setup(4, 5));
        let outputs = evaluate(&function, &data, Precision::F32).expect("there are points enough");
        let declared: Vec<usize> =
            function.results.iter().map(|r| r.dim.as_ref().unwrap().number().unwrap()).collect();
        assert_eq!(outputs.len(), declared.len(), "{}", f.text);
        for (output, dim) in outputs.iter().zip(declared) {
            match output {
                Output::Values(rows) => {
                    for n in rows.iter().inspect(|r| assert_eq!(r.len(), dim, "{}", f.text)).flatten() {
                        assert!(n.value.is_finite(), "{}\nhas the value {n:?}", f.text);
                        compared += 1;
                        undecided += usize::from(!n.is_decided());
                    }
                }
                Output::Indices(rows) => assert!(rows.iter().all(|r| r.len() == dim), "{}", f.text),
            }
        }
    }
    // Jumps (Floor, <) and roots near their branch points are rare in random data.
    assert!(undecided * 100 < compared, "{undecided} of {compared} values are undecided");
}

#[test]
fn gradients_are_told_by_differences() {
    let (mut entries, mut vague, mut zeros) = (0, 0, 0);
    for f in (0..30).map(|seed| formula_with_gradient(&format!("g{seed}"), seed, 5)) {
        let function = keops_reference::function(&f.text);
        let data = Data::random(&function, &f.setup(2, 3));
        let outputs = evaluate(&function, &data, Precision::F64).expect("there are points enough");
        let ones = |o: &Output| match o {
            Output::Values(rows) => rows.iter().map(|row| vec![1.0; row.len()]).collect(),
            Output::Indices(_) => panic!("an index has no gradient: {}", f.text),
        };
        let seeds: Vec<Vec<Vec<f64>>> = outputs.iter().map(ones).collect();
        let wanted = f.gradient.expect("it has one");
        assert_eq!(seeds.iter().map(|rows| rows[0].len()).collect::<Vec<_>>(), wanted.dims);
        for slope in gradient(&function, &data, &seeds, &wanted.argument).iter().flatten() {
            entries += 1;
            vague += usize::from(slope.error > 1e-9 * slope.value.abs().max(1.0));
            zeros += usize::from(slope.value == 0.0);
        }
    }
    // Smooth formulas have differences everywhere, and most depend on a variable of i.
    assert!(vague * 20 <= entries && zeros * 2 <= entries, "{vague} vague and {zeros} zero of {entries}");
}

#[test]
fn numbers_of_points_occur_where_they_may() {
    let reads = |f: &Formula, name| f.operations.contains(&name);
    let numbered: Vec<Formula> =
        (0..100).map(|seed| formula_with_numbers(&format!("n{seed}"), seed, 6)).collect();
    for name in ["number i", "number j"] {
        assert!(numbered.iter().filter(|f| reads(f, name)).count() > 10, "{name}");
        assert!(!formulas(100).any(|f| reads(&f, name)), "{name}");
    }
}

#[test]
fn every_operation_and_reduction_occurs() {
    let mut seen = BTreeSet::new();
    let mut all = BTreeSet::new();
    for (n, f) in formulas(3000).enumerate() {
        let into = if n < 300 { &mut seen } else { &mut all };
        into.extend(f.operations);
    }
    let missing: Vec<_> = all.difference(&seen).collect();
    assert!(all.len() > 120, "{} operations: {all:?}", all.len());
    // A few of the rarest may be absent from the first 300, which are compiled; all occur in the long run.
    assert!(missing.len() < 10, "the first 300 formulas have no {missing:?}");
}
