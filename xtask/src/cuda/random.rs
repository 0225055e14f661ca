//! Random formulas: how near the machine code that the generator leads to is to the arithmetic of the formula.

use super::assemble::{self, Assembled};
use super::count;
use super::fetch::Toolkit;
use super::prices::{self, Prices};
use super::random_table::{self, Row};
use super::source::{self, Kernel, Source};
use crate::steps::root;
use keops_generate::formula;
use keops_kernels::{Arithmetic, Scalar};
use std::fs;
use std::ops::Range;
use std::path::Path;

/// The formulas, and how many operations deep they are.
const SEEDS: Range<u64> = 0..100;
const DEPTH: usize = 5;

/// The device.
const DEVICE: &str = "sm_90";

/// The table, from the folder of the workspace.
const TABLE: &str = "kernels/budgets/RANDOM.md";

/// Measures the kernels of random formulas, and compares with the table, or writes it. `folder` is for files in between.
///
/// # Errors
///
/// What is wrong, one line each: rises of a comparison, spills, or that something could not be measured.
pub(crate) fn run(toolkit: &Toolkit, folder: &Path, check: bool) -> Result<(), Vec<String>> {
    let source = generate(&folder.join("random")).map_err(|error| vec![error])?;
    let rows = measure(toolkit, &source, &folder.join("random"))?;
    println!("random formulas: {}", random_table::summary(&rows));
    let path = root().join(TABLE);
    let mut complaints = random_table::spills(&rows);
    if check {
        let committed = fs::read_to_string(&path).map_err(|error| vec![format!("{TABLE}: {error}")])?;
        complaints.extend(random_table::rises(&rows, &committed));
    } else {
        fs::write(&path, random_table::write(&rows)).map_err(|error| vec![format!("{TABLE}: {error}")])?;
        println!("written: {TABLE}");
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

/// The kernels of the formulas. A function is called `f` and its seed.
fn generate(folder: &Path) -> Result<Source, String> {
    let functions = SEEDS.map(|seed| formula(&format!("f{seed}"), seed, DEPTH).text + "\n");
    let text = format!("keops! {{\n{}}}\n", functions.collect::<String>());
    let file = folder.join("formulas.rs");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(&file, text))
        .map_err(|error| format!("{}: {error}", file.display()))?;
    source::of_files(&[&file], &[Scalar::F32])
}

fn measure(toolkit: &Toolkit, source: &Source, folder: &Path) -> Result<Vec<Row>, Vec<String>> {
    let functions = prices::called(source.kernels.iter().filter_map(|kernel| kernel.arithmetic.as_ref()));
    let text = source.text.clone() + &prices::probes(&functions);
    let assembled = assemble::compile(toolkit, &text, folder)
        .and_then(|ptx| assemble::assemble(toolkit, &ptx, DEVICE))
        .map_err(|error| vec![error])?;
    let prices = prices::read(&functions, &assembled).map_err(|error| vec![error])?;
    let (mut rows, mut errors) = (vec![], vec![]);
    for kernel in &source.kernels {
        match row(kernel, &assembled, &prices) {
            Ok(row) => rows.extend(row),
            Err(error) => errors.push(format!("{}: {error}", kernel.title)),
        }
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

/// The row of a kernel, unless it has no pair loop.
fn row(kernel: &Kernel, assembled: &Assembled, prices: &Prices) -> Result<Option<Row>, String> {
    let Some(arithmetic) = &kernel.arithmetic else { return Ok(None) };
    let code = assembled.code.get(&kernel.entry).ok_or("no machine code")?;
    let resources = assembled.resources.get(&kernel.entry).ok_or("ptxas says nothing of it")?;
    // Formulas may leave out coordinates of a variable, which are in the tile but not read: one number must be.
    let row_bytes = size_of::<f32>()..=*kernel.row_bytes.end();
    let Some(counted) = count::per_pair(code, &Kernel { row_bytes, ..kernel.clone() })? else {
        return Ok(None);
    };
    Ok(Some(Row {
        title: kernel.title.clone(),
        rows: kernel.rows,
        columns: kernel.columns,
        registers: resources.registers,
        spills: resources.spills,
        arithmetic: price(arithmetic, prices),
        counted: counted.least,
    }))
}

/// The instructions that arithmetic takes.
fn price(arithmetic: &Arithmetic, prices: &Prices) -> f64 {
    let calls = arithmetic.calls.iter().map(|((name, _), n)| prices[name] * *n as f64);
    arithmetic.instructions as f64 + calls.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn functions_have_their_prices() {
        let calls = BTreeMap::from([(("divide", 2), 2), (("sin", 1), 1)]);
        let prices = Prices::from([("divide", 8.0), ("sin", 22.375)]);
        assert_eq!(price(&Arithmetic { instructions: 5, calls }, &prices), 5.0 + 16.0 + 22.375);
    }

    #[test]
    fn every_formula_has_kernels() {
        let folder = std::env::temp_dir().join(format!("keops-random-{}", std::process::id()));
        let source = generate(&folder).expect("the temporary folder can be written to");
        let of = |seed: u64| move |k: &&Kernel| k.title.split(',').next() == Some(&format!("f{seed}"));
        let missing: Vec<u64> = SEEDS.filter(|seed| !source.kernels.iter().any(|k| of(*seed)(&k))).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(source.kernels.iter().all(|kernel| kernel.scalar == "f32"));
        fs::remove_dir_all(folder).expect("it was made");
    }
}
