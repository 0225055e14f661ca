//! Measures the kernels of the budgeted formulas, and writes or compares the table.

use super::assemble::{self, Assembled};
use super::count;
use super::fetch::Toolkit;
use super::source::{self, Kernel, Source};
use super::table::{self, Row};
use crate::steps::root;
use std::fs;
use std::path::Path;
use std::thread;

/// The devices: one of each generation that nvcc 13 compiles for.
const DEVICES: [&str; 6] = ["sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120"];

/// The table, from the folder of the workspace.
const TABLE: &str = "kernels/budgets/BUDGETS.md";

/// Measures all kernels, and compares with the table, or writes it. `folder` is for files in between.
///
/// # Errors
///
/// What is wrong, one line each: rises of a comparison, spills, no fewer instructions than KeOps, or that something could not
/// be measured.
pub(crate) fn run(toolkit: &Toolkit, folder: &Path, check: bool) -> Result<(), Vec<String>> {
    let source = source::generate().map_err(|error| vec![error])?;
    let assembled = assemble_all(toolkit, &source, folder).map_err(|error| vec![error])?;
    let rows = measure(&source, &assembled)?;
    println!("{}", table::goals(&rows));
    let path = root().join(TABLE);
    let mut complaints = table::spills(&rows);
    complaints.extend(table::no_better_than_keops(&rows));
    complaints.extend(spilling_merges(&source, &assembled));
    if check {
        let committed = fs::read_to_string(&path).map_err(|error| vec![format!("{TABLE}: {error}")])?;
        complaints.extend(table::rises(&rows, &committed));
    } else {
        fs::write(&path, table::write(&rows)).map_err(|error| vec![format!("{TABLE}: {error}")])?;
        println!("written: {TABLE}");
    }
    if complaints.is_empty() { Ok(()) } else { Err(complaints) }
}

/// The machine code for each of the [`DEVICES`].
fn assemble_all(toolkit: &Toolkit, source: &Source, folder: &Path) -> Result<Vec<Assembled>, String> {
    let ptx = assemble::compile(toolkit, &source.text, folder)?;
    thread::scope(|scope| {
        let threads = DEVICES.map(|device| scope.spawn(|| assemble::assemble(toolkit, &ptx, device)));
        let ended = threads.map(|thread| thread.join());
        ended
            .into_iter()
            .map(|result| result.unwrap_or_else(|_| Err("a thread has panicked".to_owned())))
            .collect()
    })
}

/// The row of each kernel on each device, the devices of a kernel together.
fn measure(source: &Source, assembled: &[Assembled]) -> Result<Vec<Row>, Vec<String>> {
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for kernel in &source.kernels {
        for (device, assembled) in DEVICES.into_iter().zip(assembled) {
            match row(kernel, device, assembled) {
                Ok(row) => rows.push(row),
                Err(error) => errors.push(format!("{}, {}, {device}: {error}", kernel.title, kernel.scalar)),
            }
        }
    }
    if errors.is_empty() { Ok(rows) } else { Err(errors) }
}

fn row(kernel: &Kernel, device: &str, assembled: &Assembled) -> Result<Row, String> {
    let Kernel { entry, title, scalar, .. } = kernel;
    let resources = *assembled.resources.get(entry).ok_or(format!("ptxas says nothing of {entry}"))?;
    let code = assembled.code.get(entry).ok_or(format!("no machine code of {entry}"))?;
    Ok(Row {
        formula: title.clone(),
        scalar: scalar.clone(),
        device: device.to_owned(),
        resources,
        per_pair: count::per_pair(code, kernel)?,
    })
}

/// The kernels that merge what was found for parts of the columns have no rows in the table, but shall not spill either. A
/// kernel that visits chosen pairs, of which no arithmetic is known, has none.
fn spilling_merges(source: &Source, assembled: &[Assembled]) -> Vec<String> {
    let mut complaints = Vec::new();
    for Kernel { entry, title, scalar, arithmetic, .. } in &source.kernels {
        for (device, assembled) in DEVICES.into_iter().zip(assembled) {
            match assembled.resources.get(&format!("{entry}_merge")) {
                Some(merge) if merge.spills > 0 => complaints
                    .push(format!("{title}, {scalar}, {device}: merging spills {} bytes", merge.spills)),
                None if arithmetic.is_some() => {
                    complaints
                        .push(format!("{title}, {scalar}, {device}: ptxas says nothing of {entry}_merge"));
                }
                _ => {}
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cuda::assemble::Resources;
    use crate::cuda::testing::code;
    use keops_kernels::Arithmetic;
    use std::collections::BTreeMap;

    /// A kernel of an empty formula, and what ptxas says of it and its merge, the same for all devices.
    fn assembled(own: Resources, merge: Resources) -> (Source, Vec<Assembled>) {
        let kernel = Kernel {
            entry: "keops_1".to_owned(),
            title: "empty".to_owned(),
            scalar: "f32".to_owned(),
            rows: 1,
            columns: 8,
            row_bytes: 16..=16,
            arithmetic: None,
        };
        let resources = [("keops_1", own), ("keops_1_merge", merge)].map(|(name, r)| (name.to_owned(), r));
        let code = BTreeMap::from([("keops_1".to_owned(), code(&["EXIT"]))]);
        let device = Assembled { resources: BTreeMap::from(resources), code };
        (Source { text: String::new(), kernels: vec![kernel] }, vec![device; DEVICES.len()])
    }

    #[test]
    fn there_is_a_row_for_every_device() {
        let own = Resources { registers: 40, stack: 8, spills: 0 };
        let (source, assembled) = assembled(own, Resources::default());
        let rows = measure(&source, &assembled).expect("all is there");
        assert_eq!(rows.iter().map(|row| &*row.device).collect::<Vec<_>>(), DEVICES);
        assert!(
            rows.iter().all(|row| row.formula == "empty" && row.resources == own && row.per_pair.is_none())
        );
        assert!(spilling_merges(&source, &assembled).is_empty());
    }

    #[test]
    fn a_merge_that_spills_is_told() {
        let spilling = Resources { spills: 8, ..Resources::default() };
        let (mut source, mut assembled) = assembled(Resources::default(), spilling);
        let complaints = spilling_merges(&source, &assembled);
        assert_eq!(complaints.len(), DEVICES.len());
        assert_eq!(complaints[0], "empty, f32, sm_75: merging spills 8 bytes");
        // It is no row.
        assert!(
            measure(&source, &assembled).expect("all is there").iter().all(|row| row.resources.spills == 0)
        );
        assembled[0].resources.remove("keops_1_merge");
        source.kernels[0].arithmetic = Some(Arithmetic::default());
        assert_eq!(
            spilling_merges(&source, &assembled)[0],
            "empty, f32, sm_75: ptxas says nothing of keops_1_merge"
        );
        assembled[0].code.clear();
        let errors = measure(&source, &assembled).expect_err("one has no machine code");
        assert_eq!(errors, ["empty, f32, sm_75: no machine code of keops_1"]);
    }
}
